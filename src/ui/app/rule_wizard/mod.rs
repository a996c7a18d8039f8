//! The wizard of an alert rule: which alerts, where, which ticket, what happens later; then what the rule would have done
//! with the stored alerts, and it is written into `alert-rules.toml`, where nothing else changes.

mod behaviour;
pub mod field;
pub mod form;
pub mod jobs;
pub mod keys;
mod line;
pub mod picking;
pub mod switch;
#[cfg(test)]
pub mod testing;

use super::effect::TaskId;
use super::input::Edit;
use super::remote::Remote;
use crate::model::alert_kinds::AlertKinds;
use crate::model::alert_plan::RulePreview;
use crate::model::alert_rules::{AlertRule, RuleSet};
use crate::model::fault::Fault;

pub use self::field::{RuleField, RuleInput, RuleStep};
pub use self::form::{RuleFieldProblem, RuleForm};
pub use self::jobs::{OpenedRules, RuleWizardJob, RuleWizardOutcome};
pub use self::picking::{PickSource, Picking};
pub use self::switch::SwitchPart;

/// How many days of stored alerts a rule is compared with.
pub const DAYS: i64 = 30;

/// The wizard as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleWizard {
    /// The rule that is edited; `None` for a new one.
    pub edits: Option<String>,
    /// The file and the alerts, once they are read.
    pub opened: Remote<Box<OpenedRules>>,
    /// The step in front.
    pub step: RuleStep,
    /// The line in focus.
    pub focus: RuleField,
    /// The cursor's byte in it.
    pub cursor: usize,
    /// The rule as it is filled in.
    pub form: RuleForm,
    /// How many of the stored alerts fit it.
    pub fits: u64,
    /// The list that is open.
    pub picking: Option<Picking>,
    /// What the rule would have done.
    pub preview: Remote<Box<RulePreview>>,
    /// The task that previews it.
    pub previewing: Option<TaskId>,
    /// The task that writes it.
    pub saving: Option<TaskId>,
    /// Why that failed.
    pub fault: Option<Fault>,
    /// Lines scrolled out at the top.
    pub top: usize,
}

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleWizardAction {
    /// Move by so many lines or entries.
    Move(isize),
    /// Scroll by so many lines.
    Scroll(isize),
    /// Edit the line in focus, or the filter.
    Edit(Edit),
    /// The next or the previous of what the line may be.
    Turn(isize),
    /// Open the list for the line in focus.
    List,
    /// Tick the entry in focus, or not any more.
    Toggle,
    /// Type a pattern instead of ticking values, or the reverse.
    TypePattern,
    /// Take the entry in focus, or the pattern; close the list.
    Take,
    /// Preview again.
    Preview,
    /// Read the file again.
    Reread,
    /// Go on.
    Continue,
}

impl Default for RuleWizard {
    fn default() -> Self {
        Self {
            edits: None,
            opened: Remote::Idle,
            step: RuleStep::Match,
            focus: RuleField::Name,
            cursor: 0,
            form: RuleForm::default(),
            fits: 0,
            picking: None,
            preview: Remote::Idle,
            previewing: None,
            saving: None,
            fault: None,
            top: 0,
        }
    }
}

impl RuleWizard {
    /// The wizard of a rule that is there.
    pub fn edit(name: &str) -> Self {
        Self { edits: Some(name.to_owned()), ..Self::default() }
    }

    /// The stored alerts.
    pub fn alerts(&self) -> Option<&AlertKinds> {
        self.opened.value().map(|opened| &opened.alerts)
    }

    /// Whether the form can be filled in.
    pub fn is_ready(&self) -> bool {
        matches!(self.opened, Remote::Ready(..))
    }

    /// Whether the file has another text by now, so that nothing can be written for the one that was read.
    pub fn is_outdated(&self) -> bool {
        matches!(self.fault, Some(Fault::RulesChanged { .. }))
    }

    /// The rule that is edited as it stands among these, wherever that is.
    fn edited_in(&self, rules: &RuleSet) -> Option<AlertRule> {
        let found = rules.named(self.edits.as_deref()?)?;
        Some(AlertRule { line: 0, ..found.clone() })
    }

    /// The line so many on in this step; `None` past either end.
    pub fn neighbour(&self, by: isize) -> Option<RuleField> {
        let fields = self.step.fields();
        let at = fields.iter().position(|field| *field == self.focus)?;
        fields.get(at.checked_add_signed(by)?).copied()
    }
}
