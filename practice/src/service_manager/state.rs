//! The web app: everything it knows, behind locks.

use std::sync::{Mutex, MutexGuard};

use axum::Router;
use serde_json::{Value, json};

use super::data::{self, Happening, Trickle};
use super::faults::FaultKind;
use super::layout::Layout;
use super::manners::Manners;
use super::options::{Options, Setting};
use super::rows::{Item, Rows};
use super::{admin_api, http};
use crate::WorkItemKind;
use crate::azure::relay::{Azure, AzurePlace};
use crate::core::rng::{Rng, stable_guid};
use crate::core::tickets::Change;
use crate::core::{Base, Control, Controlled, RequestRecord, ServerState, lock};
use crate::entra::{Application, Authority, Directory, Resource, Tenant};
use crate::{PracticeError, SignInDetails};

/// A change that is still behind the cache.
#[derive(Debug)]
struct Pending {
    seconds: f64,
    kind: WorkItemKind,
    item: Item,
}

/// The work items, and what is to become of them.
pub(super) struct Items {
    pub(super) incidents: Rows,
    pub(super) changes: Rows,
    pending: Vec<Pending>,
    trickle: Trickle,
    rng: Rng,
}

impl Items {
    pub(super) fn rows(&self, kind: WorkItemKind) -> &Rows {
        match kind {
            WorkItemKind::Incident => &self.incidents,
            WorkItemKind::ChangeRequest => &self.changes,
        }
    }

    fn rows_mut(&mut self, kind: WorkItemKind) -> &mut Rows {
        match kind {
            WorkItemKind::Incident => &mut self.incidents,
            WorkItemKind::ChangeRequest => &mut self.changes,
        }
    }

    /// A work item as Service Manager has it, the cache left aside.
    pub(super) fn truth(&self, kind: WorkItemKind, number: u32) -> Option<&Item> {
        let pending = self.pending.iter().rev().find(|change| change.kind == kind && change.item.number == number);
        pending.map(|change| &change.item).or_else(|| self.rows(kind).get(number))
    }

    /// Every work item of a kind as Service Manager has it.
    pub(super) fn truths(&self, kind: WorkItemKind) -> Vec<&Item> {
        let last = self.next_number(kind);
        let first = self.rows(kind).all().next().map_or(last, |item| item.number);
        (first..last).filter_map(|number| self.truth(kind, number)).collect()
    }

    fn next_number(&self, kind: WorkItemKind) -> u32 {
        let pending = self.pending.iter().filter(|change| change.kind == kind).map(|change| change.item.number + 1);
        pending.max().unwrap_or(0).max(self.rows(kind).next_number())
    }

    fn write(&mut self, kind: WorkItemKind, item: Item, hidden_for: f64) {
        if hidden_for > 0.0 {
            self.pending.push(Pending { seconds: hidden_for, kind, item });
        } else {
            self.rows_mut(kind).put(item);
        }
    }

    fn pass(&mut self, seconds: f64) {
        let mut ripe = Vec::new();
        self.pending.retain_mut(|change| {
            change.seconds -= seconds;
            let wait = change.seconds > 0.0;
            if !wait {
                ripe.push((change.kind, change.item.clone()));
            }
            wait
        });
        ripe.into_iter().for_each(|(kind, item)| self.rows_mut(kind).put(item));
    }
}

/// What may be told to change while it runs.
#[derive(Debug, Clone)]
pub(super) struct Setup {
    pub(super) layout: Layout,
    pub(super) missing: Vec<Setting>,
    pub(super) account: String,
    pub(super) api_version: Option<String>,
    pub(super) cache_seconds: f64,
    pub(super) manners: Manners,
}

/// One web app.
pub struct State {
    /// Faults, requests and clock.
    pub(super) base: Base<FaultKind>,
    pub(super) options: Options,
    pub(super) authority: Authority,
    pub(super) azure: Azure,
    setup: Mutex<Setup>,
    items: Mutex<Items>,
    written: Mutex<Vec<Written>>,
    computers: Mutex<Vec<Computer>>,
}

/// A computer.
#[derive(Debug, Clone)]
pub(super) struct Computer {
    /// Its GUID.
    pub(super) id: String,
    /// Its name.
    pub(super) name: String,
    /// What it is.
    pub(super) description: String,
    /// For so many seconds still it is behind the cache.
    pub(super) hidden_for: f64,
}

