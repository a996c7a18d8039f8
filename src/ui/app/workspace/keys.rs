//! Which keys do what on a workspace: what is innermost takes them first.

use super::{Field, PlanPart, Purpose, SignInPart, Tab, WorkspaceAction as Do, WorkspaceScreen};
use crate::model::lang::Lang;
use crate::model::sending::SendFinding;
use crate::model::workspace::AzureSignIn;
use crate::texts::{connection, dashboard, keys, settings, wizard, workspace_screen as texts};
use crate::ui::app::key::{Code, Key};
use crate::ui::app::keymap::{Binding, HELP_ONLY, edit};
use crate::ui::app::model::Facts;
use crate::ui::app::motion::{Moved, moves};
use crate::ui::app::screens::Action;

type Label = fn(Lang) -> &'static str;

fn bind(keys: &[Key], action: Do, label: Label, priority: u8) -> Binding {
    Binding::new(keys, Action::Workspace(action), label, priority)
}

fn back(label: Label, priority: u8) -> Binding {
    Binding::new(&[Key::new(Code::Esc)], Action::Back, label, priority)
}

/// The keys of a workspace.
pub fn bindings(facts: &Facts, screen: &WorkspaceScreen) -> Vec<Binding> {
    if let Some(field) = &screen.plan.field {
        return of_field(field);
    }
    if let Some(sign_in) = &screen.sign_in {
        return of_sign_in(sign_in);
    }
    let mut bindings = of_tab(facts, screen);
    bindings.extend(of_workspace(facts, screen));
    bindings.extend(moves(Moved::Lines, |motion| Action::Workspace(Do::Go(motion))));
    bindings
}

/// What a key edits, where a field has the focus.
pub fn typed(screen: &WorkspaceScreen, key: Key) -> Option<Do> {
    if screen.plan.field.is_some() {
        return edit(key).map(Do::EditField);
    }
    let is_typing = screen.sign_in.as_ref().is_some_and(SignInPart::is_typing);
    edit(key).filter(|_| is_typing).map(Do::EditSecret)
}

/// The keys of a sign-in.
pub fn of_sign_in(sign_in: &SignInPart) -> Vec<Binding> {
    let submit: Label = match sign_in.is_typing() {
        true => connection::key_sign_in,
        false => texts::key_another_code,
    };
    let reveal = if sign_in.revealed { wizard::key_hide } else { wizard::key_show };
    vec![
        bind(&[Key::new(Code::Enter)], Do::SubmitSecret, submit, 1).when(!sign_in.is_busy()),
        bind(&[Key::ctrl('r')], Do::RevealSecret, reveal, 2).when(sign_in.is_typing()),
        bind(&[Key::char('c')], Do::CopyCode, texts::key_copy_code, 2).when(sign_in.code().is_some()),
        back(keys::close, 3),
    ]
}

fn of_tab(facts: &Facts, screen: &WorkspaceScreen) -> Vec<Binding> {
    match screen.tab {
        Tab::Plan => of_plan(&screen.plan),
        Tab::Test => vec![bind(&[Key::char('x')], Do::Stop, dashboard::stop, 0).when(screen.test.task.is_some())],
        Tab::State | Tab::Verification | Tab::Faults | Tab::Log => {
            let set_up = screen.entry(facts).is_some_and(|entry| entry.standing.set_up);
            // Without a rule nothing can be sent: the plan comes first.
            let priority = if set_up { HELP_ONLY } else { 0 };
            vec![bind(&[Key::char('p')], Do::Plan, texts::key_plan, priority)]
        }
    }
}

/// The keys of the line that is typed for a plan.
pub fn of_field(field: &Field) -> Vec<Binding> {
    let submit: Label = match field.purpose {
        Purpose::Migrate(_) => texts::key_plan_migration,
        Purpose::OtherTable(_) | Purpose::Folder | Purpose::Sender => wizard::key_continue,
    };
    vec![bind(&[Key::new(Code::Enter)], Do::SubmitField, submit, 1), back(keys::close, 2)]
}

