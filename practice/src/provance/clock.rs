//! Times as text, as the product writes and reads them.

use crate::core::clock::{civil, push_two, push_year};

/// Appends `2026-11-01T12:34:56Z`.
pub(crate) fn push_time(out: &mut String, seconds: i64) {
    let [year, month, day, hour, minute, second] = civil(seconds);
    push_year(out, year);
    for (before, number) in [('-', month), ('-', day), ('T', hour), (':', minute), (':', second)] {
        out.push(before);
        push_two(out, number);
    }
    out.push('Z');
}

/// Appends the time as the user sees it: `01-11-2026 12:34`.
pub(crate) fn push_shown(out: &mut String, seconds: i64) {
    let [year, month, day, hour, minute, _] = civil(seconds);
    push_two(out, day);
    out.push('-');
    push_two(out, month);
    out.push('-');
    push_year(out, year);
    for (before, number) in [(' ', hour), (':', minute)] {
        out.push(before);
        push_two(out, number);
    }
}

/// `2026-11-01T12:34:56Z`.
pub(crate) fn time(seconds: i64) -> String {
    let mut out = String::with_capacity(20);
    push_time(&mut out, seconds);
    out
}

/// Reads a time of a query; parts of a second are cut off.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let at: jiff::Timestamp = text.parse().ok()?;
    Some(at.as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_survive_a_round_trip() {
        for second in [0, 951_782_399, 951_868_800, 1_456_708_560, 1_792_000_000, 4_102_444_799] {
            assert_eq!(parse(&time(second)), Some(second), "{}", time(second));
        }
        let mut shown = String::new();
        push_shown(&mut shown, 1_593_183_660);
        assert_eq!(shown, "26-06-2020 15:01");
        assert_eq!(parse("yesterday"), None);
    }
}
