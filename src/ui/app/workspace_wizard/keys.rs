//! The keys of the wizard, step by step.

use super::{PlaceStage, WizardStep, WorkspaceWizard, WorkspaceWizardAction as Do};
use crate::model::lang::Lang;
use crate::texts::{dashboard, keys, wizard, workspace_screen, workspace_wizard as texts};
use crate::ui::app::key::{Code, Key};
use crate::ui::app::keymap::{Binding, edit};
use crate::ui::app::model::Facts;
use crate::ui::app::motion::{moves_in_form, scrolls, scrolls_by_line};
use crate::ui::app::screens::Action;
use crate::ui::app::workspace::WorkspaceAction;
use crate::ui::app::workspace::keys::{of_field, of_plan};

type Label = fn(Lang) -> &'static str;

fn bind(keys: &[Key], action: Do, label: Label, priority: u8) -> Binding {
    Binding::new(keys, Action::WorkspaceWizard(action), label, priority)
}

fn of_screen(keys: &[Key], action: WorkspaceAction, label: Label, priority: u8) -> Binding {
    Binding::new(keys, Action::Workspace(action), label, priority)
}

/// The keys of the wizard as it stands.
pub fn bindings(facts: &Facts, wizard: &WorkspaceWizard) -> Vec<Binding> {
    if let Some(field) = wizard.plan.field.as_ref().filter(|_| wizard.step == WizardStep::Plan) {
        return of_field(field);
    }
    let mut bindings = match wizard.step {
        WizardStep::SignIn => {
            let of = |action| Action::WorkspaceWizard(Do::SignIn(action));
            wizard.sign_in.bindings(of, &Action::WorkspaceWizard(Do::Continue))
        }
        WizardStep::Place => of_place(wizard),
        WizardStep::Plan => of_set_up(wizard),
        WizardStep::Test => of_test(facts, wizard),
        WizardStep::Connections => {
            vec![enter(wizard::key_continue), bind(&[Key::char(' ')], Do::Toggle, wizard::key_toggle, 2)]
        }
        WizardStep::Review => vec![enter(wizard::key_save).when(wizard.saving.is_none())],
    };
    bindings.extend(moves(wizard));
    let is_first = wizard.step == WizardStep::SignIn;
    let label = if is_first { keys::back } else { wizard::key_previous_step };
    bindings.push(Binding::new(&[Key::new(Code::Esc)], Action::Back, label, 20));
    bindings
}

/// What a key edits: in a field of text every printable key types.
pub fn typed(wizard: &WorkspaceWizard, key: Key) -> Option<Action> {
    if wizard.step == WizardStep::Plan && wizard.plan.field.is_some() {
        return edit(key).map(|edit| Action::Workspace(WorkspaceAction::EditField(edit)));
    }
    let types = match wizard.step {
        WizardStep::SignIn => {
            return wizard.sign_in.typed(key).map(|action| Action::WorkspaceWizard(Do::SignIn(action)));
        }
        WizardStep::Place => !matches!(wizard.place.stage, PlaceStage::Adding(_)),
        WizardStep::Plan | WizardStep::Test | WizardStep::Connections | WizardStep::Review => false,
    };
    edit(key).filter(|_| types).map(|edit| Action::WorkspaceWizard(Do::Edit(edit)))
}

fn enter(label: Label) -> Binding {
    bind(&[Key::new(Code::Enter)], Do::Continue, label, 1)
}

fn of_place(wizard: &WorkspaceWizard) -> Vec<Binding> {
    let place = &wizard.place;
    match place.stage {
        PlaceStage::Adding(_) => Vec::new(),
        PlaceStage::Typed => {
            let last = place.line.0 + 1 == place.typed.len();
            let enter = if last {
                enter(wizard::key_continue)
            } else {
                bind(&[Key::new(Code::Enter)], Do::Move(1), wizard::key_next_field, 1)
            };
            vec![
                enter,
                bind(&[Key::ctrl('d')], Do::Continue, wizard::key_continue, 2),
                bind(&[Key::ctrl('t')], Do::TypePlace, texts::key_list, 3),
            ]
        }
        PlaceStage::Subscriptions | PlaceStage::Workspaces => vec![
            enter(wizard::key_choose).when(!place.shown().is_empty()),
            bind(&[Key::ctrl('t')], Do::TypePlace, texts::key_type, 2),
            bind(&[Key::ctrl('g')], Do::Reload, dashboard::reload, 3).when(place.list_fault().is_some()),
        ],
    }
}

fn of_set_up(wizard: &WorkspaceWizard) -> Vec<Binding> {
    let mut bindings = of_plan(&wizard.plan);
    let priority = if wizard.plan.to_do() > 0 { 7 } else { 0 };
    let go_on = bind(&[Key::new(Code::Enter)], Do::Continue, wizard::key_continue, priority);
    bindings.push(go_on.when(!wizard.plan.is_busy()));
    bindings
}

fn of_test(facts: &Facts, wizard: &WorkspaceWizard) -> Vec<Binding> {
    let (runs, set_up) = (wizard.test.task.is_some(), wizard.is_set_up(facts));
    let first = wizard.test.last.is_none() && set_up;
    vec![
        of_screen(&[Key::char('t')], WorkspaceAction::Test, workspace_screen::key_test, if first { 0 } else { 2 })
            .when(set_up && !runs),
        of_screen(&[Key::char('x')], WorkspaceAction::Stop, dashboard::stop, 2).when(runs),
        enter(wizard::key_continue),
    ]
}

fn moves(wizard: &WorkspaceWizard) -> Vec<Binding> {
    let own = match wizard.step {
        WizardStep::SignIn => Vec::new(),
        WizardStep::Place | WizardStep::Connections => moves_in_form(|by| Action::WorkspaceWizard(Do::Move(by))).into(),
        WizardStep::Plan | WizardStep::Test | WizardStep::Review => scrolls_by_line(scroll).into(),
    };
    own.into_iter().chain(scrolls(8, scroll)).collect()
}

fn scroll(by: isize) -> Action {
    Action::WorkspaceWizard(Do::Scroll(by))
}
