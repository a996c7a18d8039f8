//! Cherwell Service Management, by its REST API (documented at
//! <https://help.ivanti.com/ch/help/en_US/CSM/2023/documentation_bundle/system_administration/rest_api/>).

mod bind;
mod checklist;
mod culture;
mod dates;
mod errors;
mod info;
mod item;
mod mapping;
mod order;
mod pages;
mod path;
mod rights;
mod rows;
mod search;
mod sign_in;
mod steps;
mod sweep;
#[cfg(test)]
pub(in crate::partner) use steps::MARKS;
#[cfg(test)]
mod tests;
pub(crate) mod tickets;
mod written;
mod zone;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use zeroize::Zeroizing;

use crate::model::check::{Step, StepId};
use crate::model::checklist::{Checklist, ItemId};
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::finding::SyncFinding;
use crate::model::form::FieldId;
use crate::model::mapping::{Drift, MappingFile};
use crate::model::partner::{PartnerSpec, WorkItemSpec};
use crate::model::sweep::{Found, SweepPage, SweepRequest};
use crate::model::sync::{Page, PageRequest, Window};
use crate::model::work_item::WorkItemKind;
use crate::net::http::{Call, Http, HttpConfig, Method, PAGE_LIMIT_BYTES, Reply, SMALL_LIMIT_BYTES};
use crate::partner::live_test;
use crate::partner::mapping::Columns;
use crate::partner::session::Session;
use crate::partner::{Access, BoxFuture, Checks, OnProgress, Partner, Sweep, Tickets, TokenLife};
use bind::{Bound, Schema, Summary};
use dates::Dates;
use errors::Envelope;
use info::ServiceInfo;
use order::PagingQuirks;
use pages::Lookahead;
use path::{ApiPath, encode};
use sign_in::OAuth;

/// One system.
pub struct Cherwell {
    connection: Connection,
    spec: PartnerSpec,
    session: Session<OAuth>,
    api: ApiPath,
    columns: Vec<Arc<Columns>>,
    /// The admin's own mapping.
    mapping: MappingFile,
    /// The binding stored when the connection was added.
    kept: MappingFile,
    /// What was noticed beside rows.
    findings: Mutex<Vec<SyncFinding>>,
    /// Locked while it is read, so that it is read once.
    objects: tokio::sync::Mutex<BoundObjects>,
    lookahead: Mutex<Vec<Lookahead>>,
    ticket_fields: tokio::sync::OnceCell<tickets::Fields>,
    items: tickets::Items,
}

/// What was looked up of a system.
#[derive(Default)]
struct BoundObjects {
    setup: Option<Arc<Setup>>,
    by_kind: BTreeMap<WorkItemKind, BoundObject>,
}

/// How a system reads and writes dates, and which quirks it has shown.
struct Setup {
    dates: Dates,
    quirks: PagingQuirks,
}

/// Everything needed to read records of one kind.
#[derive(Clone)]
struct BoundObject {
    setup: Arc<Setup>,
    columns: Arc<Columns>,
    bound: Arc<Bound>,
}

/// The path of the system's description of itself.
const SERVICE_INFO: &str = "V1/serviceinfo";

/// Whether a reply asks for a sign-in. The page of a firewall does not.
fn wants_token(reply: &Reply) -> bool {
    reply.status == 401 || reply.status == 403 && reply.is_json()
}

/// The client of a system.
///
/// # Errors
/// As [`Cherwell::new`].
pub fn connect(access: Access) -> Result<Arc<dyn Partner>, Fault> {
    let config = access.http_config();
    Ok(Arc::new(Cherwell::new(access, &config)?))
}

impl Cherwell {
    /// A system, not yet called.
    ///
    /// # Errors
    /// As [`Http::new`], or if a mapping lacks a required column.
    pub fn new(access: Access, config: &HttpConfig) -> Result<Self, Fault> {
        let http = Arc::new(Http::new(&access.connection.server_url, config)?);
        let Access { connection, spec, password, token_store, mapping, kept, .. } = access;
        let (mapping, kept) = (mapping.unwrap_or_default(), kept.unwrap_or_default());
        let corrected = |spec: &WorkItemSpec| {
            let own = mapping.kind(spec.kind).map(|(own, _)| own);
            Columns::new(own.unwrap_or(spec)).map(Arc::new)
        };
        let columns = spec.work_items.iter().map(corrected).collect::<Result<_, _>>()?;
        let api = ApiPath::of(&connection);
        let oauth = OAuth {
            http,
            api: api.clone(),
            username: connection.username.clone(),
            client_id: connection.client_id.clone(),
            auth_mode: connection.detail(FieldId::AuthMode).unwrap_or("Internal").to_owned(),
        };
        let session = Session::new(oauth, connection.name.to_string(), password, token_store);
        let (objects, lookahead, findings) = (tokio::sync::Mutex::default(), Mutex::default(), Mutex::default());
        let ticket_fields = tokio::sync::OnceCell::new();
        let items = tickets::Items::default();
        Ok(Self {
            connection,
            spec,
            session,
            api,
            columns,
            mapping,
            kept,
            findings,
            objects,
            lookahead,
            ticket_fields,
            items,
        })
    }

