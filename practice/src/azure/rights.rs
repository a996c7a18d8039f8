//! Roles and what they allow.

use super::state::Inner;

/// A built-in role: its name, its id, what it allows and what not.
pub(super) struct RoleDefinition {
    pub(super) name: &'static str,
    pub(super) id: &'static str,
    pub(super) actions: &'static [&'static str],
    pub(super) not_actions: &'static [&'static str],
    pub(super) data_actions: &'static [&'static str],
}

/// What sends rows. No role but this one has it, the owner's neither.
pub(super) const SEND: &str = "Microsoft.Insights/Telemetry/Write";

/// What a query needs.
pub(super) const QUERY: &str = "Microsoft.OperationalInsights/workspaces/query/read";

const READ: &str = "*/read";
const ASSIGNING: &[&str] = &[
    "Microsoft.Authorization/*/Delete",
    "Microsoft.Authorization/*/Write",
    "Microsoft.Authorization/elevateAccess/Action",
];

const fn role(name: &'static str, id: &'static str, actions: &'static [&'static str]) -> RoleDefinition {
    RoleDefinition { name, id, actions, not_actions: &[], data_actions: &[] }
}

/// The roles that matter here.
pub(super) const ROLES: [RoleDefinition; 9] = [
    role("Owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", &["*"]),
    RoleDefinition { not_actions: ASSIGNING, ..role("Contributor", "b24988ac-6180-42a0-ab88-20f7382dd24c", &["*"]) },
    role("Reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7", &[READ]),
    role(
        "User Access Administrator",
        "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
        &[READ, "Microsoft.Authorization/*", "Microsoft.Support/*"],
    ),
    role(
        "Log Analytics Contributor",
        "92aaf0da-9dab-42b6-94a3-d43ce8d16293",
        &[
            READ,
            "Microsoft.OperationalInsights/*",
            "Microsoft.OperationsManagement/*",
            "Microsoft.Insights/diagnosticSettings/*",
        ],
    ),
    role("Log Analytics Reader", "73c42c96-874c-492b-b04d-ab87d138a893", &[READ]),
    role(
        "Monitoring Contributor",
        "749f88d5-cbae-40b8-bcfc-e573ddc772fa",
        &[
            READ,
            "Microsoft.Insights/*",
            "Microsoft.AlertsManagement/*",
            "Microsoft.OperationalInsights/workspaces/savedSearches/*",
        ],
    ),
    role("Monitoring Reader", "43d0d8ad-25c7-4714-9337-8ba259a9fe05", &[READ]),
    RoleDefinition {
        data_actions: &[SEND],
        ..role(
            "Monitoring Metrics Publisher",
            "3913510d-42f4-4e42-8a64-420c390055eb",
            &[
                "Microsoft.Insights/Register/Action",
                "Microsoft.Support/*",
                "Microsoft.Resources/subscriptions/resourceGroups/read",
            ],
        )
    },
];

/// The role of this id or name.
pub(super) fn find(wanted: &str) -> Option<&'static RoleDefinition> {
    const { &ROLES }.iter().find(|role| role.id.eq_ignore_ascii_case(wanted) || role.name.eq_ignore_ascii_case(wanted))
}

impl RoleDefinition {
    fn allows(&self, action: &str) -> bool {
        let any = |patterns: &[&str]| patterns.iter().any(|pattern| fits(pattern, action));
        any(self.data_actions) || (any(self.actions) && !any(self.not_actions) && action != SEND)
    }
}

/// Whether an action fits a pattern with one `*` at most.
fn fits(pattern: &str, action: &str) -> bool {
    let (pattern, action) = (pattern.to_ascii_lowercase(), action.to_ascii_lowercase());
    match pattern.split_once('*') {
        None => pattern == action,
        Some((head, tail)) => {
            action.len() >= head.len() + tail.len() && action.starts_with(head) && action.ends_with(tail)
        }
    }
}

/// A role that was given to somebody.
#[derive(Debug, Clone)]
pub(super) struct Assignment {
    /// Its name, a GUID.
    pub(super) name: String,
    pub(super) scope: String,
    pub(super) role: String,
    /// The object id.
    pub(super) principal: String,
    pub(super) principal_type: String,
    /// Milliseconds since 1970.
    pub(super) made: i64,
    /// From when on ingestion knows of it.
    pub(super) known: i64,
}

/// Whether a scope holds a resource.
pub(super) fn holds(scope: &str, resource: &str) -> bool {
    let (scope, resource) = (scope.trim_end_matches('/').to_ascii_lowercase(), resource.to_ascii_lowercase());
    resource == scope || resource.strip_prefix(&scope).is_some_and(|rest| rest.starts_with('/'))
}

impl Inner {
    /// The roles that somebody has for a resource.
    pub(super) fn roles_of<'a>(&'a self, principal: &str, resource: &str) -> impl Iterator<Item = &'a Assignment> {
        self.assignments
            .iter()
            .filter(move |one| one.principal.eq_ignore_ascii_case(principal) && holds(&one.scope, resource))
    }

    /// Whether somebody may do this to a resource.
    pub(super) fn may(&self, principal: &str, action: &str, resource: &str) -> bool {
        self.roles_of(principal, resource).any(|one| find(&one.role).is_some_and(|role| role.allows(action)))
    }

    /// Whether somebody may send rows to a rule, as far as ingestion knows.
    pub(super) fn may_send(&self, principal: &str, rule: &str) -> bool {
        let now = self.now;
        let known = |one: &Assignment| one.known <= now && find(&one.role).is_some_and(|role| role.allows(SEND));
        self.roles_of(principal, rule).any(known)
    }

    /// Whether somebody sees anything at or below this scope.
    pub(super) fn sees(&self, principal: &str, scope: &str) -> bool {
        let below = |one: &Assignment| holds(&one.scope, scope) || holds(scope, &one.scope);
        self.assignments.iter().any(|one| one.principal.eq_ignore_ascii_case(principal) && below(one))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_allow_what_azure_lets_them() {
        let allows = |role: &str, action: &str| find(role).is_some_and(|role| role.allows(action));
        let assign = "Microsoft.Authorization/roleAssignments/write";
        assert!(allows("Owner", assign) && allows("User Access Administrator", assign));
        assert!(!allows("Contributor", assign) && !allows("Log Analytics Contributor", assign));
        let table = "Microsoft.OperationalInsights/workspaces/tables/write";
        assert!(allows("Log Analytics Contributor", table) && !allows("Monitoring Contributor", table));
        let rule = "Microsoft.Insights/dataCollectionRules/write";
        assert!(allows("Monitoring Contributor", rule) && !allows("Log Analytics Contributor", rule));
        assert!(allows("Monitoring Metrics Publisher", SEND) && !allows("Owner", SEND));
        assert!(!allows("Monitoring Metrics Publisher", QUERY) && allows("Log Analytics Reader", QUERY));
    }

    #[test]
    fn a_scope_holds_what_is_below_it_without_regard_to_case() {
        assert!(holds("/subscriptions/A", "/SUBSCRIPTIONS/a/resourceGroups/x"));
        assert!(!holds("/subscriptions/a", "/subscriptions/ab"));
    }
}
