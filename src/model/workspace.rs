//! A workspace of Log Analytics that work items are sent to, as it stands in the config file. It holds no secret.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::azure_id::{is_group, is_guid, is_workspace};
use super::clean::clean;
use super::connection::ConnectionName;
use super::field::FieldProblem;

/// The table of work items, as the old connector called it.
pub const TABLE: &str = "ServiceDesk_CL";

/// The table of the connector's own status, as the old connector called it.
pub const LOG_TABLE: &str = "ServiceDeskLog_CL";

/// A workspace's name in itsmc: as that of a connection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WorkspaceName(ConnectionName);

impl WorkspaceName {
    /// Reads a name for a new workspace.
    ///
    /// # Errors
    /// As [`ConnectionName::parse`].
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        ConnectionName::parse(text).map(Self)
    }

    /// A workspace's name like that of a connection.
    pub(super) fn of_connection_name(name: ConnectionName) -> Self {
        Self(name)
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The name of this workspace's files, without their ending.
    pub fn file_stem(&self) -> String {
        self.0.file_stem()
    }

    /// Whether people or file systems could take one name for the other.
    pub fn clashes_with(&self, other: &Self) -> bool {
        self.0.clashes_with(&other.0)
    }
}

impl TryFrom<String> for WorkspaceName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let name = ConnectionName::listed(&text).map(Self);
        name.map_err(|_| format!("'{}' is not a workspace's name", clean(&text, false)))
    }
}

impl From<WorkspaceName> for String {
    fn from(name: WorkspaceName) -> Self {
        name.0.into()
    }
}

impl fmt::Display for WorkspaceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How itsmc signs in to Azure for a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AzureSignIn {
    /// As whoever is signed in to the Azure CLI of this machine.
    Cli,
    /// As an application, with its client secret from the vault.
    ServicePrincipal,
    /// As the identity that Azure gives to this machine.
    ManagedIdentity,
    /// As an application, with a token that the platform writes to a file.
    WorkloadIdentity,
    /// As a person, who types a code on a page of Microsoft.
    DeviceCode,
}

impl AzureSignIn {
    /// Every way, in the order in which they are offered.
    pub const ALL: [Self; 5] =
        [Self::Cli, Self::ServicePrincipal, Self::ManagedIdentity, Self::WorkloadIdentity, Self::DeviceCode];

    /// The name in the config file and in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::Cli => "cli",
            Self::ServicePrincipal => "service-principal",
            Self::ManagedIdentity => "managed-identity",
            Self::WorkloadIdentity => "workload-identity",
            Self::DeviceCode => "device-code",
        }
    }

    /// The way with this [`id`](Self::id).
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.id() == id)
    }

    /// Whether Entra is asked at one tenant, which must be named.
    pub fn needs_tenant(self) -> bool {
        matches!(self, Self::ServicePrincipal | Self::WorkloadIdentity | Self::DeviceCode)
    }

    /// Whether an application must be named.
    pub fn needs_client_id(self) -> bool {
        matches!(self, Self::ServicePrincipal | Self::WorkloadIdentity)
    }

    /// Whether it runs without a person: what a service may send rows with.
    pub fn is_unattended(self) -> bool {
        !matches!(self, Self::Cli | Self::DeviceCode)
    }
}

/// What is written for a state, a priority and other choices.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Values {
    /// The text that people see, such as `In Progress`.
    #[default]
    Labels,
    /// The stored value, such as `2`.
    Numbers,
}

impl Values {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Labels, Self::Numbers];

    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Labels => Self::Numbers,
            Self::Numbers => Self::Labels,
        }
    }

    /// The name in the config file and in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::Labels => "labels",
            Self::Numbers => "numbers",
        }
    }

    /// The one with this [`id`](Self::id).
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|values| values.id() == id)
    }
}

