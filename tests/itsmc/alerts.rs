//! Alerts by commands: rules, a file, what becomes of each, and what is printed.

use std::path::Path;

use itsmc_practice::servicenow::{FaultKind, FaultSpec, Options};
use serde_json::{Value, json};

use crate::site::{NAME, Site, shown, with_stdin};
use crate::tickets::moment;

const SUB: &str = "aaaaaaaa-0000-4000-8000-000000000001";

fn alert(number: usize, condition: &str) -> Value {
    let guid = format!("00000000-0000-4000-8000-{number:012}");
    let target =
        format!("/subscriptions/{SUB}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web-{number}");
    json!({"schemaId": "azureMonitorCommonAlertSchema", "data": {"essentials": {
        "alertId": format!("/subscriptions/{SUB}/providers/Microsoft.AlertsManagement/alerts/{guid}"),
        "alertRule": "web-cpu", "severity": "Sev2", "signalType": "Metric", "monitorCondition": condition,
        "monitoringService": "Platform", "alertTargetIDs": [target], "originAlertId": format!("series-{}", number % 700),
        "firedDateTime": moment("10:00"),
        "resolvedDateTime": if condition == "Resolved" { json!(moment("10:09")) } else { Value::Null },
        "description": "CPU above 90 %"}, "alertContext": {}}})
}

fn lines(alerts: &[Value]) -> String {
    alerts.iter().map(Value::to_string).collect::<Vec<_>>().join("\n")
}

fn write_rules(home: &Path, text: &str) {
    std::fs::write(home.join("alert-rules.toml"), text).unwrap();
}

fn site(more: &str) -> Site {
    let site = Site::connected(Options::still());
    write_rules(site.home(), &format!("[[rule]]\nname = 'all'\nconnection = '{NAME}'\n{more}"));
    site
}

fn assert_keys(value: &Value, keys: &[&str]) {
    for key in keys {
        assert!(value.as_object().is_some_and(|object| object.contains_key(*key)), "{key} is missing in {value}");
    }
}

#[test]
fn alerts_of_a_file_are_previewed_decided_listed_and_shown() {
    let site = site("");
    let file = site.home().join("alerts.json");
    std::fs::write(&file, lines(&[alert(1, "Fired"), alert(2, "Fired"), alert(2, "Resolved"), json!({"odd": 1})]))
        .unwrap();
    let file = file.display().to_string();
    let (code, preview) = site.json(&["alert", "preview", "--file", &file]);
    assert_eq!(code, 0, "{preview}");
    assert_keys(&preview, &["alerts", "tickets", "rules", "outcomes"]);
    assert_keys(&preview["tickets"][0], &["id", "connection", "draft"]);
    assert_keys(
        &preview["rules"]["all"],
        &["alerts", "tickets", "merged", "beyond_budget", "umbrellas", "resolved", "without"],
    );
    let (_, empty) = site.json(&["alert", "list", "--last", "400d"]);
    assert_eq!(empty, json!([]), "the preview wrote nothing");

    let (_, taken) = site.json(&["alert", "import", &file]);
    assert_eq!((&taken["new"], &taken["changed"]), (&3.into(), &1.into()), "{taken}");
    assert_eq!(taken["tickets"][0]["opened"], 2, "{taken}");
    assert_eq!(taken["decided"]["outcomes"], json!({"opened": 1, "opened-and-resolved": 1, "unknown-shape": 1}));
    let (_, again) = site.json(&["alert", "import", &file]);
    assert_eq!((&again["same"], &again["decided"]["outcomes"]), (&4.into(), &json!({})), "{again}");

    let (_, list) = site.json(&["alert", "list", "--last", "400d"]);
    assert_eq!(list.as_array().unwrap().len(), 3);
    let (_, opened) = site.json(&["alert", "list", "--last", "400d", "--outcome", "opened"]);
    let one = &opened[0];
    assert_keys(one, &["id", "azure_id", "series", "shape", "severity", "condition", "azure_rule", "items", "custom"]);
    assert_keys(one, &["source", "pending", "outcome", "over", "rule", "tickets", "cannot_see", "first_seen"]);
    assert_eq!((one["tickets"].as_array().unwrap().len(), &one["rule"]), (1, &json!("all")));
    let id = one["id"].as_str().unwrap();
    let (_, show) = site.json(&["alert", "show", id]);
    assert_eq!(&show["id"], &one["id"]);
    let raw = site.ok(&["alert", "show", id, "--raw"]);
    assert_eq!(raw.trim(), alert(1, "Fired").to_string());
    let (_, ignored) = site.json(&["alert", "ignore", id]);
    assert_eq!(ignored, json!({"ignored": 0, "with_ticket": 1}));
    assert!(site.ok(&["alert", "list", "--last", "400d"]).contains("ticket opened"));
    assert_eq!(site.json(&["alert", "show", "zzz"]).0, 4);
}

