//! How the instance behaves where instances differ: data policies, business rules, and what the documents leave open.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::access::Verb;

/// How it behaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Manners {
    /// What comes of a POST with a `sys_id` that a row has already.
    pub same_sys_id: SameSysId,
    /// Closed incidents cannot be changed without `admin`.
    pub closed_read_only: bool,
    /// Columns without which an incident is not resolved.
    pub resolve_needs: Vec<String>,
    /// Columns without which a row of a table is not saved.
    pub mandatory: Vec<Mandatory>,
    /// The status of a refusal by a data policy: 403, or 400.
    pub policy_status: u16,
    /// Business rules, in their order.
    pub business_rules: Vec<BusinessRule>,
    /// `object_id` is a column of every class of configuration items; otherwise of virtual machines only.
    pub object_id_everywhere: bool,
    /// The identification engine works without a data source; otherwise such a payload is put aside as incomplete.
    pub works_without_source: bool,
    /// The staging table has a transform map.
    pub transform_map: bool,
    /// The column on which the transform map coalesces; every row is a new incident without one.
    pub coalesce: String,
    /// Alerts of Event Management make incidents.
    pub alerts_make_incidents: bool,
}

impl Default for Manners {
    fn default() -> Self {
        Self {
            same_sys_id: SameSysId::Refused,
            closed_read_only: true,
            resolve_needs: vec!["close_code".into(), "close_notes".into()],
            mandatory: Vec::new(),
            policy_status: 403,
            business_rules: Vec::new(),
            object_id_everywhere: true,
            works_without_source: false,
            transform_map: true,
            coalesce: "correlation_id".into(),
            alerts_make_incidents: false,
        }
    }
}

/// What comes of a POST with a `sys_id` that a row has already. No document says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SameSysId {
    /// 403 with the database's violation of a unique key.
    Refused,
    /// 201 with another row and another id: a double.
    Another,
}

/// Columns that a data policy asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mandatory {
    /// The table.
    pub table: String,
    /// The columns.
    pub columns: Vec<String>,
    /// Only where the row holds these values.
    #[serde(default)]
    pub when: BTreeMap<String, String>,
}

/// What the instance does by itself with a write over the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BusinessRule {
    /// Its name, which a refusal tells.
    pub name: String,
    /// The table.
    pub table: String,
    /// At which writes; inserts and updates if none is named.
    #[serde(default)]
    pub on: Vec<Verb>,
    /// Only where the row holds these values after the write.
    #[serde(default)]
    pub when: BTreeMap<String, String>,
    /// Refuses the write.
    #[serde(default)]
    pub abort: bool,
    /// Refuses values of a column that are not in its list.
    #[serde(default)]
    pub only: BTreeMap<String, Vec<String>>,
    /// Columns that are silently left as they were.
    #[serde(default)]
    pub drop: Vec<String>,
    /// Values that it sets itself.
    #[serde(default)]
    pub set: BTreeMap<String, String>,
}

impl BusinessRule {
    /// Whether it runs at such a write.
    pub(crate) fn runs_at(&self, verb: Verb) -> bool {
        if self.on.is_empty() { verb != Verb::Delete } else { self.on.contains(&verb) }
    }
}
