//! The service-protection limits: after a 429 whoever does not keep silent makes the silence longer.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::options::RateRule;

/// Too many requests in the span.
pub(crate) const REQUESTS: &str = "0x80072322";
/// Too much work in the span.
pub(crate) const EXECUTION: &str = "0x80072321";
/// Too many at once.
pub(crate) const CONCURRENT: &str = "0x80072326";

/// What the product says with each code.
pub(crate) fn message(code: &str) -> &'static str {
    match code {
        EXECUTION => {
            "Combined execution time of incoming requests exceeded limit of 1200000 milliseconds over time window of 300 seconds. Decrease number of concurrent requests or reduce the duration of requests and try again later."
        }
        CONCURRENT => "Number of concurrent requests exceeded the limit of 52.",
        _ => "Number of requests exceeded the limit of 6000 over time window of 300 seconds.",
    }
}

/// A refusal: its code, and the seconds of `Retry-After`.
pub(crate) struct Limited {
    /// The code.
    pub(crate) code: String,
    /// `Retry-After`.
    pub(crate) seconds: u64,
    /// Whether it came though silence had been asked for.
    pub(crate) too_early: bool,
}

/// The state of the limits.
#[derive(Default)]
pub(crate) struct Protection {
    rule: Option<RateRule>,
    seen: VecDeque<Instant>,
    silence: Option<(Instant, Duration, String)>,
}

impl Protection {
    /// With a rule from the start.
    pub(crate) fn new(rule: Option<RateRule>) -> Self {
        Self { rule, ..Self::default() }
    }

    /// Asks for silence from now on.
    pub(crate) fn silence(&mut self, seconds: i64, code: &str) -> Limited {
        let span = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
        let code = if code.is_empty() { REQUESTS } else { code };
        self.silence = Some((Instant::now() + span, span, code.to_owned()));
        Limited { code: code.to_owned(), seconds: span.as_secs(), too_early: false }
    }

    /// Counts a request; the refusal if it may not pass.
    pub(crate) fn admit(&mut self) -> Option<Limited> {
        let now = Instant::now();
        if let Some((until, span, code)) = &mut self.silence {
            if now < *until {
                *until = now + *span;
                return Some(Limited { code: code.clone(), seconds: span.as_secs().max(1), too_early: true });
            }
            self.silence = None;
        }
        let rule = self.rule?;
        let span = Duration::from_secs(rule.seconds);
        while self.seen.front().is_some_and(|at| now.duration_since(*at) >= span) {
            self.seen.pop_front();
        }
        if (self.seen.len() as u64) < rule.requests {
            self.seen.push_back(now);
            return None;
        }
        let seconds = i64::try_from(rule.seconds).unwrap_or(1);
        Some(self.silence(seconds, REQUESTS))
    }
}
