//! The wizard's draft: what was typed before the admin left, so that it can be taken up again. By its type it
//! cannot hold a secret.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::form::FieldId;
use super::partner::PartnerId;
use super::work_item::WorkItemKind;

/// A half-made connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The partner type that was chosen.
    pub partner: PartnerId,
    /// The step of the wizard that was open, by its id.
    pub step: String,
    /// What was typed, by field; never a secret field.
    #[serde(default)]
    pub texts: BTreeMap<FieldId, String>,
    /// The work items that were chosen.
    #[serde(default)]
    pub work_items: BTreeSet<WorkItemKind>,
    /// Whether missing configuration items are created.
    #[serde(default)]
    pub create_configuration_items: bool,
    /// When each prerequisite was confirmed, by its id.
    #[serde(default)]
    pub confirmed: BTreeMap<String, Timestamp>,
}
