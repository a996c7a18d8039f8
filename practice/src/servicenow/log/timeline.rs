//! Where the log's times fall in ours.

/// Maps the log's times to the instance's: shrunk before the anchor, divided by the speed after it. Never backwards.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timeline {
    anchor: i64,
    now: i64,
    span: i64,
    fitted: i64,
    speed: f64,
}

impl Timeline {
    /// A log from `first` to `last`, of which `anchor` falls on `now`.
    pub(crate) fn new((first, last): (i64, i64), anchor: i64, now: i64, fit_days: Option<u32>, speed: f64) -> Self {
        let span = (last - first).max(1);
        let fitted = fit_days.map_or(span, |days| span.min(i64::from(days) * 86_400));
        Self { anchor, now, span, fitted, speed }
    }

    /// The instance's time for a time of the log, both in seconds since 1970.
    pub(crate) fn map(&self, time: i64) -> i64 {
        let away = time - self.anchor;
        if away > 0 && self.speed > 0.0 {
            #[expect(
                clippy::cast_precision_loss,
                clippy::cast_possible_truncation,
                reason = "a saturating cast of seconds"
            )]
            let ahead = (away as f64 / self.speed) as i64;
            return self.now.saturating_add(ahead);
        }
        let scaled = i128::from(away) * i128::from(self.fitted) / i128::from(self.span);
        self.now + i64::try_from(scaled).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_log_fits_and_keeps_its_order_and_ties() {
        let (first, last, now) = (1_456_708_980, 1_487_170_800, 1_790_000_000);
        let timeline = Timeline::new((first, last), last, now, Some(100), 0.0);
        assert_eq!(timeline.map(last), now);
        assert_eq!(timeline.map(first), now - 100 * 86_400);
        let minutes: Vec<i64> = (0..10_000).map(|minute| timeline.map(first + minute * 60)).collect();
        assert!(minutes.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn what_lies_ahead_comes_as_fast_as_the_speed() {
        let timeline = Timeline::new((0, 1000), 500, 9_000, Some(100), 10.0);
        assert_eq!((timeline.map(400), timeline.map(500), timeline.map(600)), (8_900, 9_000, 9_010));
    }
}
