//! A work item out of the values of its row.

use std::sync::Arc;

use jiff::Timestamp;

use super::list::Cell;
use super::moment;
use crate::model::partner::ValueType;
use crate::model::work_item::{Value, WorkItem};
use crate::net::json::Cells;
use crate::partner::mapping::{Column, Columns, Given, Target, work_item};

/// Builds the item. `None` if the id or the change time is missing or unreadable: such a row is hidden from us, and
/// without them it has no place in the order.
pub fn build(columns: &Columns, cells: &Cells<'_>) -> Option<WorkItem> {
    let mut hidden: Vec<Arc<str>> = Vec::new();
    let mut item = work_item(columns, |place, column| match Cell::of(cells, columns.first(place)) {
        Some(cell) if !is_withheld(column.target, cell) => given(cell, column),
        _ => {
            hidden.push(column.to.clone());
            None
        }
    })?;
    item.hidden = hidden;
    Some(item)
}

/// Whether a value can only be empty because an access rule hides it: the instance fills these in every row.
fn is_withheld(target: Target, cell: Cell<'_, '_>) -> bool {
    matches!(target, Target::Number | Target::State | Target::Open) && cell.is_empty()
}

fn given(cell: Cell<'_, '_>, column: &Column) -> Option<Given> {
    match column.target {
        Target::Id => Some(plain(cell.stored().unwrap_or_default())),
        Target::UpdatedAt | Target::OpenedAt => stored_moment(cell).map(Given::At),
        Target::Open => Some(plain(cell.value().unwrap_or_default())),
        Target::Number | Target::Title => Some(plain(cell.stored_or_shown())),
        Target::State | Target::Priority | Target::Field => Some(value(cell, column.holds)),
    }
}

fn plain(text: impl Into<String>) -> Given {
    Given::Value(Value::plain(text))
}

fn stored_moment(cell: Cell<'_, '_>) -> Option<Timestamp> {
    cell.value().as_deref().and_then(moment::parse)
}

fn value(cell: Cell<'_, '_>, holds: ValueType) -> Given {
    match holds {
        ValueType::Text | ValueType::Flag | ValueType::Number | ValueType::Lines => plain(cell.stored_or_shown()),
        ValueType::Choice | ValueType::Reference => labelled(cell),
        ValueType::Moment => moment_value(cell),
    }
}

/// Stored value and label. Where only a display text came, it is all there is.
fn labelled(cell: Cell<'_, '_>) -> Given {
    match (cell.stored(), cell.display()) {
        (Some(stored), Some(display)) if stored != display => Given::Value(Value::labelled(stored, display)),
        (Some(stored), _) => plain(stored),
        (None, display) => plain(display.unwrap_or_default()),
    }
}

/// A time in UTC; one that cannot be read stays as it came. A display text is never read as a time: it is
/// in the caller's time zone and date format.
fn moment_value(cell: Cell<'_, '_>) -> Given {
    match cell.value().as_deref().and_then(moment::rfc3339) {
        Some(text) => plain(text),
        None => plain(cell.stored_or_shown()),
    }
}
