//! What is shown of a table.

use serde::{Deserialize, Serialize};

/// What the integration user gets to see of one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Visibility {
    /// Its rows.
    Rows,
    /// 200 and no rows; ServiceNow's `X-Total-Count` counts them.
    Empty,
    /// 403; Provance names the missing privilege.
    Forbidden,
    /// As if there were no such table.
    Missing,
}
