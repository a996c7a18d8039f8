//! Polling against a server that answers as recorded traffic of Alerts Management shows.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::decide::{decide_with, learn_outages, may_match};
use super::poll::{OVERLAP, subscription_pass};
use super::rules::Loaded;
use super::*;
use crate::model::alert::tests::samples::{self, GUID};
use crate::model::alert::{Alert, Condition};
use crate::model::alert_plan::Verdict;
use crate::model::alert_plan::tests::{connection, rules};
use crate::model::alert_source::Missed;
use crate::model::secret::Secret;
use crate::model::ticket::{OutboxState, Ticket, TicketKind, TicketState};
use crate::net::http::HttpConfig;
use crate::net::testing::{Fake, json as reply, url};
use crate::store::{AlertFilter, Outcome, Store};

const SUB: &str = samples::SUB;

/// A cloud whose alerts can be changed, in pages of two, the ones that changed last first.
#[derive(Clone)]
struct Cloud {
    fake: Fake,
    rows: Arc<Mutex<Vec<Value>>>,
    faults: Arc<Mutex<Vec<(usize, u16)>>>,
    /// The time by its own clock.
    clock: Arc<Mutex<Timestamp>>,
}

impl Cloud {
    async fn start() -> Self {
        let rows: Arc<Mutex<Vec<Value>>> = Arc::default();
        let faults: Arc<Mutex<Vec<(usize, u16)>>> = Arc::default();
        let asked = Arc::new(AtomicUsize::new(0));
        let place: Arc<Mutex<String>> = Arc::default();
        let clock = Arc::new(Mutex::new(time(0)));
        let (all, wrong, at, date) = (rows.clone(), faults.clone(), place.clone(), clock.clone());
        let fake = Fake::start(move |seen| {
            let turn = asked.fetch_add(1, Ordering::SeqCst);
            if let Some((_, status)) = wrong.lock().unwrap().iter().find(|(place, _)| *place == turn) {
                let told = reply(*status, &json!({"error": {"code": "TooManyRequests", "message": "wait"}}));
                return ([("retry-after", "90")], told).into_response();
            }
            let from: usize = seen.get("ctoken").and_then(|text| text.parse().ok()).unwrap_or_default();
            let page = page(&all.lock().unwrap(), from, &at.lock().unwrap(), &seen.path);
            let now = *date.lock().unwrap();
            let now = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&now).unwrap();
            ([("date", now)], page).into_response()
        })
        .await;
        place.lock().unwrap().clone_from(&fake.url);
        Self { fake, rows, faults, clock }
    }

    fn api(&self) -> AlertsApi {
        AlertsApi::new(Arm::new(&url(&self.fake.url), Secret::new("t0ken"), &HttpConfig::default()).unwrap())
    }

    fn put(&self, guid: &str, condition: &str, modified: Timestamp) {
        let mut rows = self.rows.lock().unwrap();
        rows.retain(|row| !row["id"].as_str().unwrap().ends_with(guid));
        let mut row = samples::listed(guid, condition, &modified.to_string());
        row["properties"]["essentials"]["sourceCreatedId"] = json!(guid);
        rows.push(row);
        rows.sort_by_key(|row| std::cmp::Reverse(modified_of(row)));
    }

    async fn pass(&self, store: &Store, now: Timestamp) -> PollReport {
        *self.clock.lock().unwrap() = now;
        self.pass_by_our_clock(store, now).await
    }

    /// The same where the clocks may differ.
    async fn pass_by_our_clock(&self, store: &Store, now: Timestamp) -> PollReport {
        subscription_pass(&self.api(), store, "prod", SUB, now).await.unwrap()
    }
}

fn modified_of(row: &Value) -> Timestamp {
    row["properties"]["essentials"]["lastModifiedDateTime"].as_str().unwrap().parse().unwrap()
}

fn page(rows: &[Value], from: usize, place: &str, path: &str) -> Response {
    if let Some(guid) = path.split("/alerts/").nth(1) {
        let found = rows.iter().find(|row| row["id"].as_str().unwrap().ends_with(guid));
        return reply(200, found.unwrap());
    }
    let shown: Vec<&Value> = rows.iter().skip(from).take(2).collect();
    let next = if from + 2 < rows.len() { format!("{place}/next?ctoken={}", from + 2) } else { String::new() };
    reply(200, &json!({ "value": shown, "nextLink": next }))
}

