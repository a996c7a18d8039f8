//! Moments as .NET writes them.

use jiff::Timestamp;

/// `DateTime.MinValue`: what was never set.
const NEVER: &str = "0001-01-01";

/// A moment: what has no zone is UTC, as Service Manager stores it. `None` for what is none, and for one that was never
/// set.
pub fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.starts_with(NEVER) {
        return None;
    }
    if let Some(inside) = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/")) {
        return of_millis(inside);
    }
    let has_zone = text.ends_with(['Z', 'z']) || text.rfind(['+', '-']).is_some_and(|place| place > 10);
    if has_zone { text.parse().ok() } else { format!("{text}Z").parse().ok() }
}

/// Milliseconds since 1970, perhaps with an offset behind that changes nothing of the moment.
fn of_millis(text: &str) -> Option<Timestamp> {
    let end = text.char_indices().skip(1).find(|(_, c)| matches!(c, '+' | '-')).map_or(text.len(), |(end, _)| end);
    text[..end].parse().ok().and_then(|millis| Timestamp::from_millisecond(millis).ok())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2026-11-20T10:00:00.1234567Z", "2026-11-20T10:00:00.1234567Z")]
    #[case("2026-11-20T10:00:00+02:00", "2026-11-20T08:00:00Z")]
    #[case("2026-11-20T10:00:00", "2026-11-20T10:00:00Z")]
    #[case("2026-11-20 10:00:00", "2026-11-20T10:00:00Z")]
    #[case("2026-11-20T00:30:00.5+05:30", "2026-11-19T19:00:00.5Z")]
    #[case("2026-11-20t10:00:00z", "2026-11-20T10:00:00Z")]
    #[case("/Date(1763632800000)/", "2025-11-20T10:00:00Z")]
    #[case("/Date(-1000+0200)/", "1969-12-31T23:59:59Z")]
    #[case("/Date(x)/", "")]
    #[case("/Date()/", "")]
    #[case("0001-01-01T00:00:00", "")]
    #[case("0001-01-01T00:00:00+01:00", "")]
    #[case("20-11-2026", "")]
    #[case("é", "")]
    #[case("", "")]
    fn m3_a_moment_is_utc_and_what_is_no_moment_is_none(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(moment(text).map(|at| at.to_string()).unwrap_or_default(), expected);
    }
}
