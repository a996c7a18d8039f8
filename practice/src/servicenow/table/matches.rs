//! Whether a row meets a condition.

use std::cmp::Ordering;

use super::columns::Kind;
use super::pool::Shown;
use super::query::{Clause, Condition, Op, OrderKey, Path};
use super::rows::{Cell, Table};
use super::store::Store;
use crate::core::rng::{hex, parse_hex};
use crate::servicenow::calendar::raw;

/// Holds conditions against the rows of one table.
#[derive(Clone, Copy)]
pub(crate) struct Matches<'a> {
    /// All tables, for what follows a dot.
    pub(crate) store: &'a Store,
    /// The table that is asked.
    pub(crate) table: &'a Table,
}

impl<'a> Matches<'a> {
    /// Whether every clause holds.
    pub(crate) fn all(&self, row: u32, clauses: &[&Clause]) -> bool {
        clauses.iter().all(|clause| clause.iter().any(|condition| self.one(row, condition)))
    }

    /// What a path leads to.
    pub(crate) fn cell(&self, row: u32, path: &Path) -> (Kind, Cell<'a>) {
        let column = path.column;
        match &path.rest {
            None => (self.table.columns[column].kind, self.table.cell(row, column)),
            Some(rest) => match self.store.walk(self.table, row, column, rest) {
                Some(walked) => (walked.kind, walked.cell),
                None => (Kind::Text, Cell::Text("", Shown::Same)),
            },
        }
    }

    /// Which of two rows comes first.
    pub(crate) fn compare(&self, one: u32, other: u32, order: &[OrderKey]) -> Ordering {
        let mut keys = order.iter().map(|key| {
            let ordering = compare_cells(self.cell(one, &key.path).1, self.cell(other, &key.path).1);
            if key.descending { ordering.reverse() } else { ordering }
        });
        keys.find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
    }

    fn one(&self, row: u32, condition: &Condition) -> bool {
        match self.cell(row, &condition.path).1 {
            Cell::Time(seconds) => time_matches(seconds, condition),
            Cell::Id(id) => id_matches(id, condition),
            Cell::Text(value, _) => text_matches(value, condition.op, &condition.value),
        }
    }
}

fn id_matches(id: &[u8; 16], condition: &Condition) -> bool {
    match (parse_hex(&condition.value), condition.op) {
        (Some(other), Op::Is) => *id == other,
        (Some(other), Op::IsNot) => *id != other,
        (Some(other), Op::After | Op::From | Op::Before | Op::UpTo) => holds(id.cmp(&other), condition.op),
        _ => text_matches(&hex(id), condition.op, &condition.value),
    }
}

fn time_matches(seconds: i64, condition: &Condition) -> bool {
    match (condition.op, condition.time) {
        (Op::Empty, _) => seconds == 0,
        (Op::NotEmpty, _) => seconds != 0,
        (Op::Is, None) => seconds == 0,
        (Op::IsNot, None) => seconds != 0,
        (Op::Is | Op::IsNot | Op::After | Op::From | Op::Before | Op::UpTo, Some(time)) => {
            seconds != 0 && holds(seconds.cmp(&time), condition.op)
        }
        (op, _) => text_matches(&raw(seconds), op, &condition.value),
    }
}

fn text_matches(value: &str, op: Op, wanted: &str) -> bool {
    match op {
        Op::Is | Op::IsNot => (value == wanted) == (op == Op::Is),
        Op::After | Op::From | Op::Before | Op::UpTo => holds(compare_texts(value, wanted), op),
        Op::In => wanted.split(',').any(|one| one == value),
        Op::NotIn => !wanted.split(',').any(|one| one == value),
        Op::StartsWith => value.starts_with(wanted),
        Op::EndsWith => value.ends_with(wanted),
        Op::Like => value.contains(wanted),
        Op::NotLike => !value.contains(wanted),
        Op::Empty => value.is_empty(),
        Op::NotEmpty => !value.is_empty(),
    }
}

fn holds(ordering: Ordering, op: Op) -> bool {
    match op {
        Op::After => ordering.is_gt(),
        Op::From => ordering.is_ge(),
        Op::Before => ordering.is_lt(),
        Op::UpTo => ordering.is_le(),
        Op::IsNot => ordering.is_ne(),
        _ => ordering.is_eq(),
    }
}

fn compare_cells(one: Cell<'_>, other: Cell<'_>) -> Ordering {
    match (one, other) {
        (Cell::Time(one), Cell::Time(other)) => one.cmp(&other),
        (Cell::Id(one), Cell::Id(other)) => one.cmp(other),
        (Cell::Text(one, _), Cell::Text(other, _)) => compare_texts(one, other),
        _ => Ordering::Equal,
    }
}

fn compare_texts(one: &str, other: &str) -> Ordering {
    match (one.parse::<i64>(), other.parse::<i64>()) {
        (Ok(one), Ok(other)) => one.cmp(&other),
        _ => one.cmp(other),
    }
}
