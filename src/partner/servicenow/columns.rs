//! The columns of a table as the asset maps them, made ready for decoding.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::fault::Fault;
use crate::model::partner::{Holds, WorkItemSpec};
use crate::model::work_item::WorkItemKind;

/// Where a column's value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The immutable id.
    Id,
    /// The number.
    Number,
    /// The short description.
    Title,
    /// The state.
    State,
    /// The priority.
    Priority,
    /// Whether it is active.
    Open,
    /// When it was opened.
    OpenedAt,
    /// When it was last changed.
    UpdatedAt,
    /// A further attribute.
    Field,
}

impl Target {
    fn of(attribute: &str) -> Self {
        match attribute {
            "id" => Self::Id,
            "number" => Self::Number,
            "title" => Self::Title,
            "state" => Self::State,
            "priority" => Self::Priority,
            "open" => Self::Open,
            "opened_at" => Self::OpenedAt,
            "updated_at" => Self::UpdatedAt,
            _ => Self::Field,
        }
    }
}

/// One column.
#[derive(Debug)]
pub struct Column {
    /// The product's name.
    pub from: Box<str>,
    /// The attribute it fills; shared by all rows.
    pub to: Arc<str>,
    /// How to read it.
    pub holds: Holds,
    /// Where it goes.
    pub target: Target,
}

/// All columns of one table.
#[derive(Debug)]
pub struct Columns {
    kind: WorkItemKind,
    source: String,
    names: String,
    columns: Vec<Column>,
    by_name: HashMap<Box<str>, usize>,
    id: usize,
    updated_at: usize,
}

impl Columns {
    /// The columns of an asset.
    ///
    /// # Errors
    /// [`Fault::Internal`] if the asset maps no id or no change time.
    pub fn new(spec: &WorkItemSpec) -> Result<Self, Fault> {
        let columns: Vec<Column> = spec
            .columns
            .iter()
            .map(|column| Column {
                from: column.from.as_str().into(),
                to: column.to.as_str().into(),
                holds: column.holds,
                target: Target::of(&column.to),
            })
            .collect();
        let place = |target: Target| {
            let missing = || Fault::Internal { what: format!("the asset maps no {target:?} for {}", spec.source) };
            columns.iter().position(|column| column.target == target).ok_or_else(missing)
        };
        Ok(Self {
            kind: spec.kind,
            source: spec.source.clone(),
            names: columns.iter().map(|column| &*column.from).collect::<Vec<_>>().join(","),
            by_name: columns.iter().enumerate().map(|(place, column)| (column.from.clone(), place)).collect(),
            id: place(Target::Id)?,
            updated_at: place(Target::UpdatedAt)?,
            columns,
        })
    }

    /// The kind of work item.
    pub fn kind(&self) -> WorkItemKind {
        self.kind
    }

    /// The table.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The columns to ask for, separated by commas.
    pub fn names(&self) -> &str {
        &self.names
    }

    /// The name of the id's column.
    pub fn id(&self) -> &str {
        &self.columns[self.id].from
    }

    /// The name of the change time's column.
    pub fn updated_at(&self) -> &str {
        &self.columns[self.updated_at].from
    }

    /// Every column, in the asset's order.
    pub fn all(&self) -> &[Column] {
        &self.columns
    }

    /// The place of a column; `likely` is tried first, since rows mostly come in one order.
    pub fn place(&self, name: &str, likely: usize) -> Option<usize> {
        match self.columns.get(likely) {
            Some(column) if *column.from == *name => Some(likely),
            _ => self.by_name.get(name).copied(),
        }
    }
}