#[test]
fn rules_are_checked_with_line_numbers_and_the_last_good_ones_stay() {
    let site = site("");
    let (code, checked) = site.json(&["alert", "check"]);
    assert_eq!((code, &checked["rules"]), (0, &1.into()));
    with_stdin(&mut site.itsmc(&["alert", "import", "-"]), &lines(&[alert(1, "Fired")]));
    write_rules(site.home(), "[[rule]]\nname = 'all'\nconnection = 'nobody'\n");
    let (code, wrong) = site.json(&["alert", "check"]);
    assert_eq!((code, wrong["error"]["code"].as_str()), (2, Some("rules-wrong")));
    assert!(
        wrong["error"]["cause"].as_str().unwrap().starts_with("Line 3, rule 'all': there is no connection"),
        "{wrong}"
    );
    let output = with_stdin(&mut site.itsmc(&["alert", "import", "-", "--json"]), &lines(&[alert(2, "Fired")]));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (output.status.code(), &told["decided"]["outcomes"]["opened"]),
        (Some(8), &1.into()),
        "{}",
        shown(&output)
    );

    std::fs::remove_file(site.home().join("alert-rules.last.toml")).unwrap();
    let output = with_stdin(&mut site.itsmc(&["alert", "import", "-", "--json"]), &lines(&[alert(3, "Fired")]));
    assert_eq!(output.status.code(), Some(8), "{}", shown(&output));
    write_rules(site.home(), &format!("[[rule]]\nname = 'all'\nconnection = '{NAME}'\n"));
    let (_, decided) = site.json(&["alert", "poll"]);
    assert_eq!(decided["decided"]["outcomes"]["opened"], 1, "the alert waited: {decided}");
}

#[test]
fn an_alert_without_a_rule_says_why_and_is_decided_again() {
    let site = site("[rule.match]\nseverity = 'Sev0'\n");
    let output = with_stdin(&mut site.itsmc(&["alert", "import", "-"]), &lines(&[alert(1, "Fired")]));
    assert!(output.status.success(), "no ticket, nothing to write: {}", shown(&output));
    let (_, show) = site.json(&["alert", "show", "00000000"]);
    assert_eq!((&show["outcome"], &show["misfits"]), (&json!("no-rule"), &json!({"all": "severity"})));
    write_rules(site.home(), &format!("[[rule]]\nname = 'all'\nconnection = '{NAME}'\n"));
    let (_, again) = site.json(&["alert", "retry", "00000000"]);
    assert_eq!((&again["again"], &again["decided"]["outcomes"]["opened"]), (&1.into(), &1.into()), "{again}");
}

#[test]
fn the_template_becomes_rules() {
    let site = Site::connected(Options::still());
    assert!(site.ok(&["alert", "rules"]).contains("--template"));
    let text = site.ok(&["alert", "rules", "--template"]).replace("\"CONNECTION\"", &format!("\"{NAME}\""));
    write_rules(site.home(), &text);
    let (code, rules) = site.json(&["alert", "rules"]);
    assert_eq!((code, &rules["rules"][0]["name"]), (0, &json!("production")));
    assert!(site.ok(&["alert", "check"]).contains("can be used"));
    assert!(site.ok(&["alert", "source", "list"]).contains("itsmc alert source add"));
}

