//! Nothing is passed over, whatever the layout.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;

use crate::model::fault::Fault;
use crate::model::sync::Window;
use crate::model::work_item::WorkItemKind;
use crate::partner::Partner as _;
use crate::partner::service_manager::testing::{client, server, walk};
use crate::partner::testing::practice_kind;
use itsmc_practice::service_manager::{Control, FaultKind, FaultSpec, Layout};

const KIND: WorkItemKind = WorkItemKind::Incident;

fn open(days: i64) -> Window {
    Window { from: Timestamp::now() - SignedDuration::from_hours(24 * days), before: None }
}

fn truth(control: &Control) -> BTreeMap<String, (String, i64)> {
    control.rows(practice_kind(KIND)).into_iter().map(|row| (row.id, (row.title, row.modified))).collect()
}

#[rstest]
#[case::ordered(Layout::Tables)]
#[case::by_windows(Layout::Search)]
#[case::read_through(Layout::Listing)]
#[tokio::test]
async fn every_row_comes_with_what_it_holds(#[case] layout: Layout) {
    let server = server(layout, 2_300).await;
    let client = client(&server);
    for kind in WorkItemKind::ALL {
        let found = walk(&client, kind, open(150), 200, || {}).await.unwrap();
        let rows = server.control().rows(practice_kind(kind));
        assert_eq!(found.len(), rows.len());
        for row in rows {
            let item = &found[&row.id];
            assert_eq!((&item.title, item.state.shown()), (&row.title, row.status.as_str()));
            assert_eq!(
                (item.source_id.as_str(), item.updated_at.as_millisecond()),
                (row.base_id.as_str(), row.modified)
            );
            assert_eq!(item.opened_at.unwrap().as_millisecond(), row.created);
            let over = matches!(row.status.as_str(), "Resolved" | "Closed" | "Completed");
            assert_eq!(item.open, !over, "{}", row.status);
            assert_eq!(item.state.value.len(), 36);
        }
    }
}

#[rstest]
#[case::ordered(Layout::Tables)]
#[case::by_windows(Layout::Search)]
#[case::read_through(Layout::Listing)]
#[tokio::test]
async fn a_closed_window_ends_before_its_end(#[case] layout: Layout) {
    let server = server(layout, 1_500).await;
    let (from, before) = (open(80).from, open(40).from);
    let found = walk(&client(&server), KIND, Window { from, before: Some(before) }, 150, || {}).await.unwrap();
    let inside = |modified: i64| modified >= from.as_millisecond() && modified < before.as_millisecond();
    let expected = truth(&server.control()).values().filter(|(_, modified)| inside(*modified)).count();
    assert!(expected > 100);
    assert_eq!(found.len(), expected);
}

#[rstest]
#[case::ordered(Layout::Tables)]
#[case::by_windows(Layout::Search)]
#[case::read_through(Layout::Listing)]
#[tokio::test]
async fn rows_that_change_while_they_are_walked_are_not_lost(#[case] layout: Layout) {
    let server = server(layout, 1_200).await;
    let (control, client) = (server.control(), client(&server));
    let begun = Timestamp::now();
    let (mut step, walked) = (0_u32, control.clone());
    let first = walk(&client, KIND, open(150), 100, move || {
        for _ in 0..7 {
            step = step.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let id = format!("IR{}", 1_000 + step / 7 % 1_200);
            // A row may have been groomed away.
            let _ = walked.set_title(practice_kind(KIND), &id, &format!("changed {step}"));
        }
        let _ = walked.remove(practice_kind(KIND), &format!("IR{}", 1_000 + step / 11 % 1_200));
        walked.open(practice_kind(KIND), "opened meanwhile");
    });
    let mut found = first.await.unwrap();
    let again = Window { from: begun - SignedDuration::from_secs(60), before: None };
    found.extend(walk(&client, KIND, again, 100, || {}).await.unwrap());
    for (id, (title, modified)) in truth(&control) {
        let item = found.get(&id).unwrap_or_else(|| panic!("{id} is lost"));
        assert_eq!((&item.title, item.updated_at.as_millisecond()), (&title, modified), "{id}");
    }
}

/// It looks like the last page, and nothing tells a total. Of the last page itself, where it is short anyhow, nobody could know.
#[rstest]
#[case::ordered(Layout::Tables)]
#[case::since(Layout::Since)]
#[case::read_through(Layout::Listing)]
#[tokio::test]
async fn a_page_that_lacks_half_its_rows_once_is_noticed(#[case] layout: Layout, #[values(0, 1, 2, 3, 4)] after: u64) {
    let server = server(layout, 5_300).await;
    let (client, control) = (client(&server), server.control());
    // How the list is read is known before.
    client.count(KIND, open(150)).await.ok();
    control.fault(FaultSpec::new(FaultKind::HalfPage).after(after).on("/api/"));
    match walk(&client, KIND, open(150), 1_000, || {}).await {
        Ok(found) => assert_eq!(found.len(), 5_300),
        Err(fault) => assert!(matches!(fault, Fault::Truncated { .. }), "{fault:?}"),
    }
}

