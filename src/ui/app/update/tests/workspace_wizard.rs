//! The wizard of a workspace: from nothing to a saved one, and back again.

use std::collections::BTreeSet;

use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::secret::Secret;
use crate::model::workspace::{AzureSignIn, Values};
use crate::ui::app::effect::Job;
use crate::ui::app::key::Code;
use crate::ui::app::message::Message;
use crate::ui::app::model::Screen;
use crate::ui::app::screens::ScreenJob;
use crate::ui::app::update::testing::{Driver, name};
use crate::ui::app::workspace::testing::{GUID, not_set_up, plan_done, workspace, workspace_name};
use crate::ui::app::workspace::{WorkspaceEntry, WorkspaceJob, WorkspaceOutcome};
use crate::ui::app::workspace_wizard::{FormField, PlaceStage, WizardStep, WorkspaceWizard};

/// The dashboard with these workspaces and two connections.
fn with(entries: Vec<WorkspaceEntry>) -> Driver {
    Driver::with_workspaces(&["contoso", "fabrikam"], entries)
}

fn wizard(driver: &Driver) -> &WorkspaceWizard {
    match driver.model.shown().next() {
        Some(Screen::WorkspaceWizard(wizard)) => wizard,
        other => panic!("{other:?}"),
    }
}

/// The first step filled in, for a service principal.
fn filled(driver: &mut Driver) {
    driver.type_text("w");
    driver.type_text("prod");
    driver.press(Code::Enter);
    driver.type_text(" ");
    assert_eq!(wizard(driver).sign_in.form.way, AzureSignIn::ServicePrincipal);
    driver.press(Code::Enter);
    driver.type_text("contoso.example");
    driver.press(Code::Enter);
    driver.type_text(GUID);
    driver.press(Code::Enter);
    driver.type_text("practice-secret");
}

/// The plan in front: signed in, placed, saved.
fn saved() -> Driver {
    let mut driver = with(Vec::new());
    filled(&mut driver);
    driver.press(Code::Enter);
    driver.serve_workspace_job();
    driver.serve_workspace_job();
    driver.press(Code::Enter);
    driver.serve_workspace_job();
    driver.press(Code::Enter);
    driver.serve_workspace_job();
    driver
}

#[test]
fn from_nothing_to_a_saved_workspace_by_keys() {
    let mut driver = with(Vec::new());
    filled(&mut driver);
    driver.press(Code::Enter);
    let (_, WorkspaceJob::KeepSecret { workspace, secret }) = driver.workspace_job() else { panic!("nobody signs in") };
    assert_eq!((workspace.tenant.as_str(), secret), ("contoso.example", Secret::new("practice-secret")));
    driver.serve_workspace_job();
    assert!(wizard(&driver).sign_in.form.secret.is_empty(), "the secret is in the vault now");
    assert!(matches!(driver.workspace_job().1, WorkspaceJob::Subscriptions(_)));
    driver.serve_workspace_job();
    driver.type_text("sand");
    assert_eq!(wizard(&driver).place.shown().len(), 1);
    (0..4).for_each(|_| drop(driver.press(Code::Backspace)));
    driver.press(Code::Enter);
    driver.serve_workspace_job();
    driver.press(Code::Down);
    driver.press(Code::Enter);
    let (_, WorkspaceJob::Add(added)) = driver.workspace_job() else { panic!("nothing is saved") };
    assert_eq!((added.resource_group.as_str(), added.workspace.as_str()), ("network", "contoso-network"));
    driver.serve_workspace_job();
    assert_eq!((wizard(&driver).step, wizard(&driver).saved), (WizardStep::Plan, true));
    driver.serve_workspace_job();
    driver.type_text("M");
    driver.press(Code::Enter);
    driver.serve_workspace_job();
    assert!(wizard(&driver).plan.is_done());
    driver.press(Code::Enter);
    driver.type_text("t");
    driver.serve_workspace_job();
    assert!(wizard(&driver).test.is_found());
    driver.press(Code::Enter);
    driver.press(Code::Down);
    driver.type_text(" ");
    assert_eq!(wizard(&driver).feeds, BTreeSet::from([name("contoso")]));
    // After the connections comes how choices are sent.
    driver.press(Code::Down);
    driver.press(Code::Down);
    driver.type_text(" ");
    driver.press(Code::Enter);
    driver.press(Code::Enter);
    let (_, WorkspaceJob::Feed { name: of, fed_by, values }) = driver.workspace_job() else {
        panic!("nothing is saved")
    };
    assert_eq!((of, fed_by, values), (workspace_name("prod"), vec![name("contoso")], Values::Numbers));
    driver.serve_workspace_job();
    assert!(matches!(driver.model.front(), Some(Screen::Workspace(_))), "the screen of the workspace follows");
}

