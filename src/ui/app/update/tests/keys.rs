//! Keys mean the same on every screen, and `y` names the command of what is in front.

use rstest::rstest;

use super::administration::{listed, with_admin};
use crate::model::checklist::ChecklistItem;
use crate::model::fix::Fix;
use crate::ui::app::connection::Tab;
use crate::ui::app::effect::{Effect, Job, TestSubject};
use crate::ui::app::key::{Code, Key};
use crate::ui::app::keymap::{self, Group};
use crate::ui::app::message::{Event, Message, Outcome};
use crate::ui::app::model::Screen;
use crate::ui::app::testing::{changes, checklist, done};
use crate::ui::app::update::testing::{Driver, name};

fn shown(driver: &mut Driver) -> String {
    driver.send(Message::Key(Key::ctrl('y')));
    let Some(Screen::CommandBox(shown)) = driver.model.front() else { panic!("no command in front") };
    let command = shown.command.clone();
    driver.press(Code::Esc);
    command
}

fn is_testing(driver: &Driver) -> bool {
    let is_step = |job: &Job| matches!(job, Job::TestStep(TestSubject::Saved(_), _));
    driver.screen().tab == Tab::Test && driver.running.values().any(is_step)
}

#[test]
fn a26_q_goes_up_and_ends_the_program_on_the_dashboard() {
    let mut driver = Driver::opened(3);
    driver.press(Code::Enter);
    assert!(driver.screen().detail.is_some());
    driver.type_text("?q");
    assert!(driver.screen().detail.is_some() && matches!(driver.model.front(), Some(Screen::Connection(_))));
    driver.type_text("q");
    assert!(driver.screen().detail.is_none());
    driver.type_text("/q");
    assert_eq!(driver.screen().filter.find, "q", "in a text field it types");
    driver.press(Code::Esc);
    driver.type_text("qq");
    assert!(matches!(driver.model.front(), Some(Screen::Dashboard(_))));
    assert_eq!(driver.type_text("q"), [Effect::Quit(0)]);
}

#[rstest]
#[case::from_the_dashboard("qt")]
#[case::from_the_table("t")]
#[case::from_the_checklist("\t\t\tt")]
fn a25_t_tests_from_everywhere(#[case] keys: &str) {
    let mut driver = Driver::opened(3);
    keys.chars().for_each(|c| drop(if c == '\t' { driver.press(Code::Tab) } else { driver.type_text(&c.to_string()) }));
    assert!(is_testing(&driver));
}

#[test]
fn a25_t_tests_again_on_the_tab_of_the_test() {
    let mut driver = Driver::opened(3);
    driver.type_text("tx");
    assert!(!is_testing(&driver), "it was stopped");
    driver.type_text("t");
    assert!(is_testing(&driver));
}

#[test]
fn a12_d_removes_the_connection_on_every_tab_and_marks_nothing() {
    let mut driver = listed();
    driver.type_text("d");
    assert!(driver.model.question().is_some() && driver.screen().tokens.marked.is_empty());
    driver.press(Code::Esc);
    driver.type_text(" ");
    assert_eq!(driver.screen().tokens.marked.len(), 1);
}

#[test]
fn a29_y_names_the_work_item_that_is_shown() {
    let mut driver = Driver::opened(3);
    driver.press(Code::Enter);
    let item = super::connection::item("INC0012864", "It does not print.");
    let row_id = driver.screen().detail.as_ref().unwrap().row_id;
    driver.bring(&Job::LoadItem { row_id }, Outcome::Item(Ok(Some(Box::new(item)))));
    assert_eq!(shown(&mut driver), "itsmc items contoso --find INC0012864");
    driver.press(Code::Esc);
    assert_eq!(shown(&mut driver), "itsmc items contoso");
}

#[test]
fn a29_y_names_the_tokens_that_are_to_be_revoked() {
    let mut driver = listed();
    driver.type_text(" ");
    let tokens: Vec<_> = driver.screen().tokens.marked.iter().cloned().collect();
    driver.type_text("V");
    let crate::model::token_list::TokenChoice::Held(fingerprint) = &tokens[0] else { panic!("{tokens:?}") };
    assert_eq!(shown(&mut driver), format!("itsmc token revoke contoso {fingerprint}"));
}

#[test]
fn a29_y_names_the_settings_also_where_nothing_changed() {
    let mut driver = Driver::opened(3);
    driver.type_text("e");
    assert_eq!(shown(&mut driver), "itsmc connection show contoso");
}

#[test]
fn a29_y_names_the_fix_and_the_admin_who_makes_it() {
    let mut driver = with_admin();
    assert_eq!(shown(&mut driver), "itsmc checklist contoso --admin ada.admin");
    driver.type_text("P");
    assert_eq!(shown(&mut driver), "itsmc checklist contoso --admin ada.admin --fix");
}

#[test]
fn a30_the_list_shows_what_a_fix_changed_while_the_next_is_offered() {
    let mut driver = with_admin();
    driver.type_text("P");
    let fixes: Vec<Fix> = checklist().fixes();
    let preview = Job::PreviewFix { connection: name("contoso"), fix: fixes[0].clone() };
    driver.bring(&preview, Outcome::Preview(Ok(changes())));
    driver.press(Code::Enter);
    let apply = Job::ApplyFix { connection: name("contoso"), fix: fixes[0].clone(), password: None };
    driver.bring(&apply, Outcome::Fixed(Ok(Box::new(done(fixes[0].clone())))));
    let look = driver.task(&Job::LoadChecklist(name("contoso")));
    let fixed = checklist().items.into_iter().find(|item| item.fix.as_ref() == Some(&fixes[0])).unwrap();
    let fixed = ChecklistItem { status: crate::model::check::Status::Passed, fix: None, ..fixed };
    driver.send(Message::Event(look, Event::ChecklistItem(Box::new(fixed.clone()))));
    driver.type_text("p");
    let tab = &driver.screen().installation;
    assert!(tab.items().contains(&&fixed), "the box of the next fix lies over a list that is up to date");
    let fixing = tab.fixing.as_ref().unwrap();
    assert_eq!((fixing.nth(), fixing.all), (2, fixes.len()));
}

#[test]
fn a27_the_help_lists_what_can_be_done_now_each_key_once() {
    let mut driver = Driver::new(&["contoso"], 3);
    let of = |driver: &Driver| keymap::possible(&driver.model, driver.model.front().unwrap());
    let bindings = of(&driver);
    assert!(bindings.iter().all(|binding| binding.enabled));
    let mut keys: Vec<String> = bindings.iter().flat_map(|binding| &binding.keys).map(ToString::to_string).collect();
    let count = keys.len();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), count);
    let group = |key| bindings.iter().find(|binding| binding.keys.contains(&key)).map(keymap::Binding::group);
    assert_eq!(group(Key::char('s')), Some(Group::Here));
    assert_eq!(group(Key::char('q')), Some(Group::Everywhere));
    assert_eq!(group(Key::char('x')), None, "no sync runs");
    driver.press(Code::Enter);
    driver.serve();
    let moves = |key| of(&driver).iter().any(|binding| binding.keys.contains(&key) && binding.group() == Group::Move);
    assert!(moves(Key::new(Code::Down)) && moves(Key::new(Code::Tab)));
}
