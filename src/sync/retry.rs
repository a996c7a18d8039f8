//! What to do after a failed request: retry, when, and with how many rows; or end the sync of this kind.

use std::time::Duration;

use super::SyncSettings;
use super::rate::SMALLEST_PAGE;
use crate::model::fault::{Fault, Retry};

/// How often one page waits for a rate limit.
const RATE_WAITS: u32 = 10;

/// The next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryDecision {
    /// Give up.
    Stop,
    /// Retry this request after a wait.
    Retry {
        /// How long to wait.
        wait: Duration,
        /// Whether to ask for half the rows.
        shrink: bool,
    },
    /// All requests wait, because the product said so.
    Pause(Duration),
}

/// The tries of one page.
#[derive(Debug, Clone, Default)]
pub struct RetryPolicy {
    /// Failures so far, without waits that the product asked for.
    failures: u32,
    rate_waits: u32,
    out_of_order: u32,
}

impl RetryPolicy {
    /// Decides what to do after `fault`. `limit` rows were requested; `jitter` is from 0 to 1.
    pub fn after(&mut self, fault: &Fault, limit: u32, settings: &SyncSettings, jitter: f64) -> RetryDecision {
        match fault {
            Fault::RateLimited { retry_after_seconds, .. }
            | Fault::Unavailable { retry_after_seconds: Some(retry_after_seconds), .. } => {
                self.pause(*retry_after_seconds, settings)
            }
            Fault::OutOfOrder { .. } | Fault::OrderIgnored { .. } | Fault::FilterIgnored { .. } => {
                self.out_of_order += 1;
                if self.out_of_order > 1 {
                    RetryDecision::Stop
                } else {
                    RetryDecision::Retry { wait: Duration::ZERO, shrink: false }
                }
            }
            // Fewer rows may come in time. A time limit in the middle of a reply truncates it.
            Fault::PartnerTimedOut { .. } | Fault::Truncated { .. } | Fault::TooLarge { .. }
                if limit > SMALLEST_PAGE =>
            {
                RetryDecision::Retry { wait: Duration::ZERO, shrink: true }
            }
            // However large the rows are, one row is the smallest page.
            Fault::TooLarge { .. } if limit > 1 => RetryDecision::Retry { wait: Duration::ZERO, shrink: true },
            Fault::TooLarge { .. } => RetryDecision::Stop,
            fault => self.back_off(fault, limit, settings, jitter),
        }
    }

    fn pause(&mut self, seconds: u64, settings: &SyncSettings) -> RetryDecision {
        let wait = Duration::from_secs(seconds.max(1));
        self.rate_waits += 1;
        if wait > settings.longest_wait || self.rate_waits > RATE_WAITS {
            RetryDecision::Stop
        } else {
            RetryDecision::Pause(wait)
        }
    }

    fn back_off(&mut self, fault: &Fault, limit: u32, settings: &SyncSettings, jitter: f64) -> RetryDecision {
        self.failures += 1;
        if fault.retry() == Retry::No || self.failures >= settings.tries {
            return RetryDecision::Stop;
        }
        let doubled = settings.backoff.saturating_mul(1 << (self.failures - 1).min(16));
        let wait = doubled.min(settings.longest_backoff).mul_f64(0.5 + jitter / 2.0);
        RetryDecision::Retry { wait, shrink: matches!(fault, Fault::TimedOut { .. }) && limit > SMALLEST_PAGE }
    }
}