#[test]
fn a_form_with_something_missing_stays_and_names_it() {
    let mut driver = with(vec![workspace("prod")]);
    driver.type_text("W");
    driver.type_text("prod");
    driver.control('d');
    assert_eq!(wizard(&driver).sign_in.form.focus, FormField::Name, "the name is taken");
    driver.type_text("2");
    driver.press(Code::Enter);
    driver.type_text(" ");
    driver.control('d');
    assert_eq!((wizard(&driver).step, wizard(&driver).sign_in.form.focus), (WizardStep::SignIn, FormField::Tenant));
}

#[test]
fn a_refused_secret_leads_back_to_its_line_and_nothing_is_saved() {
    let mut driver = with(Vec::new());
    filled(&mut driver);
    driver.press(Code::Enter);
    driver.end_workspace_job(WorkspaceOutcome::SignedIn(Err(Fault::Interrupted)));
    assert_eq!((wizard(&driver).step, wizard(&driver).sign_in.form.focus), (WizardStep::SignIn, FormField::Secret));
    assert!(!wizard(&driver).saved);
    driver.press(Code::Enter);
    assert!(matches!(driver.workspace_job().1, WorkspaceJob::KeepSecret { .. }), "it can be tried again");
}

#[test]
fn what_was_typed_is_there_again_and_a_secret_that_nothing_uses_is_forgotten() {
    let mut driver = with(Vec::new());
    filled(&mut driver);
    driver.press(Code::Enter);
    driver.serve_workspace_job();
    driver.press(Code::Esc);
    driver.press(Code::Esc);
    assert!(matches!(driver.model.front(), Some(Screen::Dashboard(_))));
    assert_eq!(driver.workspace_job().1, WorkspaceJob::Forget(workspace_name("prod")));
    driver.type_text("w");
    let form = &wizard(&driver).sign_in.form;
    assert_eq!((form.name.as_str(), form.client_id.as_str(), form.secret.is_empty()), ("prod", GUID, true));
    assert!(!form.keeps_secret(), "it has to be typed again");
}

#[test]
fn a_place_that_cannot_be_listed_is_typed() {
    let mut driver = with(Vec::new());
    filled(&mut driver);
    driver.press(Code::Enter);
    driver.serve_workspace_job();
    driver.end_workspace_job(WorkspaceOutcome::Subscriptions(Err(Fault::Interrupted)));
    assert_eq!(wizard(&driver).place.list_fault(), Some(&Fault::Interrupted));
    driver.control('t');
    assert_eq!(wizard(&driver).place.stage, PlaceStage::Typed);
    driver.type_text("prod");
    driver.control('d');
    assert!(wizard(&driver).place.refused, "that is no GUID");
    driver.control('u');
    driver.type_text(GUID);
    driver.press(Code::Enter);
    driver.type_text("monitoring");
    driver.press(Code::Enter);
    driver.type_text("contoso-logs");
    driver.press(Code::Enter);
    let (_, WorkspaceJob::Add(added)) = driver.workspace_job() else { panic!("nothing is saved") };
    assert_eq!((added.subscription.as_str(), added.resource_group.as_str()), (GUID, "monitoring"));
    let gone = Fault::NotFound { what: "contoso-logs".into() };
    driver.end_workspace_job(WorkspaceOutcome::Added(Err(gone.clone())));
    assert_eq!((wizard(&driver).place.stage, &wizard(&driver).place.fault), (PlaceStage::Typed, &Some(gone)));
}

#[test]
fn a_list_that_came_too_late_is_ignored() {
    let mut driver = with(Vec::new());
    filled(&mut driver);
    driver.press(Code::Enter);
    driver.serve_workspace_job();
    let (older, first) = driver.workspace_job();
    driver.control('t');
    driver.control('t');
    let (_, second) = driver.workspace_job();
    assert_eq!(first, second);
    driver.send(Message::Outcome(older, WorkspaceOutcome::Subscriptions(Err(Fault::Interrupted)).into()));
    assert_eq!(wizard(&driver).place.list_fault(), None);
}