fn guid(number: u32) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

fn time(minutes: i64) -> Timestamp {
    "2026-11-20T10:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
}

fn open() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("items.db")).unwrap();
    (folder, store)
}

async fn count(store: &Store) -> usize {
    store.alerts(AlertFilter::default(), 1_000).await.unwrap().len()
}

#[tokio::test]
async fn a_first_pass_reads_everything_and_the_next_costs_one_request() {
    let (cloud, (_folder, store)) = (Cloud::start().await, open());
    for number in 0..7 {
        cloud.put(&guid(number), "Fired", time(i64::from(number) * 20));
    }
    let first = cloud.pass(&store, time(200)).await;
    assert_eq!((first.requests, first.new, count(&store).await), (4, 7, 7));
    assert_eq!(store.source_state("prod", SUB).await.unwrap().unwrap().watermark, Some(time(120)));
    let second = cloud.pass(&store, time(201)).await;
    assert_eq!((second.requests, second.new, second.changed), (1, 0, 0), "{second:?}");
    let path = &cloud.fake.seen()[0];
    for (name, value) in
        [("timeRange", "30d"), ("sortBy", "lastModifiedDateTime"), ("sortOrder", "desc"), ("pageCount", "250")]
    {
        assert_eq!(path.get(name), Some(value));
    }
}

#[tokio::test]
async fn complaint_13_a_change_that_becomes_visible_late_is_not_passed_over() {
    let (cloud, (_folder, store)) = (Cloud::start().await, open());
    cloud.put(&guid(1), "Fired", time(0));
    cloud.put(&guid(2), "Fired", time(30));
    cloud.pass(&store, time(31)).await;
    // Both have change times before the watermark: within the overlap.
    cloud.put(&guid(1), "Resolved", time(30) - OVERLAP + SignedDuration::from_secs(1));
    cloud.put(&guid(3), "Fired", time(25));
    let report = cloud.pass(&store, time(32)).await;
    assert_eq!((report.new, report.changed), (1, 1));
    let state = store.source_state("prod", SUB).await.unwrap().unwrap();
    assert_eq!(state.watermark, Some(time(30)), "the greatest that was seen, not now");
}

/// After a storm the pages within the overlap are not read by every pass, and what becomes visible late is read all the same.
#[tokio::test]
async fn after_a_storm_few_passes_look_back_all_of_the_overlap_and_no_late_row_is_lost() {
    let (cloud, (_folder, store)) = (Cloud::start().await, open());
    for number in 0..40 {
        cloud.put(&guid(number), "Fired", time(0) + SignedDuration::from_secs(i64::from(number)));
    }
    let first = cloud.pass(&store, time(1)).await;
    assert_eq!((first.requests, first.new), (20, 40));
    let mut requests = 0;
    for minute in 2..=11 {
        // One alert at the top moves the watermark on; one becomes visible ten minutes after its change time.
        cloud.put(&guid(100 + minute), "Fired", time(i64::from(minute)));
        if minute == 10 {
            cloud.put(&guid(999), "Fired", time(0) + SignedDuration::from_millis(500));
        }
        requests += cloud.pass(&store, time(i64::from(minute))).await.requests;
    }
    assert!(requests < 110, "{requests} requests in ten passes, where each could have needed 20 and more");
    cloud.pass(&store, time(13)).await;
    assert_eq!(store.alerts_called(&guid(999)).await.unwrap().len(), 1, "it was within the overlap when it came");
    assert_eq!(count(&store).await, 40 + 10 + 1);
}

#[tokio::test]
async fn a_change_time_that_has_not_come_yet_keeps_nothing_back() {
    let (cloud, (_folder, store)) = (Cloud::start().await, open());
    cloud.put(&guid(1), "Fired", time(60 * 24 * 365));
    cloud.put(&guid(2), "Fired", time(10));
    cloud.pass(&store, time(11)).await;
    assert_eq!(store.source_state("prod", SUB).await.unwrap().unwrap().watermark, Some(time(10)));
    cloud.put(&guid(3), "Fired", time(20));
    assert_eq!((cloud.pass(&store, time(21)).await.new, count(&store).await), (1, 3));
}

