//! Waits that a server asked for (`Retry-After` of a 429 or 503). Nothing is sent to that server until its wait has passed,
//! since further requests extend the limit. A caller may store the waits, so that they outlive the process.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::model::fault::Fault;
use crate::model::wait::{LONGEST_SECONDS, Wait};

type Keep = Box<dyn Fn(&[Wait]) + Send + Sync>;

/// The waits of one connection, shared by its clients.
#[derive(Clone, Default)]
pub struct ThrottleGate(Arc<Inner>);

#[derive(Default)]
struct Inner {
    waits: Mutex<HashMap<String, (Instant, Wait)>>,
    keep: Option<Keep>,
}

impl fmt::Debug for ThrottleGate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ThrottleGate").field(&self.all()).finish()
    }
}

impl ThrottleGate {
    /// With the known waits; `keep` receives all of them whenever there is a new one.
    pub fn new(known: Vec<Wait>, keep: impl Fn(&[Wait]) + Send + Sync + 'static) -> Self {
        let (now, moment) = (Timestamp::now(), Instant::now());
        let mut waits = HashMap::new();
        for wait in known {
            let end = moment + Duration::from_secs(wait.left(now));
            let longest = waits.get(&wait.server).is_none_or(|(other, _): &(Instant, Wait)| *other < end);
            if end > moment && longest {
                waits.insert(wait.server.clone(), (end, wait));
            }
        }
        Self(Arc::new(Inner { waits: Mutex::new(waits), keep: Some(Box::new(keep)) }))
    }

    fn waits(&self) -> MutexGuard<'_, HashMap<String, (Instant, Wait)>> {
        self.0.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn all(&self) -> Vec<Wait> {
        self.waits().values().map(|(_, wait)| wait.clone()).collect()
    }

    /// Whether something may be sent to this server now.
    ///
    /// # Errors
    /// [`Fault::RateLimited`] or [`Fault::Unavailable`] with the seconds that are left.
    pub fn admit(&self, server: &str, host: &str) -> Result<(), Fault> {
        let mut waits = self.waits();
        let Some((end, wait)) = waits.get(server) else { return Ok(()) };
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            waits.remove(server);
            return Ok(());
        }
        let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        Err(match wait.status {
            503 => Fault::Unavailable { host: host.to_owned(), retry_after_seconds: Some(seconds) },
            _ => Fault::RateLimited { retry_after_seconds: seconds, limit: None, rule: wait.rule.clone() },
        })
    }

    /// Notes a wait that a server asked for. A shorter wait does not end a longer one.
    pub fn note_wait(&self, server: &str, status: u16, seconds: u64, rule: Option<&str>) {
        let seconds = seconds.min(LONGEST_SECONDS);
        let end = Instant::now() + Duration::from_secs(seconds);
        {
            let mut waits = self.waits();
            match waits.get_mut(server) {
                Some((other, wait)) if *other + Duration::from_millis(1500) > end => {
                    wait.rule = rule.map(str::to_owned).or(wait.rule.take());
                    return;
                }
                _ => {}
            }
            let (asked_at, rule) = (Timestamp::now(), rule.map(str::to_owned));
            let wait = Wait { server: server.to_owned(), asked_at, seconds, status, rule };
            waits.insert(server.to_owned(), (end, wait));
        }
        if let Some(keep) = &self.0.keep {
            keep(&self.all());
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn kept() -> (ThrottleGate, Arc<Mutex<Vec<Wait>>>) {
        let told: Arc<Mutex<Vec<Wait>>> = Arc::default();
        let sink = Arc::clone(&told);
        (ThrottleGate::new(Vec::new(), move |waits| *sink.lock().unwrap() = waits.to_vec()), told)
    }

    fn left(throttle: &ThrottleGate, server: &str) -> u64 {
        match throttle.admit(server, "h") {
            Err(Fault::RateLimited { retry_after_seconds, .. }) => retry_after_seconds,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn p6_a_wait_without_measure_is_a_day() {
        let throttle = ThrottleGate::default();
        throttle.note_wait("https://a", 429, u64::MAX, None);
        assert!((86_000..=86_400).contains(&left(&throttle, "https://a")));
    }

    #[test]
    fn p6_a_wait_is_kept_for_its_own_server_and_taken_up_again() {
        let (throttle, told) = kept();
        throttle.note_wait("https://a", 429, 120, Some("0x80072322"));
        throttle.note_wait("https://a", 429, 5, None);
        assert_eq!(throttle.admit("https://b", "b"), Ok(()));
        let waits = told.lock().unwrap().clone();
        assert_eq!((waits.len(), waits[0].seconds, waits[0].rule.as_deref()), (1, 120, Some("0x80072322")));
        let again = ThrottleGate::new(waits, |_| {});
        assert!((118..=120).contains(&left(&again, "https://a")));
    }

    #[test]
    fn p6_expired_or_future_wait_blocks_nothing() {
        let wait = |shift: i64| {
            let asked_at = Timestamp::now() + SignedDuration::from_secs(shift);
            Wait { server: "https://a".into(), asked_at, seconds: 60, status: 429, rule: None }
        };
        assert_eq!(ThrottleGate::new(vec![wait(-61)], |_| {}).admit("https://a", "a"), Ok(()));
        assert!(left(&ThrottleGate::new(vec![wait(40 * 86_400)], |_| {}), "https://a") <= 60);
    }

    #[test]
    fn p12_a_server_that_is_not_available_is_told_as_such() {
        let throttle = ThrottleGate::default();
        throttle.note_wait("https://a", 503, 30, None);
        let Err(Fault::Unavailable { retry_after_seconds: Some(1..=30), .. }) = throttle.admit("https://a", "a") else {
            panic!("admitted")
        };
    }
}