#[test]
fn a_saved_workspace_goes_on_where_it_was_left_and_keeps_its_secret() {
    let mut driver = with(vec![not_set_up("prod")]);
    driver.type_text("w");
    driver.type_text("e");
    let form = &wizard(&driver).sign_in.form;
    assert!(!form.fields().contains(&FormField::Name) && form.keeps_secret());
    driver.control('d');
    assert!(matches!(driver.workspace_job().1, WorkspaceJob::Subscriptions(_)), "no secret is asked for");
    driver.serve_workspace_job();
    let chosen = wizard(&driver).place.picker.focus;
    let place = &wizard(&driver).place;
    assert_eq!(place.entries()[place.shown()[chosen]].1, GUID, "the subscription of the settings has the focus");
    assert_eq!(wizard(&driver).feeds, BTreeSet::from([name("contoso")]));
}

#[test]
fn another_client_id_wants_its_secret() {
    let mut driver = with(vec![workspace("prod")]);
    driver.type_text("w");
    driver.type_text("e");
    driver.press(Code::Down);
    driver.press(Code::Down);
    driver.control('u');
    driver.type_text(&GUID.replace('1', "9"));
    driver.control('d');
    assert_eq!((wizard(&driver).step, wizard(&driver).sign_in.form.focus), (WizardStep::SignIn, FormField::Secret));
}

#[test]
fn the_plan_can_be_left_to_others_and_the_wizard_goes_on() {
    let mut driver = saved();
    driver.serve_workspace_job();
    driver.type_text("E");
    driver.press(Code::Enter);
    let (_, WorkspaceJob::Export { folder, lang, .. }) = driver.workspace_job() else { panic!("nothing is written") };
    assert_eq!((folder.as_str(), lang), ("itsmc-azure", Lang::En));
    driver.serve_workspace_job();
    assert!(!wizard(&driver).plan.files.is_empty());
    driver.press(Code::Enter);
    assert_eq!(wizard(&driver).step, WizardStep::Test);
    driver.type_text("t");
    assert!(wizard(&driver).test.task.is_none(), "without a rule no row can be sent");
    driver.press(Code::Esc);
    driver.type_text("p");
    driver.end_workspace_job(WorkspaceOutcome::Planned(Ok(Box::new(plan_done("prod")))));
    assert!(wizard(&driver).plan.is_done());
}

#[test]
fn a_saved_workspace_stays_when_the_wizard_is_left() {
    let mut driver = saved();
    for _ in 0..4 {
        driver.press(Code::Esc);
    }
    assert!(matches!(driver.model.front(), Some(Screen::Dashboard(_))));
    let forgets = |job: &Job| matches!(job, Job::Screen(ScreenJob::Workspace(WorkspaceJob::Forget(_))));
    assert!(!driver.running.values().any(forgets), "its secret is needed");
    assert!(driver.model.left_workspace.is_none());
}

#[test]
fn the_command_adds_the_same_workspace_and_holds_no_secret() {
    let mut driver = with(Vec::new());
    filled(&mut driver);
    let command = driver.model.front().map(|screen| screen.behaviour().command(&driver.model)).unwrap_or_default();
    let whole = format!(
        "workspace add prod --sign-in service-principal --tenant contoso.example --client-id {GUID} \
         --connection contoso --connection fabrikam"
    );
    assert_eq!(command, whole);
}

#[test]
fn a_client_secret_that_is_kept_is_no_sign_in_of_a_person() {
    let mut driver = with(vec![workspace("prod")]);
    driver.type_text("w");
    driver.type_text("e");
    assert!(wizard(&driver).sign_in.form.keeps_secret());
    while wizard(&driver).sign_in.form.way != AzureSignIn::DeviceCode {
        driver.type_text(" ");
    }
    assert!(!wizard(&driver).sign_in.form.keeps_secret());
    driver.send(Message::Key(crate::ui::app::key::Key::ctrl('d')));
    let asks = |job: &Job| matches!(job, Job::Screen(ScreenJob::Workspace(WorkspaceJob::SignInByCode(_))));
    assert!(driver.running.values().any(asks), "a code is asked for first");
}
