//! A whole live test: each step in order, without those that an earlier failure makes pointless.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

use super::Partner;
use crate::model::check::{Finding, Status, Step, StepId};
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::sync::Window;
use crate::model::work_item::WorkItemKind;

/// What happens during a live test.
#[allow(clippy::large_enum_variant, reason = "one exists at a time")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TestEvent {
    /// A step begins.
    Started(StepId),
    /// A step ended, or was not run.
    Ended(Step),
}

/// The failed step that keeps `step` from being run, if there is one among `done`.
pub fn blocked_by(step: StepId, done: &[Step]) -> Option<StepId> {
    let mut needed = step.needs();
    while let Some(id) = needed {
        if done.iter().any(|earlier| earlier.id == id && earlier.status == Status::Failed) {
            return Some(id);
        }
        needed = id.needs();
    }
    None
}

/// Runs every step in order and tells of each as it begins and ends. Dropping the future stops it.
pub async fn run_test(partner: &dyn Partner, mut tell: impl FnMut(TestEvent) + Send) -> Vec<Step> {
    let mut done = Vec::new();
    for id in partner.test_steps() {
        let step = match blocked_by(id, &done) {
            Some(because) => Step::not_run(id, because),
            None => {
                tell(TestEvent::Started(id));
                partner.run_step(id).await
            }
        };
        tell(TestEvent::Ended(step.clone()));
        done.push(step);
    }
    done
}

/// How many rows the first sync will bring: the step of that name, for every product that can count.
pub async fn scope(partner: &dyn Partner, connection: &Connection) -> Step {
    match counts(partner, connection).await {
        Ok(counts) => {
            let finding = Finding::Scope { counts, days: connection.sync_days };
            Step::found(StepId::Scope, Status::Passed, finding)
        }
        Err(Fault::Forbidden { .. } | Fault::NotFound { .. }) => {
            Step::found(StepId::Scope, Status::Unknown, Finding::ScopeNotVisible)
        }
        // A sync does without a count: that it cannot be had is no reason not to connect.
        Err(fault) if is_of_the_count(&fault) => {
            Step { fault: Some(fault), ..Step::found(StepId::Scope, Status::Warning, Finding::ScopeNotVisible) }
        }
        Err(fault) => Step::failed(StepId::Scope, fault, Some(FieldId::SyncDays)),
    }
}

/// Whether a fault lies with the counting alone.
fn is_of_the_count(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::PartnerError { .. }
            | Fault::PartnerRefused { .. }
            | Fault::PartnerTimedOut { .. }
            | Fault::NoSuchTable { .. }
            | Fault::NotJson { .. }
            | Fault::Malformed { .. }
            | Fault::Truncated { .. }
            | Fault::TooLarge { .. }
    )
}

/// How many rows of each kind the connection's sync scope holds.
///
/// # Errors
/// What kept one of them from being counted.
pub async fn counts(partner: &dyn Partner, connection: &Connection) -> Result<Vec<(String, u64)>, Fault> {
    let span = SignedDuration::from_hours(24 * i64::from(connection.sync_days));
    // Change times are the product's, and so is the scope's beginning.
    let ahead = partner.http().and_then(|http| http.clock_ahead()).unwrap_or_default();
    let now = Timestamp::now();
    let window = Window { from: now.checked_add(ahead).unwrap_or(now) - span, before: None };
    let mut counts = Vec::new();
    for kind in WorkItemKind::ALL.into_iter().filter(|kind| connection.work_items.contains(kind)) {
        counts.push((kind.id().to_owned(), partner.count(kind, window).await?));
    }
    Ok(counts)
}