#[tokio::test]
async fn a_pass_that_is_cut_off_is_read_again_whole() {
    let (cloud, (_folder, store)) = (Cloud::start().await, open());
    for number in 0..6 {
        cloud.put(&guid(number), "Fired", time(i64::from(number) * 20));
    }
    cloud.faults.lock().unwrap().push((1, 500));
    let cut = cloud.pass(&store, time(200)).await;
    assert!(cut.fault.is_some() && count(&store).await == 2, "{cut:?}");
    assert_eq!(store.source_state("prod", SUB).await.unwrap().unwrap().watermark, None);
    let whole = cloud.pass(&store, time(201)).await;
    assert_eq!((whole.fault, whole.new, count(&store).await), (None, 4, 6));
}

#[tokio::test]
async fn complaint_19_what_azure_asks_to_wait_is_waited_and_nothing_is_lost() {
    let (cloud, (_folder, store)) = (Cloud::start().await, open());
    cloud.put(&guid(1), "Fired", time(0));
    cloud.faults.lock().unwrap().push((0, 429));
    let limited = cloud.pass(&store, time(1)).await;
    assert_eq!(limited.waits_until, Some(time(1) + SignedDuration::from_secs(90)));
    let early = cloud.pass(&store, time(2)).await;
    assert_eq!((early.requests, early.waits_until), (0, limited.waits_until));
    let late = cloud.pass(&store, time(3)).await;
    assert_eq!((late.new, late.fault), (1, None));
}

/// A webhook that fails is muted for 15 minutes, and what fires in that time is told to nobody.
#[tokio::test]
async fn complaint_19_what_fires_and_ends_while_nothing_can_be_read_for_an_hour_is_read_afterwards() {
    let (cloud, (_folder, store)) = (Cloud::start().await, open());
    cloud.put(&guid(1), "Fired", time(0));
    cloud.pass(&store, time(1)).await;
    // Each of the next three requests.
    cloud.faults.lock().unwrap().extend([(1, 500), (2, 500), (3, 500)]);
    for minute in [10, 30, 50] {
        let number = u32::try_from(minute).unwrap();
        cloud.put(&guid(number), "Fired", time(minute));
        assert!(cloud.pass(&store, time(minute + 1)).await.fault.is_some());
        cloud.put(&guid(number), "Resolved", time(minute + 5));
    }
    let after = cloud.pass(&store, time(70)).await;
    assert_eq!((after.fault, after.new), (None, 3));
    let stored = store.alerts(AlertFilter { condition: Some(Condition::Resolved), ..AlertFilter::default() }, 9).await;
    assert_eq!(stored.unwrap().iter().filter(|one| one.pending).count(), 3, "each is decided about");
}

#[tokio::test]
async fn what_fired_before_the_source_is_told_by_the_clock_of_azure() {
    for ahead in [-180, 180] {
        let (cloud, (_folder, store)) = (Cloud::start().await, open());
        let fired = |number: u32, at: Timestamp| {
            let mut row = samples::listed(&guid(number), "Fired", &at.to_string());
            row["properties"]["essentials"]["startDateTime"] = json!(at.to_string());
            row["properties"]["essentials"]["sourceCreatedId"] = json!(guid(number));
            row
        };
        cloud.rows.lock().unwrap().push(fired(1, time(-1)));
        *cloud.clock.lock().unwrap() = time(0);
        cloud.pass_by_our_clock(&store, time(ahead)).await;
        cloud.rows.lock().unwrap().insert(0, fired(2, time(1)));
        cloud.pass_by_our_clock(&store, time(ahead + 2)).await;
        let stored = store.alerts(AlertFilter::default(), 10).await.unwrap();
        let before: Vec<_> = stored.iter().map(|one| one.standing.before_start).collect();
        assert_eq!(before, [false, true], "our clock is {ahead} minutes ahead");
    }
}

#[tokio::test]
async fn an_empty_list_is_told_and_is_not_no_alerts() {
    let (cloud, (_folder, store)) = (Cloud::start().await, open());
    let report = cloud.pass(&store, time(0)).await;
    assert!(report.empty && report.fault.is_none());
    assert!(store.source_state("prod", SUB).await.unwrap().unwrap().empty);
}

