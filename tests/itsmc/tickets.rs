//! Tickets written to practice products while everything goes wrong: one ticket for each alert, in the right state at the
//! end, and no note twice, by the product's own rows.

use std::collections::BTreeMap;
use std::fs;
use std::process::Stdio;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use itsmc::model::ticket::{Operation, Subject, TicketDraft, TicketKey};
use itsmc::service::ticketing::{self, TicketReport, TicketSettings};
use itsmc_practice::Ticket;
use itsmc_practice::servicenow::{FaultKind, FaultSpec, Options};
use jiff::{SignedDuration, Timestamp};
use rstest::rstest;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use crate::crash::Moments;
use crate::site::{NAME, Site, services, shown};

const ALERTS: usize = 200;
const KILLS: usize = 50;

/// A site whose product is held to be settled at once: the practice product does everything before it answers.
pub fn site() -> Site {
    let site = Site::connected(Options { rows: Some(20), ..Options::still() });
    let file = site.home().join("config.toml");
    let config = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("[settings]\nlost_reply_wait_seconds = 1\n\n{config}")).unwrap();
    site
}

pub fn key(site: &Site, n: usize) -> TicketKey {
    TicketKey {
        instance: site.control.sign_in().url.clone(),
        connection: NAME.to_owned(),
        known_as: None,
        subject: Subject::Alert(format!("00000000-0000-4000-8000-{n:012}")),
        item: None,
        generation: 0,
    }
}

/// What an alert that fires, fires again and ends makes.
fn life(key: TicketKey, n: usize) -> Vec<(TicketKey, Operation)> {
    let draft = Box::new(TicketDraft {
        title: format!("Alert {n}"),
        description: format!("Alert {n} fired"),
        impact: Some(2),
        urgency: Some(2),
        ..TicketDraft::default()
    });
    [
        Operation::Open { draft },
        Operation::Note { number: 0, text: format!("Alert {n} fires again"), fires: true },
        Operation::Resolve { text: format!("Alert {n} is over"), code: None },
    ]
    .into_iter()
    .map(|operation| (key.clone(), operation))
    .collect()
}

pub fn prepare(site: &Site, runtime: &Runtime, alerts: std::ops::Range<usize>) {
    let planned = alerts.flat_map(|n| life(key(site, n), n)).collect();
    let services = services(site);
    runtime.block_on(async {
        let store = services.store().await.unwrap();
        store.prepare(ticketing::stored(planned), Timestamp::now()).await.unwrap();
    });
}

fn run(site: &Site, runtime: &Runtime) -> TicketReport {
    let services = services(site);
    let settings = TicketSettings { patience: Duration::from_secs(60), ..TicketSettings::default() };
    runtime.block_on(ticketing::run(&services, NAME, settings, CancellationToken::new())).unwrap()
}

/// One ticket for each alert, resolved, with its one note.
fn assert_exactly_once(site: &Site, tickets: &[Ticket], alerts: usize) {
    let by_key: BTreeMap<_, _> = tickets.iter().map(|ticket| (ticket.key.clone(), ticket)).collect();
    assert_eq!((tickets.len(), by_key.len()), (alerts, alerts));
    for n in 0..alerts {
        let ticket = by_key[&key(site, n).correlation()];
        let notes: Vec<_> = ticket.notes.iter().map(|note| note.text.as_str()).collect();
        assert_eq!(notes, [format!("Alert {n} fires again")], "{}", ticket.number);
        assert_eq!((ticket.title.clone(), ticket.open), (format!("Alert {n}"), false));
        assert_eq!(ticket.fields["close_notes"], format!("Alert {n} is over"));
    }
}

/// The troubles, in turn.
const TROUBLES: [FaultKind; 5] = [
    FaultKind::ReplyLost,
    FaultKind::ErrorAfterCommit,
    FaultKind::TokenRevoked,
    FaultKind::ServerError,
    FaultKind::Unavailable,
];

#[rstest]
#[case(0)]
#[case(1)]
#[case(2)]
fn servicenow_each_write_meets_a_fault_and_is_done_once(#[case] offset: usize) {
    let (site, runtime) = (site(), Runtime::new().unwrap());
    prepare(&site, &runtime, 0..ALERTS);
    for (nth, at) in (offset..ALERTS * 3).step_by(3).enumerate() {
        let trouble = TROUBLES[nth % TROUBLES.len()];
        site.control.fault(FaultSpec::new(trouble).on_writes().after(at as u64));
    }
    let limited = FaultSpec { retry_after: 1, ..FaultSpec::new(FaultKind::RateLimited) };
    for at in [10, 200, 400] {
        site.control.fault(limited.clone().on_writes().after(at));
    }
    let report = run(&site, &runtime);
    assert_eq!((report.waiting, report.refused, report.unsure, report.fault.clone()), (0, 0, 0, None), "{report:?}");
    assert_exactly_once(&site, &site.control.tickets(), ALERTS);
    assert!(site.control.integrity().is_sound());
}

