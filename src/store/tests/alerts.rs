//! Alerts in the store: each once, whatever comes and however often, and nothing decided twice.

use super::*;
use crate::model::alert::tests::samples::{self, GUID};
use crate::model::alert::{Alert, AlertKey, Condition, read};
use crate::model::alert_plan::{Decision, Planner, Verdict};
use crate::model::alert_source::SourceState;
use crate::model::alert_view::{AlertEventKind, AlertQuery, AlertWindow, OutcomeFilter};
use crate::model::items::{Seek, Total};
use crate::model::ticket::{Operation, OutboxState, TicketState};
use crate::store::{AlertFilter, Decided, NewAlert, NewOperation, Taken, open, schema};

fn notice(value: &serde_json::Value) -> NewAlert {
    let text = value.to_string();
    NewAlert { alert: read(&text).remove(0).alert, raw: text.clone() }
}

async fn take(store: &Store, values: &[serde_json::Value]) -> Taken {
    let notices = values.iter().map(notice).collect();
    store.take_alerts(notices, "prod", None, None, at(DAY)).await.unwrap()
}

async fn only(store: &Store) -> crate::store::StoredAlert {
    let mut all = store.alerts(AlertFilter::default(), 10).await.unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn resolved() -> serde_json::Value {
    samples::common("Platform", "Resolved", serde_json::json!({}))
}

#[tokio::test]
async fn an_alert_is_stored_once_in_whatever_order_its_notices_come() {
    for order in [[0, 1, 0, 1], [1, 0, 1, 0], [0, 0, 1, 1]] {
        let (_folder, store) = open();
        let notices = [samples::metric(), resolved()];
        for place in order {
            take(&store, &[notices[place].clone()]).await;
        }
        let stored = only(&store).await;
        assert_eq!((stored.alert.key.as_str(), stored.alert.condition), (GUID, Condition::Resolved));
        assert_eq!(stored.alert.details.len(), 1, "the details of the firing");
        let (raw, raw_over) = store.alert_texts(&stored.alert.key).await.unwrap();
        assert_eq!(raw.unwrap(), notices[0].to_string(), "kept as it came");
        assert_eq!(raw_over.unwrap(), notices[1].to_string());
    }
}

#[tokio::test]
async fn what_came_before_is_the_same() {
    let (_folder, store) = open();
    let all: Vec<_> = samples::all().into_iter().map(|(_, value)| value).collect();
    let first = take(&store, &all).await;
    let again = take(&store, &all).await;
    assert_eq!((again.new, again.changed), (0, 0), "{again:?}");
    assert_eq!(first.new + first.changed + first.same, again.same);
}

#[tokio::test]
async fn an_end_without_an_id_belongs_to_the_newest_firing_of_its_series() {
    let (_folder, store) = open();
    take(&store, &[samples::older_metric("Activated", "2026-11-20T10:00:00Z")]).await;
    let over = samples::older_metric("Deactivated", "2026-11-20T10:20:00Z");
    take(&store, std::slice::from_ref(&over)).await;
    assert_eq!(take(&store, &[over]).await, Taken { same: 1, ..Taken::default() });
    assert_eq!(only(&store).await.alert.condition, Condition::Resolved);
    take(&store, &[samples::older_metric("Activated", "2026-11-20T11:00:00Z")]).await;
    assert_eq!(store.alerts(AlertFilter::default(), 10).await.unwrap().len(), 2);
}

#[tokio::test]
async fn report_20_a_notice_that_could_not_be_stored_is_not_noted_as_seen() {
    let (_folder, store) = open();
    let pages = query::<i64>(&store, "PRAGMA page_count");
    let limit =
        move |db: &mut rusqlite::Connection| Ok(db.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?);
    store.writer.run(limit).await.unwrap();
    let seen = SourceState { watermark: Some(at(DAY)), ..SourceState::default() };
    let long = "x".repeat(200_000);
    let storing = async |more: &str| {
        let notice = NewAlert { raw: format!("{}{more}", samples::metric()), ..notice(&samples::metric()) };
        store.take_alerts(vec![notice], "prod", None, Some(("s".to_owned(), seen.clone())), at(DAY)).await
    };
    assert_eq!(storing(&long).await.unwrap_err().code(), "disk-full");
    assert_eq!(store.source_state("prod", "s").await.unwrap(), None, "how far it was read did not move");
    assert_eq!(store.alerts(AlertFilter::default(), 10).await.unwrap(), []);
    let more =
        |db: &mut rusqlite::Connection| Ok(db.pragma_update_and_check(None, "max_page_count", 100_000, |_| Ok(()))?);
    store.writer.run(more).await.unwrap();
    assert_eq!(storing(&long).await.unwrap().new, 1);
    only(&store).await;
    assert_eq!(store.source_state("prod", "s").await.unwrap(), Some(seen.clone()));
}

/// Decides about all that is pending, as a pass does.
async fn pass(store: &Store, more: &str) -> Vec<Verdict> {
    let text = format!("[[rule]]\nname = 'r'\nconnection = 'contoso'\n{more}");
    let rules = crate::model::alert_rules::parse(&text, None).unwrap().0;
    let connections = [crate::model::alert_plan::tests::connection("contoso")];
    let slots = store.alert_slots().await.unwrap().into_iter().map(|(slot, _)| slot).collect();
    let mut planner = Planner::new(&rules, &connections, slots);
    let mut decided = Vec::new();
    let mut operations = Vec::new();
    for one in store.pending_alerts(100).await.unwrap() {
        let decision = planner.decide(&one.alert, &one.standing, at(DAY));
        for (key, operation) in decision.operations.clone() {
            operations.push(NewOperation { key, kind: Default::default(), operation });
        }
        decided.push(Decided { key: one.alert.key.clone(), handled: one.alert.condition, decision });
    }
    let verdicts = decided.iter().map(|one| one.decision.verdict).collect();
    store.decide_alerts(decided, planner.take_changed(), operations, at(DAY)).await.unwrap();
    verdicts
}

#[tokio::test]
async fn what_is_decided_is_stored_with_what_is_to_be_written() {
    let (_folder, store) = open();
    take(&store, &[samples::metric()]).await;
    assert_eq!(pass(&store, "").await, [Verdict::Opened]);
    assert_eq!(pass(&store, "").await, []);
    take(&store, &[resolved()]).await;
    assert_eq!(pass(&store, "").await, [Verdict::Resolved]);
    take(&store, &[samples::metric()]).await;
    assert_eq!(pass(&store, "").await, []);
    let stored = only(&store).await;
    assert_eq!((stored.verdict, stored.over), (Some(Verdict::Opened), Some(Verdict::Resolved)));
    let entries = store.operations_of(&stored.standing.slots[0]).await.unwrap();
    assert_eq!(entries.iter().map(|one| one.operation.id()).collect::<Vec<_>>(), ["open", "resolve"]);
    assert!(matches!(&entries[0].operation, Operation::Open { draft } if draft.title.contains("web-cpu")));
}

#[tokio::test]
async fn what_is_muted_has_no_ticket_until_it_is_not_muted_any_more() {
    let (_folder, store) = open();
    let listed = |muted: bool, at: &str| {
        let mut value = samples::listed(GUID, "Fired", at);
        value["properties"]["essentials"]["actionStatus"]["isSuppressed"] = muted.into();
        value
    };
    take(&store, &[listed(true, "2026-11-20T10:01:00Z")]).await;
    assert_eq!(pass(&store, "").await, [Verdict::Suppressed]);
    take(&store, &[listed(false, "2026-11-20T10:09:00Z")]).await;
    assert_eq!(pass(&store, "").await, [Verdict::Opened]);
}

/// Azure changes the severity of an alert, and some lists tell of its custom properties only later.
#[tokio::test]
async fn what_no_rule_wanted_is_decided_about_again_when_rules_see_something_else_of_it() {
    let (_folder, store) = open();
    let listed = |severity: &str, team: Option<&str>, at: &str| {
        let mut value = samples::listed(GUID, "Fired", at);
        value["properties"]["essentials"]["severity"] = severity.into();
        value["properties"]["customProperties"] =
            team.map_or(serde_json::Value::Null, |team| serde_json::json!({ "team": team }));
        value
    };
    take(&store, &[listed("Sev4", None, "2026-11-20T10:01:00Z")]).await;
    assert_eq!(pass(&store, "").await, [Verdict::NoTicketForSeverity]);
    take(&store, &[listed("Sev4", None, "2026-11-20T10:02:00Z")]).await;
    assert_eq!(pass(&store, "").await, [], "nothing that a rule looks at is another one");
    take(&store, &[listed("Sev3", None, "2026-11-20T10:03:00Z")]).await;
    let shop = "[rule.match]\ncustom = { team = 'shop' }";
    assert_eq!(pass(&store, shop).await, [Verdict::NoRule], "it is graver now, and of no team");
    take(&store, &[listed("Sev3", Some("shop"), "2026-11-20T10:04:00Z")]).await;
    assert_eq!(pass(&store, shop).await, [Verdict::Opened]);
    take(&store, &[listed("Sev1", Some("shop"), "2026-11-20T10:05:00Z")]).await;
    assert_eq!(pass(&store, shop).await, [], "it has its ticket");
}

#[tokio::test]
async fn an_admin_has_alerts_decided_again_or_ignored() {
    let (_folder, store) = open();
    take(&store, &[samples::metric()]).await;
    assert_eq!(pass(&store, "[rule.match]\nrule = 'x'").await, [Verdict::NoRule]);
    let key = AlertKey::stored(GUID);
    assert_eq!(store.ignore_alerts(vec![key.clone()], at(DAY)).await.unwrap(), 1);
    take(&store, &[resolved()]).await;
    assert_eq!(pass(&store, "").await, [Verdict::Ignored]);
    assert_eq!(store.retry_alerts(vec![key.clone()], at(DAY)).await.unwrap(), 1);
    assert_eq!(pass(&store, "").await, [Verdict::OpenedAndResolved]);
    assert_eq!(store.retry_alerts(vec![key.clone()], at(DAY)).await.unwrap(), 0, "it has a ticket");
    assert_eq!(store.ignore_alerts(vec![key.clone()], at(DAY)).await.unwrap(), 0);
    let history = store.alert_history(&key).await.unwrap();
    let told: Vec<_> = history.iter().map(|one| (one.event, one.condition, one.outcome)).collect();
    let decided = |condition, verdict| (AlertEventKind::Decided, Some(condition), Some(verdict));
    assert_eq!(
        told,
        [
            decided(Condition::Fired, Verdict::NoRule),
            (AlertEventKind::Ignored, None, None),
            decided(Condition::Resolved, Verdict::Ignored),
            (AlertEventKind::Retried, None, None),
            decided(Condition::Resolved, Verdict::OpenedAndResolved),
        ],
        "what was not done is not in it"
    );
    assert_eq!((history[4].rule.as_deref(), history[4].at), (Some("r"), at(DAY)));
}

#[tokio::test]
async fn how_far_a_source_is_comes_and_goes_with_its_alerts() {
    let (_folder, store) = open();
    let state = SourceState { watermark: Some(at(DAY)), ..SourceState::default() };
    let notices = vec![notice(&samples::metric())];
    store.take_alerts(notices, "prod", Some(at(DAY * 2)), Some(("s".into(), state.clone())), at(DAY)).await.unwrap();
    assert_eq!(store.source_state("prod", "s").await.unwrap(), Some(state));
    assert_eq!(pass(&store, "").await, [Verdict::BeforeStart]);
    store.forget_source("prod").await.unwrap();
    assert_eq!(store.source_state("prod", "s").await.unwrap(), None);
    assert_eq!(store.alerts_called(&GUID[..8]).await.unwrap().len(), 1);
}

/// Two sources read one subscription, and the one that was added later sees an alert first.
#[tokio::test]
async fn what_fired_before_one_source_and_after_another_is_not_from_before() {
    let (_folder, store) = open();
    let fired = notice(&samples::metric()).alert.fired_at.unwrap();
    let take = async |source: &str, start: jiff::Timestamp| {
        store.take_alerts(vec![notice(&samples::metric())], source, Some(start), None, at(DAY)).await.unwrap();
    };
    let moment = jiff::SignedDuration::from_millis(1);
    take("later", fired + moment).await;
    assert_eq!(pass(&store, "").await, [Verdict::BeforeStart]);
    take("later", fired + moment).await;
    assert_eq!(pass(&store, "").await, []);
    take("first", fired - moment).await;
    assert_eq!(pass(&store, "").await, [Verdict::Opened]);
    take("later", fired + moment).await;
    take("first", fired - moment).await;
    assert_eq!(pass(&store, "").await, [], "it has its ticket");
}

/// The same, where it was over when the source that was there first told of it.
#[tokio::test]
async fn what_was_over_when_the_source_told_of_it_that_was_there_first_is_decided_about() {
    let (_folder, store) = open();
    let fired = notice(&samples::metric()).alert.fired_at.unwrap();
    let (before, after) = (fired - jiff::SignedDuration::from_hours(1), fired + jiff::SignedDuration::from_hours(1));
    let take = async |value: &serde_json::Value, source: &str, start: jiff::Timestamp| {
        store.take_alerts(vec![notice(value)], source, Some(start), None, at(DAY)).await.unwrap();
    };
    take(&samples::metric(), "later", after).await;
    assert_eq!(pass(&store, "").await, [Verdict::BeforeStart]);
    take(&resolved(), "later", after).await;
    assert_eq!(pass(&store, "").await, [Verdict::NoTicket]);
    take(&resolved(), "first", before).await;
    assert_eq!(pass(&store, "").await, [Verdict::OpenedAndResolved]);
}

/// And an admin's word that it gets no ticket stands.
#[tokio::test]
async fn an_ignored_alert_stays_ignored_whichever_source_tells_of_it() {
    let (_folder, store) = open();
    let one = notice(&samples::metric());
    let (fired, hour) = (one.alert.fired_at.unwrap(), jiff::SignedDuration::from_hours(1));
    let take = async |source: &str, start: jiff::Timestamp| {
        store.take_alerts(vec![one.clone()], source, Some(start), None, at(DAY)).await.unwrap();
    };
    take("later", fired + hour).await;
    pass(&store, "").await;
    assert_eq!(store.ignore_alerts(vec![one.alert.key.clone()], at(DAY)).await.unwrap(), 1);
    take("first", fired - hour).await;
    assert_eq!(pass(&store, "").await, []);
    assert_eq!(only(&store).await.verdict, Some(Verdict::Ignored));
}

#[tokio::test]
async fn complaint_04_an_end_that_can_no_longer_be_seen_is_counted() {
    let (_folder, store) = open();
    take(&store, &[samples::metric()]).await;
    pass(&store, "").await;
    assert_eq!(store.unseen_ends(at(0)).await.unwrap(), 0);
    assert_eq!(store.unseen_ends(at(DAY * 2)).await.unwrap(), 1);
}

#[tokio::test]
async fn an_older_database_gets_the_tables_of_alerts() {
    let (_folder, store) = open();
    let path = store.path().to_owned();
    drop(store);
    let db = Connection::open(&path).unwrap();
    let older = schema::VERSION - 5;
    db.execute_batch(&format!(
        "DROP TABLE alert; DROP TABLE alert_slot; DROP TABLE alert_source; DROP TABLE alert_history; \
         DROP VIEW ServiceDesk_CL; ALTER TABLE connection DROP COLUMN known_as; ALTER TABLE ticket DROP COLUMN look_after; PRAGMA user_version = {older};"
    ))
    .unwrap();
    drop(db);
    open::open_writer(&path).unwrap();
    let store = Store::open(&path).unwrap();
    take(&store, &[samples::metric()]).await;
    assert_eq!(only(&store).await.standing.handled, Condition::Unknown);
}

#[tokio::test]
async fn a_decision_about_a_firing_leaves_an_end_that_came_meanwhile_to_be_decided() {
    let (_folder, store) = open();
    take(&store, &[samples::metric()]).await;
    let key = AlertKey::stored(GUID);
    take(&store, &[resolved()]).await;
    let decision = Decision { verdict: Verdict::NoRule, rule: None, slots: Vec::new(), operations: Vec::new() };
    let decided = Decided { key, handled: Condition::Fired, decision };
    store.decide_alerts(vec![decided], Vec::new(), Vec::new(), at(DAY)).await.unwrap();
    assert_eq!(store.pending_alerts(9).await.unwrap().len(), 1);
}

/// So many alerts, the newest last; every tenth is over.
async fn filled(store: &Store, count: u32) {
    let mut notices = Vec::new();
    for number in 0..count {
        let at = Timestamp::from_second(1_790_000_000 + i64::from(number / 2)).unwrap();
        let mut alert = Alert::new(AlertKey::stored(&format!("00000000-0000-4000-8000-{number:012}")));
        alert.fired_at = Some(at);
        alert.condition = if number % 10 == 0 { Condition::Resolved } else { Condition::Fired };
        (alert.rule, alert.items) = (format!("rule-{}", number % 7), vec![format!("Web-{number}")]);
        notices.push(NewAlert { alert, raw: "{}".into() });
    }
    store.take_alerts(notices, "prod", None, None, Timestamp::now()).await.unwrap();
}

fn numbers(window: &AlertWindow) -> Vec<u32> {
    window.rows.iter().map(|row| row.key.as_str()[24..].parse().unwrap()).collect()
}

#[tokio::test]
async fn windows_of_alerts_join_up_whichever_way_they_are_read() {
    let (_folder, store) = open();
    filled(&store, 25).await;
    let read = async |seek| store.alert_window(AlertQuery::default(), seek, 10).await.unwrap();
    let first = read(Seek::First).await;
    assert_eq!(numbers(&first), (15..25).rev().collect::<Vec<_>>());
    assert_eq!((first.at_start, first.at_end, first.total), (true, false, Total::Exactly(25)));
    let next = read(Seek::After(first.rows[9].place.clone())).await;
    assert_eq!(numbers(&next), (5..15).rev().collect::<Vec<_>>());
    let last = read(Seek::After(next.rows[9].place.clone())).await;
    assert_eq!((numbers(&last), last.at_end), ((0..5).rev().collect(), true));
    let before = read(Seek::Before(last.rows[0].place.clone())).await;
    assert_eq!((numbers(&before), before.at_start), (numbers(&next), false));
    assert_eq!(numbers(&read(Seek::Last).await), (0..10).rev().collect::<Vec<_>>());
    let at = read(Seek::At(next.rows[0].place.clone())).await;
    assert_eq!((numbers(&at), at.at_start), (numbers(&next), false));
}

#[tokio::test]
async fn alerts_are_found_by_any_of_their_values_and_never_by_a_key_of_json() {
    let (_folder, store) = open();
    filled(&store, 40).await;
    let found = async |find: &str| {
        let query = AlertQuery { find: find.into(), ..AlertQuery::default() };
        store.alert_window(query, Seek::First, 100).await.unwrap().rows.len()
    };
    assert_eq!(found("web-39").await, 1, "capitals do not count");
    assert_eq!(found("RULE-3 web-1").await, 2, "each word somewhere: Web-10 and Web-17");
    assert_eq!((found("resource_group").await, found("fired_at").await), (0, 0));
    assert_eq!(found("it's \"odd\" 100%_").await, 0);
    let resolved = AlertQuery { condition: Some(Condition::Resolved), ..AlertQuery::default() };
    let resolved = store.alert_window(resolved, Seek::First, 100).await.unwrap();
    assert_eq!((resolved.rows.len(), resolved.total), (4, Total::Exactly(4)));
    let waiting = AlertQuery { outcome: OutcomeFilter::Waiting, ..AlertQuery::default() };
    assert_eq!(store.alert_window(waiting, Seek::First, 100).await.unwrap().total, Total::Exactly(40));
    let with = AlertQuery { outcome: OutcomeFilter::WithTicket, ..AlertQuery::default() };
    assert_eq!(store.alert_window(with, Seek::First, 100).await.unwrap().rows, []);
}

#[tokio::test]
async fn a_window_of_thirty_thousand_alerts_is_found_without_a_walk_over_them() {
    let (_folder, store) = open();
    filled(&store, 30_000).await;
    let first = store.alert_window(AlertQuery::default(), Seek::First, 60).await.unwrap();
    let next = store.alert_window(AlertQuery::default(), Seek::After(first.rows[59].place.clone()), 60).await.unwrap();
    assert_eq!((first.rows.len(), next.rows.len(), first.total), (60, 60, Total::Exactly(30_000)));
    let query = AlertQuery { find: "web-29999".into(), ..AlertQuery::default() };
    let found = store.alert_window(query, Seek::First, 60).await.unwrap();
    assert_eq!((found.rows.len(), found.total), (1, Total::Exactly(1)));
    // A walk over the table would take a step for each alert and more.
    let db = open::open_reader(store.path()).unwrap();
    for after in [None, Some(&first.rows[59].place)] {
        let (plan, steps) = crate::store::alert_window::effort(&db, &AlertQuery::default(), after, 60).unwrap();
        assert!(plan.iter().all(|step| step.contains("INDEX alert_at")), "{plan:?}");
        assert!((60..6_000).contains(&steps), "{steps} steps for 60 of 30,000 rows");
    }
}

#[tokio::test]
async fn an_end_without_an_id_that_comes_before_its_firing_is_that_firings_end() {
    let (_folder, store) = open();
    let fired = samples::older_metric("Activated", "2026-11-20T10:00:00Z");
    take(&store, &[samples::older_metric("Deactivated", "2026-11-20T10:20:00Z")]).await;
    take(&store, std::slice::from_ref(&fired)).await;
    let stored = only(&store).await;
    assert_eq!((stored.alert.condition, stored.alert.fired_at.is_some()), (Condition::Resolved, true));
    assert_eq!(take(&store, std::slice::from_ref(&fired)).await, Taken { same: 1, ..Taken::default() });
    take(&store, &[samples::older_metric("Activated", "2026-11-20T10:10:00Z")]).await;
    assert_eq!(store.alerts(AlertFilter::default(), 10).await.unwrap().len(), 2, "another firing is another alert");
}

#[tokio::test]
async fn a_clock_that_is_years_ahead_forgets_no_alert() {
    let (_folder, store) = open();
    let mut old = Alert::new(AlertKey::stored("00000000-0000-4000-8000-000000000001"));
    old.fired_at = Some("2026-11-20T10:00:00Z".parse().unwrap());
    store.take_alerts(vec![NewAlert { alert: old, raw: "{}".into() }], "prod", None, None, at(DAY)).await.unwrap();
    pass(&store, "").await;
    let ahead = "2036-01-01T00:00:00Z".parse().unwrap();
    store.take_alerts(Vec::new(), "prod", None, None, ahead).await.unwrap();
    assert_eq!(store.alerts(AlertFilter::default(), 10).await.unwrap().len(), 1);
    let mut new = Alert::new(AlertKey::stored("00000000-0000-4000-8000-000000000002"));
    new.fired_at = Some("2028-11-20T10:00:00Z".parse().unwrap());
    store.take_alerts(vec![NewAlert { alert: new, raw: "{}".into() }], "prod", None, None, ahead).await.unwrap();
    assert_eq!(store.alerts(AlertFilter::default(), 10).await.unwrap().len(), 1, "two years later it is old");
}

#[tokio::test]
async fn a_ticket_that_the_product_refused_takes_in_no_further_alert() {
    let (_folder, store) = open();
    take(&store, &[samples::metric()]).await;
    pass(&store, "").await;
    let states = async || store.alert_slots().await.unwrap().into_iter().map(|(_, state)| state).collect::<Vec<_>>();
    assert_eq!(states().await, [None], "it is still to be opened");
    let name = crate::model::connection::ConnectionName::parse("contoso").unwrap();
    let id = store.outbox(&name, 0, 9).await.unwrap()[0].id;
    store.outbox_ended(id, crate::store::Outcome::of(OutboxState::Refused), at(DAY)).await.unwrap();
    assert_eq!(states().await, [Some(TicketState::Gone)]);
    let (stored, refused) = (only(&store).await, store.operation(id).await.unwrap().unwrap().key.id());
    assert_eq!(store.outbox_again(&refused, at(DAY + 5)).await.unwrap(), [id]);
    assert_eq!(store.outbox_again(&refused, at(DAY + 6)).await.unwrap(), [0; 0], "nothing of it is refused");
    let history = store.alert_history(&stored.alert.key).await.unwrap();
    let retried: Vec<_> = history.iter().filter(|one| one.event == AlertEventKind::TicketRetried).collect();
    assert_eq!(retried.iter().map(|one| one.at).collect::<Vec<_>>(), [at(DAY + 5)], "the alert tells of it once");
    assert_eq!(states().await, [None]);
    store.outbox_ended(id, crate::store::Outcome::of(OutboxState::Unsure), at(DAY)).await.unwrap();
    assert_eq!(states().await, [None], "it may be there");
}

#[tokio::test]
async fn a_removed_connection_leaves_nothing_that_takes_in_alerts() {
    let (_folder, store) = open();
    take(&store, &[samples::metric()]).await;
    pass(&store, "").await;
    store.remove(&crate::model::connection::ConnectionName::parse("contoso").unwrap()).await.unwrap();
    assert_eq!(store.alert_slots().await.unwrap(), []);
}

#[tokio::test]
async fn an_old_alert_of_a_file_that_is_imported_again_is_the_same_alert() {
    let (_folder, store) = open();
    let day = 24 * 3_600;
    let new = Alert { fired_at: Some(at(DAY + 900 * day)), ..notice(&samples::log_v2()).alert };
    let now = at(DAY + 900 * day);
    let import = async |now| {
        let notices = vec![notice(&samples::metric()), NewAlert { alert: new.clone(), raw: "{}".into() }];
        store.take_alerts(notices, "import", None, None, now).await.unwrap()
    };
    import(now).await;
    pass(&store, "").await;
    assert_eq!((import(now).await.new, import(now).await.new), (0, 0), "and gets no second ticket");
}

#[tokio::test]
async fn an_alert_whose_ticket_the_product_refused_is_decided_about_again() {
    let (_folder, store) = open();
    take(&store, &[samples::metric()]).await;
    pass(&store, "").await;
    let key = AlertKey::stored(GUID);
    let retry = async || store.retry_alerts(vec![key.clone()], at(DAY)).await.unwrap();
    assert_eq!(retry().await, 0, "its ticket is still to be opened");
    let name = crate::model::connection::ConnectionName::parse("contoso").unwrap();
    let id = store.outbox(&name, 0, 9).await.unwrap()[0].id;
    store.outbox_ended(id, crate::store::Outcome::of(OutboxState::Refused), at(DAY)).await.unwrap();
    assert_eq!(retry().await, 1);
    assert!(only(&store).await.pending && only(&store).await.standing.slots.is_empty());
}

#[tokio::test]
async fn alerts_are_found_by_a_write_to_their_ticket_that_was_refused_or_is_unsure() {
    let (_folder, store) = open();
    take(&store, &[samples::metric()]).await;
    pass(&store, "").await;
    let name = crate::model::connection::ConnectionName::parse("contoso").unwrap();
    let id = store.outbox(&name, 0, 9).await.unwrap()[0].id;
    let troubled = async || {
        let query = AlertQuery { outcome: OutcomeFilter::Troubled, ..AlertQuery::default() };
        store.alert_window(query, Seek::First, 9).await.unwrap().rows.len()
    };
    assert_eq!(troubled().await, 0, "it is still to be written");
    for state in [OutboxState::Unsure, OutboxState::Refused] {
        store.outbox_ended(id, crate::store::Outcome::of(state), at(DAY)).await.unwrap();
        assert_eq!(troubled().await, 1, "{state:?}");
    }
    let ticket = store.operation(id).await.unwrap().unwrap().key.id();
    store.outbox_again(&ticket, at(DAY)).await.unwrap();
    assert_eq!(troubled().await, 0, "it is written again");
}