    fn columns(&self, kind: WorkItemKind) -> Result<Arc<Columns>, Fault> {
        let unknown = || Fault::Internal { what: format!("the asset maps no {}", kind.id()) };
        self.columns.iter().find(|columns| columns.kind() == kind).cloned().ok_or_else(unknown)
    }

    /// Notes what was noticed, once.
    fn notice(&self, finding: SyncFinding) {
        let mut findings = self.findings.lock().unwrap_or_else(PoisonError::into_inner);
        findings.retain(|known| known.code() != finding.code() || known.kind() != finding.kind() || *known == finding);
        if !findings.contains(&finding) {
            findings.push(finding);
        }
    }

    fn lookahead(&self) -> MutexGuard<'_, Vec<Lookahead>> {
        self.lookahead.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The system's description of itself, without a sign-in.
    async fn anonymous_info(&self) -> Result<Reply, Fault> {
        self.session.http().get(&self.api.call(SERVICE_INFO), None, SMALL_LIMIT_BYTES).await
    }

    /// Reads the system's description of itself: without a sign-in first, then with the token if that is refused.
    async fn info(&self) -> Result<ServiceInfo, Fault> {
        let mut reply = self.anonymous_info().await?;
        if wants_token(&reply) {
            reply = self.session.get(&self.api.call(SERVICE_INFO), SMALL_LIMIT_BYTES).await?;
        }
        let reply = errors::check(reply, "serviceinfo")?;
        let malformed = || Fault::Malformed { what: "serviceinfo".to_owned(), detail: "no object".to_owned() };
        ServiceInfo::read(&reply.body).ok_or_else(malformed)
    }

    /// Reads how the system reads and writes dates.
    async fn look_up(&self) -> Result<Arc<Setup>, Fault> {
        let info = self.info().await?;
        let dates = info.dates(&self.connection)?;
        let quirks = PagingQuirks::new(info.pages_by_row());
        Ok(Arc::new(Setup { dates, quirks }))
    }

    /// Looks up a business object and its fields.
    async fn bind(&self, setup: &Arc<Setup>, kind: WorkItemKind) -> Result<BoundObject, Fault> {
        let columns = self.columns(kind)?;
        let summary = match self.summary(columns.source()).await {
            Err(Fault::NoSuchObject { object }) => return Err(self.no_such_object(kind, object).await),
            found => found?,
        };
        let schema = self.schema_of(&summary).await?;
        if let Some((spec, lines)) = self.mapping.kind(kind) {
            let problems = schema.problems(&summary.name, spec, lines);
            if !problems.is_empty() {
                return Err(self.mapping.fault(problems));
            }
        }
        let mut bound = Bound::new(&columns, &summary, &schema)?;
        if let Some((kept, _)) = self.kept.kind(kind) {
            bound.compare(kept, &columns);
        }
        Ok(BoundObject { setup: Arc::clone(setup), columns, bound: Arc::new(bound) })
    }

    async fn summary(&self, name: &str) -> Result<Summary, Fault> {
        let path = format!("V1/getbusinessobjectsummary/busobname/{}", encode(name));
        match self.get(&path, name, SMALL_LIMIT_BYTES).await {
            Ok(reply) => bind::find(name, &reply.body),
            Err(Fault::NoSuchTable { .. }) => Err(Fault::NoSuchObject { object: name.to_owned() }),
            Err(fault) => Err(fault),
        }
    }

    async fn schema_of(&self, object: &Summary) -> Result<Schema, Fault> {
        let id = encode(&object.bus_ob_id);
        let path = format!("V1/getbusinessobjectschema/busobid/{id}?includerelationships=false");
        Schema::read(&object.name, &self.get(&path, &object.name, PAGE_LIMIT_BYTES).await?.body)
    }

