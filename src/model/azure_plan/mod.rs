//! The plan of a workspace: what itsmc needs in Azure, compared with what is there, as steps with their exact change and
//! the right that each needs. Pure: what is there comes as the JSON that Resource Manager gave.
//!
//! Only what itsmc sets is compared. Resource Manager gives ids back in another letter case, columns in another order, and
//! fields that nobody sent; none of that is a difference.

pub mod bicep;
mod function;
mod lacking;
mod role;
mod rule;
mod table;
mod workbook;

use serde::Serialize;
use serde_json::Value;

pub use lacking::{lacking, refused_action};
pub use role::Principal;
pub use rule::{endpoint as rule_endpoint, immutable_id as rule_immutable_id, rule_id};
pub use workbook::workbook_id;

use super::workspace::Workspace;

/// The API version of a workspace and its tables.
pub const TABLES_API: &str = "2022-10-01";
/// The one in which a classic table can be migrated.
pub const MIGRATE_API: &str = "2021-12-01-preview";
/// The first one of rules that names their endpoints.
pub const RULES_API: &str = "2023-03-11";
/// The API version of role assignments.
pub const ROLES_API: &str = "2022-04-01";
/// The API version of saved searches.
pub const SEARCHES_API: &str = "2020-08-01";
/// The API version of workbooks.
pub const WORKBOOKS_API: &str = "2023-06-01";

/// *Monitoring Metrics Publisher*, the one role that sending rows needs.
pub const PUBLISHER: &str = "3913510d-42f4-4e42-8a64-420c390055eb";

/// What is there, as Resource Manager told it.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// The workspace.
    pub workspace: Value,
    /// The table of work items.
    pub table: Option<Value>,
    /// The table of the connector's status.
    pub log_table: Option<Value>,
    /// The data collection rule.
    pub rule: Option<Value>,
    /// The role assignments on the rule.
    pub roles: Roles,
    /// The saved searches of the workspace.
    pub searches: Vec<Value>,
    /// The workbook.
    pub workbook: Option<Value>,
}

/// What is known of the role assignments on the rule.
#[derive(Debug, Clone, Default)]
pub enum Roles {
    /// There is no rule yet, so there are none.
    #[default]
    NoRule,
    /// All that concern the sender.
    Listed(Vec<Value>),
    /// Whoever looked may not see them: that is no "none".
    Hidden,
}

/// What is wanted beside the settings.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The identity that will send rows, where it is known.
    pub principal: Option<Principal>,
    /// The classic tables that may be migrated, which cannot be undone.
    pub migrate: Vec<String>,
}

/// All steps, in the order in which they are made. Steps with nothing to do are listed too.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// The steps.
    pub steps: Vec<Step>,
}

/// What a step is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepId {
    /// The table of work items.
    Table,
    /// The table of the connector's status.
    LogTable,
    /// The data collection rule.
    Rule,
    /// The role of the sender.
    Role,
    /// The saved function.
    Function,
    /// The workbook.
    Workbook,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// What it is about.
    pub id: StepId,
    /// The resource's id.
    pub resource: String,
    /// What is to be done.
    pub action: Action,
    /// What differs, one entry for each value.
    pub changes: Vec<Change>,
    /// What is worth knowing.
    pub notes: Vec<Note>,
    /// Why it cannot be done.
    pub blocked: Option<Block>,
    /// The right that it needs.
    pub needs: Right,
    /// What is sent; `None` where nothing is to be done or it cannot be.
    pub request: Option<Request>,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It is as it should be.
    Nothing,
    /// It is made.
    Create,
    /// It is changed.
    Change,
    /// A classic table becomes one that rules can write to. This cannot be undone.
    Migrate,
    /// It cannot be done as things are.
    Blocked,
}

/// One value that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Which: a column, a key.
    pub what: String,
    /// What it is now; `None` where there is nothing.
    pub from: Option<String>,
    /// What it becomes.
    pub to: String,
}

