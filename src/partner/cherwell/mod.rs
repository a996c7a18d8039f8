//! Cherwell Service Management, by its REST API (documented at
//! <https://help.ivanti.com/ch/help/en_US/CSM/2023/documentation_bundle/system_administration/rest_api/>).

mod bound;
mod checks;
mod culture;
mod dates;
mod errors;
mod info;
mod item;
mod oauth;
mod order;
mod pages;
mod path;
mod rights;
mod rows;
mod steps;
#[cfg(test)]
mod tests;
mod zone;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::model::check::{Step, StepId};
use crate::model::checklist::{Checklist, ItemId};
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::partner::{PartnerSpec, WorkItemSpec};
use crate::model::sync::{Page, PageRequest, Window};
use crate::model::work_item::WorkItemKind;
use crate::net::http::{Call, Http, HttpConfig, Method, PAGE_LIMIT_BYTES, Reply, SMALL_LIMIT_BYTES};
use crate::partner::mapping::Columns;
use crate::partner::session::Session;
use crate::partner::{Access, Checks, Later, Partner, Tell, TokenLife};
use bound::Bound;
use dates::Dates;
use errors::Envelope;
use info::ServiceInfo;
use oauth::OAuth;
use order::Habits;
use pages::Ahead;
use path::{ApiPath, encode};

/// One system.
pub struct Cherwell {
    connection: Connection,
    spec: PartnerSpec,
    session: Session<OAuth>,
    api: ApiPath,
    columns: Vec<Arc<Columns>>,
    /// Locked while it is being looked up, so that it is looked up once.
    sites: tokio::sync::Mutex<Sites>,
    ahead: Mutex<Vec<Ahead>>,
}

/// What was looked up of a system.
#[derive(Default)]
struct Sites {
    setup: Option<Arc<Setup>>,
    by_kind: BTreeMap<WorkItemKind, Site>,
}

/// How a system reads and writes dates, and what was learned of it.
struct Setup {
    dates: Dates,
    habits: Habits,
}

/// All that is needed to read records of one kind.
#[derive(Clone)]
struct Site {
    setup: Arc<Setup>,
    columns: Arc<Columns>,
    bound: Arc<Bound>,
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
    /// As [`Http::new`], or a mapping that lacks what cannot be done without.
    pub fn new(access: Access, config: &HttpConfig) -> Result<Self, Fault> {
        let http = Arc::new(Http::new(&access.connection.server_url, config)?);
        let Access { connection, spec, password, keeper, mapping, .. } = access;
        let own = mapping.map(|mapping| mapping.work_items).unwrap_or_default();
        let corrected = |spec: &WorkItemSpec| {
            let own = own.iter().find(|own| own.kind == spec.kind);
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
        let session = Session::new(oauth, connection.name.to_string(), password, keeper);
        let (sites, ahead) = (tokio::sync::Mutex::default(), Mutex::default());
        Ok(Self { connection, spec, session, api, columns, sites, ahead })
    }

    fn columns(&self, kind: WorkItemKind) -> Result<Arc<Columns>, Fault> {
        let unknown = || Fault::Internal { what: format!("the asset maps no {}", kind.id()) };
        self.columns.iter().find(|columns| columns.kind() == kind).cloned().ok_or_else(unknown)
    }

    fn ahead(&self) -> MutexGuard<'_, Vec<Ahead>> {
        self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks the system of itself, which needs no sign-in.
    async fn info(&self) -> Result<(ServiceInfo, Reply), Fault> {
        let path = self.api.call("V1/serviceinfo");
        let reply = errors::check(self.session.http().get(&path, None, SMALL_LIMIT_BYTES).await?, "serviceinfo")?;
        let malformed = || Fault::Malformed { what: "serviceinfo".to_owned(), detail: "no object".to_owned() };
        let info = ServiceInfo::read(&reply.body).ok_or_else(malformed)?;
        Ok((info, reply))
    }

    /// Looks up how the system reads and writes dates, anew.
    async fn look_up(&self) -> Result<Arc<Setup>, Fault> {
        let (info, _) = self.info().await?;
        let dates = info.dates(&self.connection)?;
        let habits = Habits::new(info.pages_by_row());
        Ok(Arc::new(Setup { dates, habits }))
    }

    /// Looks up a business object and its fields, anew.
    async fn bind(&self, setup: &Arc<Setup>, kind: WorkItemKind) -> Result<Site, Fault> {
        let columns = self.columns(kind)?;
        let name = columns.source();
        let path = format!("V1/getbusinessobjectsummary/busobname/{}", encode(name));
        let summary = bound::find(name, &self.get(&path, name, SMALL_LIMIT_BYTES).await?.body)?;
        let path =
            format!("V1/getbusinessobjectschema/busobid/{}?includerelationships=false", encode(&summary.bus_ob_id));
        let schema = self.get(&path, name, PAGE_LIMIT_BYTES).await?;
        let bound = Arc::new(Bound::new(&columns, &summary, &schema.body)?);
        Ok(Site { setup: Arc::clone(setup), columns, bound })
    }

    /// All that is needed to read records of a kind; looked up the first time.
    async fn site(&self, kind: WorkItemKind) -> Result<Site, Fault> {
        let mut sites = self.sites.lock().await;
        if let Some(site) = sites.by_kind.get(&kind) {
            return Ok(site.clone());
        }
        let setup = match &sites.setup {
            Some(setup) => Arc::clone(setup),
            None => self.look_up().await?,
        };
        sites.setup = Some(Arc::clone(&setup));
        let site = self.bind(&setup, kind).await?;
        sites.by_kind.insert(kind, site.clone());
        Ok(site)
    }

    /// Looks everything up anew: what is bound for each kind that is synced, or why it is not.
    async fn rebind(&self) -> Result<(Arc<Setup>, Vec<Result<Site, Fault>>), Fault> {
        let setup = self.look_up().await?;
        let mut sites = Sites { setup: Some(Arc::clone(&setup)), ..Sites::default() };
        let mut found = Vec::new();
        for kind in WorkItemKind::ALL.into_iter().filter(|kind| self.connection.work_items.contains(kind)) {
            let site = self.bind(&setup, kind).await;
            if let Ok(site) = &site {
                sites.by_kind.insert(kind, site.clone());
            }
            found.push(site);
        }
        *self.sites.lock().await = sites;
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
        let call = Call { body: Some(Zeroizing::new(body)), ..Call::new(Method::POST, &path) };
        errors::check(self.session.send(call, limit).await?, what)
    }

    /// Whether the user's account may be used as `Windows` or `Internal`.
    fn login_kind(&self) -> &'static str {
        match self.session.flow().auth_mode.to_ascii_lowercase().as_str() {
            "windows" | "ldap" => "Windows",
            _ => "Internal",
        }
    }

