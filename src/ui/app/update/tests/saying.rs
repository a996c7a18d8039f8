//! What the admin says of items of the checklist, and what is looked at only on request.

use crate::model::check::Status;
use crate::model::checklist::{ChecklistItem, ItemFinding, ItemId};
use crate::model::confirmation::{Basis, Confirmation, ConfirmationState};
use crate::model::fault::Fault;
use crate::model::lang::Bilingual;
use crate::ui::app::boxes::Question;
use crate::ui::app::connection::{Installation, Tab};
use crate::ui::app::effect::{Effect, Job};
use crate::ui::app::key::Code;
use crate::ui::app::message::Outcome;
use crate::ui::app::model::Notice;
use crate::ui::app::testing::checklist;
use crate::ui::app::update::testing::{Driver, name};

fn look() -> Job {
    Job::LoadChecklist(name("contoso"))
}

fn own_test() -> ItemId {
    ItemId::Own("own_test".into())
}

fn on_request() -> Job {
    Job::LookOnRequest { connection: name("contoso"), item: own_test() }
}

/// The checklist, with an item that is looked at only on request at its end.
fn answer() -> Outcome {
    let mut whole = checklist();
    let said = Bilingual { en: "We send the secret.".into(), nl: "Wij sturen het geheim.".into() };
    whole.items.push(ChecklistItem { on_request: Some(said), ..ChecklistItem::todo(own_test()) });
    Outcome::Checklist(Ok(Box::new(whole)))
}

fn looked() -> Driver {
    let mut driver = Driver::opened(3);
    driver.type_text("lll");
    assert_eq!(driver.screen().tab, Tab::Checklist);
    driver.bring(&look(), answer());
    driver
}

fn tab(driver: &Driver) -> &Installation {
    &driver.screen().installation
}

fn status(driver: &Driver) -> Option<Status> {
    tab(driver).focused().map(|item| item.status)
}

fn confirm(driver: &Driver) -> Job {
    let said = Confirmation { item: ItemId::own("oauth_active"), at: driver.model.now, basis: Basis::new() };
    Job::Confirm { connection: name("contoso"), said: vec![said] }
}

#[test]
fn what_cannot_be_seen_is_confirmed_once_it_is_kept_and_can_be_taken_back() {
    let mut driver = looked();
    driver.type_text("g ");
    assert_eq!(tab(&driver).saying, None, "the first item was seen");
    driver.type_text("j ");
    assert_eq!(status(&driver), Some(Status::Unknown), "it is not kept yet");
    let job = confirm(&driver);
    let Job::Confirm { said, .. } = &job else { panic!() };
    driver.bring(&job, Outcome::Confirmed(Ok(said.clone())));
    assert_eq!(status(&driver), Some(Status::Confirmed));
    let expected = Some(ConfirmationState::Valid { at: driver.model.now });
    assert_eq!(tab(&driver).focused().and_then(|item| item.confirmation.clone()), expected);
    driver.type_text(" ");
    let withdraw = Job::Withdraw { connection: name("contoso"), item: ItemId::own("oauth_active") };
    driver.bring(&withdraw, Outcome::Withdrawn(Ok(ItemId::own("oauth_active"))));
    assert_eq!(status(&driver), Some(Status::Unknown));
}

#[test]
fn what_could_not_be_kept_is_told_and_not_shown_as_confirmed() {
    let mut driver = looked();
    driver.type_text("gj ");
    let job = confirm(&driver);
    let fault = Fault::DiskFull { path: "items.db".into() };
    driver.bring(&job, Outcome::Confirmed(Err(fault.clone())));
    assert_eq!((status(&driver), &driver.model.notice), (Some(Status::Unknown), &Some(Notice::Fault(fault))));
    assert!(tab(&driver).sayable().is_some(), "it can be tried again");
}

#[test]
fn nothing_is_sent_before_the_question_is_answered_with_yes() {
    let mut driver = looked();
    driver.type_text("T");
    let Some(Question::LookOnRequest(item, said)) = driver.model.question() else { panic!() };
    assert_eq!((item, said.en.as_str()), (&own_test(), "We send the secret."));
    driver.press(Code::Esc);
    let asked = |driver: &Driver| tab(driver).requesting.is_some();
    assert!(!asked(&driver));
    driver.type_text("T");
    driver.press(Code::Enter);
    assert!(asked(&driver));
    let seen = ItemFinding::Seen { value: "all well".into() };
    let found = ChecklistItem::found(own_test(), Status::Passed, seen);
    driver.bring(&on_request(), Outcome::OnRequest(Ok(Box::new(found))));
    assert_eq!((status(&driver), tab(&driver).cursor), (Some(Status::Passed), 7), "it is shown");
    driver.type_text("r");
    driver.bring(&look(), answer());
    assert_eq!(status(&driver), Some(Status::Passed), "another look at the others leaves it");
}

#[test]
fn an_item_that_is_shown_whole_is_confirmed_there_as_well() {
    let mut driver = looked();
    driver.type_text("gj");
    driver.press(Code::Enter);
    assert_eq!(tab(&driver).opened, Some(0));
    driver.type_text(" ");
    let job = confirm(&driver);
    let Job::Confirm { said, .. } = &job else { panic!() };
    driver.bring(&job, Outcome::Confirmed(Ok(said.clone())));
    assert_eq!((status(&driver), tab(&driver).opened), (Some(Status::Confirmed), Some(0)));
}

#[test]
fn a_look_on_request_ends_with_the_screen() {
    let mut driver = looked();
    driver.type_text("T");
    driver.press(Code::Enter);
    let task = driver.task(&on_request());
    let effects = driver.press(Code::Esc);
    assert!(effects.contains(&Effect::Cancel(task)), "{effects:?}");
}

#[test]
fn a_product_without_such_an_item_shows_no_key_for_it() {
    let with = looked();
    let mut without = Driver::opened(3);
    without.type_text("lll");
    without.bring(&look(), Outcome::Checklist(Ok(Box::new(checklist()))));
    let has_key = |driver: &Driver| {
        let keymap = crate::ui::app::keymap::keymap(&driver.model);
        keymap.iter().any(|binding| binding.keys.contains(&crate::ui::app::key::Key::char('T')))
    };
    assert_eq!((has_key(&with), has_key(&without)), (true, false));
}
