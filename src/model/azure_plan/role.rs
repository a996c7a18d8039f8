//! The role of whoever sends rows, on the rule alone.

use serde_json::{Value, json};

use super::{Action, Block, Change, Note, PUBLISHER, ROLES_API, Right, Roles, Scope, Seen, Step, StepId, Wanted, text};
use super::{Request, rule_id};
use crate::model::azure_id::guid_of;
use crate::model::workspace::Workspace;

pub(super) const WRITE: Right = Right {
    role: "Role Based Access Control Administrator",
    on: Scope::Rule,
    action: "Microsoft.Authorization/roleAssignments/write",
};

/// An identity of Entra.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// Its object id, which is another than an application's client ID.
    pub id: String,
    /// Whether it is an application's, where that is known.
    pub application: Option<bool>,
}

pub(super) fn step(workspace: &Workspace, wanted: &Wanted, seen: &Seen) -> Step {
    let rule = rule_id(workspace);
    let Some(principal) = &wanted.principal else {
        return Step::new(StepId::Role, rule, WRITE).blocked(Block::NoPrincipal);
    };
    // The same identity, role and rule always make the same name, so that a second run does not make a second one.
    let name = guid_of(&format!("{} {} {PUBLISHER}", rule.to_lowercase(), principal.id.to_lowercase()));
    let mut step =
        Step::new(StepId::Role, format!("{rule}/providers/Microsoft.Authorization/roleAssignments/{name}"), WRITE);
    match &seen.roles {
        Roles::Listed(all) if all.iter().any(|one| is_ours(one, principal)) => return step,
        Roles::Hidden => step.notes.push(Note::RolesHidden),
        Roles::Listed(_) | Roles::NoRule => {}
    }
    step.changes.push(Change::new(principal.id.clone(), None, "Monitoring Metrics Publisher"));
    let definition = format!(
        "/subscriptions/{}/providers/Microsoft.Authorization/roleDefinitions/{PUBLISHER}",
        workspace.subscription
    );
    let mut properties = json!({ "roleDefinitionId": definition, "principalId": principal.id });
    // Told, Azure does not look the identity up, which fails for some minutes after it was made.
    if let Some(application) = principal.application {
        properties["principalType"] = if application { "ServicePrincipal" } else { "User" }.into();
    }
    step.action = Action::Create;
    let path = format!("{}?api-version={ROLES_API}", step.resource);
    step.request = Some(Request { method: "PUT", path, body: Some(json!({ "properties": properties })) });
    step
}

fn is_ours(assignment: &Value, principal: &Principal) -> bool {
    let properties = &assignment["properties"];
    let definition = text(properties, "roleDefinitionId").to_ascii_lowercase();
    text(properties, "principalId").eq_ignore_ascii_case(&principal.id) && definition.ends_with(PUBLISHER)
}
