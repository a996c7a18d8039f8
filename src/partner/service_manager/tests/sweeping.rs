//! A sweep lists everything in scope, and tells what became of a single row.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;

use crate::model::fault::Fault;
use crate::model::sweep::{Found, SweepRequest};
use crate::model::sync::Window;
use crate::model::work_item::WorkItemKind;
use crate::partner::Partner as _;
use crate::partner::service_manager::ServiceManager;
use crate::partner::service_manager::testing::{client, server};
use crate::partner::testing::practice_kind;
use itsmc_practice::service_manager::{Control, FaultKind, FaultSpec, Layout};

const KIND: WorkItemKind = WorkItemKind::Incident;

async fn swept(client: &ServiceManager) -> BTreeMap<String, Timestamp> {
    let window = Window { from: Timestamp::now() - SignedDuration::from_hours(24 * 150), before: None };
    let (mut after, mut found) = (None, BTreeMap::new());
    loop {
        let request = SweepRequest { kind: KIND, window, after };
        let page = client.sweep().unwrap().marks(&request).await.unwrap();
        found.extend(page.marks.into_iter().map(|mark| (mark.source_id, mark.changed.unwrap())));
        let Some(next) = page.next else { return found };
        after = Some(next);
    }
}

fn truth(control: &Control) -> BTreeMap<String, Timestamp> {
    let rows = control.rows(practice_kind(KIND)).into_iter();
    rows.map(|row| (row.base_id, Timestamp::from_millisecond(row.modified).unwrap())).collect()
}

#[rstest]
#[case(Layout::Tables)]
#[case(Layout::Search)]
#[case(Layout::Since)]
#[case(Layout::Listing)]
#[case(Layout::Untyped)]
#[case(Layout::Dictionary)]
#[tokio::test]
async fn a_sweep_lists_every_row_in_scope_once(#[case] layout: Layout) {
    let server = server(layout, 2_345).await;
    let (client, control) = (client(&server), server.control());
    assert_eq!(swept(&client).await, truth(&control));
    control.remove(practice_kind(KIND), "IR1500").unwrap();
    // Behind its back, without another time of change.
    assert_eq!(swept(&client).await, truth(&control));
}

#[rstest]
#[case::by_its_route(Layout::Tables)]
#[case::by_spans(Layout::Search)]
#[case::by_its_change(Layout::Since)]
#[case::out_of_the_list(Layout::Listing)]
#[tokio::test]
async fn a_row_is_read_by_its_id_and_one_that_is_gone_is_told(#[case] layout: Layout) {
    let server = server(layout, 900).await;
    let (client, control) = (client(&server), server.control());
    let all = swept(&client).await;
    let rows = control.rows(practice_kind(KIND));
    let ids: Vec<_> = rows.iter().step_by(100).map(|row| row.base_id.clone()).collect();
    control.remove(practice_kind(KIND), &rows[0].id).unwrap();
    control.set_title(practice_kind(KIND), &rows[100].id, "another title").unwrap();
    assert_eq!(all.len(), 900);
    swept(&client).await;
    let found = client.sweep().unwrap().fetch(KIND, &ids).await.unwrap();
    assert_eq!(found.iter().map(|(id, _)| id).collect::<Vec<_>>(), ids.iter().collect::<Vec<_>>());
    assert_eq!(found[0].1, Found::Gone);
    let Found::Item(changed) = &found[1].1 else { panic!("{:?}", found[1]) };
    assert_eq!((changed.number.as_str(), changed.title.as_str()), (rows[100].id.as_str(), "another title"));
    assert!(found[2..].iter().all(|(id, found)| matches!(found, Found::Item(item) if item.source_id == *id)));
}

/// A web app that swallows its errors answers as if there were no rows: then everything that is stored would be removed, and a ticket
/// that is there opened again.
#[rstest]
#[case::by_its_route(Layout::Tables)]
#[case::out_of_the_list(Layout::Listing)]
#[tokio::test]
async fn of_a_web_app_that_shows_nothing_at_all_no_row_is_gone(#[case] layout: Layout) {
    let server = server(layout, 60).await;
    let (client, control) = (client(&server), server.control());
    let ids: Vec<_> = swept(&client).await.into_keys().collect();
    // The route is known by now.
    assert!(matches!(client.sweep().unwrap().fetch(KIND, &ids[..1]).await.unwrap()[0].1, Found::Item(_)));
    control.fault(FaultSpec::new(FaultKind::NoContent).times(0));
    let found = client.sweep().unwrap().fetch(KIND, &ids).await.unwrap();
    assert!(found.len() == 60 && found.iter().all(|(_, one)| *one == Found::Unknown), "{found:?}");
    control.clear_faults();
    control.fault(FaultSpec::new(FaultKind::Empty).times(0));
    let empty = client.sweep().unwrap().fetch(KIND, &ids).await.unwrap_err();
    assert!(matches!(empty, Fault::Truncated { .. }), "{empty:?}");
    control.clear_faults();
    control.remove(practice_kind(KIND), &control.rows(practice_kind(KIND))[0].id).unwrap();
    let found = client.sweep().unwrap().fetch(KIND, &ids).await.unwrap();
    assert_eq!(found.iter().filter(|(_, one)| *one == Found::Gone).count(), 1, "what is gone is told again");
}

#[tokio::test]
async fn sweep_finds_change_cached_longer_than_overlap() {
    let server = server(Layout::Tables, 300).await;
    let (control, client) = (server.control(), client(&server));
    control.set_cache_seconds(3_600.0);
    control.set_title(practice_kind(KIND), "IR1007", "stale for an hour").unwrap();
    // What a sync of now stores of it is what was before; its watermark is far behind the change an hour later.
    let before = swept(&client).await;
    control.expire_cache();
    let after = swept(&client).await;
    let differing: Vec<_> = after.iter().filter(|(id, at)| before.get(*id) != Some(at)).collect();
    assert_eq!(differing.len(), 1);
    let ids = vec![differing[0].0.clone()];
    let found = client.sweep().unwrap().fetch(KIND, &ids).await.unwrap();
    assert!(matches!(&found[0].1, Found::Item(item) if item.title == "stale for an hour"), "{found:?}");
}
