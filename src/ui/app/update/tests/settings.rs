//! The settings of a connection, changed by keys.

use crate::model::connection::KeptOutside;
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::secret::Secret;
use crate::ui::app::boxes::{BoxText, Question};
use crate::ui::app::effect::{Effect, Job, TaskId};
use crate::ui::app::key::{Code, Key};
use crate::ui::app::message::{Event, Message, Outcome};
use crate::ui::app::model::{Notice, Screen};
use crate::ui::app::screen::Behaviour;
use crate::ui::app::screens::ScreenJob;
use crate::ui::app::settings::{Settings, SettingsJob, SettingsOutcome, Stage};
use crate::ui::app::update::testing::{Driver, name};
use crate::ui::app::update::wizard::testing::passed;

fn settings(driver: &Driver) -> &Settings {
    match driver.model.front() {
        Some(Screen::Settings(settings)) => settings,
        other => panic!("{other:?}"),
    }
}

/// Goes to this field and types into it, in the place of what it had.
fn fill(driver: &mut Driver, field: FieldId, text: &str) {
    (0..20).for_each(|_| drop(driver.press(Code::Up)));
    for _ in 0..20 {
        if settings(driver).details.focus != field {
            driver.press(Code::Down);
        }
    }
    assert_eq!(settings(driver).details.focus, field);
    driver.send(Message::Key(Key::ctrl('u')));
    driver.send(Message::Paste(Secret::new(text)));
}

fn running(driver: &Driver, wanted: impl Fn(&Job) -> bool) -> (TaskId, Job) {
    let found = driver.running.iter().rev().find(|(_, job)| wanted(job));
    let (task, job) = found.unwrap_or_else(|| panic!("{:?}", driver.running));
    (*task, job.clone())
}

fn answer(driver: &mut Driver, wanted: impl Fn(&Job) -> bool, outcome: Outcome) -> Vec<Effect> {
    let (task, _) = running(driver, wanted);
    driver.running.remove(&task);
    driver.send(Message::Outcome(task, outcome))
}

/// The settings with this field changed, and the answer whether that needs a sign-in.
fn changed(field: FieldId, text: &str, needs_sign_in: bool) -> Driver {
    let mut driver = Driver::opened(3);
    driver.type_text("e");
    fill(&mut driver, field, text);
    driver.send(Message::Key(Key::ctrl('d')));
    let is_check = |job: &Job| matches!(job, Job::Screen(ScreenJob::Settings(SettingsJob::Check(form))) if form.password.is_none());
    answer(&mut driver, is_check, SettingsOutcome::Checked(Ok(needs_sign_in)).into());
    driver
}

#[test]
fn a12_days_are_saved_without_secrets_or_a_test() {
    let mut driver = changed(FieldId::SyncDays, "60", false);
    let Stage::Review(form) = &settings(&driver).stage else { panic!("{:?}", settings(&driver).stage) };
    let changes = settings(&driver).changes(form);
    assert_eq!(changes.iter().map(|(field, ..)| field.id).collect::<Vec<_>>(), [FieldId::SyncDays]);
    driver.press(Code::Enter);
    let is_save = |job: &Job| matches!(job, Job::Screen(ScreenJob::Settings(SettingsJob::Replace { .. })));
    let (_, job) = running(&driver, is_save);
    let Job::Screen(ScreenJob::Settings(SettingsJob::Replace { form, keys })) = job else { panic!() };
    assert_eq!((form.connection.sync_days, keys), (60, vec!["sync_days".to_owned()]));
    let effects = answer(&mut driver, is_save, SettingsOutcome::Saved(Ok(())).into());
    assert!(matches!(effects[..], [Effect::Run(_, Job::LoadConfig)]));
    assert!(matches!(driver.model.front(), Some(Screen::Connection(_))));
    assert_eq!(driver.model.notice, Some(Notice::Saved(name("contoso"))));
}

