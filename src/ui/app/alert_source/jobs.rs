//! What runs for a source of alerts, and what it brings. The list of subscriptions and the sign-in are jobs of a workspace.

use jiff::Timestamp;

use crate::model::alert_source::{AlertSource, SourceName};
use crate::model::fault::Fault;
use crate::ui::app::effect::OwnJob;

/// What runs.
#[derive(Debug, Clone, PartialEq)]
pub enum AlertSourceJob {
    /// List the names of the sources.
    Names,
    /// Read a first page of each subscription.
    Test(Box<AlertSource>),
    /// The same with the sign-in that was kept for a change.
    Try(Box<AlertSource>),
    /// Change a saved source; with the sign-in that was kept for it.
    #[allow(missing_docs, reason = "the fields are named for what they hold")]
    Change { old: Box<AlertSource>, new: Box<AlertSource>, signed_in: bool },
    /// Remove a source.
    Remove(SourceName),
    /// Dismiss that alerts of some time may be missing.
    Dismiss(SourceName),
    /// Save it, as `itsmc alert source add` does.
    Save(Box<AlertSource>),
}

/// What the first page of a subscription showed.
#[derive(Debug, Clone, PartialEq)]
pub struct SubscriptionTest {
    /// The subscription's ID.
    pub subscription: String,
    /// What was seen, or why it could not be read.
    pub seen: Result<SeenAlerts, Fault>,
}

/// What a first page of alerts has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenAlerts {
    /// How many alerts.
    pub alerts: usize,
    /// Whether there are more behind it.
    pub more: bool,
    /// When the newest of them changed last.
    pub newest: Option<Timestamp>,
}

/// What they end with.
#[derive(Debug, Clone)]
pub enum AlertSourceOutcome {
    /// The names of the sources.
    Names(Result<Vec<String>, Fault>),
    /// What each subscription shows; `Err` without a sign-in.
    Tested(Result<Vec<SubscriptionTest>, Fault>),
    /// It was saved.
    Saved(Result<(), Fault>),
    /// It was removed.
    Removed(Result<(), Fault>),
    /// It was dismissed.
    Dismissed(Result<(), Fault>),
}

impl OwnJob for AlertSourceJob {
    type Outcome = AlertSourceOutcome;

    fn failure(&self) -> fn(Fault) -> AlertSourceOutcome {
        match self {
            Self::Names => |fault| AlertSourceOutcome::Names(Err(fault)),
            Self::Test(_) | Self::Try(_) => |fault| AlertSourceOutcome::Tested(Err(fault)),
            Self::Save(_) | Self::Change { .. } => |fault| AlertSourceOutcome::Saved(Err(fault)),
            Self::Remove(_) => |fault| AlertSourceOutcome::Removed(Err(fault)),
            Self::Dismiss(_) => |fault| AlertSourceOutcome::Dismissed(Err(fault)),
        }
    }

    fn ends_by_itself(&self) -> bool {
        matches!(self, Self::Save(_) | Self::Change { .. } | Self::Remove(_) | Self::Dismiss(_))
    }
}
