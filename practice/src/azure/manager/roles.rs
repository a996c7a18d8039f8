//! Roles: definitions, assignments, and what one may do.

use axum::http::Method;
use serde_json::{Value, json};

use super::super::http::reply::{Refusal, json, refuse};
use super::super::rights::{Assignment, ROLES, RoleDefinition, find, holds};
use super::super::state::{Control, Inner};
use super::super::value::time_text;
use super::{Answer, Call, told_id};
use crate::core::reply::empty;

const ASSIGNMENT: &[&str] = &["2015-07-01", "2018-07-01", "2020-04-01-preview", "2022-04-01"];
const DEFINITION: &[&str] = &["2018-07-01", "2022-04-01", "2022-05-01-preview"];
const READ: &str = "Microsoft.Authorization/roleAssignments/read";
const WRITE: &str = "Microsoft.Authorization/roleAssignments/write";
const DELETE: &str = "Microsoft.Authorization/roleAssignments/delete";

/// Everybody a role can be assigned to: object id and type.
pub(super) fn principals(azure: &Control) -> Vec<(String, &'static str)> {
    let tenant = azure.0.inner().tenant.clone();
    let all = azure.0.entra.change(&tenant, |tenant| {
        let applications = tenant.applications.iter().map(|one| (one.object_id.clone(), "ServicePrincipal"));
        applications.chain(tenant.users.iter().map(|one| (one.id.clone(), "User"))).collect()
    });
    all.unwrap_or_default()
}

