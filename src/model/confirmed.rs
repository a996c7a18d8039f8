//! What became of a confirmation, as its item carries it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What was said of, by name: fields of the connection (`server_url`), and what the item itself saw (`ida:Username`).
pub type State = BTreeMap<String, String>;

/// What became of a confirmation, seen on its item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "said", rename_all = "snake_case")]
pub enum Said {
    /// It stands.
    Stands {
        /// When it was said.
        at: Timestamp,
    },
    /// It has fallen: it was said of something else.
    Fallen {
        /// When it was said.
        at: Timestamp,
        /// What is another since, by name.
        changed: Vec<String>,
    },
}
