//! The keys of the wizard of a source, step by step.

use super::{AlertSourceAction as Do, AlertSourceWizard, SourceStep};
use crate::model::lang::Lang;
use crate::texts::{alert_source as texts, dashboard, keys, wizard, workspace_wizard};
use crate::ui::app::key::{Code, Key};
use crate::ui::app::keymap::{Binding, edit};
use crate::ui::app::motion::{moves_in_form, scrolls, scrolls_by_line};
use crate::ui::app::screens::Action;

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
        SourceStep::SignIn => {
            let of = |action| Action::AlertSource(Do::SignIn(action));
            wizard.sign_in.bindings(of, &Action::AlertSource(Do::Continue))
        }
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
                bind(&[Key::char(' ')], Do::Acknowledge, texts::key_acknowledge, 2).when(free),
                bind(&[Key::char('e')], Do::FromStart, texts::key_edit, 3).when(free && edits),
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
            return wizard.sign_in.typed(key).map(|action| Action::AlertSource(Do::SignIn(action)));
        }
        // A blank chooses one and ctrl-a all; the filter needs neither.
        SourceStep::Subscriptions => {
            let chooses = [Key::char(' '), Key::ctrl('a')].contains(&key);
            wizard.subscriptions.typing.is_some() || !chooses
        }
        SourceStep::Test => false,
        // The interval: digits, and what moves among them.
        SourceStep::Review => {
            let moves = matches!(key.code, Code::Backspace | Code::Delete | Code::Left | Code::Right);
            moves || key.typed().is_some_and(|typed| typed.is_ascii_digit())
        }
    };
    edit(key).filter(|_| types).map(|edit| Action::AlertSource(Do::Edit(edit)))
}

fn of_subscriptions(wizard: &AlertSourceWizard) -> Vec<Binding> {
    let subscriptions = &wizard.subscriptions;
    if subscriptions.typing.is_some() {
        return vec![enter(wizard::key_continue), bind(&[Key::ctrl('t')], Do::TypeIds, workspace_wizard::key_list, 3)];
    }
    let any = subscriptions.focused().is_some();
    vec![
        enter(wizard::key_continue),
        bind(&[Key::char(' ')], Do::Toggle, wizard::key_choose, 2).when(any),
        bind(&[Key::ctrl('a')], Do::ToggleAll, texts::key_all, 3).when(any),
        bind(&[Key::ctrl('t')], Do::TypeIds, texts::key_type, 4),
        bind(&[Key::ctrl('g')], Do::Reload, dashboard::reload, 5).when(subscriptions.list.fault().is_some()),
    ]
}

fn moves(wizard: &AlertSourceWizard) -> Vec<Binding> {
    let own = match wizard.step {
        SourceStep::SignIn => Vec::new(),
        SourceStep::Subscriptions => moves_in_form(|by| Action::AlertSource(Do::Move(by))).into(),
        SourceStep::Test | SourceStep::Review => scrolls_by_line(scroll).into(),
    };
    own.into_iter().chain(scrolls(8, scroll)).collect()
}

fn scroll(by: isize) -> Action {
    Action::AlertSource(Do::Scroll(by))
}
