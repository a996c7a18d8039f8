//! How the system behaves at writes where systems differ.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How it behaves at writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Manners {
    /// Fields without which a new incident is not saved.
    pub required: Vec<String>,
    /// Fields without which an incident does not get a status.
    pub required_for: BTreeMap<String, Vec<String>>,
    /// Fields that are left out without a word.
    pub dropped: Vec<String>,
    /// The field that holds a client's key; without one the key is what stands in square brackets in the short
    /// description, otherwise the short description itself.
    pub key_field: String,
}

impl Default for Manners {
    fn default() -> Self {
        let closing = || vec!["CloseDescription".to_owned()];
        Self {
            required: Vec::new(),
            required_for: BTreeMap::from([("Resolved".to_owned(), closing()), ("Closed".to_owned(), closing())]),
            dropped: Vec::new(),
            key_field: String::new(),
        }
    }
}