/// The keys of a plan.
pub fn of_plan(plan: &PlanPart) -> Vec<Binding> {
    let (free, there) = (!plan.is_busy(), plan.shown.is_some());
    let classic = free && plan.classic().is_some();
    vec![
        bind(&[Key::char('M')], Do::Apply, texts::key_apply, 1).when(free && plan.to_do() > 0),
        bind(&[Key::char('p')], Do::Plan, texts::key_plan, if there { 9 } else { 1 }).when(free),
        bind(&[Key::char('B')], Do::Migrate, texts::key_migrate, 2).when(classic),
        bind(&[Key::char('b')], Do::OtherTable, texts::key_other_table, 3).when(classic),
        bind(&[Key::char('U')], Do::Sender, texts::key_sender, if plan.lacks_sender() { 2 } else { HELP_ONLY })
            .when(free && there),
        bind(&[Key::char('A')], Do::SetUpAs, texts::key_set_up_as, 5).when(free),
        bind(&[Key::char('E')], Do::Export, texts::key_export, 4).when(free && there),
        bind(&[Key::char('c')], Do::CopyCode, texts::key_copy_code, 1).when(plan.code().is_some()),
    ]
}

fn of_workspace(facts: &Facts, screen: &WorkspaceScreen) -> Vec<Binding> {
    let entry = screen.entry(facts);
    let set_up = entry.is_some_and(|entry| entry.standing.set_up);
    let signs_in = entry
        .is_some_and(|entry| matches!(entry.settings.sign_in, AzureSignIn::ServicePrincipal | AzureSignIn::DeviceCode));
    let mixed = entry.is_some_and(|entry| {
        entry.standing.findings.iter().any(|found| matches!(found, SendFinding::OtherValues { .. }))
    });
    // Changes in Azure are let finish: nothing takes the workspace away meanwhile.
    let free = !screen.plan.is_applying();
    let (sends, verifies) = (screen.sending.task.is_some(), screen.verifying.task.is_some());
    let stopping = screen.sending.stopping || screen.verifying.stopping;
    let tests = screen.test.task.is_some();
    vec![
        bind(&[Key::char('s')], Do::Send, texts::key_send, 6).when(set_up && !sends && !verifies),
        bind(&[Key::char('T')], Do::SendAgain, texts::key_send_again, if mixed { 9 } else { HELP_ONLY })
            .when(set_up && !sends && !verifies),
        bind(&[Key::char('x')], Do::Stop, dashboard::stop, 6).when((sends || verifies) && !stopping),
        bind(&[Key::char('v')], Do::Verify, texts::key_verify, if screen.tab == Tab::Verification { 1 } else { 7 })
            .when(set_up && !sends && !verifies),
        bind(&[Key::char('t')], Do::Test, texts::key_test, test_priority(screen)).when(set_up && !tests),
        bind(&[Key::char('p')], Do::Plan, texts::key_plan, HELP_ONLY),
        bind(&[Key::char('R')], Do::SignIn, connection::key_sign_in_again, 12).when(signs_in && free),
        bind(&[Key::char('r')], Do::Reload, dashboard::reload, 85),
        bind(&[Key::char('d')], Do::Remove, connection::key_remove, 60).when(screen.removing.is_none() && free),
        bind(
            &[Key::new(Code::Tab), Key::new(Code::Right), Key::char('l')],
            Do::TurnTab(1),
            connection::key_next_tab,
            10,
        ),
        bind(
            &[Key::new(Code::BackTab), Key::new(Code::Left), Key::char('h')],
            Do::TurnTab(-1),
            connection::key_previous_tab,
            HELP_ONLY,
        ),
        bind(&[Key::char('e')], Do::Settings, settings::key_settings, 61).when(free),
        bind(&[Key::char('w')], Do::Next, texts::key_next_workspace, 30).when(facts.workspaces.entries().len() > 1),
        back(keys::back, 9),
    ]
}

/// A test row comes first on its own tab, and where the plan has nothing left to do.
fn test_priority(screen: &WorkspaceScreen) -> u8 {
    match screen.tab {
        Tab::Test => 1,
        Tab::Plan if screen.plan.is_done() => 1,
        _ => 8,
    }
}
