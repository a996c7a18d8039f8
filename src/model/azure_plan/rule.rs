//! The data collection rule: of kind Direct, so that it has an ingestion endpoint of its own, with one stream for each table.

use serde_json::{Map, Value, json};

use super::table::columns_of;
use super::{Block, Change, RULES_API, Right, Scope, Seen, Step, StepId, location, region, text};
use crate::model::azure_id::same;
use crate::model::log_analytics::{Column, ColumnType, LOG, WORK_ITEMS};
use crate::model::workspace::Workspace;

pub(super) const WRITE: Right = Right {
    role: "Monitoring Contributor",
    on: Scope::ResourceGroup,
    action: "Microsoft.Insights/dataCollectionRules/write",
};

/// The name of the destination in a rule of ours.
const DESTINATION: &str = "la";

/// What Azure sets by itself and takes from nobody.
const READ_ONLY: [&str; 5] = ["immutableId", "provisioningState", "endpoints", "metadata", "ingestionQuotas"];

/// The longest name of a rule.
const LONGEST: usize = 64;

/// The rule's resource id: the one in the settings, else a name made of the workspace's.
pub fn rule_id(workspace: &Workspace) -> String {
    if !workspace.rule.is_empty() {
        return workspace.rule.clone();
    }
    let name: String = format!("itsmc-{}", workspace.workspace).chars().take(LONGEST).collect();
    let (subscription, group) = (&workspace.subscription, &workspace.resource_group);
    format!(
        "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Insights/dataCollectionRules/{}",
        name.trim_end_matches('-')
    )
}

/// The address that rows are sent to, as a rule names it.
pub fn endpoint(rule: &Value) -> Option<&str> {
    rule["properties"]["endpoints"]["logsIngestion"].as_str().filter(|endpoint| !endpoint.is_empty())
}

/// The id by which rows are sent.
pub fn immutable_id(rule: &Value) -> Option<&str> {
    rule["properties"]["immutableId"].as_str().filter(|id| !id.is_empty())
}

pub(super) fn step(workspace: &Workspace, seen: &Seen) -> Step {
    let mut step = Step::new(StepId::Rule, rule_id(workspace), WRITE);
    let here = location(workspace, seen);
    let Some(rule) = &seen.rule else {
        step.changes = vec![Change::new("kind", None, "Direct"), Change::new("location", None, here.clone())];
        let (body, changes) = wanted(workspace, seen, &json!({}), &here);
        step.changes.extend(changes);
        return step.put(false, RULES_API, body);
    };
    let kind = text(rule, "kind");
    if !kind.eq_ignore_ascii_case("Direct") {
        let kind = if kind.is_empty() { "–" } else { kind };
        return step.blocked(Block::RuleKind { kind: kind.to_owned() });
    }
    let there = region(text(rule, "location"));
    if there != here && !here.is_empty() {
        return step.blocked(Block::RuleElsewhere { location: there });
    }
    if endpoint(rule).is_none() {
        return step.blocked(Block::RuleWithoutEndpoint);
    }
    let (body, changes) = wanted(workspace, seen, rule, &there);
    step.changes = changes;
    step.put(true, RULES_API, body)
}

/// The rule as it should be, made of the one that is there, and what differs.
fn wanted(workspace: &Workspace, seen: &Seen, rule: &Value, here: &str) -> (Value, Vec<Change>) {
    let mut properties = rule["properties"].as_object().cloned().unwrap_or_default();
    properties.retain(|key, _| !READ_ONLY.contains(&key.as_str()));
    let mut changes = Vec::new();
    let destination = destination(workspace, &mut properties, &mut changes);
    let tables = [
        (&workspace.table, &WORK_ITEMS[..], seen.table.as_ref()),
        (&workspace.log_table, &LOG[..], seen.log_table.as_ref()),
    ];
    for (name, columns, table) in tables {
        let columns = stream_columns(columns, table);
        stream(&mut properties, &Workspace::stream(name), &columns, &mut changes);
        flow(&mut properties, &Workspace::stream(name), &destination, &transform(&columns), &mut changes);
    }
    let mut body = json!({ "location": here, "kind": "Direct", "properties": properties });
    for key in ["tags", "identity"] {
        if !rule[key].is_null() {
            body[key] = rule[key].clone();
        }
    }
    (body, changes)
}