#[test]
fn a_rule_is_listed_and_switched_by_commands_after_its_numbers() {
    let site = Site::connected(Options::still());
    let text = format!("# Ours.\n[[rule]]\nname = 'all'\nconnection = '{NAME}'\nenabled = false # not yet\n");
    write_rules(site.home(), &text);
    with_stdin(&mut site.itsmc(&["alert", "import", "-", "--store-only"]), &lines(&[alert(1, "Fired")]));
    let listed = |site: &Site| site.json(&["alert", "rule", "list"]).1["rules"][0].clone();
    assert_eq!((&listed(&site)["enabled"], &listed(&site)["done"]["alerts"]), (&false.into(), &0.into()));

    let asked = site.run(&["alert", "rule", "enable", "all"]);
    assert_eq!(asked.status.code(), Some(2), "nobody can be asked: {}", shown(&asked));
    let told = String::from_utf8_lossy(&asked.stderr).into_owned();
    assert!(told.contains("stored alerts") && told.contains("Tickets: "), "{told}");
    assert_eq!(listed(&site)["enabled"], false);

    let (code, on) = site.json(&["alert", "rule", "enable", "all", "--yes"]);
    assert_eq!((code, &on["rule"], &on["enabled"], &on["changed"]), (0, &"all".into(), &true.into(), &true.into()));
    assert_keys(&on["preview"], &["alerts", "fits", "earlier", "count", "titles"]);
    assert_eq!(listed(&site)["enabled"], true);
    let written = std::fs::read_to_string(site.home().join("alert-rules.toml")).unwrap();
    assert!(written.contains("# Ours.") && written.contains("# not yet"), "comments stay: {written}");
    assert_eq!(site.json(&["alert", "rule", "enable", "all"]).1["changed"], false, "it is on already");

    with_stdin(&mut site.itsmc(&["alert", "import", "-"]), &lines(&[alert(2, "Fired")]));
    assert_eq!(site.json(&["alert", "rule", "list"]).1["rules"][0]["done"]["alerts"], 2);
    assert_eq!(site.json(&["alert", "rule", "disable", "all", "--yes"]).1["enabled"], false);
    let (code, none) = site.json(&["alert", "rule", "enable", "al"]);
    assert_eq!((code, none["error"]["code"].as_str()), (4, Some("no-such-rule")), "{none}");
    let none = site.run(&["alert", "rule", "disable", "al"]);
    assert!(String::from_utf8_lossy(&none.stderr).contains("all"), "the near one is named: {}", shown(&none));
}

#[test]
fn what_was_decided_about_an_alert_is_told_in_order() {
    let site = site("[rule.match]\nseverity = 'Sev0'\n");
    with_stdin(&mut site.itsmc(&["alert", "import", "-"]), &lines(&[alert(1, "Fired")]));
    let id = "00000000-0000-4000-8000-000000000001";
    site.ok(&["alert", "ignore", id]);
    write_rules(site.home(), &format!("[[rule]]\nname = 'all'\nconnection = '{NAME}'\n"));
    site.ok(&["alert", "retry", id]);
    let (_, show) = site.json(&["alert", "show", id]);
    let history = show["history"].as_array().unwrap();
    let told: Vec<_> = history.iter().map(|one| (one["event"].as_str(), one["outcome"].as_str())).collect();
    assert_eq!(
        told,
        [
            (Some("decided"), Some("no-rule")),
            (Some("ignored"), None),
            (Some("retried"), None),
            (Some("decided"), Some("opened"))
        ]
    );
    assert_keys(&history[3], &["at", "event", "condition", "outcome", "rule"]);
    assert_eq!((&history[3]["rule"], &history[3]["condition"]), (&"all".into(), &"fired".into()));
    let printed = site.ok(&["alert", "show", id]);
    assert!(printed.contains("History") && printed.contains("an admin ignored the alert"), "{printed}");
}

