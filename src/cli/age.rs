//! Ages on the command line: `90s`, `30m`, `2h`, `1d`.

use jiff::{SignedDuration, Timestamp};

use crate::model::summary::CLOCK_SLACK;

/// How old something may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age(pub SignedDuration);

impl Age {
    /// Whether what was done last at `last` is older than that. A time in the future is of a clock that was set back since, and
    /// proves nothing.
    pub fn is_over(self, last: Timestamp, now: Timestamp) -> bool {
        let age = now.duration_since(last);
        age > self.0 || age < -CLOCK_SLACK
    }
}

/// Reads an age.
///
/// # Errors
/// A sentence for the command line's own error message.
pub fn parse(text: &str) -> Result<Age, String> {
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let seconds_each = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err("an age is a number with s, m, h or d, such as 30m".to_owned()),
    };
    let number: i64 = number.parse().map_err(|_| "an age begins with a whole number, such as 30m".to_owned())?;
    let seconds = number.checked_mul(seconds_each).ok_or("this age is too large")?;
    Ok(Age(SignedDuration::from_secs(seconds)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dated_in_the_future_is_too_old() {
        let (now, age) = (Timestamp::UNIX_EPOCH, Age(SignedDuration::from_mins(30)));
        for (minutes, over) in [(-31, true), (-30, false), (0, false), (2, false), (3, true)] {
            let last = now + SignedDuration::from_mins(minutes);
            assert_eq!(age.is_over(last, now), over, "{minutes}");
        }
    }

    #[test]
    fn ages_have_a_unit() {
        assert_eq!(parse("30m").unwrap().0.as_secs(), 1_800);
        assert_eq!(parse("1d").unwrap().0.as_secs(), 86_400);
        for bad in ["", "30", "m", "1w", "-5m", "99999999999999999d"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
