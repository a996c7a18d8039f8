//! What the requests of a run share: whether the service is failing, and until when nothing is sent. While it fails, one
//! request at a time tries it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Mutex as Turn, MutexGuard as Turned, Notify};

use super::SinkSettings;
use crate::model::fault::{Fault, Retry};
use crate::model::schedule::LONGEST_PAUSE;

/// The longest that a service may ask to be left alone.
const LONGEST: Duration = Duration::from_secs(LONGEST_PAUSE.as_secs().unsigned_abs());

/// The gate before the service.
#[derive(Default)]
pub(super) struct Gate {
    state: Mutex<State>,
    turn: Turn<()>,
    /// Told whenever it begins or ends failing, or waits for another time.
    pub changed: Notify,
}

#[derive(Default)]
struct State {
    failures: u32,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    /// The wait that led to that time: no clock that is set back makes it longer.
    wait: Duration,
    fault: Option<Fault>,
}

impl Gate {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The fault for which it waits, and until when.
    pub fn waiting(&self) -> Option<(Fault, Timestamp)> {
        let state = self.state();
        Some((state.fault.clone()?, state.until?))
    }

    /// The turn of a request: at once where nothing fails, else when no other tries.
    pub async fn turn(&self) -> Option<Turned<'_, ()>> {
        if self.state().failures == 0 {
            return None;
        }
        Some(self.turn.lock().await)
    }

    /// How long a request waits before it may be sent.
    pub fn pause(&self, now: Timestamp) -> Option<Duration> {
        let state = self.state();
        let left = Duration::try_from(state.until?.duration_since(now)).ok()?;
        Some(left.min(state.wait)).filter(|left| !left.is_zero())
    }

    /// Notes an answer.
    pub fn passed(&self) {
        let mut state = self.state();
        if state.failures > 0 {
            *state = State::default();
            self.changed.notify_one();
        }
    }

    /// Notes a failure that may pass. `false` where it has lasted, or would last, longer than there is patience for.
    pub fn failed(&self, fault: &Fault, now: Timestamp, settings: &SinkSettings) -> bool {
        let asked = match fault.retry() {
            Retry::No => return false,
            Retry::After(seconds) => Some(Duration::from_secs(seconds).min(LONGEST)),
            Retry::Yes => None,
        };
        let mut state = self.state();
        let doubled = settings.backoff.saturating_mul(1_u32 << state.failures.min(16)).min(settings.longest_backoff);
        let wait = asked.map_or(doubled, |asked| asked.max(settings.backoff));
        let until = now.saturating_add(signed(wait)).unwrap_or(now);
        let since = *state.since.get_or_insert(now);
        state.failures = state.failures.saturating_add(1);
        // A longer wait that was asked for in between stays.
        let later = state.until.filter(|known| *known > until && known.duration_since(until) <= signed(state.wait));
        if later.is_none() {
            (state.until, state.wait) = (Some(until), wait);
        }
        state.fault = Some(fault.clone());
        self.changed.notify_one();
        let lasts = Duration::try_from(until.duration_since(since)).unwrap_or_default();
        settings.patience.is_none_or(|patience| lasts <= patience)
    }
}

fn signed(wait: Duration) -> SignedDuration {
    SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn refused() -> Fault {
        Fault::ConnectionRefused { address: "h:443".into() }
    }

    #[test]
    fn waits_double_up_to_the_longest_and_begin_again_after_an_answer() {
        let (gate, settings) = (Gate::default(), SinkSettings { patience: None, ..SinkSettings::default() });
        let mut waits = Vec::new();
        let mut now = at(0);
        for _ in 0..9 {
            assert!(gate.failed(&refused(), now, &settings));
            let wait = gate.pause(now).unwrap();
            waits.push(wait.as_secs());
            now += SignedDuration::try_from(wait).unwrap();
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        gate.passed();
        assert_eq!((gate.pause(now), gate.waiting()), (None, None));
    }

    #[test]
    fn a_clock_that_is_set_back_makes_no_wait_longer() {
        let (gate, settings) = (Gate::default(), SinkSettings { patience: None, ..SinkSettings::default() });
        assert!(gate.failed(&refused(), at(0), &settings));
        let year = 366 * 86_400;
        assert_eq!(gate.pause(at(-year)).unwrap().as_secs(), 1);
        assert!(gate.failed(&refused(), at(-year), &settings));
        assert_eq!(gate.waiting().unwrap().1, at(2 - year));
        let for_ever = Fault::RateLimited { retry_after_seconds: 366 * 86_400, limit: None, rule: None };
        assert!(gate.failed(&for_ever, at(-year), &settings));
        assert_eq!(gate.pause(at(-year)).unwrap().as_secs(), 86_400, "no service is left alone for longer than a day");
    }

    #[test]
    fn what_the_service_asks_for_is_waited_for_and_what_never_heals_is_not() {
        let (gate, settings) = (Gate::default(), SinkSettings::default());
        let throttled = Fault::RateLimited { retry_after_seconds: 40, limit: None, rule: None };
        assert!(gate.failed(&throttled, at(0), &settings));
        assert_eq!(gate.pause(at(10)).unwrap().as_secs(), 30);
        let longer = Fault::RateLimited { retry_after_seconds: 3_600, limit: None, rule: None };
        assert!(!gate.failed(&longer, at(40), &settings), "longer than there is patience for");
        let forbidden = Fault::SendForbidden { rule: "r".into(), object_id: None, detail: String::new() };
        assert!(!Gate::default().failed(&forbidden, at(0), &settings));
    }
}