    /// The kinds that are synced.
    fn kinds(&self) -> impl Iterator<Item = WorkItemKind> + '_ {
        WorkItemKind::ALL.into_iter().filter(|kind| self.connection.work_items.contains(kind))
    }

    /// The same; if the culture has several date formats, the object's own dates prove which is used.
    async fn bind_and_prove(&self, setup: &Arc<Setup>, kind: WorkItemKind) -> Result<BoundObject, Fault> {
        let object = self.bind(setup, kind).await?;
        if setup.dates.culture.needs_proof() {
            search::prove(self, &object).await?;
        }
        Ok(object)
    }

    /// Everything needed to read records of a kind; looked up the first time.
    async fn object(&self, kind: WorkItemKind) -> Result<BoundObject, Fault> {
        let mut objects = self.objects.lock().await;
        if let Some(object) = objects.by_kind.get(&kind) {
            return Ok(object.clone());
        }
        let setup = match &objects.setup {
            Some(setup) => Arc::clone(setup),
            None => self.look_up().await?,
        };
        objects.setup = Some(Arc::clone(&setup));
        let object = self.bind_and_prove(&setup, kind).await?;
        objects.by_kind.insert(kind, object.clone());
        Ok(object)
    }

    /// Looks everything up again: the binding of each synced kind, or why there is none.
    async fn rebind(&self) -> Result<(Arc<Setup>, Vec<Result<BoundObject, Fault>>), Fault> {
        let setup = self.look_up().await?;
        let mut objects = BoundObjects { setup: Some(Arc::clone(&setup)), ..BoundObjects::default() };
        let mut found = Vec::new();
        for kind in self.kinds() {
            let object = self.bind_and_prove(&setup, kind).await;
            if let Ok(object) = &object {
                objects.by_kind.insert(kind, object.clone());
            }
            found.push(object);
        }
        *self.objects.lock().await = objects;
        Ok((setup, found))
    }

    /// Fetches a small answer; an error within a success is an error.
    async fn get(&self, call: &str, what: &str, limit: u64) -> Result<Reply, Fault> {
        let reply = errors::check(self.session.get(&self.api.call(call), limit).await?, what)?;
        match Envelope::read(&reply.body).fault(what) {
            Some(fault) => Err(fault),
            None => Ok(reply),
        }
    }

    /// Posts JSON; the reply's texts are in the culture of the system's own setup.
    async fn post(&self, call: &str, body: String, culture: &str, what: &str, limit: u64) -> Result<Reply, Fault> {
        let path = format!("{}?locale={}", self.api.call(call), encode(culture));
        let call = Call { body: Some(Zeroizing::new(body)), ..Call::new(Method::POST, &path).of_rows() };
        errors::check(self.session.send(call, limit).await?, what)
    }

    /// Whether the user's account may be used as `Windows` or `Internal`.
    fn login_kind(&self) -> &'static str {
        match self.session.flow().auth_mode.to_ascii_lowercase().as_str() {
            "windows" | "ldap" => "Windows",
            _ => "Internal",
        }
    }
}

impl Partner for Cherwell {
    fn run_step(&self, step: StepId) -> BoxFuture<'_, Step> {
        Box::pin(live_test::run_step(self, step))
    }

    fn count(&self, kind: WorkItemKind, window: Window) -> BoxFuture<'_, Result<u64, Fault>> {
        Box::pin(pages::count(self, kind, window))
    }

    fn page<'a>(&'a self, request: &'a PageRequest) -> BoxFuture<'a, Result<Page, Fault>> {
        Box::pin(pages::page(self, request))
    }

    fn http(&self) -> Option<&Http> {
        Some(self.session.http())
    }

    fn requests(&self) -> u64 {
        self.session.http().requests()
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

    fn mapping_file(&self) -> BoxFuture<'_, Result<Option<String>, Fault>> {
        Box::pin(async { mapping::text(self).await.map(Some) })
    }

    fn binding(&self) -> BoxFuture<'_, Result<Option<MappingFile>, Fault>> {
        Box::pin(async { mapping::bound(self).await.map(Some) })
    }

    fn drift(&self) -> BoxFuture<'_, Result<Vec<Drift>, Fault>> {
        Box::pin(mapping::drift(self))
    }

    fn findings(&self) -> Vec<SyncFinding> {
        self.findings.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn shows<'a>(&'a self, kind: WorkItemKind, attribute: &'a str) -> BoxFuture<'a, Result<Option<bool>, Fault>> {
        Box::pin(mapping::shows(self, kind, attribute))
    }
}

impl Sweep for Cherwell {
    fn marks<'a>(&'a self, request: &'a SweepRequest) -> BoxFuture<'a, Result<SweepPage, Fault>> {
        Box::pin(sweep::marks(self, request))
    }

    fn fetch<'a>(
        &'a self,
        kind: WorkItemKind,
        ids: &'a [String],
    ) -> BoxFuture<'a, Result<Vec<(String, Found)>, Fault>> {
        Box::pin(sweep::fetch(self, kind, ids))
    }

    fn fetch_limit(&self) -> usize {
        sweep::FETCH_LIMIT
    }
}

impl Checks for Cherwell {
    fn items(&self) -> Vec<ItemId> {
        checklist::items(self)
    }

    fn checklist<'a>(&'a self, tell: OnProgress<'a>) -> BoxFuture<'a, Checklist> {
        Box::pin(checklist::run(self, tell))
    }
}