#[test]
fn servicenow_killed_at_any_moment_each_ticket_is_there_once() {
    let (site, runtime, mut moments) = (site(), Runtime::new().unwrap(), Moments::new());
    let begun = Instant::now();
    prepare(&site, &runtime, 0..20);
    site.ok(&["ticket", "send", NAME]);
    let whole = begun.elapsed();
    let (mut killed, mut alerts) = (0, 20);
    while killed < KILLS {
        prepare(&site, &runtime, alerts..alerts + 20);
        alerts += 20;
        assert!(alerts < 20 * KILLS * 5, "only {killed} runs were still at work when they were to be killed");
        let arguments = ["ticket", "send", NAME, "--quiet"];
        let mut child = site.itsmc(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // The moment itself is what is random here; nothing waits on it.
        std::thread::sleep(moments.below(whole));
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            killed += 1;
        }
        child.wait().unwrap();
    }
    let last = site.run(&["ticket", "send", NAME]);
    assert!(last.status.code().is_some_and(|code| matches!(code, 0 | 8)), "{}", shown(&last));
    assert_exactly_once(&site, &site.control.tickets(), alerts);
    assert!(site.control.integrity().is_sound());
    site.assert_no_secret_on_disk();
}

#[test]
fn tickets_are_listed_shown_and_tried_again() {
    let (site, runtime) = (site(), Runtime::new().unwrap());
    site.control.fault(FaultSpec::new(FaultKind::Forbidden).on_writes());
    prepare(&site, &runtime, 0..1);
    let (code, sent) = site.json(&["ticket", "send"]);
    assert_eq!((code, &sent[0]["refused"], &sent[0]["opened"]), (8, &3.into(), &0.into()), "{sent}");
    let (_, listed) = site.json(&["ticket", "list", "--troubled"]);
    let id = listed[0]["id"].as_str().unwrap().to_owned();
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["number"]), (1, &serde_json::Value::Null));
    let (code, _) = site.json(&["ticket", "retry", &id[..8]]);
    assert_eq!(code, 0);
    let (code, sent) = site.json(&["ticket", "send"]);
    assert_eq!((code, &sent[0]["confirmed"]), (0, &3.into()), "{sent}");
    let number = site.control.tickets()[0].number.clone();
    let (code, shown) = site.json(&["ticket", "show", &number]);
    assert_eq!((code, &shown["state"], shown["operations"].as_array().unwrap().len()), (0, &"resolved".into(), 3));
    for key in
        ["id", "connection", "kind", "subject", "key", "product_id", "url", "taken", "notes", "made_at", "seen_at"]
    {
        assert!(shown.as_object().unwrap().contains_key(key), "{key}");
    }
    let text = site.ok(&["ticket", "show", &number]);
    assert!(text.contains(&number) && text.contains("resolve: done"), "{text}");
    assert!(site.ok(&["ticket", "list"]).contains(&number));
}

pub const RULES: &str = r#"
[[rule]]
name = "all"
connection = "contoso"
budget = 1000
[rule.match]
severity = ["Sev2"]
[rule.ticket]
item = "none"
"#;

/// A time of two days ago: what is older than Azure keeps alerts is history.
pub fn moment(time: &str) -> String {
    static DAY: LazyLock<String> =
        LazyLock::new(|| (Timestamp::now() - SignedDuration::from_hours(48)).strftime("%F").to_string());
    format!("{}T{time}:00Z", *DAY)
}

/// Alerts as webhooks have them, one in a line.
pub fn alerts(range: std::ops::Range<usize>, condition: &str) -> String {
    let line = |n: usize| {
        let guid = format!("00000000-0000-4000-8000-{n:012}");
        let resolved = (condition == "Resolved").then(|| moment("10:30"));
        let subscription = "/subscriptions/aaaaaaaa-0000-4000-8000-000000000001";
        serde_json::json!({
            "schemaId": "azureMonitorCommonAlertSchema",
            "data": {
                "essentials": {
                    "alertId": format!("{subscription}/providers/Microsoft.AlertsManagement/alerts/{guid}"),
                    "alertRule": format!("cpu-{n}"), "severity": "Sev2", "signalType": "Metric",
                    "monitorCondition": condition, "monitoringService": "Platform",
                    "alertTargetIDs": [format!("{subscription}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm-{n}")],
                    "configurationItems": [format!("vm-{n}")], "originAlertId": format!("series-{n}"),
                    "firedDateTime": moment("10:00"), "resolvedDateTime": resolved,
                    "description": "CPU above 90 %", "essentialsVersion": "1.0", "alertContextVersion": "1.0"
                },
                "alertContext": {}
            }
        })
        .to_string()
    };
    range.map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn complaint_1_alerts_that_fire_and_end_make_one_ticket_each_and_resolve_it() {
    let site = site();
    fs::write(site.home().join("alert-rules.toml"), RULES).unwrap();
    let import = |text: String| {
        let file = site.home().join("alerts.jsonl");
        fs::write(&file, text).unwrap();
        site.json(&["alert", "import", file.to_str().unwrap()])
    };
    site.control.fault(FaultSpec::new(FaultKind::ReplyLost).on_writes().after(3));
    let (code, fired) = import(alerts(0..30, "Fired"));
    assert_eq!(
        (code, &fired["tickets"][0]["opened"], &fired["tickets"][0]["waiting"]),
        (0, &30.into(), &0.into()),
        "{fired}"
    );
    assert!(site.control.tickets().iter().all(|ticket| ticket.open) && site.control.tickets().len() == 30);
    site.control.fault(FaultSpec::new(FaultKind::ErrorAfterCommit).on_writes().after(5));
    let (code, over) = import(alerts(0..30, "Resolved"));
    assert_eq!((code, &over["tickets"][0]["confirmed"]), (0, &30.into()), "{over}");
    assert!(site.control.tickets().iter().all(|ticket| !ticket.open) && site.control.tickets().len() == 30);
    let (code, again) = import(alerts(0..30, "Resolved"));
    assert_eq!((code, &again["tickets"]), (0, &serde_json::json!([])), "{again}");
    assert!(site.control.integrity().is_sound());
}