/// One workspace. A key that it does not know is an error, so that a secret in a config file is not passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workspace {
    /// The name it is called by in itsmc.
    pub name: WorkspaceName,
    /// The Entra tenant; empty where the sign-in knows it by itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tenant: String,
    /// How itsmc signs in.
    pub sign_in: AzureSignIn,
    /// The application's client ID; for a managed identity that of the user-assigned one, if there is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub client_id: String,
    /// The file with the federated token of a workload identity; empty means that `AZURE_FEDERATED_TOKEN_FILE` names it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub token_file: String,
    /// The subscription's ID.
    pub subscription: String,
    /// The resource group of the workspace, where the data collection rule and the workbook are made too.
    pub resource_group: String,
    /// The workspace's name in Azure.
    pub workspace: String,
    /// The workspace's own GUID, by which the query API knows it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub workspace_id: String,
    /// The workspace's region.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub location: String,
    /// The table of work items.
    #[serde(default = "table")]
    pub table: String,
    /// The table of the connector's status.
    #[serde(default = "log_table")]
    pub log_table: String,
    /// The data collection rule's resource id, once it exists.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// The rule's immutable id, by which rows are sent.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rule_id: String,
    /// The rule's ingestion endpoint, as Resource Manager named it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub endpoint: String,
    /// The object id of the identity that sends rows, which the role is assigned to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub principal: String,
    /// What is written for choices.
    #[serde(default)]
    pub values: Values,
}

fn table() -> String {
    TABLE.to_owned()
}

fn log_table() -> String {
    LOG_TABLE.to_owned()
}

/// Whom a workspace's secret belongs to: it opens to no other sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceIdentity {
    /// Where the secret is sent: the authority of the cloud.
    pub authority: String,
    /// The tenant.
    pub tenant: String,
    /// The application.
    pub client_id: String,
}

/// What is wrong with a setting of a workspace, by its key in the config file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceProblem {
    /// The key.
    pub key: String,
    /// What is wrong.
    pub problem: KeyProblem,
}

/// What may be wrong with a setting of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyProblem {
    /// It is needed and not given.
    Missing,
    /// Not a GUID.
    NotAGuid,
    /// Not a tenant's ID or domain.
    NotATenant,
    /// Not a resource group's name.
    NotAGroup,
    /// Not a workspace's name in Azure.
    NotAWorkspace,
    /// Not the name of a custom table: letters, digits and `_`, ending with `_CL`.
    NotATable,
    /// Both tables have one name.
    SameTable,
    /// Not a number of seconds from 5 to 86,400.
    NotAnInterval,
}

impl KeyProblem {
    /// In the words of the config file's reader.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Missing => "is missing",
            Self::NotAGuid => "is not a GUID",
            Self::NotATenant => "is not the ID or the domain of a tenant",
            Self::NotAGroup => "is not the name of a resource group",
            Self::NotAWorkspace => "is not the name of a workspace",
            Self::NotATable => "is not the name of a custom table, which ends with _CL",
            Self::SameTable => "is the same as table",
            Self::NotAnInterval => "is not 5 to 86400",
        }
    }
}

impl Workspace {
    /// The resource id of the workspace.
    pub fn id(&self) -> String {
        let (subscription, group) = (&self.subscription, &self.resource_group);
        let provider = "providers/Microsoft.OperationalInsights/workspaces";
        format!("/subscriptions/{subscription}/resourceGroups/{group}/{provider}/{}", self.workspace)
    }

    /// Whom its secret belongs to, with the authority of its cloud.
    pub fn identity(&self, authority: &str) -> WorkspaceIdentity {
        WorkspaceIdentity {
            authority: authority.to_owned(),
            tenant: self.tenant.to_lowercase(),
            client_id: self.client_id.to_lowercase(),
        }
    }

    /// Whether rows can be sent: the rule is known.
    pub fn is_set_up(&self) -> bool {
        !self.rule_id.is_empty() && !self.endpoint.is_empty()
    }

    /// The stream of a rule through which the rows of a table come.
    pub fn stream(table: &str) -> String {
        format!("Custom-{table}")
    }