/// A step with the time it took.
pub fn timed(started: Instant, step: Step) -> Step {
    Step { millis: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX), ..step }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::model::sync::{Page, PageRequest};
    use crate::partner::BoxFuture;

    struct Failing {
        step: StepId,
        ran: Mutex<Vec<StepId>>,
    }

    impl Partner for Failing {
        fn test_steps(&self) -> Vec<StepId> {
            vec![StepId::NameLookup, StepId::Connection, StepId::Tls, StepId::SignIn, StepId::Clock, StepId::User]
        }

        fn run_step(&self, step: StepId) -> BoxFuture<'_, Step> {
            self.ran.lock().unwrap().push(step);
            let fault = Fault::Internal { what: String::new() };
            let passed = Step::found(step, Status::Passed, Finding::NoDate);
            let done = if step == self.step { Step::failed(step, fault, None) } else { passed };
            Box::pin(async { done })
        }

        fn count(&self, _: WorkItemKind, _: Window) -> BoxFuture<'_, Result<u64, Fault>> {
            Box::pin(async { Ok(0) })
        }

        fn page<'a>(&'a self, _: &'a PageRequest) -> BoxFuture<'a, Result<Page, Fault>> {
            Box::pin(async { Err(Fault::Interrupted) })
        }

        fn requests(&self) -> u64 {
            0
        }
    }

    struct Uncounted(Fault);

    impl Partner for Uncounted {
        fn test_steps(&self) -> Vec<StepId> {
            vec![StepId::Scope]
        }

        fn run_step(&self, _: StepId) -> BoxFuture<'_, Step> {
            Box::pin(async { Step::todo(StepId::Scope) })
        }

        fn count(&self, _: WorkItemKind, _: Window) -> BoxFuture<'_, Result<u64, Fault>> {
            let fault = self.0.clone();
            Box::pin(async move { Err(fault) })
        }

        fn page<'a>(&'a self, _: &'a PageRequest) -> BoxFuture<'a, Result<Page, Fault>> {
            Box::pin(async { Err(Fault::Interrupted) })
        }

        fn requests(&self) -> u64 {
            0
        }
    }

    #[tokio::test]
    async fn d16_a_count_that_cannot_be_had_is_a_warning() {
        let connection = Connection {
            name: crate::model::connection::ConnectionName::parse("contoso").unwrap(),
            partner: crate::model::partner::PartnerId::new("servicenow"),
            server_url: crate::model::url::ServerUrl::parse("https://contoso.service-now.com", &[]).unwrap().0,
            username: "u".into(),
            client_id: "c".into(),
            work_items: WorkItemKind::ALL.to_vec(),
            sync_days: 30,
            create_configuration_items: false,
            grant: crate::model::connection::Grant::Password,
            details: std::collections::BTreeMap::new(),
        };
        let error =
            |status| Fault::PartnerError { status, message: "m".into(), detail: String::new(), transaction: None };
        for fault in [error(500), error(400), Fault::NoSuchTable { table: "incident".into() }] {
            assert_eq!(scope(&Uncounted(fault), &connection).await.status, Status::Warning);
        }
        let fault = Fault::SignedOut { connection: "contoso".into() };
        assert_eq!(scope(&Uncounted(fault), &connection).await.status, Status::Failed);
    }

    async fn not_run(failing: StepId) -> (Vec<StepId>, usize) {
        let partner = Failing { step: failing, ran: Mutex::default() };
        let mut events = Vec::new();
        let steps = run_test(&partner, |event| events.push(event)).await;
        let because = Some(Finding::NotRun { because: failing });
        let skipped: Vec<_> = steps.iter().filter(|step| step.finding == because).map(|step| step.id).collect();
        let ran = partner.ran.lock().unwrap().len();
        assert_eq!(ran + skipped.len(), partner.test_steps().len());
        assert_eq!(events.len(), partner.test_steps().len() + ran);
        (skipped, ran)
    }

    #[tokio::test]
    async fn what_depends_on_a_failed_step_is_not_run() {
        use StepId::{Clock, Connection, SignIn, Tls, User};
        assert_eq!(not_run(Connection).await, (vec![Tls, SignIn, Clock, User], 2));
        assert_eq!(not_run(SignIn).await, (vec![Clock, User], 4));
        assert_eq!(not_run(Clock).await, (vec![], 6));
    }
}
