//! What became of a confirmation, as its item carries it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The settings a confirmation depends on, by name: fields of the connection (`server_url`), and values that the item
/// itself read (`ida:Username`).
pub type Basis = BTreeMap<String, String>;

/// Whether a confirmation is still valid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "said", rename_all = "snake_case")]
pub enum ConfirmationState {
    /// Valid.
    Valid {
        /// When it was confirmed.
        at: Timestamp,
    },
    /// No longer valid, because settings changed.
    Invalidated {
        /// When it was confirmed.
        at: Timestamp,
        /// The names of the settings that changed.
        changed: Vec<String>,
    },
}
