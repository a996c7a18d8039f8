//! What is sent of the change feed, and what not.

use super::*;
use crate::model::summary::{Activity, Event};
use service::{Service, Verdict};

#[tokio::test]
async fn the_first_run_sends_what_is_stored_and_later_ones_what_changed() {
    let (rig, service) = (Rig::new().await, Service::taking().await);
    rig.put("contoso", 0..300, "old").await;
    let report = rig.send(&service).await;
    assert_eq!((report.accepted, report.complete, report.fault), (300, true, None));
    assert!(report.requests > 3 && rig.behind().await == 0, "{}", report.requests);
    let last = rig.told.lock().unwrap().last().cloned().unwrap();
    assert_eq!((last.accepted, last.expected), (300, 300));
    rig.put("contoso", 7..9, "new").await;
    assert_eq!((rig.behind().await, rig.send(&service).await.accepted), (2, 2));
    let shown = shown(&service.items());
    assert_eq!((shown.len(), shown["\"INC0000007\""].as_str()), (300, "\"new\""));
    assert_eq!(service.items().len(), 302);
}

#[tokio::test]
async fn with_nothing_changed_nothing_is_asked_of_azure() {
    let (rig, service) = (Rig::new().await, Service::taking().await);
    rig.put("contoso", 0..10, "old").await;
    rig.send(&service).await;
    let before = (service.requests().len(), rig.rule.1.load(std::sync::atomic::Ordering::SeqCst));
    // What another connection stores moves the position, and is nobody's business here.
    rig.put("fabrikam", 0..10, "other").await;
    let report = rig.send(&service).await;
    let after = (service.requests().len(), rig.rule.1.load(std::sync::atomic::Ordering::SeqCst));
    assert_eq!((before, report.requests, report.complete), (after, 0, true));
    assert_eq!(rig.store.sink_done("prod").await.unwrap(), rig.store.last_change().await.unwrap());
}

#[tokio::test]
async fn a_removed_a_restored_and_an_unstamped_row_go_like_any_change() {
    let (rig, service) = (Rig::new().await, Service::taking().await);
    rig.put("contoso", 0..10, "old").await;
    rig.send(&service).await;
    rig.sweep("contoso", Vec::new(), vec![item(3, "").source_id, item(4, "").source_id]).await;
    let report = rig.send(&service).await;
    assert_eq!((report.accepted, report.removed, shown(&service.items()).len()), (2, 2, 8));
    rig.sweep("contoso", vec![(item(4, "back"), true), (item(5, "unstamped"), false)], Vec::new()).await;
    assert_eq!(rig.send(&service).await.accepted, 2);
    let shown = shown(&service.items());
    assert_eq!((shown.len(), shown["\"INC0000004\""].as_str()), (9, "\"back\""));
    assert_eq!(shown["\"INC0000005\""], "\"unstamped\"");
}

#[tokio::test]
async fn a_connection_that_is_added_later_sends_what_it_has_and_the_others_nothing_again() {
    let (mut rig, service) = (Rig::new().await, Service::taking().await);
    rig.put("contoso", 0..20, "c").await;
    rig.put("fabrikam", 0..15, "f").await;
    assert_eq!(rig.send(&service).await.accepted, 20);
    rig.feeding.push(feeding("fabrikam"));
    rig.put("contoso", 20..22, "c").await;
    assert_eq!(rig.send(&service).await.accepted, 17);
    assert_eq!((service.items().len(), rig.behind().await), (37, 0));
}

#[tokio::test]
async fn send_numbers_grow_over_runs_and_over_a_lost_database() {
    let service = Service::taking().await;
    let mut last = 0;
    let rig = Rig::new().await;
    for title in ["a", "b", "c"] {
        rig.put("contoso", 0..30, title).await;
        rig.send(&service).await;
    }
    let again = Rig::new().await;
    *again.clock.now.lock().unwrap() = rig.clock.now() + SignedDuration::from_mins(15);
    again.put("contoso", 0..30, "d").await;
    again.send(&service).await;
    for row in &service.items() {
        let send = row["ItsmcSend"].as_i64().unwrap();
        last = last.max(send);
        assert!((0..1 << 53).contains(&send));
    }
    let numbers: std::collections::BTreeSet<_> = service.items().iter().map(|row| row["ItsmcSend"].as_i64()).collect();
    assert_eq!(numbers.len(), 120, "none twice");
    assert!(shown(&service.items()).values().all(|title| title == "\"d\""));
}

