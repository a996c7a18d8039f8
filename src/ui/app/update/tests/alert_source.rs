//! The wizard of a source of alerts, by keys.

use crate::model::alert_source::AlertSource;
use crate::model::fault::Fault;
use crate::model::secret::Secret;
use crate::model::workspace::AzureSignIn;
use crate::ui::app::alert_source::jobs::SeenAlerts;
use crate::ui::app::alert_source::{
    AlertSourceJob, AlertSourceOutcome, AlertSourceWizard, SourceStep, SubscriptionTest,
};
use crate::ui::app::alerts::testing::source;
use crate::ui::app::effect::{Job, TaskId};
use crate::ui::app::key::Code;
use crate::ui::app::model::Screen;
use crate::ui::app::screens::ScreenJob;
use crate::ui::app::update::testing::Driver;
use crate::ui::app::workspace::testing::{GUID, subscriptions};
use crate::ui::app::workspace::{WorkspaceJob, WorkspaceOutcome};

fn wizard(driver: &Driver) -> &AlertSourceWizard {
    match driver.model.shown().next() {
        Some(Screen::AlertSource(wizard)) => wizard,
        other => panic!("{other:?}"),
    }
}

fn open() -> Driver {
    let mut driver = Driver::new(&["contoso"], 3);
    driver.type_text("an");
    let (task, _) = own(&driver);
    driver.end(task, AlertSourceOutcome::Names(Ok(vec!["sandbox".into()])));
    driver
}

fn own(driver: &Driver) -> (TaskId, AlertSourceJob) {
    driver.newest(|job| match job {
        Job::Screen(ScreenJob::AlertSource(job)) => Some(job.clone()),
        _ => None,
    })
}

/// The first step filled in for a service principal, and signed in: the list of subscriptions is in front.
fn signed_in() -> Driver {
    let mut driver = open();
    driver.type_text("prod");
    driver.press(Code::Enter);
    driver.type_text(" ");
    driver.press(Code::Enter);
    driver.type_text("contoso.example");
    driver.press(Code::Enter);
    driver.type_text(GUID);
    driver.press(Code::Enter);
    driver.type_text("practice-secret");
    driver.press(Code::Enter);
    let (_, WorkspaceJob::KeepSecret { workspace, secret }) = driver.workspace_job() else { panic!("nobody signs in") };
    assert_eq!((workspace.name.as_str(), secret), ("alert-source.prod", Secret::new("practice-secret")));
    driver.serve_workspace_job();
    assert_eq!(wizard(&driver).step, SourceStep::Subscriptions);
    driver
}

fn seen(driver: &mut Driver, refuse: Option<&str>) {
    let (task, AlertSourceJob::Test(source)) = own(driver) else { panic!("nothing is tested") };
    let all = source.subscriptions.iter().map(|id| SubscriptionTest {
        subscription: id.clone(),
        seen: match refuse == Some(id.as_str()) {
            true => Err(Fault::AlertsForbidden { subscription: id.clone(), object_id: None, detail: String::new() }),
            false => Ok(SeenAlerts { alerts: 3, more: false, newest: None }),
        },
    });
    let answer = AlertSourceOutcome::Tested(Ok(all.collect()));
    driver.end(task, answer);
}

#[test]
fn from_nothing_to_a_saved_source_by_keys() {
    let mut driver = signed_in();
    driver.serve_workspace_job();
    driver.press(Code::Enter);
    assert!(wizard(&driver).subscriptions.refused, "nothing is chosen");
    driver.type_text("sand ");
    (0..4).for_each(|_| drop(driver.press(Code::Backspace)));
    driver.type_text(" ");
    driver.press(Code::Enter);
    let ids: Vec<_> = subscriptions().into_iter().take(2).map(|one| one.id.to_lowercase()).collect();
    seen(&mut driver, Some(&ids[1]));
    driver.press(Code::Enter);
    assert_eq!(wizard(&driver).step, SourceStep::Test, "one of them cannot be read");
    driver.press(Code::Esc);
    driver.press(Code::Down);
    driver.type_text(" ");
    driver.press(Code::Enter);
    seen(&mut driver, None);
    driver.press(Code::Enter);
    driver.press(Code::Enter);
    let (task, AlertSourceJob::Save(source)) = own(&driver) else { panic!("nothing is saved") };
    assert_eq!((source.name.as_str(), source.subscriptions), ("prod", ids[..1].to_vec()));
    let taken = AlertSourceOutcome::Saved(Err(Fault::SourceTaken { name: "prod".into() }));
    driver.end(task, taken);
    assert!(wizard(&driver).fault.is_some());
    driver.press(Code::Enter);
    let (task, _) = own(&driver);
    driver.end(task, AlertSourceOutcome::Saved(Ok(())));
    assert!(matches!(driver.model.front(), Some(Screen::Alerts(_))));
    let forgets =
        driver.running.iter().any(|(_, job)| matches!(job, Job::Screen(ScreenJob::Workspace(WorkspaceJob::Forget(_)))));
    assert!(!forgets, "the secret of a saved source is kept");
}

#[test]
fn a_key_chooses_all_that_the_filter_shows_and_takes_them_back() {
    let mut driver = signed_in();
    driver.serve_workspace_job();
    let chosen = |driver: &Driver| wizard(driver).subscriptions.chosen.len();
    driver.control('a');
    assert_eq!(chosen(&driver), subscriptions().len());
    driver.type_text("sand");
    driver.control('a');
    assert_eq!(chosen(&driver), subscriptions().len() - 1, "the one that is shown is taken back, the others stay");
    driver.control('a');
    (0..4).for_each(|_| drop(driver.press(Code::Backspace)));
    driver.control('a');
    assert_eq!(chosen(&driver), 0);
}

