//! What users of other connectors complain of, shown end to end with the practice ServiceNow.

use std::collections::BTreeSet;

use itsmc::home::Home;
use itsmc::home::lock::{SyncLock, TicketLock};
use itsmc::model::connection::ConnectionName;
use itsmc::model::ticket::{Operation, TicketDraft};
use itsmc::service::ticketing;
use itsmc_practice::Visibility;
use itsmc_practice::servicenow::{FaultKind, FaultSpec};
use jiff::Timestamp;
use rstest::rstest;
use tokio::runtime::Runtime;

use crate::site::{NAME, Site, services, shown};
use crate::tickets::{key, prepare, site};

fn prepare_all(site: &Site, runtime: &Runtime, n: usize, operations: Vec<Operation>) {
    let planned = operations.into_iter().map(|operation| (key(site, n), operation)).collect();
    runtime.block_on(async {
        let store = services(site).store().await.unwrap();
        store.prepare(ticketing::stored(planned), Timestamp::now()).await.unwrap();
    });
}

fn opened(title: &str) -> Operation {
    Operation::Open { draft: Box::new(TicketDraft { title: title.to_owned(), ..TicketDraft::default() }) }
}

fn resolved(code: Option<&str>) -> Operation {
    Operation::Resolve { text: "The alert is over.".to_owned(), code: code.map(str::to_owned) }
}

#[rstest]
#[case::reply_lost(FaultKind::ReplyLost)]
#[case::error_after(FaultKind::ErrorAfterCommit)]
#[case::not_carried_out(FaultKind::ServerError)]
fn complaint_18_a_note_that_is_sent_again_is_there_once(#[case] fault: FaultKind) {
    let (site, runtime) = (site(), Runtime::new().unwrap());
    let texts: Vec<_> = (1..=5).map(|n| format!("It fires again, for the {n}. time")).collect();
    let notes = texts.iter().map(|text| Operation::Note { number: 0, text: text.clone(), fires: false });
    prepare_all(&site, &runtime, 0, std::iter::once(opened("CPU")).chain(notes).collect());
    // Every other write is one that is sent again without a fault.
    for at in [1, 3, 5, 7, 9] {
        site.control.fault(FaultSpec::new(fault).on_writes().after(at));
    }
    let (code, sent) = site.json(&["ticket", "send"]);
    assert_eq!((code, &sent[0]["waiting"], &sent[0]["confirmed"]), (0, &0.into(), &6.into()), "{sent:#}");
    let ticket = site.control.tickets().remove(0);
    let mut there: Vec<_> = ticket.notes.iter().map(|note| note.text.clone()).collect();
    // Notes of one second come in any order.
    there.sort_unstable();
    assert_eq!(there, texts, "each once");
    let done = ticket.history.iter().filter(|change| change.done);
    let written: Vec<_> = done.filter_map(|change| change.fields.get("work_notes")).collect();
    assert_eq!(written, texts.iter().collect::<Vec<_>>(), "and in their order");
    assert!(ticket.notes.iter().all(|note| note.kind == "work_notes"), "the caller is told nothing");
    assert_eq!(ticket.fields["correlation_display"], "Azure Monitor #5", "how many there are can be read");
    assert!(site.control.integrity().is_sound());
}

