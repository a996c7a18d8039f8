//! The driver of every product's checklist. A product observes one item at a time; the driver makes items of the
//! observations, and stops asking where the answer would be the same for every item.

use std::time::Instant;

use jiff::Timestamp;

use super::{BoxFuture, ChecklistEvent, OnProgress};
use crate::model::check::Status;
use crate::model::checklist::{Answer, ChecklistItem, Evidence, ItemFinding, ItemId, Subject};
use crate::model::confirmation::Basis;
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::fix::Fix;
use crate::model::partner::PartnerSpec;

/// The result of checking one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// The item's status.
    pub status: Status,
    /// What was found, if anything was checked.
    pub finding: Option<ItemFinding>,
    /// The requests and replies that the finding rests on.
    pub evidence: Vec<Evidence>,
    /// Why there is no answer.
    pub fault: Option<Fault>,
    /// What itsmc can change in the product to complete the item.
    pub fix: Option<Fix>,
    /// Whether the product's admin has to be asked.
    pub ask_admin: bool,
    /// Values that a confirmation of this item depends on.
    pub basis: Basis,
}

impl Observation {
    /// A finding. An admin has to be asked where it failed or is unknown.
    pub fn new(status: Status, finding: ItemFinding) -> Self {
        let ask_admin = matches!(status, Status::Unknown | Status::Failed);
        Self { finding: Some(finding), ask_admin, ..Self::without_finding(status) }
    }

    /// A status without a finding, such as that of a skipped item.
    pub fn without_finding(status: Status) -> Self {
        let (evidence, basis) = (Vec::new(), Basis::new());
        Self { status, finding: None, evidence, fault: None, fix: None, ask_admin: false, basis }
    }

    /// The item is as required, as this value shows.
    pub fn passed(value: impl Into<String>) -> Self {
        Self::new(Status::Passed, ItemFinding::Seen { value: value.into() })
    }

    /// The item is not as required, as this value shows.
    pub fn lacks(status: Status, value: impl Into<String>) -> Self {
        Self::new(status, ItemFinding::Lacks { value: value.into() })
    }

    /// This user has no right to check the item.
    pub fn hidden() -> Self {
        Self::new(Status::Unknown, ItemFinding::CannotSee)
    }

    /// The question brought no usable answer.
    pub fn no_answer(fault: Fault) -> Self {
        let finding = if fault.needs_sign_in() { ItemFinding::NotSignedIn } else { ItemFinding::NoAnswer };
        Self { fault: Some(fault), ..Self::new(Status::Unknown, finding) }
    }

    /// Nothing was asked, because every request would meet this fault.
    pub fn not_asked(fault: &Fault) -> Self {
        Self { ask_admin: fault.needs_sign_in(), ..Self::no_answer(fault.clone()) }
    }

    /// The same, resting on this as well.
    pub fn with(mut self, evidence: impl IntoIterator<Item = Evidence>) -> Self {
        self.evidence.extend(evidence);
        self
    }

    /// The same, with the request and the value that came back.
    pub fn shown(self, asked: impl Into<String>, value: impl Into<String>) -> Self {
        self.with([evidence(asked, Answer::Value { value: value.into() })])
    }

    /// The same, with the request that its fault answered.
    pub fn refused(self, asked: impl Into<String>) -> Self {
        let answered = self.fault.clone().map(|fault| evidence(asked, Answer::Failed { fault }));
        self.with(answered)
    }

    fn into_item(self, id: ItemId, spec: &PartnerSpec, server_url: &str, started: Instant) -> ChecklistItem {
        let Self { status, finding, evidence, fault, fix, ask_admin, basis } = self;
        let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let item = ChecklistItem { status, finding, evidence, fault, fix, ask_admin, basis, ..ChecklistItem::todo(id) };
        ChecklistItem { millis, ..spec.worded(item, server_url) }
    }
}

/// A request and what came back, now.
pub fn evidence(asked: impl Into<String>, answered: Answer) -> Evidence {
    Evidence { asked: asked.into(), answered, at: Timestamp::now() }
}