#[rstest]
#[case::ordered(Layout::Tables)]
#[case::by_windows(Layout::Search)]
#[tokio::test]
async fn more_rows_of_one_moment_than_a_page_holds_come_all(#[case] layout: Layout) {
    let server = server(layout, 2_600).await;
    let control = server.control();
    let at = open(10).from.as_millisecond();
    for number in 0..2_400 {
        control.set_modified(practice_kind(KIND), &format!("IR{}", 1_000 + number), at).unwrap();
    }
    let found = walk(&client(&server), KIND, open(150), 1_000, || {}).await.unwrap();
    assert_eq!(found.len(), 2_600);
}

#[tokio::test]
async fn a_change_behind_the_cache_comes_with_the_next_look_back() {
    let server = server(Layout::Tables, 300).await;
    let (control, client) = (server.control(), client(&server));
    control.set_cache_seconds(600.0);
    control.set_title(practice_kind(KIND), "IR1007", "stale for a while").unwrap();
    let found = walk(&client, KIND, open(150), 100, || {}).await.unwrap();
    assert_ne!(found["IR1007"].title, "stale for a while");
    control.expire_cache();
    let newest = found.values().map(|item| item.updated_at).max().unwrap().max(Timestamp::now());
    let next = Window { from: newest - client.overlap(), before: None };
    let found = walk(&client, KIND, next, 100, || {}).await.unwrap();
    assert_eq!(found["IR1007"].title, "stale for a while");
    assert!(client.overlap() >= SignedDuration::from_mins(10));
}

#[tokio::test]
async fn too_long_list_is_refused_with_limit() {
    let server = server(Layout::Listing, 21_500).await;
    let Err(Fault::NotBound { what, detail }) = walk(&client(&server), KIND, open(150), 1_000, || {}).await else {
        panic!("it was read through");
    };
    assert_eq!(what, "GET /api/v1/Incident/List");
    assert!(detail.contains("20000"), "{detail}");
}

#[rstest]
#[case::ordered(Layout::Tables)]
#[case::by_windows(Layout::Search)]
#[tokio::test]
async fn a_filter_that_is_ignored_is_noticed(#[case] layout: Layout) {
    let server = server(layout, 3_000).await;
    let client = client(&server);
    walk(&client, KIND, open(3), 500, || {}).await.unwrap();
    server.control().fault(FaultSpec::new(FaultKind::FilterIgnored).times(0));
    let outcome = walk(&client, KIND, open(3), 500, || {}).await;
    assert!(matches!(outcome, Err(Fault::OutOfOrder { .. })), "{outcome:?}");
}

#[tokio::test]
async fn an_order_that_is_broken_is_noticed() {
    let server = server(Layout::Tables, 600).await;
    let client = client(&server);
    walk(&client, KIND, open(3), 100, || {}).await.unwrap();
    server.control().fault(FaultSpec::new(FaultKind::OutOfOrder).times(0));
    let outcome = walk(&client, KIND, open(150), 100, || {}).await;
    assert!(matches!(outcome, Err(Fault::OutOfOrder { .. })), "{outcome:?}");
}

#[rstest]
#[case(Layout::Tables)]
#[case(Layout::Search)]
#[tokio::test]
async fn rows_are_counted_or_said_to_be_uncountable(#[case] layout: Layout) {
    let server = server(layout, 1_234).await;
    let counted = client(&server).count(KIND, open(150)).await.unwrap();
    assert!((1_220..=1_234).contains(&counted), "{counted}");
    let none = Window { from: Timestamp::now() + SignedDuration::from_hours(48), before: None };
    assert_eq!(client(&server).count(KIND, none).await, Ok(0));
}

#[tokio::test]
async fn strange_values_are_kept_as_they_came() {
    let server = server(Layout::Search, 120).await;
    let client = client(&server);
    walk(&client, KIND, open(1), 10, || {}).await.unwrap();
    for fault in [FaultKind::WrongTypes, FaultKind::EscapeSequences] {
        server.control().fault(FaultSpec::new(fault).times(0));
        let found = walk(&client, KIND, open(150), 1_000, || {}).await.unwrap();
        assert_eq!(found.len(), 120);
        assert!(found.values().all(|item| !item.title.contains('\u{1b}') && !item.title.contains('\u{202e}')));
        if fault == FaultKind::WrongTypes {
            assert!(found.values().any(|item| item.state.shown() == "A state nobody knows" && item.title == "4711"));
        }
        server.control().clear_faults();
    }
}