#[test]
fn complaint_11_where_the_instance_keeps_no_key_a_lost_reply_makes_no_second_ticket() {
    let (site, runtime) = (site(), Runtime::new().unwrap());
    site.control.set_property("glide.rest.table_api.admin_only_sys_fields", "true");
    let dropped = FaultSpec::new(FaultKind::DroppedColumn).times(0);
    site.control.fault(FaultSpec { column: "correlation_id".into(), ..dropped });
    prepare_all(&site, &runtime, 0, vec![opened("CPU")]);
    let (code, sent) = site.json(&["ticket", "send"]);
    assert_eq!((code, &sent[0]["opened"]), (8, &1.into()), "the admin is told of the column: {sent:#}");
    site.control.fault(FaultSpec::new(FaultKind::ReplyLost).on_writes());
    prepare_all(&site, &runtime, 1, vec![opened("Disk")]);
    let (code, sent) = site.json(&["ticket", "send"]);
    assert_eq!((code, &sent[0]["unsure"]), (8, &1.into()), "{sent:#}");
    assert_eq!(site.control.tickets().len(), 2, "each once");
    assert_eq!(site.json(&["ticket", "send"]).1, serde_json::json!([]), "nothing is sent before somebody looked");
    // Whoever looked and did not find it has it sent again.
    let id = key(&site, 1).id();
    site.ok(&["ticket", "retry", &id[..12]]);
    let (_, sent) = site.json(&["ticket", "send"]);
    assert_eq!((&sent[0]["opened"], site.control.tickets().len()), (&1.into(), 3), "{sent:#}");
}

/// An instance that keeps neither our ids nor our keys, which shows only with the first ticket.
fn keeps_no_key() -> Site {
    let site = site();
    site.control.set_property("glide.rest.table_api.admin_only_sys_fields", "true");
    let dropped = FaultSpec::new(FaultKind::DroppedColumn).times(0);
    site.control.fault(FaultSpec { column: "correlation_id".into(), ..dropped });
    site
}

