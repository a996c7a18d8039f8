//! How the environment behaves at writes where environments differ.

use serde::{Deserialize, Serialize};

/// How it behaves at writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Manners {
    /// The user may make and change rows.
    pub may_write: bool,
    /// The user may make and change configuration items.
    pub may_make_items: bool,
    /// A published duplicate detection rule compares titles; it works where the client asks for it by
    /// `MSCRM.SuppressDuplicateDetection: false`. The status of its refusal: 412, or 500 as the documents' example has
    /// it; none without a rule.
    pub duplicate_status: Option<u16>,
    /// A case needs a customer.
    pub customer_required: bool,
    /// Columns of the incident table without which a row is not made.
    pub required: Vec<String>,
    /// Columns that a plugin leaves out without a word.
    pub dropped: Vec<String>,
}

impl Default for Manners {
    fn default() -> Self {
        Self {
            may_write: true,
            may_make_items: true,
            duplicate_status: None,
            customer_required: true,
            required: Vec::new(),
            dropped: Vec::new(),
        }
    }
}
