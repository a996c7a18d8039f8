use jiff::SignedDuration;

use crate::model::azure_plan::StepId;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::sending::{Cap, SendProgress};
use crate::model::workspace::AzureSignIn;
use crate::model::workspace_run::{CodePrompt, Delays, Testing};
use crate::ui::app::effect::TaskId;
use crate::ui::app::model::Model;
use crate::ui::app::remote::Remote;
use crate::ui::app::testing::{minutes_ago, model, now};
use crate::ui::app::workspace::plan::Progress;
use crate::ui::app::workspace::test::At;
use crate::ui::app::workspace::testing::{
    GUID, azure_forbidden, differs, not_set_up, plan, plan_done, plan_with_classic, refused, report, settings,
    troubled, workspace, workspace_name,
};
use crate::ui::app::workspace::{
    Field, PlanPart, PlanStage, Purpose, Run, SignInPart, SignInStage, Tab, TestPart, WorkspaceEntry, WorkspaceScreen,
};
use crate::ui::tui::testing::{screen, snapshot, snapshots};

/// The screen of a workspace that stands so.
fn shown(entry: WorkspaceEntry, change: impl FnOnce(&mut WorkspaceScreen)) -> Model {
    let mut screen = WorkspaceScreen::new(workspace_name("prod"));
    change(&mut screen);
    let mut model = model().with(|facts| facts.workspaces.list = Remote::Ready(vec![entry], now()));
    model.show(screen);
    model
}

fn task(id: u64) -> (TaskId, jiff::Timestamp) {
    (TaskId(id), now() - SignedDuration::from_secs(75))
}

#[test]
fn how_far_it_is_in_every_size() {
    let entry = || refused("prod");
    let model = || {
        shown(entry(), |screen| {
            screen.sending = Run { last: Some(Ok(Box::new(report("prod")))), ..Run::default() };
        })
    };
    snapshots("workspace/state", &model());
    for lang in [Lang::En, Lang::Nl] {
        snapshot("workspace/state", &model(), (200, 60), lang);
    }
}

#[test]
fn before_it_is_set_up_and_while_it_sends() {
    snapshot("workspace/not-set-up", &shown(not_set_up("prod"), |_| {}), (80, 24), Lang::En);
    let sends = |waiting| {
        shown(refused("prod"), |screen| {
            screen.sending.task = Some(task(7));
            screen.sending.progress = Some(SendProgress { accepted: 600, expected: 1204, waiting });
        })
    };
    snapshot("workspace/sending", &sends(None), (80, 24), Lang::En);
    let until = now() + SignedDuration::from_secs(42);
    let throttled = Fault::RateLimited { retry_after_seconds: 42, limit: None, rule: None };
    let waits = screen(&sends(Some((throttled, until))), (80, 24));
    assert!(waits.contains("Waiting, next try in 42 s"), "{waits}");
}

fn with_plan(change: impl FnOnce(&mut PlanPart)) -> Model {
    shown(not_set_up("prod"), |screen| {
        screen.tab = Tab::Plan;
        screen.plan.shown = Some((Box::new(plan("prod")), minutes_ago(1)));
        change(&mut screen.plan);
    })
}

#[test]
fn the_plan_shows_every_resource_with_its_change_and_the_right_it_needs() {
    snapshots("workspace/plan", &with_plan(|_| {}));
    for lang in [Lang::En, Lang::Nl] {
        snapshot("workspace/plan", &with_plan(|_| {}), (200, 60), lang);
    }
    let whole = screen(&with_plan(|_| {}), (200, 120));
    for words in ["Role Based Access Control Administrator", "Monitoring Contributor", "Workbook Contributor", GUID] {
        assert!(whole.contains(words), "{words}: {whole}");
    }
}

#[test]
fn a_classic_table_offers_the_migration_and_another_table() {
    let classic = with_plan(|plan| plan.shown = Some((Box::new(plan_with_classic("prod", &[])), now())));
    snapshot("workspace/plan-classic", &classic, (80, 24), Lang::En);
    let typed = |purpose: Purpose, text: &str, refused| {
        shown(not_set_up("prod"), |screen| {
            screen.tab = Tab::Plan;
            screen.plan.shown = Some((Box::new(plan_with_classic("prod", &[])), now()));
            let field = Field { text: text.into(), cursor: text.len(), refused, ..Field::new(purpose) };
            screen.plan.field = Some(field);
        })
    };
    snapshot(
        "workspace/migrate",
        &typed(Purpose::Migrate("ServiceDesk_CL".into()), "Service", true),
        (80, 24),
        Lang::Nl,
    );
    let begun = typed(Purpose::Migrate("ServiceDesk_CL".into()), "", false);
    snapshot("workspace/migrate", &begun, (40, 12), Lang::En);
    assert!(screen(&begun, (80, 24)).contains("enter plan the migration"));
}