impl Change {
    fn new(what: impl Into<String>, from: Option<String>, to: impl Into<String>) -> Self {
        Self { what: what.into(), from, to: to.into() }
    }
}

/// What is worth knowing of a resource that exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum Note {
    /// A column has another type than itsmc would give it. The type is kept, and rows are sent in it.
    OtherType {
        /// The column.
        column: String,
        /// The type that it has.
        has: String,
        /// The type that itsmc would give it.
        usual: String,
    },
    /// A table on another plan than Analytics cannot be queried as the function and the workbook do.
    TablePlan {
        /// The plan.
        plan: String,
    },
    /// The role assignments cannot be seen, so this one is made, whether or not it is there.
    RolesHidden,
}

/// Why a step cannot be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "block", rename_all = "snake_case")]
pub enum Block {
    /// The table is a classic one: it must be migrated, or another table used.
    Classic {
        /// The table.
        table: String,
    },
    /// The rule is of another kind than Direct, which cannot be changed.
    RuleKind {
        /// Its kind.
        kind: String,
    },
    /// The rule is of kind Direct and has no endpoint: it was made before rules had one.
    RuleWithoutEndpoint,
    /// The rule is in another region than the workspace.
    RuleElsewhere {
        /// Its region.
        location: String,
    },
    /// It is not known who will send rows.
    NoPrincipal,
    /// Another saved search has the function's name.
    FunctionTaken {
        /// Its resource id.
        by: String,
    },
}

/// The right that a step needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Right {
    /// A built-in role that has it.
    pub role: &'static str,
    /// On what.
    pub on: Scope,
    /// The action of Resource Manager.
    pub action: &'static str,
}

/// What a right is needed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The workspace.
    Workspace,
    /// The resource group of the workspace.
    ResourceGroup,
    /// The data collection rule.
    Rule,
}

/// What is sent to Resource Manager.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Request {
    /// The method.
    pub method: &'static str,
    /// The path with the API version.
    pub path: String,
    /// The body.
    pub body: Option<Value>,
}

impl Plan {
    /// Compares what is wanted with what is there.
    pub fn of(workspace: &Workspace, wanted: &Wanted, seen: &Seen) -> Self {
        let mut steps = table::steps(workspace, wanted, seen);
        steps.push(rule::step(workspace, seen));
        steps.push(function::step(workspace, seen));
        steps.push(workbook::step(workspace, seen));
        // The right to assign roles is the rarest: without it everything else is made.
        steps.push(role::step(workspace, wanted, seen));
        Self { steps }
    }

    /// The steps that change something.
    pub fn to_do(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.request.is_some())
    }

    /// The steps that cannot be done.
    pub fn blocked(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.blocked.is_some())
    }

    /// Whether everything is as it should be.
    pub fn is_done(&self) -> bool {
        self.to_do().next().is_none() && self.blocked().next().is_none()
    }
}

impl Step {
    fn new(id: StepId, resource: String, needs: Right) -> Self {
        let (action, changes, notes) = (Action::Nothing, Vec::new(), Vec::new());
        Self { id, resource, action, changes, notes, blocked: None, needs, request: None }
    }

    fn blocked(mut self, why: Block) -> Self {
        (self.action, self.blocked, self.request) = (Action::Blocked, Some(why), None);
        self
    }

    /// Puts the resource as it should be where anything differs.
    fn put(mut self, exists: bool, api: &str, body: Value) -> Self {
        if exists && self.changes.is_empty() {
            return self;
        }
        self.action = if exists { Action::Change } else { Action::Create };
        let path = format!("{}?api-version={api}", self.resource);
        self.request = Some(Request { method: "PUT", path, body: Some(body) });
        self
    }
}

/// A region as ids write it: `West Europe` is `westeurope`.
fn region(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase()
}

/// The region in which everything is made: the workspace's.
fn location(workspace: &Workspace, seen: &Seen) -> String {
    let told = seen.workspace["location"].as_str().unwrap_or(&workspace.location);
    region(told)
}

/// A text of a resource, empty where there is none.
fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests;
