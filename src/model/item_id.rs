//! The items of a checklist by name.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An item of the checklist. As text: `oauth_active`, `role:itil`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum ItemId {
    /// The integration user has this role.
    Role(String),
    /// An item of a partner's asset, where its words stand.
    Own(String),
}

impl ItemId {
    /// The item of the asset with this id.
    pub fn own(id: &str) -> Self {
        Self::Own(id.to_owned())
    }
}

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Role(name) => write!(f, "role:{name}"),
            Self::Own(id) => f.write_str(id),
        }
    }
}

impl From<ItemId> for String {
    fn from(id: ItemId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for ItemId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if let Some(name) = text.strip_prefix("role:").filter(|name| !name.is_empty()) {
            return Ok(Self::Role(name.to_owned()));
        }
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if text.is_empty() || !text.chars().all(plain) {
            return Err(format!("'{text}' is not an item of a checklist"));
        }
        Ok(Self::Own(text))
    }
}
