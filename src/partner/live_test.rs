//! The live test, for every product: which steps there are and in which order, and how each is run. A product supplies
//! only what differs, as [`Steps`].

use std::future::Future;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

use super::Partner;
use super::foreign::{self, Marks};
use super::session::{Session, SignIn};
use crate::model::check::{DateDoubt, Finding, Status, Step, StepId};
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::sync::Window;
use crate::model::work_item::WorkItemKind;
use crate::net::http::{Http, Reply};
use crate::net::probe;

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

/// What a product supplies for its live test. Each call is independent, so that a step can be run again alone.
pub trait Steps: Partner {
    /// The difference of the clocks, in seconds, from which the step fails.
    const SKEW_FAILED_SECONDS: u64;

    /// The connection.
    fn connection(&self) -> &Connection;

    /// The client of the product's own interface.
    fn network(&self) -> &Http;

    /// Signs in, or checks that the held tokens still work.
    ///
    /// Fails with what the product answered.
    fn sign_in(&self) -> impl Future<Output = Result<Finding, Fault>> + Send;

    /// Any reply of the product: its date is compared with our clock.
    ///
    /// Fails with what the product answered.
    fn dated_reply(&self) -> impl Future<Output = Result<Reply, Fault>> + Send;

    /// Whether the user is who we think, and may be used.
    fn check_user(&self) -> impl Future<Output = Step> + Send;

    /// The product's release, where it tells one.
    fn check_release(&self) -> impl Future<Output = Step> + Send {
        async { Step::todo(StepId::Release) }
    }

    /// What was bound, where the product describes itself.
    fn check_binding(&self) -> impl Future<Output = Step> + Send {
        async { Step::todo(StepId::Binding) }
    }

    /// The newest row of a kind, and what that says.
    ///
    /// Fails with what the product answered.
    fn newest(&self, kind: WorkItemKind) -> impl Future<Output = Result<(Status, Finding), Fault>> + Send;

    /// The form field to go back to after a fault of a step.
    fn field(&self, _step: StepId, _fault: &Fault) -> Option<FieldId> {
        None
    }

    /// The marks of the product and the path to look for them, where the failure of this step may mean that something else
    /// answers.
    fn marks(&self, _step: StepId) -> Option<(&'static Marks, String)> {
        None
    }

    /// The step with a better explanation of its fault, if the product has one.
    fn explained(&self, step: Step) -> impl Future<Output = Step> + Send {
        async { step }
    }
}

/// Runs one step and times it.
pub async fn run_step(product: &impl Steps, step: StepId) -> Step {
    let started = Instant::now();
    let http = product.network();
    let done = match step {
        StepId::NameLookup => probe::name_lookup(http).await,
        StepId::Connection => probe::connection(http).await,
        StepId::Tls => probe::tls(http).await,
        StepId::SignIn => match product.sign_in().await {
            Ok(finding) => Step::found(step, Status::Passed, finding),
            Err(fault) => failed(product, step, fault),
        },
        StepId::Clock => clock(product).await,
        StepId::User => product.check_user().await,
        StepId::Release => product.check_release().await,
        StepId::Binding => product.check_binding().await,
        StepId::Incident => row(product, step, WorkItemKind::Incident).await,
        StepId::ChangeRequest => row(product, step, WorkItemKind::ChangeRequest).await,
        StepId::Scope => scope(product, product.connection()).await,
    };
    let done = match product.marks(step) {
        Some((marks, path)) => foreign::judged(marks, http, &path, done).await,
        None => done,
    };
    let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    Step { millis, ..product.explained(done).await }
}

fn failed(product: &impl Steps, step: StepId, fault: Fault) -> Step {
    let field = product.field(step, &fault);
    Step::failed(step, fault, field)
}

/// Compares the clocks: the date of a reply against the middle of the request's duration.
async fn clock<P: Steps>(product: &P) -> Step {
    let before = Timestamp::now();
    match product.dated_reply().await {
        Ok(reply) => probe::clock(before, &reply, P::SKEW_FAILED_SECONDS),
        Err(fault) => failed(product, StepId::Clock, fault),
    }
}

