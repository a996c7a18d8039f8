//! What runs for the wizard of a rule, and what it brings.

use crate::model::alert_kinds::AlertKinds;
use crate::model::alert_plan::{RulePreview, SwitchSeen};
use crate::model::alert_rules::{AlertRule, RuleSet};
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::ticket::{Listed, Listing};
use crate::ui::app::effect::OwnJob;

/// What runs.
#[allow(missing_docs, reason = "the fields are named for what they hold")]
#[derive(Debug, Clone, PartialEq)]
pub enum RuleWizardJob {
    /// Read the file of rules, and the stored alerts of the last days.
    Open,
    /// List records of a connection's product whose name holds this text.
    List { connection: ConnectionName, what: Listing, part: String },
    /// See what a rule would have done in its place.
    Preview { replaces: Option<String>, rule: Box<AlertRule> },
    /// Write a rule, if the file is still as it was shown.
    Save { shown: Option<String>, replaces: Option<String>, rule: Box<AlertRule> },
    /// See what a rule of the file does, before it is switched.
    LookAtSwitch { name: String },
    /// Switch a rule, if the file is still as it was shown.
    Switch { shown: Option<String>, name: String, on: bool },
}

/// The file of rules, and the alerts to which they can be compared.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OpenedRules {
    /// The text of the file; `None` where there is none.
    pub text: Option<String>,
    /// Its rules.
    pub rules: RuleSet,
    /// The stored alerts of the last days, by what rules see of them.
    pub alerts: AlertKinds,
}

/// What they end with.
#[derive(Debug, Clone)]
pub enum RuleWizardOutcome {
    /// The file was read.
    Opened(Result<Box<OpenedRules>, Fault>),
    /// What the product lists; `None` where it has no such list.
    Listed(Result<Option<Listed>, Fault>),
    /// What the rule would have done.
    Previewed(Result<Box<RulePreview>, Fault>),
    /// It was written.
    Saved(Result<(), Fault>),
    /// What a rule does that is to be switched.
    SwitchSeen(Result<Box<SwitchSeen>, Fault>),
    /// It was switched.
    Switched(Result<(), Fault>),
}

impl OwnJob for RuleWizardJob {
    type Outcome = RuleWizardOutcome;

    fn failure(&self) -> fn(Fault) -> RuleWizardOutcome {
        match self {
            Self::Open => |fault| RuleWizardOutcome::Opened(Err(fault)),
            Self::List { .. } => |fault| RuleWizardOutcome::Listed(Err(fault)),
            Self::Preview { .. } => |fault| RuleWizardOutcome::Previewed(Err(fault)),
            Self::Save { .. } => |fault| RuleWizardOutcome::Saved(Err(fault)),
            Self::LookAtSwitch { .. } => |fault| RuleWizardOutcome::SwitchSeen(Err(fault)),
            Self::Switch { .. } => |fault| RuleWizardOutcome::Switched(Err(fault)),
        }
    }

    fn ends_by_itself(&self) -> bool {
        matches!(self, Self::Save { .. } | Self::Switch { .. })
    }
}
