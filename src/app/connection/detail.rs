//! One work item, whole: its fields, as lines of a given width.

use jiff::Timestamp;
use unicode_width::UnicodeWidthChar;

use crate::app::effect::TaskId;
use crate::app::remote::Remote;
use crate::model::lang::Lang;
use crate::model::partner::{Holds, WorkItemSpec};
use crate::model::work_item::{Value, WorkItem};
use crate::texts::connection as texts;

/// The open detail pane.
#[derive(Debug, Clone, PartialEq)]
pub struct Detail {
    /// The store's row id of the work item.
    pub row_id: i64,
    /// The work item; `Ready(None)` when it is no longer stored.
    pub item: Remote<Option<Box<WorkItem>>>,
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

/// All fields of a work item, wrapped to `width` columns; `spec` tells what kind of value each holds.
pub fn lines(item: &WorkItem, spec: Option<&WorkItemSpec>, lang: Lang, width: usize) -> Vec<DetailLine> {
    fields(item, spec, lang).into_iter().flat_map(|(label, text)| field_lines(&label, &text, width)).collect()
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
        (texts::field_opened(lang).to_owned(), item.opened_at.map(moment).unwrap_or_default()),
        (texts::column_updated(lang).to_owned(), moment(item.updated_at)),
    ];
    fields.extend(item.fields.iter().map(|(name, value)| (texts::field(lang, name), shown(lang, value, holds(name)))));
    fields.retain(|(_, text)| !text.is_empty());
    fields
}

fn shown(lang: Lang, value: &Value, holds: Option<Holds>) -> String {
    let text = value.shown();
    match (holds, text) {
        (Some(Holds::Flag), "true" | "false") => texts::yes_or_no(lang, text == "true").to_owned(),
        (Some(Holds::Moment), text) => text.parse().map_or_else(|_| text.to_owned(), moment),
        _ => text.to_owned(),
    }
}

fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

fn field_lines(label: &str, text: &str, width: usize) -> Vec<DetailLine> {
    let beside = label_width(width);
    let wrapped = wrap(text, width.saturating_sub(beside).max(1));
    let mut label = Some(label.to_owned());
    wrapped.into_iter().map(|text| DetailLine { label: label.take().unwrap_or_default(), text }).collect()
}

/// Breaks a text at its line breaks and at blanks, and words that are too long anywhere; no character is
/// split, and what takes no column stays with what it follows. Tabs become blanks, other controls go.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    text.split('\n').flat_map(|line| wrap_line(line, width)).collect()
}

fn wrap_line(line: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in line.split_inclusive([' ', '\t']) {
        let (word, columns) = printable(word);
        let needed = columns - (word.len() - word.trim_end_matches(' ').len()).min(columns);
        if used > 0 && used + needed > width {
            lines.push(String::new());
            used = 0;
        }
        used = put(&mut lines, used, &word, width);
    }
    lines.iter_mut().for_each(|line| line.truncate(line.trim_end().len()));
    lines
}

fn printable(word: &str) -> (String, usize) {
    let word: String =
        word.chars().map(|c| if c == '\t' { ' ' } else { c }).filter(|c| !crate::model::clean::is_unsafe(*c)).collect();
    let columns = word.chars().filter_map(UnicodeWidthChar::width).sum();
    (word, columns)
}

/// Puts a word down, on further lines where it is longer than one; returns the columns used of the last.
fn put(lines: &mut Vec<String>, mut used: usize, word: &str, width: usize) -> usize {
    for c in word.chars() {
        let columns = c.width().unwrap_or_default();
        if used > 0 && columns > 0 && used + columns > width {
            if c == ' ' {
                continue;
            }
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            line.push(c);
        }
        used += columns;
    }
    used
}