#[tokio::test]
async fn report_16_what_two_writers_commit_at_the_same_time_is_sent_by_both() {
    let mut rig = Rig::new().await;
    rig.settings.portion = 7;
    let service = Service::taking().await;
    let other = Store::open(rig.store_path()).unwrap();
    let write = async |store: &Store, first: u32, title: &str| {
        for n in first..first + 60 {
            let part = SweepPart {
                connection: ConnectionName::parse("contoso").unwrap(),
                kind: WorkItemKind::Incident,
                items: vec![(item(n, title), true), (item(first, title), true)],
                gone: Vec::new(),
                unseen: Vec::new(),
                hidden_columns: Vec::new(),
                at: rig.clock.now(),
            };
            store.commit_sweep(part).await.unwrap();
        }
    };
    rig.put("contoso", 0..1, "begun").await;
    let writers = async { tokio::join!(write(&rig.store, 0, "one"), write(&other, 1_000, "two")) };
    let reader = async {
        while rig.store.last_change().await.unwrap() < 100 {
            rig.send(&service).await;
        }
    };
    tokio::join!(writers, reader);
    let last = rig.send(&service).await;
    assert!(last.complete, "{last:?}");
    let shown = shown(&service.items());
    assert_eq!(shown.len(), 120, "no number is passed that is committed later");
    let of = |title: &str| shown.values().filter(|shown| shown.as_str() == title).count();
    assert_eq!((of("\"one\""), of("\"two\"")), (60, 60));
}

#[tokio::test]
async fn what_two_runs_note_of_a_workspace_at_the_same_time_is_all_kept() {
    let rig = Rig::new().await;
    let other = Store::open(rig.store_path()).unwrap();
    let count = async |store: &Store| {
        for _ in 0..50 {
            store.change_sink("prod", |state| state.accepted += 1).await.unwrap();
        }
    };
    tokio::join!(count(&rig.store), count(&other));
    assert_eq!(rig.state().await.accepted, 100);
}

#[tokio::test]
async fn send_numbers_grow_while_the_clock_is_set_back() {
    let (rig, service) = (Rig::new().await, Service::taking().await);
    for title in ["a", "b", "c"] {
        rig.put("contoso", 0..30, title).await;
        rig.send(&service).await;
        *rig.clock.now.lock().unwrap() -= SignedDuration::from_hours(24 * 400);
    }
    let numbers: Vec<_> = service.items().iter().map(|row| row["ItsmcSend"].as_i64().unwrap()).collect();
    assert!(numbers.is_sorted_by(|one, next| one < next) && numbers.len() == 90, "{numbers:?}");
    assert!(shown(&service.items()).values().all(|title| title == "\"c\""));
}

#[tokio::test]
async fn a_workspace_that_may_not_be_asked_for_its_newest_row_is_said_and_one_that_fails_is_waited_for() {
    let (mut rig, service) = (Rig::new().await, Service::taking().await);
    rig.put("contoso", 0..5, "old").await;
    let gone = LogQuery::new(&url("http://127.0.0.1:9"), ("guid", "prod"), Tokens::shared(), &HttpConfig::default());
    rig.query = Some(Arc::new(gone.unwrap()));
    let report = rig.send(&service).await;
    assert_eq!((report.fault.map(|fault| fault.code()), service.requests().len()), (Some("connection-refused"), 0));
    rig.query = None;
    let report = rig.send(&service).await;
    assert_eq!((report.accepted, report.findings[0].code()), (5, "send-numbers-unchecked"));
    rig.put("contoso", 0..5, "new").await;
    assert_eq!(rig.send(&service).await.findings, [], "later rows follow those that were sent");
}