/// A column of a stream: its name, its type there, and whether the table has it as a GUID.
type StreamColumn = (&'static str, ColumnType, bool);

/// The columns of a stream, in the types that the table has.
fn stream_columns(columns: &[Column], table: Option<&Value>) -> Vec<StreamColumn> {
    let has = table.map(columns_of).unwrap_or_default();
    let of_one = |column: &Column| {
        let there = has.iter().find(|(name, _)| name == column.name);
        let kind = there.and_then(|(_, kind)| ColumnType::from_id(kind)).unwrap_or(column.kind);
        (column.name, kind.in_stream(), kind == ColumnType::Guid)
    };
    columns.iter().map(of_one).collect()
}

/// A stream cannot hold a GUID, so the rule turns the text back into one.
fn transform(columns: &[StreamColumn]) -> String {
    let guids: Vec<String> =
        columns.iter().filter(|(_, _, guid)| *guid).map(|(name, ..)| format!("{name} = toguid({name})")).collect();
    if guids.is_empty() { "source".to_owned() } else { format!("source | extend {}", guids.join(", ")) }
}

fn stream(properties: &mut Map<String, Value>, name: &str, columns: &[StreamColumn], changes: &mut Vec<Change>) {
    let mut streams = object_at(properties, "streamDeclarations");
    let existing = streams.get(name).and_then(|stream| stream["columns"].as_array()).cloned();
    let mut all = existing.unwrap_or_default();
    for (column, kind, _) in columns {
        let what = format!("{name}: {column}");
        match all.iter_mut().find(|there| text(there, "name") == *column) {
            None => {
                all.push(json!({ "name": column, "type": kind.id() }));
                changes.push(Change::new(what, None, kind.id()));
            }
            Some(there) if ColumnType::from_id(text(there, "type")) != Some(*kind) => {
                changes.push(Change::new(what, Some(text(there, "type").to_owned()), kind.id()));
                there["type"] = kind.id().into();
            }
            Some(_) => {}
        }
    }
    streams.insert(name.to_owned(), json!({ "columns": all }));
    properties.insert("streamDeclarations".to_owned(), streams.into());
}

/// The object under a key; an empty one where something else is there, whatever that is.
fn object_at(properties: &Map<String, Value>, key: &str) -> Map<String, Value> {
    properties.get(key).and_then(Value::as_object).cloned().unwrap_or_default()
}

/// The name of the destination that is this workspace.
fn destination(workspace: &Workspace, properties: &mut Map<String, Value>, changes: &mut Vec<Change>) -> String {
    let mut destinations = object_at(properties, "destinations");
    let id = workspace.id();
    let known = destinations.get("logAnalytics").and_then(Value::as_array).cloned().unwrap_or_default();
    if let Some(there) = known.iter().find(|one| same(text(one, "workspaceResourceId"), &id)) {
        return text(there, "name").to_owned();
    }
    let taken = |name: &str| known.iter().any(|one| text(one, "name") == name);
    let name = if taken(DESTINATION) { "itsmc" } else { DESTINATION };
    changes.push(Change::new("destination", None, id.clone()));
    let mut all = known.clone();
    all.push(json!({ "workspaceResourceId": id, "name": name }));
    destinations.insert("logAnalytics".to_owned(), Value::Array(all));
    properties.insert("destinations".to_owned(), destinations.into());
    name.to_owned()
}

/// The flow from a stream to its table. With a transformation each flow has one stream.
fn flow(
    properties: &mut Map<String, Value>,
    stream: &str,
    destination: &str,
    transform: &str,
    changes: &mut Vec<Change>,
) {
    let flows = properties.entry("dataFlows").or_insert_with(|| json!([]));
    let mut all = flows.as_array().cloned().unwrap_or_default();
    let wanted = json!({
        "streams": [stream], "destinations": [destination], "transformKql": transform, "outputStream": stream,
    });
    let is_ours = |flow: &Value| {
        text(flow, "outputStream").eq_ignore_ascii_case(stream)
            && flow["streams"].as_array().is_some_and(|streams| streams.iter().any(|one| one == stream))
    };
    let what = format!("{stream}: transformation");
    match all.iter_mut().find(|flow| is_ours(flow)) {
        None => {
            changes.push(Change::new(what, None, transform));
            all.push(wanted);
        }
        Some(there) => {
            let has = Some(text(there, "transformKql")).filter(|kql| !kql.is_empty()).unwrap_or("source");
            let reaches = there["destinations"].as_array().is_some_and(|all| all.iter().any(|one| one == destination));
            if plain(has) != plain(transform) || !reaches {
                changes.push(Change::new(what, Some(has.to_owned()), transform));
                *there = wanted;
            }
        }
    }
    *flows = Value::Array(all);
}

/// A query without what differs only in how it is laid out.
fn plain(query: &str) -> String {
    query.split_whitespace().collect::<Vec<_>>().join(" ")
}
