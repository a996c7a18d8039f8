//! Where the words of a search stand in a text, and which priorities stand out.

use std::ops::Range;

use ratatui::style::{Modifier, Style};
use ratatui::text::Span;

use crate::model::work_item::Value;

/// The text in spans; the beginnings of words that were searched for are underlined.
pub fn marked(text: &str, find: &str) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    let mut done = 0;
    for hit in hits(text, find) {
        spans.push(Span::raw(text[done..hit.start].to_owned()));
        let style = Style::new().add_modifier(Modifier::UNDERLINED | Modifier::BOLD);
        spans.push(Span::styled(text[hit.clone()].to_owned(), style));
        done = hit.end;
    }
    spans.push(Span::raw(text[done..].to_owned()));
    spans
}

/// In order, and none over another.
fn hits(text: &str, find: &str) -> Vec<Range<usize>> {
    let words: Vec<_> = find.split_whitespace().map(str::to_lowercase).collect();
    let mut hits: Vec<Range<usize>> = Vec::new();
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let is_start = !before.is_alphanumeric() && hits.last().is_none_or(|last| last.end <= at);
        before = c;
        if is_start {
            let found = words.iter().filter_map(|word| starts_with(&text[at..], word)).max();
            hits.extend(found.map(|length| at..at + length));
        }
    }
    hits
}

/// How many bytes of the text's start are this word, whatever the case.
fn starts_with(text: &str, word: &str) -> Option<usize> {
    let length: usize = text.chars().take(word.chars().count()).map(char::len_utf8).sum();
    (text[..length].to_lowercase() == word).then_some(length)
}

/// Whether this is a product's highest priority: it is called 1, or by a word for it.
pub fn is_most_urgent(priority: &Value) -> bool {
    let name = priority.shown().trim().to_lowercase();
    let number: String = name.chars().take_while(char::is_ascii_digit).collect();
    number == "1" || ["critical", "kritiek", "immediate", "onmiddellijk"].contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a22_beginnings_of_words_are_hits_whatever_the_case() {
        let found = |text: &str, find| hits(text, find).into_iter().map(|hit| text[hit].to_owned()).collect::<Vec<_>>();
        assert_eq!(found("Wi-Fi certificate, FICTION", "fi cert"), ["Fi", "cert", "FI"]);
        assert_eq!(found("Édition é", "É"), ["É", "é"]);
        assert_eq!(found("reprint", "print"), Vec::<String>::new());
        assert_eq!(found("anything", " "), Vec::<String>::new());
    }

    #[test]
    fn the_highest_priority_is_called_1_or_by_its_word() {
        let is = |name: &str| is_most_urgent(&Value::plain(name));
        assert!(is("1 - Critical") && is("1") && is("Critical") && is("Onmiddellijk"));
        assert!(!is("10") && !is("2 - High") && !is("") && !is("Non-critical"));
    }
}
