//! The form in words: what is wrong with a field, and what is worth saying of a value that can be taken.

use super::{frame, number, reason};
use crate::model::fault::FormProblem;
use crate::model::form::{FieldNotice, FieldProblem};
use crate::model::lang::Lang;

/// What is wrong with a field, to stand under it.
pub fn problem(lang: Lang, problem: &FieldProblem) -> String {
    match problem {
        FieldProblem::Missing => missing(lang).to_owned(),
        FieldProblem::NotAUrl => not_a_url(lang).to_owned(),
        FieldProblem::UrlTypo { likely } => url_typo(lang, likely),
        FieldProblem::TwoUrls => two_urls(lang).to_owned(),
        FieldProblem::EmailAddress => email_address(lang).to_owned(),
        FieldProblem::TooLong { most } => too_long(lang, &number::grouped(lang, *most as u64)),
        FieldProblem::PlainHttp => plain_http(lang).to_owned(),
        FieldProblem::SecretInUrl => secret_in_url(lang).to_owned(),
        FieldProblem::NotWithin { least, most } => not_within(lang, *least, *most),
        FieldProblem::BadName => bad_name(lang).to_owned(),
        FieldProblem::UnsafeName => unsafe_name(lang).to_owned(),
        FieldProblem::NameTaken => name_taken(lang).to_owned(),
        FieldProblem::UnknownPartner { known } => unknown_partner(lang, &known.join(", ")),
        FieldProblem::UnknownChoice { given, known } => unknown_choice(lang, given, &known.join(", ")),
        FieldProblem::WrongType { expected } => wrong_type(lang, expected),
        FieldProblem::UnknownKey => unknown_key(lang).to_owned(),
        FieldProblem::SecretInFile => secret_in_file(lang).to_owned(),
        FieldProblem::BadCharacters => bad_characters(lang).to_owned(),
        FieldProblem::NotToml { detail } => not_toml(lang, &reason::told(lang, detail)),
    }
}

/// What is worth saying of a value that can be taken.
pub fn notice(lang: Lang, notice: &FieldNotice) -> String {
    match notice {
        FieldNotice::MadeInto(url) => made_into(lang, url),
        FieldNotice::Practice => practice(lang).to_owned(),
        FieldNotice::UnknownHost(host) => unknown_host(lang, host),
        FieldNotice::Pasted(1) => pasted_one(lang).to_owned(),
        FieldNotice::Pasted(count) => pasted(lang, *count),
        FieldNotice::PasteRefused(count) => frame::paste_refused(lang, *count),
        FieldNotice::Trimmed(1) => trimmed_one(lang).to_owned(),
        FieldNotice::Trimmed(count) => trimmed(lang, *count),
        FieldNotice::BlankEnds { start: true, end: true } => blank_both(lang).to_owned(),
        FieldNotice::BlankEnds { start: true, .. } => blank_start(lang).to_owned(),
        FieldNotice::BlankEnds { .. } => blank_end(lang).to_owned(),
    }
}

/// Every problem of a form in one line: `line 3, sync_days: 1 to 120; password: needed`.
pub fn problems(lang: Lang, problems: &[FormProblem]) -> String {
    problems.iter().map(|found| one(lang, found)).collect::<Vec<_>>().join("; ")
}

/// One problem of a form, with its line and key.
pub fn one(lang: Lang, found: &FormProblem) -> String {
    let key = found.key.as_deref().or(found.field.map(|field| field.key()));
    let line = found.line.map(|number| line(lang, number));
    let place: Vec<_> = [line.as_deref(), key].into_iter().flatten().collect();
    let problem = problem(lang, &found.problem);
    if place.is_empty() { problem } else { format!("{}: {problem}", place.join(", ")) }
}

