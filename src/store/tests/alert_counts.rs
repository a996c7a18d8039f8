//! The numbers of alerts for the dashboard.

use rusqlite::params;
use serde_json::{Value, json};

use super::*;
use crate::model::alert::tests::samples;
use crate::model::alert::{AlertKey, Condition, read};
use crate::model::alert_counts::{MOST, RuleFirings};
use crate::model::alert_plan::{Decision, Verdict};
use crate::model::ticket::{Operation, OutboxState, Subject, Ticket, TicketKey, TicketKind, TicketState};
use crate::store::alert_counts::{TOLD, TROUBLED, WAITING};
use crate::store::{Decided, NewAlert, NewOperation, Outcome, open};

fn guid(number: u32) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

/// The key of an alert's ticket.
fn key(number: u32) -> TicketKey {
    TicketKey {
        instance: "https://contoso.service-now.com".to_owned(),
        connection: "contoso".to_owned(),
        known_as: None,
        subject: Subject::Alert(guid(number)),
        item: None,
        generation: 0,
    }
}

/// An alert of a rule, as a list shows it.
fn listed(number: u32, rule: &str, condition: &str) -> Value {
    let mut row = samples::listed(&guid(number), condition, &at(DAY).to_string());
    let essentials = &mut row["properties"]["essentials"];
    essentials["alertRule"] = json!(format!("/subscriptions/s/resourceGroups/g/providers/i/metricAlerts/{rule}"));
    essentials["startDateTime"] = json!(at(DAY).to_string());
    row
}

async fn take(store: &Store, values: Vec<Value>) {
    let notice = |value: &Value| {
        let text = value.to_string();
        NewAlert { alert: read(&text).remove(0).alert, raw: text.clone() }
    };
    store.take_alerts(values.iter().map(notice).collect(), "prod", None, None, at(DAY)).await.unwrap();
}

/// Decides about an alert; with these slots for its tickets.
async fn decide(store: &Store, number: u32, verdict: Verdict, slots: &[&str]) {
    let slots = slots.iter().map(|slot| (*slot).to_owned()).collect();
    let decision = Decision { verdict, rule: None, slots, operations: Vec::new() };
    let decided = Decided { key: AlertKey::stored(&guid(number)), handled: Condition::Fired, decision };
    store.decide_alerts(vec![decided], Vec::new(), Vec::new(), at(DAY)).await.unwrap();
}

#[tokio::test]
async fn fired_alerts_are_counted_with_and_without_a_ticket_and_why() {
    let (_folder, store) = open();
    let rows = vec![
        listed(1, "cpu", "Fired"),
        listed(2, "cpu", "Resolved"),
        listed(3, "disk", "Fired"),
        listed(4, "cpu", "Fired"),
        listed(5, "beat", "Fired"),
    ];
    take(&store, rows).await;
    decide(&store, 1, Verdict::Opened, &["t1"]).await;
    decide(&store, 2, Verdict::OpenedAndResolved, &["t2"]).await;
    decide(&store, 3, Verdict::NoRule, &[]).await;
    decide(&store, 4, Verdict::Suppressed, &[]).await;
    let counts = store.alert_counts(at(DAY + 60)).await.unwrap();
    assert_eq!((counts.fired, counts.without_ticket(), counts.unwanted(), counts.muted()), (4, 3, 2, 1));
    assert_eq!(counts.undecided_since, Some(at(DAY)), "of the one about which nothing is decided");
    decide(&store, 5, Verdict::NoRule, &[]).await;
    assert_eq!(store.alert_counts(at(DAY + 60)).await.unwrap().undecided_since, None);
    let why: Vec<_> = counts.without.into_iter().collect();
    assert_eq!(why, [(None, 1), (Some(Verdict::NoRule), 1), (Some(Verdict::Suppressed), 1)]);
    let rule = |name: &str, alerts, tickets, muted| RuleFirings { name: name.to_owned(), alerts, tickets, muted };
    assert_eq!(counts.rules, [rule("cpu", 3, 2, 1), rule("beat", 1, 0, 0), rule("disk", 1, 0, 0)]);
    let later = store.alert_counts(at(DAY + 31 * 86_400)).await.unwrap();
    assert_eq!((later.fired, later.rules.len()), (0, 0), "Azure keeps alerts for 30 days");
}

