//! Corners in which an alert could be lost, doubled or ended wrongly without a word.

use std::collections::BTreeSet;
use std::process::Stdio;

use itsmc_practice::azure::alerts::{AlertOrder, Service};
use itsmc_practice::entra::FaultSpec as EntraFault;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::alert_polling::World;
use crate::site::shown;

fn days_ago(days: i64) -> String {
    (Timestamp::now() - SignedDuration::from_hours(24 * days)).to_string()
}

fn execute(world: &World, sql: &str, values: &[&str]) {
    let db = rusqlite::Connection::open(world.site.database()).unwrap();
    db.execute(sql, rusqlite::params_from_iter(values)).unwrap();
}

#[test]
fn alerts_that_azure_deleted_before_anybody_read_them_are_told_until_they_are_dismissed() {
    let world = World::new("Monitoring Reader", &[], "");
    let site = &world.site;
    site.ok(&["sync"]);
    assert_eq!(site.json(&["status", "--check"]).0, 0);
    let long_ago = "UPDATE alert_source SET state = json_set(state, '$.read_at', ?1, '$.listed_at', ?1)";
    execute(&world, long_ago, &[&days_ago(40)]);

    let (code, status) = site.json(&["status", "--check"]);
    let missed = |told: &Value| told["missed"][0]["from"].as_str().map(|from| from[..10].to_owned());
    let from = days_ago(40)[..10].to_owned();
    // Nothing was read for too long, which says more than a finding.
    assert_eq!((code, missed(&status["alerts"]["sources"][0])), (9, Some(from.clone())), "{status}");
    assert!(site.ok(&["status"]).contains("Read the source now: itsmc alert poll prod"));

    let (code, polled) = world.poll();
    assert_eq!((code, missed(&polled["sources"][0])), (8, Some(from.clone())), "{polled}");
    for _ in 0..2 {
        assert_eq!(world.poll().0, 8, "it is told until somebody dismisses it");
        assert_eq!(site.run(&["status", "--check"]).status.code(), Some(8));
        let (_, list) = site.json(&["alert", "source", "list"]);
        assert_eq!(missed(&list[0]["states"][0]), Some(from.clone()), "{list}");
    }
    let list = site.ok(&["alert", "source", "list"]);
    assert!(list.contains("may be missing") && list.contains("itsmc alert source dismiss prod"), "{list}");

    let (code, dismissed) = site.json(&["alert", "source", "dismiss", "prod"]);
    assert_eq!((code, dismissed), (0, json!({"source": "prod", "dismissed": 1})));
    assert_eq!((world.poll().0, site.json(&["status", "--check"]).0), (0, 0));
    assert!(site.ok(&["alert", "source", "dismiss", "prod"]).contains("nothing to dismiss"));
    assert_eq!(site.json(&["alert", "source", "dismiss", "prodd"]).0, 4);
}

#[test]
fn complaint_15_an_alert_has_its_ticket_whether_or_not_an_action_group_runs_for_it() {
    let world = World::new("Monitoring Reader", &[], "");
    let fire = |rule: &str, groups: &[&str], suppressed| {
        let action_groups = groups.iter().map(|name| (*name).to_owned()).collect();
        let order = AlertOrder { rule: rule.into(), action_groups, suppressed, ..AlertOrder::default() };
        world.cloud.control.fire(&order)
    };
    let with = fire("with a group", &["pager"], false);
    let without = fire("without a group", &[], false);
    let muted = fire("muted", &["pager"], true);
    world.poll();
    let outcome = |id: &str| {
        let (_, one) = world.site.json(&["alert", "show", id]);
        (one["outcome"].as_str().unwrap().to_owned(), one["tickets"].as_array().unwrap().len())
    };
    assert_eq!(outcome(&with), ("opened".to_owned(), 1));
    assert_eq!(outcome(&without), ("opened".to_owned(), 1), "no action group names it, and it has its ticket");
    assert_eq!(outcome(&muted), ("suppressed".to_owned(), 0));
    assert_eq!(world.site.control.tickets().len(), 2);
}

