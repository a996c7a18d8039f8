//! A work item out of the cells of its row.

use std::borrow::Cow;

use jiff::Timestamp;

use super::cell::Cell;
use super::{moment, tidy};
use crate::model::partner::Holds;
use crate::model::work_item::{Value, WorkItem};
use crate::partner::mapping::{Columns, Target};

/// Takes the cells and builds the item. `None` if the id or the change time is missing or unreadable: such a
/// row is hidden from us, and without them it has no place in the order.
pub fn build(columns: &Columns, cells: &mut [Option<Cell<'_>>]) -> Option<WorkItem> {
    let mut item = blank(columns);
    let mut updated_at = None;
    for (column, cell) in columns.all().iter().zip(cells) {
        // What is asked for and does not come is hidden by an access rule (or there is no such column).
        let Some(cell) = cell.take().filter(|cell| !is_withheld(column.target, cell)) else {
            item.hidden.push(column.to.clone());
            continue;
        };
        match column.target {
            Target::Id => item.source_id = tidy(cell.stored().unwrap_or_default(), false),
            Target::UpdatedAt => updated_at = stored_moment(&cell),
            Target::Number => item.number = tidy(cell.stored_or_shown(), false),
            Target::Title => item.title = tidy(cell.stored_or_shown(), false),
            Target::State => item.state = value(cell, column.holds),
            Target::Priority => item.priority = value(cell, column.holds),
            Target::Open => item.open = !is_no(&cell),
            Target::OpenedAt => item.opened_at = stored_moment(&cell),
            Target::Field => {
                let value = value(cell, column.holds);
                if !value.is_empty() {
                    item.fields.push((column.to.clone(), value));
                }
            }
        }
    }
    item.updated_at = updated_at?;
    (!item.source_id.is_empty()).then_some(item)
}

/// Whether a value can only be empty because an access rule hides it: the instance fills these in every row.
fn is_withheld(target: Target, cell: &Cell<'_>) -> bool {
    let filled = matches!(target, Target::Number | Target::State | Target::Open);
    let says = |text: &Option<Cow<'_, str>>| text.as_ref().is_some_and(|text| !text.is_empty());
    filled && !says(&cell.value) && !says(&cell.display) && cell.link.is_none()
}

/// An item of which nothing is known. It counts as open until the product says that it is not, so that an
/// item whose flag is hidden from us stays in sight.
fn blank(columns: &Columns) -> WorkItem {
    WorkItem {
        kind: columns.kind(),
        source_id: String::new(),
        number: String::new(),
        title: String::new(),
        state: Value::default(),
        priority: Value::default(),
        open: true,
        opened_at: None,
        updated_at: Timestamp::UNIX_EPOCH,
        fields: Vec::with_capacity(columns.all().len()),
        hidden: Vec::new(),
    }
}

fn stored_moment(cell: &Cell<'_>) -> Option<Timestamp> {
    cell.value.as_deref().and_then(moment::parse)
}

fn is_no(cell: &Cell<'_>) -> bool {
    matches!(cell.value.as_deref(), Some("false" | "0"))
}

fn value(cell: Cell<'_>, holds: Holds) -> Value {
    match holds {
        Holds::Text | Holds::Flag | Holds::Number => Value::plain(tidy(cell.stored_or_shown(), false)),
        Holds::Lines => Value::plain(tidy(cell.stored_or_shown(), true)),
        Holds::Choice | Holds::Reference => labelled(cell),
        Holds::Moment => moment_value(cell),
    }
}

/// Stored value and label. Where only a display text came, it is all there is.
fn labelled(cell: Cell<'_>) -> Value {
    match (cell.stored(), cell.display) {
        (Some(stored), None) => Value::plain(tidy(stored, false)),
        (Some(stored), Some(display)) if stored == display => Value::plain(tidy(stored, false)),
        (Some(stored), Some(display)) => Value::labelled(tidy(stored, false), tidy(display, false)),
        (None, display) => Value::plain(tidy(display.unwrap_or_default(), false)),
    }
}

/// A time in UTC; one that cannot be read stays as it came. A display text is never read as a time: it is
/// in the caller's time zone and date format.
fn moment_value(cell: Cell<'_>) -> Value {
    match cell.value.as_deref().and_then(moment::rfc3339) {
        Some(text) => Value::plain(text),
        None => Value::plain(tidy(cell.stored_or_shown(), false)),
    }
}
