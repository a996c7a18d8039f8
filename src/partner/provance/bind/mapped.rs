//! The admin's own mapping, checked line by line against the environment's description.

use super::{Described, Found, NEEDED, describe, named, ready};
use crate::model::fault::Fault;
use crate::model::mapping::{Lines, MappingFile, MappingProblem, Wrong};
use crate::model::nearest::nearest;
use crate::model::partner::{Column, ValueType, WorkItemSpec};
use crate::partner::provance::describe::{Attribute, Table};

/// The column that every change of a row sets.
const CHANGED: &str = "modifiedon";

impl Described<'_> {
    pub(super) async fn of_mapping(
        &self,
        mapping: &MappingFile,
        spec: &WorkItemSpec,
        lines: &Lines,
    ) -> Result<Found, Fault> {
        let named = self.tables.iter().find(|table| table.name == spec.source || table.set == spec.source);
        let Some(table) = named else {
            let near = nearest(&spec.source, self.tables.iter().map(|table| table.name.as_str())).map(str::to_owned);
            let wrong = Wrong::NoSuchSource { name: spec.source.clone(), nearest: near };
            return Err(mapping.fault(vec![MappingProblem { line: lines.source, wrong }]));
        };
        let attributes = describe::attributes(self.partner, &table.name).await?;
        let problems = problems(spec, lines, table, &attributes);
        if problems.is_empty() {
            return Ok(ready(spec.clone(), table, &attributes, Vec::new()));
        }
        Err(mapping.fault(problems))
    }
}

fn problems(spec: &WorkItemSpec, lines: &Lines, table: &Table, attributes: &[Attribute]) -> Vec<MappingProblem> {
    let columns = spec.columns.iter().enumerate();
    let of_column = |(place, column)| {
        let wrong = wrong(column, table, attributes)?;
        Some(MappingProblem { line: lines.column(place), wrong })
    };
    let lacking = NEEDED.iter().filter(|needed| !spec.columns.iter().any(|column| column.to == **needed));
    let missing = lacking.map(|to| {
        let wrong = Wrong::Missing { kind: Some(spec.kind), to: (*to).to_owned() };
        MappingProblem { line: lines.kind, wrong }
    });
    columns.filter_map(of_column).chain(missing).collect()
}

fn wrong(column: &Column, table: &Table, attributes: &[Attribute]) -> Option<Wrong> {
    let Some(found) = named(attributes, &column.from) else {
        let near = nearest(&column.from, attributes.iter().map(|attribute| attribute.name.as_str()));
        let (name, source) = (column.from.clone(), table.name.clone());
        return Some(Wrong::NoSuchColumn { name, source, nearest: near.map(str::to_owned) });
    };
    let from = || found.name.clone();
    if column.to == "id" {
        let right = found.name == table.id || table.id.is_empty();
        return (!right).then(|| Wrong::NotTheId { from: from(), id: table.id.clone() });
    }
    let changed = attributes.iter().any(|attribute| attribute.name == CHANGED);
    if column.to == "updated_at" && changed && found.name != CHANGED {
        return Some(Wrong::NotTheChangeTime { from: from(), changed: CHANGED.to_owned() });
    }
    let expected = expected(column)?;
    let fits = match expected {
        "DateTime" => found.kind == "DateTime",
        "Lookup" => matches!(found.kind.as_str(), "Lookup" | "Owner" | "Customer"),
        "State" => matches!(found.kind.as_str(), "State" | "Boolean"),
        _ => !matches!(found.kind.as_str(), "DateTime" | "Uniqueidentifier"),
    };
    let (to, expected) = (column.to.clone(), expected.to_owned());
    (!fits).then(|| Wrong::WrongType { from: from(), to, found: found.kind.clone(), expected })
}

/// The column type that an attribute needs; `None` for any.
fn expected(column: &Column) -> Option<&'static str> {
    Some(match (column.holds, column.to.as_str()) {
        (ValueType::Moment, _) => "DateTime",
        (ValueType::Reference, _) => "Lookup",
        (_, "open") => "State",
        (_, "title" | "number") => "String",
        (ValueType::Choice | ValueType::Flag, _) => "Picklist",
        _ => return None,
    })
}