#[tokio::test]
async fn rows_of_a_removed_connection_are_marked_in_the_workspace() {
    let (mut rig, service) = (Rig::new().await, Service::taking().await);
    rig.put("contoso", 0..5, "old").await;
    rig.put("fabrikam", 0..3, "stays").await;
    rig.feeding.push(feeding("fabrikam"));
    rig.send(&service).await;
    rig.store.remove(&ConnectionName::parse("contoso").unwrap()).await.unwrap();
    (_, rig.query) = (rig.feeding.remove(0), None);
    let report = rig.send(&service).await;
    assert_eq!((report.accepted, report.findings[0].code()), (0, "not-marked-removed"), "nobody can be asked");

    let (mut rig, service) = (Rig::new().await, Service::taking().await);
    rig.put("contoso", 0..5, "old").await;
    rig.send(&service).await;
    let workspace = Fake::start(|seen| {
        let _ = seen;
        let rows: Vec<_> = (0..5).map(|n| vec![item(n, "").source_id, item(n, "").number]).collect();
        let columns = serde_json::json!([{ "name": "ItsmcId" }, { "name": "ServiceDeskId_s" }]);
        reply(200, &serde_json::json!({ "tables": [{ "name": "PrimaryResult", "columns": columns, "rows": rows }] }))
    })
    .await;
    // The count comes first, and here it is no number: the answer is refused and nothing is guessed.
    let query =
        LogQuery::new(&url(&workspace.url), ("guid", "prod"), Tokens::shared(), &HttpConfig::default()).unwrap();
    rig.query = Some(Arc::new(query));
    rig.store.remove(&ConnectionName::parse("contoso").unwrap()).await.unwrap();
    rig.feeding.clear();
    let report = rig.send(&service).await;
    assert_eq!((report.removed, report.findings[0].code()), (0, "not-marked-removed"));
}

#[tokio::test]
async fn rows_that_went_with_their_connection_and_are_there_anew_are_shown() {
    let (mut rig, service) = (Rig::new().await, Service::taking().await);
    rig.put("contoso", 0..5, "old").await;
    rig.send(&service).await;
    let workspace = Fake::start(|seen| {
        let (columns, rows) = if seen.json["query"].as_str().is_some_and(|query| query.contains("| count")) {
            (serde_json::json!([{ "name": "Count" }]), vec![serde_json::json!([5])])
        } else {
            let row = |n| serde_json::json!([item(n, "").source_id, item(n, "").number]);
            (serde_json::json!([{ "name": "ItsmcId" }, { "name": "ServiceDeskId_s" }]), (0..5).map(row).collect())
        };
        reply(200, &serde_json::json!({ "tables": [{ "name": "PrimaryResult", "columns": columns, "rows": rows }] }))
    })
    .await;
    let query = LogQuery::new(&url(&workspace.url), ("guid", "prod"), Tokens::shared(), &HttpConfig::default());
    rig.query = Some(Arc::new(query.unwrap()));
    rig.store.remove(&ConnectionName::parse("contoso").unwrap()).await.unwrap();
    // The same work items, of a connection that was added again.
    rig.put("contoso", 0..5, "new").await;
    let report = rig.send(&service).await;
    assert!(report.complete && report.removed == 5, "{report:?}");
    let shown = shown(&service.items());
    assert_eq!(shown.len(), 5);
    assert!(shown.values().all(|title| title.contains("new")), "{shown:?}");
}

#[tokio::test]
async fn each_sync_and_each_fault_has_a_row_in_the_log_table_once() {
    let (rig, service) = (Rig::new().await, Service::taking().await);
    let name = ConnectionName::parse("contoso").unwrap();
    let failed = |n: i64| Activity {
        at: rig.clock.now() + SignedDuration::from_secs(n),
        event: Event::SweepFailed { kind: WorkItemKind::Incident, fault: Fault::Hibernating { host: format!("h{n}") } },
    };
    for n in 0..3 {
        rig.store.record(&name, failed(n)).await.unwrap();
        rig.store.record(&name, Activity { event: Event::Added, ..failed(n) }).await.unwrap();
    }
    assert_eq!(rig.send(&service).await.log_rows, 3);
    assert_eq!(rig.send(&service).await.requests, 0, "nothing new");
    rig.store.record(&name, failed(9)).await.unwrap();
    assert_eq!((rig.send(&service).await.log_rows, service.log().len()), (1, 4));
    assert_eq!(service.log()[3]["Message"], "hibernating");
}

#[tokio::test]
async fn a_run_that_is_cancelled_keeps_what_was_accepted() {
    let rig = Rig::new().await;
    rig.put("contoso", 0..300, "old").await;
    let cancel = CancellationToken::new();
    let (stop, mut left) = (cancel.clone(), 3);
    let service = Service::start(move |_| {
        left -= 1;
        if left == 0 {
            stop.cancel();
        }
        Verdict::Accept
    })
    .await;
    let report = send(rig.job(&service.url), Arc::new(|_| {}), cancel, rig.clock.clone()).await;
    assert_eq!((report.fault, report.complete), (Some(Fault::Interrupted), false));
    assert_eq!(rig.state().await.fault, None, "a stop says nothing about the workspace");
    let again = rig.send(&service).await;
    assert!(again.complete && again.accepted < 300 + 1);
    assert_eq!(shown(&service.items()).len(), 300);
}

