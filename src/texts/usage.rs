//! Wrong use of the command line in Dutch; in English clap tells it itself.

use crate::model::lang::Lang;

crate::texts! {
    error, "error", "fout";
    tip, "tip", "tip";
    more_help, "For more information, try '--help'.", "Meer uitleg: --help";
    unknown_command(given: &str), "unknown command '{given}'", "onbekende opdracht '{given}'";
    did_you_mean(known: &str), "did you mean {known}?", "bedoelde u {known}?";
    command_missing(command: &str), "'{command}' needs a command", "bij '{command}' ontbreekt een opdracht";
    unexpected(given: &str), "unexpected argument '{given}'", "onverwacht argument '{given}'";
    missing, "these arguments are missing:", "deze argumenten ontbreken:";
    value_missing(option: &str), "a value is missing for '{option}'", "een waarde ontbreekt voor '{option}'";
    bad_value(value: &str, option: &str), "invalid value '{value}' for '{option}'", "ongeldige waarde '{value}' voor '{option}'";
    given_twice(option: &str), "'{option}' may be given only once", "'{option}' mag maar één keer";
    not_together(option: &str), "'{option}' cannot be used with", "'{option}' kan niet samen met";
    other_options, "other given options", "andere opgegeven opties";
    too_many(value: &str, option: &str), "unexpected value '{value}' for '{option}'", "onverwachte waarde '{value}' voor '{option}'";
    too_few(option: &str), "too few values for '{option}'", "te weinig waarden voor '{option}'";
    or, "or", "of";
}

/// Why a value is not taken, in the language of the other texts; what only lists the possible values stays as it is.
pub fn why(lang: Lang, english: &str) -> String {
    let known = WHY.iter().find(|(known, _)| *known == english);
    match known {
        Some((_, dutch)) if lang == Lang::Nl => (*dutch).to_owned(),
        // The standard library's words for a range.
        _ if lang == Lang::Nl => english.replacen(" is not in ", " is niet ", 1).replacen("..=", " tot en met ", 1),
        _ => english.to_owned(),
    }
}

/// What the parsers of values say, of ours and of the standard library.
const WHY: [(&str, &str); 6] = [
    ("an age is a number with s, m, h or d, such as 30m", "een leeftijd is een getal met s, m, h of d, zoals 30m"),
    ("an age begins with a whole number, such as 30m", "een leeftijd begint met een geheel getal, zoals 30m"),
    ("this age is too large", "deze leeftijd is te groot"),
    ("a date such as 2027-06-30", "een datum zoals 2027-06-30"),
    ("invalid digit found in string", "dit is geen geheel getal"),
    ("cannot parse integer from empty string", "dit is geen geheel getal"),
];
