//! The system's time zone. An offset alone is not enough: that of today is wrong for half of the year's dates.

use jiff::tz::{Offset, TimeZone};

/// Names of zones in Windows and in the zone database, after the Unicode CLDR's `windowsZones`, with the rules of
/// today as a POSIX TZ text: a machine without a zone database (Windows, a small container) knows these.
const WINDOWS: &[(&str, &str, &str)] = &[
    ("UTC", "Etc/UTC", "UTC0"),
    ("Coordinated Universal Time", "Etc/UTC", "UTC0"),
    ("GMT Standard Time", "Europe/London", "GMT0BST,M3.5.0/1,M10.5.0"),
    ("Greenwich Standard Time", "Atlantic/Reykjavik", "GMT0"),
    ("W. Europe Standard Time", "Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Central Europe Standard Time", "Europe/Budapest", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Central European Standard Time", "Europe/Warsaw", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Romance Standard Time", "Europe/Paris", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("E. Europe Standard Time", "Europe/Chisinau", "EET-2EEST,M3.5.0,M10.5.0/3"),
    ("GTB Standard Time", "Europe/Bucharest", "EET-2EEST,M3.5.0/3,M10.5.0/4"),
    ("FLE Standard Time", "Europe/Kiev", "EET-2EEST,M3.5.0/3,M10.5.0/4"),
    ("Turkey Standard Time", "Europe/Istanbul", "<+03>-3"),
    ("Russian Standard Time", "Europe/Moscow", "MSK-3"),
    ("Israel Standard Time", "Asia/Jerusalem", "IST-2IDT,M3.4.4/26,M10.5.0"),
    ("Egypt Standard Time", "Africa/Cairo", "EET-2EEST,M4.5.5/0,M10.5.4/24"),
    ("South Africa Standard Time", "Africa/Johannesburg", "SAST-2"),
    ("W. Central Africa Standard Time", "Africa/Lagos", "WAT-1"),
    ("E. Africa Standard Time", "Africa/Nairobi", "EAT-3"),
    ("Morocco Standard Time", "Africa/Casablanca", "<+01>-1"),
    ("Arab Standard Time", "Asia/Riyadh", "<+03>-3"),
    ("Arabian Standard Time", "Asia/Dubai", "<+04>-4"),
    ("Iran Standard Time", "Asia/Tehran", "<+0330>-3:30"),
    ("Pakistan Standard Time", "Asia/Karachi", "PKT-5"),
    ("India Standard Time", "Asia/Kolkata", "IST-5:30"),
    ("SE Asia Standard Time", "Asia/Bangkok", "<+07>-7"),
    ("Singapore Standard Time", "Asia/Singapore", "<+08>-8"),
    ("China Standard Time", "Asia/Shanghai", "CST-8"),
    ("Taipei Standard Time", "Asia/Taipei", "CST-8"),
    ("Tokyo Standard Time", "Asia/Tokyo", "JST-9"),
    ("Korea Standard Time", "Asia/Seoul", "KST-9"),
    ("W. Australia Standard Time", "Australia/Perth", "AWST-8"),
    ("AUS Central Standard Time", "Australia/Darwin", "ACST-9:30"),
    ("Cen. Australia Standard Time", "Australia/Adelaide", "ACST-9:30ACDT,M10.1.0,M4.1.0/3"),
    ("E. Australia Standard Time", "Australia/Brisbane", "AEST-10"),
    ("AUS Eastern Standard Time", "Australia/Sydney", "AEST-10AEDT,M10.1.0,M4.1.0/3"),
    ("Tasmania Standard Time", "Australia/Hobart", "AEST-10AEDT,M10.1.0,M4.1.0/3"),
    ("New Zealand Standard Time", "Pacific/Auckland", "NZST-12NZDT,M9.5.0,M4.1.0/3"),
    ("Newfoundland Standard Time", "America/St_Johns", "NST3:30NDT,M3.2.0,M11.1.0"),
    ("Atlantic Standard Time", "America/Halifax", "AST4ADT,M3.2.0,M11.1.0"),
    ("Eastern Standard Time", "America/New_York", "EST5EDT,M3.2.0,M11.1.0"),
    ("US Eastern Standard Time", "America/Indiana/Indianapolis", "EST5EDT,M3.2.0,M11.1.0"),
    ("Central Standard Time", "America/Chicago", "CST6CDT,M3.2.0,M11.1.0"),
    ("Central Standard Time (Mexico)", "America/Mexico_City", "CST6"),
    ("Canada Central Standard Time", "America/Regina", "CST6"),
    ("Central America Standard Time", "America/Guatemala", "CST6"),
    ("Mountain Standard Time", "America/Denver", "MST7MDT,M3.2.0,M11.1.0"),
    ("US Mountain Standard Time", "America/Phoenix", "MST7"),
    ("Pacific Standard Time", "America/Los_Angeles", "PST8PDT,M3.2.0,M11.1.0"),
    ("Alaskan Standard Time", "America/Anchorage", "AKST9AKDT,M3.2.0,M11.1.0"),
    ("Hawaiian Standard Time", "Pacific/Honolulu", "HST10"),
    ("SA Pacific Standard Time", "America/Bogota", "<-05>5"),
    ("SA Western Standard Time", "America/La_Paz", "<-04>4"),
    ("SA Eastern Standard Time", "America/Cayenne", "<-03>3"),
    ("E. South America Standard Time", "America/Sao_Paulo", "<-03>3"),
    ("Argentina Standard Time", "America/Buenos_Aires", "<-03>3"),
    ("Pacific SA Standard Time", "America/Santiago", "<-04>4<-03>,M9.1.6/24,M4.1.6/24"),
];

/// The zone of this name: one of Windows, one of the zone database, or a fixed offset such as `+02:00`.
pub fn named(name: &str) -> Option<TimeZone> {
    let name = name.trim();
    if let Some(fixed) = offset(name) {
        return Some(TimeZone::fixed(fixed));
    }
    let is = |known: &str| known.eq_ignore_ascii_case(name);
    let known = WINDOWS.iter().find(|(windows, iana, _)| is(windows) || is(iana));
    if let Some((.., rules)) = known {
        return TimeZone::posix(rules).ok();
    }
    let named = !name.is_empty() && !name.contains("..");
    named.then(|| TimeZone::get(name).ok()).flatten()
}

/// An offset as people and .NET write it: `+02:00`, `-05:00:00`, `Z`.
pub fn offset(text: &str) -> Option<Offset> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("z") {
        return Some(Offset::UTC);
    }
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut parts = rest.split(':').map(|part| {
        let digits = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<i32>().ok()).flatten()
    });
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    let plain = hours <= 14 && minutes < 60 && seconds < 60 && parts.next().is_none();
    plain.then(|| Offset::from_seconds(sign * (hours * 3600 + minutes * 60 + seconds)).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("+02:00", Some(7_200))]
    #[case("-05:00:00", Some(-18_000))]
    #[case("05:30", Some(19_800))]
    #[case("Z", Some(0))]
    #[case("2", None)]
    #[case("25:00", None)]
    #[case("Europe/Amsterdam", None)]
    fn an_offset_is_read(#[case] text: &str, #[case] seconds: Option<i32>) {
        assert_eq!(offset(text).map(Offset::seconds), seconds);
    }

    #[test]
    fn zones_of_windows_and_of_the_database_are_known() {
        let at = "2026-07-01T00:00:00Z".parse().unwrap();
        let shown = |name: &str| named(name).map(|zone| zone.to_offset(at).seconds());
        assert_eq!(shown("W. Europe Standard Time"), Some(7_200));
        assert_eq!(shown("eastern standard time"), Some(-14_400));
        assert_eq!(shown("Europe/Amsterdam"), Some(7_200));
        assert_eq!(shown("UTC"), Some(0));
        assert_eq!(shown("Nowhere Standard Time"), None);
        assert_eq!(shown(""), None);
    }

    #[test]
    fn every_zone_of_windows_leads_to_one_that_exists() {
        for (windows, _) in WINDOWS {
            assert!(named(windows).is_some(), "{windows}");
        }
    }
}