crate::texts! {
    missing, "required", "verplicht";
    not_a_url, "not a web address; enter it as shown in a browser, such as https://desk.contoso.com",
        "geen webadres; vul het in zoals het in een browser staat, bijvoorbeeld https://desk.contoso.com";
    url_typo(likely: &str), "not a web address; did you mean {likely}?", "geen webadres; bedoelde u {likely}?";
    two_urls, "more than one web address; enter one", "meer dan één webadres; vul er één in";
    email_address, "an e-mail address; enter the web address of the product", "een e-mailadres; vul het webadres van het product in";
    too_long(most: &str), "too long; at most {most} characters", "te lang; hoogstens {most} tekens";
    trimmed_one, "1 space at the beginning or end was removed", "1 spatie aan begin of eind is weggelaten";
    trimmed(count: usize), "{count} spaces at the beginning or end were removed", "{count} spaties aan begin of eind zijn weggelaten";
    blank_start, "begins with a space, which is kept as part of the password", "begint met een spatie; die hoort bij het wachtwoord";
    blank_end, "ends with a space, which is kept as part of the password", "eindigt met een spatie; die hoort bij het wachtwoord";
    blank_both, "begins and ends with a space; both are kept as part of the password",
        "begint en eindigt met een spatie; die horen bij het wachtwoord";
    plain_http, "http:// would send secrets in the clear; use https:// (http is for practice servers on this machine)",
        "http:// zou geheimen leesbaar versturen; gebruik https:// (http is voor oefenservers op deze machine)";
    secret_in_url, "leave user name and password out of the address", "laat gebruikersnaam en wachtwoord weg uit het adres";
    not_within(least: u16, most: u16), "a whole number from {least} to {most}", "een geheel getal van {least} tot en met {most}";
    bad_name, "letters, digits, '-', '_' and '.' only, beginning with a letter or digit, at most 64",
        "alleen letters, cijfers, '-', '_' en '.', beginnend met een letter of cijfer, hoogstens 64";
    unsafe_name, "cannot be a file name on every system; avoid device names such as CON and NUL, a dot at the end, and more than 200 bytes",
        "kan niet overal een bestandsnaam zijn; vermijd apparaatnamen zoals CON en NUL, een punt aan het eind, en meer dan 200 bytes";
    name_taken, "another connection has this name, had it in tickets or Log Analytics, or has one that differs only in case",
        "een andere verbinding heeft deze naam, had die in tickets of Log Analytics, of heeft er een die alleen in hoofdletters verschilt";
    unknown_partner(known: &str), "unknown partner; known: {known}", "onbekende partner; bekend: {known}";
    unknown_choice(given: &str, known: &str), "'{given}' is not one of: {known}", "'{given}' is niet een van: {known}";
    wrong_type(expected: &str), "must be {expected}", "moet {expected} zijn";
    unknown_key, "unknown key", "onbekende sleutel";
    secret_in_file, "a secret does not belong in the file; give it on stdin (--secrets-stdin) or at the prompt",
        "een geheim hoort niet in het bestand; geef het via stdin (--secrets-stdin) of als erom gevraagd wordt";
    bad_characters, "contains line breaks or control characters", "bevat regeleinden of besturingstekens";
    not_toml(detail: &str), "not TOML: {detail}", "geen TOML: {detail}";
    made_into(url: &str), "will use {url}", "wordt {url}";
    practice, "a practice server on this machine", "een oefenserver op deze machine";
    unknown_host(host: &str), "{host} is not one of the product's known addresses; fine for a custom URL",
        "{host} is geen bekend adres van het product; prima bij een eigen URL";
    pasted_one, "pasted 1 character", "1 teken geplakt";
    pasted(count: usize), "pasted {count} characters", "{count} tekens geplakt";
    line(number: usize), "line {number}", "regel {number}";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::form::FieldId;

    #[test]
    fn problems_name_line_and_key() {
        let days = FieldProblem::NotWithin { least: 1, most: 120 };
        let found = [
            FormProblem { field: Some(FieldId::SyncDays), key: None, problem: days, line: Some(3) },
            FormProblem { field: None, key: Some("colour".into()), problem: FieldProblem::UnknownKey, line: None },
        ];
        assert_eq!(problems(Lang::En, &found), "line 3, sync_days: a whole number from 1 to 120; colour: unknown key");
    }
}
