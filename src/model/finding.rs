//! What a sync noticed although it went on: the data are stored, yet something about them needs the admin.
//!
//! A fault stops a sync; a finding does not. Findings stand in the sync's report, in `status` (exit code 8 of
//! `status --check`), in the tile and in the activity log until a later sync no longer has them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::field::FieldId;
use super::sweep::SweepReason;
use super::work_item::WorkItemKind;

/// One thing that a sync noticed. `texts::finding` puts each into words.
#[allow(missing_docs, reason = "the fields are named for what they hold")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum SyncFinding {
    /// The product no longer shows these attributes to this user, or never did. Stored values are kept.
    HiddenColumn { kind: WorkItemKind, columns: Vec<String> },
    /// The product's description of itself now leads to another column than the one this attribute was bound to when
    /// the connection was made, or the bound one is gone. The binding is kept.
    BindingChanged { kind: WorkItemKind, attribute: String, bound: String, now: Option<String> },
    /// The product's clock is this many seconds ahead of ours (negative: behind). itsmc uses the product's time.
    ClockDiffers { seconds: i64 },
    /// The last sync is dated in the future of this machine's clock, so its age cannot be told.
    SyncedInFuture { at: Timestamp },
    /// The newest change lies well in the future: a time zone is read wrongly, or a clock is wrong. `setting` is the
    /// field of the form that decides how times are read, where the product has one.
    ChangedInFuture { kind: WorkItemKind, newest: Timestamp, setting: Option<FieldId> },
    /// Fewer rows came than the product counted, and no reason is known.
    Incomplete { kind: WorkItemKind, counted: u64, came: u64 },
    /// Rows that were too large to be kept whole: the longest texts were cut. At most some are named.
    CutRows { kind: WorkItemKind, rows: u64, numbers: Vec<String> },
    /// Rows whose text came damaged (not UTF-8) at each try. At most some are named.
    DamagedText { kind: WorkItemKind, rows: u64, numbers: Vec<String> },
    /// Records without a number: each is stored under its id in place of that. At most some are named, by their ids.
    NoNumber { kind: WorkItemKind, rows: u64, ids: Vec<String> },
    /// Rows came, and not one of them was changed in the sync scope; nothing is stored. The latest change among them.
    OutsideScope { kind: WorkItemKind, rows: u64, newest: Timestamp },
    /// The database was damaged: it was set aside under this name, and everything was fetched again.
    Rebuilt { kept_as: String },
    /// Rows of which parts could not be read or stored, with what the product said.
    Unreadable { kind: WorkItemKind, rows: u64, detail: String },
    /// It is not known whether what is stored is what the product has: rows are hidden from this user (`hidden`), or may
    /// be gone or hidden (`unknown`), or a sweep is needed and has not run yet.
    NotVerified { kind: WorkItemKind, reason: SweepReason, hidden: u64, unknown: u64 },
}

/// So many rows a finding names at the most.
pub const NAMED: usize = 5;

impl SyncFinding {
    /// The stable code in JSON, in kebab-case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::HiddenColumn { .. } => "hidden-column",
            Self::BindingChanged { .. } => "binding-changed",
            Self::ClockDiffers { .. } => "clock-differs",
            Self::SyncedInFuture { .. } => "synced-in-future",
            Self::ChangedInFuture { .. } => "changed-in-future",
            Self::Incomplete { .. } => "incomplete",
            Self::CutRows { .. } => "cut-rows",
            Self::DamagedText { .. } => "damaged-text",
            Self::NoNumber { .. } => "no-number",
            Self::OutsideScope { .. } => "outside-scope",
            Self::Rebuilt { .. } => "rebuilt",
            Self::Unreadable { .. } => "unreadable",
            Self::NotVerified { .. } => "not-verified",
        }
    }

    /// Whether this tells all that the other one does. Hidden columns are named by the last sync as the product names
    /// them, and in the store by their attributes.
    pub fn says_as_much_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::HiddenColumn { kind, columns }, Self::HiddenColumn { kind: of, columns: others }) => {
                kind == of && columns.len() >= others.len()
            }
            _ => self == other,
        }
    }

    /// The kind of work item that it is about; `None` where it is about the connection.
    pub fn kind(&self) -> Option<WorkItemKind> {
        match self {
            Self::HiddenColumn { kind, .. }
            | Self::BindingChanged { kind, .. }
            | Self::ChangedInFuture { kind, .. }
            | Self::Incomplete { kind, .. }
            | Self::CutRows { kind, .. }
            | Self::DamagedText { kind, .. }
            | Self::NoNumber { kind, .. }
            | Self::OutsideScope { kind, .. }
            | Self::Unreadable { kind, .. }
            | Self::NotVerified { kind, .. } => Some(*kind),
            Self::Rebuilt { .. } | Self::ClockDiffers { .. } | Self::SyncedInFuture { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_the_one_in_json() {
        let finding = SyncFinding::HiddenColumn { kind: WorkItemKind::Incident, columns: vec!["state".into()] };
        assert_eq!(serde_json::to_value(&finding).unwrap()["code"], finding.code());
    }
}
