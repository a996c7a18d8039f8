//! Texts that are too long to store, and damaged texts: the row is stored anyway, and a finding names it.

use crate::model::cut_text::{mark, marked};
use crate::model::fields::Attributes;
use crate::model::finding::{NAMED, SyncFinding};
use crate::model::work_item::{Value, WorkItem, WorkItemKind};

/// The longest text that is stored, in bytes; far longer than any column of the products.
pub const LONGEST: usize = 1 << 20;

/// Rows that are named in a finding.
#[derive(Debug, Clone, Default)]
pub struct Named {
    rows: u64,
    numbers: Vec<String>,
}

impl Named {
    /// Counts a row, by its number.
    pub fn add(&mut self, number: &str) {
        if self.numbers.iter().any(|known| known == number) {
            return;
        }
        self.rows += 1;
        if self.numbers.len() < NAMED {
            self.numbers.push(number.to_owned());
        }
    }

    /// The finding that names them, if there are any.
    pub fn finding(
        self,
        kind: WorkItemKind,
        make: fn(WorkItemKind, u64, Vec<String>) -> SyncFinding,
    ) -> Option<SyncFinding> {
        (self.rows > 0).then(|| make(kind, self.rows, self.numbers))
    }
}

/// Cuts the texts of a row that are too long to store. Returns whether there was one.
pub fn cut(item: &mut WorkItem) -> bool {
    let mut was_cut = cut_text(&mut item.title);
    was_cut |= cut_text(&mut item.number);
    was_cut |= cut_value(&mut item.state);
    was_cut |= cut_value(&mut item.priority);
    // As JSON a text is never shorter.
    if item.fields.json().len() > LONGEST {
        let mut fields = Attributes::default();
        for field in item.fields.iter() {
            let mut value = Value::default();
            if [Some(field.value), field.label].into_iter().flatten().any(|text| text.inner().len() > LONGEST) {
                value = field.value();
            }
            if cut_value(&mut value) {
                was_cut = true;
                fields.push(&field.name.text(), &value);
            } else {
                fields.add(&field);
            }
        }
        item.fields = fields;
    }
    was_cut
}

fn cut_value(value: &mut Value) -> bool {
    let was_cut = cut_text(&mut value.value);
    value.label.as_mut().is_some_and(cut_text) || was_cut
}

fn cut_text(text: &mut String) -> bool {
    if text.len() <= LONGEST {
        return false;
    }
    // The reply may have been cut as it arrived: then the text tells how long it was.
    let whole = marked(text).unwrap_or(text.len() as u64);
    let end = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    text.truncate(end);
    text.push_str(&mark(whole));
    text.shrink_to_fit();
    true
}

/// Whether a row has the replacement character of invalid UTF-8.
pub fn is_damaged(item: &WorkItem) -> bool {
    [&*item.title, &*item.number, item.fields.json()].iter().any(|text| text.contains('\u{fffd}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d10_a_text_is_cut_at_a_character_and_marked() {
        let mut text = "é".repeat(LONGEST);
        assert!(cut_text(&mut text));
        assert!(text.len() < LONGEST + 32 && text.ends_with(&format!(" […] ({} B)", 2 * LONGEST)), "{}", text.len());
        assert!(!cut_text(&mut "short".to_owned()));
        let mut again = "x".repeat(LONGEST + 1) + &mark(72_000_000);
        assert!(cut_text(&mut again) && again.ends_with("x […] (72000000 B)"));
    }
}
