//! Provance, a solution on Dynamics 365: its tables by the Dataverse Web API (documented at
//! <https://learn.microsoft.com/power-apps/developer/data-platform/webapi/overview>), its sign-in by Microsoft Entra.
//!
//! The names of Provance's tables and columns are not public. itsmc finds them in the environment's description of itself and
//! shows them; the admin's mapping file can correct them.

mod bind;
mod checklist;
mod describe;
mod errors;
mod pages;
mod query;
mod rows;
mod shows;
mod sign_in;
mod steps;
#[cfg(test)]
pub(in crate::partner) use steps::MARKS;
mod sweep;
mod synonyms;
#[cfg(test)]
mod tests;
pub(crate) mod tickets;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use crate::model::check::{Step, StepId};
use crate::model::checklist::{Checklist, ItemId};
use crate::model::connection::{Connection, Grant};
use crate::model::fault::Fault;
use crate::model::finding::SyncFinding;
use crate::model::mapping::{Drift, MappingFile};
use crate::model::partner::PartnerSpec;
use crate::model::sync::{Page, PageRequest, Window};
use crate::model::ticket::NotMade;
use crate::model::work_item::WorkItemKind;
use crate::net::http::{Http, PAGE_LIMIT_BYTES, Reply};
use crate::partner::live_test;
use crate::partner::session::Session;
use crate::partner::{Access, BoxFuture, Checks, OnProgress, Partner, Sweep, Tickets, TokenLife};
use bind::{Binding, Bound};
use pages::Links;
use sign_in::Dataverse;

/// One environment.
pub struct Provance {
    connection: Connection,
    spec: PartnerSpec,
    session: Session<Dataverse>,
    mapping: Option<MappingFile>,
    /// The binding, once found.
    binding: OnceCell<Arc<Binding>>,
    kept: Option<MappingFile>,
    links: Links,
    /// Whether `$count` beside rows was refused.
    uncounted: AtomicBool,
    /// The table of configuration items, once it was looked for.
    items: OnceCell<Result<tickets::item::Items, NotMade>>,
    /// Rows with an unreadable change time.
    unreadable: Mutex<BTreeMap<WorkItemKind, u64>>,
}

/// The client of an environment.
///
/// # Errors
/// As [`Provance::new`].
pub fn connect(access: Access) -> Result<Arc<dyn Partner>, Fault> {
    Ok(Arc::new(Provance::new(access)?))
}

impl Provance {
    /// An environment, not yet called.
    ///
    /// # Errors
    /// What keeps its client from being made.
    pub fn new(access: Access) -> Result<Self, Fault> {
        let config = access.http_config();
        let Access { connection, spec, password, client_secret, token_store, mapping, kept, .. } = access;
        let flow = Dataverse::new(&connection, client_secret, config)?;
        let session = Session::new(flow, connection.name.to_string(), password, token_store);
        let (binding, items, links) = (OnceCell::new(), OnceCell::new(), Links::default());
        let (uncounted, unreadable) = (AtomicBool::new(false), Mutex::default());
        Ok(Self { connection, spec, session, mapping, kept, binding, items, links, uncounted, unreadable })
    }

    /// What it is bound to.
    ///
    /// # Errors
    /// [`Fault::NotBound`], and why the description could not be read.
    async fn binding(&self) -> Result<&Arc<Binding>, Fault> {
        self.binding.get_or_try_init(|| async { bind::find(self).await.map(Arc::new) }).await
    }

    async fn bound(&self, kind: WorkItemKind) -> Result<Bound, Fault> {
        self.binding().await?.bound(kind)
    }

    /// Fetches a successful reply in JSON. Nothing is sent while the product has asked to wait.
    async fn fetch(&self, path: &str, what: &str, prefer: Option<String>, limit: u64) -> Result<Reply, Fault> {
        let call = query::call(path, prefer);
        let call = if limit == PAGE_LIMIT_BYTES { call.of_rows() } else { call };
        let reply = self.session.send(call, limit).await?;
        let checked = errors::check(reply, what);
        if let Err(Fault::RateLimited { retry_after_seconds, rule, .. }) = &checked {
            self.session.http().keep_silent(*retry_after_seconds, rule.as_deref());
        }
        checked
    }

    /// Counts rows without a place in the order, for a finding at the end of a sync.
    fn note_unreadable(&self, kind: WorkItemKind, rows: u64) {
        if rows > 0 {
            *self.unreadable.lock().unwrap_or_else(PoisonError::into_inner).entry(kind).or_default() += rows;
        }
    }

    /// Who signs in: the user or the application.
    fn signed_in_as(&self) -> String {
        match self.connection.grant {
            Grant::Password => self.connection.username.clone(),
            Grant::ClientCredentials => self.connection.client_id.clone(),
        }
    }
}

impl Partner for Provance {
    fn run_step(&self, step: StepId) -> BoxFuture<'_, Step> {
        Box::pin(live_test::run_step(self, step))
    }

    fn count(&self, kind: WorkItemKind, window: Window) -> BoxFuture<'_, Result<u64, Fault>> {
        Box::pin(async move { pages::count(self, &self.bound(kind).await?, window).await })
    }

    fn page<'a>(&'a self, request: &'a PageRequest) -> BoxFuture<'a, Result<Page, Fault>> {
        Box::pin(async move { pages::page(self, &self.bound(request.kind).await?, request).await })
    }

    fn counts_exactly(&self) -> bool {
        true
    }

    fn http(&self) -> Option<&Http> {
        Some(self.session.http())
    }

    fn requests(&self) -> u64 {
        self.session.flow().requests()
    }

    fn findings(&self) -> Vec<SyncFinding> {
        let drift = self.binding.get().map(|binding| binding.drift.as_slice()).unwrap_or_default();
        let drift = drift.iter().filter(|drift| self.connection.work_items.contains(&drift.kind));
        let changed = drift.map(Drift::finding);
        let unreadable = self.unreadable.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let unreadable = unreadable.into_iter().map(|(kind, rows)| SyncFinding::Unreadable {
            kind,
            rows,
            detail: "modifiedon".to_owned(),
        });
        changed.chain(unreadable).collect()
    }

    fn shows<'a>(&'a self, kind: WorkItemKind, attribute: &'a str) -> BoxFuture<'a, Result<Option<bool>, Fault>> {
        Box::pin(shows::shows(self, kind, attribute))
    }

    fn checks(&self) -> Option<&dyn Checks> {
        Some(self)
    }

    fn token_life(&self) -> Option<&dyn TokenLife> {
        Some(&self.session)
    }

    fn sweep(&self) -> Option<&dyn Sweep> {
        Some(self)
    }

    fn tickets(&self) -> Option<&dyn Tickets> {
        Some(self)
    }

    fn binding(&self) -> BoxFuture<'_, Result<Option<MappingFile>, Fault>> {
        Box::pin(async { Ok(Some(Provance::binding(self).await?.to_keep(self.mapping.as_ref()))) })
    }

    fn drift(&self) -> BoxFuture<'_, Result<Vec<Drift>, Fault>> {
        Box::pin(async { Ok(Provance::binding(self).await?.drift.clone()) })
    }

    fn mapping_file(&self) -> BoxFuture<'_, Result<Option<String>, Fault>> {
        Box::pin(async { bind::text(self).await.map(Some) })
    }
}

impl Checks for Provance {
    fn items(&self) -> Vec<ItemId> {
        checklist::items(self)
    }

    fn checklist<'a>(&'a self, tell: OnProgress<'a>) -> BoxFuture<'a, Checklist> {
        Box::pin(checklist::run(self, tell))
    }
}
