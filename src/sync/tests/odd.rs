//! Totals that lie, rows that come twice or never, rows that are too large.

use rstest::rstest;

use super::server::Sight;
use super::*;
use crate::model::finding::SyncFinding;

#[rstest]
#[case::of_a_page(4)]
#[case::of_more(250)]
#[tokio::test]
async fn d9_a_capped_page_is_followed_to_the_counted_total(#[case] cap: u32, #[values(3, 40, 905)] count: i64) {
    let mut rig = Rig::new(rows(count));
    rig.settings.page_limit = 1_000;
    *rig.server.cap.lock().unwrap() = cap;
    *rig.server.counts_the_page.lock().unwrap() = true;
    let report = rig.sync_well().await;
    assert_eq!((report.hidden, report.findings), (0, vec![]));
    rig.assert_equals_the_server().await;
    // What was learned of the totals holds for increments, which have no count of their own.
    rig.server.change(|rows| rows.iter_mut().for_each(|row| row.title += " changed"));
    rig.server.change(|rows| (0..).zip(rows).for_each(|(n, row)| row.changed = NOW - 1_000 + n));
    rig.sync_well().await;
    rig.assert_equals_the_server().await;
}

#[tokio::test]
async fn d9_cap_equal_to_overlap_delays_rows_an_hour_at_most() {
    let mut rig = Rig::new(rows(90));
    rig.settings.page_limit = 1_000;
    rig.sync_well().await;
    rig.server.change(|rows| rows.iter_mut().rev().take(20).for_each(|row| row.changed = NOW - 60));
    rig.sync_well().await;
    // A gateway is put before the product: what is read again fills its page, which ends with the newest stored row.
    *rig.server.cap.lock().unwrap() = 20;
    *rig.server.counts_the_page.lock().unwrap() = true;
    rig.server.change(|rows| rows.iter_mut().take(3).for_each(|row| row.changed = NOW - 30));
    *rig.clock.now.lock().unwrap() = at(NOW + 3_600);
    rig.sync_well().await;
    rig.assert_equals_the_server().await;
}

#[tokio::test]
async fn d9_an_increment_without_changes_costs_one_request() {
    let rig = Rig::new(rows(90));
    rig.sync_well().await;
    *rig.server.counts_the_page.lock().unwrap() = true;
    rig.server.pages_asked();
    assert_eq!(rig.sync_well().await.requests, 1);
}

#[rstest]
#[case::less_than_a_page(5)]
#[case::pages(57)]
#[case::none(0)]
#[tokio::test]
async fn d15_a_fixed_total_hides_no_rows(#[case] count: i64) {
    let rig = Rig::new(rows(count));
    *rig.server.fixed_total.lock().unwrap() = Some(1_000);
    let report = rig.sync_well().await;
    assert_eq!((report.hidden, report.findings), (0, vec![]));
    rig.assert_equals_the_server().await;
}

#[tokio::test]
async fn d17_rows_without_anything_for_ever_end_with_a_fault() {
    let mut table = rows(20_000);
    table.iter_mut().for_each(|row| row.sight = Sight::Blank);
    let mut rig = Rig::new(table);
    rig.settings.page_limit = 1;
    *rig.server.tells_total.lock().unwrap() = false;
    let report = rig.start(false, CancellationToken::new()).await.remove(0);
    assert_eq!(report.fault.as_ref().map(Fault::code), Some("no-progress"));
    assert!(report.requests < 2_000, "{}", report.requests);
}

#[tokio::test]
async fn d14_rows_that_come_twice_are_stored_once() {
    let rig = Rig::new(rows(57));
    *rig.server.doubles.lock().unwrap() = true;
    assert_eq!(rig.sync_well().await.inserted, 57);
    rig.assert_equals_the_server().await;
}

#[tokio::test]
async fn p11_fewer_rows_than_counted_are_incomplete() {
    let rig = Rig::new(rows(30));
    rig.server.change(|rows| rows[29].sight = Sight::Gone);
    *rig.server.tells_total.lock().unwrap() = false;
    let report = rig.sync().await;
    let finding = SyncFinding::Incomplete { kind: INCIDENT, counted: 30, came: 29 };
    assert_eq!((report.complete, report.fault, report.findings), (false, None, vec![finding]));
}

#[rstest]
#[case::first(0)]
#[case::middle(47)]
#[case::last(89)]
#[tokio::test]
async fn d10_row_too_large_for_reply_comes_lean_others_whole(#[case] huge: usize) {
    let rig = Rig::new(rows(90)).one_by_one();
    *rig.server.huge.lock().unwrap() = Some(format!("{huge:08}"));
    rig.sync_well().await;
    rig.assert_equals_the_server().await;
    let lean = rig.server.pages_asked().iter().filter(|request| request.lean).count();
    assert_eq!(lean, 1);
}

#[tokio::test]
async fn d7_a_watermark_from_the_future_is_not_believed() {
    let rig = Rig::new(rows(90));
    *rig.clock.now.lock().unwrap() = at(NOW + 40 * 86_400);
    rig.sync().await;
    *rig.clock.now.lock().unwrap() = at(NOW);
    rig.sync_well().await;
    rig.assert_equals_the_server().await;
}
