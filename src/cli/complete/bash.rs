//! Completion in bash. Bash parts a word at `=` and `:`, and inserts what it is given without quotes; so the line is read here
//! as it was typed, and each candidate is what is to be inserted there.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

use clap::Command;
use clap_complete::engine;
use clap_complete::env::EnvCompleter;

/// The script that is registered.
const SCRIPT: &str = include_str!("itsmc.bash");
/// `COMP_TYPE` of a list that is only shown: nothing of it is inserted.
const LIST: &str = "63";

/// What asks for candidates in bash.
pub struct Bash;

impl EnvCompleter for Bash {
    fn name(&self) -> &'static str {
        "bash"
    }

    fn is(&self, name: &str) -> bool {
        name == "bash"
    }

    fn write_registration(&self, _: &str, _: &str, _: &str, _: &str, to: &mut dyn Write) -> io::Result<()> {
        to.write_all(SCRIPT.as_bytes())
    }

    /// The arguments are the line up to the cursor, what of it bash replaces, and the kind of completion.
    fn write_complete(
        &self,
        command: &mut Command,
        arguments: Vec<OsString>,
        folder: Option<&Path>,
        to: &mut dyn Write,
    ) -> io::Result<()> {
        let mut arguments = arguments.iter().map(|one| one.to_string_lossy());
        let mut next = || arguments.next().unwrap_or_default();
        let (typed, kind) = (Typed::of(&next(), &next()), next());
        super::asked_for(&typed.words);
        let words: Vec<OsString> = typed.words.iter().map(OsString::from).collect();
        let last = words.len() - 1;
        let found = engine::complete(command, words, last, folder)?;
        let is_list = kind == LIST && found.len() > 1;
        for candidate in found {
            let value = candidate.get_value().to_string_lossy();
            writeln!(to, "{}", if is_list { typed.rest(&value).to_owned() } else { typed.inserted(&value) })?;
        }
        Ok(())
    }
}

/// A line up to the cursor.
#[derive(Debug, PartialEq, Eq)]
struct Typed {
    /// Its words without their quotes, the one to complete last: empty where the line ends with a blank.
    words: Vec<String>,
    /// The beginning of that word that bash keeps, without its quotes.
    kept: String,
    /// The quote that is open where bash inserts.
    quote: Option<char>,
}

impl Typed {
    /// Reads a line, of which bash replaces `replaced` at its end.
    fn of(line: &str, replaced: &str) -> Self {
        let (before, quote) = parted(line.strip_suffix(replaced).unwrap_or(line));
        let (words, _) = parted(line);
        let kept = if before.len() == words.len() { before.last().cloned() } else { None };
        Self { kept: kept.unwrap_or_default(), words, quote }
    }

    /// What of a candidate follows what bash keeps.
    fn rest<'a>(&self, candidate: &'a str) -> &'a str {
        let begins = candidate.get(..self.kept.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(&self.kept));
        if begins { &candidate[self.kept.len()..] } else { candidate }
    }

    /// What bash inserts for a candidate, quoted as the place needs.
    fn inserted(&self, candidate: &str) -> String {
        let mut text = String::new();
        for c in self.rest(candidate).chars() {
            match self.quote {
                Some('\'') if c == '\'' => text.push_str("'\\'"),
                Some('"') if matches!(c, '"' | '$' | '`' | '\\') => text.push('\\'),
                None if c.is_ascii() && !c.is_ascii_alphanumeric() && !"_@%+=:,./-".contains(c) => text.push('\\'),
                _ => {}
            }
            text.push(c);
        }
        text
    }
}

/// A value without its quotes; one that has none stays as it is.
pub fn unquoted(value: &str) -> String {
    parted(value).0.join(" ")
}

/// The words of a line without their quotes, and the quote that is open at its end. After a blank an empty word begins.
fn parted(line: &str) -> (Vec<String>, Option<char>) {
    let (mut words, mut word, mut begun, mut quote) = (Vec::new(), String::new(), false, None);
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (None, ' ' | '\t' | '\n') => {
                if std::mem::take(&mut begun) {
                    words.push(std::mem::take(&mut word));
                }
                continue;
            }
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            (None, '\\') => word.extend(chars.next()),
            (Some('"'), '\\') => match chars.next() {
                Some(next @ ('"' | '$' | '`' | '\\')) => word.push(next),
                next => word.extend([c].into_iter().chain(next)),
            },
            _ => word.push(c),
        }
        begun = true;
    }
    words.push(word);
    (words, quote)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a35_bash_gets_what_it_inserts_with_quotes() {
        let inserted = |line: &str, replaced: &str, candidate: &str| Typed::of(line, replaced).inserted(candidate);
        assert_eq!(inserted("itsmc items --state In", "In", "In Progress"), r"In\ Progress");
        assert_eq!(inserted(r"itsmc items --state In\ P", r"In\ P", "In Progress"), r"In\ Progress");
        assert_eq!(inserted("itsmc items --state 'In P", "In P", "In Progress"), "In Progress");
        assert_eq!(inserted("itsmc items --state \"In P", "In P", "In Progress"), "In Progress");
        assert_eq!(inserted("itsmc items --state \"", "", r#"a "b" $c"#), r#"a \"b\" \$c"#);
        assert_eq!(inserted("itsmc items --state '", "", "it's"), r"it'\''s");
        assert_eq!(inserted("itsmc items --state ", "", "it's (new) & $1"), r"it\'s\ \(new\)\ \&\ \$1");
        assert_eq!(inserted("itsmc items --state ", "", "Gelöst 2"), r"Gelöst\ 2");
    }

    #[test]
    fn a35_bash_keeps_what_stands_before_a_break() {
        let inserted = |line: &str, replaced: &str, candidate: &str| Typed::of(line, replaced).inserted(candidate);
        assert_eq!(inserted("itsmc items --state=Ne", "Ne", "--state=New"), "New");
        assert_eq!(inserted("itsmc items --state=", "", "--state=In Progress"), r"In\ Progress");
        assert_eq!(inserted("itsmc items --state='In P", "In P", "--state=In Progress"), "In Progress");
        assert_eq!(inserted("itsmc checklist --confirm role:it", "it", "role:itil"), "itil");
        assert_eq!(inserted("itsmc connection edit --set grant=", "", "grant=password"), "password");
        // Where COMP_WORDBREAKS has no `=`, bash replaces the whole word.
        assert_eq!(inserted("itsmc items --state=Ne", "--state=Ne", "--state=New"), "--state=New");
    }

    #[test]
    fn a35_a_line_is_parted_as_bash_parts_it() {
        let words = |line: &str| parted(line).0;
        assert_eq!(words("itsmc  items 'a b' c\\ d \"e \\\" f\" "), ["itsmc", "items", "a b", "c d", "e \" f", ""]);
        assert_eq!(words("itsmc items --find=''"), ["itsmc", "items", "--find="]);
        assert_eq!(words("itsmc '' x"), ["itsmc", "", "x"]);
        assert_eq!(parted("itsmc \"a 'b").1, Some('"'));
        assert_eq!(parted("").0, [""]);
        for value in ["'In Pr", "\"In Pr", r"In\ Pr", "In Pr"] {
            assert_eq!(unquoted(value), "In Pr");
        }
    }
}
