//! How a check ended.

use serde::{Deserialize, Serialize};

/// How a check ended, or why it did not. Three-valued where it matters: `Unknown` means *cannot see*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Looked, and it is as it should be.
    Passed,
    /// Looked, and it is not.
    Failed,
    /// Looked; it works, yet something deserves attention.
    Warning,
    /// We lack the right to look, or the answer proves nothing.
    Unknown,
    /// Not run, because an earlier step failed or it does not apply.
    Skipped,
    /// The admin said so; we cannot look ourselves.
    Confirmed,
    /// Not checked yet.
    Todo,
}

impl Status {
    /// The name in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Warning => "warning",
            Self::Unknown => "unknown",
            Self::Skipped => "skipped",
            Self::Confirmed => "confirmed",
            Self::Todo => "todo",
        }
    }

    /// Whether what follows may go on.
    pub fn lets_pass(self) -> bool {
        !matches!(self, Self::Failed | Self::Todo)
    }
}
