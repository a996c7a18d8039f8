//! Operations that Azure Resource Manager has begun and will end later
//! (<https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations>).
//!
//! A 202 names where to ask: `Azure-AsyncOperation` answers `{"status":"InProgress"}` until a final status, with status
//! 200 for a failure as well; `Location` answers 202 until it has ended.

use std::time::Duration;

use serde_json::Value;

use super::{Arm, short};
use crate::model::fault::{Fault, Service};
use crate::net::http::{Call, Method, Reply};

/// Waits between questions where Azure names none, in milliseconds: short ones first, since most operations take a
/// second or two.
const WAITS: [u64; 6] = [250, 500, 1000, 2000, 3000, 5000];

/// The longest wait between questions, in seconds.
const LONGEST_WAIT: u64 = 60;

/// How long an operation may take altogether.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// Where to ask about an operation.
pub(super) struct Operation {
    path: String,
    /// Whether the answer tells a status, rather than being the result.
    tells_status: bool,
    wait: Option<u64>,
}

/// How far a resource or an operation is, as it tells itself.
pub(super) enum State {
    /// Not at its end.
    Running,
    /// At its end.
    Succeeded,
    /// At its end, without success.
    Failed(Failure),
}

/// What an operation said of its failure.
pub(super) struct Failure {
    code: String,
    message: String,
}

impl Failure {
    /// The fault of a change of this resource.
    pub(super) fn at_path(self, what: &str) -> Box<Fault> {
        let (error_code, detail) = (short(&self.code), short(&self.message));
        Box::new(Fault::OperationFailed { what: what.to_owned(), error_code, detail })
    }
}

impl State {
    /// The state that a body tells: an operation by `status`, a resource by `properties.provisioningState`. `None` for one
    /// that tells none.
    pub(super) fn of(body: &Value) -> Option<Self> {
        let told = body["status"].as_str().or_else(|| body["properties"]["provisioningState"].as_str())?;
        let error = if body["error"].is_object() { &body["error"] } else { &body["properties"]["error"] };
        Some(match told.to_ascii_lowercase().as_str() {
            "succeeded" => Self::Succeeded,
            "failed" | "canceled" | "cancelled" => Self::Failed(Failure {
                code: error["code"].as_str().unwrap_or(told).to_owned(),
                message: message_of(error),
            }),
            _ => Self::Running,
        })
    }
}

/// The message of an error, with those of its details.
fn message_of(error: &Value) -> String {
    let details = error["details"].as_array().into_iter().flatten();
    let told = std::iter::once(error).chain(details).filter_map(|one| one["message"].as_str());
    told.collect::<Vec<_>>().join(" ")
}

/// The operation that a reply began; `None` where it is at its end already.
///
/// # Errors
/// [`Fault::Redirected`] when it is to be asked about elsewhere: another host gets no token of ours.
pub(super) fn begun(arm: &Arm, reply: &Reply) -> Result<Option<Operation>, Fault> {
    if !matches!(reply.status, 200..=202) {
        return Ok(None);
    }
    let wait = reply.retry_after(jiff::Timestamp::now());
    // A 200 or 201 may carry the operation's address as well; its result is then not the last word.
    let status = reply.header("azure-asyncoperation");
    let location = reply.header("location").filter(|_| reply.status == 202);
    let Some((link, tells_status)) = status.map(|link| (link, true)).or(location.map(|link| (link, false))) else {
        return Ok(None);
    };
    let path = arm.own(link).map_err(|fault| fault.at(Service::ResourceManager))?;
    Ok(Some(Operation { path, tells_status, wait }))
}

impl Operation {
    /// Asks until it has ended.
    ///
    /// # Errors
    /// [`Fault::OperationFailed`]; [`Fault::NotYet`] when it does not end; what kept an answer from coming.
    pub(super) async fn ended(mut self, arm: &Arm, what: &str) -> Result<(), Fault> {
        let began = tokio::time::Instant::now();
        for turn in 0.. {
            pause(turn, self.wait).await;
            let reply = arm.send(Call::new(Method::GET, &self.path)).await?;
            self.wait = reply.retry_after(jiff::Timestamp::now());
            let still = !self.tells_status && reply.status == 202;
            if !still && let Some(outcome) = self.outcome(reply, what) {
                return outcome;
            }
            if began.elapsed() > LIMIT {
                break;
            }
        }
        Err(Fault::NotYet { what: what.to_owned(), seconds: LIMIT.as_secs() })
    }

    /// What an answer says of the end; `None` while it goes on.
    fn outcome(&self, reply: Reply, what: &str) -> Option<Result<(), Fault>> {
        if reply.status == 204 || (reply.status == 200 && reply.body.is_empty() && !self.tells_status) {
            return Some(Ok(()));
        }
        let read = super::read::<Value>(reply, &self.path).map_err(|fault| fault.at(Service::ResourceManager));
        match read {
            Err(fault) => Some(Err(fault)),
            Ok(None) => Some(Err(Fault::OperationFailed {
                what: what.to_owned(),
                error_code: "NotFound".to_owned(),
                detail: "Azure no longer knows the operation.".to_owned(),
            })),
            Ok(Some(body)) => match State::of(&body) {
                Some(State::Running) => None,
                Some(State::Failed(failure)) => Some(Err(*failure.at_path(what))),
                Some(State::Succeeded) => Some(Ok(())),
                None if self.tells_status => None,
                None => Some(Ok(())),
            },
        }
    }
}

/// Asks for a resource until it says that it is provisioned.
///
/// # Errors
/// As [`Operation::ended`].
pub(super) async fn until_provisioned(arm: &Arm, path: &str) -> Result<Value, Fault> {
    let began = tokio::time::Instant::now();
    for turn in 0.. {
        pause(turn, None).await;
        let resource: Option<Value> = arm.get(path).await?;
        let resource = resource.ok_or_else(|| Fault::NotFound { what: super::what(path) })?;
        match State::of(&resource) {
            Some(State::Running) => {}
            Some(State::Failed(failure)) => return Err(*failure.at_path(&super::what(path))),
            Some(State::Succeeded) | None => return Ok(resource),
        }
        if began.elapsed() > LIMIT {
            break;
        }
    }
    Err(Fault::NotYet { what: super::what(path), seconds: LIMIT.as_secs() })
}

async fn pause(turn: usize, asked: Option<u64>) {
    tokio::time::sleep(wait(turn, asked)).await;
}

/// How long to wait before a question. Who is told of a wait that is over waits as usual, so that Azure is not asked without a pause.
fn wait(turn: usize, asked: Option<u64>) -> Duration {
    let usual = Duration::from_millis(WAITS[turn.min(WAITS.len() - 1)]);
    let asked = asked.filter(|seconds| *seconds > 0);
    asked.map_or(usual, |seconds| Duration::from_secs(seconds.min(LONGEST_WAIT)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_never_asked_about_without_a_pause() {
        assert_eq!(wait(0, Some(7)), Duration::from_secs(7));
        assert_eq!(wait(0, Some(u64::MAX)), Duration::from_secs(LONGEST_WAIT));
        assert_eq!([wait(0, None), wait(0, Some(0))], [Duration::from_millis(250); 2]);
        assert_eq!([wait(99, None), wait(99, Some(0))], [Duration::from_secs(5); 2]);
    }
}
