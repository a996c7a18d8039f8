//! The service-protection limits: after a 429 nothing is sent until `Retry-After` is over, since whoever goes on makes it
//! last longer.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::model::fault::Fault;

/// The longest silence that is believed: a day. The limits look five minutes back.
const LONGEST_SECONDS: u64 = 86_400;

/// Until when to keep silent.
#[derive(Debug, Default)]
pub struct Quiet(Mutex<Option<(Instant, Option<String>)>>);

impl Quiet {
    /// Whether a request may be sent now.
    ///
    /// # Errors
    /// [`Fault::RateLimited`] with the seconds that are left.
    pub fn admit(&self) -> Result<(), Fault> {
        let mut until = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((end, rule)) = until.as_ref() else { return Ok(()) };
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            *until = None;
            return Ok(());
        }
        let retry_after_seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        Err(Fault::RateLimited { retry_after_seconds, limit: None, rule: rule.clone() })
    }

    /// Notes what an answer asks for.
    pub fn heed(&self, fault: Option<&Fault>) {
        if let Some(Fault::RateLimited { retry_after_seconds, rule, .. }) = fault {
            let wait = Duration::from_secs((*retry_after_seconds).min(LONGEST_SECONDS));
            let end = Instant::now() + wait;
            let mut until = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if until.as_ref().is_none_or(|(other, _)| *other < end) {
                *until = Some((end, rule.clone()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_without_measure_is_a_day() {
        let quiet = Quiet::default();
        quiet.heed(Some(&Fault::RateLimited { retry_after_seconds: u64::MAX, limit: None, rule: None }));
        let Err(Fault::RateLimited { retry_after_seconds, .. }) = quiet.admit() else { panic!("not silent") };
        assert!((86_000..=86_400).contains(&retry_after_seconds), "{retry_after_seconds}");
    }
}
