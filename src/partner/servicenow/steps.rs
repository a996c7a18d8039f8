//! The live test's steps for ServiceNow.

mod account;
pub use account::unfit;
mod data;

use super::{ServiceNow, query};
use crate::model::check::{Finding, Status, Step, StepId};
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::work_item::WorkItemKind;
use crate::net::http::{Http, Reply, SMALL_LIMIT_BYTES};
use crate::partner::foreign::Marks;
use crate::partner::live_test::{self, Steps};

/// How an instance shows itself without a sign-in: headers and cookies that live instances send.
pub const MARKS: Marks = Marks {
    product: "ServiceNow",
    headers: &["x-transaction-id", "x-is-logged-in"],
    header_parts: &["servicenow", "service-now", "glide_", "bigipserver"],
    body: &["servicenow", "service-now.com", "glide", "hibernating"],
};

impl Steps for ServiceNow {
    /// Half the life of an access token.
    const SKEW_FAILED_SECONDS: u64 = 900;

    fn connection(&self) -> &Connection {
        &self.connection
    }

    fn network(&self) -> &Http {
        self.session.http()
    }

    async fn sign_in(&self) -> Result<Finding, Fault> {
        live_test::signed_in(&self.session).await
    }

    async fn dated_reply(&self) -> Result<Reply, Fault> {
        self.session.get(&query::list("sys_user", "", "sys_id", 1, false), SMALL_LIMIT_BYTES).await
    }

    async fn check_user(&self) -> Step {
        account::user(self).await
    }

    async fn check_release(&self) -> Step {
        account::release(self).await
    }

    async fn newest(&self, kind: WorkItemKind) -> Result<(Status, Finding), Fault> {
        data::newest(self, kind).await
    }

    fn field(&self, step: StepId, fault: &Fault) -> Option<FieldId> {
        match step {
            StepId::SignIn => account::field_of(fault),
            StepId::Incident | StepId::ChangeRequest => Some(FieldId::Username),
            _ => None,
        }
    }

    fn marks(&self, step: StepId) -> Option<(&'static Marks, String)> {
        (step == StepId::SignIn).then(|| (&MARKS, "/".to_owned()))
    }
}

#[cfg(test)]
#[path = "steps/tests.rs"]
mod tests;
