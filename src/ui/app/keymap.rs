//! Which keys do what, right now. Dispatch, the footer and the help page all read this one list.

use super::action::Action;
use super::key::{Code, Key};
use super::model::{Model, Overlay, Screen};
use super::passphrase::PassphraseAction;
use crate::model::lang::Lang;
use crate::texts::keys;

/// One thing that keys do on the present screen.
#[derive(Debug, Clone)]
pub struct Binding {
    /// The keys, the one to show first.
    pub keys: Vec<Key>,
    /// What they do.
    pub action: Action,
    /// The text for footer and help.
    pub label: fn(Lang) -> &'static str,
    /// Footer order: lower comes first; from [`HELP_ONLY`] on it stands in the help only.
    pub priority: u8,
    /// Whether it does something now; a disabled one is shown dim in the help and does nothing.
    pub enabled: bool,
}

/// The priority from which on a binding stands in the help only.
pub const HELP_ONLY: u8 = 100;

impl Binding {
    /// A binding that is enabled.
    pub fn new(keys: &[Key], action: Action, label: fn(Lang) -> &'static str, priority: u8) -> Self {
        Self { keys: keys.to_vec(), action, label, priority, enabled: true }
    }

    /// The same, enabled only `when`.
    pub fn when(mut self, when: bool) -> Self {
        self.enabled = when;
        self
    }
}

/// All bindings that hold now, those of an overlay if one is open; the first that has the key and is enabled
/// wins.
pub fn keymap(model: &Model) -> Vec<Binding> {
    match &model.overlay {
        Some(overlay) => [of_overlay(overlay), everywhere(false)].concat(),
        None if model.passphrase.is_some() => [super::passphrase::bindings(), everywhere(false)].concat(),
        None => beneath(model),
    }
}

/// All bindings of the screen, whatever lies over it: what the help page lists. Keys that type where they are
/// pressed are not among them.
pub fn beneath(model: &Model) -> Vec<Binding> {
    let front = model.front().map(Screen::behaviour);
    let mut bindings = front.map(|screen| screen.bindings(model)).unwrap_or_default();
    bindings.extend(everywhere(true));
    bindings.iter_mut().for_each(|binding| binding.keys.retain(|key| typed_beneath(model, *key).is_none()));
    bindings.retain(|binding| !binding.keys.is_empty());
    bindings
}

/// What this key does now.
pub fn action(model: &Model, key: Key) -> Option<Action> {
    if let Some(typed) = typed(model, key) {
        return Some(typed);
    }
    keymap(model).into_iter().find(|binding| binding.enabled && binding.keys.contains(&key)).map(|found| found.action)
}

/// Where a text field has the focus, keys that edit it come before all bindings.
fn typed(model: &Model, key: Key) -> Option<Action> {
    if model.overlay.is_some() {
        None
    } else if model.passphrase.is_some() {
        edit(key).map(|edit| Action::Passphrase(PassphraseAction::Edit(edit)))
    } else {
        typed_beneath(model, key)
    }
}

fn typed_beneath(model: &Model, key: Key) -> Option<Action> {
    model.front().and_then(|screen| screen.behaviour().typed(key))
}

/// The edit that a key means in a text field, for those that have no other meaning there.
pub fn edit(key: Key) -> Option<super::input::Edit> {
    use super::input::Edit;
    if let Some(c) = key.typed() {
        return Some(Edit::Insert(c));
    }
    match (key.code, key.ctrl) {
        (Code::Backspace, false) => Some(Edit::Backspace),
        (Code::Delete, false) => Some(Edit::Delete),
        (Code::Left, false) => Some(Edit::Left),
        (Code::Right, false) => Some(Edit::Right),
        (Code::Home, false) | (Code::Char('a'), true) => Some(Edit::Home),
        (Code::End, false) | (Code::Char('e'), true) => Some(Edit::End),
        (Code::Char('u'), true) => Some(Edit::Clear),
        _ => None,
    }
}

fn of_overlay(overlay: &Overlay) -> Vec<Binding> {
    let close = Binding::new(&[Key::new(Code::Esc), Key::char('q')], Action::Back, keys::close, 1);
    match overlay {
        Overlay::Help(_) => vec![
            close,
            Binding::new(&[Key::new(Code::Down), Key::char('j')], Action::ScrollOverlay(1), keys::down, 2),
            Binding::new(&[Key::new(Code::Up), Key::char('k')], Action::ScrollOverlay(-1), keys::up, 3),
        ],
        Overlay::Command(_) => vec![close],
        Overlay::Confirm(_) => vec![
            Binding::new(&[Key::new(Code::Enter), Key::char('y')], Action::Confirm, keys::yes, 1),
            Binding::new(&[Key::new(Code::Esc), Key::char('n')], Action::Back, keys::no, 2),
        ],
    }
}

fn everywhere(free: bool) -> Vec<Binding> {
    vec![
        Binding::new(&[Key::char('?'), Key::new(Code::F(1))], Action::Help, keys::help, 90).when(free),
        Binding::new(&[Key::char('y'), Key::ctrl('y')], Action::Command, keys::command, 80).when(free),
        Binding::new(&[Key::char('m')], Action::Mouse, keys::mouse, HELP_ONLY).when(free),
        Binding::new(&[Key::ctrl('l')], Action::Redraw, keys::redraw, HELP_ONLY),
        Binding::new(&[Key::ctrl('z')], Action::Suspend, keys::suspend, HELP_ONLY),
        Binding::new(&[Key::ctrl('c')], Action::Interrupt, keys::interrupt, HELP_ONLY),
    ]
}
