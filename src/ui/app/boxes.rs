//! Boxes that lie over any screen: its keys, a fault, its command, a question.

use super::ctx::Ctx;
use super::key::{Code, Key};
use super::keymap::{Binding, HELP_ONLY};
use super::model::{Facts, ScreenId};
use super::screen::{Behaviour, Step};
use super::screens::Action;
use crate::model::alert::AlertKey;
use crate::model::alert_plan::RulePreview;
use crate::model::alert_source::SourceName;
use crate::model::checklist::ItemId;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::lang::Bilingual;
use crate::model::leaving::Leaving;
use crate::model::unlisted::Unlisted;
use crate::model::workspace::WorkspaceName;
use crate::texts::keys;

/// Text that may be longer than the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextBox {
    /// Its text.
    pub text: BoxText,
    /// Lines scrolled out at the top.
    pub top: u16,
}

/// What a text box tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BoxText {
    /// The keys of this screen.
    Keys(ScreenId),
    /// What went wrong, in full: summary, cause and remedy.
    Fault(Fault),
    /// What is stored although the config file does not have it, and what to do about each.
    Unlisted(Vec<Unlisted>),
    /// Tokens that this connection left behind, of which some live on at the product.
    Leaving(ConnectionName, Leaving),
}

/// What can be asked for in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextAction {
    /// Scroll by so many lines.
    Scroll(i16),
}

impl TextBox {
    /// From its first line.
    pub fn new(text: BoxText) -> Self {
        Self { text, top: 0 }
    }
}

/// The command that does what the screen below does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandBox {
    /// The command, with the program's name.
    pub command: String,
}

/// A question that `y` says yes to and Esc no; Enter says yes as well, unless it may have led here. A yes goes to the screen that
/// asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionBox {
    /// What is asked.
    pub question: Question,
    /// Lines scrolled out at the top.
    pub top: u16,
}

impl QuestionBox {
    /// From its first line.
    pub fn new(question: Question) -> Self {
        Self { question, top: 0 }
    }
}

/// What can be asked for in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuestionAction {
    /// Say yes.
    Yes,
    /// Scroll by so many lines.
    Scroll(i16),
}

/// On screens of so many lines every question is whole.
const WHOLE_FROM: u16 = 20;

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
    /// Make so many steps of the plan that is shown, in Azure.
    ApplyPlan(WorkspaceName, usize),
    /// Send everything that is stored to a workspace again.
    SendAgain(WorkspaceName),
    /// Remove a workspace from itsmc.
    RemoveWorkspace(WorkspaceName),
    /// Remove a source of alerts from itsmc.
    RemoveSource(SourceName),
    /// Switch an alert rule on or off; what it does with the stored alerts while it is on.
    SwitchRule {
        /// The rule.
        name: String,
        /// Whether it is to be on.
        on: bool,
        /// What it does.
        told: Box<RulePreview>,
    },
    /// Have an alert of this rule in Azure decided about again.
    RetryAlert(AlertKey, String),
    /// Have an alert of this rule in Azure get no ticket.
    IgnoreAlert(AlertKey, String),
}

impl Question {
    /// Whether Enter leads to it: then Enter does not answer it, lest a second press does before it is read.
    pub fn follows_enter(&self) -> bool {
        match self {
            Self::ChangeIdentity(_) | Self::StartOver | Self::Overwrite(_) => true,
            Self::Quit(_)
            | Self::Remove(_)
            | Self::SaveSignedOut(_)
            | Self::LookOnRequest(..)
            | Self::ApplyPlan(..)
            | Self::SendAgain(_)
            | Self::RemoveWorkspace(_)
            | Self::RemoveSource(_)
            | Self::SwitchRule { .. }
            | Self::RetryAlert(..)
            | Self::IgnoreAlert(..) => false,
        }
    }
}

impl Behaviour for TextBox {
    fn is_box(&self) -> bool {
        true
    }

    fn bindings(&self, _facts: &Facts) -> Vec<Binding> {
        // The frame names the key where there is more.
        let scroll = |keys: &[Key], lines, label| {
            Binding::new(keys, Action::TextBox(TextAction::Scroll(lines)), label, HELP_ONLY)
        };
        let close = [Key::new(Code::Esc), Key::new(Code::Enter), Key::char('?')];
        vec![
            Binding::new(&close, Action::Back, keys::close, 1),
            scroll(&[Key::new(Code::Down), Key::char('j')], 1, keys::down),
            scroll(&[Key::new(Code::Up), Key::char('k')], -1, keys::up),
        ]
    }

