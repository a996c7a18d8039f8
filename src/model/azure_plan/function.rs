//! The saved function `ServiceDesk`.

use serde_json::{Value, json};

use super::{Block, Change, Right, SEARCHES_API, Scope, Seen, Step, StepId, text};
use crate::model::log_analytics::{FUNCTION, function};
use crate::model::workspace::Workspace;

pub(super) const WRITE: Right = Right {
    role: "Log Analytics Contributor",
    on: Scope::Workspace,
    action: "Microsoft.OperationalInsights/workspaces/savedSearches/write",
};

/// The name of the saved search in Azure.
const NAME: &str = "itsmc-servicedesk";

pub(super) fn step(workspace: &Workspace, seen: &Seen) -> Step {
    let resource = format!("{}/savedSearches/{NAME}", workspace.id());
    let mut step = Step::new(StepId::Function, resource, WRITE);
    let is_ours = |search: &&Value| name_of(search).eq_ignore_ascii_case(NAME);
    let has_alias = |search: &&Value| text(&search["properties"], "functionAlias").eq_ignore_ascii_case(FUNCTION);
    if let Some(other) = seen.searches.iter().find(|search| has_alias(search) && !is_ours(search)) {
        return step.blocked(Block::FunctionTaken { by: text(other, "id").to_owned() });
    }
    let ours = seen.searches.iter().find(is_ours);
    let query = function(&workspace.table);
    let has = ours.map(|search| &search["properties"]);
    let mut compare = |key: &str, wanted: &str| {
        let there = has.map(|has| text(has, key));
        if there.map(plain) != Some(plain(wanted)) {
            step.changes.push(Change::new(key, there.map(str::to_owned), wanted));
        }
    };
    compare("functionAlias", FUNCTION);
    compare("query", &query);
    let mut body = json!({ "properties": {
        "category": "ITSM", "displayName": "Work items of the ITSM products, each once",
        "functionAlias": FUNCTION, "query": query, "version": 2,
    }});
    if ours.is_some() {
        // Without it Azure refuses to replace one.
        body["etag"] = "*".into();
    }
    step.put(ours.is_some(), SEARCHES_API, body)
}

/// The last part of the id: some answers have the workspace's name before it in `name`.
fn name_of(search: &Value) -> &str {
    let id = text(search, "id");
    id.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(text(search, "name"))
}

/// A query by its lines, without how they are laid out.
fn plain(query: &str) -> Vec<String> {
    query.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}