#[test]
fn while_a_plan_is_applied_and_when_a_step_failed() {
    let progress = Progress {
        doing: Some((StepId::Rule, 3, 6)),
        done: vec![StepId::Table, StepId::LogTable],
        waits: Some((10, 580, now())),
    };
    let applying = with_plan(|plan| plan.stage = PlanStage::Applying(TaskId(7), progress));
    snapshot("workspace/applying", &applying, (80, 24), Lang::En);
    let step = plan("prod").plan.steps.into_iter().find(|step| step.id == StepId::Role).unwrap();
    let fault = azure_forbidden("Microsoft.Authorization/roleAssignments/write", &step.resource);
    // The rule is noted as soon as it is made.
    let mut half = workspace("prod");
    (half.standing.last_accepted, half.standing.last_verified) = (None, None);
    half.standing.log.clear();
    let failed = shown(half, |screen| {
        screen.tab = Tab::Plan;
        let plan = &mut screen.plan;
        plan.made = vec![StepId::Table, StepId::LogTable, StepId::Rule, StepId::Function, StepId::Workbook];
        plan.stage = PlanStage::Failed(Some(Box::new(step)), fault);
    });
    snapshot("workspace/apply-failed", &failed, (80, 24), Lang::En);
    let told = screen(&failed, (120, 40));
    assert!(told.contains("'Role Based Access Control Administrator' on the data collection rule"), "{told}");
    assert!(!told.contains("hybrid"), "{told}");
    let told = screen(&applying, (120, 40));
    assert!(told.contains("Press Esc to go back; it keeps running.") && !told.contains("d remove"), "{told}");
    let done = shown(workspace("prod"), |screen| {
        screen.tab = Tab::Plan;
        screen.plan.shown = Some((Box::new(plan_done("prod")), now()));
    });
    let told = screen(&done, (80, 24));
    assert!(told.contains("Press t to send a test row.") && told.contains(" t test row"), "{told}");
    snapshot("workspace/plan-done", &done, (80, 24), Lang::Nl);
    let prompt = CodePrompt {
        page: "https://microsoft.com/devicelogin".into(),
        code: "ABCD1234".into(),
        until: now() + SignedDuration::from_secs(545),
    };
    let code = with_plan(|plan| {
        plan.ask.sign_in = Some(AzureSignIn::DeviceCode);
        (plan.shown, plan.stage) = (None, PlanStage::Code(TaskId(7), Some(prompt)));
    });
    snapshot("workspace/plan-code", &code, (80, 24), Lang::En);
}

fn tests(part: TestPart) -> Model {
    shown(workspace("prod"), |screen| (screen.tab, screen.test) = (Tab::Test, part))
}

#[test]
fn the_test_row_counts_down_and_tells_how_long_it_took() {
    let waits = |told| TestPart { task: Some(task(7)), at: Some(At { told, since: now() }), last: None };
    snapshots("workspace/test-rights", &tests(waits(Testing::WaitsForRights(30, 1725))));
    snapshot("workspace/test-row", &tests(waits(Testing::WaitsForRow(20, 840))), (80, 24), Lang::En);
    let ended = |row_seconds| {
        let delays = Delays { rights_seconds: 75, row_seconds, mark: GUID.into() };
        TestPart { last: Some(Ok(delays)), ..TestPart::default() }
    };
    snapshot("workspace/test-passed", &tests(ended(Some(41))), (80, 24), Lang::En);
    snapshot("workspace/test-unknown", &tests(ended(None)), (80, 24), Lang::Nl);
}

#[test]
fn a_verification_tells_what_it_compared_and_what_differs() {
    let verified = |entry| shown(entry, |screen| screen.tab = Tab::Verification);
    snapshots("workspace/verification", &verified(troubled("prod")));
    snapshot("workspace/verified", &verified(workspace("prod")), (80, 24), Lang::En);
    let mut entry = workspace("prod");
    let cap = Cap { status: "OverQuota".into(), resets_at: Some(now() + SignedDuration::from_hours(3)) };
    entry.standing.last_verified = Some(crate::model::sending::VerifyRecord { cap: Some(cap), ..differs() });
    let over = screen(&verified(entry), (80, 24));
    assert!(over.contains("OverQuota"), "{over}");
}

#[test]
fn every_fault_has_its_cause_and_its_remedy() {
    let faults = |entry| shown(entry, |screen| screen.tab = Tab::Faults);
    snapshots("workspace/faults", &faults(troubled("prod")));
    snapshot("workspace/no-faults", &faults(workspace("prod")), (80, 24), Lang::En);
    let whole = screen(&faults(troubled("prod")), (80, 60));
    assert!(whole.contains(GUID) && whole.contains("Monitoring Metrics Publisher"), "{whole}");
}

#[test]
fn the_log_tells_what_was_sent_and_verified() {
    snapshots("workspace/log", &shown(troubled("prod"), |screen| screen.tab = Tab::Log));
    let mut entry = not_set_up("prod");
    entry.standing.log.clear();
    let empty = screen(&shown(entry, |screen| screen.tab = Tab::Log), (80, 24));
    assert!(empty.contains("Nothing was sent or verified yet"), "{empty}");
}

#[test]
fn the_secret_is_masked() {
    let mut part = SignInPart {
        workspace: settings("prod"),
        secret: crate::model::secret::Secret::new("typed"),
        cursor: 5,
        revealed: false,
        stage: SignInStage::Typing(None),
    };
    let model = |part: &SignInPart| shown(workspace("prod"), |screen| screen.sign_in = Some(part.clone()));
    snapshot("workspace/sign-in", &model(&part), (80, 24), Lang::En);
    part.stage = SignInStage::Code(TaskId(7), None);
    assert!(screen(&model(&part), (80, 24)).contains("Asking Microsoft for a code"));
}

#[test]
fn a_list_that_could_not_be_read_says_why() {
    let mut failed = model().with(|facts| facts.workspaces.list = Remote::Failed(Fault::Interrupted));
    failed.show(WorkspaceScreen::new(workspace_name("prod")));
    assert!(screen(&failed, (80, 24)).contains('✗'));
}
