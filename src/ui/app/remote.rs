//! Data that comes from elsewhere: one type for all of it.

use jiff::Timestamp;

use crate::model::fault::Fault;

/// Where a piece of data stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Remote<T> {
    /// Not asked for.
    #[default]
    Idle,
    /// Asked for, nothing there yet.
    Loading,
    /// There, and since when.
    Ready(T, Timestamp),
    /// There from before, while asking again failed.
    Stale(T, Timestamp, Fault),
    /// Asking failed and there is nothing from before.
    Failed(Fault),
}

impl<T> Remote<T> {
    /// The data, fresh or stale.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Ready(value, _) | Self::Stale(value, _, _) => Some(value),
            Self::Idle | Self::Loading | Self::Failed(_) => None,
        }
    }

    /// The data, fresh or stale, to be changed.
    pub fn value_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Ready(value, _) | Self::Stale(value, _, _) => Some(value),
            Self::Idle | Self::Loading | Self::Failed(_) => None,
        }
    }

    /// What went wrong the last time, if it did.
    pub fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Stale(_, _, fault) | Self::Failed(fault) => Some(fault),
            Self::Idle | Self::Loading | Self::Ready(..) => None,
        }
    }

    /// Takes in an answer: a failure keeps what was there before, as stale.
    pub fn settle(&mut self, answer: Result<T, Fault>, now: Timestamp) {
        *self = match (answer, std::mem::take(self)) {
            (Ok(value), _) => Self::Ready(value, now),
            (Err(fault), Self::Ready(value, since) | Self::Stale(value, since, _)) => Self::Stale(value, since, fault),
            (Err(fault), _) => Self::Failed(fault),
        };
    }

    /// Marks it as asked for, unless there is something to show meanwhile.
    pub fn ask(&mut self) {
        if self.value().is_none() {
            *self = Self::Loading;
        }
    }
}
