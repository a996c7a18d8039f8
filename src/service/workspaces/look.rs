//! Looking at Azure: subscriptions, workspaces, and what is there of a plan.

use serde::Deserialize;
use serde_json::Value;

use super::provider;
use crate::azure::arm::Arm;
use crate::model::azure_id::part;
use crate::model::azure_plan::{
    Principal, ROLES_API, RULES_API, Roles, SEARCHES_API, Seen, TABLES_API, WORKBOOKS_API, rule_endpoint, rule_id,
    rule_immutable_id, workbook_id,
};
use crate::model::clean::clean;
use crate::model::cloud::Endpoints;
use crate::model::fault::Fault;
use crate::model::workspace::Workspace;
use crate::model::workspace_run::{Found, Subscription};
use crate::service::services::Services;

const SUBSCRIPTIONS_API: &str = "2022-12-01";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    subscription_id: String,
    #[serde(default)]
    display_name: String,
}

/// The subscriptions that the sign-in may see, by name.
///
/// # Errors
/// When nobody can sign in, or they cannot be read.
pub async fn subscriptions(services: &Services, workspace: &Workspace) -> Result<Vec<Subscription>, Fault> {
    let arm = Arm::of(provider(services, workspace, None).await?)?;
    let all: Vec<Listed> = arm.list(&format!("/subscriptions?api-version={SUBSCRIPTIONS_API}")).await?;
    let of_one = |one: Listed| Subscription { id: one.subscription_id, name: clean(&one.display_name, false) };
    let mut all: Vec<Subscription> = all.into_iter().map(of_one).collect();
    all.sort_by_key(|one| one.name.to_lowercase());
    Ok(all)
}

/// The workspaces of the subscription that is set.
///
/// # Errors
/// As [`subscriptions`].
pub async fn groups_and_workspaces(services: &Services, workspace: &Workspace) -> Result<Vec<Found>, Fault> {
    let arm = Arm::of(provider(services, workspace, None).await?)?;
    let path = format!(
        "/subscriptions/{}/providers/Microsoft.OperationalInsights/workspaces?api-version={TABLES_API}",
        workspace.subscription
    );
    let all: Vec<Value> = arm.list(&path).await?;
    let of_one = |one: &Value| {
        let id = one["id"].as_str()?;
        Some(Found {
            name: clean(one["name"].as_str().or_else(|| part(id, "workspaces"))?, false),
            group: clean(part(id, "resourceGroups")?, false),
            location: clean(one["location"].as_str().unwrap_or_default(), false),
        })
    };
    let mut found: Vec<Found> = all.iter().filter_map(of_one).collect();
    found.sort_by_key(|one| one.name.to_lowercase());
    Ok(found)
}

/// The workspace as Azure has it: its region and its GUID.
///
/// # Errors
/// [`Fault::NotFound`] when it is not there; what kept it from being read.
pub async fn find(services: &Services, workspace: &Workspace) -> Result<Workspace, Fault> {
    let arm = Arm::of(provider(services, workspace, None).await?)?;
    let there = of_azure(&arm, workspace).await?;
    Ok(told(workspace, &there))
}

async fn of_azure(arm: &Arm, workspace: &Workspace) -> Result<Value, Fault> {
    let there = arm.get::<Value>(&format!("{}?api-version={TABLES_API}", workspace.id())).await?;
    there.ok_or_else(|| Fault::NotFound { what: workspace.id() })
}

fn told(workspace: &Workspace, there: &Value) -> Workspace {
    let mut workspace = workspace.clone();
    if let Some(id) = there["properties"]["customerId"].as_str() {
        workspace.workspace_id = id.to_owned();
    }
    if let Some(location) = there["location"].as_str() {
        workspace.location = location.to_lowercase().replace(' ', "");
    }
    workspace
}

/// Everything that a plan looks at, and the workspace with what Azure tells of it.
pub(super) async fn look(
    arm: &Arm,
    workspace: &Workspace,
    principal: Option<&Principal>,
) -> Result<(Workspace, Seen), Fault> {
    let there = of_azure(arm, workspace).await?;
    let mut workspace = told(workspace, &there);
    let table = |name: &str| format!("{}/tables/{name}?api-version={TABLES_API}", workspace.id());
    let rule = rule_id(&workspace);
    let rule_path = format!("{rule}?api-version={RULES_API}");
    let book = format!("{}?api-version={WORKBOOKS_API}&canFetchContent=true", workbook_id(&workspace));
    let searches = format!("{}/savedSearches?api-version={SEARCHES_API}", workspace.id());
    let (table_path, log_path) = (table(&workspace.table), table(&workspace.log_table));
    let seen = Seen {
        table: arm.get(&table_path).await?,
        log_table: arm.get(&log_path).await?,
        rule: arm.get(&rule_path).await?,
        searches: arm.list(&searches).await?,
        workbook: arm.get(&book).await?,
        workspace: there,
        roles: Roles::NoRule,
    };
    let roles = if seen.rule.is_some() { roles(arm, &rule, principal).await? } else { Roles::NoRule };
    if let Some(rule) = &seen.rule {
        let cloud = arm.cloud();
        note_rule(&mut workspace, rule, cloud)?;
    }
    if let Some(principal) = principal {
        workspace.principal = principal.id.clone();
    }
    Ok((workspace, Seen { roles, ..seen }))
}

/// Takes over what a rule tells of itself.
///
/// # Errors
/// [`Fault::OutsideCloud`] for an endpoint that is none of the chosen cloud.
pub(super) fn note_rule(workspace: &mut Workspace, rule: &Value, cloud: Option<&Endpoints>) -> Result<(), Fault> {
    let (Some(endpoint), Some(id)) = (rule_endpoint(rule), rule_immutable_id(rule)) else { return Ok(()) };
    let known = cloud.and_then(|cloud| cloud.ingestion_at(endpoint));
    let outside = || Fault::OutsideCloud {
        what: "logsIngestion".to_owned(),
        address: clean(endpoint, false).chars().take(200).collect(),
    };
    let known = known.ok_or_else(outside)?;
    workspace.rule = rule_id(workspace);
    workspace.rule_id = clean(id, false);
    workspace.endpoint = known.to_string();
    Ok(())
}

/// The role assignments of the sender on the rule. Without the right to see them they are unknown, not absent.
async fn roles(arm: &Arm, rule: &str, principal: Option<&Principal>) -> Result<Roles, Fault> {
    let Some(principal) = principal else { return Ok(Roles::Listed(Vec::new())) };
    let filter = format!("principalId%20eq%20%27{}%27", principal.id);
    let path =
        format!("{rule}/providers/Microsoft.Authorization/roleAssignments?api-version={ROLES_API}&%24filter={filter}");
    match arm.list(&path).await {
        Ok(all) => Ok(Roles::Listed(all)),
        Err(Fault::AzureForbidden { .. }) => Ok(Roles::Hidden),
        Err(fault) => Err(fault),
    }
}
