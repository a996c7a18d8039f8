//! The keys of the wizard of a source, step by step.

use super::{AlertSourceAction as Do, AlertSourceWizard, SourceStep};
use crate::model::lang::Lang;
use crate::texts::{alert_source as texts, connection, dashboard, keys, wizard, workspace_screen, workspace_wizard};
use crate::ui::app::key::{Code, Key};
use crate::ui::app::keymap::{Binding, HELP_ONLY, edit};
use crate::ui::app::screens::Action;
use crate::ui::app::workspace_wizard::FormField;

type Label = fn(Lang) -> &'static str;

fn bind(keys: &[Key], action: Do, label: Label, priority: u8) -> Binding {
    Binding::new(keys, Action::AlertSource(action), label, priority)
}

fn enter(label: Label) -> Binding {
    bind(&[Key::new(Code::Enter)], Do::Continue, label, 1)
}

/// The keys of the wizard as it stands.
pub fn bindings(wizard: &AlertSourceWizard) -> Vec<Binding> {
    let mut bindings = match wizard.step {
        SourceStep::SignIn => of_sign_in(wizard),
        SourceStep::Subscriptions => of_subscriptions(wizard),
        SourceStep::Test => {
            let free = wizard.testing.is_none();
            vec![
                enter(wizard::key_continue).when(free && wizard.is_readable()),
                bind(&[Key::char('t')], Do::Test, texts::key_test, 2).when(free),
            ]
        }
        SourceStep::Review => {
            let free = wizard.saving.is_none();
            let edits = wizard.saved.is_some();
            vec![
                enter(wizard::key_save).when(free && wizard.every_seconds().is_some()),
                bind(&[Key::char('a')], Do::Acknowledge, texts::key_acknowledge, 2).when(free),
                bind(&[Key::char('s')], Do::FromStart, texts::key_from_start, 3).when(free && edits),
            ]
        }
    };
    bindings.extend(moves(wizard));
    let first = if wizard.saved.is_some() { SourceStep::Review } else { SourceStep::SignIn };
    let label = if wizard.step == first { keys::back } else { wizard::key_previous_step };
    bindings.push(Binding::new(&[Key::new(Code::Esc)], Action::Back, label, 20));
    bindings
}

/// What a key edits: in a field of text every printable key types.
pub fn typed(wizard: &AlertSourceWizard, key: Key) -> Option<Action> {
    let types = match wizard.step {
        SourceStep::SignIn => {
            let waits = wizard.sign_in.as_ref().is_some_and(|sign_in| sign_in.is_busy());
            wizard.form.focus != FormField::Way && !waits
        }
        // A blank chooses; the filter needs none.
        SourceStep::Subscriptions => wizard.subscriptions.typing.is_some() || key.typed() != Some(' '),
        SourceStep::Test => false,
        // The interval: digits, and what moves among them.
        SourceStep::Review => {
            let moves = matches!(key.code, Code::Backspace | Code::Delete | Code::Left | Code::Right);
            moves || key.typed().is_some_and(|typed| typed.is_ascii_digit())
        }
    };
    edit(key).filter(|_| types).map(|edit| Action::AlertSource(Do::Edit(edit)))
}

fn of_sign_in(wizard: &AlertSourceWizard) -> Vec<Binding> {
    if let Some(sign_in) = wizard.sign_in.as_ref().filter(|sign_in| sign_in.is_busy()) {
        let copy = bind(&[Key::char('c')], Do::CopyCode, workspace_screen::key_copy_code, 1);
        return vec![copy.when(sign_in.code().is_some())];
    }
    let form = &wizard.form;
    let is_way = form.focus == FormField::Way;
    let enter = match form.neighbour(1) {
        Some(_) => bind(&[Key::new(Code::Enter)], Do::Move(1), wizard::key_next_field, 1),
        None => enter(connection::key_sign_in),
    };
    let reveal = if form.revealed { wizard::key_hide } else { wizard::key_show };
    vec![
        enter,
        bind(&[Key::ctrl('d')], Do::Continue, connection::key_sign_in, 2),
        bind(&[Key::char(' '), Key::new(Code::Right)], Do::TurnWay(1), wizard::key_choice, 3).when(is_way),
        bind(&[Key::new(Code::Left)], Do::TurnWay(-1), wizard::key_choice, HELP_ONLY).when(is_way),
        bind(&[Key::ctrl('r')], Do::Reveal, reveal, 4).when(form.focus == FormField::Secret),
    ]
}

fn of_subscriptions(wizard: &AlertSourceWizard) -> Vec<Binding> {
    let subscriptions = &wizard.subscriptions;
    if subscriptions.typing.is_some() {
        return vec![enter(wizard::key_continue), bind(&[Key::ctrl('t')], Do::TypeIds, workspace_wizard::key_list, 3)];
    }
    let any = subscriptions.focused().is_some();
    vec![
        enter(wizard::key_continue),
        bind(&[Key::char(' ')], Do::Toggle, wizard::key_toggle, 2).when(any),
        bind(&[Key::ctrl('a')], Do::ToggleAll, texts::key_all, 3).when(any),
        bind(&[Key::ctrl('t')], Do::TypeIds, texts::key_type, 4),
        bind(&[Key::ctrl('g')], Do::Reload, dashboard::reload, 5).when(subscriptions.list.fault().is_some()),
    ]
}

fn moves(wizard: &AlertSourceWizard) -> Vec<Binding> {
    let lists = matches!(wizard.step, SourceStep::SignIn | SourceStep::Subscriptions);
    let waits = wizard.sign_in.as_ref().is_some_and(|sign_in| sign_in.is_busy());
    let (down, up) = (Key::new(Code::Down), Key::new(Code::Up));
    let mut moves = vec![
        bind(&[Key::new(Code::PageDown)], Do::Scroll(8), connection::key_scroll_down, HELP_ONLY),
        bind(&[Key::new(Code::PageUp)], Do::Scroll(-8), connection::key_scroll_up, HELP_ONLY),
    ];
    if lists {
        moves.push(bind(&[down, Key::new(Code::Tab)], Do::Move(1), keys::down, HELP_ONLY).when(!waits));
        moves.push(bind(&[up, Key::new(Code::BackTab)], Do::Move(-1), keys::up, HELP_ONLY).when(!waits));
    } else {
        moves.push(bind(&[down, Key::char('j')], Do::Scroll(1), connection::key_scroll_down, HELP_ONLY));
        moves.push(bind(&[up, Key::char('k')], Do::Scroll(-1), connection::key_scroll_up, HELP_ONLY));
    }
    moves
}
