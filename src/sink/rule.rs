//! Which columns a stream of the rule takes, compared with those that are sent. Azure drops the others without an error.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::model::fault::Fault;
use crate::model::log_analytics::{Column, ColumnType, RESERVED, TEST};

/// The columns that a rule declares, by stream and name.
pub type RuleColumns = BTreeMap<String, BTreeMap<String, ColumnType>>;

/// The columns of one stream that are sent, with their types there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Streamed {
    /// Name and type, in the order of the table.
    pub columns: Vec<(&'static str, ColumnType)>,
}

impl Streamed {
    /// All columns of a table, in their own types: where the rule cannot be read.
    pub fn all(columns: &[Column]) -> Self {
        Self { columns: columns.iter().filter(|column| sent(column)).map(|one| (one.name, one.kind)).collect() }
    }

    /// The columns of a table as a rule declares them for its stream.
    ///
    /// # Errors
    /// [`Fault::StreamUnknown`], [`Fault::ColumnsMissing`].
    pub fn declared(rule: &str, stream: &str, declared: &RuleColumns, columns: &[Column]) -> Result<Self, Fault> {
        let Some(declared) = declared.get(stream) else {
            let (rule, stream) = (rule.to_owned(), stream.to_owned());
            return Err(Fault::StreamUnknown { rule, stream, detail: String::new() });
        };
        let mut missing = Vec::new();
        let mut found = Vec::new();
        for column in columns.iter().filter(|column| sent(column)) {
            match declared.get(column.name) {
                Some(kind) => found.push((column.name, *kind)),
                None => missing.push(column.name.to_owned()),
            }
        }
        if !missing.is_empty() {
            let (rule, stream) = (rule.to_owned(), stream.to_owned());
            return Err(Fault::ColumnsMissing { rule, stream, columns: missing });
        }
        Ok(Self { columns: found })
    }
}

/// A row of a work item has no mark of a test, and no row has a name that Azure keeps for itself.
fn sent(column: &Column) -> bool {
    column.name != TEST && !RESERVED.contains(&column.name)
}

/// Reads the streams of a rule as Resource Manager gives it; a type that is not known counts as text.
pub fn columns_of(rule: &Value) -> RuleColumns {
    let streams = rule.pointer("/properties/streamDeclarations").and_then(Value::as_object);
    let column = |column: &Value| {
        let name = column.get("name")?.as_str()?.to_owned();
        let kind = column.get("type").and_then(Value::as_str).and_then(ColumnType::from_id);
        Some((name, kind.unwrap_or(ColumnType::String)))
    };
    let columns = |stream: &Value| {
        let columns = stream.get("columns").and_then(Value::as_array);
        columns.into_iter().flatten().filter_map(column).collect()
    };
    streams.into_iter().flatten().map(|(name, stream)| (name.clone(), columns(stream))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::log_analytics::WORK_ITEMS;
    use serde_json::json;

    fn rule(without: &[&str]) -> Value {
        let columns = WORK_ITEMS.iter().filter(|column| !without.contains(&column.name));
        let columns: Vec<_> = columns.map(|column| json!({ "name": column.name, "type": column.kind.id() })).collect();
        json!({ "properties": { "streamDeclarations": { "Custom-ServiceDesk_CL": { "columns": columns } } } })
    }

    #[test]
    fn report_4_columns_that_the_rule_does_not_take_are_named() {
        let declared = columns_of(&rule(&["Urgency_s", "Impact_s", "ItsmcSend"]));
        let outcome = Streamed::declared("dcr-1", "Custom-ServiceDesk_CL", &declared, &WORK_ITEMS);
        let Err(Fault::ColumnsMissing { columns, .. }) = outcome else { panic!("{outcome:?}") };
        assert_eq!(columns, ["Urgency_s", "Impact_s", "ItsmcSend"]);
        let outcome = Streamed::declared("dcr-1", "Custom-ServiceDeskLog_CL", &declared, &WORK_ITEMS);
        assert_eq!(outcome.unwrap_err().code(), "stream-unknown");
    }

    #[test]
    fn a_rule_with_all_columns_and_more_is_taken_with_its_own_types() {
        let mut value = rule(&["Priority_s"]);
        let columns = value.pointer_mut("/properties/streamDeclarations/Custom-ServiceDesk_CL/columns").unwrap();
        let more = [json!({ "name": "Priority_s", "type": "int" }), json!({ "name": "Mine_s", "type": "string" })];
        columns.as_array_mut().unwrap().extend(more);
        let streamed = Streamed::declared("dcr-1", "Custom-ServiceDesk_CL", &columns_of(&value), &WORK_ITEMS).unwrap();
        assert!(streamed.columns.contains(&("Priority_s", ColumnType::Int)));
        assert_eq!(streamed.columns.len(), WORK_ITEMS.len() - 1, "all but the mark of a test");
    }
}
