//! Applying a plan: one step after the other, each of which may be repeated. What is noted in the settings follows what was
//! made, so that a run that was cut off goes on where it stopped.

use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use super::{Planned, look, note, plan};
use crate::azure::arm::Arm;
use crate::azure::arm::change::Change;
use crate::model::azure_plan::{RULES_API, Request, Step, StepId};
use crate::model::fault::Fault;
use crate::model::workspace::Workspace;
use crate::model::workspace_run::{Applying, Ask};
use crate::net::http::Method;
use crate::service::services::Services;

/// How long a new table may take until rules can name it.
const TABLE_LIMIT: Duration = Duration::from_secs(10 * 60);

/// Waits between tries, in seconds.
const WAITS: [u64; 5] = [1, 2, 5, 10, 15];

/// Who is told.
pub type Told<'a> = &'a (dyn Fn(Applying) + Send + Sync);

/// What was applied.
pub struct Applied {
    /// The workspace as it is now.
    pub workspace: Workspace,
    /// The steps that were made.
    pub made: Vec<StepId>,
    /// What is left, by a plan made afterwards.
    pub left: Planned,
}

/// Makes what a plan says, as far as nothing is blocked.
///
/// # Errors
/// The first step that failed, with its fault; those before it are made. Without a step, what kept the plan from being made
/// again.
pub async fn apply(
    services: &Services,
    planned: Planned,
    arm_of: &std::sync::Arc<crate::azure::provider::TokenProvider>,
    ask: &Ask,
    told: Told<'_>,
) -> Result<Applied, (Option<Box<Step>>, Fault)> {
    let none = |fault| (None, fault);
    let arm = Arm::of(arm_of.clone()).map_err(none)?;
    let steps: Vec<Step> = planned.plan.to_do().cloned().collect();
    let (of, mut made) = (steps.len(), Vec::new());
    let mut workspace = planned.workspace;
    note(services, &workspace).await.map_err(none)?;
    for (at, step) in steps.into_iter().enumerate() {
        told(Applying::Begins(step.id, at + 1, of));
        let failed = |fault| (Some(Box::new(step.clone())), fault);
        one(&arm, &step, told).await.map_err(failed)?;
        if step.id == StepId::Rule {
            rule_made(&arm, &step, &mut workspace).await.map_err(failed)?;
            note(services, &workspace).await.map_err(none)?;
        }
        told(Applying::Done(step.id));
        made.push(step.id);
    }
    let (left, _) = plan(services, &workspace, ask).await.map_err(none)?;
    note(services, &left.workspace).await.map_err(none)?;
    Ok(Applied { workspace: left.workspace.clone(), made, left })
}

async fn one(arm: &Arm, step: &Step, told: Told<'_>) -> Result<(), Fault> {
    let Some(request) = &step.request else { return Ok(()) };
    let change = change(request)?;
    let began = Instant::now();
    for turn in 0.. {
        let fault = match arm.change(&change).await {
            Ok(_) => return Ok(()),
            Err(fault) => fault,
        };
        if step.id == StepId::Role && says(&fault, "RoleAssignmentExists") {
            return Ok(());
        }
        let left = TABLE_LIMIT.saturating_sub(began.elapsed()).as_secs();
        // Azure said that the table is there, and a rule may not name it for a minute or more.
        if step.id != StepId::Rule
            || !says(&fault, "InvalidOutputTable")
            || left == 0
            || !tables_are_there(arm, request).await?
        {
            return Err(fault);
        }
        let wait = WAITS[turn.min(WAITS.len() - 1)].min(left);
        told(Applying::Waits(step.id, wait, left));
        tokio::time::sleep(Duration::from_secs(wait)).await;
    }
    Ok(())
}

fn change(request: &Request) -> Result<Change, Fault> {
    let unknown = |_| Fault::Internal { what: format!("the method {}", request.method) };
    let method = Method::from_bytes(request.method.as_bytes()).map_err(unknown)?;
    Ok(Change { method, path: request.path.clone(), body: request.body.clone() })
}

/// Whether a fault is one of Azure's by this code, which may stand in its details.
fn says(fault: &Fault, code: &str) -> bool {
    match fault {
        Fault::Elsewhere { fault, .. } => says(fault, code),
        Fault::PartnerError { message, detail, .. } => message.contains(code) || detail.contains(code),
        Fault::OperationFailed { error_code, detail, .. } => error_code.contains(code) || detail.contains(code),
        _ => false,
    }
}

/// Whether every table that a rule writes to is there; one that truly is not will not come by waiting.
async fn tables_are_there(arm: &Arm, request: &Request) -> Result<bool, Fault> {
    let Some(body) = &request.body else { return Ok(false) };
    let properties = &body["properties"];
    let workspaces = properties["destinations"]["logAnalytics"].as_array().into_iter().flatten();
    let Some(workspace) = workspaces.filter_map(|one| one["workspaceResourceId"].as_str()).next_back() else {
        return Ok(false);
    };
    for flow in properties["dataFlows"].as_array().into_iter().flatten() {
        let Some(table) = flow["outputStream"].as_str().and_then(|stream| stream.strip_prefix("Custom-")) else {
            continue;
        };
        let path = format!("{workspace}/tables/{table}?api-version={}", crate::model::azure_plan::TABLES_API);
        // A classic table takes no rows of a rule, however long that is waited for.
        let table = arm.get::<Value>(&path).await?;
        if table.is_none_or(|table| table["properties"]["schema"]["tableSubType"] == "Classic") {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Reads the address of the rule that was made: it is never built.
async fn rule_made(arm: &Arm, step: &Step, workspace: &mut Workspace) -> Result<(), Fault> {
    let path = format!("{}?api-version={RULES_API}", step.resource);
    let rule: Option<Value> = arm.get(&path).await?;
    let rule = rule.ok_or_else(|| Fault::NotFound { what: step.resource.clone() })?;
    look::note_rule(workspace, &rule, arm.cloud())
}
