//! Who may see and who may write what: the access rules that come with roles.

use serde::{Deserialize, Serialize};

use super::oauth::Account;
use super::table::classes::is_class;
use crate::Visibility;

/// The store app's staging table.
pub(crate) const STAGING: &str = "x_mioms_microsoft_oms_incident";

/// Columns of secrets that no read ever shows, and what is kept of them of a write.
pub(crate) const SECRET_COLUMNS: [&str; 2] = ["user_password", "client_secret"];

/// A way to change a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// POST
    Insert,
    /// PATCH and PUT
    Update,
    /// DELETE
    Delete,
}

impl Verb {
    /// As the product's refusal calls it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Insert => "Insert",
            Self::Update => "Update",
            Self::Delete => "Delete",
        }
    }
}

/// What a caller sees of a table if nobody has said otherwise.
pub(crate) fn by_role(caller: &Account, table: &str) -> Visibility {
    let unless = |role: &str, otherwise: Visibility| {
        if caller.admin() || caller.has(role) { Visibility::Rows } else { otherwise }
    };
    match table {
        "oauth_entity" | "oauth_credential" => unless("oauth_admin", Visibility::Forbidden),
        "sys_rate_limit_rules" => unless("rate_limit_admin", Visibility::Forbidden),
        STAGING => unless("x_mioms_microsoft.user", Visibility::Forbidden),
        "incident" | "change_request" => unless("itil", Visibility::Empty),
        class if is_class(class) => unless("cmdb_read", Visibility::Empty),
        "em_alert" => unless("evt_mgmt_operator", Visibility::Forbidden),
        _ => Visibility::Rows,
    }
}

/// Whether a caller may change a table's rows in this way.
pub(crate) fn may_write(caller: &Account, verb: Verb, table: &str) -> bool {
    let has = |role: &str| caller.admin() || caller.has(role);
    match table {
        // Installing an app, and issuing tokens, is not done by writing rows.
        "sys_store_app" => false,
        "oauth_credential" => verb == Verb::Delete && has("oauth_admin"),
        "oauth_entity" => has("oauth_admin"),
        "sys_user" | "sys_user_has_role" | "sys_user_grmember" => has("user_admin"),
        "incident" => has("admin") || verb != Verb::Delete && has("sn_incident_write"),
        "change_request" => has("admin") || verb != Verb::Delete && has("sn_change_write"),
        "em_event" => verb == Verb::Insert && has("evt_mgmt_integration"),
        "em_alert" => verb == Verb::Update && has("evt_mgmt_operator"),
        // What itil contains only reads.
        class if is_class(class) => has("sn_cmdb_editor") || has("asset"),
        _ => caller.admin(),
    }
}
