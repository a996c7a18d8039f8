//! The alerts of Azure: their sources, each alert with what became of it, and one alert whole.

mod behaviour;
pub mod filter;
pub mod head;
pub mod jobs;
pub mod keys;
pub mod known;
mod list;
pub mod one;
pub mod preview;
pub mod rules;
pub mod sources;
#[cfg(test)]
pub mod testing;

use super::effect::TaskId;
use super::input::Edit;
use super::motion::Motion;
use super::table::Table;
use crate::model::alert_view::{AlertQuery, AlertRow};

pub use self::filter::AlertPanel;
pub use self::jobs::{AlertsJob, AlertsOutcome};
pub use self::known::{Follow, KnownAlerts, Poll};
pub use self::one::{AlertAction, AlertScreen};
pub use self::preview::{PreviewAction, PreviewScreen};
pub use self::rules::{RulesAction, RulesScreen};
pub use self::sources::{SourcesAction, SourcesScreen};

/// The state of the list of alerts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AlertsScreen {
    /// The alerts that are held.
    pub table: Table<AlertRow>,
    /// Which alerts are asked for.
    pub query: AlertQuery,
    /// The search field, while it has the focus: the cursor's byte in it.
    pub search: Option<usize>,
    /// The panel that filters, while it is open.
    pub panel: Option<AlertPanel>,
    /// The task that has an alert decided about again, or ignored.
    pub changing: Option<TaskId>,
}

/// What can be asked for on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlertsAction {
    /// Show the alert in focus whole.
    Open,
    /// Show its ticket in the browser.
    Ticket,
    /// Show it in the Azure portal.
    Portal,
    /// Have it decided about again, after a question.
    Retry,
    /// Have it get no ticket, after a question.
    Ignore,
    /// Read every source now.
    Poll,
    /// Stop that.
    Stop,
    /// Read sources, rules and alerts again from the disk.
    Reload,
    /// Tell what is wrong in full.
    ShowFault,
    /// Add a source.
    NewSource,
    /// Show the sources.
    Sources,
    /// Show the rules.
    Rules,
    /// Show what the rules would have done.
    Preview,
    /// Put the cursor into an empty search field.
    Search,
    /// Edit it.
    EditSearch(Edit),
    /// Leave it; what was typed stays.
    LeaveSearch,
    /// Open the panel that filters.
    Filter,
    /// Choose the line of the panel in focus.
    Choose,
    /// Filter as the panel says.
    ApplyFilter,
    /// Show all alerts again.
    ShowAll,
    /// Move in the list, or in the panel.
    Go(Motion),
}
