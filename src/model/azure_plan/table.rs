//! The two tables.

use serde_json::{Value, json};

use super::{
    Action, Block, Change, MIGRATE_API, Note, Request, Right, Scope, Seen, Step, StepId, TABLES_API, Wanted, text,
};
use crate::model::log_analytics::{Column, ColumnType, LOG, WORK_ITEMS};
use crate::model::workspace::Workspace;

pub(super) const WRITE: Right = Right {
    role: "Log Analytics Contributor",
    on: Scope::Workspace,
    action: "Microsoft.OperationalInsights/workspaces/tables/write",
};

pub(super) const MIGRATE: Right =
    Right { action: "Microsoft.OperationalInsights/workspaces/tables/migrate/action", ..WRITE };

/// The steps of both tables; a classic one that may be migrated has two.
pub(super) fn steps(workspace: &Workspace, wanted: &Wanted, seen: &Seen) -> Vec<Step> {
    let both = [
        (StepId::Table, &workspace.table, &WORK_ITEMS[..], &seen.table),
        (StepId::LogTable, &workspace.log_table, &LOG[..], &seen.log_table),
    ];
    let of_one = |(id, name, columns, table): (StepId, &String, &[Column], &Option<Value>)| {
        let resource = format!("{}/tables/{name}", workspace.id());
        one(id, &resource, name, columns, table.as_ref(), wanted)
    };
    both.into_iter().flat_map(of_one).collect()
}

fn one(
    id: StepId,
    resource: &str,
    name: &str,
    columns: &[Column],
    table: Option<&Value>,
    wanted: &Wanted,
) -> Vec<Step> {
    let mut step = Step::new(id, resource.to_owned(), WRITE);
    let has = table.map(columns_of).unwrap_or_default();
    for column in columns {
        match has.iter().find(|(name, _)| name == column.name) {
            None => step.changes.push(Change::new(column.name, None, column.kind.id())),
            Some((name, kind)) if ColumnType::from_id(kind) != Some(column.kind) => step.notes.push(Note::OtherType {
                column: name.clone(),
                has: kind.clone(),
                usual: column.kind.id().to_owned(),
            }),
            Some(_) => {}
        }
    }
    let plan = table.map(|table| text(&table["properties"], "plan")).unwrap_or_default();
    if !plan.is_empty() && !plan.eq_ignore_ascii_case("Analytics") {
        step.notes.push(Note::TablePlan { plan: plan.to_owned() });
    }
    let step = step.put(table.is_some(), TABLES_API, body(name, columns, table));
    if !table.is_some_and(is_classic) {
        return vec![step];
    }
    if wanted.migrate.iter().any(|named| named == name) {
        return vec![migration(id, resource), step];
    }
    vec![step.blocked(Block::Classic { table: name.to_owned() })]
}

fn migration(id: StepId, resource: &str) -> Step {
    let mut step = Step::new(id, resource.to_owned(), MIGRATE);
    step.action = Action::Migrate;
    step.changes.push(Change::new("tableSubType", Some("Classic".to_owned()), "DataCollectionRuleBased"));
    let path = format!("{resource}/migrate?api-version={MIGRATE_API}");
    step.request = Some(Request { method: "POST", path, body: None });
    step
}

/// Whether rules cannot write to the table.
fn is_classic(table: &Value) -> bool {
    text(&table["properties"]["schema"], "tableSubType").eq_ignore_ascii_case("Classic")
}

/// The columns of a table with their types: its own, and those that every table has.
pub(super) fn columns_of(table: &Value) -> Vec<(String, String)> {
    let schema = &table["properties"]["schema"];
    let all = ["columns", "standardColumns"].into_iter().flat_map(|key| schema[key].as_array().into_iter().flatten());
    all.map(|column| (text(column, "name").to_owned(), text(column, "type").to_owned())).collect()
}

/// The table as it should be: every column that it has, and those that are missing. A put replaces the whole schema, which
/// must name TimeGenerated.
fn body(name: &str, columns: &[Column], table: Option<&Value>) -> Value {
    let own = table.map(|table| table["properties"]["schema"]["columns"].as_array().cloned().unwrap_or_default());
    let own = own.unwrap_or_default();
    let has = table.map(columns_of).unwrap_or_default();
    let is_own = |name: &str| own.iter().any(|column| text(column, "name") == name);
    let is_there = |name: &str| has.iter().any(|(there, _)| there == name);
    let missing = columns.iter().filter(|column| match column.name {
        "TimeGenerated" => !is_own(column.name),
        name => !is_there(name),
    });
    let written = |column: &Value| {
        let mut kept = json!({ "name": text(column, "name"), "type": text(column, "type") });
        if let Some(what) = column["description"].as_str().filter(|what| !what.is_empty()) {
            kept["description"] = what.into();
        }
        kept
    };
    let added =
        missing.map(|column| json!({ "name": column.name, "type": column.kind.id(), "description": column.what }));
    let all: Vec<Value> = own.iter().map(written).chain(added).collect();
    let mut properties = json!({ "schema": { "name": name, "columns": all } });
    keep_retention(&mut properties, table);
    json!({ "properties": properties })
}

/// What a put would reset.
fn keep_retention(properties: &mut Value, table: Option<&Value>) {
    let Some(table) = table else { return };
    let has = &table["properties"];
    let kept = [
        ("plan", None),
        ("retentionInDays", Some("retentionInDaysAsDefault")),
        ("totalRetentionInDays", Some("totalRetentionInDaysAsDefault")),
    ];
    for (key, usual) in kept {
        let is_usual = usual.is_some_and(|usual| has[usual].as_bool() == Some(true));
        if !is_usual && !has[key].is_null() {
            properties[key] = has[key].clone();
        }
    }
}
