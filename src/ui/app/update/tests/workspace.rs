//! The screen of a workspace: what is shown before it is applied, runs with their waits, and what is asked first.

use jiff::SignedDuration;

use crate::model::azure_plan::StepId;
use crate::model::fault::Fault;
use crate::model::secret::Secret;
use crate::model::workspace::AzureSignIn;
use crate::model::workspace_run::{ApplyEnd, Applying, CodePrompt, Testing};
use crate::ui::app::boxes::Question;
use crate::ui::app::effect::{Effect, Job};
use crate::ui::app::key::Code;
use crate::ui::app::message::{Event, Message, Outcome};
use crate::ui::app::model::{Notice, Screen};
use crate::ui::app::update::next_tick;
use crate::ui::app::update::testing::Driver;
use crate::ui::app::workspace::testing::{
    GUID, not_set_up, plan_done, plan_with_classic, refused, report, settings, workspace, workspace_name,
};
use crate::ui::app::workspace::{
    PlanStage, SignInStage, Standing, Tab, WorkspaceEntry, WorkspaceEvent, WorkspaceJob, WorkspaceOutcome,
    WorkspaceScreen,
};

/// The dashboard with these workspaces.
fn with(entries: Vec<WorkspaceEntry>) -> Driver {
    Driver::with_workspaces(&["contoso"], entries)
}

/// The screen of the one workspace.
fn opened(entry: WorkspaceEntry) -> Driver {
    let mut driver = with(vec![entry]);
    driver.type_text("w");
    driver
}

fn screen(driver: &Driver) -> &WorkspaceScreen {
    match driver.model.shown().next() {
        Some(Screen::Workspace(screen)) => screen,
        other => panic!("{other:?}"),
    }
}

fn tell(driver: &mut Driver, event: WorkspaceEvent) {
    let (task, _) = driver.workspace_job();
    driver.send(Message::Event(task, Event::Workspace(event)));
}

#[test]
fn the_workspace_that_needs_it_most_opens_and_w_goes_to_the_next() {
    let mut driver = with(vec![workspace("good"), not_set_up("new"), refused("bad")]);
    driver.type_text("w");
    assert_eq!(screen(&driver).name, workspace_name("bad"));
    driver.type_text("w");
    assert_eq!(screen(&driver).name, workspace_name("new"));
    driver.type_text("ww");
    assert_eq!(screen(&driver).name, workspace_name("bad"));
    driver.type_text("q");
    assert!(matches!(driver.model.front(), Some(Screen::Dashboard(_))));
}

#[test]
fn workspaces_are_read_again_when_anybody_stored_something_and_an_older_answer_is_followed_by_another() {
    let mut driver = with(vec![workspace("prod")]);
    driver.send(Message::StoreChanged);
    driver.send(Message::StoreChanged);
    let asked = |driver: &Driver| driver.running.values().filter(|job| **job == Job::LoadWorkspaces).count();
    assert_eq!(asked(&driver), 1);
    driver.bring(&Job::LoadWorkspaces, Outcome::Workspaces(Ok(vec![refused("prod")])));
    assert_eq!(asked(&driver), 1, "what was stored meanwhile is read as well");
    driver.bring(&Job::LoadWorkspaces, Outcome::Workspaces(Ok(vec![workspace("prod")])));
    assert_eq!((asked(&driver), driver.model.workspaces.entries()[0].standing()), (0, Standing::Healthy));
}

#[test]
fn nothing_is_applied_before_it_was_shown_and_confirmed() {
    let mut driver = opened(not_set_up("prod"));
    driver.type_text("M");
    assert!(driver.model.question().is_none(), "there is no plan to apply");
    driver.type_text("p");
    driver.serve_workspace_job();
    let (shown, _) = screen(&driver).plan.shown.clone().unwrap();
    driver.type_text("M");
    assert_eq!(driver.model.question(), Some(&Question::ApplyPlan(workspace_name("prod"), 6)));
    driver.press(Code::Esc);
    assert!(!screen(&driver).plan.is_applying());
    driver.type_text("M");
    driver.press(Code::Enter);
    let (_, WorkspaceJob::Apply { shown: applied, .. }) = driver.workspace_job() else { panic!("nothing is applied") };
    assert_eq!(*applied, shown.plan, "what is applied is what was shown");
}

#[test]
fn a_plan_that_changed_meanwhile_is_shown_again_and_not_applied() {
    let mut driver = opened(not_set_up("prod"));
    driver.type_text("p");
    driver.serve_workspace_job();
    driver.type_text("M");
    driver.press(Code::Enter);
    let now = Box::new(plan_with_classic("prod", &[]));
    driver.end_workspace_job(WorkspaceOutcome::Applied(ApplyEnd::Changed(now.clone())));
    assert_eq!(screen(&driver).plan.stage, PlanStage::Changed);
    assert_eq!(screen(&driver).plan.shown.as_ref().unwrap().0, now);
}

