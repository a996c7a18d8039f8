//! How a question to Azure becomes an item.

use jiff::Timestamp;

use crate::model::check::Status;
use crate::model::checklist::{Answer, ChecklistItem, Evidence, ItemFinding, ItemId};
use crate::model::fault::Fault;

/// A question to Azure and what came back; `Ok(None)` where Azure says that it is not there.
pub(crate) struct Asked<T> {
    path: String,
    pub(crate) answer: Result<Option<T>, Fault>,
    at: Timestamp,
}

impl<T> Asked<T> {
    pub(crate) fn new(path: String, answer: Result<Option<T>, Fault>) -> Self {
        Self { path, answer, at: Timestamp::now() }
    }

    /// What it is evidence of; `shown` says what matters of an answer.
    pub(crate) fn evidence(&self, shown: impl FnOnce(&T) -> String) -> Evidence {
        let answered = match &self.answer {
            Ok(Some(found)) => Answer::Value { value: shown(found) },
            Ok(None) => Answer::Value { value: "404".to_owned() },
            Err(fault) => Answer::Failed { fault: fault.clone() },
        };
        Evidence { asked: format!("GET {}", self.path), answered, at: self.at }
    }
}

/// An item that is as it should be.
pub(crate) fn seen(id: ItemId, value: String, evidence: Vec<Evidence>) -> ChecklistItem {
    ChecklistItem { evidence, ..ChecklistItem::found(id, Status::Passed, ItemFinding::Seen { value }) }
}

/// An item that is not.
pub(crate) fn lacks(id: ItemId, value: String, evidence: Vec<Evidence>) -> ChecklistItem {
    ChecklistItem { evidence, ..ChecklistItem::found(id, Status::Failed, ItemFinding::Lacks { value }) }
}

/// An item that cannot be seen, with the evidence of it.
pub(crate) fn hidden(id: ItemId, evidence: Vec<Evidence>) -> ChecklistItem {
    ChecklistItem { evidence, ..ChecklistItem::found(id, Status::Unknown, ItemFinding::CannotSee) }
}

/// An item that rests on something that is not there, which another item says.
pub(crate) fn skipped(id: ItemId) -> ChecklistItem {
    ChecklistItem { status: Status::Skipped, ..ChecklistItem::todo(id) }
}

/// An item whose question brought no answer: not allowed, not signed in, or no usable reply.
pub(crate) fn without(id: ItemId, fault: &Fault, evidence: Vec<Evidence>) -> ChecklistItem {
    let finding = match fault {
        Fault::Forbidden { .. } => ItemFinding::CannotSee,
        Fault::NotAuthenticated { .. } | Fault::NoAzureSignIn { .. } => ItemFinding::NotSignedIn,
        _ => ItemFinding::NoAnswer,
    };
    let item = ChecklistItem::found(id, Status::Unknown, finding);
    // An empty field is for whoever keeps the connection; nobody else can help.
    let ask_admin = !matches!(fault, Fault::BadForm { .. });
    ChecklistItem { fault: Some(fault.clone()), evidence, ask_admin, ..item }
}

/// An item for which nothing at all was asked.
pub(crate) fn stopped(id: ItemId, fault: &Fault) -> ChecklistItem {
    let evidence = match fault {
        Fault::BadForm { .. } => Vec::new(),
        fault => vec![Evidence {
            asked: SIGN_IN.to_owned(),
            answered: Answer::Failed { fault: fault.clone() },
            at: Timestamp::now(),
        }],
    };
    without(id, fault, evidence)
}

/// What the evidence of a sign-in is called.
const SIGN_IN: &str = "Azure sign-in";

/// By what we signed in.
pub(crate) fn signed_in(by: &str, at: Timestamp) -> Evidence {
    Evidence { asked: SIGN_IN.to_owned(), answered: Answer::Value { value: by.to_owned() }, at }
}

/// An item that nothing in Azure shows.
pub(crate) fn only_the_admin_can_say(id: ItemId) -> ChecklistItem {
    hidden(id, Vec::new())
}
