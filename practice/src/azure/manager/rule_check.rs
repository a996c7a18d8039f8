//! What a data collection rule must be.

use serde_json::{Value, json};

use super::super::http::reply::{Refusal, refuse};
use super::super::state::Inner;
use super::super::table::{Column, SubType, Table};
use super::super::value::Kind;
use super::super::workspace::Workspace;

/// Columns of the platform that no stream may set.
const UNSETTABLE: [&str; 3] = ["MG", "ManagementGroupName", "SourceSystem"];

/// Everything that is wrong with a rule comes at once, in the details.
pub(super) fn check(inner: &Inner, body: &Value) -> Result<(), Refusal> {
    let location = body["location"].as_str().unwrap_or_default();
    if location.is_empty() {
        let message = "The location property is required for this definition.";
        return Err(refuse(400, "LocationRequired", message));
    }
    let properties = &body["properties"];
    let mut wrong = Vec::new();
    streams(properties, &mut wrong);
    destinations(inner, location, properties, &mut wrong);
    flows(inner, properties, &mut wrong);
    if wrong.is_empty() {
        return Ok(());
    }
    Err(refuse(400, "InvalidPayload", "Data collection rule is invalid").details(wrong))
}

fn detail(code: &str, target: &str, message: &str) -> Value {
    json!({ "code": code, "target": target, "message": message })
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn array<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn streams(properties: &Value, wrong: &mut Vec<Value>) {
    for (name, stream) in properties["streamDeclarations"].as_object().into_iter().flatten() {
        let target = format!("properties.streamDeclarations['{name}']");
        if !name.starts_with("Custom-") {
            let message =
                format!("Stream '{name}' is invalid: the name of a declared stream must start with 'Custom-'.");
            wrong.push(detail("InvalidStream", &target, &message));
        }
        if array(stream, "columns").is_empty() {
            wrong.push(detail("InvalidStream", &target, &format!("Stream '{name}' declares no columns.")));
        }
        for column in array(stream, "columns") {
            let (column, kind) = (text(column, "name"), text(column, "type"));
            if Kind::of_column(kind).is_none_or(|kind| kind == Kind::Guid) {
                let message = format!("Column '{column}' of stream '{name}' has the invalid type '{kind}'.");
                wrong.push(detail("InvalidStream", &target, &message));
            }
            if UNSETTABLE.contains(&column) || column.starts_with('_') {
                let message = format!("Column '{column}' of stream '{name}' cannot be set.");
                wrong.push(detail("InvalidStream", &target, &message));
            }
        }
    }
}

fn destinations(inner: &Inner, location: &str, properties: &Value, wrong: &mut Vec<Value>) {
    let plain = |region: &str| region.replace(' ', "").to_ascii_lowercase();
    for (nth, destination) in array(&properties["destinations"], "logAnalytics").iter().enumerate() {
        let target = format!("properties.destinations.logAnalytics[{nth}]");
        let id = text(destination, "workspaceResourceId");
        match inner.workspace_at(id) {
            None => {
                let message = format!("Workspace '{id}' was not found.");
                wrong.push(detail("InvalidDestination", &target, &message));
            }
            Some(workspace) if plain(&workspace.location) != plain(location) => {
                let message = format!(
                    "The rule's location '{location}' must be that of the workspace, '{}'.",
                    workspace.location
                );
                wrong.push(detail("InvalidDestination", &target, &message));
            }
            Some(_) => {}
        }
    }
}

/// The workspace that a destination names.
pub(in crate::azure) fn workspace<'i>(
    inner: &'i Inner,
    properties: &Value,
    destination: &str,
) -> Option<&'i Workspace> {
    let all = array(&properties["destinations"], "logAnalytics");
    let found = all.iter().find(|one| text(one, "name") == destination)?;
    inner.workspace_at(text(found, "workspaceResourceId"))
}

/// The columns that a rule declares for a stream.
pub(in crate::azure) fn declared(properties: &Value, stream: &str) -> Option<Vec<Column>> {
    let stream = properties["streamDeclarations"].get(stream)?;
    let column = |column: &Value| Some(Column::new(text(column, "name"), Kind::of_column(text(column, "type"))?));
    Some(array(stream, "columns").iter().filter_map(column).collect())
}

fn flows(inner: &Inner, properties: &Value, wrong: &mut Vec<Value>) {
    let flows = array(properties, "dataFlows");
    if flows.is_empty() {
        wrong.push(detail("InvalidDataFlow", "properties.dataFlows", "A rule needs at least one data flow."));
    }
    for (nth, flow) in flows.iter().enumerate() {
        let target = format!("properties.dataFlows[{nth}]");
        let names =
            |field: &str| array(flow, field).iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>();
        let (streams, destinations) = (names("streams"), names("destinations"));
        let output = flow["outputStream"].as_str().or(streams.first().map(String::as_str)).unwrap_or_default();
        if !flow["transformKql"].is_null() && streams.len() != 1 {
            let message = "A data flow with a transformation takes exactly one stream.";
            wrong.push(detail("InvalidDataFlow", &target, message));
        }
        for stream in streams.iter().filter(|stream| declared(properties, stream).is_none()) {
            let message = format!("Stream '{stream}' is not declared.");
            wrong.push(detail("InvalidStream", &target, &message));
        }
        for destination in &destinations {
            let Some(workspace) = workspace(inner, properties, destination) else {
                let message = format!("Destination '{destination}' is not declared.");
                wrong.push(detail("InvalidDestination", &target, &message));
                continue;
            };
            let Some(table) = available(inner, workspace, output) else {
                let message =
                    format!("Table for output stream '{output}' is not available for destination '{destination}'.");
                wrong.push(detail("InvalidOutputTable", &target, &message));
                continue;
            };
            let columns = streams.first().and_then(|stream| declared(properties, stream)).unwrap_or_default();
            wrong.extend(output_problem(columns, table, text(flow, "transformKql"), &target));
        }
    }
}

/// The table of an output stream, if rules can write to it by now.
fn available<'w>(inner: &Inner, workspace: &'w Workspace, output: &str) -> Option<&'w Table> {
    let table = workspace.table(output.strip_prefix("Custom-")?)?;
    let known = inner.now >= table.made + inner.manners.table_seconds * 1000;
    Some(table).filter(|table| known && table.sub_type == SubType::Rules)
}

fn output_problem(columns: Vec<Column>, table: &Table, transform: &str, target: &str) -> Option<Value> {
    let transform = if transform.is_empty() { "source" } else { transform };
    let made = match crate::azure::ingest::transformed(columns, transform) {
        Ok(made) => made,
        Err(message) => return Some(detail("InvalidTransformQuery", target, &message)),
    };
    if !made.iter().any(|column| column.name == "TimeGenerated" && column.kind == Kind::Time) {
        let message = "The 'TimeGenerated' column of type 'datetime' must be present in the transform output.";
        return Some(detail("InvalidTransformOutput", target, message));
    }
    let other = |column: &Column| {
        let there = table.columns.iter().find(|there| there.name == column.name && there.kind != column.kind)?;
        let (made, there) = (column.kind.capital_name(), there.kind.capital_name());
        Some(format!("{} [produced:'{made}', output:'{there}']", column.name))
    };
    let others: Vec<String> = made.iter().filter_map(other).collect();
    let message = format!(
        "Types of transform output columns do not match the ones defined by the output stream: {}",
        others.join(", ")
    );
    (!others.is_empty()).then(|| detail("InvalidTransformOutput", target, &message))
}