/// A product's checks. What several items need is kept between the calls.
pub trait Observer: Send {
    /// Checks one item. It never fails as a call.
    fn observe<'a>(&'a mut self, id: &'a ItemId) -> BoxFuture<'a, Observation>;

    /// Whether checking the item sends requests to the product. An item that sends none is always checked.
    fn asks_product(&self, _id: &ItemId) -> bool {
        true
    }
}

/// Checks the items in order and reports each. `stopped` is the fault that every request would meet, if that is known
/// already; after such a fault no further request is sent, since that would take minutes or lock a user.
pub async fn run(
    (connection, spec): (&Connection, &PartnerSpec),
    items: Vec<ItemId>,
    observer: &mut dyn Observer,
    mut stopped: Option<Fault>,
    tell: OnProgress<'_>,
) -> Vec<ChecklistItem> {
    let server_url = connection.server_url.to_string();
    let mut done = Vec::with_capacity(items.len());
    for id in items {
        tell(ChecklistEvent::Started(id.clone()));
        let started = Instant::now();
        let observation = match &stopped {
            Some(fault) if observer.asks_product(&id) => Observation::not_asked(fault),
            _ => observer.observe(&id).await,
        };
        if stopped.is_none() {
            stopped = observation.fault.clone().filter(Fault::blocks_every_request);
        }
        let item = observation.into_item(id, spec, &server_url, started);
        tell(ChecklistEvent::Ended(Box::new(item.clone())));
        done.push(item);
    }
    done
}

/// Makes an item of a check that runs on request only.
pub async fn on_request(
    (connection, spec): (&Connection, &PartnerSpec),
    id: ItemId,
    check: impl Future<Output = Observation>,
) -> ChecklistItem {
    let started = Instant::now();
    check.await.into_item(id, spec, &connection.server_url.to_string(), started)
}

/// What the checklist of a connection is about.
pub fn subject(connection: &Connection, spec: &PartnerSpec) -> Subject {
    Subject {
        connection: connection.name.to_string(),
        product: spec.name.clone(),
        server_url: connection.server_url.to_string(),
        user_name: connection.username.clone(),
        client_id: connection.client_id.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first item meets a fault; every other one passes.
    struct First(Fault, Vec<String>);

    impl Observer for First {
        fn observe<'a>(&'a mut self, id: &'a ItemId) -> BoxFuture<'a, Observation> {
            self.1.push(id.to_string());
            let first = self.1.len() == 1;
            let (fault, id) = (self.0.clone(), id.to_string());
            Box::pin(async move { if first { Observation::no_answer(fault) } else { Observation::passed(id) } })
        }

        fn asks_product(&self, id: &ItemId) -> bool {
            *id != ItemId::own("own_knowledge")
        }
    }

    async fn asked(fault: Fault) -> (Vec<String>, Vec<(Status, Option<ItemFinding>)>) {
        let spec = crate::azure::testing::spec();
        let connection = crate::azure::testing::full("https://smoc.example", &[]);
        let items = ["first", "second", "own_knowledge"].map(ItemId::own).to_vec();
        let mut observer = First(fault, Vec::new());
        let done = run((&connection, &spec), items, &mut observer, None, &mut |_| ()).await;
        (observer.1, done.into_iter().map(|item| (item.status, item.finding)).collect())
    }

    #[tokio::test]
    async fn checklist_after_blocking_fault_asks_no_more() {
        let (asked, done) = asked(Fault::SignedOut { connection: "contoso".into() }).await;
        assert_eq!(asked, ["first", "own_knowledge"]);
        let unknown = (Status::Unknown, Some(ItemFinding::NotSignedIn));
        let passed = (Status::Passed, Some(ItemFinding::Seen { value: "own_knowledge".into() }));
        assert_eq!(done, [unknown.clone(), unknown, passed]);
    }

    #[tokio::test]
    async fn checklist_after_other_fault_goes_on() {
        let (asked, _) = asked(Fault::NoSuchTable { table: "t".into() }).await;
        assert_eq!(asked, ["first", "second", "own_knowledge"]);
    }
}