    fn act(&mut self, _ctx: &mut Ctx<'_>, action: Action) -> Step {
        if let Action::TextBox(TextAction::Scroll(lines)) = action {
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

    fn bindings(&self, facts: &Facts) -> Vec<Binding> {
        let scroll = |code, letter, lines, label| {
            let scroll = Action::QuestionBox(QuestionAction::Scroll(lines));
            Binding::new(&[Key::new(code), Key::char(letter)], scroll, label, HELP_ONLY).when(facts.size.1 < WHOLE_FROM)
        };
        let yes = Action::QuestionBox(QuestionAction::Yes);
        let says_yes = [Key::new(Code::Enter), Key::char('y')];
        let says_yes = if self.question.follows_enter() { &says_yes[1..] } else { &says_yes[..] };
        vec![
            Binding::new(says_yes, yes, keys::yes, 1).deciding(),
            Binding::new(&[Key::new(Code::Esc), Key::char('n')], Action::Back, keys::no, 2),
            scroll(Code::Down, 'j', 1, keys::down),
            scroll(Code::Up, 'k', -1, keys::up),
        ]
    }

    fn act(&mut self, _ctx: &mut Ctx<'_>, action: Action) -> Step {
        match (action, &self.question) {
            (Action::QuestionBox(QuestionAction::Yes), Question::Quit(code)) => Step::Quit(*code),
            (Action::QuestionBox(QuestionAction::Yes), question) => Step::Confirm(question.clone()),
            (Action::QuestionBox(QuestionAction::Scroll(lines)), _) => {
                self.top = self.top.saturating_add_signed(lines);
                Step::Stay
            }
            _ => Step::Stay,
        }
    }

    fn scroll(&mut self, _ctx: &mut Ctx<'_>, lines: i32) {
        self.top = self.top.saturating_add_signed(i16::try_from(lines).unwrap_or_default());
    }

    fn command(&self, _facts: &Facts) -> String {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::app::testing::{model, name};

    /// The keys that lead to a question, on whatever screen.
    fn leads_to(question: &Question) -> Vec<Key> {
        let enter = Key::new(Code::Enter);
        match question {
            Question::Quit(_) => vec![Key::char('q'), Key::ctrl('c'), Key::new(Code::Esc)],
            Question::Remove(_) | Question::RemoveWorkspace(_) | Question::RemoveSource(_) => vec![Key::char('d')],
            Question::SaveSignedOut(_) => vec![Key::char('L')],
            Question::ChangeIdentity(_) => vec![enter, Key::ctrl('d')],
            Question::StartOver => vec![enter, Key::char('n')],
            Question::Overwrite(_) => vec![enter],
            Question::LookOnRequest(..) | Question::SendAgain(_) | Question::RetryAlert(..) => vec![Key::char('T')],
            Question::ApplyPlan(..) => vec![Key::char('M')],
            Question::SwitchRule { .. } => vec![Key::char(' ')],
            Question::IgnoreAlert(..) => vec![Key::char('I')],
        }
    }

    #[test]
    fn no_question_is_answered_by_a_key_that_leads_to_it() {
        let (facts, of) = (model(), name("contoso"));
        let workspace = || WorkspaceName::parse("prod").unwrap();
        let key = || AlertKey::stored("5f2a8c1e-0000-4000-8000-000000000002");
        let questions = [
            Question::Quit(0),
            Question::Remove(of.clone()),
            Question::SaveSignedOut(of.clone()),
            Question::ChangeIdentity(of),
            Question::StartOver,
            Question::Overwrite("items.csv".into()),
            Question::LookOnRequest(ItemId::own("tickets"), Bilingual { en: "Look".into(), nl: "Kijk".into() }),
            Question::ApplyPlan(workspace(), 6),
            Question::SendAgain(workspace()),
            Question::RemoveWorkspace(workspace()),
            Question::RemoveSource(SourceName::parse("prod").unwrap()),
            Question::SwitchRule { name: "vm".into(), on: true, told: Box::default() },
            Question::RetryAlert(key(), "cpu".into()),
            Question::IgnoreAlert(key(), "cpu".into()),
        ];
        for question in questions {
            let bindings = QuestionBox::new(question.clone()).bindings(&facts);
            let yes: Vec<_> = bindings.iter().filter(|binding| binding.decides).flat_map(|one| &one.keys).collect();
            assert!(yes.contains(&&Key::char('y')), "{question:?}");
            assert!(leads_to(&question).iter().all(|key| !yes.contains(&key)), "{question:?} is answered by {yes:?}");
        }
    }
}
