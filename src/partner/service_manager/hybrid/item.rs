//! How a question to Azure becomes an observation.

use jiff::Timestamp;

use crate::model::check::Status;
use crate::model::checklist::{Answer, Evidence, ItemFinding};
use crate::model::fault::Fault;
use crate::partner::checklist::{Observation, evidence};

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

/// An item that rests on something that is not there, which another item says.
pub(crate) fn skipped() -> Observation {
    Observation::without_finding(Status::Skipped)
}

/// An item whose question brought no answer: not allowed, not signed in, or no usable reply.
pub(crate) fn without(fault: &Fault, evidence: Vec<Evidence>) -> Observation {
    let finding = match fault {
        Fault::AzureForbidden { .. } => ItemFinding::CannotSee,
        Fault::NotAuthenticated { .. } | Fault::NoAzureSignIn { .. } => ItemFinding::NotSignedIn,
        _ => ItemFinding::NoAnswer,
    };
    // Only the owner of the connection can fill in an empty field.
    let ask_admin = !matches!(fault, Fault::BadForm { .. });
    Observation { finding: Some(finding), ask_admin, ..Observation::no_answer(fault.clone()) }.with(evidence)
}

/// An item for which nothing at all was asked.
pub(crate) fn stopped(fault: &Fault) -> Observation {
    let observation = without(fault, Vec::new());
    if matches!(fault, Fault::BadForm { .. }) { observation } else { observation.refused(SIGN_IN) }
}

/// The name of a sign-in in the evidence.
const SIGN_IN: &str = "Azure sign-in";

/// How itsmc signed in.
pub(crate) fn signed_in(by: &str) -> Evidence {
    evidence(SIGN_IN, Answer::Value { value: by.to_owned() })
}