#[tokio::test]
async fn alerts_become_tickets_once_and_those_from_before_the_source_do_not() {
    let (cloud, (_folder, store)) = (Cloud::start().await, open());
    let loaded = Loaded { rules: rules("budget = 3"), ..Loaded::default() };
    let connections = [connection("contoso")];
    cloud.put(GUID, "Fired", time(1));
    cloud.pass(&store, time(5)).await;
    let pass = decide_with(&store, &loaded, &connections, time(5)).await.unwrap();
    assert_eq!((pass.verdicts.get(&Verdict::BeforeStart), pass.operations), (Some(&1), 0));
    {
        let mut rows = cloud.rows.lock().unwrap();
        for number in 0..9 {
            let mut row = samples::listed(&guid(number), "Fired", &time(10).to_string());
            row["properties"]["essentials"]["startDateTime"] = json!(time(9).to_string());
            row["properties"]["essentials"]["sourceCreatedId"] = json!(guid(number));
            rows.insert(0, row);
        }
    }
    cloud.pass(&store, time(11)).await;
    let pass = decide_with(&store, &loaded, &connections, time(11)).await.unwrap();
    assert_eq!(pass.verdicts, [(Verdict::Opened, 3), (Verdict::Umbrella, 6)].into());
    assert_eq!(pass.operations, 4);
    cloud.pass(&store, time(12)).await;
    let again = decide_with(&store, &loaded, &connections, time(12)).await.unwrap();
    assert_eq!((again.verdicts.len(), again.operations), (0, 0));
    let name = crate::model::connection::ConnectionName::parse("contoso").unwrap();
    assert_eq!(store.outbox(&name, 0, 100).await.unwrap().len(), 4);
}

#[tokio::test]
async fn the_notices_of_an_outage_come_together_by_their_context() {
    let (cloud, (_folder, store)) = (Cloud::start().await, open());
    for (number, stage) in [(1_u32, "Active"), (2, "Resolved")] {
        let mut row = samples::listed(&guid(number), "Fired", &time(i64::from(number)).to_string());
        row["properties"]["essentials"]["monitorService"] = json!("ServiceHealth");
        row["properties"]["context"] =
            json!({"properties": {"trackingId": "ABC1-2D8", "stage": stage, "title": "Storage is slow"}});
        cloud.rows.lock().unwrap().insert(0, row);
    }
    // The list has no context; the alert itself has.
    let bare: Vec<Value> = cloud.rows.lock().unwrap().clone();
    let text = bare.iter().map(|row| row.to_string()).collect::<Vec<_>>().join("\n");
    let alerts: Vec<_> = read(&text).into_iter().map(|one| one.alert.event).collect();
    assert_eq!(alerts, ["outage:abc1-2d8", "outage:abc1-2d8"]);
    let report = cloud.pass(&store, time(5)).await;
    assert_eq!((report.new, report.requests), (2, 1));
}

#[tokio::test]
async fn the_old_actions_are_found_with_the_rules_that_use_them() {
    let group = format!("/subscriptions/{SUB}/resourceGroups/rg/providers/microsoft.insights/actionGroups/itsm");
    let upper = group.to_uppercase();
    let fake = Fake::start(move |seen| {
        let value = if seen.path.contains("actionGroups") {
            json!([{"id": group, "properties": {"itsmReceivers": [
                {"name": "itsm", "connectionId": "c-1", "ticketConfiguration": "{\"WorkItemType\":\"Incident\"}"}]}}])
        } else if seen.path.contains("metricAlerts") {
            json!([{"id": "/x/metricAlerts/cpu", "name": "cpu", "properties": {"actions": [{"actionGroupId": upper}]}},
                {"id": "/x/metricAlerts/other", "name": "other", "properties": {"actions": []}}])
        } else if seen.path.contains("scheduledQueryRules") {
            json!([{"id": "/x/queries/log", "name": "log", "properties": {"actions": {"actionGroups": [upper]}}}])
        } else if seen.path.contains("actionRules") {
            json!([{"name": "baseline", "properties": {"scopes": [format!("/subscriptions/{SUB}")], "enabled": true,
                "conditions": [{"field": "Severity", "operator": "Equals", "values": ["Sev0", "Sev1"]}],
                "actions": [{"actionType": "AddActionGroups", "actionGroupIds": [upper]}]}},
                {"name": "off", "properties": {"scopes": [], "enabled": false,
                "actions": [{"actionType": "AddActionGroups", "actionGroupIds": [upper]}]}},
                {"name": "mutes", "properties": {"scopes": [], "enabled": true,
                "actions": [{"actionType": "RemoveAllActionGroups"}]}}])
        } else {
            return reply(403, &json!({"error": {"code": "AuthorizationFailed", "message": "no"}}));
        };
        reply(200, &json!({"value": value}))
    })
    .await;
    let api = AlertsApi::new(Arm::new(&url(&fake.url), Secret::new("t0ken"), &HttpConfig::default()).unwrap());
    let found = actions::read(&api, &[SUB.to_owned()]).await.unwrap();
    assert_eq!(found.actions[0].rules.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["cpu", "log"]);
    assert_eq!(found.unread.len(), 1, "what could not be read is told");
    let adders: Vec<_> = found.actions[0].adders.iter().map(|adder| adder.name.as_str()).collect();
    assert_eq!(adders, ["baseline"], "complaint 15: rules without a group of their own get it from a processing rule");
}