impl Call<'_> {
    pub(super) fn authorization(&self, inner: &mut Inner, scope: &str, rest: &[&str]) -> Answer {
        if let Some(id) = self.parts.get(1) {
            self.known_subscription(inner, id)?;
        }
        match rest {
            ["permissions"] => self.permissions(inner, scope),
            ["roledefinitions"] => self.definitions(inner),
            ["roledefinitions", id] => {
                self.versions(DEFINITION)?;
                let found = find(id).ok_or_else(|| self.not_found())?;
                Ok(json(200, &self.told_definition(found)))
            }
            ["roleassignments"] => self.assignments(inner, scope),
            ["roleassignments", name] => self.assignment(inner, scope, name),
            _ => Err(self.not_found()),
        }
    }

    /// What the caller may do, by role.
    fn permissions(&self, inner: &Inner, scope: &str) -> Answer {
        self.versions(DEFINITION)?;
        let roles = inner.roles_of(&self.who.object_id, scope).filter_map(|one| find(&one.role));
        Ok(json(200, &json!({ "value": roles.map(told_permissions).collect::<Vec<_>>() })))
    }

    fn definitions(&self, inner: &Inner) -> Answer {
        self.versions(DEFINITION)?;
        let filter = self.asked.parameter("$filter").unwrap_or_default();
        let wanted = filter.strip_prefix("roleName eq '").and_then(|rest| rest.strip_suffix('\''));
        let fits = |role: &&RoleDefinition| wanted.is_none_or(|wanted| wanted.eq_ignore_ascii_case(role.name));
        let all = const { &ROLES }.iter().filter(fits).map(|role| self.told_definition(role)).collect();
        Ok(self.page(inner, all))
    }

    fn told_definition(&self, role: &RoleDefinition) -> Value {
        json!({
            "id": self.definition_id(role), "name": role.id, "type": "Microsoft.Authorization/roleDefinitions",
            "properties": {
                "roleName": role.name, "type": "BuiltInRole", "assignableScopes": ["/"],
                "permissions": [told_permissions(role)],
            },
        })
    }

    fn definition_id(&self, role: &RoleDefinition) -> String {
        let subscription = self.parts.get(1).copied().unwrap_or_default();
        format!("/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/{}", role.id)
    }

    /// Those at, above and below the scope; `atScope()` leaves those below out.
    fn assignments(&self, inner: &Inner, scope: &str) -> Answer {
        self.versions(ASSIGNMENT)?;
        self.require(inner, READ, scope)?;
        let filter = self.asked.parameter("$filter").unwrap_or_default();
        let principal = ["principalId eq '", "assignedTo('"].iter().find_map(|head| {
            let rest = filter.split_once(head)?.1;
            rest.split_once('\'').map(|(id, _)| id.to_owned())
        });
        let at_scope = filter.contains("atScope()");
        let fits = |one: &&Assignment| {
            let here = holds(&one.scope, scope) || (!at_scope && holds(scope, &one.scope));
            here && principal.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(&one.principal))
        };
        let all = inner.assignments.iter().filter(fits).map(|one| self.told_assignment(inner, one)).collect();
        Ok(self.page(inner, all))
    }

    fn assignment(&self, inner: &mut Inner, scope: &str, name: &str) -> Answer {
        self.versions(ASSIGNMENT)?;
        let place = inner.assignments.iter().position(|one| one.name.eq_ignore_ascii_case(name));
        match *self.method() {
            Method::GET => {
                self.require(inner, READ, scope)?;
                let found = place.map(|place| &inner.assignments[place]).ok_or_else(|| self.not_found())?;
                Ok(json(200, &self.told_assignment(inner, found)))
            }
            Method::PUT => {
                self.require(inner, WRITE, scope)?;
                self.assign(inner, scope, name, place)
            }
            Method::DELETE => {
                self.require(inner, DELETE, scope)?;
                let Some(place) = place else { return Ok(empty(204)) };
                let gone = inner.assignments.remove(place);
                Ok(json(200, &self.told_assignment(inner, &gone)))
            }
            _ => Err(self.no_method()),
        }
    }

    fn assign(&self, inner: &mut Inner, scope: &str, name: &str, place: Option<usize>) -> Answer {
        let wanted = self.wanted_assignment(inner, scope, name)?;
        let same = |one: &Assignment| {
            one.scope.eq_ignore_ascii_case(scope)
                && one.role == wanted.role
                && one.principal.eq_ignore_ascii_case(&wanted.principal)
        };
        if let Some(place) = place {
            if same(&inner.assignments[place]) {
                return Ok(json(200, &self.told_assignment(inner, &inner.assignments[place])));
            }
            let message = "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.";
            return Err(refuse(400, "RoleAssignmentUpdateNotPermitted", message));
        }
        if inner.assignments.iter().any(same) {
            return Err(refuse(409, "RoleAssignmentExists", "The role assignment already exists."));
        }
        let told = self.told_assignment(inner, &wanted);
        inner.assignments.push(wanted);
        Ok(json(201, &told))
    }

    fn wanted_assignment(&self, inner: &Inner, scope: &str, name: &str) -> Result<Assignment, Refusal> {
        let body = self.body()?;
        let text = |field: &str| body["properties"][field].as_str().unwrap_or_default();
        let role_id = text("roleDefinitionId").rsplit('/').next().unwrap_or_default();
        let Some(role) = find(role_id).filter(|role| role.id.eq_ignore_ascii_case(role_id)) else {
            let message = format!("The specified role definition with ID '{role_id}' does not exist.");
            return Err(refuse(400, "RoleDefinitionDoesNotExist", message));
        };
        let principal = text("principalId");
        let Some((_, kind)) = self.principals.iter().find(|(id, _)| id.eq_ignore_ascii_case(principal)) else {
            let message = format!(
                "Principal {} does not exist in the directory {}. Check that you have the correct principal ID. If you \
                 are creating this principal and then immediately assigning a role, this error might be related to a \
                 replication delay. In this case, set the role assignment principalType property to a value, such as \
                 ServicePrincipal, User, or Group.",
                principal.replace('-', ""),
                inner.tenant
            );
            return Err(refuse(400, "PrincipalNotFound", message));
        };
        let given = text("principalType");
        if !given.is_empty() && given != *kind {
            let message = format!(
                "The PrincipalId '{principal}' has type '{kind}', which is different from specified PrinciaplType '{given}'."
            );
            return Err(refuse(400, "UnmatchedPrincipalType", message));
        }
        Ok(Assignment {
            name: name.to_owned(),
            scope: scope.to_owned(),
            role: role.name.to_owned(),
            principal: principal.to_owned(),
            principal_type: (*kind).to_owned(),
            made: inner.now,
            known: inner.now + inner.manners.role_seconds * 1000,
        })
    }

    fn told_assignment(&self, inner: &Inner, one: &Assignment) -> Value {
        let at = time_text(one.made * 10_000);
        let id = format!("{}/providers/Microsoft.Authorization/roleAssignments/{}", one.scope, one.name);
        json!({
            "id": told_id(inner, &id), "name": one.name, "type": "Microsoft.Authorization/roleAssignments",
            "properties": {
                "roleDefinitionId": find(&one.role).map(|role| self.definition_id(role)),
                "principalId": one.principal, "principalType": one.principal_type,
                "scope": told_id(inner, &one.scope), "condition": null, "createdOn": at, "updatedOn": at,
            },
        })
    }
}

fn told_permissions(role: &RoleDefinition) -> Value {
    json!({
        "actions": role.actions, "notActions": role.not_actions, "dataActions": role.data_actions, "notDataActions": [],
    })
}