/// Rules that were never right, in each way in which a file cannot be used: alerts wait, the other work is done, and the error
/// names the file, the line where there is one, and what to do.
#[test]
fn without_any_rules_that_can_be_used_alerts_wait_and_everything_else_is_done() {
    let world = World::empty("");
    let rules = world.site.home().join("alert-rules.toml");
    std::fs::remove_file(&rules).unwrap();
    world.add_source("Monitoring Reader", &[]);
    let wrong = |content: &[u8]| std::fs::write(&rules, content).unwrap();
    for (content, line) in [
        (&b"[[rule]]\nname = 'all'\nconnection = 'nobody'\n"[..], Some("Line 3")),
        (b"[[rule]\n", Some("Line 1")),
        (b"[[rule]]\nname = '\xff\xfe\xfd'\n", Some("ine 2")),
    ] {
        wrong(content);
        world.fire(&format!("rule {}", content.len()));
        let (code, polled) = world.poll();
        assert_eq!(code, 8, "{polled}");
        assert_eq!(polled["sources"][0]["new"], 1, "{polled}");
        let text = shown(&world.site.run(&["alert", "poll"]));
        assert!(text.contains("alert-rules.toml"), "{text}");
        assert!(line.is_none_or(|line| text.contains(line)), "{text}");
        assert!(text.contains("itsmc alert check"), "{text}");
        let status = shown(&world.site.run(&["status"]));
        assert!(status.contains("alert-rules.toml") && status.contains("itsmc alert check"), "{status}");
    }
    wrong(format!("[[rule]]\nname = 'all'\nconnection = '{}'\n", crate::site::NAME).as_bytes());
    let (code, polled) = world.poll();
    assert_eq!((code, &polled["decided"]["outcomes"]["opened"]), (0, &3.into()), "nothing was lost: {polled}");
}

#[test]
fn monitoring_is_told_of_a_source_whose_sign_in_cannot_be_read() {
    let world = World::new("Monitoring Reader", &[], "");
    let site = &world.site;
    site.ok(&["sync"]);
    assert_eq!(site.json(&["status", "--check"]).0, 0);
    let (vault, aside) = (site.home().join("vault.age"), site.home().join("aside"));
    std::fs::rename(&vault, &aside).unwrap();
    std::fs::write(&vault, "damaged").unwrap();
    assert_ne!(world.poll().0, 0);
    let (code, status) = site.json(&["status", "--check"]);
    assert_eq!((code, &status["alerts"]["sources"][0]["fault"]["code"]), (8, &"vault-damaged".into()), "{status}");
    std::fs::rename(&aside, &vault).unwrap();
    assert_eq!((world.poll().0, site.json(&["status", "--check"]).0), (0, 0));
}

/// A secret that has expired, and a grant that was revoked.
#[test]
fn a_refused_sign_in_of_a_source_names_the_command_that_signs_in_again() {
    let world = World::new("Monitoring Reader", &[], "");
    let entra = world.cloud.control.entra();
    for code in [7_000_222, 50_173] {
        entra.fault(EntraFault { times: 0, ..EntraFault::refuse(code) });
        let (exit, polled) = world.poll();
        let fault = &polled["sources"][0]["fault"];
        assert_eq!(exit, 3, "{polled:#}");
        let said = shown(&world.site.run(&["alert", "poll"]));
        assert!(said.contains("alert source prod"), "{code} {fault} {said}");
        assert!(said.contains("itsmc alert source sign-in prod"), "{code} {said}");
        assert!(said.contains("client secret") && !said.contains("the user"), "{code} {said}");
        entra.clear_faults();
    }
    assert_eq!(world.poll().0, 0);
}

/// An alert that is decided about in the moment in which the config file is empty is not given up.
#[test]
fn an_alert_whose_connection_is_missing_for_a_moment_gets_its_ticket() {
    let world = World::new("Monitoring Reader", &[], "");
    let config = world.site.home().join("config.toml");
    let text = std::fs::read(&config).unwrap();
    let guid = world.fire("High CPU");
    std::fs::write(&config, "").unwrap();
    let file = world.site.home().join("alert.json");
    let notice = world.cloud.control.webhook_of(&guid, itsmc_practice::azure::alerts::webhook::Shape::Common).unwrap();
    std::fs::write(&file, notice.to_string()).unwrap();
    let (code, taken) = world.site.json(&["alert", "import", file.to_str().unwrap()]);
    assert_eq!((code, &taken["decided"]["outcomes"]["no-connection"]), (8, &1.into()), "{taken}");
    std::fs::write(&config, text).unwrap();
    let (code, polled) = world.poll();
    assert_eq!((code, &polled["decided"]["outcomes"]["opened"]), (0, &1.into()), "{polled}");
    assert_eq!(world.site.control.tickets().len(), 1);
}