#[tokio::test]
async fn a_ticket_whose_writes_were_refused_counts_once() {
    let (_folder, store) = open();
    let key = key(1);
    let note = |text: &str| NewOperation {
        key: key.clone(),
        kind: Default::default(),
        operation: Operation::Note { number: 0, text: text.to_owned(), fires: true },
    };
    let ids = store.prepare(vec![note("a"), note("b")], at(DAY)).await.unwrap();
    let waiting = store.alert_counts(at(DAY + 9)).await.unwrap();
    assert_eq!((waiting.refused, waiting.waiting_since), (0, Some(at(DAY))));
    for id in ids {
        store.outbox_ended(id, Outcome::of(OutboxState::Refused), at(DAY)).await.unwrap();
    }
    let counts = store.alert_counts(at(DAY)).await.unwrap();
    assert_eq!((counts.refused, counts.unsure, counts.waiting_since), (1, 0, None));
}

#[tokio::test]
async fn of_100_000_alerts_only_indexes_are_read() {
    let (_folder, store) = open();
    // As many as a store holds after a year of storms; their rows are large, the index is not.
    let db = Connection::open(store.path()).unwrap();
    let fill = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) \
        INSERT INTO alert (id, series, condition, at, source, first_seen, last_seen, pending, verdict, slots, alert, raw) \
        SELECT 'a' || i, 's' || (i % 700), CASE i % 3 WHEN 0 THEN 'fired' ELSE 'resolved' END, ?1 - i, 'prod', '', '', 0, \
            CASE i % 5 WHEN 0 THEN 'no-rule' ELSE 'opened' END, CASE i % 5 WHEN 0 THEN '[]' ELSE '[\"t\"]' END, \
            json_object('rule', 'rule ' || (i % 300)), hex(zeroblob(800)) FROM n";
    db.execute(fill, [DAY]).unwrap();
    drop(db);
    store.alert_counts(at(DAY)).await.unwrap();
    let counts = store.alert_counts(at(DAY)).await.unwrap();
    assert_eq!((counts.fired, counts.without_ticket()), (33_333, 6_666));
    assert_eq!((counts.rules.len(), counts.more_rules), (MOST, 260));
    let plans = open::open_reader(store.path()).unwrap();
    let told = [
        (TOLD.replace("?1", "1"), "INDEX alert_told"),
        (TROUBLED.to_owned(), "INDEX outbox_troubled"),
        (WAITING.to_owned(), "INDEX outbox_unfinished"),
    ];
    for (sql, index) in told {
        let mut select = plans.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let plan: Vec<String> = select.query_map([], |row| row.get(3)).unwrap().map(Result::unwrap).collect();
        assert!(plan.iter().any(|step| step.contains(index)), "{plan:?}");
    }
}

#[tokio::test]
async fn only_fired_alerts_with_a_numbered_ticket_are_to_be_acknowledged() {
    let (_folder, store) = open();
    take(&store, (1..=3).map(|number| listed(number, "cpu", "Fired")).collect()).await;
    let draft = || Operation::Open { draft: Box::default() };
    for number in 1..=2 {
        let new = NewOperation { key: key(number), kind: Default::default(), operation: draft() };
        let ids = store.prepare(vec![new], at(DAY)).await.unwrap();
        decide(&store, number, Verdict::Opened, &[&key(number).id()]).await;
        if number == 1 {
            let ticket = Ticket {
                kind: TicketKind::Incident,
                id: "1".to_owned(),
                number: "INC0000001".to_owned(),
                state: TicketState::New,
                raw_state: "1".to_owned(),
                assigned_to: None,
                changed_by: None,
                made_by: None,
                changed_at: None,
                noted: None,
                url: None,
            };
            let confirmed = Outcome { ticket: Some(ticket), ..Outcome::of(OutboxState::Confirmed) };
            store.outbox_ended(ids[0], confirmed, at(DAY)).await.unwrap();
        }
    }
    let waiting = store.to_acknowledge("prod", at(DAY - 60), 10).await.unwrap();
    let told: Vec<_> = waiting.iter().map(|one| (one.key.to_string(), one.number.as_str())).collect();
    assert_eq!(told, [(guid(1), "INC0000001")]);
    assert_eq!(store.to_acknowledge("prod", at(DAY + 60), 10).await.unwrap(), [], "Azure has deleted it");
    assert_eq!(store.to_acknowledge("test", at(DAY - 60), 10).await.unwrap(), []);
    store.alert_acknowledged(&waiting[0].key, at(DAY)).await.unwrap();
    assert_eq!(store.to_acknowledge("prod", at(DAY - 60), 10).await.unwrap(), []);
    let plans = open::open_reader(store.path()).unwrap();
    let sql = format!("EXPLAIN QUERY PLAN {}", crate::store::acknowledged::WAITING);
    let mut select = plans.prepare(&sql).unwrap();
    let plan: Vec<String> =
        select.query_map(params!["prod", 0, 10], |row| row.get(3)).unwrap().map(Result::unwrap).collect();
    assert!(plan[0].contains("INDEX alert_to_acknowledge (source=? AND at>?)"), "{plan:?}");
}
