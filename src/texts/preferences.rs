//! What the settings of the whole program are called.

use crate::model::lang::Lang;
use crate::model::preference::{AUTO, Preference};

crate::texts! {
    title, "Preferences", "Voorkeuren";
    key_preferences, "preferences", "voorkeuren";
    saved_at_once, "A change is saved at once, in config.toml.", "Een wijziging wordt meteen opgeslagen, in config.toml.";
    theme, "Colours", "Kleuren";
    lang, "Language", "Taal";
    charset, "Characters", "Tekens";
    mouse, "Mouse", "Muis";
    sync_every, "Sync", "Sync";
    about_theme, "The colours of screens and commands. As the terminal: screens ask it for its background, commands look at COLORFGBG; dark if unknown. NO_COLOR turns all off.",
        "De kleuren van schermen en opdrachten. Zoals de terminal: schermen vragen die naar de achtergrond, opdrachten kijken naar COLORFGBG; donker als die onbekend is. NO_COLOR zet alle kleuren uit.";
    about_lang, "The language of screens and commands. As the system: the locale. --lang comes first.",
        "De taal van schermen en opdrachten. Zoals het systeem: de landinstelling. --lang gaat voor.";
    about_charset, "ASCII draws borders, symbols and bars without Unicode. As the terminal: what TERM and the locale tell. ITSMC_CHARSET comes first.",
        "ASCII tekent randen, symbolen en balken zonder Unicode. Zoals de terminal: wat TERM en de landinstelling melden. ITSMC_CHARSET gaat voor.";
    about_mouse, "Whether a click selects and opens from the start. m switches it on or off until you quit. While it is on, hold Shift to select text.",
        "Of een klik vanaf het begin kiest en opent. m zet de muis aan of uit tot u stopt. Houd met de muis aan Shift ingedrukt om tekst te selecteren.";
    about_sync, "How often each connection is synced while these screens are open. Other intervals: itsmc config set sync_every_minutes N (up to 1440).",
        "Hoe vaak elke verbinding wordt gesynchroniseerd zolang deze schermen open zijn. Andere tijden: itsmc config set sync_every_minutes N (tot 1440).";
    by_terminal, "as the terminal", "zoals de terminal";
    by_system, "as the system", "zoals het systeem";
    dark, "dark background", "donkere achtergrond";
    light, "light background", "lichte achtergrond";
    no_colours, "none", "geen";
    ascii, "ASCII", "ASCII";
    unicode, "Unicode", "Unicode";
    on, "on", "aan";
    off, "off", "uit";
    never, "never", "nooit";
    each_minute, "every minute", "elke minuut";
    each_minutes(minutes: &str), "every {minutes} min", "elke {minutes} min";
    unknown_key(key: &str, known: &str), "unknown setting '{key}'; itsmc config sets: {known}. Edit config.toml for the others",
        "onbekende instelling '{key}'; itsmc config wijzigt: {known}. Wijzig de andere in config.toml";
    unknown_key_near(key: &str, near: &str), "unknown setting '{key}'; did you mean {near}?", "onbekende instelling '{key}'; bedoelt u {near}?";
    unknown_value(key: &str, value: &str, known: &str), "{key} cannot be '{value}'; it takes {known}", "{key} kan niet '{value}' zijn; mogelijk: {known}";
    minutes_range, "0 (never) to 1440", "0 (nooit) tot 1440";
    is_set(key: &str, value: &str), "{key} is {value}", "{key} is {value}";
    head_setting, "SETTING", "INSTELLING";
    head_value, "VALUE", "WAARDE";
    head_meaning, "MEANING", "BETEKENIS";
}

/// What a setting is called.
pub fn name(lang_: Lang, preference: Preference) -> &'static str {
    match preference {
        Preference::Theme => theme(lang_),
        Preference::Lang => lang(lang_),
        Preference::Charset => charset(lang_),
        Preference::Mouse => mouse(lang_),
        Preference::SyncEvery => sync_every(lang_),
    }
}

/// What it does.
pub fn about(lang: Lang, preference: Preference) -> &'static str {
    match preference {
        Preference::Theme => about_theme(lang),
        Preference::Lang => about_lang(lang),
        Preference::Charset => about_charset(lang),
        Preference::Mouse => about_mouse(lang),
        Preference::SyncEvery => about_sync(lang),
    }
}

/// What a value is called.
pub fn value(lang: Lang, preference: Preference, value: &str) -> String {
    let told = match (preference, value) {
        (Preference::Lang, AUTO) => by_system(lang),
        (Preference::Theme | Preference::Charset, AUTO) => by_terminal(lang),
        (Preference::Theme, "dark") => dark(lang),
        (Preference::Theme, "light") => light(lang),
        (Preference::Theme, "none") => no_colours(lang),
        (Preference::Lang, "en") => "English",
        (Preference::Lang, "nl") => "Nederlands",
        (Preference::Charset, "ascii") => ascii(lang),
        (Preference::Charset, "utf-8") => unicode(lang),
        (Preference::Mouse, "false") => off(lang),
        (Preference::Mouse, "true") => on(lang),
        (Preference::SyncEvery, "0") => never(lang),
        (Preference::SyncEvery, "1") => each_minute(lang),
        (Preference::SyncEvery, minutes) => return each_minutes(lang, minutes),
        (_, other) => other,
    };
    told.to_owned()
}
