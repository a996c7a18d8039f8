//! The window that slides over the table of work items.

use proptest::prelude::*;
use rstest::rstest;

use crate::model::fault::Fault;
use crate::model::items::ItemKey;
use crate::ui::app::connection::{ConnectionAction as Do, table_height};
use crate::ui::app::key::{Code, Key};
use crate::ui::app::message::{Message, Outcome};
use crate::ui::app::motion::Motion;
use crate::ui::app::news::News;
use crate::ui::app::screens::Action;
use crate::ui::app::table::Position;
use crate::ui::app::update::testing::{Driver, name};

fn held(driver: &Driver) -> Vec<ItemKey> {
    driver.screen().table.rows().iter().map(|row| row.key).collect()
}

/// What is held is one piece of the store, and the position says which.
fn assert_one_piece(driver: &Driver) {
    let held = held(driver);
    let Position::Exactly(nth) = driver.screen().table.position() else {
        panic!("{:?}", driver.screen().table.position());
    };
    let from = usize::try_from(nth).unwrap() - 1 - driver.screen().table.cursor();
    assert_eq!(held, driver.store.keys[from..from + held.len()]);
}

/// Presses a key until `until` is reached or nothing moves; returns the most rows held on the way.
fn walk(driver: &mut Driver, key: Code, until: u64) -> usize {
    let mut held = 0;
    loop {
        let before = driver.screen().table.position();
        driver.press(key);
        driver.serve();
        assert_one_piece(driver);
        held = held.max(driver.screen().table.rows().len());
        let (Position::Exactly(from), Position::Exactly(to)) = (before, driver.screen().table.position()) else {
            panic!("{before:?}");
        };
        assert!(from.abs_diff(to) < table_height(&driver.model) as u64, "no row is jumped over");
        if from == to || from.min(to) <= until && until <= from.max(to) {
            return held;
        }
    }
}

#[test]
fn a_million_rows_are_walked_down_and_up_without_gap_or_doubling() {
    let mut driver = Driver::opened(1_000_000);
    driver.send(Message::Resize(80, 205));
    driver.serve();
    let down = walk(&mut driver, Code::PageDown, 1_000_000);
    assert_eq!(driver.screen().table.position(), Position::Exactly(1_000_000));
    let up = walk(&mut driver, Code::PageUp, 950_000);
    assert!(down.max(up) <= 20 * table_height(&driver.model), "{down} and {up} rows held");
}

#[test]
fn both_ends_are_one_key_away() {
    let mut driver = Driver::opened(1_000_000);
    driver.press(Code::End);
    driver.serve();
    assert_eq!(driver.screen().table.position(), Position::Exactly(1_000_000));
    driver.press(Code::Up);
    driver.serve();
    assert_eq!(driver.screen().table.position(), Position::Exactly(999_999));
    assert_one_piece(&driver);
    driver.type_text("g");
    driver.serve();
    assert_eq!(driver.screen().table.position(), Position::Exactly(1));
    assert_one_piece(&driver);
}

#[test]
fn rows_are_asked_for_before_the_edge_is_reached() {
    let mut driver = Driver::opened(10_000);
    let height = table_height(&driver.model);
    while driver.item_tasks().is_empty() {
        driver.press(Code::Down);
    }
    let table = &driver.screen().table;
    assert!(
        table.rows().len() - table.cursor() > height,
        "asked with {} rows left",
        table.rows().len() - table.cursor()
    );
}

#[test]
fn a_key_moves_at_once_while_rows_are_on_their_way() {
    let mut driver = Driver::opened(10_000);
    for _ in 0..100 {
        driver.press(Code::Down);
    }
    let table = &driver.screen().table;
    assert_eq!(table.cursor(), table.rows().len() - 1, "it goes as far as rows are held");
    assert_eq!(driver.item_tasks().len(), 1, "and asks once");
}

#[test]
fn a_late_answer_changes_nothing() {
    let mut driver = Driver::opened(10_000);
    driver.press(Code::End);
    let late = driver.item_tasks()[0];
    driver.press(Code::Home);
    assert!(driver.cancelled.contains(&late));
    driver.serve();
    let before = driver.screen().clone();
    let window = driver.store.window(&before.filter, crate::model::items::Seek::Last, 60);
    driver.send(Message::Outcome(late, Outcome::Items(Ok(window))));
    assert_eq!(*driver.screen(), before);
}

#[test]
fn the_place_stays_when_newer_rows_come() {
    let mut driver = Driver::opened(5_000);
    for _ in 0..40 {
        driver.press(Code::PageDown);
        driver.serve();
    }
    let (selected, line) = {
        let table = &driver.screen().table;
        (table.selected().unwrap().key, table.cursor() - table.top())
    };
    (0..100).for_each(|_| driver.store.add());
    driver.type_text("s");
    driver.send(Message::Outcome(driver.sync_task("contoso"), Outcome::Synced(Ok([].into()))));
    driver.serve();
    let table = &driver.screen().table;
    assert_eq!((table.selected().unwrap().key, table.cursor() - table.top()), (selected, line));
    let nth = driver.store.keys.iter().position(|key| *key == selected).unwrap() as u64 + 1;
    assert_eq!(table.position(), Position::About(nth));
}

