//! The settings of the whole program that are chosen from a few values: on the screen of preferences, and by `itsmc config`.

use super::charset::Charset;
use super::colours::Colours;
use super::lang::Lang;
use super::settings::{MINUTES, Settings};

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Preference {
    /// The colours.
    Theme,
    /// The language.
    Lang,
    /// The characters.
    Charset,
    /// Whether screens take clicks of the mouse from the start.
    Mouse,
    /// How often an open TUI syncs each connection.
    SyncEvery,
}

/// What leaves the choice to the terminal or the locale.
pub const AUTO: &str = "auto";

impl Preference {
    /// All, in the order of the screen.
    pub const ALL: [Self; 5] = [Self::Theme, Self::Lang, Self::Charset, Self::Mouse, Self::SyncEvery];

    /// Its key in the config file.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Theme => "theme",
            Self::Lang => "lang",
            Self::Charset => "charset",
            Self::Mouse => "mouse",
            Self::SyncEvery => "sync_every_minutes",
        }
    }

    /// The one of this key.
    pub fn named(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }

    /// The values to choose from. Of minutes there are more, up to a day; those are typed.
    pub const fn choices(self) -> &'static [&'static str] {
        match self {
            Self::Theme => &[AUTO, "dark", "light", "none"],
            Self::Lang => &[AUTO, "en", "nl"],
            Self::Charset => &[AUTO, "utf-8", "ascii"],
            Self::Mouse => &["false", "true"],
            Self::SyncEvery => &["0", "1", "5", "15", "30", "60"],
        }
    }

    /// Its value.
    pub fn value(self, settings: &Settings) -> String {
        let named = match self {
            Self::Theme => match settings.theme {
                Colours::Auto => AUTO,
                Colours::Dark => "dark",
                Colours::Light => "light",
                Colours::None => "none",
            },
            Self::Lang => settings.lang.map_or(AUTO, |lang| lang.pick("en", "nl")),
            Self::Charset => settings.charset.map_or(AUTO, |charset| match charset {
                Charset::Utf8 => "utf-8",
                Charset::Ascii => "ascii",
            }),
            Self::Mouse => return settings.mouse.to_string(),
            Self::SyncEvery => return settings.sync_every_minutes.to_string(),
        };
        named.to_owned()
    }

    /// Gives it a value; `false` where it has no such value.
    pub fn set(self, settings: &mut Settings, value: &str) -> bool {
        match (self, value) {
            (Self::Theme, AUTO) => settings.theme = Colours::Auto,
            (Self::Theme, "dark") => settings.theme = Colours::Dark,
            (Self::Theme, "light") => settings.theme = Colours::Light,
            (Self::Theme, "none") => settings.theme = Colours::None,
            (Self::Lang, AUTO) => settings.lang = None,
            (Self::Lang, "en") => settings.lang = Some(Lang::En),
            (Self::Lang, "nl") => settings.lang = Some(Lang::Nl),
            (Self::Charset, AUTO) => settings.charset = None,
            (Self::Charset, "utf-8") => settings.charset = Some(Charset::Utf8),
            (Self::Charset, "ascii") => settings.charset = Some(Charset::Ascii),
            (Self::Mouse, "false") => settings.mouse = false,
            (Self::Mouse, "true") => settings.mouse = true,
            (Self::SyncEvery, minutes) => match minutes.parse().ok().filter(|minutes| MINUTES.contains(minutes)) {
                Some(minutes) => settings.sync_every_minutes = minutes,
                None => return false,
            },
            _ => return false,
        }
        true
    }

    /// The values to choose from, the present one among them.
    pub fn offered(self, settings: &Settings) -> Vec<String> {
        let now = self.value(settings);
        let mut offered: Vec<_> = self.choices().iter().map(|value| (*value).to_owned()).collect();
        if !offered.contains(&now) {
            let place = |value: &String| value.parse::<u32>().is_ok_and(|value| value < settings.sync_every_minutes);
            offered.insert(offered.partition_point(place), now);
        }
        offered
    }

    /// The value so many further on; either end is the last.
    pub fn moved(self, settings: &Settings, by: isize) -> String {
        let offered = self.offered(settings);
        let now = offered.iter().position(|value| *value == self.value(settings)).unwrap_or_default();
        let at = now.saturating_add_signed(by).min(offered.len().saturating_sub(1));
        offered.into_iter().nth(at).unwrap_or_default()
    }

    /// The next value, after the last one the first.
    pub fn next(self, settings: &Settings) -> String {
        let next = self.moved(settings, 1);
        if next == self.value(settings) { self.choices().first().copied().unwrap_or_default().to_owned() } else { next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_that_is_offered_can_be_set_and_is_told_again() {
        for preference in Preference::ALL {
            assert_eq!(Preference::named(preference.key()), Some(preference));
            for value in preference.choices() {
                let mut settings = Settings::default();
                assert!(preference.set(&mut settings, value), "{preference:?} {value}");
                assert_eq!(preference.value(&settings), *value);
            }
            let mut settings = Settings::default();
            for wrong in ["", "1441", "-1", "Dark"] {
                assert!(!preference.set(&mut settings, wrong), "{preference:?} {wrong}");
            }
            assert_eq!(settings, Settings::default());
        }
    }

    #[test]
    fn minutes_that_were_typed_stand_among_those_to_choose_from() {
        let settings = Settings { sync_every_minutes: 20, ..Settings::default() };
        assert_eq!(Preference::SyncEvery.offered(&settings), ["0", "1", "5", "15", "20", "30", "60"]);
        assert_eq!(Preference::SyncEvery.moved(&settings, -1), "15");
        assert_eq!(Preference::SyncEvery.moved(&settings, 9), "60");
        let day = Settings { sync_every_minutes: 1440, ..settings };
        assert_eq!(Preference::SyncEvery.next(&day), "0", "the first comes after the last");
    }
}
