//! Pages that are not what they seem.

use rstest::rstest;

use super::server::{Act, Sight};
use super::*;

fn hide(rows: &mut [Row], which: impl Fn(usize) -> bool, sight: Sight) -> u64 {
    let hidden = rows.iter_mut().enumerate().filter(|(n, _)| which(*n));
    hidden.map(|(_, row)| row.sight = sight).count() as u64
}

#[rstest]
#[case::none(0)]
#[case::one(1)]
#[case::short_of_a_page(9)]
#[case::a_page(10)]
#[case::a_page_and_one(11)]
#[case::pages(40)]
#[case::many_slices(437)]
#[tokio::test]
async fn every_row_is_stored_once(#[case] count: i64) {
    let rig = Rig::new(rows(count));
    let report = rig.sync_well().await;
    assert_eq!((report.fetched, report.inserted, report.hidden), (count as u64, count as u64, 0));
    rig.assert_equals_the_server().await;
}

#[tokio::test]
async fn equal_stamps_reach_over_page_borders() {
    let rig = Rig::new((0..95).map(|n| Row::new(n, NOW - 5_000 + n / 50)).collect());
    let report = rig.sync_well().await;
    assert_eq!((report.inserted, report.unchanged), (95, 0));
    rig.assert_equals_the_server().await;
}

#[rstest]
#[case::scattered(|n| n % 7 == 3)]
#[case::whole_pages_in_the_middle(|n| (20..55).contains(&n))]
#[case::from_the_start(|n| n < 35)]
#[case::an_empty_page_before_the_end(|n| (75..85).contains(&n))]
#[case::at_the_end(|n| n > 70)]
#[case::all(|_| true)]
#[tokio::test]
async fn hidden_rows_are_counted_and_hide_no_others(
    #[case] which: fn(usize) -> bool,
    #[values(Sight::Gone, Sight::Blank)] sight: Sight,
) {
    let mut table = rows(90);
    let hidden = hide(&mut table, which, sight);
    let rig = Rig::new(table);
    let report = rig.sync_well().await;
    rig.assert_equals_the_server().await;
    assert_eq!(report.hidden, hidden);
}

#[rstest]
#[case::none_hidden(|_| false)]
#[case::scattered(|n| n % 7 == 3)]
#[tokio::test]
async fn without_totals_an_empty_page_is_the_end(#[case] which: fn(usize) -> bool) {
    let mut table = rows(90);
    let hidden = hide(&mut table, which, Sight::Gone);
    let rig = Rig::new(table);
    *rig.server.tells_total.lock().unwrap() = false;
    let report = rig.sync().await;
    // No page tells of hidden rows, but the count before them does.
    assert_eq!((report.fault, report.complete), (None, hidden == 0));
    rig.assert_equals_the_server().await;
}

#[tokio::test]
async fn a_total_that_is_only_the_length_of_a_full_page_ends_nothing() {
    let rig = Rig::new(rows(90));
    *rig.server.counts_the_page.lock().unwrap() = true;
    rig.sync_well().await;
    rig.assert_equals_the_server().await;
}

#[tokio::test]
async fn a_server_that_gives_less_than_asked_hides_nothing() {
    let rig = Rig::new(rows(57));
    *rig.server.cap.lock().unwrap() = 4;
    assert_eq!(rig.sync_well().await.hidden, 0);
    rig.assert_equals_the_server().await;
}

#[tokio::test]
async fn rows_that_change_meanwhile_are_seen_again() {
    let rig = Rig::new(rows(50)).one_by_one();
    let touch = |n: usize| {
        Act::Change(Box::new(move |rows: &mut Vec<Row>| {
            rows[n].changed = NOW - 60 + n as i64;
            rows[n].title += " changed";
        }))
    };
    // The first was fetched already, the second not yet; the third lies in the page being asked for.
    rig.server.play([Act::Answer, touch(2), touch(45), touch(21)]);
    let report = rig.sync_well().await;
    assert_eq!((report.inserted, report.hidden), (50, 0));
    rig.assert_equals_the_server().await;
}

#[tokio::test]
async fn rows_leaving_a_slice_are_not_taken_for_hidden() {
    let rig = Rig::new(rows(300)).one_by_one();
    let act = |n: usize| {
        Act::Change(Box::new(move |rows: &mut Vec<Row>| {
            for row in &mut rows[n * 11..n * 11 + 3] {
                row.changed = NOW - 1;
            }
        }))
    };
    rig.server.play((0..20).map(act));
    assert_eq!(rig.sync_well().await.hidden, 0);
    rig.assert_equals_the_server().await;
}

#[tokio::test]
async fn a_count_is_asked_for_only_where_it_may_end_a_walk() {
    let rig = Rig::new(rows(39)).one_by_one();
    rig.sync_well().await;
    let counts: Vec<_> = rig.server.pages_asked().iter().map(|request| request.count).collect();
    assert_eq!(counts, [true, false, false, true]);
}
