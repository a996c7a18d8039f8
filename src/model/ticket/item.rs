//! Why a configuration item was not made.

use serde::{Deserialize, Serialize};

/// Why a missing configuration item was not made although the connection permits it. `texts::ticket` puts each into words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum NotMade {
    /// No table of the product is known to hold configuration items.
    NoTable,
    /// Several tables may hold them.
    SeveralTables {
        /// Their names.
        names: Vec<String>,
    },
    /// The ticket has no column that refers to one.
    NoColumn,
    /// The product's description names no operation that makes one.
    NoOperation {
        /// What it has instead.
        detail: String,
    },
    /// The product's description names no operation that finds one by its name: it could be made twice.
    NoSearch,
    /// The answer to an earlier request for it was lost: it may still be made.
    MayBeMade,
    /// The one that was made for this name is switched off in the product.
    Inactive,
}