#[test]
fn who_reads_the_newest_row_sees_newer_ones_come() {
    let mut driver = Driver::opened(5_000);
    driver.store.add();
    driver.type_text("r");
    driver.serve();
    assert_eq!(driver.screen().table.selected().unwrap().key, driver.store.keys[0]);
    assert_one_piece(&driver);
}

#[test]
fn a_failure_is_told_and_not_repeated_until_a_key_asks() {
    let mut driver = Driver::opened(10_000);
    while driver.item_tasks().is_empty() {
        driver.press(Code::Down);
    }
    let task = driver.item_tasks()[0];
    driver.running.remove(&task);
    let fault = Fault::Internal { what: "test".into() };
    assert_eq!(driver.send(Message::Outcome(task, Outcome::Items(Err(fault.clone())))), []);
    assert_eq!(driver.screen().table.fault(), Some(&fault));
    driver.press(Code::Down);
    driver.serve();
    assert_eq!(driver.screen().table.fault(), None);
    assert_one_piece(&driver);
}

#[rstest]
#[case::empty(0)]
#[case::one(1)]
#[case::less_than_a_screen(5)]
fn short_tables_are_whole(#[case] rows: u64) {
    let mut driver = Driver::opened(rows);
    for key in [Code::Down, Code::PageDown, Code::End, Code::Up, Code::PageUp, Code::Home, Code::End] {
        driver.press(key);
        assert_eq!(driver.item_tasks(), []);
    }
    let table = &driver.screen().table;
    assert_eq!((table.rows().len() as u64, table.cursor() as u64), (rows, rows.saturating_sub(1)));
    assert!(table.is_loaded());
}

#[derive(Debug, Clone)]
enum Step {
    Act(Do),
    Answer(usize),
    Fail(usize),
    Touch(usize),
    Add,
    Refresh,
    Resize(u16),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (-3isize..4).prop_map(|rows| Step::Act(Do::Go(Motion::By(rows)))),
        6 => (-2isize..3).prop_map(|screens| Step::Act(Do::Go(Motion::Pages(screens)))),
        1 => Just(Step::Act(Do::Go(Motion::First))),
        1 => Just(Step::Act(Do::Go(Motion::Last))),
        10 => (0usize..3).prop_map(Step::Answer),
        1 => (0usize..3).prop_map(Step::Fail),
        2 => (0usize..600).prop_map(Step::Touch),
        1 => Just(Step::Add),
        2 => Just(Step::Refresh),
        1 => (0u16..60).prop_map(Step::Resize),
    ]
}

fn take(driver: &mut Driver, step: Step) {
    let nth = |driver: &Driver, n: usize| driver.item_tasks().get(n).copied();
    match step {
        Step::Act(action) => {
            let effects = crate::ui::app::update::ask_for(&mut driver.model, Action::Connection(action));
            driver.take(effects);
        }
        Step::Answer(n) => nth(driver, n).into_iter().for_each(|task| driver.answer_items(task)),
        Step::Fail(n) => {
            if let Some(task) = nth(driver, n) {
                driver.running.remove(&task);
                driver.send(Message::Outcome(task, Outcome::Failed(Fault::Interrupted)));
            }
        }
        Step::Touch(at) => driver.store.touch(at % driver.store.keys.len()),
        Step::Add => driver.store.add(),
        Step::Refresh => {
            let effects = crate::ui::app::update::tell(&mut driver.model, &News::Synced(name("contoso")));
            driver.take(effects);
        }
        Step::Resize(rows) => drop(driver.send(Message::Resize(80, rows))),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever happens in whatever order, rows stand in order, none twice; and once everything is read again
    /// and answered, what is held is one piece of the store.
    #[test]
    fn rows_stay_in_order_and_single(steps in prop::collection::vec(step(), 1..120)) {
        let mut driver = Driver::opened(600);
        for step in steps {
            take(&mut driver, step);
            let held = held(&driver);
            prop_assert!(held.windows(2).all(|pair| pair[0] > pair[1]));
            let mut ids: Vec<_> = held.iter().map(|key| key.row_id).collect();
            ids.sort_unstable();
            ids.dedup();
            prop_assert_eq!(ids.len(), held.len());
            let (table, height) = (&driver.screen().table, table_height(&driver.model));
            prop_assert!(table.rows().is_empty() || table.cursor() < table.rows().len());
            prop_assert!(table.top() <= table.cursor() && table.cursor() < table.top() + height);
        }
        take(&mut driver, Step::Refresh);
        driver.serve();
        let held = held(&driver);
        let from = driver.store.keys.iter().position(|key| Some(key) == held.first());
        prop_assert_eq!(from.map(|from| &driver.store.keys[from..from + held.len()]), Some(&held[..]));
        driver.send(Message::Key(Key::char('g')));
        driver.serve();
        assert_one_piece(&driver);
    }
}

#[test]
fn a23_a_second_search_starts_afresh() {
    let mut driver = Driver::opened(100);
    driver.type_text("/1q");
    driver.press(Code::Enter);
    driver.type_text("/");
    assert_eq!((driver.screen().filter.find.as_str(), driver.screen().search), ("", Some(0)));
    driver.type_text("2");
    assert_eq!(driver.screen().filter.find, "2");
}
