//! What runs for the screens of alerts, and what it brings.

use std::sync::Arc;

use crate::model::alert::AlertKey;
use crate::model::alert_view::{AlertPlace, AlertQuery, AlertTexts, AlertWhole, AlertWindow, PreviewView, RulesView};
use crate::model::fault::Fault;
use crate::model::items::Seek;
use crate::ui::app::effect::OwnJob;

/// What runs.
#[allow(missing_docs, reason = "the fields are named for what they hold")]
#[derive(Debug, Clone, PartialEq)]
pub enum AlertsJob {
    /// Read a window of the table.
    Window { query: AlertQuery, seek: Seek<AlertPlace>, limit: usize },
    /// Read one alert whole.
    One(AlertKey),
    /// Read the texts as which it came.
    Texts(AlertKey),
    /// Read the rules.
    Rules,
    /// Preview the rules over the alerts of so many days, as if this one were switched on. Brings
    /// [`Event::Preview`](crate::ui::app::message::Event::Preview) as it goes.
    Preview { days: u16, rule: Option<String> },
    /// Have it decided about again.
    Retry(AlertKey),
    /// Have it get no ticket.
    Ignore(AlertKey),
    /// Forget that the product has others with the keys of these tickets, by their ids.
    Dismiss(Vec<String>),
    /// Have the writes of these tickets, by their ids, tried again that were refused or are unsure.
    WriteAgain(Vec<String>),
}

/// What that ends with.
#[derive(Debug, Clone)]
pub enum AlertsOutcome {
    /// A window.
    Window(Result<AlertWindow, Fault>),
    /// One alert; `None` if it is not stored any more.
    One(Result<Option<Box<AlertWhole>>, Fault>),
    /// Its texts.
    Texts(Result<AlertTexts, Fault>),
    /// The rules.
    Rules(Result<Box<RulesView>, Fault>),
    /// The preview.
    Preview(Result<Arc<PreviewView>, Fault>),
    /// Whether it is decided about again; not if it has a ticket.
    Retried(Result<bool, Fault>),
    /// Whether it is ignored now; not if it has a ticket.
    Ignored(Result<bool, Fault>),
    /// They are dismissed.
    Dismissed(Result<bool, Fault>),
    /// Whether any is tried again.
    WrittenAgain(Result<bool, Fault>),
}

impl OwnJob for AlertsJob {
    type Outcome = AlertsOutcome;

    fn failure(&self) -> fn(Fault) -> AlertsOutcome {
        match self {
            Self::Window { .. } => |fault| AlertsOutcome::Window(Err(fault)),
            Self::One(_) => |fault| AlertsOutcome::One(Err(fault)),
            Self::Texts(_) => |fault| AlertsOutcome::Texts(Err(fault)),
            Self::Rules => |fault| AlertsOutcome::Rules(Err(fault)),
            Self::Preview { .. } => |fault| AlertsOutcome::Preview(Err(fault)),
            Self::Retry(_) => |fault| AlertsOutcome::Retried(Err(fault)),
            Self::Ignore(_) => |fault| AlertsOutcome::Ignored(Err(fault)),
            Self::Dismiss(_) => |fault| AlertsOutcome::Dismissed(Err(fault)),
            Self::WriteAgain(_) => |fault| AlertsOutcome::WrittenAgain(Err(fault)),
        }
    }

    /// A preview that is stopped tells so.
    fn ends_by_itself(&self) -> bool {
        matches!(self, Self::Retry(_) | Self::Ignore(_) | Self::Dismiss(_) | Self::WriteAgain(_) | Self::Preview { .. })
    }
}