#[cfg(unix)]
#[test]
fn rules_that_others_may_write_are_told_as_a_config_is() {
    use std::os::unix::fs::PermissionsExt;
    let site = site("");
    std::fs::set_permissions(site.home(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let rules = site.home().join("alert-rules.toml");
    std::fs::set_permissions(&rules, std::fs::Permissions::from_mode(0o666)).unwrap();
    let checked = site.run(&["alert", "check"]);
    let told = String::from_utf8_lossy(&checked.stderr).into_owned();
    assert!(told.contains("alert-rules.toml") && told.contains("chmod go-w"), "{told}");
    let (code, refused) = site.json(&["sync", NAME]);
    assert_eq!((code, refused[0]["fault"]["code"].as_str()), (1, Some("open-to-others")), "{refused}");
}

/// The most memory that a command took, in KiB.
#[cfg(target_os = "linux")]
fn peak(site: &Site, arguments: &[&str]) -> u64 {
    let mut child = site.itsmc(arguments).stdout(std::process::Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = line.map_or(peak, |line| line.trim().trim_end_matches(" kB").parse().unwrap());
        std::thread::yield_now();
    }
    peak
}

/// In alerts.md stands what 100,000 take.
#[cfg(target_os = "linux")]
#[test]
fn a_preview_keeps_neither_alerts_nor_tickets_in_memory() {
    const FIRST: usize = 2_000;
    const ALERTS: usize = 7_000;
    let site = site("");
    let preview = ["alert", "preview", "--last", "400d", "--json"];
    let import = |numbers: std::ops::RangeInclusive<usize>| {
        let all: Vec<Value> = numbers.map(|number| alert(number, "Fired")).collect();
        with_stdin(&mut site.itsmc(&["alert", "import", "-", "--store-only"]), &lines(&all));
    };
    // Caches fill up with the first alerts and stay as they are: what each further alert takes is what is kept of it.
    import(1..=FIRST);
    let few = peak(&site, &preview);
    import(FIRST + 1..=ALERTS);
    let many = peak(&site, &preview);
    let each = many.saturating_sub(few) * 1024 / (ALERTS - FIRST) as u64;
    println!("{each} bytes for each further alert; {few} KiB with {FIRST}, {many} KiB with {ALERTS}");
    // An alert and its ticket have 4 KiB and more; kept are 160 bytes of them.
    assert!(each < 1536, "{each} bytes for each further alert");
    let (_, told) = site.json(&["alert", "preview", "--last", "400d"]);
    let count = |key: &str| told[key].as_array().unwrap().len();
    assert_eq!((count("alerts"), told["outcomes"]["umbrella"].as_u64().unwrap() > 4_000), (ALERTS, true));
    let opened: u64 = told["rules"]["all"]["tickets"].as_u64().unwrap();
    assert_eq!(count("tickets") as u64, opened, "the document has every ticket");
}

#[test]
fn a_file_of_rules_that_is_gone_or_empty_for_a_moment_gives_no_alert_up() {
    let site = site("");
    with_stdin(&mut site.itsmc(&["alert", "import", "-"]), &lines(&[alert(1, "Fired")]));
    let rules = site.home().join("alert-rules.toml");
    for number in [2, 3] {
        match number {
            2 => std::fs::remove_file(&rules).unwrap(),
            _ => std::fs::write(&rules, "\n").unwrap(),
        }
        let input = lines(&[alert(number, "Fired")]);
        let output = with_stdin(&mut site.itsmc(&["alert", "import", "-", "--json"]), &input);
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        let told = (&told["decided"]["outcomes"]["opened"], &told["decided"]["rules_error"]["code"]);
        assert_eq!((output.status.code(), told), (Some(8), (&1.into(), &"rules-gone".into())), "{}", shown(&output));
    }
    write_rules(site.home(), "# No rules any more.\n");
    let output = with_stdin(&mut site.itsmc(&["alert", "import", "-", "--json"]), &lines(&[alert(4, "Fired")]));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["decided"]["outcomes"]["no-rule"], 1, "{}", shown(&output));
}

#[test]
fn tickets_of_a_file_are_judged_where_there_is_neither_a_source_nor_a_file_of_rules() {
    let site = site("");
    site.ok(&["sync"]);
    let rules = site.home().join("alert-rules.toml");
    let file = site.home().join("alerts.json");
    std::fs::write(&file, lines(&[alert(1, "Fired")])).unwrap();
    site.control.fault(FaultSpec::new(FaultKind::Forbidden).on_writes());
    let (code, taken) = site.json(&["alert", "import", file.to_str().unwrap()]);
    assert_eq!((code, &taken["tickets"][0]["refused"]), (8, &1.into()), "{taken}");
    std::fs::remove_file(&rules).unwrap();
    let last = crate::site::files(site.home()).into_iter().find(|one| one.ends_with("alert-rules.last.toml"));
    std::fs::remove_file(last.unwrap()).unwrap();
    let (code, told) = site.json(&["status", "--check"]);
    assert_eq!((code, &told["alerts"]["tickets_refused"]), (8, &1.into()), "{told}");
    assert!(site.ok(&["status"]).contains("itsmc ticket list --troubled"), "{told}");
}

#[test]
fn where_no_alert_ever_had_a_ticket_nothing_is_told_of_alerts() {
    let site = Site::connected(Options::still());
    site.ok(&["sync"]);
    let (code, told) = site.json(&["status", "--check"]);
    assert_eq!((code, &told["alerts"]), (0, &Value::Null), "{told}");
}

#[test]
fn what_the_product_dropped_of_a_ticket_is_told_with_its_alert() {
    let site = site("[rule.ticket]\nfields = { u_room = 'B 12' }\n");
    let file = site.home().join("alerts.json");
    std::fs::write(&file, lines(&[alert(1, "Fired")])).unwrap();
    let (code, taken) = site.json(&["alert", "import", file.to_str().unwrap()]);
    assert_eq!((code, &taken["tickets"][0]["opened"]), (8, &1.into()), "read back, and not as it was sent: {taken}");
    let id = "00000000-0000-4000-8000-000000000001";
    let (_, show) = site.json(&["alert", "show", id]);
    let number = site.control.tickets().remove(0).number;
    let found = show["findings"].as_array().unwrap();
    let dropped = found.iter().find(|one| one["fields"] == json!(["u_room"])).unwrap_or_else(|| panic!("{show:#}"));
    assert_eq!(dropped["ticket"], json!(number), "{show:#}");
    let text = site.ok(&["alert", "show", id]);
    assert!(text.contains("did not keep: u_room"), "{text}");
    assert!(text.contains(&format!("itsmc ticket show {number}")), "{text}");
}

#[test]
fn an_alert_of_an_unknown_form_is_no_good_state_until_somebody_looked_at_it() {
    let site = site("");
    site.ok(&["sync"]);
    let file = site.home().join("alerts.json");
    std::fs::write(&file, json!({"odd": 1}).to_string()).unwrap();
    site.json(&["alert", "import", file.to_str().unwrap()]);
    let (code, told) = site.json(&["status", "--check"]);
    assert_eq!((code, &told["alerts"]["unknown_forms"]), (8, &1.into()), "{told}");
    assert!(site.ok(&["status"]).contains("itsmc alert list --outcome unknown-shape"));
    let (_, odd) = site.json(&["alert", "list", "--outcome", "unknown-shape"]);
    site.ok(&["alert", "ignore", odd[0]["id"].as_str().unwrap()]);
    let (code, told) = site.json(&["status", "--check"]);
    assert_eq!((code, &told["alerts"]["unknown_forms"]), (0, &0.into()), "{told}");
}
