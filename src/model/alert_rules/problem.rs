//! What may be wrong in a file of rules. `texts::alert` puts each into words.

use serde::{Deserialize, Serialize};

/// Something that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleProblem {
    /// The line in the file, from 1.
    pub line: usize,
    /// The rule, where it is in one that has a name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// What is wrong.
    #[serde(flatten)]
    pub wrong: RuleWrong,
}

/// What may be wrong.
#[allow(missing_docs, reason = "the fields are named for what they hold")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "problem", rename_all = "kebab-case")]
pub enum RuleWrong {
    /// It is no TOML, or a value of the wrong type.
    NotToml { detail: String },
    /// A key that means nothing here.
    UnknownKey { key: String, nearest: Option<String> },
    /// A key that must be there.
    Missing { key: String },
    /// A value that is none of those that it may be.
    NotOneOf { key: String, value: String, allowed: Vec<String> },
    /// A number outside its bounds.
    OutOfRange { key: String, value: i64, from: i64, to: i64 },
    /// A rule of this name stands above.
    Twice { line: usize },
    /// There is no such connection.
    NoSuchConnection { name: String, nearest: Option<String> },
    /// The product of the connection does not have this.
    NotInProduct { key: String, value: String, product: String },
    /// A placeholder that means nothing.
    UnknownPlaceholder { placeholder: String, nearest: Option<String> },
    /// An earlier rule takes every alert.
    Unreachable { rule: String, line: usize },
}

impl RuleWrong {
    /// Whether rules with it can be used all the same.
    pub fn is_warning(&self) -> bool {
        matches!(self, Self::Unreachable { .. })
    }
}
