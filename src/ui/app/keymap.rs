//! Which keys do what, right now. Dispatch, the footer and the help page all read this one list.

use super::key::{Code, Key};
use super::model::{Facts, Model};
use super::screens::{Action, Screen};
use crate::model::lang::Lang;
use crate::texts::{keys, wizard};

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
    /// Whether it does something now; a disabled one is not shown.
    pub enabled: bool,
    /// Whether it says yes to a question. The key that led to the question never does: pressed twice, or held down, it would
    /// answer what nobody has read.
    pub decides: bool,
}

/// The priority from which on a binding stands in the help only.
pub const HELP_ONLY: u8 = 100;

impl Binding {
    /// A binding that is enabled.
    pub fn new(keys: &[Key], action: Action, label: fn(Lang) -> &'static str, priority: u8) -> Self {
        Self { keys: keys.to_vec(), action, label, priority, enabled: true, decides: false }
    }

    /// The same, enabled only `when`.
    pub fn when(mut self, when: bool) -> Self {
        self.enabled = when;
        self
    }

    /// The same as the yes to a question.
    pub fn deciding(mut self) -> Self {
        self.decides = true;
        self
    }
}

/// Where a binding stands in the help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// What the screen is for.
    Here,
    /// What moves the focus or the lines.
    Move,
    /// What every screen has.
    Everywhere,
}

impl Binding {
    /// Where it stands in the help.
    pub fn group(&self) -> Group {
        use Code::{BackTab, Down, End, Home, Left, PageDown, PageUp, Right, Tab, Up};
        match (&self.action, self.keys.first().map(|key| key.code)) {
            (Action::Back | Action::Quit | Action::Interrupt | Action::Suspend, _)
            | (Action::Redraw | Action::Help | Action::Command | Action::Mouse, _) => Group::Everywhere,
            (_, Some(Up | Down | Left | Right | Home | End | PageUp | PageDown | Tab | BackTab)) => Group::Move,
            _ => Group::Here,
        }
    }
}

/// What keys do on this screen now: each key once, as [`action`] finds it.
pub fn possible(facts: &Facts, screen: &Screen) -> Vec<Binding> {
    let mut taken = Vec::new();
    let mut bindings = of(facts, screen);
    bindings.retain(|binding| binding.enabled);
    for binding in &mut bindings {
        binding.keys.retain(|key| !taken.contains(key));
        taken.extend(&binding.keys);
    }
    bindings.retain(|binding| !binding.keys.is_empty());
    bindings
}

/// All bindings of the screen in front; the first that has the key and is enabled wins.
pub fn keymap(model: &Model) -> Vec<Binding> {
    model.front().map(|screen| of(model, screen)).unwrap_or_default()
}

/// All bindings of a screen, whatever lies over it. Keys that type where they are pressed are not among them.
pub fn of(facts: &Facts, screen: &Screen) -> Vec<Binding> {
    let screen = screen.behaviour();
    let mut bindings = screen.bindings(facts);
    let goes_up = Key::char('q');
    if !bindings.iter().any(|binding| binding.keys.contains(&goes_up)) {
        // As Esc, but in a text field. On the dashboard, which is the first screen, it ends the program.
        let backs = bindings.iter_mut().filter(|binding| binding.action == Action::Back);
        backs.for_each(|binding| binding.keys.push(goes_up));
    }
    let opens = Key::char('o');
    if screen.link().is_some() && !bindings.iter().any(|binding| binding.enabled && binding.keys.contains(&opens)) {
        bindings.push(Binding::new(&[opens], Action::OpenLink, wizard::key_open_link, 4));
    }
    bindings.extend(everywhere(!screen.is_box()));
    bindings.iter_mut().for_each(|binding| binding.keys.retain(|key| screen.typed(*key).is_none()));
    bindings.retain(|binding| !binding.keys.is_empty());
    bindings
}

/// What this key does now. Where a text field has the focus, keys that edit it come before all bindings.
pub fn action(model: &Model, key: Key) -> Option<Action> {
    if let Some(typed) = model.front()?.behaviour().typed(key) {
        return Some(typed);
    }
    keymap(model).into_iter().find(|binding| binding.enabled && binding.keys.contains(&key)).map(|found| found.action)
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