#[tokio::test]
async fn how_far_it_is_behind_is_told_in_rows_and_time() {
    let (rig, service) = (Rig::new().await, Service::taking().await);
    rig.put("contoso", 0..5, "old").await;
    rig.send(&service).await;
    let before = Timestamp::now();
    rig.put("contoso", 5..8, "new").await;
    let done = rig.store.sink_done("prod").await.unwrap();
    let lag = rig.store.lag(vec!["contoso".into()], done).await.unwrap();
    assert_eq!(lag.rows, 3);
    let since = lag.since.unwrap();
    assert!((before.as_second()..=Timestamp::now().as_second()).contains(&since.as_second()), "{since}");
    let all = rig.store.lag(vec!["contoso".into()], 0).await.unwrap();
    assert_eq!((all.rows, all.since), (8, Some(since)), "what was changed before any time was noted waits longer");
    // Of nothing sent, all is left: what is removed as well, and nothing of a connection that does not feed it.
    rig.put("fabrikam", 0..4, "other").await;
    rig.sweep("contoso", Vec::new(), vec![item(3, "").source_id]).await;
    for (connections, rows) in [(vec!["contoso"], 8_u64), (vec!["contoso", "fabrikam"], 12), (vec!["unknown"], 0)] {
        let connections: Vec<_> = connections.into_iter().map(str::to_owned).collect();
        let lag = async |after: i64| rig.store.lag(connections.clone(), after).await.unwrap().rows;
        assert_eq!((lag(0).await, lag(1).await), (rows, rows.saturating_sub(1)), "{connections:?}");
    }
}

#[tokio::test]
async fn a_full_batch_ends_a_portion_and_the_next_one_goes_on_after_it() {
    let rig = Rig::new().await;
    rig.put("contoso", 0..200, "old").await;
    let (job, clock): (_, Arc<dyn Clock>) = (rig.job("http://127.0.0.1:9"), rig.clock.clone());
    let maker = super::super::row::RowMaker::new(&super::super::rule::Streamed::all(&WORK_ITEMS), workspace().values);
    let mut filler = super::super::filler::Filler::new(&job, maker);
    let sent = super::super::filler::Wanted::After { sent: BTreeMap::new(), again: BTreeMap::new() };
    let (wanted, mut state) = (Arc::new(sent), rig.state().await);
    let (mut after, mut rows, mut portions) = (0, 0, 0);
    loop {
        filler.prepare(1_000, &mut state, (&job, &clock)).await.unwrap();
        let from = (rig.store.clone(), wanted.clone());
        let (mut filled, portion) = filler.read(from, vec!["contoso".to_owned()], (after, 1_000)).await.unwrap();
        let batches = filled.batches();
        rows += batches.iter().map(super::super::batch::Batch::len).sum::<usize>();
        (after, portions) = (portion.last.unwrap(), portions + 1);
        if portion.ended {
            assert!(batches.is_empty(), "a portion that ended with a batch was not the last one");
            filled.finish();
            rows += filled.batches().iter().map(super::super::batch::Batch::len).sum::<usize>();
            break;
        }
        assert_eq!(batches.len(), 1);
        filler = filled;
    }
    assert!(portions > 3 && (rows, after) == (200, 200), "{portions} {rows} {after}");
}

#[tokio::test]
async fn a_run_that_dies_at_any_instant_leaves_no_row_out_and_shows_each_once() {
    let mut rig = Rig::new().await;
    rig.settings.batch_bytes = 6_000;
    rig.settings.portion = 10;
    let (asked, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let (mut fate, mut instant) = (dice(1), dice(2));
    let service = Service::start(move |_| {
        let _ = asked.send(());
        // The rows are stored and the answer is lost with the connection.
        if fate() % 4 == 0 { Verdict::AcceptAndSaySilence } else { Verdict::Accept }
    })
    .await;
    for round in 0..50_u32 {
        rig.put("contoso", 0..60, &format!("round {round}")).await;
        let job = rig.job(&service.url);
        let run = tokio::spawn(send(job, Arc::new(|_| {}), CancellationToken::new(), rig.clock.clone()));
        let ended = run.abort_handle();
        for _ in 0..instant() % 12 {
            // A run whose answers are all lost asks no more than its requests in flight.
            let waits = tokio::time::timeout(Duration::from_millis(50), heard.recv()).await;
            if waits.is_err() || ended.is_finished() {
                break;
            }
        }
        ended.abort();
        let _ = run.await;
    }
    let healed = Service::taking().await;
    assert!(rig.send(&healed).await.complete);
    let rows = [service.items(), healed.items()].concat();
    let shown = shown(&rows);
    assert_eq!((shown.len(), shown.values().all(|title| title == "\"round 49\"")), (60, true));
    assert!(rows.len() > 1_000, "{}", rows.len());
}

/// Numbers that look random, and are the same each time.
fn dice(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    }
}

