//! The colours of screens and commands: those that suit the terminal's background, or none.

use serde::{Deserialize, Serialize};

/// The ground that a terminal writes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Background {
    /// Dark.
    Dark,
    /// Light.
    Light,
}

/// Which colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Colours {
    /// As the terminal says: `NO_COLOR`, then its background as it answered, then by `COLORFGBG`; dark where it does not say.
    #[default]
    Auto,
    /// The terminal's own sixteen, for a dark background.
    Dark,
    /// Darker ones, for a light background.
    Light,
    /// None: bold, dim and reverse alone.
    None,
}

impl Colours {
    /// Dark, light or none. `NO_COLOR` (<https://no-color.org>) comes first. `COLORFGBG` has the numbers of the foreground and
    /// the background, the latter last, of which 7 and 15 are light; it may be of another terminal, so what the terminal
    /// answered about its background comes before it.
    pub fn settled(self, answered: Option<Background>, variable: impl Fn(&str) -> Option<String>) -> Self {
        if variable("NO_COLOR").is_some_and(|value| !value.is_empty()) {
            return Self::None;
        }
        let said = || match variable("COLORFGBG")?.rsplit(';').next()?.parse::<u8>().ok()? {
            7 | 15 => Some(Background::Light),
            _ => Some(Background::Dark),
        };
        match self {
            Self::Auto if answered.or_else(said) == Some(Background::Light) => Self::Light,
            Self::Auto => Self::Dark,
            chosen => chosen,
        }
    }
}

/// Colours of the 256 that xterm and nearly every other terminal has, dark enough to be read on white.
pub mod on_light {
    /// All is well.
    pub const OK: u8 = 22;
    /// Deserves attention.
    pub const WARNING: u8 = 94;
    /// Is wrong.
    pub const ERROR: u8 = 124;
    /// A step, a key, a link.
    pub const ACCENT: u8 = 25;
    /// Of less weight.
    pub const DIM: u8 = 240;
}

/// Red, green and blue of a colour of xterm's cube (16 to 231) or grey ramp (232 to 255).
pub fn xterm(colour: u8) -> [u8; 3] {
    let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
    match colour {
        232.. => [8 + 10 * (colour - 232); 3],
        _ => {
            let cube = colour.saturating_sub(16);
            [cube / 36, cube / 6 % 6, cube % 6].map(level)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::nothing_said(Colours::Auto, None, &[], Colours::Dark)]
    #[case::light_background(Colours::Auto, None, &[("COLORFGBG", "0;15")], Colours::Light)]
    #[case::rxvt_has_three_numbers(Colours::Auto, None, &[("COLORFGBG", "0;default;7")], Colours::Light)]
    #[case::dark_background(Colours::Auto, None, &[("COLORFGBG", "15;0")], Colours::Dark)]
    #[case::answered(Colours::Auto, Some(Background::Light), &[], Colours::Light)]
    #[case::the_answer_is_newer(Colours::Auto, Some(Background::Dark), &[("COLORFGBG", "0;15")], Colours::Dark)]
    #[case::chosen(Colours::Light, Some(Background::Dark), &[("COLORFGBG", "15;0")], Colours::Light)]
    #[case::no_color_comes_first(Colours::Light, Some(Background::Light), &[("NO_COLOR", "1")], Colours::None)]
    #[case::an_empty_one_says_nothing(Colours::Dark, None, &[("NO_COLOR", "")], Colours::Dark)]
    fn colours_follow_the_config_file_and_the_terminal(
        #[case] chosen: Colours,
        #[case] answered: Option<Background>,
        #[case] environment: &[(&str, &str)],
        #[case] expected: Colours,
    ) {
        let variable =
            |name: &str| environment.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        assert_eq!(chosen.settled(answered, variable), expected);
    }

    /// The relative luminance of a colour of xterm's cube or grey ramp (WCAG 2.1).
    fn luminance(colour: u8) -> f64 {
        let [red, green, blue] = xterm(colour);
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    #[test]
    fn colours_for_a_light_background_have_the_contrast_of_text_on_white() {
        use on_light::{ACCENT, DIM, ERROR, OK, WARNING};
        for colour in [OK, WARNING, ERROR, ACCENT, DIM] {
            let contrast = 1.05 / (luminance(colour) + 0.05);
            assert!(contrast >= 4.5, "{colour}: {contrast:.1}");
        }
    }
}
