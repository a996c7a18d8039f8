//! The plan as Bicep, for a team that makes Azure's resources itself: the same bodies that itsmc would send.

use serde_json::{Value, json};

use super::{Action, PUBLISHER, Plan, ROLES_API, RULES_API, SEARCHES_API, Step, StepId, TABLES_API, WORKBOOKS_API};
use crate::model::azure_id::same;
use crate::model::lang::Lang;
use crate::model::workspace::Workspace;

/// An object id that stands for one that is not known yet.
pub const UNKNOWN_PRINCIPAL: &str = "00000000-0000-0000-0000-000000000000";

const README_EN: &str = include_str!("../../../assets/log-analytics/README.en.md");
const README_NL: &str = include_str!("../../../assets/log-analytics/README.nl.md");

/// A file of the export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: &'static str,
    /// What is in it.
    pub text: String,
}

/// What is put in the place of a literal value.
struct Names<'a> {
    workspace: &'a Workspace,
    location: String,
    principal: String,
}

/// The files of a plan: the template, its parameters, the long texts that it loads, and a page for whoever deploys it.
pub fn files(lang: Lang, workspace: &Workspace, plan: &Plan) -> Vec<File> {
    let body = |id| to_do(plan, id).and_then(|step| step.request.as_ref()).and_then(|request| request.body.as_ref());
    let told = |id: StepId, key: &str| body(id).and_then(|body| body[key].as_str()).map(str::to_owned);
    let location = told(StepId::Rule, "location").or(told(StepId::Workbook, "location"));
    let principal = body(StepId::Role).and_then(|body| body["properties"]["principalId"].as_str());
    let names = Names {
        workspace,
        location: location.unwrap_or_else(|| workspace.location.clone()),
        principal: principal.unwrap_or(UNKNOWN_PRINCIPAL).to_owned(),
    };
    let mut files = vec![
        File { name: "main.bicep", text: template(plan, &names) },
        File { name: "main.parameters.json", text: parameters(&names) },
        File { name: "README.md", text: readme(lang, workspace, plan) },
    ];
    if let Some(query) = body(StepId::Function).and_then(|body| body["properties"]["query"].as_str()) {
        files.push(File { name: "servicedesk.kql", text: format!("{query}\n") });
    }
    if let Some(data) = body(StepId::Workbook).and_then(|body| body["properties"]["serializedData"].as_str()) {
        files.push(File { name: "workbook.json", text: data.to_owned() });
    }
    files
}

fn to_do(plan: &Plan, id: StepId) -> Option<&Step> {
    plan.to_do().find(|step| step.id == id && step.action != Action::Migrate)
}

fn template(plan: &Plan, names: &Names<'_>) -> String {
    let mut text = String::from(
        "// Made by itsmc: work items of ITSM products in Log Analytics. See README.md.\n\n\
         @description('Name of the Log Analytics workspace')\nparam workspaceName string\n\n\
         @description('Region of the workspace')\nparam location string\n\n\
         @description('Object ID of the identity that sends rows')\nparam principalId string\n\n\
         resource workspace 'Microsoft.OperationalInsights/workspaces@2022-10-01' existing = {\n  name: workspaceName\n}\n",
    );
    for step in plan.to_do().filter(|step| step.action != Action::Migrate) {
        text.push('\n');
        text.push_str(&resource(plan, step, names));
    }
    if to_do(plan, StepId::Rule).is_none() && to_do(plan, StepId::Role).is_some() {
        let rule = rule_name(plan);
        text.push_str(&format!(
            "\nresource rule 'Microsoft.Insights/dataCollectionRules@{RULES_API}' existing = {{\n  name: {}\n}}\n",
            quoted(&rule)
        ));
    }
    if to_do(plan, StepId::Rule).is_some() {
        text.push_str(
            "\noutput ruleId string = rule.id\n\
             output ruleImmutableId string = rule.properties.immutableId\n\
             output endpoint string = rule.properties.endpoints.logsIngestion\n",
        );
    }
    text
}

fn rule_name(plan: &Plan) -> String {
    let rule = plan.steps.iter().find(|step| step.id == StepId::Rule);
    rule.map(|step| last_part(&step.resource)).unwrap_or_default()
}

