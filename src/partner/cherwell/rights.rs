//! The user's rights. The old form asked for the role *Administrator*. itsmc reads what the user may see and change instead,
//! because customers name their security groups freely.

use serde::Deserialize;
use serde_json::Value as Json;

use super::Cherwell;
use super::errors::{flag, short};
use super::path::encode;
use crate::model::fault::Fault;
use crate::model::work_item::WorkItemKind;
use crate::net::http::{PAGE_LIMIT_BYTES, SMALL_LIMIT_BYTES};

/// The user's rights to a business object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rights {
    /// See its records.
    pub view: Option<bool>,
    /// Change them.
    pub edit: Option<bool>,
}

/// A user as the system knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its name to people.
    pub name: String,
    /// Whether the account is locked, if the system says so.
    pub locked: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Permissions {
    #[serde(default, alias = "BusinessObjectPermissions")]
    business_object_permissions: Option<Vec<Permission>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfField {
    #[serde(default, alias = "FieldName")]
    field_name: Option<String>,
    #[serde(default, alias = "View")]
    view: Json,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Permission {
    #[serde(default, alias = "FieldPermissions")]
    field_permissions: Option<Vec<OfField>>,
    #[serde(default, alias = "BusObName")]
    bus_ob_name: Option<String>,
    #[serde(default, alias = "View")]
    view: Json,
    #[serde(default, alias = "Edit")]
    edit: Json,
}

/// The user's rights to the business object of a kind.
///
/// # Errors
/// Why no answer came; [`Fault::NotFound`] if the answer does not mention the object.
pub async fn of(partner: &Cherwell, kind: WorkItemKind) -> Result<Rights, Fault> {
    named(partner, partner.columns(kind)?.source()).await
}

/// The user's rights to the business object of this name.
///
/// # Errors
/// As [`of`].
pub async fn named(partner: &Cherwell, name: &str) -> Result<Rights, Fault> {
    let found = permission(partner, name).await?;
    Ok(Rights { view: flag(&found.view), edit: flag(&found.edit) })
}

/// Whether the user may view a field, if the system says so.
///
/// # Errors
/// As [`of`].
pub async fn may_view(partner: &Cherwell, kind: WorkItemKind, field: &str) -> Result<Option<bool>, Fault> {
    let columns = partner.columns(kind)?;
    let found = permission(partner, columns.source()).await?;
    let mut fields = found.field_permissions.iter().flatten();
    let is_it = |of: &&OfField| of.field_name.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(field));
    Ok(fields.find(is_it).and_then(|of| flag(&of.view)))
}

async fn permission(partner: &Cherwell, name: &str) -> Result<Permission, Fault> {
    let call = "V2/getsecuritygroupbusinessobjectpermissionsforcurrentuserbybusobname/busobname";
    let reply = partner.get(&format!("{call}/{}", encode(name)), name, PAGE_LIMIT_BYTES).await?;
    let malformed = |_| Fault::Malformed { what: name.to_owned(), detail: "no permissions in the reply".to_owned() };
    let permissions: Permissions = serde_json::from_slice(&reply.body).map_err(malformed)?;
    let mut list = permissions.business_object_permissions.into_iter().flatten();
    let named = |name_there: &String| name_there.eq_ignore_ascii_case(name);
    let found = list.find(|permission| permission.bus_ob_name.as_ref().is_some_and(named));
    found.ok_or_else(|| Fault::NotFound { what: format!("permissions of {name}") })
}

/// The user of the connection.
///
/// # Errors
/// Why no answer came.
pub async fn user(partner: &Cherwell) -> Result<User, Fault> {
    let username = &partner.connection.username;
    let (login, kind) = (encode(username), partner.login_kind());
    let call = format!("V2/getuserbyloginid?loginid={login}&loginidtype={kind}");
    let reply = partner.get(&call, username, SMALL_LIMIT_BYTES).await?;
    let body: Json = serde_json::from_slice(&reply.body).unwrap_or_default();
    let member = |names: [&str; 2]| names.into_iter().map(|name| &body[name]).find(|value| !value.is_null());
    let name = member(["displayName", "DisplayName"]).and_then(Json::as_str).map(short).filter(|name| !name.is_empty());
    let locked = member(["accountLocked", "AccountLocked"]).and_then(flag);
    Ok(User { name: name.unwrap_or_else(|| username.clone()), locked })
}

/// Whether a fault only means that this user may not read.
pub fn is_hidden(fault: &Fault) -> bool {
    matches!(fault, Fault::Forbidden { .. } | Fault::NotFound { .. } | Fault::NoSuchTable { .. })
}
