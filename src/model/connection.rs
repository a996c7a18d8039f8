//! A connection: one instance of an ITSM product, as it stands in the config file. It holds no secret.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::form::{FieldId, FieldProblem};
use super::partner::PartnerId;
use super::url::ServerUrl;
use super::work_item::WorkItemKind;

/// How many past days may be synced.
pub const SYNC_DAYS: RangeInclusive<u16> = 1..=120;

/// A connection's name: 1 to 64 letters, digits, `-`, `_` or `.`, beginning with a letter or digit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConnectionName(String);

impl ConnectionName {
    /// Reads a name.
    ///
    /// # Errors
    /// [`FieldProblem::Missing`] or [`FieldProblem::BadName`].
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        let text = text.trim();
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        if text.is_empty() {
            Err(FieldProblem::Missing)
        } else if text.chars().count() > 64 || !text.chars().all(fits) || !text.starts_with(char::is_alphanumeric) {
            Err(FieldProblem::BadName)
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ConnectionName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).map_err(|_| format!("'{text}' is not a connection name"))
    }
}

impl From<ConnectionName> for String {
    fn from(name: ConnectionName) -> Self {
        name.0
    }
}

impl fmt::Display for ConnectionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a connection gets its tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grant {
    /// By user name and password, and from then on by a refresh token that lives a fixed time.
    #[default]
    Password,
    /// By the application's own secret: no password, no refresh token, no end.
    ClientCredentials,
}

impl Grant {
    /// Every grant.
    pub const ALL: [Self; 2] = [Self::Password, Self::ClientCredentials];

    /// The name in the config file and in JSON, the same as serde's.
    pub fn id(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::ClientCredentials => "client_credentials",
        }
    }

    /// The grant with this [`id`](Self::id).
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grant| grant.id() == id)
    }

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    fn is_password(&self) -> bool {
        *self == Self::Password
    }
}

/// One connection. A key it does not know is an error, so that a secret in a config file is not passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// The name it is called by everywhere.
    pub name: ConnectionName,
    /// The partner type.
    pub partner: PartnerId,
    /// The product's base URL.
    pub server_url: ServerUrl,
    /// The integration user; empty where the partner asks for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub username: String,
    /// The OAuth application's client ID; empty where the partner asks for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub client_id: String,
    /// What is synced.
    pub work_items: Vec<WorkItemKind>,
    /// How many past days the first sync brings, 1 to 120.
    pub sync_days: u16,
    /// Whether missing configuration items are created in the product.
    #[serde(default)]
    pub create_configuration_items: bool,
    /// How it gets its tokens.
    #[serde(default, skip_serializing_if = "Grant::is_password")]
    pub grant: Grant,
    /// What only this partner asks for, by field; those left empty are left out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<FieldId, String>,
}

impl Connection {
    /// What was given for a field that only some partners ask for.
    pub fn detail(&self, field: FieldId) -> Option<&str> {
        self.details.get(&field).map(String::as_str).filter(|text| !text.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain() {
        for good in ["contoso", "ams-scsm", "é1", "a.b_c"] {
            assert!(ConnectionName::parse(good).is_ok(), "{good}");
        }
        for bad in ["a b", "-x", "a/b", "a\u{1b}", &"x".repeat(65)] {
            assert_eq!(ConnectionName::parse(bad), Err(FieldProblem::BadName), "{bad}");
        }
        assert_eq!(ConnectionName::parse("  "), Err(FieldProblem::Missing));
    }
}