fn resource(plan: &Plan, step: &Step, names: &Names<'_>) -> String {
    let (symbol, kind, api, place) = match step.id {
        StepId::Table => ("table", "Microsoft.OperationalInsights/workspaces/tables", TABLES_API, "workspace"),
        StepId::LogTable => ("logTable", "Microsoft.OperationalInsights/workspaces/tables", TABLES_API, "workspace"),
        StepId::Rule => ("rule", "Microsoft.Insights/dataCollectionRules", RULES_API, ""),
        StepId::Role => ("role", "Microsoft.Authorization/roleAssignments", ROLES_API, ""),
        StepId::Function => {
            ("serviceDesk", "Microsoft.OperationalInsights/workspaces/savedSearches", SEARCHES_API, "workspace")
        }
        StepId::Workbook => ("workbook", "Microsoft.Insights/workbooks", WORKBOOKS_API, ""),
    };
    let mut lines = vec![format!("  name: {}", quoted(&last_part(&step.resource)))];
    if !place.is_empty() {
        lines.insert(0, format!("  parent: {place}"));
    }
    if step.id == StepId::Role {
        lines.insert(0, "  scope: rule".to_owned());
    }
    let body = step.request.as_ref().and_then(|request| request.body.clone()).unwrap_or_default();
    for (key, value) in body.as_object().into_iter().flatten() {
        lines.push(format!("  {}: {}", name(key), written(key, value, names, 1)));
    }
    let before: Vec<&str> = match step.id {
        StepId::Rule => [(StepId::Table, "table"), (StepId::LogTable, "logTable")]
            .into_iter()
            .filter_map(|(id, symbol)| to_do(plan, id).map(|_| symbol))
            .collect(),
        StepId::Function => to_do(plan, StepId::Table).map(|_| "table").into_iter().collect(),
        _ => Vec::new(),
    };
    if !before.is_empty() {
        let listed: String = before.iter().map(|symbol| format!("    {symbol}\n")).collect();
        lines.push(format!("  dependsOn: [\n{listed}  ]"));
    }
    format!("resource {symbol} '{kind}@{api}' = {{\n{}\n}}\n", lines.join("\n"))
}

/// A value as Bicep writes it; what has a name in the template is written by it.
fn written(key: &str, value: &Value, names: &Names<'_>, depth: usize) -> String {
    let (inner, outer) = ("  ".repeat(depth + 1), "  ".repeat(depth));
    match value {
        Value::Object(all) if all.is_empty() => "{}".to_owned(),
        Value::Array(all) if all.is_empty() => "[]".to_owned(),
        Value::Object(all) => {
            let one = |(key, value): (&String, &Value)| {
                format!("{inner}{}: {}\n", name(key), written(key, value, names, depth + 1))
            };
            format!("{{\n{}{outer}}}", all.iter().map(one).collect::<String>())
        }
        Value::Array(all) => {
            let one = |value: &Value| format!("{inner}{}\n", written(key, value, names, depth + 1));
            format!("[\n{}{outer}]", all.iter().map(one).collect::<String>())
        }
        Value::String(text) => literal(key, text, names),
        other => other.to_string(),
    }
}

fn literal(key: &str, text: &str, names: &Names<'_>) -> String {
    match key {
        "query" => "loadTextContent('servicedesk.kql')".to_owned(),
        "serializedData" => "loadTextContent('workbook.json')".to_owned(),
        "roleDefinitionId" => {
            format!("subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '{PUBLISHER}')")
        }
        "location" if text == names.location => "location".to_owned(),
        "principalId" if text == names.principal => "principalId".to_owned(),
        "workspaceResourceId" | "sourceId" if same(text, &names.workspace.id()) => "workspace.id".to_owned(),
        _ => quoted(text),
    }
}

/// A key, quoted where it is no identifier.
fn name(key: &str) -> String {
    let plain = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain && key.starts_with(|c: char| !c.is_ascii_digit()) { key.to_owned() } else { quoted(key) }
}

fn quoted(text: &str) -> String {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('\'', "\\'")
        .replace("${", "\\${")
        .replace('\n', "\\n")
        .replace('\r', "\\r")
        .replace('\t', "\\t");
    format!("'{escaped}'")
}

fn last_part(id: &str) -> String {
    id.rsplit('/').next().unwrap_or_default().to_owned()
}

fn parameters(names: &Names<'_>) -> String {
    let value = |text: &str| json!({ "value": text });
    let file = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {
            "workspaceName": value(&names.workspace.workspace),
            "location": value(&names.location),
            "principalId": value(&names.principal),
        },
    });
    format!("{file:#}\n")
}

fn readme(lang: Lang, workspace: &Workspace, plan: &Plan) -> String {
    let migrate: String = plan
        .to_do()
        .filter(|step| step.action == Action::Migrate)
        .map(|step| {
            format!(
                "az monitor log-analytics workspace table migrate --subscription {} --resource-group {} \\\n  \
                 --workspace-name {} --table-name {}\n",
                workspace.subscription,
                workspace.resource_group,
                workspace.workspace,
                last_part(&step.resource)
            )
        })
        .collect();
    let rights: String = plan
        .to_do()
        .map(|step| format!("| `{}` | {} |\n", step.needs.action, step.needs.role))
        .fold(String::new(), |all, line| if all.contains(&line) { all } else { all + &line });
    let none = lang.pick("# no table has to be migrated\n", "# er hoeft geen tabel te worden gemigreerd\n");
    lang.pick(README_EN, README_NL)
        .replace("{name}", workspace.name.as_str())
        .replace("{subscription}", &workspace.subscription)
        .replace("{group}", &workspace.resource_group)
        .replace("{workspace}", &workspace.workspace)
        .replace("{migrate}", if migrate.is_empty() { none } else { &migrate })
        .replace("{rights}", &rights)
}
