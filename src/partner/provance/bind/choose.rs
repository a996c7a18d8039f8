//! The choice of a table and its columns by names, labels and types.

use super::Lack;
use crate::model::partner::{Column, ValueType, WorkItemSpec};
use crate::model::work_item::WorkItemKind;
use crate::partner::provance::describe::{self, Attribute, Prefixes, Table};
use crate::partner::provance::synonyms::{column_score, table_score};

/// The table that fits best. Of several that fit alike those of Provance's own prefix are meant. A table of a business
/// process flow only points at the rows that pass through it.
///
/// # Errors
/// Nothing fits, or several fit alike.
pub fn best_table<'a>(kind: WorkItemKind, tables: &'a [Table], prefixes: &Prefixes) -> Result<&'a Table, Lack> {
    let real = || tables.iter().filter(|table| !table.process_flow);
    let scored = || real().map(|table| (table_score(kind, table, prefixes.all()), table));
    let missing = || Lack::Missing(kind.id().to_owned());
    let best = scored().map(|(score, _)| score).max().filter(|score| *score > 0).ok_or_else(missing)?;
    let fitting: Vec<&Table> = scored().filter(|(score, _)| *score == best).map(|(_, table)| table).collect();
    let own: Vec<&Table> = fitting.iter().copied().filter(|table| table.name.starts_with(describe::OWN)).collect();
    match (own.as_slice(), fitting.as_slice()) {
        ([table], _) | ([], [table]) => Ok(table),
        (own, all) => {
            let alike = if own.is_empty() { all } else { own };
            let names = alike.iter().map(|table| table.name.clone()).collect();
            Err(Lack::Unclear(kind.id().to_owned(), names))
        }
    }
}

/// Whether it is certain that a table is Provance's: its publisher is, or it is a table of Dynamics 365 to which Provance
/// has added columns.
pub fn is_certain(table: &Table, attributes: &[Attribute], prefixes: &Prefixes) -> bool {
    let certain = |name: &str| prefixes.certain.iter().any(|prefix| describe::has_prefix(name, prefix));
    certain(&table.name) || attributes.iter().any(|attribute| certain(&attribute.name))
}

/// The columns that fit best.
#[derive(Debug, Default)]
pub struct Chosen {
    /// Each for one attribute of work items only.
    pub columns: Vec<Column>,
    /// Attributes for which several columns fit equally well, with their names.
    pub unclear: Vec<(String, Vec<String>)>,
}

/// Chooses the columns of a table.
pub fn columns(wanted: &WorkItemSpec, table: &Table, attributes: &[Attribute], prefixes: &Prefixes) -> Chosen {
    let mut taken: Vec<&str> = Vec::new();
    let mut chosen = Chosen::default();
    for column in &wanted.columns {
        let by_role = |name: &str| attributes.iter().find(|attribute| attribute.name == name && !name.is_empty());
        let free = || attributes.iter().filter(|attribute| !taken.contains(&attribute.name.as_str()));
        let scored = || free().map(|attribute| (column_score(&column.to, attribute, prefixes.all()), attribute));
        let best = scored().map(|(score, _)| score).max().filter(|score| *score > 0);
        let alike: Vec<&Attribute> =
            scored().filter(|(score, _)| Some(*score) == best).map(|(_, attribute)| attribute).collect();
        let found = match (column.to.as_str(), alike.as_slice()) {
            ("id", _) => by_role(&table.id),
            (_, [found]) => Some(*found),
            ("title", []) => by_role(&table.title),
            (_, []) => None,
            (to, several) => {
                let names = several.iter().map(|attribute| attribute.name.clone()).collect();
                chosen.unclear.push((to.to_owned(), names));
                None
            }
        };
        if let Some(found) = found {
            taken.push(&found.name);
            let (from, to) = (found.name.clone(), column.to.clone());
            chosen.columns.push(Column { from, to, holds: holds(column.holds, found) });
        }
    }
    chosen
}

/// How a column is read: a lookup is a reference, whatever type was expected.
pub fn holds(expected: ValueType, found: &Attribute) -> ValueType {
    match found.kind.as_str() {
        "Lookup" | "Owner" | "Customer" => ValueType::Reference,
        "Memo" => ValueType::Lines,
        _ => expected,
    }
}
