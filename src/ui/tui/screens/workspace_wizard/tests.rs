use jiff::SignedDuration;

use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::secret::Secret;
use crate::model::workspace::AzureSignIn;
use crate::model::workspace_run::{CodePrompt, Delays};
use crate::ui::app::effect::TaskId;
use crate::ui::app::model::Model;
use crate::ui::app::remote::Remote;
use crate::ui::app::testing::{model, name, now};
use crate::ui::app::workspace::testing::{GUID, found, not_set_up, plan, plan_done, settings, subscriptions};
use crate::ui::app::workspace::{PlanPart, SignInPart, SignInStage, TestPart};
use crate::ui::app::workspace_wizard::{Form, FormField, Place, PlaceStage, SignInStep, WizardStep, WorkspaceWizard};
use crate::ui::tui::gallery::visit;
use crate::ui::tui::testing::{WIDE, screen, snapshot, snapshots};

fn shown(wizard: WorkspaceWizard) -> Model {
    let mut model = model().with(|facts| facts.workspaces.list = Remote::Ready(vec![not_set_up("prod")], now()));
    model.show(wizard);
    model
}

fn principal() -> Form {
    let mut form = Form {
        name: "prod2".into(),
        way: AzureSignIn::ServicePrincipal,
        tenant: "contoso.example".into(),
        client_id: "the app".into(),
        secret: Secret::new("typed"),
        ..Form::default()
    };
    form.focus_on(FormField::ClientId);
    form.focus_on(FormField::Secret);
    form
}

fn with_form(form: Form, sign_in: Option<SignInStage>) -> Model {
    let running = sign_in.map(|stage| SignInPart {
        workspace: settings("prod2"),
        secret: Secret::default(),
        cursor: 0,
        revealed: false,
        stage,
    });
    shown(WorkspaceWizard { sign_in: SignInStep { form, running }, ..WorkspaceWizard::default() })
}

#[test]
fn the_sign_in_in_every_size() {
    snapshots("workspace-wizard/sign-in", &with_form(principal(), None));
    for lang in [Lang::En, Lang::Nl] {
        snapshot("workspace-wizard/sign-in", &with_form(principal(), None), (200, 60), lang);
    }
    assert!(!screen(&with_form(principal(), None), (80, 24)).contains("typed"), "the secret is masked");
    let refused = Fault::SignInImpossible {
        host: "login.microsoftonline.com".into(),
        aadsts: Some(7_000_215),
        detail: "AADSTS7000215: Invalid client secret provided.".into(),
        correlation_id: None,
    };
    let refused = with_form(principal(), Some(SignInStage::Typing(Some(refused))));
    snapshot("workspace-wizard/sign-in-refused", &refused, (80, 24), Lang::En);
    let prompt = CodePrompt {
        page: "https://microsoft.com/devicelogin".into(),
        code: "ABCD1234".into(),
        until: now() + SignedDuration::from_secs(545),
    };
    let person = || Form { way: AzureSignIn::DeviceCode, ..principal() };
    let code = with_form(person(), Some(SignInStage::Code(TaskId(7), Some(prompt))));
    snapshot("workspace-wizard/code", &code, (80, 24), Lang::Nl);
    snapshot("workspace-wizard/code", &code, (40, 12), Lang::En);
}

fn with_place(place: Place) -> Model {
    shown(WorkspaceWizard {
        step: WizardStep::Place,
        sign_in: SignInStep::new(principal()),
        place,
        ..WorkspaceWizard::default()
    })
}