#[test]
fn a_new_name_is_shown_with_what_keeps_the_old_one_and_the_screen_below_follows() {
    let mut driver = Driver::opened(3);
    driver.type_text("e");
    assert_eq!(settings(&driver).details.focus, FieldId::ServerUrl, "what is typed at once is no name");
    fill(&mut driver, FieldId::Name, "a b");
    driver.send(Message::Key(Key::ctrl('d')));
    assert!(settings(&driver).details.problems.contains_key(&FieldId::Name), "{:?}", settings(&driver).details.problems);
    let other = driver.model.names().into_iter().find(|other| *other != name("contoso")).unwrap();
    fill(&mut driver, FieldId::Name, other.as_str());
    driver.send(Message::Key(Key::ctrl('d')));
    assert!(settings(&driver).details.problems.contains_key(&FieldId::Name), "another connection has it");
    fill(&mut driver, FieldId::Name, "fabrikam");
    assert_eq!(settings(&driver).command(&driver.model), "connection rename contoso fabrikam");
    driver.send(Message::Key(Key::ctrl('d')));
    let looks = |job: &Job| matches!(job, Job::Screen(ScreenJob::Settings(SettingsJob::LookOutside { .. })));
    let kept = KeptOutside { known_as: Some(name("contoso")) };
    answer(&mut driver, looks, SettingsOutcome::Outside(Ok(kept.clone())).into());
    assert_eq!(settings(&driver).kept, Some(kept));
    driver.press(Code::Enter);
    let renames = |job: &Job| matches!(job, Job::Screen(ScreenJob::Settings(SettingsJob::Rename { .. })));
    let (_, job) = running(&driver, renames);
    let (from, to) = (name("contoso"), name("fabrikam"));
    assert_eq!(job, Job::Screen(ScreenJob::Settings(SettingsJob::Rename { from, to })));
    answer(&mut driver, renames, SettingsOutcome::Saved(Ok(())).into());
    let Some(Screen::Connection(screen)) = driver.model.front() else { panic!("{:?}", driver.model.front()) };
    assert_eq!((&screen.name, &driver.model.notice), (&name("fabrikam"), &Some(Notice::Saved(name("fabrikam")))));
}

#[test]
fn other_settings_are_saved_before_the_new_name() {
    let mut driver = changed_with_name(FieldId::SyncDays, "60", "fabrikam");
    driver.press(Code::Enter);
    let is_save = |job: &Job| matches!(job, Job::Screen(ScreenJob::Settings(SettingsJob::Replace { .. })));
    let (_, job) = running(&driver, is_save);
    let Job::Screen(ScreenJob::Settings(SettingsJob::Replace { form, keys })) = job else { panic!() };
    assert_eq!((form.connection.name.as_str(), keys), ("contoso", vec!["sync_days".to_owned()]));
    answer(&mut driver, is_save, SettingsOutcome::Saved(Ok(())).into());
    let renames = |job: &Job| matches!(job, Job::Screen(ScreenJob::Settings(SettingsJob::Rename { .. })));
    let fault = Fault::Locked { path: "lock".into(), pid: None };
    answer(&mut driver, renames, SettingsOutcome::Saved(Err(fault.clone())).into());
    assert_eq!(settings(&driver).stage, Stage::Form(Some(fault)));
    assert_eq!(settings(&driver).saved.sync_days, 60, "that is saved");
    assert_eq!(settings(&driver).command(&driver.model), "connection rename contoso fabrikam");
}

/// The settings with this field and the name changed, up to the review.
fn changed_with_name(field: FieldId, text: &str, to: &str) -> Driver {
    let mut driver = Driver::opened(3);
    driver.type_text("e");
    fill(&mut driver, field, text);
    fill(&mut driver, FieldId::Name, to);
    driver.send(Message::Key(Key::ctrl('d')));
    let is_check = |job: &Job| matches!(job, Job::Screen(ScreenJob::Settings(SettingsJob::Check(_))));
    answer(&mut driver, is_check, SettingsOutcome::Checked(Ok(false)).into());
    let looks = |job: &Job| matches!(job, Job::Screen(ScreenJob::Settings(SettingsJob::LookOutside { .. })));
    answer(&mut driver, looks, SettingsOutcome::Outside(Ok(KeptOutside { known_as: None })).into());
    driver
}