/// Whether a future asked to be polled again.
#[derive(Default)]
struct Woken(std::sync::atomic::AtomicBool);

impl std::task::Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, std::sync::atomic::Ordering::SeqCst);
    }
}

#[tokio::test]
async fn what_is_stored_between_any_two_steps_of_a_run_is_sent() {
    for step in 1..14 {
        let (rig, service) = (Rig::new().await, Service::taking().await);
        rig.put("contoso", 0..1, "old").await;
        rig.send(&service).await;
        let mut stored = false;
        {
            let mut run = std::pin::pin!(rig.send(&service));
            let woken = Arc::new(Woken::default());
            let waker = std::task::Waker::from(woken.clone());
            for polled in 0.. {
                if polled == step {
                    rig.put("contoso", 1..2, "meanwhile").await;
                    stored = true;
                }
                if run.as_mut().poll(&mut std::task::Context::from_waker(&waker)).is_ready() {
                    break;
                }
                while !woken.0.swap(false, std::sync::atomic::Ordering::SeqCst) {
                    tokio::task::yield_now().await;
                }
            }
        }
        rig.put("contoso", 2..3, "afterwards").await;
        rig.send(&service).await;
        let shown = shown(&service.items());
        assert_eq!(shown.contains_key("\"INC0000001\""), stored, "step {step}: {shown:?}");
        assert_eq!(rig.store.sink_done("prod").await.unwrap(), rig.store.last_change().await.unwrap(), "step {step}");
    }
}

#[tokio::test]
async fn another_table_begins_at_the_first_row_whoever_changed_the_settings() {
    let (rig, service) = (Rig::new().await, Service::taking().await);
    rig.put("contoso", 0..20, "old").await;
    rig.send(&service).await;
    let mut rule = whole_rule();
    rule.insert("Custom-Other_CL".to_owned(), rule["Custom-ServiceDesk_CL"].clone());
    *rig.rule.0.lock().unwrap() = Ok(Some(rule));
    let mut job = rig.job(&service.url);
    job.workspace.table = "Other_CL".to_owned();
    for expected in [20, 0] {
        let report = send(job.clone(), Arc::new(|_| {}), CancellationToken::new(), rig.clock.clone()).await;
        assert_eq!((report.accepted, report.fault), (expected, None));
    }
}

#[tokio::test]
async fn everything_again_is_marked_and_taken_up_where_it_was_cut_off() {
    let (mut rig, service) = (Rig::new().await, Service::taking().await);
    rig.put("contoso", 0..300, "old").await;
    rig.send(&service).await;
    rig.put("contoso", 300..305, "new").await;
    rig.settings.full = true;
    rig.settings.patience = Some(Duration::ZERO);
    let again = Service::start(|asked| match asked.number {
        0..2 => Verdict::Accept,
        _ => Verdict::Refuse(503, "ServiceUnavailable"),
    })
    .await;
    let report = rig.send(&again).await;
    assert!(!report.complete && (1..305).contains(&report.accepted), "{report:?}");
    rig.settings.full = false;
    let more = rig.send(&service).await;
    assert!(more.complete && more.accepted < 305, "{more:?}");
    let mut rows = again.items();
    rows.extend(service.items().split_off(300));
    assert_eq!(shown(&rows).len(), 305, "everything was sent again");
    for row in &rows {
        let sent_before = row["Title_s"] == "old";
        assert_eq!(row["ItsmcResent"], sent_before, "only what was accepted before is sent again: {row}");
    }
    rig.put("contoso", 3..4, "changed").await;
    rig.send(&service).await;
    assert_eq!(service.items().last().unwrap()["ItsmcResent"], false);
}
