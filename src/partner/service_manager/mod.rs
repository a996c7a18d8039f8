//! System Center Service Manager through the web app that Microsoft made for the old connector (Azure/SMOMSConnector).
//!
//! The web app's routes are not public, so they are read from its own description of itself when connecting, and bound
//! to what is needed; an admin can correct the binding. `docs/partners.md` says what could not be verified.

mod ask;
mod bind;
mod checklist;
mod culprit;
mod describe;
mod drift;
mod errors;
mod fetch;
mod file;
mod home_page;
pub mod hybrid;
mod names;
mod pages;
mod proof;
mod rows;
mod sample;
mod sign_in;
mod steps;
mod sweep;
#[cfg(test)]
pub(in crate::partner) use steps::MARKS;
#[cfg(test)]
mod testing;
mod tickets;
mod tokens;
mod version;
mod web_app_test;

use std::sync::{Arc, Mutex, PoisonError};

use jiff::SignedDuration;
use tokio::sync::OnceCell;

use crate::model::check::{Step, StepId};
use crate::model::checklist::{ChecklistItem, ItemId};
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::finding::SyncFinding;
use crate::model::mapping::{Drift, MappingFile};
use crate::model::partner::PartnerSpec;
use crate::model::secret::Secret;
use crate::model::sync::{Page, PageRequest, Window};
use crate::model::work_item::WorkItemKind;
use crate::net::http::{Http, HttpConfig, PAGE_LIMIT_BYTES};
use crate::partner::live_test;
use crate::partner::session::Session;
use crate::partner::{Access, BoxFuture, Checks, OnProgress, Partner, Sweep, Tickets, TokenLife};
use bind::Bound;
use describe::Operation;
use fetch::Source;
use pages::Memory;
use proof::{Filter, Way};
use sign_in::Flow;
use sweep::Listed;

/// How long a change may stay behind the web app's cache (`app:CacheTimeout`, of which neither the usual value nor the
/// unit is public): an increment begins so much earlier.
const CACHE_MARGIN: SignedDuration = SignedDuration::from_mins(15);

/// One web app.
pub struct ServiceManager {
    connection: Connection,
    spec: PartnerSpec,
    client_secret: Option<Secret>,
    mapping: Option<MappingFile>,
    kept: Option<MappingFile>,
    /// How the description differs from what is kept, of the kinds that were asked for.
    drift: Mutex<Vec<Drift>>,
    config: HttpConfig,
    session: Session<Flow>,
    operations: OnceCell<Vec<Operation>>,
    sources: [OnceCell<(Source, Filter)>; 2],
    memory: Memory,
    listed: Listed,
    routes: [OnceCell<Option<String>>; 2],
    ticket_routes: OnceCell<tickets::Routes>,
    items: tickets::Items,
}

/// The client of a web app.
///
/// # Errors
/// What keeps a client from being made.
pub fn connect(access: Access) -> Result<Arc<dyn Partner>, Fault> {
    let config = access.http_config();
    Ok(Arc::new(ServiceManager::new(access, &config)?))
}

impl ServiceManager {
    /// A web app, not yet called.
    ///
    /// # Errors
    /// What keeps a client from being made: an authority that is not allowed, no tenant, no trust roots.
    pub fn new(access: Access, config: &HttpConfig) -> Result<Self, Fault> {
        let Access { connection, spec, password, client_secret, token_store, mapping, kept, .. } = access;
        let flow = Flow::new(&connection, client_secret.clone(), config)?;
        let session = Session::new(flow, connection.name.to_string(), password, token_store);
        Ok(Self {
            connection,
            spec,
            client_secret,
            mapping,
            kept,
            drift: Mutex::default(),
            config: config.clone(),
            session,
            operations: OnceCell::new(),
            sources: [OnceCell::new(), OnceCell::new()],
            memory: Memory::default(),
            listed: Listed::default(),
            routes: [OnceCell::new(), OnceCell::new()],
            ticket_routes: OnceCell::new(),
            items: tickets::Items::default(),
        })
    }

    /// The operations of the web app's description. Anybody may read it, as far as is known; where not, it is asked for
    /// with our token.
    async fn operations(&self) -> Result<&Vec<Operation>, Fault> {
        self.operations.get_or_try_init(|| self.read_operations()).await
    }

    async fn read_description(&self) -> Result<Vec<u8>, Fault> {
        let reply = match self.session.http().get(describe::PATH, None, PAGE_LIMIT_BYTES).await? {
            refused if matches!(refused.status, 401 | 403) => {
                self.session.get(describe::PATH, PAGE_LIMIT_BYTES).await?
            }
            reply => reply,
        };
        Ok(errors::check(reply, describe::PATH)?.body.into_bytes())
    }