/// One write over the web app, carried out or refused.
#[derive(Debug, Clone)]
pub(super) struct Written {
    /// The incident's Id; empty where none was made.
    pub(super) id: String,
    pub(super) change: Change,
}

/// The management server, to which the hybrid connection leads.
const SERVER_NAME: &str = "scsm01.practice.example";

/// What there is in Azure of it.
fn place() -> AzurePlace {
    AzurePlace { endpoint: Some(format!("{SERVER_NAME}:5724")), ..AzurePlace::default() }
}

fn guid(name: &str) -> String {
    stable_guid("service-manager", name)
}

impl Controlled for State {
    type Fault = FaultKind;
    type Record = RequestRecord;

    fn base(&self) -> &Base<FaultKind> {
        &self.base
    }

    fn summary(&self) -> Value {
        let setup = self.setup().clone();
        let items = self.items();
        json!({
            "layout": setup.layout,
            "missing": setup.missing,
            "api_version": setup.api_version,
            "cache_seconds": setup.cache_seconds,
            "manners": setup.manners,
            "incidents": items.incidents.len(),
            "change_requests": items.changes.len(),
        })
    }
}

impl ServerState for State {
    const NAME: &'static str = "service-manager";
    type Options = Options;

    fn port(options: &Options) -> u16 {
        options.port
    }

    fn new(options: Options, url: String) -> Result<Self, PracticeError> {
        let sign_in = details(&options, url);
        let authority = Authority::new(sign_in.url.clone(), directory(&sign_in, &options));
        let azure = Azure::at(&sign_in.url, place())?;
        let now = jiff::Timestamp::now().as_millisecond();
        let items = Items {
            incidents: data::make(WorkItemKind::Incident, options.rows, options.seed, (now, options.lifelike)),
            changes: data::make(WorkItemKind::ChangeRequest, options.rows, options.seed, (now, options.lifelike)),
            pending: Vec::new(),
            trickle: Trickle::new(options.seed),
            rng: Rng::new(options.seed ^ 0x6164_6465_6421),
        };
        let setup = Setup {
            layout: options.layout,
            missing: options.missing.clone(),
            account: "svc-itsm".to_owned(),
            api_version: options.api_version.clone(),
            cache_seconds: options.cache_seconds,
            manners: options.manners.clone(),
        };
        Ok(Self {
            base: Base::new(sign_in),
            options,
            authority,
            azure,
            setup: Mutex::new(setup),
            items: Mutex::new(items),
            written: Mutex::default(),
            computers: Mutex::default(),
        })
    }

    fn router(control: Control<Self>) -> Router {
        let beside = control.0.authority.router().merge(control.0.azure.router());
        admin_api::routes().fallback(http::answer).with_state(control).merge(beside)
    }

    fn pass(&self, seconds: f64) {
        self.items().pass(seconds);
        self.computers().iter_mut().for_each(|one| one.hidden_for -= seconds);
        if self.options.speed <= 0.0 {
            return;
        }
        let happened = self.items().trickle.pass(seconds * self.options.speed);
        for happening in happened {
            match happening {
                Happening::Open(kind) => {
                    self.open(kind, None);
                }
                Happening::Change(kind, back, status) => self.change_recent(kind, back, status),
            }
        }
    }
}

impl State {
    /// Milliseconds since 1970.
    fn now(&self) -> i64 {
        self.base.clock.millis()
    }

