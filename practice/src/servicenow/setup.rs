//! How far an admin has got with setting up the instance for the integration.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Visibility;

/// Roles the integration user has on a well-set-up instance; `itil` brings others with it.
const GRANTED: [&str; 6] = [
    "itil",
    "personalize_choices",
    "import_transformer",
    "x_mioms_microsoft.user",
    "evt_mgmt_integration",
    "evt_mgmt_operator",
];

/// How far an admin has got with setting up the instance for the integration. The default is all done and well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// Whether the store app is installed: its row in `sys_store_app`, its staging table, its role.
    pub app: bool,
    /// Whether there is an integration user. Without, the sign-in details name the one to be made.
    pub integration_user: bool,
    /// The integration user's roles. Those that others contain need not be named; what is named wins.
    pub roles: BTreeMap<String, RoleState>,
    /// The OAuth application's entry in `oauth_entity`.
    pub application: ApplicationState,
    /// As whom the client-credentials grant acts.
    pub application_user: ApplicationUser,
    /// Whether Event Management is there: its table `em_event` and its roles.
    pub event_management: bool,
    /// Tables that are shown to the integration user otherwise than its roles allow.
    pub visibility: BTreeMap<String, Visibility>,
    /// Columns withheld from all but admins: table and column.
    pub hidden_columns: Vec<(String, String)>,
    /// System properties, besides or instead of those that are always there.
    pub properties: BTreeMap<String, String>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            app: true,
            integration_user: true,
            roles: GRANTED.map(|role| (role.to_owned(), RoleState::Direct)).into(),
            application: ApplicationState::Active,
            application_user: ApplicationUser::Integration,
            event_management: true,
            visibility: BTreeMap::new(),
            hidden_columns: Vec::new(),
            properties: BTreeMap::new(),
        }
    }
}

impl Setup {
    /// Nothing done yet but the app and the application entry: no integration user, no roles.
    pub fn bare() -> Self {
        Self {
            integration_user: false,
            roles: BTreeMap::new(),
            application_user: ApplicationUser::Empty,
            event_management: false,
            ..Self::default()
        }
    }

    /// The same with one role in another state.
    #[must_use]
    pub fn role(mut self, role: &str, state: RoleState) -> Self {
        self.roles.insert(role.into(), state);
        self
    }

    /// The same with one table shown otherwise to the integration user.
    #[must_use]
    pub fn showing(mut self, table: &str, visibility: Visibility) -> Self {
        self.visibility.insert(table.into(), visibility);
        self
    }

    /// The same with one system property.
    #[must_use]
    pub fn property(mut self, name: &str, value: &str) -> Self {
        self.properties.insert(name.into(), value.into());
        self
    }
}

/// How a user has a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoleState {
    /// Granted to the user.
    Direct,
    /// Through another role: `inherited=true`, `included_in_role` is `itil`.
    Inherited,
    /// Through a group: `inherited=true`, `granted_by` names it.
    Group,
    /// Granted, but its row is hidden from all but admins.
    Hidden,
    /// Not at all.
    Missing,
}

/// The OAuth application's entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ApplicationState {
    /// There and active.
    Active,
    /// There, not active.
    Inactive,
    /// Not there.
    Missing,
}

/// The OAuth Application User of the entry (`oauth_entity.user`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ApplicationUser {
    /// The integration user.
    Integration,
    /// Nobody.
    Empty,
    /// A user that is no more.
    Dangling,
}