#[test]
fn where_listing_is_refused_ids_are_typed() {
    let mut driver = signed_in();
    let (task, _) = driver.workspace_job();
    let refused = Fault::Forbidden { what: "subscriptions".into(), detail: String::new() };
    driver.end(task, WorkspaceOutcome::Subscriptions(Err(refused)));
    driver.control('t');
    driver.type_text("prod");
    driver.press(Code::Enter);
    assert_eq!((wizard(&driver).subscriptions.wrong(), wizard(&driver).subscriptions.refused), (Some("prod"), true));
    driver.control('u');
    driver.type_text(&format!("{GUID}, {GUID}"));
    driver.press(Code::Enter);
    let (_, AlertSourceJob::Test(source)) = own(&driver) else { panic!("nothing is tested") };
    assert_eq!(source.subscriptions, [GUID], "each once");
}

#[test]
fn a_source_that_is_not_saved_leaves_no_secret() {
    let mut driver = signed_in();
    driver.press(Code::Esc);
    driver.press(Code::Esc);
    let (_, WorkspaceJob::Forget(name)) = driver.workspace_job() else { panic!("the secret stays") };
    assert_eq!(name.as_str(), "alert-source.prod");
    assert!(matches!(driver.model.front(), Some(Screen::Alerts(_))));
}

#[test]
fn another_name_takes_another_sign_in() {
    let mut driver = signed_in();
    driver.press(Code::Esc);
    (0..4).for_each(|_| drop(driver.press(Code::Up)));
    driver.type_text("2");
    driver.control('d');
    let (_, WorkspaceJob::Forget(name)) = driver.workspace_job() else { panic!("the secret stays") };
    assert_eq!((name.as_str(), wizard(&driver).step), ("alert-source.prod", SourceStep::SignIn));
}

/// A saved source in its form.
fn editing(way: AzureSignIn) -> Driver {
    let mut driver = Driver::new(&["contoso"], 3);
    let saved = AlertSource { sign_in: way, ..source("prod", 10).settings };
    driver.model.show(AlertSourceWizard::edit(&saved));
    driver
}

#[test]
fn the_interval_of_a_saved_source_is_typed_and_saved_without_another_sign_in() {
    let mut driver = editing(AzureSignIn::ServicePrincipal);
    driver.press(Code::Backspace);
    driver.press(Code::Backspace);
    driver.press(Code::Enter);
    let saves = |job: &Job| matches!(job, Job::Screen(ScreenJob::AlertSource(_)));
    assert!(!driver.running.values().any(saves), "no number is no interval");
    driver.type_text("300");
    driver.type_text(" ");
    driver.press(Code::Enter);
    let (task, AlertSourceJob::Change { old, new, signed_in }) = own(&driver) else { panic!("nothing is saved") };
    assert_eq!((new.every_seconds, new.acknowledge, signed_in), (300, true, false));
    assert_eq!(AlertSource { every_seconds: 300, acknowledge: true, ..*old }, *new, "all else stays");
    driver.end(task, AlertSourceOutcome::Saved(Ok(())));
    assert!(matches!(driver.model.front(), Some(Screen::Dashboard(_))));
}

#[test]
fn another_sign_in_of_a_saved_source_is_tried_beside_the_one_it_has() {
    let mut driver = editing(AzureSignIn::Cli);
    driver.type_text("e");
    assert_eq!(wizard(&driver).step, SourceStep::SignIn);
    driver.type_text(" ");
    driver.control('d');
    assert_eq!(wizard(&driver).step, SourceStep::SignIn, "the secret is missing");
    driver.type_text("practice-secret");
    driver.press(Code::Enter);
    let (_, WorkspaceJob::KeepSecret { workspace, .. }) = driver.workspace_job() else { panic!("nobody signs in") };
    assert_eq!(workspace.name.as_str(), "alert-source-.prod");
    driver.serve_workspace_job();
    let (_, WorkspaceJob::Subscriptions(account)) = driver.workspace_job() else { panic!("no list is read") };
    assert_eq!(account.name.as_str(), "alert-source-.prod");
    driver.serve_workspace_job();
    driver.press(Code::Enter);
    let (task, AlertSourceJob::Try(tried)) = own(&driver) else { panic!("nothing is tried") };
    let seen = Ok(SeenAlerts { alerts: 3, more: false, newest: None });
    let all = tried.subscriptions.iter().map(|id| SubscriptionTest { subscription: id.clone(), seen: seen.clone() });
    driver.end(task, AlertSourceOutcome::Tested(Ok(all.collect())));
    driver.press(Code::Enter);
    driver.press(Code::Enter);
    let (_, AlertSourceJob::Change { signed_in, .. }) = own(&driver) else { panic!("nothing is saved") };
    assert!(signed_in);
}

#[test]
fn a_change_that_is_left_forgets_only_the_sign_in_that_was_tried() {
    let mut driver = editing(AzureSignIn::Cli);
    driver.type_text("e");
    driver.type_text(" ");
    driver.control('d');
    driver.type_text("practice-secret");
    driver.press(Code::Enter);
    driver.serve_workspace_job();
    (0..3).for_each(|_| drop(driver.press(Code::Esc)));
    let (_, WorkspaceJob::Forget(name)) = driver.workspace_job() else { panic!("the secret stays") };
    assert_eq!(name.as_str(), "alert-source-.prod");
}
