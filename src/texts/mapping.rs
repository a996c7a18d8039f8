//! What is wrong with a mapping file, and what changed since a connection was bound.

use super::{connection, reason};
use crate::model::lang::Lang;
use crate::model::mapping::{Drift, MappingProblem, Wrong};

/// Every problem, each with its line.
pub fn problems(lang: Lang, problems: &[MappingProblem]) -> String {
    let one = |problem: &MappingProblem| match problem.line {
        Some(number) => format!("{} {}", line(lang, number), wrong(lang, &problem.wrong)),
        None => wrong(lang, &problem.wrong),
    };
    problems.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn wrong(lang: Lang, wrong: &Wrong) -> String {
    let meant = |near: &Option<String>| near.as_ref().map(|name| meant(lang, name)).unwrap_or_default();
    match wrong {
        Wrong::NotToml { detail } => not_toml(lang, &reason::told(lang, detail)),
        Wrong::UnknownKey { key, nearest } => unknown_key(lang, key) + &meant(nearest),
        Wrong::NotA { key, expected } => not_a(lang, key, expected),
        Wrong::UnknownAttribute { to, nearest } => unknown_attribute(lang, to) + &meant(nearest),
        Wrong::Repeated { to, first: Some(first) } => repeated_at(lang, to, *first),
        Wrong::Repeated { to, first: None } => repeated(lang, to),
        Wrong::Missing { kind: Some(kind), to } => missing_of(lang, to, kind.id()),
        Wrong::Missing { kind: None, to } => missing(lang, to),
        Wrong::NoSuchSource { name, nearest } => no_source(lang, name) + &meant(nearest),
        Wrong::NoSuchColumn { name, source, nearest } => no_column(lang, name, source) + &meant(nearest),
        Wrong::WrongType { from, to, found, expected } => wrong_type(lang, from, to, found, expected),
        Wrong::NotTheId { from, id } => not_the_id(lang, from, id),
        Wrong::NotTheChangeTime { from, changed } => not_the_change(lang, from, changed),
    }
}

/// Every difference between what is kept and the product now.
pub fn drift(lang: Lang, drift: &[Drift]) -> String {
    let one = |drift: &Drift| {
        let kind = super::step::kind(lang, drift.kind).to_lowercase();
        let what =
            drift.to.as_ref().map_or_else(|| table(lang).to_owned(), |to| connection::column(lang, to).to_lowercase());
        match (&drift.now, drift.gone) {
            (Some(now), true) => gone_for(lang, &kind, &what, &drift.kept, now),
            (None, _) => gone(lang, &kind, &what, &drift.kept),
            (Some(now), false) => better(lang, &kind, &what, &drift.kept, now),
        }
    };
    drift.iter().map(one).collect::<Vec<_>>().join("; ")
}

crate::texts! {
    line(number: usize), "Line {number}:", "Regel {number}:";
    meant(name: &str), " Did you mean '{name}'?", " Bedoelt u '{name}'?";
    not_toml(detail: &str), "this is not TOML ({detail}).", "dit is geen TOML ({detail}).";
    unknown_key(key: &str), "the key '{key}' is unknown.", "de sleutel '{key}' is onbekend.";
    not_a(key: &str, expected: &str), "'{key}' must be: {expected}.", "'{key}' moet zijn: {expected}.";
    unknown_attribute(to: &str), "work items have no attribute '{to}' (see docs/mapping.md).", "werkitems hebben geen kenmerk '{to}' (zie docs/mapping.md).";
    repeated_at(to: &str, first: usize), "'{to}' is already on line {first}.", "'{to}' staat al op regel {first}.";
    repeated(to: &str), "'{to}' appears twice.", "'{to}' staat er twee keer.";
    missing_of(to: &str, kind: &str), "no column of {kind} fills '{to}', which is needed.", "geen kolom van {kind} vult '{to}', en dat is nodig.";
    missing(key: &str), "'{key}' is missing.", "'{key}' ontbreekt.";
    no_source(name: &str), "the product has no '{name}', or the user may not see it.", "het product heeft geen '{name}', of de gebruiker mag dat niet zien.";
    no_column(name: &str, source: &str), "'{source}' has no column '{name}', or the user may not see it.", "'{source}' heeft geen kolom '{name}', of de gebruiker mag die niet zien.";
    wrong_type(from: &str, to: &str, found: &str, expected: &str), "'{from}' ({found}) cannot fill '{to}': it needs {expected}.", "'{from}' ({found}) kan '{to}' niet vullen: daar is {expected} voor nodig.";
    not_the_id(from: &str, id: &str), "'{from}' is not the table's id; '{id}' is.", "'{from}' is niet de id van de tabel: dat is '{id}'.";
    not_the_change(from: &str, changed: &str), "'{from}' is not the time of the last change; '{changed}' is.", "'{from}' is niet het tijdstip van de laatste wijziging; '{changed}' wel.";
    table, "table", "tabel";
    gone_for(kind: &str, what: &str, kept: &str, now: &str), "{kind}: {what} was '{kept}', which is gone; '{now}' may replace it", "{kind}: {what} was '{kept}', en dat is weg; '{now}' vervangt die misschien";
    gone(kind: &str, what: &str, kept: &str), "{kind}: {what} was '{kept}', which is gone; stored values are kept", "{kind}: {what} was '{kept}', en dat is weg; opgeslagen waarden blijven bewaard";
    better(kind: &str, what: &str, kept: &str, now: &str), "{kind}: {what} stays '{kept}'; the product now also has '{now}'", "{kind}: {what} blijft '{kept}'; het product heeft nu ook '{now}'";
    rebind(name: &str), "To use what the product has now: itsmc connection mapping {name} --rebind", "Gebruiken wat het product nu heeft: itsmc connection mapping {name} --rebind";
}
