//! A work item out of the values of its row.

use std::sync::Arc;

use jiff::Timestamp;

use super::list::Cell;
use super::moment;
use crate::model::partner::ValueType;
use crate::model::work_item::WorkItem;
use crate::net::json::Cells;
use crate::net::json::text::Text;
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

fn given<'de>(cell: Cell<'_, 'de>, column: &Column) -> Option<Given<'de>> {
    match column.target {
        Target::Id => Some(cell.stored().unwrap_or(NOTHING).into()),
        Target::UpdatedAt | Target::OpenedAt => stored_moment(cell).map(Given::At),
        Target::Open => Some(cell.value().unwrap_or(NOTHING).into()),
        Target::Number | Target::Title => Some(cell.stored_or_shown().into()),
        Target::State | Target::Priority | Target::Field => Some(value(cell, column.holds)),
    }
}

const NOTHING: Text<'static> = Text::Plain("");

fn stored_moment(cell: Cell<'_, '_>) -> Option<Timestamp> {
    cell.value().and_then(|text| moment::parse(&text.get()))
}

fn value<'de>(cell: Cell<'_, 'de>, holds: ValueType) -> Given<'de> {
    match holds {
        ValueType::Text | ValueType::Flag | ValueType::Number | ValueType::Lines => cell.stored_or_shown().into(),
        ValueType::Choice | ValueType::Reference => labelled(cell),
        // A time that cannot be read stays as it came. A display text is never read as a time: it is in the caller's time zone
        // and date format.
        ValueType::Moment => stored_moment(cell).map_or_else(|| cell.stored_or_shown().into(), Given::At),
    }
}

/// Stored value and label. Where only a display text came, it is all there is.
fn labelled<'de>(cell: Cell<'_, 'de>) -> Given<'de> {
    match (cell.stored(), cell.display()) {
        (Some(stored), Some(display)) => Given::Labelled(stored, display),
        (Some(stored), None) => stored.into(),
        (None, display) => display.unwrap_or(NOTHING).into(),
    }
}
