//! What was written to a product compared with what it shows, and texts cut to what it takes; the same for every product.

use std::collections::BTreeMap;

use crate::model::ticket::{NotMade, TicketFinding};
use crate::partner::Written;

/// What stands behind a text that was cut.
const CUT: &str = "…";

/// A text of at most so many characters.
pub fn cut(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some(_) => text.chars().take(limit.saturating_sub(1)).chain(CUT.chars()).collect(),
    }
}

/// One line of at most so many characters.
pub fn line(text: &str, limit: usize) -> String {
    cut(&text.split_whitespace().collect::<Vec<_>>().join(" "), limit)
}

/// A title of at most so many characters with a mark before it: whatever cuts off its end leaves the mark.
pub fn marked(mark: &str, title: &str, limit: usize) -> String {
    format!("{mark} {}", line(title, limit.saturating_sub(mark.len() + 1)))
}

/// Whether a product kept a text: line ends and blanks at the ends may differ.
pub fn is_kept(sent: &str, shown: &str) -> bool {
    let bare = |text: &str| text.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned();
    sent == shown || bare(sent) == bare(shown)
}

/// The finding about fields that a product did not keep; `shown` gives what it shows of a field.
pub fn dropped(sent: &BTreeMap<String, String>, shown: impl Fn(&str) -> Option<String>) -> Option<TicketFinding> {
    let lost = |(name, value): (&String, &String)| {
        let kept = shown(name).is_some_and(|shown| is_kept(value, &shown)) || value.is_empty() && shown(name).is_none();
        (!kept).then(|| name.clone())
    };
    let fields: Vec<_> = sent.iter().filter_map(lost).collect();
    (!fields.is_empty()).then_some(TicketFinding::DroppedFields { fields })
}

/// Of several tickets with one key the first, with a finding that names the others and their pages.
pub fn kept(mut first: Written, others: Vec<Written>) -> Written {
    if !others.is_empty() {
        let kept = first.ticket.number.clone();
        let links = others.iter().filter_map(|other| other.ticket.url.clone()).collect();
        let others = others.into_iter().map(|other| other.ticket.number).collect();
        first.findings.push(TicketFinding::Doubled { kept, others, links });
    }
    first
}

/// The finding about a configuration item that was to be made, and was not.
pub fn not_made(name: &str, why: NotMade) -> TicketFinding {
    TicketFinding::ItemNotMade { name: name.to_owned(), why }
}

/// The host's own name, without its domain: what products call a computer by.
pub fn host(name: &str) -> &str {
    name.split('.').next().unwrap_or_default()
}

/// How a note of this number is marked.
pub fn note_mark(number: u32) -> String {
    format!("Azure Monitor #{number}")
}

/// Whether a note of this number stands in a text under its mark, which has a line of its own.
pub fn has_note(text: &str, number: u32) -> bool {
    let mark = note_mark(number);
    text.lines().any(|line| line.trim() == mark)
}

/// The number in the mark of a note; 0 where there is none of ours.
pub fn marked_number(text: &str) -> u32 {
    let behind = text.rsplit_once("Azure Monitor #").map(|(_, number)| number);
    let digits = behind.map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_by_characters() {
        assert_eq!(cut("äöü", 3), "äöü");
        assert_eq!(cut("äöüß", 3), "äö…");
        assert_eq!(line(" a\n  b\tc ", 9), "a b c");
    }

    #[test]
    fn a_mark_stands_before_its_title_whatever_the_length() {
        assert_eq!(marked("[m]", "CPU\nhigh", 20), "[m] CPU high");
        assert_eq!(marked("[m]", &"x".repeat(50), 10), "[m] xxxxx…");
    }

    #[test]
    fn fields_that_were_not_kept_are_named() {
        let sent: BTreeMap<_, _> =
            [("a", "1"), ("b", "x\ny"), ("c", "z"), ("d", "")].map(|(name, value)| (name.into(), value.into())).into();
        let shown = |name: &str| match name {
            "a" => Some("1".to_owned()),
            "b" => Some("x\r\ny\n".to_owned()),
            "c" => Some(String::new()),
            _ => None,
        };
        assert_eq!(dropped(&sent, shown), Some(TicketFinding::DroppedFields { fields: vec!["c".into()] }));
    }

    #[test]
    fn a_mark_gives_its_number_back() {
        assert_eq!(marked_number(&note_mark(12)), 12);
        assert_eq!(marked_number("Azure Monitor"), 0);
        assert_eq!(marked_number("Azure Monitor #12 of 13"), 12);
        let text = format!("see Azure Monitor #7\r\n\r\n{}\r\nagain", note_mark(1));
        assert_eq!([1, 2, 7].map(|number| has_note(&text, number)), [true, false, false], "a line of its own");
    }
}
