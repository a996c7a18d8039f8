//! What a table's schema may be.

use serde_json::Value;

use super::super::http::reply::{Refusal, refuse};
use super::super::table::{Column, Table};
use super::super::value::Kind;

/// Names that belong to the service.
const RESERVED: [&str; 13] = [
    "id",
    "BilledSize",
    "IsBillable",
    "InvalidTimeGenerated",
    "TenantId",
    "Title",
    "Type",
    "UniqueId",
    "_ItemId",
    "_ResourceGroup",
    "_ResourceId",
    "_SubscriptionId",
    "_TimeReceived",
];

const TYPES: &str = "string, int, long, real, boolean, dateTime, guid, dynamic";

fn invalid(message: String) -> Refusal {
    refuse(400, "InvalidParameter", message)
}

/// The columns of a schema.
pub(super) fn columns(schema: &Value) -> Result<Vec<Column>, Refusal> {
    let given = schema["columns"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut columns: Vec<Column> = Vec::with_capacity(given.len());
    for column in given {
        let (name, kind) = (text(column, "name"), text(column, "type"));
        check_name(name)?;
        let Some(kind) = Kind::of_column(kind) else {
            let message = format!("Column '{name}' has the invalid type '{kind}'. Allowed types are: {TYPES}.");
            return Err(invalid(message));
        };
        if columns.iter().any(|known| known.name == name) {
            return Err(invalid(format!("Column '{name}' is defined more than once.")));
        }
        columns.push(Column { name: name.to_owned(), kind, description: text(column, "description").to_owned() });
    }
    Ok(columns)
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn check_name(name: &str) -> Result<(), Refusal> {
    let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let begins = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    if !(letters && begins && (2..=45).contains(&name.len())) {
        let rule = "must start with a letter and have 2 to 45 letters, digits and underscores";
        return Err(invalid(format!("Column name '{name}' is invalid: it {rule}.")));
    }
    if RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(name)) {
        return Err(invalid(format!("Column name '{name}' is reserved.")));
    }
    Ok(())
}

/// Refuses a type other than the one that a column has or had.
pub(super) fn check_types(table: &Table, columns: &[Column]) -> Result<(), Refusal> {
    let changed = |column: &&Column| table.columns.iter().any(|old| old.name == column.name && old.kind != column.kind);
    match columns.iter().find(changed) {
        None => Ok(()),
        Some(column) => Err(invalid(format!(
            "Column '{}' cannot be changed: you can't reuse a column name with a data type that's different.",
            column.name
        ))),
    }
}

/// How the operation of a table with these columns fails, if it does.
pub(super) fn failure(columns: &[Column]) -> Option<(String, String)> {
    if columns.iter().any(|column| column.name == "TimeGenerated" && column.kind == Kind::Time) {
        return None;
    }
    let message = "The schema must have a column 'TimeGenerated' of type 'datetime'.";
    Some(("SchemaUpdateFatalError".to_owned(), message.to_owned()))
}