#[tokio::test]
async fn complaint_15_a_rule_of_another_subscription_that_uses_the_action_group_is_found() {
    const OTHER: &str = "bbbbbbbb-0000-4000-8000-000000000002";
    let group = format!("/subscriptions/{SUB}/resourceGroups/rg/providers/microsoft.insights/actionGroups/itsm");
    let fake = Fake::start(move |seen| {
        let is_other = seen.path.contains(OTHER);
        let value = match () {
            () if seen.path.contains("actionGroups") && !is_other => {
                json!([{"id": group, "properties": {"itsmReceivers": [{"name": "itsm", "ticketConfiguration": "{}"}]}}])
            }
            () if seen.path.contains("metricAlerts") && is_other => {
                json!([{"id": "/x/metricAlerts/cpu", "name": "cpu", "properties": {"actions": [{"actionGroupId": group}]}}])
            }
            () if seen.path.contains("actionRules") && is_other => {
                json!([{"name": "baseline", "properties": {"scopes": [format!("/subscriptions/{OTHER}")], "enabled": true,
                    "actions": [{"actionType": "AddActionGroups", "actionGroupIds": [group]}]}}])
            }
            () => json!([]),
        };
        reply(200, &json!({"value": value}))
    })
    .await;
    let api = AlertsApi::new(Arm::new(&url(&fake.url), Secret::new("t0ken"), &HttpConfig::default()).unwrap());
    for subscriptions in [[OTHER, SUB], [SUB, OTHER]] {
        let found = actions::read(&api, &subscriptions.map(str::to_owned)).await.unwrap();
        assert_eq!(found.actions[0].rules, [("cpu".to_owned(), "/x/metricAlerts/cpu".to_owned())], "{subscriptions:?}");
        assert_eq!(found.actions[0].adders[0].name, "baseline");
    }
}

/// A pass over a list that a function answers.
async fn pass_over(
    answer: impl Fn(&str, usize) -> Value + Send + Sync + Clone + 'static,
    store: &Store,
    now: Timestamp,
) -> (PollReport, usize) {
    let (asked, place) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(String::new())));
    let (turn, at) = (asked.clone(), place.clone());
    let fake = Fake::start(move |_| {
        let told = answer(&at.lock().unwrap(), turn.fetch_add(1, Ordering::SeqCst));
        let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&now).unwrap();
        ([("date", date)], reply(200, &told)).into_response()
    })
    .await;
    place.lock().unwrap().clone_from(&fake.url);
    let api = AlertsApi::new(Arm::new(&url(&fake.url), Secret::new("t0ken"), &HttpConfig::default()).unwrap());
    let report = subscription_pass(&api, store, "prod", SUB, now).await.unwrap();
    (report, asked.load(Ordering::SeqCst))
}

#[tokio::test]
async fn a_list_that_does_not_end_is_a_fault_and_its_alerts_are_kept() {
    let row = || samples::listed(&guid(1), "Fired", &time(0).to_string());
    let same = move |place: &str, _| json!({"value": [row()], "nextLink": format!("{place}/next?ctoken=a")});
    let other = move |place: &str, turn| json!({"value": [row()], "nextLink": format!("{place}/next?ctoken={turn}")});
    let empty = move |place: &str, turn| json!({"value": [], "nextLink": format!("{place}/next?ctoken={turn}")});
    for (answer, alerts) in [
        (Box::new(same) as Box<dyn Fn(&str, usize) -> Value + Send + Sync>, 1),
        (Box::new(other), 1),
        (Box::new(empty), 0),
    ] {
        let (_folder, store) = open();
        let answer = Arc::new(answer);
        let (report, asked) = pass_over(move |place, turn| answer(place, turn), &store, time(1)).await;
        assert_eq!(report.fault.map(|fault| fault.code()), Some("malformed"));
        assert!(asked < 10 && count(&store).await == alerts, "{asked}");
        assert_eq!(store.source_state("prod", SUB).await.unwrap().unwrap().read_at, None, "it was not read to its end");
    }
}

