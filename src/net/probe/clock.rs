//! Compares the clocks: the date of a reply against the middle of the request's duration.

use jiff::Timestamp;

use crate::model::check::{Finding, Status, Step, StepId};
use crate::model::fault::Fault;
use crate::net::http::Reply;

/// From here on the clocks deserve attention, in seconds. Below, it is the reply's way and the whole
/// seconds of its date.
const WARNING_SECONDS: u64 = 60;

/// Judges by a reply to a request that was sent at `before`. From more than `tolerated_seconds` on the clocks must be
/// set first.
pub fn clock(before: Timestamp, reply: &Reply, tolerated_seconds: u64) -> Step {
    let Some(theirs) = reply.date() else {
        return Step::found(StepId::Clock, Status::Unknown, Finding::NoDate);
    };
    let ours = before + Timestamp::now().duration_since(before) / 2;
    let seconds = theirs.duration_since(ours).as_secs();
    let finding = Finding::ClockSkew { seconds };
    match seconds.unsigned_abs() {
        skew if skew > tolerated_seconds => {
            Step { finding: Some(finding), ..Step::failed(StepId::Clock, Fault::ClockSkew { seconds }, None) }
        }
        skew if skew > WARNING_SECONDS => Step::found(StepId::Clock, Status::Warning, finding),
        _ => Step::found(StepId::Clock, Status::Passed, finding),
    }
}
