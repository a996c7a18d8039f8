//! The product's times: `yyyy-MM-dd HH:mm:ss`, in UTC.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Reads a stored time.
pub fn parse(text: &str) -> Option<Timestamp> {
    let bytes: &[u8; 19] = text.as_bytes().try_into().ok()?;
    let marks = [(4, b'-'), (7, b'-'), (10, b' '), (13, b':'), (16, b':')];
    if marks.iter().any(|(place, mark)| bytes[*place] != *mark) {
        return None;
    }
    let two = |place: usize| i8::try_from(number(&bytes[place..place + 2])?).ok();
    let date_time = DateTime::new(number(&bytes[..4])?, two(5)?, two(8)?, two(11)?, two(14)?, two(17)?, 0).ok()?;
    TimeZone::UTC.to_timestamp(date_time).ok()
}

/// A stored time as RFC 3339, such as `2026-01-02T03:04:05Z`.
pub fn rfc3339(text: &str) -> Option<String> {
    parse(text)?;
    let mut out = String::with_capacity(20);
    out.push_str(text.get(..10)?);
    out.push('T');
    out.push_str(text.get(11..)?);
    out.push('Z');
    Some(out)
}

fn number(digits: &[u8]) -> Option<i16> {
    digits.iter().try_fold(0, |sum: i16, byte| byte.is_ascii_digit().then(|| sum * 10 + i16::from(byte - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("2026-01-02 03:04:05", Some("2026-01-02T03:04:05Z"))]
    #[case("2024-02-29 23:59:59", Some("2024-02-29T23:59:59Z"))]
    #[case("2023-02-29 00:00:00", None)]
    #[case("2026-01-02 24:00:00", None)]
    #[case("2026-01-02", None)]
    #[case("29-02-2016 01:16:00", None)]
    #[case("UNKNOWN", None)]
    #[case("2026-01-02T03:04:05", None)]
    #[case("20é6-01-02 03:04:0", None)]
    #[case("", None)]
    fn times_are_read_and_written(#[case] stored: &str, #[case] written: Option<&str>) {
        assert_eq!(rfc3339(stored).as_deref(), written);
        assert_eq!(parse(stored).map(|moment| moment.to_string()).as_deref(), written);
    }
}