    pub(super) fn setup(&self) -> MutexGuard<'_, Setup> {
        lock(&self.setup)
    }

    pub(super) fn items(&self) -> MutexGuard<'_, Items> {
        lock(&self.items)
    }

    /// What was written over the web app, and what was refused.
    pub(super) fn written(&self) -> MutexGuard<'_, Vec<Written>> {
        lock(&self.written)
    }

    /// The computers.
    pub(super) fn computers(&self) -> MutexGuard<'_, Vec<Computer>> {
        lock(&self.computers)
    }

    /// Makes a computer. The product takes any number of one name.
    pub(super) fn make_computer(&self, name: &str, description: &str) -> Computer {
        let hidden_for = self.setup().cache_seconds;
        let mut all = self.computers();
        let id = stable_guid("computer", &format!("{name} {}", all.len()));
        let (name, description) = (name.to_owned(), description.to_owned());
        all.push(Computer { id, name, description, hidden_for });
        all[all.len() - 1].clone()
    }

    /// A setting, if it was made.
    pub(super) fn setting(&self, setting: Setting) -> Option<String> {
        if self.setup().missing.contains(&setting) {
            return None;
        }
        let value = match setting {
            Setting::Tenant => self.base.sign_in.tenant.clone(),
            Setting::Audience => self.options.audience.clone().unwrap_or_else(|| self.base.sign_in.url.clone()),
            Setting::WhitelistedClientId => {
                self.options.whitelisted.clone().unwrap_or_else(|| self.base.sign_in.client_id.clone())
            }
            Setting::ServerName => SERVER_NAME.into(),
            Setting::Domain => "PRACTICE".into(),
            Setting::Username => self.setup().account.clone(),
        };
        Some(value)
    }

    /// Changes a work item now; whether there is one.
    pub(super) fn edit(&self, kind: WorkItemKind, number: u32, change: impl FnOnce(&mut Item)) -> bool {
        let hidden_for = self.setup().cache_seconds;
        let mut items = self.items();
        let Some(mut item) = items.truth(kind, number).cloned() else { return false };
        item.modified = self.now().max(item.modified + 1);
        change(&mut item);
        items.write(kind, item, hidden_for);
        true
    }

    /// Opens a work item now, and returns its number.
    pub(super) fn open(&self, kind: WorkItemKind, title: Option<&str>) -> u32 {
        let hidden_for = self.setup().cache_seconds;
        let mut items = self.items();
        let number = items.next_number(kind);
        let mut item = data::opened(kind, &mut items.rng, number, self.now());
        if let Some(title) = title {
            item.title = title.to_owned();
        }
        items.write(kind, item, hidden_for);
        number
    }

    /// Takes a work item away, as grooming does.
    pub(super) fn remove(&self, kind: WorkItemKind, number: u32) -> bool {
        self.items().rows_mut(kind).remove(number)
    }

    /// Lets the cache run out.
    pub(super) fn expire_cache(&self) {
        self.items().pass(f64::INFINITY);
        self.computers().iter_mut().for_each(|one| one.hidden_for = 0.0);
    }

    fn change_recent(&self, kind: WorkItemKind, back: u64, status: u8) {
        let last = self.items().next_number(kind);
        let back = u32::try_from(back).unwrap_or(0);
        // Where it was groomed away meanwhile, nothing happens.
        let _ = self.edit(kind, last.saturating_sub(back + 1), |item| data::set_status(item, status));
    }
}

fn details(options: &Options, url: String) -> SignInDetails {
    // Punctuation, as in the password that Microsoft's script generates: it must survive the form encoding.
    let fresh = || format!("practice-secret&{}+%=;{{", Rng::unforeseen().hex(16));
    let place = place();
    SignInDetails {
        partner: "service-manager",
        endpoint_host: SERVER_NAME.to_owned(),
        azure_subscription: place.subscription,
        azure_resource_group: place.group,
        relay_namespace: place.namespace,
        hybrid_connection: place.hybrid_connection.unwrap_or_default(),
        control: format!("{url}/practice"),
        client_id: guid("client"),
        client_secret: options.fixed_secret.clone().unwrap_or_else(fresh),
        tenant: guid("tenant"),
        authority: url.clone(),
        url,
        ..SignInDetails::default()
    }
}

fn directory(sign_in: &SignInDetails, options: &Options) -> Directory {
    let mut resource = Resource::new(sign_in.client_id.clone(), sign_in.url.clone());
    resource.uris.extend(options.audience.clone());
    let other = Application::confidential(guid("other"), sign_in.client_secret.clone(), guid("other secret"));
    let own = Application::confidential(sign_in.client_id.clone(), sign_in.client_secret.clone(), guid("secret"));
    Directory {
        tenants: vec![Tenant {
            id: sign_in.tenant.clone(),
            domain: "practice.example".into(),
            resources: vec![resource],
            applications: vec![own, other],
            users: Vec::new(),
        }],
    }
}