#[tokio::test]
async fn an_error_with_a_good_status_is_no_empty_list() {
    let (_folder, store) = open();
    let error = |_: &str, _| json!({"error": {"code": "ServerBusy", "message": "later"}});
    let (report, _) = pass_over(error, &store, time(1)).await;
    assert!(report.fault.is_some() && !report.empty, "{report:?}");
}

#[tokio::test]
async fn a_list_out_of_order_is_read_to_its_end() {
    let (cloud, (_folder, store)) = (Cloud::start().await, open());
    cloud.put(&guid(0), "Fired", time(100));
    cloud.pass(&store, time(101)).await;
    for number in 1..9 {
        cloud.put(&guid(number), "Fired", time(200 + i64::from(number)));
    }
    // The oldest first: the parameter that asks for another order was not understood.
    cloud.rows.lock().unwrap().reverse();
    cloud.rows.lock().unwrap().insert(0, samples::listed(&guid(77), "Fired", &time(10).to_string()));
    let report = cloud.pass(&store, time(300)).await;
    assert_eq!((report.new, report.fault, count(&store).await), (8, None, 9));
}

#[tokio::test]
async fn a_watermark_from_the_future_is_not_believed() {
    let (cloud, (_folder, store)) = (Cloud::start().await, open());
    let state = SourceState { watermark: Some(time(60 * 24 * 400)), since: Some(time(0)), ..SourceState::default() };
    store.take_alerts(Vec::new(), "prod", None, Some((SUB.to_owned(), state)), time(0)).await.unwrap();
    cloud.put(&guid(1), "Fired", time(55));
    assert_eq!(cloud.pass(&store, time(60)).await.new, 1);
    cloud.put(&guid(2), "Fired", time(65));
    assert_eq!((cloud.pass(&store, time(70)).await.new, count(&store).await), (1, 2));
}

#[tokio::test]
async fn what_azure_deleted_before_it_was_read_is_noted_once_until_it_is_dismissed() {
    let (cloud, (_folder, store)) = (Cloud::start().await, open());
    let day = |days: i64| time(days * 24 * 60);
    cloud.put(&guid(1), "Fired", day(0));
    assert_eq!(cloud.pass(&store, day(0)).await.missed, []);
    assert_eq!(cloud.pass(&store, day(29)).await.missed, [], "all that fired since is still listed");
    // Forty days without a pass; the first that comes is cut off.
    let missed = |to| Missed { from: day(29), to };
    let failing = cloud.fake.seen().len();
    cloud.faults.lock().unwrap().push((failing, 500));
    let cut = cloud.pass(&store, day(69)).await;
    assert!(cut.fault.is_some() && cut.missed == [missed(day(39))], "{cut:?}");
    assert_eq!(store.source_state("prod", SUB).await.unwrap().unwrap().missed, [], "nothing is noted twice");
    for minute in 0..3 {
        let now = day(70) + SignedDuration::from_mins(minute);
        assert_eq!(cloud.pass(&store, now).await.missed, [missed(day(40))]);
    }
    assert_eq!(store.forget_missed("prod").await.unwrap(), 1);
    assert_eq!(cloud.pass(&store, day(71)).await.missed, []);
    assert_eq!(store.forget_missed("prod").await.unwrap(), 0);
}

#[tokio::test]
async fn no_wait_is_longer_than_a_day_whatever_azure_or_a_clock_said() {
    let (cloud, (_folder, store)) = (Cloud::start().await, open());
    cloud.put(&guid(1), "Fired", time(0));
    let state = SourceState { not_before: Some(time(60 * 24 * 400)), ..SourceState::default() };
    store.take_alerts(Vec::new(), "prod", None, Some((SUB.to_owned(), state)), time(0)).await.unwrap();
    assert_eq!(cloud.pass(&store, time(1)).await.new, 1, "noted while our clock was ahead");
    let year = [("retry-after", "31536000")];
    let told = json!({"error": {"code": "TooManyRequests", "message": "wait"}});
    let fake = Fake::start(move |_| (year, reply(429, &told)).into_response()).await;
    let api = AlertsApi::new(Arm::new(&url(&fake.url), Secret::new("t0ken"), &HttpConfig::default()).unwrap());
    let report = subscription_pass(&api, &store, "prod", SUB, time(2)).await.unwrap();
    assert_eq!(report.waits_until, Some(time(2 + 60 * 24)));
}

