//! The system's time zone. An offset alone is not enough: that of today is wrong for half of the year's dates.

use jiff::tz::{Offset, TimeZone};

/// The rules that each zone of the IANA time zone database follows today: a machine without that database (Windows, a
/// small container) knows these. A sync looks back 120 days at the most.
const RULES: &str = include_str!("../../../assets/zones.txt");

/// Names of zones in Windows and in the time zone database, after the Unicode CLDR's `windowsZones`.
const WINDOWS: &[(&str, &str)] = &[
    ("UTC", "Etc/UTC"),
    ("Coordinated Universal Time", "Etc/UTC"),
    ("GMT Standard Time", "Europe/London"),
    ("Greenwich Standard Time", "Atlantic/Reykjavik"),
    ("W. Europe Standard Time", "Europe/Berlin"),
    ("Central Europe Standard Time", "Europe/Budapest"),
    ("Central European Standard Time", "Europe/Warsaw"),
    ("Romance Standard Time", "Europe/Paris"),
    ("E. Europe Standard Time", "Europe/Chisinau"),
    ("GTB Standard Time", "Europe/Bucharest"),
    ("FLE Standard Time", "Europe/Kiev"),
    ("Turkey Standard Time", "Europe/Istanbul"),
    ("Russian Standard Time", "Europe/Moscow"),
    ("Israel Standard Time", "Asia/Jerusalem"),
    ("Egypt Standard Time", "Africa/Cairo"),
    ("South Africa Standard Time", "Africa/Johannesburg"),
    ("W. Central Africa Standard Time", "Africa/Lagos"),
    ("E. Africa Standard Time", "Africa/Nairobi"),
    ("Morocco Standard Time", "Africa/Casablanca"),
    ("Arab Standard Time", "Asia/Riyadh"),
    ("Arabian Standard Time", "Asia/Dubai"),
    ("Iran Standard Time", "Asia/Tehran"),
    ("Pakistan Standard Time", "Asia/Karachi"),
    ("India Standard Time", "Asia/Kolkata"),
    ("SE Asia Standard Time", "Asia/Bangkok"),
    ("Singapore Standard Time", "Asia/Singapore"),
    ("China Standard Time", "Asia/Shanghai"),
    ("Taipei Standard Time", "Asia/Taipei"),
    ("Tokyo Standard Time", "Asia/Tokyo"),
    ("Korea Standard Time", "Asia/Seoul"),
    ("W. Australia Standard Time", "Australia/Perth"),
    ("AUS Central Standard Time", "Australia/Darwin"),
    ("Cen. Australia Standard Time", "Australia/Adelaide"),
    ("E. Australia Standard Time", "Australia/Brisbane"),
    ("AUS Eastern Standard Time", "Australia/Sydney"),
    ("Tasmania Standard Time", "Australia/Hobart"),
    ("New Zealand Standard Time", "Pacific/Auckland"),
    ("Newfoundland Standard Time", "America/St_Johns"),
    ("Atlantic Standard Time", "America/Halifax"),
    ("Eastern Standard Time", "America/New_York"),
    ("US Eastern Standard Time", "America/Indiana/Indianapolis"),
    ("Central Standard Time", "America/Chicago"),
    ("Central Standard Time (Mexico)", "America/Mexico_City"),
    ("Canada Central Standard Time", "America/Regina"),
    ("Central America Standard Time", "America/Guatemala"),
    ("Mountain Standard Time", "America/Denver"),
    ("US Mountain Standard Time", "America/Phoenix"),
    ("Pacific Standard Time", "America/Los_Angeles"),
    ("Alaskan Standard Time", "America/Anchorage"),
    ("Hawaiian Standard Time", "Pacific/Honolulu"),
    ("SA Pacific Standard Time", "America/Bogota"),
    ("SA Western Standard Time", "America/La_Paz"),
    ("SA Eastern Standard Time", "America/Cayenne"),
    ("E. South America Standard Time", "America/Sao_Paulo"),
    ("Argentina Standard Time", "America/Buenos_Aires"),
    ("Pacific SA Standard Time", "America/Santiago"),
];

/// The zone of this name: one of Windows, one of the zone database, or a fixed offset such as `+02:00`.
pub fn named(name: &str) -> Option<TimeZone> {
    let name = name.trim();
    if let Some(fixed) = offset(name) {
        return Some(TimeZone::fixed(fixed));
    }
    let of_windows = WINDOWS.iter().find(|(windows, _)| windows.eq_ignore_ascii_case(name)).map(|(_, iana)| *iana);
    TimeZone::posix(rules(of_windows.unwrap_or(name))?).ok()
}

/// The rules of a zone, each line being the rules and the zones that follow them.
fn rules(iana: &str) -> Option<&'static str> {
    let lines = RULES.lines().filter(|line| !line.starts_with('#'));
    let mut zones = lines.filter_map(|line| line.split_once(' '));
    zones.find(|(_, names)| names.split(' ').any(|name| name.eq_ignore_ascii_case(iana))).map(|(rules, _)| rules)
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
