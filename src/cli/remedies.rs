//! For tests: every remedy names only commands that there are, and that work where the remedy is read.

use clap::Parser as _;

use super::args::Cli;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::texts::fault::{At, remedy_at};

/// Words that stand for a value, each with one.
const VALUES: [(&str, &str); 14] = [
    ("NAME", "contoso"),
    ("NAAM", "contoso"),
    ("USER", "jane"),
    ("GEBRUIKER", "jane"),
    ("PARTNER", "servicenow"),
    ("FILE", "f"),
    ("BESTAND", "f"),
    ("FORM", "f"),
    ("FORMULIER", "f"),
    ("DIR", "d"),
    ("MAP", "d"),
    ("KEY=VALUE", "sync_days=9"),
    ("SLEUTEL=WAARDE", "sync_days=9"),
    ("TOKEN", "t"),
];

/// The commands that a text names: from `itsmc` to the end of the sentence, its quotation mark, or the file that its output goes to.
fn commands(text: &str) -> Vec<Vec<String>> {
    let after = text
        .match_indices("itsmc ")
        .map(|(place, found)| (text[..place].ends_with('\''), &text[place + found.len()..]));
    let whole = after.filter_map(|(quoted, rest)| {
        // A quoted value of an option belongs to the command; the quotation mark after a quoted command does not.
        let unquoted = rest.replace('\'', "");
        let rest = if quoted { rest } else { unquoted.as_str() };
        let end = rest.find(['\'', ';', ')', ',', '(', '>']).unwrap_or(rest.len());
        let words = rest[..end].split(". ").next().unwrap_or_default().trim_end_matches('.');
        let words: Vec<_> = words.split_whitespace().map(value).collect();
        // A text may speak of the program as well, as in 'start itsmc again' or 'start itsmc with --ca-file FILE'.
        let first = words.first()?;
        let spoken =
            ["with", "met", "again", "opnieuw", "is", "in", "aan", "at", "as", "als"].contains(&first.as_str());
        (!spoken).then_some(words)
    });
    whole.map(|words| [vec!["itsmc".to_owned()], words].concat()).collect()
}

fn value(word: &str) -> String {
    VALUES.iter().find(|(name, _)| *name == word).map_or(word, |(_, value)| value).to_owned()
}

/// The commands that need a connection that is saved already.
fn needs_saved(words: &[String]) -> bool {
    let words: Vec<_> = words.iter().skip(1).map(String::as_str).collect();
    matches!(
        words.as_slice(),
        ["checklist" | "token" | "sync" | "items", ..] | ["connection", "test" | "show" | "remove" | "edit", ..]
    )
}

#[test]
fn a8_each_remedy_names_commands_that_there_are() {
    for fault in crate::ui::app::testing::faults() {
        for (lang, at) in [Lang::En, Lang::Nl]
            .into_iter()
            .flat_map(|lang| [At::Saved, At::Unsaved, At::Checklist].map(|at| (lang, at)))
        {
            let text = remedy_at(lang, &fault, at);
            for words in commands(&text) {
                let parsed = Cli::try_parse_from(&words);
                let shown = parsed.as_ref().err().map(ToString::to_string).unwrap_or_default();
                assert!(parsed.is_ok(), "{}: {words:?} in: {text}\n{shown}", fault.code());
            }
        }
    }
}

#[test]
fn a8_unsaved_connection_remedies_name_no_saved_one() {
    // Of these the connection is another one that is saved, or the program's own files are at stake.
    let others = |fault: &Fault| {
        matches!(
            fault.code(),
            "name-taken"
                | "name-known"
                | "identity-changed"
                | "no-such-connection"
                | "no-such-token"
                | "database-damaged"
                | "vault-damaged"
        )
    };
    for fault in crate::ui::app::testing::faults().iter().filter(|fault| !others(fault)) {
        for lang in [Lang::En, Lang::Nl] {
            let text = remedy_at(lang, fault, At::Unsaved);
            let named: Vec<_> = commands(&text).into_iter().filter(|words| needs_saved(words)).collect();
            assert!(named.is_empty(), "{}: {named:?} in: {text}", fault.code());
        }
    }
}

#[test]
fn a8_a_command_is_found_in_a_text() {
    let found = commands("Sign in again: itsmc token rotate NAME. Or ('itsmc doctor' shows it), start itsmc with --x.");
    assert_eq!(found, [vec!["itsmc", "token", "rotate", "contoso"], vec!["itsmc", "doctor"]]);
}