#[tokio::test]
async fn what_was_noted_under_a_clock_that_was_ahead_keeps_no_ticket_back() {
    let (_folder, store) = open();
    let loaded = Loaded { rules: rules("budget = 1\nflapping = 0"), ..Loaded::default() };
    let connections = [connection("contoso")];
    let take = async |number: u32, condition: &str, at: Timestamp| {
        let mut row = samples::listed(&guid(number), condition, &at.to_string());
        row["properties"]["essentials"]["sourceCreatedId"] = json!(guid(number));
        let alert = read(&row.to_string()).remove(0).alert;
        store.take_alerts(vec![NewAlert { alert, raw: "{}".into() }], "prod", None, None, at).await.unwrap();
    };
    let year = time(60 * 24 * 365);
    take(1, "Fired", time(0)).await;
    decide_with(&store, &loaded, &connections, year).await.unwrap();
    take(2, "Fired", time(1)).await;
    let now = decide_with(&store, &loaded, &connections, time(1)).await.unwrap();
    assert_eq!(now.verdicts, [(Verdict::Umbrella, 1)].into(), "the budget counts from now on");
    take(3, "Fired", time(62)).await;
    let later = decide_with(&store, &loaded, &connections, time(62)).await.unwrap();
    assert_eq!(later.verdicts, [(Verdict::Opened, 1)].into(), "and is free again after an hour");
}

/// An outage whose context failed when it was stored and when it was decided about has a ticket; each later pass asks again.
#[tokio::test]
async fn the_context_of_an_outage_is_asked_for_until_it_comes() {
    let (_folder, store) = open();
    let loaded = Loaded { rules: rules(""), ..Loaded::default() };
    let connections = [connection("contoso")];
    let whole = read(&samples::outage("Active", &guid(1)).to_string()).remove(0).alert;
    let mut row = samples::listed(&guid(1), "Fired", &time(0).to_string());
    row["properties"]["essentials"]["monitorService"] = json!("ServiceHealth");
    let take = async |alert: Alert| {
        store.take_alerts(vec![NewAlert { alert, raw: "{}".into() }], "prod", None, None, time(0)).await.unwrap()
    };
    take(read(&row.to_string()).remove(0).alert).await;
    let pass = decide_with(&store, &loaded, &connections, time(1)).await.unwrap();
    assert_eq!(pass.verdicts, [(Verdict::Opened, 1)].into(), "an alert is not held back for want of its context");
    let asked = AtomicUsize::new(0);
    let learn = async |answers: bool, at: i64| {
        let mut slots: Vec<_> = store.alert_slots().await.unwrap().into_iter().map(|(slot, _)| slot).collect();
        let ask = |_| {
            asked.fetch_add(1, Ordering::SeqCst);
            std::future::ready(answers.then(|| NewAlert { alert: whole.clone(), raw: "{}".into() }))
        };
        learn_outages(&store, &mut slots, time(at), ask).await.unwrap();
        slots.remove(0).event
    };
    assert_eq!((learn(false, 2).await, learn(false, 3).await), (String::new(), String::new()));
    assert_eq!((learn(true, 4).await, learn(true, 5).await), (whole.event.clone(), whole.event.clone()));
    assert_eq!(asked.load(Ordering::SeqCst), 3, "once it is known nothing is asked");
    take(read(&samples::outage("Resolved", &guid(2)).to_string()).remove(0).alert).await;
    let pass = decide_with(&store, &loaded, &connections, time(6)).await.unwrap();
    assert_eq!(pass.verdicts, [(Verdict::Resolved, 1)].into());
}

#[test]
fn the_context_of_an_alert_is_asked_for_where_only_custom_properties_keep_a_rule_from_it() {
    let mut row = samples::listed(&guid(1), "Fired", &time(0).to_string());
    let read_row = |row: &Value| read(&row.to_string()).remove(0).alert;
    let shop = rules("[rule.match]\ncustom = { team = 'shop' }");
    assert!(may_match(&shop, &read_row(&row)), "the older list does not tell");
    row["properties"]["customProperties"] = json!({"team": "other"});
    assert!(!may_match(&shop, &read_row(&row)));
    let disks = rules("[rule.match]\nrule = 'disk*'\ncustom = { team = 'shop' }");
    row["properties"]["customProperties"] = Value::Null;
    assert!(!may_match(&disks, &read_row(&row)), "it is of another rule, whatever its properties");
}

