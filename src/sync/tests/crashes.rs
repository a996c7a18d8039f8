//! The engine is dropped wherever it stands; the next one goes on.

use std::collections::VecDeque;

use proptest::prelude::*;

use super::server::{Act, Sight};
use super::*;

/// Runs a sync and drops it when the server has answered `pages` pages.
async fn crash_after(rig: &Rig, pages: usize) {
    rig.server.play((0..pages).map(|_| Act::Answer));
    rig.server.play((0..8).map(|_| Act::Hang));
    let sync = rig.start(false, CancellationToken::new());
    tokio::select! {
        _ = sync => {}
        () = rig.server.hanging.notified() => {}
    }
    *rig.server.script.lock().unwrap() = VecDeque::new();
}

#[tokio::test]
async fn a_crash_between_any_two_pages_loses_and_doubles_nothing() {
    let rig = Rig::new(rows(220));
    rig.sync_well().await;
    let whole = rig.server.pages_asked().len();
    for pages in 0..=whole {
        let rig = Rig::new(rows(220));
        crash_after(&rig, pages).await;
        rig.sync_well().await;
        rig.assert_equals_the_server().await;
    }
}

#[tokio::test]
async fn a_crash_at_every_page_still_comes_to_an_end() {
    let rig = Rig::new(rows(220));
    let mut asked = 0;
    while rig.store.sync_state(&contoso(), INCIDENT).await.unwrap().watermark.is_none() {
        crash_after(&rig, 2).await;
        asked += rig.server.pages_asked().len();
        assert!(asked < 500, "it does not get on");
    }
    rig.assert_equals_the_server().await;
}

/// A table, how it is paged, and what happens between the runs.
#[derive(Debug, Clone)]
struct Story {
    rows: Vec<Row>,
    page_limit: u32,
    in_flight: usize,
    cap: u32,
    tells_total: bool,
    /// Pages until a crash, and the rows that change before the next run.
    runs: Vec<(usize, Vec<usize>)>,
    /// Rows that change while a page is asked for.
    meanwhile: Vec<Option<usize>>,
}

fn any_row() -> impl Strategy<Value = (i64, Sight)> {
    let sight = prop_oneof![8 => Just(Sight::Seen), 1 => Just(Sight::Gone), 1 => Just(Sight::Blank)];
    // Few distinct stamps, in clusters, over the whole scope.
    ((0..6i64, 0..8i64).prop_map(|(cluster, second)| NOW - 29 * 86_400 + cluster * 400_000 + second), sight)
}

fn any_story() -> impl Strategy<Value = Story> {
    let rows = prop::collection::vec(any_row(), 0..120).prop_map(|rows| {
        let row = |(n, (changed, sight))| Row { sight, ..Row::new(n, changed) };
        (0..).zip(rows).map(row).collect::<Vec<_>>()
    });
    let runs = prop::collection::vec((0..12usize, prop::collection::vec(0..120usize, 0..6)), 0..5);
    let meanwhile = prop::collection::vec(prop::option::of(0..120usize), 0..20);
    (rows, 10..30u32, 1..5usize, prop_oneof![3 => Just(u32::MAX), 1 => 3..9u32], any::<bool>(), runs, meanwhile)
        .prop_map(|(rows, page_limit, in_flight, cap, tells_total, runs, meanwhile)| Story {
            rows: if tells_total { rows } else { rows.into_iter().map(visible).collect() },
            page_limit,
            in_flight,
            // A page that is empty because of a cap and hidden rows at once cannot be passed over rightly.
            cap: if tells_total { u32::MAX } else { cap },
            tells_total,
            runs,
            meanwhile,
        })
}

/// Without totals a page of rows that are gone looks like the end.
fn visible(row: Row) -> Row {
    Row { sight: if row.sight == Sight::Gone { Sight::Seen } else { row.sight }, ..row }
}

fn touch(rows: &mut [Row], n: usize, second: i64) {
    let count = rows.len().max(1);
    if let Some(row) = rows.get_mut(n % count) {
        row.changed = second;
        row.title += "+";
    }
}

async fn live_through(story: Story) {
    let mut rig = Rig::new(story.rows);
    rig.settings.page_limit = story.page_limit;
    rig.settings.in_flight = story.in_flight;
    *rig.server.cap.lock().unwrap() = story.cap;
    *rig.server.tells_total.lock().unwrap() = story.tells_total;
    for (second, (pages, changes)) in (NOW..).step_by(100).zip(story.runs) {
        *rig.clock.now.lock().unwrap() = at(second + 50);
        crash_after(&rig, pages).await;
        rig.server.change(|rows| changes.into_iter().for_each(|n| touch(rows, n, second + 60)));
    }
    let last = NOW + 1_000;
    *rig.clock.now.lock().unwrap() = at(last);
    rig.server.play(story.meanwhile.into_iter().map(|n| match n {
        Some(n) => Act::Change(Box::new(move |rows: &mut Vec<Row>| touch(rows, n, last + 1))),
        None => Act::Answer,
    }));
    rig.sync_well().await;
    *rig.server.script.lock().unwrap() = VecDeque::new();
    rig.sync_well().await;
    rig.assert_equals_the_server().await;
    let quiet = rig.sync_well().await;
    assert_eq!((quiet.inserted, quiet.updated), (0, 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_happens_the_store_ends_up_equal(story in any_story()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(live_through(story));
    }
}