    async fn read_operations(&self) -> Result<Vec<Operation>, Fault> {
        let mut operations = describe::read(&self.read_description().await?)?;
        for kind in &self.connection.work_items {
            let Some(asset) = self.spec.work_item(*kind) else { continue };
            // Only where the description does not do by itself.
            if bind::bind(&operations, asset, self.own(*kind)).is_err() {
                sample::look(&self.session, &mut operations, asset).await?;
            }
        }
        Ok(operations)
    }

    /// The route that gives one work item of a kind by its id, once it is known.
    fn routes_cell(&self, kind: WorkItemKind) -> &OnceCell<Option<String>> {
        &self.routes[usize::from(kind == WorkItemKind::ChangeRequest)]
    }

    /// How a kind is bound, by the description and the admin's mapping.
    async fn bound(&self, kind: WorkItemKind) -> Result<Bound, Fault> {
        let unknown = || Fault::Internal { what: format!("the asset maps no {}", kind.id()) };
        let asset = self.spec.work_item(kind).ok_or_else(unknown)?;
        match self.operations().await {
            Ok(operations) => {
                let bound = bind::bind(operations, asset, self.own(kind))?;
                if !self.is_own(kind) && !operations.iter().any(|one| one.is_at(&bound.verb, &bound.path)) {
                    let detail = format!(
                        "the description no longer has {}; 'itsmc connection mapping NAME --rebind' binds to what it has now",
                        bound.shown()
                    );
                    return Err(Fault::NotBound { what: kind.id().to_owned(), detail });
                }
                Ok(bound)
            }
            // A mapping that names everything needs no description.
            Err(fault) => bind::bind(&[], asset, self.own(kind)).map_err(|_| fault),
        }
    }

    /// Whether the admin's own mapping says how a kind is bound.
    fn is_own(&self, kind: WorkItemKind) -> bool {
        self.mapping.as_ref().is_some_and(|own| own.kind(kind).is_some() || own.routes.contains_key(kind.id()))
    }

    /// What says how a kind is bound: the admin's own mapping, else what is kept from connect time.
    fn own(&self, kind: WorkItemKind) -> Option<&MappingFile> {
        if self.is_own(kind) { self.mapping.as_ref() } else { self.kept.as_ref() }
    }

    /// How it is bound now, as what is kept: the kinds that can be bound and that the admin's mapping does not name.
    async fn binding_now(&self) -> Result<MappingFile, Fault> {
        let mut all = Vec::new();
        for kind in self.connection.work_items.iter().filter(|kind| !self.is_own(**kind)) {
            match self.bound(*kind).await {
                Ok(bound) => all.push(bound),
                Err(Fault::NotBound { .. }) => {}
                Err(fault) => return Err(fault),
            }
        }
        let strange = |_| Fault::Internal { what: "its own mapping file cannot be read".to_owned() };
        MappingFile::read(&file::text(&all)).map_err(strange)
    }

    /// Where a kind comes from, and what its filter of time filters by.
    async fn source(&self, kind: WorkItemKind) -> Result<(&Source, Filter), Fault> {
        let cell = &self.sources[usize::from(kind == WorkItemKind::ChangeRequest)];
        let (source, filter) = cell.get_or_try_init(|| self.find_source(kind)).await?;
        Ok((source, *filter))
    }

    /// How the description differs from what is kept of a kind; the admin's own mapping is never held against it.
    fn drift_of(&self, kind: WorkItemKind, operations: &[Operation]) -> Vec<Drift> {
        let kept = self.kept.as_ref().filter(|_| !self.is_own(kind));
        let both = kept.zip(self.spec.work_item(kind));
        both.map(|(kept, asset)| drift::of(operations, asset, kept)).unwrap_or_default()
    }

    async fn find_source(&self, kind: WorkItemKind) -> Result<(Source, Filter), Fault> {
        let source = Source::new(self.bound(kind).await?)?;
        if let Ok(operations) = self.operations().await {
            let found = self.drift_of(kind, operations);
            let mut all = self.drift.lock().unwrap_or_else(PoisonError::into_inner);
            all.retain(|drift| drift.kind != kind);
            all.extend(found);
        }
        let filter = proof::filter(&source, &self.session).await?;
        Ok((source, filter))
    }

    async fn way(&self, kind: WorkItemKind) -> Result<(&Source, Way), Fault> {
        let (source, filter) = self.source(kind).await?;
        Ok((source, proof::way(source, filter)))
    }

