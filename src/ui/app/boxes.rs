//! Boxes that lie over any screen: its keys, its command, a question.

use super::ctx::Ctx;
use super::key::{Code, Key};
use super::keymap::Binding;
use super::model::{Facts, ScreenId};
use super::screen::{Behaviour, Step};
use super::screens::Action;
use crate::model::checklist::ItemId;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::lang::Bilingual;
use crate::model::leaving::Leaving;
use crate::texts::keys;

/// The keys of the screen below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HelpBox {
    /// Whose keys.
    pub of: ScreenId,
    /// Lines scrolled out at the top.
    pub top: u16,
}

/// What can be asked for in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HelpAction {
    /// Scroll by so many lines.
    Scroll(i16),
}

/// What went wrong, in full: summary, cause and remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultBox {
    /// What went wrong.
    pub fault: Fault,
    /// Lines scrolled out at the top.
    pub top: u16,
}

/// What can be asked for in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultAction {
    /// Scroll by so many lines.
    Scroll(i16),
}

/// Tokens that a connection left behind and that live on at the product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeavingBox {
    /// Whose.
    pub connection: ConnectionName,
    /// What became of them.
    pub leaving: Leaving,
    /// Lines scrolled out at the top.
    pub top: u16,
}

/// What can be asked for in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeavingAction {
    /// Scroll by so many lines.
    Scroll(i16),
}

/// The command that does what the screen below does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandBox {
    /// The command, with the program's name.
    pub command: String,
}

/// A question that Enter says yes to and Esc no. A yes goes to the screen that asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionBox {
    /// What is asked.
    pub question: Question,
}

/// What can be asked for in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuestionAction {
    /// Say yes.
    Yes,
}

/// What is asked before something is lost or cannot be undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Leave the program although something that was typed would be lost; the exit code.
    Quit(u8),
    /// Remove a connection with everything it holds.
    Remove(ConnectionName),
    /// Save the wizard's connection without signing in.
    SaveSignedOut(ConnectionName),
    /// Save settings that make a connection another server, user or application.
    ChangeIdentity(ConnectionName),
    /// Start the wizard again although a draft is kept.
    StartOver,
    /// Replace this file by the exported rows.
    Overwrite(String),
    /// Check an item that is checked only on request; the words say what is sent to whom.
    LookOnRequest(ItemId, Bilingual),
}

impl Behaviour for HelpBox {
    fn is_box(&self) -> bool {
        true
    }

    fn bindings(&self, _facts: &Facts) -> Vec<Binding> {
        let scroll = |keys: &[Key], lines, label, priority| {
            Binding::new(keys, Action::HelpBox(HelpAction::Scroll(lines)), label, priority)
        };
        vec![
            Binding::new(&[Key::new(Code::Esc), Key::char('?')], Action::Back, keys::close, 1),
            scroll(&[Key::new(Code::Down), Key::char('j')], 1, keys::down, 2),
            scroll(&[Key::new(Code::Up), Key::char('k')], -1, keys::up, 3),
        ]
    }

    fn act(&mut self, _ctx: &mut Ctx<'_>, action: Action) -> Step {
        if let Action::HelpBox(HelpAction::Scroll(lines)) = action {
            self.top = self.top.saturating_add_signed(lines);
        }
        Step::Stay
    }

    fn scroll(&mut self, _ctx: &mut Ctx<'_>, lines: i32) {
        self.top = self.top.saturating_add_signed(i16::try_from(lines).unwrap_or_default());
    }

    fn command(&self, _facts: &Facts) -> String {
        String::new()
    }
}

impl Behaviour for FaultBox {
    fn is_box(&self) -> bool {
        true
    }

    fn bindings(&self, _facts: &Facts) -> Vec<Binding> {
        let scroll = |keys: &[Key], lines, label, priority| {
            Binding::new(keys, Action::FaultBox(FaultAction::Scroll(lines)), label, priority)
        };
        vec![
            Binding::new(&[Key::new(Code::Esc), Key::new(Code::Enter)], Action::Back, keys::close, 1),
            scroll(&[Key::new(Code::Down), Key::char('j')], 1, keys::down, 2),
            scroll(&[Key::new(Code::Up), Key::char('k')], -1, keys::up, 3),
        ]
    }

    fn act(&mut self, _ctx: &mut Ctx<'_>, action: Action) -> Step {
        if let Action::FaultBox(FaultAction::Scroll(lines)) = action {
            self.top = self.top.saturating_add_signed(lines);
        }
        Step::Stay
    }

    fn scroll(&mut self, _ctx: &mut Ctx<'_>, lines: i32) {
        self.top = self.top.saturating_add_signed(i16::try_from(lines).unwrap_or_default());
    }

    fn command(&self, _facts: &Facts) -> String {
        String::new()
    }
}

impl Behaviour for LeavingBox {
    fn is_box(&self) -> bool {
        true
    }

    fn bindings(&self, _facts: &Facts) -> Vec<Binding> {
        let scroll = |keys: &[Key], lines, label, priority| {
            Binding::new(keys, Action::LeavingBox(LeavingAction::Scroll(lines)), label, priority)
        };
        vec![
            Binding::new(&[Key::new(Code::Esc), Key::new(Code::Enter)], Action::Back, keys::close, 1),
            scroll(&[Key::new(Code::Down), Key::char('j')], 1, keys::down, 2),
            scroll(&[Key::new(Code::Up), Key::char('k')], -1, keys::up, 3),
        ]
    }

    fn act(&mut self, _ctx: &mut Ctx<'_>, action: Action) -> Step {
        if let Action::LeavingBox(LeavingAction::Scroll(lines)) = action {
            self.top = self.top.saturating_add_signed(lines);
        }
        Step::Stay
    }

    fn scroll(&mut self, _ctx: &mut Ctx<'_>, lines: i32) {
        self.top = self.top.saturating_add_signed(i16::try_from(lines).unwrap_or_default());
    }

    fn command(&self, _facts: &Facts) -> String {
        String::new()
    }
}

impl Behaviour for CommandBox {
    fn is_box(&self) -> bool {
        true
    }

    fn bindings(&self, _facts: &Facts) -> Vec<Binding> {
        vec![Binding::new(&[Key::new(Code::Esc)], Action::Back, keys::close, 1)]
    }

    fn act(&mut self, _ctx: &mut Ctx<'_>, _action: Action) -> Step {
        Step::Stay
    }

    fn command(&self, _facts: &Facts) -> String {
        String::new()
    }
}

impl Behaviour for QuestionBox {
    fn is_box(&self) -> bool {
        true
    }

    fn bindings(&self, _facts: &Facts) -> Vec<Binding> {
        let yes = Action::QuestionBox(QuestionAction::Yes);
        vec![
            Binding::new(&[Key::new(Code::Enter), Key::char('y')], yes, keys::yes, 1),
            Binding::new(&[Key::new(Code::Esc), Key::char('n')], Action::Back, keys::no, 2),
        ]
    }

    fn act(&mut self, _ctx: &mut Ctx<'_>, action: Action) -> Step {
        match (action, &self.question) {
            (Action::QuestionBox(QuestionAction::Yes), Question::Quit(code)) => Step::Quit(*code),
            (Action::QuestionBox(QuestionAction::Yes), question) => Step::Confirm(question.clone()),
            _ => Step::Stay,
        }
    }

    fn command(&self, _facts: &Facts) -> String {
        String::new()
    }
}
