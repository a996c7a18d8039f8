//! Where the words of a search stand in a text.

use std::ops::Range;

use ratatui::style::{Modifier, Style};
use ratatui::text::Span;

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
}