    async fn page_of(&self, request: &PageRequest) -> Result<Page, Fault> {
        let paged = async {
            let (source, way) = self.way(request.kind).await?;
            pages::page(source, &self.session, way, &self.memory, request).await
        };
        self.explained(paged.await).await
    }

    async fn count_of(&self, kind: WorkItemKind, window: Window) -> Result<u64, Fault> {
        let counted = async {
            let (source, way) = self.way(kind).await?;
            pages::count(source, &self.session, way, window).await
        };
        self.explained(counted.await).await
    }

    /// An outcome with the culprit of its fault, where the start page names it.
    async fn explained<T>(&self, outcome: Result<T, Fault>) -> Result<T, Fault> {
        match outcome {
            Ok(done) => Ok(done),
            Err(fault) => Err(culprit::named(self, fault).await),
        }
    }

    /// What is bound, and for what is not what the description has to choose from.
    async fn mapping_text(&self) -> Result<String, Fault> {
        let (mut all, mut lacking) = (Vec::new(), Vec::new());
        for kind in &self.connection.work_items {
            match self.bound(*kind).await {
                Ok(bound) => all.push(bound),
                Err(Fault::NotBound { detail, .. }) => lacking.push((*kind, detail)),
                Err(fault) => return Err(fault),
            }
        }
        let operations = self.operations().await.map(Vec::as_slice).unwrap_or_default();
        Ok(file::text(&all) + &file::unbound(&lacking, operations))
    }
}

impl Partner for ServiceManager {
    fn run_step(&self, step: StepId) -> BoxFuture<'_, Step> {
        Box::pin(live_test::run_step(self, step))
    }

    fn count(&self, kind: WorkItemKind, window: Window) -> BoxFuture<'_, Result<u64, Fault>> {
        Box::pin(self.count_of(kind, window))
    }

    fn page<'a>(&'a self, request: &'a PageRequest) -> BoxFuture<'a, Result<Page, Fault>> {
        Box::pin(self.page_of(request))
    }

    fn http(&self) -> Option<&Http> {
        Some(self.session.http())
    }

    fn requests(&self) -> u64 {
        self.session.flow().requests()
    }

    fn overlap(&self) -> SignedDuration {
        CACHE_MARGIN
    }

    fn checks(&self) -> Option<&dyn Checks> {
        Some(self)
    }

    fn token_life(&self) -> Option<&dyn TokenLife> {
        Some(self)
    }

    fn sweep(&self) -> Option<&dyn Sweep> {
        Some(self)
    }

    fn tickets(&self) -> Option<&dyn Tickets> {
        Some(self)
    }

    fn findings(&self) -> Vec<SyncFinding> {
        self.drift.lock().unwrap_or_else(PoisonError::into_inner).iter().map(Drift::finding).collect()
    }

    fn shows<'a>(&'a self, kind: WorkItemKind, attribute: &'a str) -> BoxFuture<'a, Result<Option<bool>, Fault>> {
        Box::pin(async move {
            let bound = self.bound(kind).await?;
            // Without a description it cannot be told.
            let operations = self.operations().await.map(Vec::as_slice).unwrap_or_default();
            Ok(drift::shows(operations, &bound, attribute))
        })
    }

    fn drift(&self) -> BoxFuture<'_, Result<Vec<Drift>, Fault>> {
        Box::pin(async {
            let operations = self.operations().await?;
            Ok(self.connection.work_items.iter().flat_map(|kind| self.drift_of(*kind, operations)).collect())
        })
    }

    fn binding(&self) -> BoxFuture<'_, Result<Option<MappingFile>, Fault>> {
        Box::pin(async { self.binding_now().await.map(Some) })
    }

    fn mapping_file(&self) -> BoxFuture<'_, Result<Option<String>, Fault>> {
        Box::pin(async { self.mapping_text().await.map(Some) })
    }
}

impl Checks for ServiceManager {
    fn items(&self) -> Vec<ItemId> {
        checklist::items(self)
    }

    fn checklist<'a>(&'a self, tell: OnProgress<'a>) -> BoxFuture<'a, crate::model::checklist::Checklist> {
        Box::pin(checklist::run(self, tell))
    }

    fn on_request<'a>(&'a self, item: &ItemId) -> Option<BoxFuture<'a, ChecklistItem>> {
        let is_it = item.to_string() == checklist::WEB_APP_TEST;
        is_it.then(|| Box::pin(web_app_test::run(self)) as BoxFuture<'a, ChecklistItem>)
    }
}

#[cfg(test)]
mod tests;
