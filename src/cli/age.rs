//! Ages on the command line: `90s`, `30m`, `2h`, `1d`.

use jiff::SignedDuration;

/// How old something may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age(pub SignedDuration);

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
    fn ages_have_a_unit() {
        assert_eq!(parse("30m").unwrap().0.as_secs(), 1_800);
        assert_eq!(parse("1d").unwrap().0.as_secs(), 86_400);
        for bad in ["", "30", "m", "1w", "-5m", "99999999999999999d"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