/// Half of a file of rules may be a file of rules: without its other half it gives alerts up, or takes too many.
#[test]
fn a_file_of_rules_that_is_half_written_decides_nothing() {
    let world = World::new("Monitoring Reader", &[], "");
    let rules = world.site.home().join("alert-rules.toml");
    let rule = |name: &str, pattern: &str| {
        let connection = crate::site::NAME;
        format!("[[rule]]\nname = '{name}'\nconnection = '{connection}'\n[rule.match]\nrule = '{pattern}'\n")
    };
    let whole = rule("processors", "High CPU*") + &rule("disks", "Disk*");
    std::fs::write(&rules, &whole).unwrap();
    assert_eq!(world.poll().0, 0);
    let halves =
        [rule("processors", "High CPU*"), whole[..whole.len() - "[rule.match]\nrule = 'Disk*'\n".len()].to_owned()];
    for half in &halves {
        std::fs::write(&rules, half).unwrap();
        world.fire("Disk full");
        let other = world.fire("Memory");
        let (code, polled) = world.poll();
        assert_eq!(polled["decided"]["rules_error"]["code"], "rules-half-written", "{polled}");
        let outcomes = &polled["decided"]["outcomes"];
        let disk = outcomes["opened"].as_u64().or_else(|| outcomes["noted"].as_u64());
        assert_eq!((code, disk, &outcomes["no-rule"]), (0, Some(1), &1.into()), "{other} {polled}");
    }
    // Whoever puts a file there may set any time.
    std::fs::write(&rules, &halves[0]).unwrap();
    let file = std::fs::File::options().write(true).open(&rules).unwrap();
    file.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(60)).unwrap();
    let text = shown(&world.site.run(&["alert", "poll"]));
    assert!(text.contains("▲ The alert rules in") && text.contains("may be half written"), "{text}");
    let status = shown(&world.site.run(&["status"]));
    assert!(status.contains("▲ the alert rules may be half written"), "{status}");
    // What stays so was meant.
    let note = world.site.home().join("alert-rules.seen");
    let noted = std::fs::read_to_string(&note).unwrap();
    let (seen, text) = noted.split_once('\n').unwrap();
    let seen = seen.parse::<Timestamp>().unwrap() - SignedDuration::from_secs(60);
    std::fs::write(&note, format!("{seen}\n{text}")).unwrap();
    world.fire("Disk full");
    let (_, polled) = world.poll();
    assert_eq!(polled["decided"]["outcomes"], json!({ "no-rule": 1 }), "{polled}");
    assert_eq!(polled["decided"]["rules_error"], Value::Null, "{polled}");
}

/// Where no look can be noted the file would never count as whole: that is no wait.
#[test]
fn rules_whose_rest_cannot_be_noted_are_a_failure_until_it_can() {
    let world = World::new("Monitoring Reader", &[], "");
    let rules = world.site.home().join("alert-rules.toml");
    let rule = |name: &str| format!("[[rule]]\nname = '{name}'\nconnection = '{}'\n", crate::site::NAME);
    std::fs::write(&rules, rule("one") + &rule("two")).unwrap();
    assert_eq!(world.poll().0, 0);
    std::fs::write(&rules, rule("one")).unwrap();
    // A folder in its place keeps the note from being written, for root as well.
    let note = world.site.home().join("alert-rules.seen");
    std::fs::create_dir_all(note.join("in the way")).unwrap();
    for _ in 0..2 {
        let (code, polled) = world.poll();
        assert_ne!(code, 0, "{polled}");
        let fault = &polled["decided"]["rules_error"];
        assert!(fault.to_string().contains("alert-rules.seen"), "{polled}");
    }
    let status = world.site.run(&["status", "--check"]);
    let told = shown(&status);
    assert_ne!(status.status.code(), Some(0), "{told}");
    assert!(told.contains("alert-rules.seen") && !told.contains("half written"), "{told}");
    let doctor = shown(&world.site.run(&["doctor"]));
    assert!(doctor.contains("alert-rules.seen"), "{doctor}");
    let retried = world.site.run(&["alert", "retry", "--all-without-ticket"]);
    println!("{}", shown(&retried));
    std::fs::remove_dir_all(&note).unwrap();
    let (code, polled) = world.poll();
    assert_eq!((code, &polled["decided"]["rules_error"]["code"]), (0, &"rules-half-written".into()), "{polled}");
}

