//! The languages the program speaks.

use serde::{Deserialize, Serialize};

/// A language of screens, faults and help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English, the language of last resort.
    #[default]
    En,
    /// Dutch.
    Nl,
}

impl Lang {
    /// Reads a locale such as `nl_NL.UTF-8` or `en`; anything unknown is English.
    pub fn from_locale(locale: &str) -> Self {
        match locale.split(['_', '-', '.', '@']).next() {
            Some(code) if code.eq_ignore_ascii_case("nl") => Self::Nl,
            _ => Self::En,
        }
    }

    /// The one of two texts that is in this language.
    pub fn pick<T>(self, en: T, nl: T) -> T {
        match self {
            Self::En => en,
            Self::Nl => nl,
        }
    }
}

/// A text in every language, as the partner assets carry it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// English.
    pub en: String,
    /// Dutch.
    pub nl: String,
}

impl Bilingual {
    /// The text in `lang`.
    pub fn in_lang(&self, lang: Lang) -> &str {
        lang.pick(&self.en, &self.nl)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales_choose_the_language() {
        for (locale, lang) in [
            ("nl_NL.UTF-8", Lang::Nl),
            ("nl", Lang::Nl),
            ("NL-be", Lang::Nl),
            ("en_GB", Lang::En),
            ("C", Lang::En),
            ("", Lang::En),
            ("nld", Lang::En),
        ] {
            assert_eq!(Lang::from_locale(locale), lang, "{locale}");
        }
    }
}