/// What is remembered of tickets whose alerts never end: at most a month of those that were followed by others, and the last of
/// each series until it was quiet for as long as alerts are kept.
#[tokio::test]
async fn slots_of_alerts_that_never_end_do_not_grow_without_bound() {
    let (_folder, store) = open();
    let loaded = Loaded { rules: rules(""), ..Loaded::default() };
    let connections = [connection("contoso")];
    let day = |days: i64| time(days * 24 * 60);
    let mut most = 0;
    for number in 0..120_u32 {
        let now = day(i64::from(number));
        let mut row = samples::listed(&guid(number), "Fired", &now.to_string());
        row["properties"]["essentials"]["monitorService"] = json!("Log Alerts V2");
        row["properties"]["essentials"]["startDateTime"] = json!(now.to_string());
        let alert = read(&row.to_string()).remove(0).alert;
        store.take_alerts(vec![NewAlert { alert, raw: "{}".into() }], "prod", None, None, now).await.unwrap();
        let pass = decide_with(&store, &loaded, &connections, now).await.unwrap();
        assert_eq!(pass.verdicts, [(Verdict::Opened, 1)].into());
        most = most.max(store.alert_slots().await.unwrap().len());
    }
    assert!(most <= 34, "{most}");
    decide_with(&store, &loaded, &connections, day(119 + 390)).await.unwrap();
    assert_eq!(store.alert_slots().await.unwrap().len(), 1, "the next alert of the series comes to it");
    decide_with(&store, &loaded, &connections, day(119 + 410)).await.unwrap();
    assert_eq!(store.alert_slots().await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_group_that_fires_after_its_ticket_was_forgotten_has_another_one() {
    let (_folder, store) = open();
    let loaded =
        Loaded { rules: rules("grouping = 'rule'\nreopen_minutes = 1\nbudget_minutes = 1"), ..Loaded::default() };
    let connections = [connection("contoso")];
    let name = crate::model::connection::ConnectionName::parse("contoso").unwrap();
    let take = async |number: u32, condition: &str, at: Timestamp| {
        let row = samples::listed(&guid(number), condition, &at.to_string());
        let alert = read(&row.to_string()).remove(0).alert;
        store.take_alerts(vec![NewAlert { alert, raw: "{}".into() }], "prod", None, None, at).await.unwrap();
        decide_with(&store, &loaded, &connections, at).await.unwrap()
    };
    let carried = async |state: TicketState| {
        for entry in store.outbox(&name, 0, 9).await.unwrap() {
            let ticket = Ticket {
                kind: TicketKind::Incident,
                id: entry.key.id(),
                number: "INC1".into(),
                state,
                raw_state: String::new(),
                assigned_to: None,
                changed_by: None,
                made_by: None,
                changed_at: None,
                noted: None,
                url: None,
            };
            let outcome = Outcome { ticket: Some(ticket), ..Outcome::of(OutboxState::Confirmed) };
            store.outbox_ended(entry.id, outcome, time(0)).await.unwrap();
        }
    };
    take(1, "Fired", time(0)).await;
    carried(TicketState::New).await;
    take(1, "Resolved", time(5)).await;
    carried(TicketState::Resolved).await;
    decide_with(&store, &loaded, &connections, time(100)).await.unwrap();
    assert_eq!(store.alert_slots().await.unwrap(), [], "nothing comes to it any more");
    for (number, minutes) in [(2, 200), (3, 400)] {
        let pass = take(number, "Fired", time(minutes)).await;
        assert_eq!(pass.verdicts, [(Verdict::Opened, 1)].into());
        let opened = store.outbox(&name, 0, 9).await.unwrap();
        assert_eq!(opened.iter().map(|entry| entry.operation.id()).collect::<Vec<_>>(), ["open"], "{number}");
        carried(TicketState::New).await;
        take(number, "Resolved", time(minutes + 5)).await;
        carried(TicketState::Resolved).await;
        decide_with(&store, &loaded, &connections, time(minutes + 100)).await.unwrap();
    }
    assert_eq!(store.group_tickets().await.unwrap().len(), 3);
}