/// Who asks again has just written the rules, however short they are; an empty file was not meant.
#[test]
fn asking_again_decides_by_the_file_as_it_is_unless_it_is_empty() {
    let world = World::new("Monitoring Reader", &[], "");
    let rules = world.site.home().join("alert-rules.toml");
    let rule = |name: &str, pattern: &str| {
        let connection = crate::site::NAME;
        format!("[[rule]]\nname = '{name}'\nconnection = '{connection}'\n[rule.match]\nrule = '{pattern}'\n")
    };
    std::fs::write(&rules, rule("processors", "High CPU*") + &rule("disks", "Disk*")).unwrap();
    let memory = world.fire("Memory");
    assert_eq!(world.poll().1["decided"]["outcomes"], json!({ "no-rule": 1 }));
    let kept = || std::fs::read_to_string(world.site.home().join("alert-rules.last.toml")).unwrap();
    let before = kept();
    for empty in ["", " \n\n"] {
        std::fs::write(&rules, empty).unwrap();
        let (_, told) = world.site.json(&["alert", "retry", &memory]);
        assert_eq!(told["decided"]["rules_error"]["code"], "rules-gone", "{told}");
        assert_eq!(kept(), before);
    }
    world.fire("Disk full");
    assert_eq!(world.poll().1["decided"]["outcomes"], json!({ "opened": 1 }), "the last rules decide");
    std::fs::write(&rules, rule("processors", "High CPU*")).unwrap();
    let (_, told) = world.site.json(&["alert", "retry", &memory]);
    assert_eq!((&told["again"], &told["decided"]["rules_error"]), (&1.into(), &Value::Null), "{told}");
    world.fire("Disk full");
    assert_eq!(world.poll().1["decided"]["outcomes"], json!({ "no-rule": 1 }), "they stay");
}

#[test]
fn a_file_of_rules_that_is_not_there_is_told_with_how_to_begin_one() {
    let world = World::empty("");
    let nowhere = world.site.home().join("nowhere.toml").display().to_string();
    let (code, checked) = world.site.json(&["alert", "check", &nowhere]);
    assert_eq!((code, checked["error"]["code"].as_str()), (2, Some("no-rules-file")), "{checked}");
    let remedy = checked["error"]["remedy"].as_str().unwrap();
    assert!(remedy.contains(&format!("itsmc alert rules --template > {nowhere}")), "{remedy}");
    std::fs::remove_file(world.site.home().join("alert-rules.toml")).unwrap();
    let (_, previewed) = world.site.json(&["alert", "preview"]);
    assert_eq!(previewed["error"]["code"], "no-rules-file", "{previewed}");
}