#[test]
fn s6_tokens_that_live_on_are_shown_though_the_screen_that_left_them_has_closed() {
    let mut driver = changed(FieldId::SyncDays, "60", false);
    driver.press(Code::Enter);
    let is_save = |job: &Job| matches!(job, Job::Screen(ScreenJob::Settings(SettingsJob::Replace { .. })));
    let (task, _) = running(&driver, is_save);
    let leaving = crate::ui::app::testing::left_behind();
    driver.send(Message::Event(task, Event::LeftBehind(name("contoso"), leaving.clone())));
    answer(&mut driver, is_save, SettingsOutcome::Saved(Ok(())).into());
    let shown = |driver: &Driver| match driver.model.front() {
        Some(Screen::TextBox(shown)) => shown.text.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(shown(&driver), BoxText::Leaving(name("contoso"), leaving.clone()));
    driver.press(Code::Esc);
    assert!(matches!(driver.model.front(), Some(Screen::Connection(_))));
    // Whoever gave up a form has left the wizard when its tokens are told of.
    driver.send(Message::Event(TaskId(9_999), Event::LeftBehind(name("other"), leaving.clone())));
    assert_eq!(shown(&driver), BoxText::Leaving(name("other"), leaving));
}

#[test]
fn a12_another_user_is_tested_with_its_secrets_and_asked_for_before_it_is_saved() {
    let mut driver = changed(FieldId::Username, "other", true);
    assert!(settings(&driver).asks_secrets && settings(&driver).stage == Stage::Form(None));
    driver.send(Message::Key(Key::ctrl('d')));
    assert!(settings(&driver).details.problems.contains_key(&FieldId::Password), "they are needed");
    fill(&mut driver, FieldId::Password, "not-the-real-password");
    fill(&mut driver, FieldId::ClientSecret, "not-the-real-client-secret");
    driver.send(Message::Key(Key::ctrl('d')));
    while let Some((step, task)) = match &settings(&driver).stage {
        Stage::Test(test) => test.running,
        _ => None,
    } {
        driver.running.remove(&task);
        driver.send(Message::Outcome(task, Outcome::Step(Box::new(passed(step)))));
    }
    driver.press(Code::Enter);
    driver.press(Code::Enter);
    assert_eq!(driver.model.question(), Some(&Question::ChangeIdentity(name("contoso"))));
    driver.press(Code::Enter);
    assert!(driver.model.question().is_some(), "a second Enter does not answer what the first one led to");
    driver.type_text("y");
    let (_, job) = running(&driver, |job| matches!(job, Job::Screen(ScreenJob::Settings(SettingsJob::Replace { .. }))));
    let Job::Screen(ScreenJob::Settings(SettingsJob::Replace { form, keys })) = job else { panic!() };
    assert!(form.password.is_some() && form.connection.username == "other");
    assert_eq!(keys, ["username"]);
}

#[test]
fn a12_a_save_that_fails_leads_back_to_the_form_and_nothing_is_saved_unchanged() {
    let mut driver = changed(FieldId::SyncDays, "60", false);
    driver.press(Code::Enter);
    let fault = crate::model::fault::Fault::Interrupted;
    answer(
        &mut driver,
        |job| matches!(job, Job::Screen(ScreenJob::Settings(SettingsJob::Replace { .. }))),
        SettingsOutcome::Saved(Err(fault.clone())).into(),
    );
    assert_eq!(settings(&driver).stage, Stage::Form(Some(fault)));
    fill(&mut driver, FieldId::SyncDays, "30");
    let saved = settings(&driver).saved.sync_days.to_string();
    fill(&mut driver, FieldId::SyncDays, &saved);
    driver.send(Message::Key(Key::ctrl('d')));
    assert!(matches!(settings(&driver).stage, Stage::Review(_)));
    assert_eq!(driver.press(Code::Enter), [], "there is nothing to save");
}

#[test]
fn a12_the_command_is_the_one_that_saves_the_same() {
    let mut driver = Driver::opened(3);
    driver.type_text("e");
    fill(&mut driver, FieldId::SyncDays, "60");
    driver.send(Message::Key(Key::ctrl('y')));
    let command = "itsmc connection edit contoso --set 'sync_days=60'";
    let Some(Screen::CommandBox(shown)) = driver.model.front() else { panic!() };
    assert_eq!(shown.command, command);
}
