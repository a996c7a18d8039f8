//! First runs, increments, and what they leave.

use std::sync::atomic::Ordering;

use super::server::Act;
use super::*;
use crate::model::summary::Event;

#[tokio::test]
async fn nothing_changed_takes_one_request_a_table() {
    let mut rig = Rig::new(rows(200));
    rig.kinds = vec![INCIDENT, CHANGE];
    rig.sync_kinds().await;
    let before = rig.server.pages_asked().len();
    assert!(before > 40);
    for report in rig.sync_kinds().await {
        assert_eq!((report.requests, report.inserted + report.updated, report.complete), (1, 0, true));
    }
    assert_eq!(rig.server.pages_asked().len(), 2);
}

#[tokio::test]
async fn an_increment_brings_what_changed() {
    let rig = Rig::new(rows(100));
    let first = rig.sync_well().await;
    rig.server.change(|rows| {
        rows[7].changed = NOW - 30;
        rows[7].title += " again";
        rows.push(Row::new(1_000, NOW - 20));
    });
    let report = rig.sync_well().await;
    assert_eq!((report.inserted, report.updated), (1, 1));
    assert!(report.watermark > first.watermark);
    rig.assert_equals_the_server().await;
}

#[tokio::test]
async fn a_late_row_behind_the_watermark_is_still_seen() {
    let rig = Rig::new(rows(100));
    let watermark = rig.sync_well().await.watermark.unwrap().as_second();
    rig.server.change(|rows| rows.push(Row::new(1_000, watermark - 100)));
    assert_eq!(rig.sync_well().await.inserted, 1);
}

#[tokio::test]
async fn watermark_is_last_change_and_never_in_future() {
    let rig = Rig::new(rows(30));
    assert_eq!(rig.sync_well().await.watermark, Some(at(NOW - 3_600)));
    rig.server.change(|rows| rows.push(Row::new(1_000, NOW + 1_000_000)));
    assert_eq!(rig.sync_well().await.watermark, Some(at(NOW)));
    rig.server.change(|rows| rows.push(Row::new(1_001, NOW + 5)));
    assert_eq!(rig.sync_well().await.inserted, 1);
    rig.assert_equals_the_server().await;
}

#[tokio::test]
async fn an_empty_table_is_complete_and_later_rows_are_not_missed() {
    let rig = Rig::new(vec![]);
    assert_eq!(rig.sync_well().await.fetched, 0);
    rig.server.change(|table| table.extend(rows(3)));
    assert_eq!(rig.sync_well().await.inserted, 3);
}

#[tokio::test]
async fn only_the_scope_is_brought_until_it_is_extended() {
    let day = 86_400;
    let mut rig = Rig::new((0..40).map(|n| Row::new(n, NOW - n * day - 60)).collect());
    rig.days = 10;
    assert_eq!(rig.sync_well().await.inserted, 10);
    rig.days = 35;
    assert_eq!(rig.sync_well().await.inserted, 25);
    rig.server.pages_asked();
    assert_eq!(rig.sync_well().await.requests, 1);
}

#[tokio::test]
async fn full_fetches_everything_again_and_stores_only_differences() {
    let rig = Rig::new(rows(100));
    rig.sync_well().await;
    rig.server.change(|rows| rows[3].title = "renamed behind our back".into());
    assert_eq!(rig.sync_well().await.updated, 0);
    let report = rig.start(true, CancellationToken::new()).await.remove(0);
    assert_eq!((report.fetched, report.updated, report.unchanged), (100, 1, 99));
    rig.assert_equals_the_server().await;
}

#[tokio::test]
async fn requests_in_flight_are_several_and_bounded() {
    let mut rig = Rig::new(rows(2_000));
    rig.kinds = vec![INCIDENT, CHANGE];
    rig.settings.in_flight = 3;
    rig.sync_kinds().await;
    assert_eq!(rig.server.most_in_flight.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn what_it_did_stands_in_the_activity_log() {
    let mut rig = Rig::new(rows(30));
    rig.kinds = vec![INCIDENT, CHANGE];
    rig.sync_kinds().await;
    let log = rig.store.activities(&contoso(), 5).await.unwrap();
    let [line] = log.as_slice() else { panic!("one line for both kinds") };
    let Event::Synced { record, fetched, inserted, .. } = &line.event else { panic!("a sync") };
    assert_eq!((*fetched, *inserted, record.changed, record.complete), (60, 60, 60, true));
    let summary = rig.store.summary(&contoso(), at(NOW)).await.unwrap();
    assert_eq!(summary.last_complete, Some(at(NOW)));
    assert_eq!(summary.kinds[&CHANGE].total, 30);
}

#[tokio::test]
async fn progress_ends_with_everything_fetched() {
    let rig = Rig::new(rows(95));
    rig.sync_well().await;
    let told = rig.told.lock().unwrap();
    assert!(told.is_sorted_by_key(|progress| progress.fetched));
    let last = told.last().unwrap();
    assert_eq!((last.fetched, last.expected, last.attempt), (95, Some(95), 1));
}

#[tokio::test]
async fn cancelling_keeps_what_is_committed_and_the_next_run_goes_on() {
    let rig = Rig::new(rows(60)).one_by_one();
    rig.server.play([Act::Answer, Act::Answer, Act::Answer, Act::Hang]);
    let cancel = CancellationToken::new();
    let (reports, ()) = tokio::join!(rig.start(false, cancel.clone()), async {
        rig.server.hanging.notified().await;
        cancel.cancel();
    });
    let report = &reports[0];
    assert_eq!((report.fault.clone(), report.complete, report.watermark), (Some(Fault::Interrupted), false, None));
    assert_eq!((report.inserted, rig.stored().await.len()), (30, 30));
    assert_eq!(rig.sync_well().await.fetched, 30);
    rig.assert_equals_the_server().await;
}

#[tokio::test]
async fn windows_begin_on_whole_seconds_whatever_the_clock_says() {
    let rig = Rig::new(rows(60));
    let tick = Duration::from_millis(123_456);
    for _ in 0..4 {
        *rig.clock.now.lock().unwrap() += tick;
        let now = rig.clock.now().as_second();
        rig.server.change(|rows| rows.push(Row::new(now, now)));
        let watermark = rig.sync_well().await.watermark.unwrap();
        assert_eq!(watermark.subsec_nanosecond(), 0);
        let requests = rig.server.pages_asked();
        assert!(requests.iter().all(|request| request.window.from.subsec_nanosecond() == 0));
    }
    rig.assert_equals_the_server().await;
}
