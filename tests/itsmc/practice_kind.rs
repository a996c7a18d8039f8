//! The practice servers' names of what the client names itself: they share no type with it.

use itsmc::model::work_item::WorkItemKind;

/// The practice servers' name of a kind.
pub fn practice_kind(kind: WorkItemKind) -> itsmc_practice::WorkItemKind {
    itsmc_practice::WorkItemKind::from_id(kind.id()).unwrap()
}