#[test]
fn complaint_11_the_first_ticket_whose_reply_is_lost_is_not_made_twice_either() {
    let (site, runtime) = (keeps_no_key(), Runtime::new().unwrap());
    site.control.fault(FaultSpec::new(FaultKind::ReplyLost).on_writes());
    prepare_all(&site, &runtime, 0, vec![opened("CPU")]);
    let (code, sent) = site.json(&["ticket", "send"]);
    assert_eq!((code, &sent[0]["unsure"]), (8, &1.into()), "{sent:#}");
    let made = site.control.tickets();
    assert_eq!(made.len(), 1);
    let id = key(&site, 0).id();
    let text = site.ok(&["ticket", "show", &id[..12]]);
    for said in [made[0].number.as_str(), &key(&site, 0).correlation(), "itsmc ticket retry"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert_eq!(site.json(&["ticket", "send"]).1, serde_json::json!([]), "nothing is sent before somebody looked");
    // As the remedy says: whoever found it writes the key into it.
    let row = site.control.rows("incident").into_iter().find(|row| row["number"].value == made[0].number).unwrap();
    let correlation = key(&site, 0).correlation();
    site.control.edit_row("incident", &row["sys_id"].value, &[("correlation_id", &correlation)]).unwrap();
    site.ok(&["ticket", "retry", &id[..12]]);
    let (_, sent) = site.json(&["ticket", "send"]);
    assert_eq!((&sent[0]["confirmed"], site.control.tickets().len()), (&1.into(), 1), "{sent:#}");
    assert!(site.ok(&["ticket", "show", &made[0].number]).contains(&made[0].number));
}

#[test]
fn complaint_11_a_first_ticket_that_was_not_made_is_made_without_anybody() {
    let (site, runtime) = (keeps_no_key(), Runtime::new().unwrap());
    // A work item of the same title that was there before is not ours.
    let older =
        [("number", "INC0009998"), ("short_description", "CPU"), ("state", "1"), ("opened_at", "2020-01-01 00:00:00")];
    site.control.add_row("incident", &older).unwrap();
    site.control.fault(FaultSpec::new(FaultKind::ServerError).on_writes());
    prepare_all(&site, &runtime, 0, vec![opened("CPU")]);
    let (_, sent) = site.json(&["ticket", "send"]);
    assert_eq!((&sent[0]["opened"], &sent[0]["unsure"]), (&1.into(), &0.into()), "{sent:#}");
    assert_eq!(site.control.tickets().len(), 1);
}

/// The close codes of an instance: these and no others.
fn has_close_codes(site: &Site, codes: &[&str]) {
    let ours = |row: &itsmc_practice::servicenow::Truth| {
        row["name"].value == "incident" && row["element"].value == "close_code"
    };
    for row in site.control.rows("sys_choice").iter().filter(|row| ours(row)) {
        site.control.delete_row("sys_choice", &row["sys_id"].value).unwrap();
    }
    for (place, code) in codes.iter().enumerate() {
        let sequence = place.to_string();
        let fields = [
            ("name", "incident"),
            ("element", "close_code"),
            ("value", code),
            ("label", code),
            ("language", "en"),
            ("inactive", "false"),
            ("sequence", &sequence),
        ];
        site.control.add_row("sys_choice", &fields).unwrap();
    }
}

#[rstest]
#[case::of_utah(&["Duplicate", "Known error", "Solution provided", "User error"], None, "Solution provided", false)]
#[case::of_before(&["Solved (Work Around)", "Solved (Permanently)", "Not Solved"], None, "Solved (Permanently)", false)]
#[case::of_the_customer(&["Opgelost", "Niet opgelost"], None, "Opgelost", false)]
#[case::the_admins_choice(&["Duplicate", "Resolved by request"], Some("resolved by request"), "Resolved by request", false)]
#[case::a_choice_of_another_release(&["Duplicate", "Solution provided"], Some("Solved (Permanently)"), "Solution provided", true)]
fn complaint_16_a_ticket_is_resolved_with_a_code_that_the_instance_has(
    #[case] codes: &[&str],
    #[case] wanted: Option<&str>,
    #[case] expected: &str,
    #[case] told: bool,
) {
    let (site, runtime) = (site(), Runtime::new().unwrap());
    has_close_codes(&site, codes);
    prepare_all(&site, &runtime, 0, vec![opened("CPU"), resolved(wanted)]);
    let (code, sent) = site.json(&["ticket", "send"]);
    assert_eq!((code, &sent[0]["confirmed"]), (if told { 8 } else { 0 }, &2.into()), "{sent:#}");
    let ticket = site.control.tickets().remove(0);
    // Resolved, and not closed: closing takes a role that the integration user must not have.
    assert_eq!((ticket.state.as_str(), ticket.fields["close_code"].as_str()), ("6", expected));
    assert_eq!(ticket.fields["close_notes"], "The alert is over.");
    assert_eq!(ticket.history.iter().filter(|change| !change.done).count(), 0, "nothing was refused on the way");
    let text = site.ok(&["ticket", "show", &ticket.number]);
    assert_eq!(text.contains("Solved (Permanently)"), told, "the admin is told that the code is not there: {text}");
}

#[test]
fn complaint_16_without_the_choices_the_usual_code_resolves() {
    let (site, runtime) = (site(), Runtime::new().unwrap());
    site.control.set_visibility("sys_choice", Visibility::Forbidden);
    prepare_all(&site, &runtime, 0, vec![opened("CPU"), resolved(None)]);
    let (code, sent) = site.json(&["ticket", "send"]);
    assert_eq!((code, &sent[0]["confirmed"]), (0, &2.into()), "{sent:#}");
    assert_eq!(site.control.tickets().remove(0).fields["close_code"], "Solution provided");
}

#[test]
fn of_two_tickets_with_one_key_show_tells_which_counts_and_what_to_do() {
    let (site, runtime) = (site(), Runtime::new().unwrap());
    site.control.set_property("glide.rest.table_api.admin_only_sys_fields", "true");
    let correlation = key(&site, 0).correlation();
    let copy = [
        ("number", "INC0009999"),
        ("short_description", "A copy"),
        ("correlation_id", correlation.as_str()),
        ("state", "1"),
    ];
    site.control.add_row("incident", &copy).unwrap();
    site.control.fault(FaultSpec::new(FaultKind::ReplyLost).on_writes());
    prepare(&site, &runtime, 0..1);
    let (code, sent) = site.json(&["ticket", "send"]);
    assert_eq!((code, &sent[0]["confirmed"]), (8, &3.into()), "{sent:#}");
    let numbers: Vec<_> = site.control.tickets().into_iter().map(|ticket| (ticket.number, ticket.open)).collect();
    assert_eq!(numbers.len(), 2);
    let kept = numbers.iter().find(|(_, open)| !open).unwrap().0.clone();
    let other = numbers.iter().find(|(_, open)| *open).unwrap().0.clone();
    let text = site.ok(&["ticket", "show", &kept]);
    let line =
        text.lines().find(|line| line.contains("Another ticket has this key")).unwrap_or_else(|| panic!("{text}"));
    let id = site.control.rows("incident").into_iter().find(|row| row["number"].value == other).unwrap();
    let link = line.split_once(&format!("this key: {other} (")).and_then(|(_, rest)| rest.split_once(')')).unwrap().0;
    assert!(link.starts_with("http") && link.contains(&id["sys_id"].value), "{line}");
    assert!(line.contains(&format!("). itsmc follows {kept} only")), "{line}");
    let begun = "UPDATE ticket SET state = 'in-progress'";
    rusqlite::Connection::open(site.database()).unwrap().execute(begun, []).unwrap();
    let config = site.home().join("config.toml");
    let mut told = std::fs::read_to_string(&config).unwrap();
    told.push_str("\n[[alert_source]]\nname = 'prod'\nsign_in = 'cli'\n");
    told.push_str("subscriptions = ['aaaaaaaa-0000-4000-8000-000000000001']\n");
    std::fs::write(&config, told).unwrap();
    let (_, status) = site.json(&["status"]);
    assert_eq!(status["alerts"]["tickets_doubled"], serde_json::json!([kept]), "{status}");
    let status = site.ok(&["status"]);
    assert!(status.contains(&format!("another ticket with the key of {kept}")), "{status}");
    assert!(status.contains(&format!("itsmc ticket show {kept}")), "{status}");
    let (_, doctor) = site.json(&["doctor"]);
    let alerts = doctor["checks"].as_array().unwrap().iter().find(|check| check["id"] == "alerts").unwrap().clone();
    assert_eq!(alerts["status"], "warning", "{alerts}");
    assert!(line.contains(&format!("itsmc ticket dismiss {kept}")), "{line}");
    let doubled = || site.json(&["status"]).1["alerts"]["tickets_doubled"].clone();
    for dismissed in [true, false] {
        let (code, told) = site.json(&["ticket", "dismiss", &kept]);
        assert_eq!((code, &told["dismissed"]), (0, &dismissed.into()), "{told}");
        assert_eq!(doubled(), serde_json::json!([]), "nobody tells of it any more");
    }
    assert!(!site.ok(&["ticket", "show", &kept]).contains("Another ticket has this key"));

    // Whatever comes later is written to that one alone.
    let history =
        |number: &str| site.control.tickets().into_iter().find(|ticket| ticket.number == number).unwrap().history.len();
    let (of_kept, of_other) = (history(&kept), history(&other));
    let reopened = Operation::Reopen { text: "It fires again".to_owned() };
    prepare_all(&site, &runtime, 0, vec![reopened]);
    for _ in 0..3 {
        prepare_all(&site, &runtime, 0, vec![Operation::Note { number: 0, text: "Still".to_owned(), fires: true }]);
        site.json(&["ticket", "send"]);
    }
    assert_eq!(doubled(), serde_json::json!([]), "it stays dismissed");
    prepare_all(&site, &runtime, 0, vec![resolved(None)]);
    site.json(&["ticket", "send"]);
    assert_eq!((history(&other), history(&kept) >= of_kept + 5), (of_other, true));
}

#[test]
fn a_ticket_does_not_wait_for_a_sync_and_a_change_waits_for_both() {
    let (site, runtime) = (site(), Runtime::new().unwrap());
    prepare(&site, &runtime, 0..1);
    let (home, name) = (Home::in_dir(site.home()), ConnectionName::parse(NAME).unwrap());
    let syncing = SyncLock::take(&home, &name).unwrap();
    let (code, sent) = site.json(&["ticket", "send"]);
    assert_eq!((code, &sent[0]["confirmed"]), (0, &3.into()), "{sent:#}");
    assert_eq!(site.run(&["sync", NAME]).status.code(), Some(7));
    drop(syncing);
    let writing = TicketLock::take(&home, &name).unwrap();
    site.ok(&["sync", NAME]);
    for change in [vec!["connection", "remove", NAME, "--yes"], vec!["ticket", "send", NAME]] {
        let refused = site.run(&change);
        assert_eq!(refused.status.code(), Some(7), "{change:?}\n{}", shown(&refused));
    }
    drop(writing);
    site.ok(&["connection", "remove", NAME, "--yes"]);
}

/// An incident by a template of the product with fields of the rule's own, and an event, which makes its alert.
#[test]
fn complaint_09_each_kind_is_made_in_the_product_with_template_and_fields() {
    let site = site();
    let direct = itsmc_practice::servicenow::RoleState::Direct;
    site.control.set_role("azure.integration", "evt_mgmt_integration", direct).unwrap();
    let template = site.control.rows("sys_template");
    let template =
        template.iter().find(|row| row["table"].value == "incident" && row["active"].value == "true").unwrap();
    let rule = |name: &str, kind: &str, more: &str| {
        format!(
            "[[rule]]\nname = '{name}'\nconnection = '{}'\nkind = '{kind}'\n[rule.match]\nrule = '{name}'\n[rule.ticket]\nitem = 'none'\n{more}\n",
            NAME
        )
    };
    let own = format!("template = '{}'\nfields = {{ category = 'network' }}", template["name"].value);
    let rules = [rule("cpu-0", "incident", &own), rule("cpu-1", "event", "")].concat();
    std::fs::write(site.home().join("alert-rules.toml"), rules).unwrap();
    let import = |condition: &str| {
        let file = site.home().join("alerts.jsonl");
        std::fs::write(&file, crate::tickets::alerts(0..2, condition)).unwrap();
        site.json(&["alert", "import", file.to_str().unwrap()]).1
    };
    let told = import("Fired");
    assert_eq!(told["tickets"][0]["opened"], 2, "{told:#}");
    let incident = site.control.tickets().into_iter().find(|ticket| ticket.table == "incident").unwrap();
    assert_eq!(incident.fields["category"], "network", "{:?}", incident.fields);
    let applied = template["template"].value.split('^').filter_map(|part| part.split_once('='));
    let plain: Vec<_> = applied.filter(|(name, _)| !name.contains('.') && *name != "category").collect();
    assert!(
        !plain.is_empty()
            && plain.iter().any(|(name, value)| incident.fields.get(*name).is_some_and(|found| found == value)),
        "{plain:?} {:?}",
        incident.fields
    );
    let keys = |table: &str| {
        let rows = site.control.rows(table);
        rows.into_iter().map(|row| (row["message_key"].value.clone(), row["state"].value.clone())).collect::<Vec<_>>()
    };
    let key = |n: usize| format!("azm:00000000-0000-4000-8000-{n:012}");
    let alerts: BTreeSet<_> = keys("em_alert").into_iter().map(|(key, _)| key).collect();
    assert_eq!(alerts, BTreeSet::from([key(1)]), "the event made its alert");
    import("Resolved");
    assert!(keys("em_alert").iter().all(|(_, state)| state == "Closed"), "{:?}", keys("em_alert"));
    assert!(site.control.tickets().iter().filter(|ticket| ticket.table == "incident").all(|ticket| !ticket.open));
}