    /// What is wrong with its settings, in the order of the keys.
    pub fn problems(&self) -> Vec<WorkspaceProblem> {
        let checks = [
            ("tenant", tenant_problem(&self.tenant, self.sign_in.needs_tenant())),
            ("client_id", guid_problem(&self.client_id, self.sign_in.needs_client_id())),
            ("subscription", guid_problem(&self.subscription, true)),
            ("resource_group", name_problem(&self.resource_group, is_group, KeyProblem::NotAGroup)),
            ("workspace", name_problem(&self.workspace, is_workspace, KeyProblem::NotAWorkspace)),
            ("workspace_id", guid_problem(&self.workspace_id, false)),
            ("principal", guid_problem(&self.principal, false)),
            ("table", name_problem(&self.table, is_table, KeyProblem::NotATable)),
            ("log_table", self.log_table_problem()),
        ];
        let found = checks.into_iter();
        found.filter_map(|(key, problem)| Some(WorkspaceProblem { key: key.to_owned(), problem: problem? })).collect()
    }

    fn log_table_problem(&self) -> Option<KeyProblem> {
        let same = self.table.eq_ignore_ascii_case(&self.log_table).then_some(KeyProblem::SameTable);
        name_problem(&self.log_table, is_table, KeyProblem::NotATable).or(same)
    }
}

/// Whether the text is the name of a custom table that a rule can write to.
pub fn is_table(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let stem = text.strip_suffix("_CL").unwrap_or_default();
    (1..=60).contains(&stem.len()) && stem.chars().all(fits) && stem.starts_with(|c: char| c.is_ascii_alphabetic())
}

fn guid_problem(text: &str, needed: bool) -> Option<KeyProblem> {
    match text.is_empty() {
        true => needed.then_some(KeyProblem::Missing),
        false => (!is_guid(text)).then_some(KeyProblem::NotAGuid),
    }
}

fn tenant_problem(text: &str, needed: bool) -> Option<KeyProblem> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    match text.is_empty() {
        true => needed.then_some(KeyProblem::Missing),
        false => (!text.chars().all(fits)).then_some(KeyProblem::NotATenant),
    }
}

fn name_problem(text: &str, fits: impl Fn(&str) -> bool, otherwise: KeyProblem) -> Option<KeyProblem> {
    match text.is_empty() {
        true => Some(KeyProblem::Missing),
        false => (!fits(text)).then_some(otherwise),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const GUID: &str = "11111111-2222-3333-4444-555555555555";

    fn toml(more: &str) -> Result<Workspace, toml::de::Error> {
        toml::from_str(&format!(
            "name = \"prod\"\nsign_in = \"cli\"\nsubscription = \"{GUID}\"\nresource_group = \"rg\"\n\
             workspace = \"contoso-logs\"\n{more}"
        ))
    }

    #[test]
    fn a_workspace_has_the_old_tables_unless_told_otherwise() {
        let workspace = toml("").unwrap();
        assert_eq!((workspace.table.as_str(), workspace.log_table.as_str()), (TABLE, LOG_TABLE));
        assert_eq!((workspace.values, workspace.is_set_up()), (Values::Labels, false));
        assert_eq!(workspace.problems(), []);
        let id = workspace.id();
        assert!(id.ends_with("/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/contoso-logs"));
    }

    #[test]
    fn a_secret_in_the_file_is_not_passed_over() {
        assert!(toml("client_secret = \"x\"").unwrap_err().message().contains("unknown field `client_secret`"));
    }

    #[rstest]
    #[case("tenant", "sign_in", "service-principal", KeyProblem::Missing)]
    #[case("tenant", "tenant", "a/b", KeyProblem::NotATenant)]
    #[case("client_id", "client_id", "the app", KeyProblem::NotAGuid)]
    #[case("subscription", "subscription", "prod", KeyProblem::NotAGuid)]
    #[case("resource_group", "resource_group", "a/b", KeyProblem::NotAGroup)]
    #[case("workspace", "workspace", "a b c d", KeyProblem::NotAWorkspace)]
    #[case("table", "table", "ServiceDesk", KeyProblem::NotATable)]
    #[case("log_table", "log_table", "servicedesk_CL", KeyProblem::SameTable)]
    fn each_setting_is_checked(#[case] of: &str, #[case] key: &str, #[case] value: &str, #[case] problem: KeyProblem) {
        let mut json = serde_json::to_value(toml("").unwrap()).unwrap();
        json[key] = value.into();
        let workspace: Workspace = serde_json::from_value(json).unwrap();
        let found = workspace.problems();
        assert!(found.iter().any(|found| found.key == of && found.problem == problem), "{found:?}");
    }
}
