//! The workbook: the four parts of the old dashboard, as charts with their tables.

use serde_json::{Value, json};

use super::{Change, Right, Scope, Seen, Step, StepId, WORKBOOKS_API, location, text};
use crate::model::azure_id::{guid_of, same};
use crate::model::log_analytics::FUNCTION;
use crate::model::workspace::Workspace;

pub(super) const WRITE: Right =
    Right { role: "Workbook Contributor", on: Scope::ResourceGroup, action: "Microsoft.Insights/workbooks/write" };

/// The tag that tells of which content a workbook is, since an answer may come without the content.
const TAG: &str = "itsmc-content";

/// The span that the queries look at, in milliseconds: rows of a first run all arrive "now", and the old ones stay.
const SPAN_MS: u64 = 365 * 86_400_000;

/// The workbook's resource id: its name is a GUID made of the workspace and the table, so that a second run finds it.
pub fn workbook_id(workspace: &Workspace) -> String {
    let name = guid_of(&format!("workbook {} {}", workspace.id().to_lowercase(), workspace.table));
    let (subscription, group) = (&workspace.subscription, &workspace.resource_group);
    format!("/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Insights/workbooks/{name}")
}

pub(super) fn step(workspace: &Workspace, seen: &Seen) -> Step {
    let mut step = Step::new(StepId::Workbook, workbook_id(workspace), WRITE);
    let content = content(workspace);
    let serialized = content.to_string();
    let (mark, title) = (guid_of(&serialized), title(workspace));
    if let Some(there) = &seen.workbook {
        let properties = &there["properties"];
        if text(properties, "displayName") != title {
            step.changes.push(Change::new("displayName", Some(text(properties, "displayName").to_owned()), &title));
        }
        if !same(text(properties, "sourceId"), &workspace.id()) {
            step.changes.push(Change::new("sourceId", Some(text(properties, "sourceId").to_owned()), workspace.id()));
        }
        let is_same = match properties["serializedData"].as_str() {
            Some(data) => serde_json::from_str::<Value>(data).is_ok_and(|data| data == content),
            None => text(&there["tags"], TAG) == mark,
        };
        if !is_same {
            step.changes.push(Change::new("content", Some(text(&there["tags"], TAG).to_owned()), &mark));
        }
    } else {
        step.changes.push(Change::new("displayName", None, &title));
        step.changes.push(Change::new("content", None, &mark));
    }
    let body = json!({
        "location": location(workspace, seen), "kind": "shared", "tags": { TAG: mark },
        "properties": {
            "displayName": title, "serializedData": serialized, "version": "1.0",
            "sourceId": workspace.id(), "category": "workbook",
        },
    });
    step.put(seen.workbook.is_some(), WORKBOOKS_API, body)
}

pub(super) fn title(workspace: &Workspace) -> String {
    format!("ITSM work items ({})", workspace.name)
}

/// What the workbook shows.
pub(super) fn content(workspace: &Workspace) -> Value {
    let log = &workspace.log_table;
    let items = json!([
        heading("Work items created"),
        logs(
            "created",
            &format!(
                "{FUNCTION}\n| where CreatedDate_t > ago(30d)\n| summarize [\"Work items\"] = count() by bin(CreatedDate_t, 1d), ServiceDeskWorkItemType_s"
            ),
            "timechart"
        ),
        logs(
            "created-by-type",
            &format!(
                "{FUNCTION}\n| where CreatedDate_t > ago(30d)\n| summarize [\"Work items\"] = count() by [\"Type\"] = ServiceDeskWorkItemType_s, [\"Connection\"] = ServiceDeskConnectionName_s"
            ),
            "table"
        ),
        heading("Impacted computers"),
        logs(
            "computers",
            &format!(
                "{FUNCTION}\n| where isnotempty(Computer)\n| summarize [\"Work items\"] = count() by Computer\n| top 20 by [\"Work items\"] desc"
            ),
            "barchart"
        ),
        logs(
            "computer-items",
            &format!(
                "{FUNCTION}\n| where isnotempty(Computer)\n| project Computer, [\"Number\"] = ServiceDeskId_s, [\"Title\"] = Title_s, [\"State\"] = coalesce(IncidentState_s, CRState_s), [\"Priority\"] = Priority_s, [\"Changed\"] = LastModifiedDate_t\n| top 500 by [\"Changed\"] desc"
            ),
            "table"
        ),
        heading("Connector status"),
        logs(
            "status",
            &format!(
                "{log}\n| where StatusLogTime_t > ago(7d)\n| summarize [\"Messages\"] = count() by bin(StatusLogTime_t, 1h), LogType_s"
            ),
            "timechart"
        ),
        logs(
            "status-messages",
            &format!(
                "{log}\n| summarize arg_max(StatusLogTime_t, *) by ServiceDeskConnectionName_s, Message\n| project [\"Time\"] = StatusLogTime_t, [\"Connection\"] = ServiceDeskConnectionName_s, [\"Type\"] = LogType_s, Message, [\"Cause\"] = ExceptionMessage_s\n| top 200 by [\"Time\"] desc"
            ),
            "table"
        ),
        heading("Alert rules"),
        resources("alert-rules-chart", ALERT_RULES, "barchart"),
        resources("alert-rules", ALERT_RULES, "table"),
    ]);
    json!({
        "version": "Notebook/1.0",
        "items": items,
        "fallbackResourceIds": [workspace.id()],
        "$schema": "https://github.com/Microsoft/Application-Insights-Workbooks/blob/master/schema/workbook.json",
    })
}

/// Alerts by their rule, from Resource Graph.
const ALERT_RULES: &str = "AlertsManagementResources\n| where type =~ 'microsoft.alertsmanagement/alerts'\n| summarize Alerts = count() by Rule = tostring(properties.essentials.alertRule)\n| order by Alerts desc";

fn heading(title: &str) -> Value {
    json!({ "type": 1, "content": { "json": format!("## {title}") }, "name": format!("title: {title}") })
}

fn logs(name: &str, query: &str, visualization: &str) -> Value {
    json!({ "type": 3, "name": name, "content": {
        "version": "KqlItem/1.0", "query": query, "size": 1, "queryType": 0,
        "resourceType": "microsoft.operationalinsights/workspaces",
        "timeContext": { "durationMs": SPAN_MS }, "visualization": visualization,
    }})
}

fn resources(name: &str, query: &str, visualization: &str) -> Value {
    json!({ "type": 3, "name": name, "content": {
        "version": "KqlItem/1.0", "query": query, "size": 1, "queryType": 1,
        "resourceType": "microsoft.resourcegraph/resources", "visualization": visualization,
    }})
}