/// Whether a row of this kind can be read; the newest one is.
async fn row(product: &impl Steps, step: StepId, kind: WorkItemKind) -> Step {
    if !product.connection().work_items.contains(&kind) {
        return Step::found(step, Status::Skipped, Finding::NotSelected);
    }
    match product.newest(kind).await {
        Ok((status, finding)) => {
            let field = match &finding {
                Finding::RowDoubtful { doubt: DateDoubt::Future { .. }, .. } => Some(FieldId::TimeZone),
                Finding::RowDoubtful { doubt: DateDoubt::DayOrMonth { .. }, .. } => Some(FieldId::Culture),
                _ => None,
            };
            Step { field, ..Step::found(step, status, finding) }
        }
        Err(fault) => failed(product, step, fault),
    }
}

/// Signs in if the session can do so by itself, or checks that the stored tokens still work; returns how long they live.
///
/// # Errors
/// What the product answered.
pub async fn signed_in<S: SignIn>(session: &Session<S>) -> Result<Finding, Fault> {
    let fresh = session.can_sign_in();
    let tokens = if fresh { session.sign_in().await? } else { session.tokens().await? };
    let known = tokens.sign_in.lifespan_known;
    Ok(match (tokens.sign_in.ends(), fresh) {
        (None, _) => Finding::SignedInWithoutEnd,
        (Some(expires), true) => Finding::SignedIn { expires, known },
        (Some(expires), false) => Finding::AlreadySignedIn { expires, known },
    })
}

/// The finding if no row came: without rights the answer is as empty as without rows.
pub fn seen_or_unknown(finding: Finding) -> (Status, Finding) {
    let status = if matches!(finding, Finding::RowRead { .. }) { Status::Passed } else { Status::Unknown };
    (status, finding)
}

/// Runs every step in order and reports the beginning and end of each. Dropping the future stops it.
pub async fn run_test(partner: &dyn Partner, steps: &[StepId], mut tell: impl FnMut(TestEvent) + Send) -> Vec<Step> {
    let mut done = Vec::new();
    for &id in steps {
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
pub async fn scope(partner: &(impl Partner + ?Sized), connection: &Connection) -> Step {
    match counts(partner, connection).await {
        Ok(counts) => {
            let finding = Finding::Scope { counts, days: connection.sync_days };
            Step::found(StepId::Scope, Status::Passed, finding)
        }
        Err(Fault::Forbidden { .. } | Fault::NotFound { .. }) => {
            Step::found(StepId::Scope, Status::Unknown, Finding::ScopeNotVisible)
        }
        // A sync works without a count, so a missing count does not fail the test.
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
/// Why one of them could not be counted.
pub async fn counts(partner: &(impl Partner + ?Sized), connection: &Connection) -> Result<Vec<(String, u64)>, Fault> {
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
            workspaces: Vec::new(),
            known_as: None,
        };
        let error =
            |status| Fault::PartnerError { status, message: "m".into(), detail: String::new(), transaction: None };
        for fault in [error(500), error(400), Fault::NoSuchTable { table: "incident".into() }] {
            assert_eq!(scope(&Uncounted(fault), &connection).await.status, Status::Warning);
        }
        let fault = Fault::SignedOut { connection: "contoso".into() };
        assert_eq!(scope(&Uncounted(fault), &connection).await.status, Status::Failed);
    }

    const STEPS: [StepId; 6] =
        [StepId::NameLookup, StepId::Connection, StepId::Tls, StepId::SignIn, StepId::Clock, StepId::User];

    async fn not_run(failing: StepId) -> (Vec<StepId>, usize) {
        let partner = Failing { step: failing, ran: Mutex::default() };
        let mut events = Vec::new();
        let steps = run_test(&partner, &STEPS, |event| events.push(event)).await;
        let because = Some(Finding::NotRun { because: failing });
        let skipped: Vec<_> = steps.iter().filter(|step| step.finding == because).map(|step| step.id).collect();
        let ran = partner.ran.lock().unwrap().len();
        assert_eq!(ran + skipped.len(), STEPS.len());
        assert_eq!(events.len(), STEPS.len() + ran);
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
