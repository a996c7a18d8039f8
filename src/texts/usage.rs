//! Wrong use of the command line in Dutch. In English clap tells it itself, so these texts have no English.

/// Before what is wrong.
pub const ERROR: &str = "fout";
/// Before a suggestion.
pub const TIP: &str = "tip";
/// Where more is told.
pub const MORE_HELP: &str = "Meer uitleg: --help";
/// Before the arguments that are missing.
pub const MISSING: &str = "deze argumenten ontbreken:";
/// Options that are not named.
pub const OTHER_OPTIONS: &str = "andere opgegeven opties";
/// Between suggestions.
pub const OR: &str = "of";

/// There is no such command.
pub fn unknown_command(given: &str) -> String {
    format!("onbekende opdracht '{given}'")
}

/// What was perhaps meant.
pub fn did_you_mean(known: &str) -> String {
    format!("bedoelde u {known}?")
}

/// A command needs one of its own.
pub fn command_missing(command: &str) -> String {
    format!("bij '{command}' ontbreekt een opdracht")
}

/// There is no such argument.
pub fn unexpected(given: &str) -> String {
    format!("onverwacht argument '{given}'")
}

/// An option is without its value.
pub fn value_missing(option: &str) -> String {
    format!("een waarde ontbreekt voor '{option}'")
}

/// A value does not fit.
pub fn bad_value(value: &str, option: &str) -> String {
    format!("ongeldige waarde '{value}' voor '{option}'")
}

/// An option was given again.
pub fn given_twice(option: &str) -> String {
    format!("'{option}' mag maar één keer")
}

/// Two options exclude each other; the other one follows.
pub fn not_together(option: &str) -> String {
    format!("'{option}' kan niet samen met")
}

/// A value too many.
pub fn too_many(value: &str, option: &str) -> String {
    format!("onverwachte waarde '{value}' voor '{option}'")
}

/// Too few values.
pub fn too_few(option: &str) -> String {
    format!("te weinig waarden voor '{option}'")
}

/// Why a value is not taken; what only lists the possible values stays as it is.
pub fn why(english: &str) -> String {
    match WHY.iter().find(|(known, _)| *known == english) {
        Some((_, dutch)) => (*dutch).to_owned(),
        // The standard library's words for a range.
        None => english.replacen(" is not in ", " is niet ", 1).replacen("..=", " tot en met ", 1),
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