#[test]
fn the_place_is_chosen_or_typed() {
    let listed = || Place { subscriptions: Remote::Ready(subscriptions(), now()), ..Place::default() };
    snapshots("workspace-wizard/subscriptions", &with_place(listed()));
    let mut workspaces = listed();
    workspaces.typed[0] = GUID.into();
    workspaces.workspaces = Remote::Ready(found(), now());
    workspaces.show(PlaceStage::Workspaces);
    (workspaces.picker.find, workspaces.picker.cursor) = ("net".into(), 3);
    let model = with_place(workspaces);
    snapshot("workspace-wizard/workspaces", &model, (80, 24), Lang::En);
    snapshot("workspace-wizard/workspaces", &model, WIDE, Lang::En);
    let failed = Place { subscriptions: Remote::Failed(Fault::Interrupted), ..Place::default() };
    assert!(screen(&with_place(failed), (80, 24)).contains("ctrl-t types the place instead"));
    let mut typed = Place { typed: ["prod".into(), "monitoring".into(), String::new()], ..Place::default() };
    typed.show(PlaceStage::Typed);
    typed.refused = true;
    snapshot("workspace-wizard/typed", &with_place(typed), (80, 24), Lang::En);
}

#[test]
fn a_refusal_and_the_line_that_is_typed_are_in_sight_on_the_lowest_screen() {
    let refused = Fault::SignInImpossible {
        host: "login.microsoftonline.com".into(),
        aadsts: Some(7_000_215),
        detail: "AADSTS7000215: Invalid client secret provided.".into(),
        correlation_id: None,
    };
    let told = screen(&with_form(principal(), Some(SignInStage::Typing(Some(refused.clone())))), (40, 12));
    assert!(told.contains('✗') && told.contains("› Client secret"), "{told}");
    let mut typed = Place { fault: Some(refused), ..Place::default() };
    typed.show(PlaceStage::Typed);
    typed.line = (2, 0);
    let told = screen(&with_place(typed), (40, 12));
    assert!(told.contains("› Workspace") && told.contains('✗'), "{told}");
}

fn saved(step: WizardStep, change: impl FnOnce(&mut WorkspaceWizard)) -> Model {
    let mut wizard = WorkspaceWizard { step, ..WorkspaceWizard::of(&not_set_up("prod")) };
    change(&mut wizard);
    shown(wizard)
}

#[test]
fn the_plan_the_test_and_the_connections() {
    let planned = saved(WizardStep::Plan, |wizard| wizard.plan.shown = Some((Box::new(plan("prod")), now())));
    snapshot("workspace-wizard/plan", &planned, (80, 24), Lang::En);
    snapshot("workspace-wizard/plan", &planned, (40, 12), Lang::Nl);
    let unseen = saved(WizardStep::Plan, |wizard| {
        wizard.unseen = Some(Fault::AzureForbidden { what: "workspaces/read".into(), detail: String::new() });
    });
    assert!(screen(&unseen, (80, 24)).contains("Saved without a look at Azure"));
    visit("gallery/workspace-wizard-test", &saved(WizardStep::Test, |_| {}));
    let test = screen(&saved(WizardStep::Test, |_| {}), (80, 24));
    assert!(test.contains("There is no data collection rule yet"), "{test}");
    let connections = saved(WizardStep::Connections, |wizard| wizard.feed_focus = 1);
    snapshot("workspace-wizard/connections", &connections, (80, 24), Lang::En);
    snapshot("workspace-wizard/connections", &connections, WIDE, Lang::En);
}

#[test]
fn the_review_shows_all_of_it() {
    let done = saved(WizardStep::Review, |wizard| {
        wizard.plan = PlanPart { shown: Some((Box::new(plan_done("prod")), now())), ..PlanPart::default() };
        let delays = Delays { rights_seconds: 3, row_seconds: Some(41), mark: GUID.into() };
        wizard.test = TestPart { last: Some(Ok(delays)), ..TestPart::default() };
        wizard.feeds = [name("contoso"), name("ams-test")].into();
    });
    snapshots("workspace-wizard/review", &done);
    let nothing = screen(&saved(WizardStep::Review, |wizard| wizard.feeds.clear()), (80, 24));
    assert!(nothing.contains("not tested") && nothing.contains("no connection yet"), "{nothing}");
}
