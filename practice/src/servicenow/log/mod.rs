//! Playing the audit log of a real ServiceNow instance.

mod events;
mod play;
mod read;
mod timeline;

pub(crate) use play::Playback;
pub use read::{LogRow, parse_time, read};

/// How an incident log is played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogOptions {
    /// The log's whole span is shrunk to at most so many days (order and equal stamps are kept); none keeps its
    /// own spacing.
    pub fit_days: Option<u32>,
    /// Which event falls on the moment of the start.
    pub anchor: Anchor,
    /// So many events have already happened at the start; none is all but the last 2,000.
    pub start_event: Option<usize>,
}

impl Default for LogOptions {
    fn default() -> Self {
        Self { fit_days: Some(100), anchor: Anchor::StartEvent, start_event: None }
    }
}

impl LogOptions {
    /// The log's last event falls on now and nothing happens until [`Control::advance_log_to`] is called: for
    /// tests that play the log in portions.
    ///
    /// [`Control::advance_log_to`]: super::Control::advance_log_to
    pub fn by_hand(start_event: usize) -> Self {
        Self { fit_days: Some(100), anchor: Anchor::LastEvent, start_event: Some(start_event) }
    }
}

/// Which event of the log falls on the moment of the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// The last one that has happened at the start: later ones lie ahead and happen by themselves, in the log's
    /// own spacing divided by the speed.
    StartEvent,
    /// The log's last: all lie in the past and happen only when told.
    LastEvent,
}