#[test]
fn several_passes_at_once_make_one_ticket_for_each_alert() {
    let world = World::new("Monitoring Reader", &[], "budget = 100");
    world.storm(40);
    let poll = |_| {
        let mut command = world.site.itsmc(&["alert", "poll", "--json"]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    for mut child in (0..4).map(poll).collect::<Vec<_>>() {
        // Whoever comes second finds that another one decides or writes, and leaves it to that one.
        assert!(matches!(child.wait().unwrap().code(), Some(0 | 7 | 8)));
    }
    world.poll();
    let tickets = world.site.control.tickets();
    let keys: BTreeSet<_> = tickets.iter().map(|ticket| ticket.fields["correlation_id"].clone()).collect();
    assert_eq!((tickets.len(), keys.len()), (40, 40));
    world.site.ok(&["sync"]);
    assert_eq!(world.site.run(&["status", "--check"]).status.code(), Some(0));
}

#[test]
fn a_database_that_is_lost_doubles_no_ticket_and_what_fires_from_then_on_has_one() {
    let world = World::new("Monitoring Reader", &[], "");
    let first = world.fire("High CPU");
    assert_eq!(world.poll().1["tickets"][0]["opened"], 1);
    // Such as where the folder with the settings was moved to another machine.
    let database = world.site.database().display().to_string();
    for file in crate::site::files(world.site.home()) {
        if file.display().to_string().starts_with(&database) {
            std::fs::remove_file(file).unwrap();
        }
    }
    // Times of answers have whole seconds.
    world.cloud.control.set_clock_shift(2);
    world.poll();
    assert_eq!(world.site.json(&["alert", "show", &first]).1["outcome"], "before-start");
    world.cloud.control.set_clock_shift(4);
    world.fire("Full disk");
    world.poll();
    assert_eq!(world.site.control.tickets().len(), 2);
}

/// What Azure tells of the end has fewer details, and so has the list of alerts.
#[test]
fn complaint_06_a_ticket_has_the_details_of_the_firing_whenever_it_is_made_and_keeps_them() {
    let world = World::new("Monitoring Reader", &[], "");
    let fire = |rule: &str| {
        let dimensions = [("instance".to_owned(), format!("{rule}-7"))].into();
        world.cloud.control.fire(&AlertOrder { rule: rule.into(), dimensions, ..AlertOrder::default() })
    };
    let ticket = |rule: &str| {
        let mut all = world.site.control.tickets();
        all.retain(|ticket| ticket.title.contains(rule));
        assert_eq!(all.len(), 1, "{rule}");
        all.remove(0)
    };
    let seen = fire("seen");
    world.poll();
    let before = ticket("seen").fields["description"].clone();
    assert!(before.contains("seen-7"), "{before}");
    world.cloud.control.resolve_alert(&seen).unwrap();
    let missed = fire("missed");
    world.cloud.control.resolve_alert(&missed).unwrap();
    world.poll();
    assert_eq!((ticket("seen").open, &ticket("seen").fields["description"]), (false, &before), "they stay");
    let late = ticket("missed");
    assert!(!late.open && late.fields["description"].contains("missed-7"), "{}", late.fields["description"]);
    for guid in [&seen, &missed] {
        let (_, alert) = world.site.json(&["alert", "show", guid]);
        assert!(alert.to_string().contains("-7"), "{alert:#}");
    }
}

/// Whatever comes is stored as it came, an alert with members that nobody knows as well.
#[test]
fn complaint_07_what_is_not_documented_is_stored_as_it_came_and_listed() {
    let site = crate::tickets::site();
    std::fs::write(site.home().join("alert-rules.toml"), crate::tickets::RULES).unwrap();
    let mut known: Value = serde_json::from_str(&crate::tickets::alerts(0..1, "Fired")).unwrap();
    known["data"]["essentials"]["newMember"] = json!({"deep": [1, 2, {"er": "x"}]});
    known["data"]["alertContext"] = json!({"AlertCategory": 7, "anything": null});
    let odd = [json!({"hello": "world"}), json!({"data": {"essentials": 3}}), json!({"schemaId": "new", "data": []})];
    let file = site.home().join("alerts.jsonl");
    let lines: Vec<String> = odd.iter().chain([&known]).map(Value::to_string).collect();
    std::fs::write(&file, lines.join("\n")).unwrap();
    let (_, taken) = site.json(&["alert", "import", file.to_str().unwrap()]);
    assert_eq!((&taken["new"], &taken["tickets"][0]["opened"]), (&4.into(), &1.into()), "{taken:#}");
    let db = rusqlite::Connection::open(site.database()).unwrap();
    let mut select = db.prepare("SELECT raw FROM alert").unwrap();
    let stored: BTreeSet<String> = select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(stored, lines.into_iter().collect());
    let (_, listed) = site.json(&["alert", "list", "--outcome", "unknown-shape", "--last", "400d"]);
    assert_eq!(listed.as_array().unwrap().len(), odd.len(), "{listed:#}");
}

/// The real binary, one pass after the other: a series that comes and goes has one ticket, which stays open.
#[test]
fn complaint_21_a_series_that_comes_and_goes_has_one_ticket_and_few_notes() {
    let world = World::new("Monitoring Reader", &[], "flapping = 4\nnotes_per_hour = 3\n");
    let mut guid = world.fire("High CPU");
    for turn in 0..12 {
        world.poll();
        world.cloud.control.resolve_alert(&guid).unwrap();
        world.poll();
        if turn < 11 {
            guid = world.cloud.control.fire_again(&guid).unwrap();
        }
    }
    let tickets = world.site.control.tickets();
    assert_eq!((tickets.len(), tickets[0].open), (1, true), "it is resolved when it has kept quiet");
    assert!(tickets[0].notes.len() <= 3 + 3, "reopenings and capped notes: {:?}", tickets[0].notes);
    let resolved =
        tickets[0].history.iter().filter(|change| change.fields.get("state").is_some_and(|state| state == "6"));
    assert_eq!(resolved.count(), 3, "then it flaps");
}

/// The old connector filled the item of log search alerts only.
#[test]
fn complaint_08_the_ticket_of_an_alert_of_any_service_has_its_item() {
    const SERVICES: [Service; 6] = [
        Service::Platform,
        Service::Administrative,
        Service::Policy,
        Service::Autoscale,
        Service::Security,
        Service::ResourceHealth,
    ];
    let world = World::new("Monitoring Reader", &[], "[rule.severity]\nSev4 = { impact = 3, urgency = 3 }\n");
    let target = "sql-prd-07";
    for service in SERVICES {
        let rule = format!("{service:?}");
        world.cloud.control.fire(&AlertOrder { rule, target: target.into(), service, ..AlertOrder::default() });
    }
    let (code, polled) = world.poll();
    assert_eq!((code, &polled["tickets"][0]["opened"]), (0, &SERVICES.len().into()), "{polled:#}");
    let items = world.site.control.rows("cmdb_ci");
    let item = items.iter().find(|row| row["name"].value == target).unwrap();
    for ticket in world.site.control.tickets() {
        assert_eq!(ticket.fields["cmdb_ci"], item["sys_id"].value, "{}", ticket.title);
    }
}
