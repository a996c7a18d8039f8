//! One work item, whole: its fields, as lines of a given width.

use jiff::Timestamp;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::model::lang::Lang;
use crate::model::partner::{ValueType, WorkItemSpec};
use crate::model::work_item::WorkItem;
use crate::texts::{connection as texts, sweep, time};
use crate::ui::app::effect::TaskId;
use crate::ui::app::remote::Remote;

/// The open detail pane.
#[derive(Debug, Clone, PartialEq)]
pub struct Detail {
    /// The store's row id of the work item.
    pub row_id: i64,
    /// The work item; `Ready(None)` when it is no longer stored.
    pub item: Remote<Option<Box<WorkItem>>>,
    /// When it was found to be gone from the product.
    pub removed_at: Option<Timestamp>,
    /// The task that reads it.
    pub task: Option<TaskId>,
    /// Lines scrolled out at the top.
    pub top: usize,
}

/// One line of the pane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetailLine {
    /// The label, on the first line of a field.
    pub label: String,
    /// The value, or the part of it that fits.
    pub text: String,
}

/// Columns of the labels, where there is room.
const LABEL_WIDTH: usize = 20;

/// Columns that labels take in a pane of this width, the gap to the value included.
pub fn label_width(width: usize) -> usize {
    LABEL_WIDTH.min(width * 2 / 5)
}

/// All fields of a work item, wrapped to `width` columns; `spec` tells what kind of value each holds. Of one that is gone
/// from the product, when that was found stands first.
pub fn lines(
    item: &WorkItem,
    removed_at: Option<Timestamp>,
    spec: Option<&WorkItemSpec>,
    lang: Lang,
    width: usize,
) -> Vec<DetailLine> {
    let removed =
        removed_at.map(|at| (sweep::removed_at(lang).to_owned(), sweep::found_removed(lang, &time::moment(at))));
    removed
        .into_iter()
        .chain(fields(item, spec, lang))
        .flat_map(|(label, text)| field_lines(&label, &text, width))
        .collect()
}

fn fields(item: &WorkItem, spec: Option<&WorkItemSpec>, lang: Lang) -> Vec<(String, String)> {
    let holds = |name: &str| spec?.columns.iter().find(|column| column.to == name).map(|column| column.holds);
    let mut fields = vec![
        (texts::column_number(lang).to_owned(), item.number.clone()),
        (texts::column_title(lang).to_owned(), item.title.clone()),
        (texts::field_kind(lang).to_owned(), texts::kind(lang, item.kind).to_owned()),
        (texts::column_state(lang).to_owned(), item.state.shown().to_owned()),
        (texts::column_priority(lang).to_owned(), item.priority.shown().to_owned()),
        (texts::field_open(lang).to_owned(), texts::yes_or_no(lang, item.open).to_owned()),
        (texts::field_opened(lang).to_owned(), item.opened_at.map(time::moment).unwrap_or_default()),
        (texts::column_updated(lang).to_owned(), time::moment(item.updated_at)),
    ];
    let further = item.fields.iter().map(|field| (field.name.text(), field.shown().text()));
    fields.extend(further.map(|(name, text)| (texts::field(lang, &name), shown(lang, &text, holds(&name)))));
    fields.retain(|(_, text)| !text.is_empty());
    fields
}

fn shown(lang: Lang, text: &str, holds: Option<ValueType>) -> String {
    match (holds, text) {
        (Some(ValueType::Flag), "true" | "false") => texts::yes_or_no(lang, text == "true").to_owned(),
        (Some(ValueType::Moment), text) => text.parse().map_or_else(|_| text.to_owned(), time::moment),
        _ => text.to_owned(),
    }
}

fn field_lines(label: &str, text: &str, width: usize) -> Vec<DetailLine> {
    let beside = label_width(width);
    let wrapped = wrap(text, width.saturating_sub(beside).max(1));
    let mut label = Some(label.to_owned());
    wrapped.into_iter().map(|text| DetailLine { label: label.take().unwrap_or_default(), text }).collect()
}

/// Breaks a text at its line breaks and at blanks, and words that are too long anywhere but inside what the
/// reader sees as one character. Tabs become blanks, other controls go.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    text.split('\n').flat_map(|line| wrap_line(&printable(line), width)).collect()
}

fn printable(line: &str) -> String {
    let seen = |c: &char| !crate::model::clean::is_unsafe(*c);
    line.chars().map(|c| if c == '\t' { ' ' } else { c }).filter(seen).collect()
}

fn wrap_line(line: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in line.split_inclusive(' ') {
        let used = lines.last().map_or(0, |last| last.width());
        if used > 0 && used + word.trim_end_matches(' ').width() > width {
            lines.push(String::new());
        }
        put(&mut lines, word, width);
    }
    lines.iter_mut().for_each(|line| line.truncate(line.trim_end().len()));
    lines
}

/// Puts a word down, on further lines where it is longer than one; blanks at the edge are let go.
fn put(lines: &mut Vec<String>, word: &str, width: usize) {
    for grapheme in word.graphemes(true) {
        let used = lines.last().map_or(0, |last| last.width());
        if used > 0 && used + grapheme.width() > width {
            if grapheme == " " {
                continue;
            }
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(grapheme);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_stay_whole_where_they_can() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("a longword b", 4), ["a", "long", "word", "b"]);
        assert_eq!(wrap("a\n\nb", 4), ["a", "", "b"]);
        assert_eq!(wrap("日本語", 4), ["日本", "語"]);
        assert_eq!(wrap("  two\tx", 9), ["  two x"]);
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide_and_no_word_is_lost(text in "[a-z 日é\u{1b}\\n]{0,60}", width in 2usize..20) {
            let lines = wrap(&text, width);
            prop_assert!(lines.iter().all(|line| line.width() <= width));
            let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
            prop_assert!(!lines.iter().any(|line| line.chars().any(char::is_control)));
        }
    }
}