#[test]
fn applying_tells_each_step_and_counts_down_while_azure_does_not_know_a_table() {
    let mut driver = opened(not_set_up("prod"));
    driver.type_text("p");
    driver.serve_workspace_job();
    driver.type_text("M");
    driver.press(Code::Enter);
    for told in
        [Applying::Begins(StepId::Table, 1, 6), Applying::Done(StepId::Table), Applying::Begins(StepId::Rule, 3, 6)]
    {
        tell(&mut driver, WorkspaceEvent::Applying(told));
    }
    tell(&mut driver, WorkspaceEvent::Applying(Applying::Waits(StepId::Rule, 10, 590)));
    let progress = |driver: &Driver| match &screen(driver).plan.stage {
        PlanStage::Applying(_, progress) => progress.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(next_tick(&driver.model), Some(driver.model.now + SignedDuration::from_secs(1)));
    driver.wait(4);
    assert_eq!(progress(&driver).left(driver.model.now), Some((6, 586)));
    assert_eq!(progress(&driver).done, [StepId::Table]);
    driver.press(Code::Esc);
    assert!(driver.cancelled.is_empty(), "what changes Azure is let finish");
}

#[test]
fn a_step_that_failed_is_named_with_its_right_and_the_plan_goes_on_from_there() {
    let mut driver = opened(not_set_up("prod"));
    driver.type_text("p");
    driver.serve_workspace_job();
    let role = screen(&driver).plan.shown.as_ref().unwrap().0.plan.steps.iter().find(|step| step.id == StepId::Role);
    let role = Some(Box::new(role.unwrap().clone()));
    driver.type_text("M");
    driver.press(Code::Enter);
    tell(&mut driver, WorkspaceEvent::Applying(Applying::Done(StepId::Table)));
    let fault = Fault::AzureForbidden { what: "roleAssignments/write".into(), detail: String::new() };
    driver.end_workspace_job(WorkspaceOutcome::Applied(ApplyEnd::Failed(role.clone(), fault.clone())));
    assert_eq!(screen(&driver).plan.stage, PlanStage::Failed(role, fault));
    assert_eq!(screen(&driver).plan.made, [StepId::Table]);
    driver.type_text("p");
    driver.end_workspace_job(WorkspaceOutcome::Planned(Ok(Box::new(plan_done("prod")))));
    assert!(screen(&driver).plan.is_done());
}

#[test]
fn a_classic_table_is_migrated_only_once_its_name_was_typed() {
    let mut driver = opened(not_set_up("prod"));
    driver.type_text("p");
    driver.end_workspace_job(WorkspaceOutcome::Planned(Ok(Box::new(plan_with_classic("prod", &[])))));
    driver.type_text("B");
    driver.type_text("servicedesk_CL");
    driver.press(Code::Enter);
    assert!(screen(&driver).plan.field.as_ref().unwrap().refused);
    for _ in 0.."servicedesk_CL".len() {
        driver.press(Code::Backspace);
    }
    driver.type_text("ServiceDesk_CL");
    driver.press(Code::Enter);
    let (_, WorkspaceJob::Plan { ask, .. }) = driver.workspace_job() else { panic!("no plan is made") };
    assert_eq!(ask.migrate, ["ServiceDesk_CL"]);
}

#[test]
fn another_table_beside_a_classic_one_is_saved_and_planned() {
    let mut driver = opened(not_set_up("prod"));
    driver.type_text("p");
    driver.end_workspace_job(WorkspaceOutcome::Planned(Ok(Box::new(plan_with_classic("prod", &[])))));
    driver.type_text("b");
    assert_eq!(screen(&driver).plan.field.as_ref().unwrap().text, "ServiceDeskNew_CL");
    driver.press(Code::Enter);
    let (_, WorkspaceJob::OtherTable { classic, other, .. }) = driver.workspace_job() else {
        panic!("nothing is changed")
    };
    assert_eq!((classic.as_str(), other.as_str()), ("ServiceDesk_CL", "ServiceDeskNew_CL"));
    driver.serve_workspace_job();
    assert!(matches!(driver.workspace_job().1, WorkspaceJob::Plan { .. }));
}

#[test]
fn a_set_up_with_a_code_signs_in_first_and_plans_with_that() {
    let mut driver = opened(not_set_up("prod"));
    driver.type_text("p");
    driver.serve_workspace_job();
    driver.type_text("A");
    assert_eq!(screen(&driver).plan.ask.sign_in, Some(AzureSignIn::Cli));
    driver.serve_workspace_job();
    driver.type_text("A");
    assert!(matches!(driver.workspace_job().1, WorkspaceJob::SetUpByCode(_)));
    let until = driver.model.now + SignedDuration::from_secs(900);
    let prompt = CodePrompt { page: "https://microsoft.com/devicelogin".into(), code: "ABCD1234".into(), until };
    tell(&mut driver, WorkspaceEvent::Code(prompt));
    assert_eq!(driver.type_text("c"), [Effect::Copy("ABCD1234".into())]);
    let page = Job::OpenAddress("https://microsoft.com/devicelogin".into());
    assert!(matches!(&driver.type_text("o")[..], [Effect::Run(_, job)] if *job == page), "o opens the page");
    driver.running.retain(|_, job| *job != page);
    driver.serve_workspace_job();
    let (_, WorkspaceJob::Plan { ask, .. }) = driver.workspace_job() else { panic!("no plan is made") };
    assert_eq!((ask.sign_in, ask.refresh), (Some(AzureSignIn::DeviceCode), Some(Secret::new("practice-refresh"))));
}

#[test]
fn rights_that_are_on_their_way_are_waited_for_with_a_countdown_and_are_no_failure() {
    let mut driver = opened(workspace("prod"));
    driver.type_text("t");
    assert_eq!(screen(&driver).tab, Tab::Test);
    tell(&mut driver, WorkspaceEvent::Testing(Testing::WaitsForRights(30, 1790)));
    driver.wait(12);
    assert_eq!(screen(&driver).test.at.unwrap().left(driver.model.now), (18, 1778));
    assert!(screen(&driver).test.last.is_none());
    tell(&mut driver, WorkspaceEvent::Testing(Testing::Accepted));
    driver.serve_workspace_job();
    assert!(screen(&driver).test.is_found());
}

#[test]
fn a_run_that_is_stopped_is_still_waited_for() {
    let mut driver = opened(refused("prod"));
    driver.type_text("s");
    let (task, _) = driver.workspace_job();
    driver.type_text("v");
    assert!(screen(&driver).verifying.task.is_none(), "one run at a time");
    assert!(driver.type_text("x").contains(&Effect::Cancel(task)));
    assert!(screen(&driver).sending.stopping);
    driver.end_workspace_job(WorkspaceOutcome::Sent(Ok(Box::new(report("prod")))));
    assert!(screen(&driver).sending.task.is_none() && screen(&driver).sending.last.is_some());
    driver.type_text("v");
    assert!(matches!(driver.workspace_job().1, WorkspaceJob::Verify(_)));
}

#[test]
fn a_run_that_could_not_begin_says_so() {
    let mut driver = opened(workspace("prod"));
    driver.type_text("s");
    let locked = Fault::Locked { path: "/home/ada/itsmc".into(), pid: Some(7) };
    driver.end_workspace_job(WorkspaceOutcome::Sent(Err(locked.clone())));
    assert_eq!(driver.model.notice, Some(Notice::Fault(locked)));
}

#[test]
fn sending_everything_again_asks_first() {
    let mut driver = opened(workspace("prod"));
    driver.type_text("T");
    assert_eq!(driver.model.question(), Some(&Question::SendAgain(workspace_name("prod"))));
    driver.press(Code::Enter);
    assert!(matches!(driver.workspace_job().1, WorkspaceJob::Send { full: true, .. }));
    assert_eq!(screen(&driver).tab, Tab::State);
}

#[test]
fn removing_asks_first_and_closes_the_screen() {
    let mut driver = opened(workspace("prod"));
    driver.type_text("d");
    assert_eq!(driver.model.question(), Some(&Question::RemoveWorkspace(workspace_name("prod"))));
    driver.press(Code::Enter);
    driver.serve_workspace_job();
    assert!(matches!(driver.model.front(), Some(Screen::Dashboard(_))));
    assert!(matches!(&driver.model.notice, Some(Notice::Said(words)) if words.contains("prod")));
}

#[test]
fn a_workspace_that_is_gone_closes_its_screen() {
    let mut driver = opened(workspace("prod"));
    driver.send(Message::StoreChanged);
    driver.bring(&Job::LoadWorkspaces, Outcome::Workspaces(Ok(Vec::new())));
    assert!(matches!(driver.model.front(), Some(Screen::Dashboard(_))));
}

#[test]
fn a_secret_is_tried_and_kept_and_a_refusal_leaves_it_to_be_corrected() {
    let mut driver = opened(workspace("prod"));
    driver.type_text("R");
    driver.type_text(" practice-secret ");
    driver.press(Code::Enter);
    let (_, WorkspaceJob::KeepSecret { secret, workspace }) = driver.workspace_job() else { panic!("nothing is kept") };
    assert_eq!((secret, *workspace), (Secret::new("practice-secret"), settings("prod")));
    driver.end_workspace_job(WorkspaceOutcome::SignedIn(Err(Fault::Interrupted)));
    assert_eq!(screen(&driver).sign_in.as_ref().unwrap().stage, SignInStage::Typing(Some(Fault::Interrupted)));
    driver.press(Code::Enter);
    driver.serve_workspace_job();
    assert!(screen(&driver).sign_in.is_none());
}

#[test]
fn the_command_does_what_the_tab_does() {
    let mut driver = opened(not_set_up("prod"));
    let shown = |driver: &Driver| {
        driver.model.front().map(|screen| screen.behaviour().command(&driver.model)).unwrap_or_default()
    };
    assert_eq!(shown(&driver), "workspace show prod");
    driver.type_text("p");
    assert_eq!(shown(&driver), "workspace plan prod");
    driver.end_workspace_job(WorkspaceOutcome::Planned(Ok(Box::new(plan_with_classic("prod", &[])))));
    driver.type_text("U");
    driver.type_text(GUID);
    driver.press(Code::Enter);
    driver.serve_workspace_job();
    assert_eq!(shown(&driver), format!("workspace apply prod --principal {GUID}"));
}
