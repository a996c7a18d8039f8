//! The dashboard's keys.

use std::sync::Arc;

use rstest::rstest;

use crate::model::fault::Fault;
use crate::model::sync::KindReport;
use crate::model::unlisted::Unlisted;
use crate::ui::app::boxes::BoxText;
use crate::ui::app::dashboard::{grid, place};
use crate::ui::app::effect::{Effect, Job};
use crate::ui::app::key::Code;
use crate::ui::app::message::{Message, Outcome};
use crate::ui::app::model::{Model, Notice, Screen};
use crate::ui::app::testing::swept;
use crate::ui::app::update::testing::{Driver, name, noon, summary};

const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

fn focus(model: &Model) -> usize {
    match model.front() {
        Some(Screen::Dashboard(screen)) => screen.focus,
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[case::right(&[Code::Right], 1)]
#[case::down(&[Code::Down], 2)]
#[case::down_and_up(&[Code::Down, Code::Char('k')], 0)]
#[case::up_at_the_top(&[Code::Up], 0)]
#[case::left_at_the_first(&[Code::Left], 0)]
#[case::last(&[Code::Char('G')], 4)]
#[case::down_into_a_short_row(&[Code::Right, Code::Down, Code::Down], 4)]
#[case::down_at_the_bottom_stays_there(&[Code::End, Code::Down], 4)]
#[case::tab_around(&[Code::BackTab, Code::Tab, Code::Tab], 1)]
fn keys_move_the_focus_over_two_columns(#[case] keys: &[Code], #[case] expected: usize) {
    let mut driver = Driver::new(&NAMES, 0);
    driver.send(Message::Resize(100, 44));
    assert_eq!(grid(&driver.model, NAMES.len(), false).columns, 2);
    keys.iter().for_each(|key| drop(driver.press(*key)));
    assert_eq!(focus(&driver.model), expected);
}

#[test]
fn the_focus_stays_on_the_screen() {
    let mut driver = Driver::new(&NAMES, 0);
    for size in [(80, 24), (40, 12), (200, 60), (20, 5), (1, 1)] {
        driver.send(Message::Resize(size.0, size.1));
        for key in [Code::End, Code::Home, Code::Down, Code::Down] {
            driver.press(key);
            let grid = grid(&driver.model, NAMES.len(), false);
            let Some(Screen::Dashboard(screen)) = driver.model.front() else { panic!() };
            let row = screen.focus / grid.columns;
            assert!((screen.top..screen.top + grid.visible).contains(&row), "{size:?} {screen:?} {grid:?}");
        }
    }
}

#[test]
fn enter_opens_the_connection_in_focus_and_esc_comes_back_to_it() {
    let mut driver = Driver::new(&NAMES, 100);
    driver.press(Code::Tab);
    driver.press(Code::Enter);
    assert_eq!(driver.screen().name, name("b"));
    let task = driver.item_tasks()[0];
    assert_eq!(driver.press(Code::Esc), [Effect::Cancel(task)]);
    assert_eq!(focus(&driver.model), 1);
}

#[test]
fn a23_slash_filters_the_connections_and_starts_afresh() {
    let mut driver = Driver::new(&["alpha", "beta", "gamma"], 0);
    let shown = |driver: &Driver| {
        let Some(Screen::Dashboard(screen)) = driver.model.front() else { panic!() };
        let place = place(&driver.model, screen);
        place.shown.iter().map(|entry| entry.connection.name.to_string()).collect::<Vec<_>>()
    };
    driver.type_text("/bet");
    assert_eq!(shown(&driver), ["beta"]);
    driver.press(Code::Enter);
    driver.type_text("/");
    assert_eq!(shown(&driver).len(), 3, "the words from before are gone");
    driver.type_text("servicenow GAM");
    assert_eq!(shown(&driver), ["gamma"]);
    driver.press(Code::Enter);
    driver.press(Code::Enter);
    assert_eq!(driver.screen().name, name("gamma"));
    driver.press(Code::Esc);
    assert_eq!(shown(&driver), ["gamma"], "the filter stays");
    driver.press(Code::Esc);
    assert_eq!((shown(&driver).len(), focus(&driver.model)), (3, 2));
}

#[test]
fn b4_what_fails_comes_first_and_the_focus_stays_on_its_connection() {
    let mut driver = Driver::new(&["a", "b", "c"], 0);
    driver.press(Code::Right);
    driver.press(Code::Down);
    let shown = |driver: &Driver| {
        let Some(Screen::Dashboard(screen)) = driver.model.front() else { panic!() };
        let place = place(&driver.model, screen);
        let names = place.shown.iter().map(|entry| entry.connection.name.to_string()).collect::<String>();
        (names, place.focus)
    };
    let before = shown(&driver);
    assert_eq!(before.0, "abc");
    driver.send(Message::StoreChanged);
    let mut failing = summary(noon());
    let out = Fault::SignedOut { connection: "c".into() };
    failing.last_sync.iter_mut().for_each(|sync| (sync.fault, sync.complete) = (Some(out.clone()), false));
    driver.bring(&Job::LoadSummary(name("c")), Outcome::Summary(name("c"), Ok(Box::new(failing))));
    let (order, now) = shown(&driver);
    assert_eq!(order, "cab");
    assert_eq!(before.0.as_bytes()[before.1], order.as_bytes()[now]);
    driver.type_text("i");
    let told = |fault: &Fault| matches!(fault, Fault::SignedOut { connection } if connection == "c");
    let front = driver.model.front();
    assert!(
        matches!(front, Some(Screen::TextBox(shown)) if matches!(&shown.text, BoxText::Fault(fault) if told(fault)))
    );
}

#[test]
fn what_the_config_file_lost_is_looked_for_with_each_reading_and_shown_in_full() {
    let mut driver = Driver::new(&["a"], 0);
    assert!(driver.running.values().any(|job| *job == Job::LoadUnlisted));
    let lost = vec![Unlisted::Connection(name("lost"))];
    driver.bring(&Job::LoadUnlisted, Outcome::Unlisted(Ok(lost.clone())));
    let Some(Screen::Dashboard(screen)) = driver.model.front() else { panic!() };
    assert_eq!(place(&driver.model, screen).lost, 1);
    driver.send(Message::StoreChanged);
    assert!(driver.running.values().any(|job| *job == Job::LoadUnlisted), "it may have been removed elsewhere");
    driver.type_text("i");
    let front = driver.model.front();
    assert!(matches!(front, Some(Screen::TextBox(shown)) if shown.text == BoxText::Unlisted(lost)));
}

#[test]
fn without_a_fault_there_is_none_to_show_in_full() {
    let mut driver = Driver::new(&["a"], 0);
    assert_eq!(driver.type_text("i"), []);
    assert!(matches!(driver.model.front(), Some(Screen::Dashboard(_))));
}

#[test]
fn s_syncs_one_and_capital_s_all_that_do_not_run_yet() {
    let mut driver = Driver::new(&["a", "b", "c"], 0);
    assert_eq!(driver.type_text("s").len(), 1);
    assert_eq!(driver.type_text("s"), [], "it runs already");
    assert_eq!(driver.type_text("S").len(), 2);
}

#[test]
fn a_config_that_cannot_be_read_is_read_again_on_demand() {
    let mut driver = Driver::new(&["a"], 0);
    let fault = Fault::ConfigDamaged { path: "config.toml".into(), kept_as: None, reason: "line 3".into() };
    crate::ui::app::update::start(&mut driver.model);
    driver.send(Message::Outcome(crate::ui::app::effect::TaskId(driver.model.last_task), Outcome::Config(Err(fault))));
    assert_eq!(driver.model.entries().len(), 1, "what was there stays");
    driver.type_text("i");
    let front = driver.model.front();
    assert!(
        matches!(front, Some(Screen::TextBox(shown)) if matches!(shown.text, BoxText::Fault(Fault::ConfigDamaged { .. })))
    );
    driver.press(Code::Esc);
    assert!(matches!(driver.type_text("r")[..], [Effect::Run(_, Job::LoadConfig)]));
}

#[test]
fn the_focus_falls_back_when_connections_go() {
    let mut driver = Driver::new(&NAMES, 0);
    driver.press(Code::End);
    let effects = crate::ui::app::update::start(&mut driver.model);
    driver.take(effects);
    let two = vec![crate::ui::app::update::testing::connection("a"), crate::ui::app::update::testing::connection("b")];
    driver.bring(&Job::LoadConfig, Outcome::Config(Ok((Default::default(), two))));
    assert_eq!(focus(&driver.model), 1);
}

#[test]
fn v_verifies_the_connection_in_focus_and_y_teaches_the_command() {
    let mut driver = Driver::new(&["a", "b"], 0);
    let job = Job::Verify(name("a"));
    driver.press(Code::Char('v'));
    let task = driver.task(&job);
    assert!(driver.entry("a").sync.verifies && driver.entry("a").sync.task == Some(task));
    for key in ['v', 's'] {
        assert!(driver.press(Code::Char(key)).is_empty(), "one runs already");
    }
    let copied = |effects: &[Effect]| effects.contains(&Effect::Copy("itsmc verify a".to_owned()));
    assert!(copied(&driver.press(Code::Char('y'))));
    driver.press(Code::Esc);

    driver.bring(&job, Outcome::Synced(Ok(Arc::new([swept("a")]))));
    let Some(Notice::Verified(_, found)) = &driver.model.notice else { panic!("{:?}", driver.model.notice) };
    assert_eq!(found.iter().map(|(_, record)| record.removed).collect::<Vec<_>>(), [3]);
    assert!(copied(&driver.press(Code::Char('y'))));
    driver.press(Code::Esc);
    driver.press(Code::Char('s'));
    assert!(!driver.entry("a").sync.verifies);
    assert!(!copied(&driver.press(Code::Char('y'))));
}

#[test]
fn v_verifies_the_connection_that_is_open() {
    let mut driver = Driver::opened(10);
    driver.press(Code::Char('v'));
    let job = Job::Verify(name("contoso"));
    let effects = driver.press(Code::Char('y'));
    assert!(effects.contains(&Effect::Copy("itsmc verify contoso".to_owned())));
    driver.press(Code::Esc);
    driver.press(Code::Char('x'));
    assert!(driver.cancelled.contains(&driver.task(&job)));
    driver.bring(&job, Outcome::Synced(Err(Fault::Interrupted)));
    assert_eq!(driver.model.notice, None, "whoever stops it knows");
}

#[test]
fn a_verification_that_was_not_made_tells_why() {
    let ended = |answer| {
        let mut driver = Driver::new(&["a"], 0);
        driver.press(Code::Char('v'));
        driver.bring(&Job::Verify(name("a")), Outcome::Synced(answer));
        driver.model.notice.clone()
    };
    let locked = Fault::Locked { path: "/a.lock".into(), pid: Some(7) };
    assert_eq!(ended(Err(locked.clone())), Some(Notice::Fault(locked)));
    let without = KindReport { sweep: None, ..swept("a") };
    assert_eq!(ended(Ok(Arc::new([without.clone()]))), Some(Notice::NotVerifiable(name("a"))));
    let fault = Fault::Internal { what: "a sweep".into() };
    let stopped = KindReport { sweep_fault: Some(fault.clone()), ..without };
    assert_eq!(ended(Ok(Arc::new([stopped]))), Some(Notice::Fault(fault)));
}

#[test]
fn b5_what_somebody_else_stored_is_counted_anew() {
    let mut driver = Driver::new(&["a", "b"], 0);
    driver.type_text("s");
    let (a, b) = (Job::LoadSummary(name("a")), Job::LoadSummary(name("b")));
    let asked = driver.send(Message::StoreChanged);
    assert!(matches!(&asked[..], [Effect::Run(_, job)] if *job == b), "the sync of a counts by itself: {asked:?}");
    assert_eq!(driver.send(Message::StoreChanged), [], "the answer is on its way");
    let counts = || Outcome::Summary(name("b"), Ok(Box::new(summary(noon()))));
    let again = driver.bring(&b, counts());
    assert!(matches!(&again[..], [Effect::Run(_, job)] if *job == b), "it may be older than the change: {again:?}");
    assert_eq!(driver.bring(&b, counts()), []);
    assert!(!driver.running.values().any(|job| *job == a));
}

#[test]
fn b5_r_reads_config_and_counts_again_at_any_time() {
    let mut driver = Driver::new(&["a"], 0);
    assert!(matches!(driver.type_text("r")[..], [Effect::Run(_, Job::LoadConfig)]));
}

/// How many times the numbers of the charts were asked for.
fn asked_for_charts(driver: &Driver) -> usize {
    driver.effects.iter().filter(|effect| matches!(effect, Effect::Run(_, Job::LoadOverview))).count()
}

/// Somebody stores something, and the counts are read again.
fn change(driver: &mut Driver) {
    driver.send(Message::StoreChanged);
    for name in driver.model.names() {
        driver.bring(&Job::LoadSummary(name.clone()), Outcome::Summary(name, Ok(Box::new(summary(noon())))));
    }
}

fn bring_charts(driver: &mut Driver) {
    driver.bring(&Job::LoadOverview, Outcome::Overview(Ok(Box::default())));
}

#[test]
fn a14_charts_are_read_only_where_they_are_shown_and_after_a_change() {
    let mut driver = Driver::new(&["contoso", "fabrikam"], 0);
    change(&mut driver);
    assert_eq!(asked_for_charts(&driver), 0, "80x24 has no room for them");
    driver.send(Message::Resize(120, 60));
    driver.send(Message::Resize(121, 60));
    assert_eq!(asked_for_charts(&driver), 1);
    bring_charts(&mut driver);
    driver.wait(30);
    driver.press(Code::Down);
    assert_eq!(asked_for_charts(&driver), 1, "nothing was stored");
    change(&mut driver);
    assert_eq!(asked_for_charts(&driver), 2, "both connections changed, and one job tells of both");
    bring_charts(&mut driver);
    assert_eq!(asked_for_charts(&driver), 3, "the second change came after the job was started");
    bring_charts(&mut driver);
    assert_eq!(asked_for_charts(&driver), 3);
}

#[test]
fn a14_charts_under_another_screen_wait_until_it_closes() {
    let mut driver = Driver::new(&["contoso"], 0);
    driver.send(Message::Resize(200, 60));
    bring_charts(&mut driver);
    driver.press(Code::Enter);
    change(&mut driver);
    assert_eq!(asked_for_charts(&driver), 1);
    driver.press(Code::Esc);
    assert_eq!(asked_for_charts(&driver), 2);
}

#[rstest]
#[case::two_tiles((120, 40), 2, true)]
#[case::four_tiles((120, 40), 4, true)]
#[case::a_list((120, 40), 14, true)]
#[case::large((200, 60), 4, true)]
#[case::a_long_list((200, 60), 14, true)]
#[case::usual((80, 24), 1, false)]
#[case::high_and_narrow((80, 60), 1, false)]
#[case::wide_and_low((200, 20), 2, false)]
fn a14_wide_terminals_have_charts_and_every_line_is_used(
    #[case] size: (u16, u16),
    #[case] connections: usize,
    #[case] charts: bool,
) {
    let names: Vec<_> = (0..connections).map(|nth| format!("c{nth}")).collect();
    let mut driver = Driver::new(&names.iter().map(String::as_str).collect::<Vec<_>>(), 0);
    driver.send(Message::Resize(size.0, size.1));
    let Some(Screen::Dashboard(screen)) = driver.model.front() else { panic!() };
    let place = place(&driver.model, screen);
    assert_eq!(place.below.charts > 0, charts, "{place:?}");
    let rows = u16::try_from(place.grid.rows.min(place.grid.visible)).unwrap();
    let above = if place.grid.is_list { rows + 1 } else { rows * place.grid.tile_height };
    let below = place.below;
    assert_eq!(above + below.tile + below.status + below.charts + below.lists + below.impact, size.1 - 2, "{place:?}");
}

#[test]
fn a28_a_click_on_a_key_of_the_footer_does_what_it_does() {
    let mut driver = Driver::new(&NAMES, 0);
    driver.send(Message::Click(1, 23));
    assert_eq!(driver.screen().name, name("a"), "the first key of the footer opens");
    driver.press(Code::Esc);
    driver.send(Message::Click(75, 23));
    assert!(matches!(driver.model.front(), Some(Screen::TextBox(_))), "help stands at the right end");
    driver.press(Code::Esc);
    driver.type_text("m");
    assert_eq!((driver.model.mouse, driver.model.notice.clone()), (true, Some(Notice::Mouse(true))));
    driver.send(Message::Click(75, 23));
    assert!(driver.model.notice.is_none() && matches!(driver.model.front(), Some(Screen::Dashboard(_))));
}