    /// The mapping as it is bound now, to be corrected.
    async fn write_mapping(&self) -> Result<String, Fault> {
        let (setup, found) = self.rebind().await?;
        let mut text =
            format!("# How {} is bound to {} (seen {})\n", self.connection.name, self.spec.name, Timestamp::now());
        text.push_str(&format!("# dates: {}\n", setup.dates.culture.name));
        for site in found {
            match site {
                Ok(site) => text.push_str(&site.toml()),
                Err(fault) => text.push_str(&format!("\n# not bound: {fault}\n")),
            }
        }
        Ok(text)
    }
}

impl Site {
    fn toml(&self) -> String {
        let columns = &self.columns;
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        let mut text = format!(
            "\n[[work_item]]\nkind = \"{}\"\nsource = {}\ncolumn = [\n",
            columns.kind().id(),
            quoted(columns.source())
        );
        for (place, column) in columns.all().iter().enumerate() {
            let lacking = if self.bound.field_of(place).is_some() { "" } else { "  # no such field" };
            let (from, to) = (quoted(&column.from), quoted(&column.to));
            text.push_str(&format!(
                "    {{ from = {from}, to = {to}, holds = \"{}\" }},{lacking}\n",
                column.holds.id()
            ));
        }
        text.push_str("]\n");
        text
    }
}

impl Partner for Cherwell {
    fn test_steps(&self) -> Vec<StepId> {
        self.spec.test_steps().to_vec()
    }

    fn run_step(&self, step: StepId) -> Later<'_, Step> {
        Box::pin(steps::run(self, step))
    }

    fn count(&self, kind: WorkItemKind, window: Window) -> Later<'_, Result<u64, Fault>> {
        Box::pin(pages::count(self, kind, window))
    }

    fn page<'a>(&'a self, request: &'a PageRequest) -> Later<'a, Result<Page, Fault>> {
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

    fn mapping_file(&self) -> Later<'_, Result<Option<String>, Fault>> {
        Box::pin(async { self.write_mapping().await.map(Some) })
    }
}

impl Checks for Cherwell {
    fn items(&self) -> Vec<ItemId> {
        checks::items(self)
    }

    fn checklist<'a>(&'a self, tell: Tell<'a>) -> Later<'a, Checklist> {
        Box::pin(checks::run(self, tell))
    }
}
