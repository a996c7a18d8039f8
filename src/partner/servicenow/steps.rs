//! The live test's steps for ServiceNow.

mod account;
pub use account::unfit;
mod data;

use std::time::Instant;

use super::ServiceNow;
use crate::model::check::{Step, StepId};
use crate::model::work_item::WorkItemKind;
use crate::net::probe;
use crate::partner::foreign::{self, Marks};
use crate::partner::live_test;

/// How an instance shows itself without a sign-in: headers and cookies that live instances send.
pub(in crate::partner) const MARKS: Marks = Marks {
    product: "ServiceNow",
    headers: &["x-transaction-id", "x-is-logged-in"],
    header_parts: &["servicenow", "service-now", "glide_", "bigipserver"],
    body: &["servicenow", "service-now.com", "glide", "hibernating"],
};

/// Runs one step and times it.
pub async fn run(partner: &ServiceNow, step: StepId) -> Step {
    let started = Instant::now();
    let http = partner.session.http();
    let done = match step {
        StepId::NameLookup => probe::name_lookup(http).await,
        StepId::Connection => probe::connection(http).await,
        StepId::Tls => probe::tls(http).await,
        StepId::SignIn => account::sign_in(partner).await,
        StepId::Clock => account::clock(partner).await,
        StepId::User => account::user(partner).await,
        StepId::Release => account::release(partner).await,
        // Its tables and columns are known beforehand.
        StepId::Binding => Step::todo(step),
        StepId::Incident => data::row(partner, step, WorkItemKind::Incident).await,
        StepId::ChangeRequest => data::row(partner, step, WorkItemKind::ChangeRequest).await,
        StepId::Scope => live_test::scope(partner, &partner.connection).await,
    };
    let done = match step {
        StepId::SignIn => foreign::judged(&MARKS, http, "/", done).await,
        _ => done,
    };
    live_test::timed(started, done)
}

#[cfg(test)]
#[path = "steps/tests.rs"]
mod tests;
