//! The keys of the guided step.

use super::{Deploy, DeployAction, Stage};
use crate::model::lang::Lang;
use crate::texts::{connection, deploy as texts, keys, wizard};
use crate::ui::app::key::{Code, Key};
use crate::ui::app::keymap::{self, Binding, HELP_ONLY};
use crate::ui::app::screens::Action;

/// The keys of the step as it stands.
pub fn bindings(deploy: &Deploy) -> Vec<Binding> {
    let close = |label, priority| Binding::new(&[Key::new(Code::Esc)], Action::Back, label, priority);
    match &deploy.stage {
        Stage::Writing(_) => vec![close(keys::back, 9)],
        Stage::Written(_) => vec![
            Binding::new(&[Key::new(Code::Enter), Key::new(Code::Esc)], Action::Back, keys::back, 1),
            bind(&[Key::char('c')], DeployAction::CopyNext, texts::key_copy_next, 2),
            bind(
                &[Key::new(Code::Down), Key::char('j')],
                DeployAction::Scroll(1),
                connection::key_scroll_down,
                HELP_ONLY,
            ),
            bind(&[Key::new(Code::Up), Key::char('k')], DeployAction::Scroll(-1), connection::key_scroll_up, HELP_ONLY),
        ],
        Stage::Filling | Stage::Failed(_) => {
            let last = deploy.neighbour(1).is_none();
            let enter = if last { texts::key_write } else { wizard::key_next_field };
            let write = if last { HELP_ONLY } else { 2 };
            vec![
                bind(&[Key::new(Code::Enter)], if last { DeployAction::Write } else { DeployAction::Next }, enter, 1),
                bind(
                    &[Key::new(Code::Tab), Key::new(Code::Down)],
                    DeployAction::Next,
                    wizard::key_next_field,
                    HELP_ONLY,
                )
                .when(!last),
                bind(&[Key::ctrl('d')], DeployAction::Write, texts::key_write, write),
                bind(&[Key::new(Code::BackTab), Key::new(Code::Up)], DeployAction::Previous, keys::up, 5),
                close(keys::back, 3),
            ]
        }
    }
}

/// What a key edits.
pub fn typed(deploy: &Deploy, key: Key) -> Option<DeployAction> {
    match deploy.stage {
        Stage::Filling | Stage::Failed(_) => keymap::edit(key).map(DeployAction::Edit),
        Stage::Writing(_) | Stage::Written(_) => None,
    }
}

fn bind(keys: &[Key], action: DeployAction, label: fn(Lang) -> &'static str, priority: u8) -> Binding {
    Binding::new(keys, Action::Deploy(action), label, priority)
}
