//! One sync, as the program does it, in a process of its own.

use std::sync::{Arc, PoisonError};

use itsmc::model::connection::{Connection, ConnectionName, Grant};
use itsmc::model::fault::Fault;
use itsmc::model::form::FieldId;
use itsmc::model::partner::{Catalogue, PartnerId};
use itsmc::model::secret::Secret;
use itsmc::model::token::Tokens;
use itsmc::model::url::ServerUrl;
use itsmc::model::work_item::WorkItemKind;
use itsmc::partner::{Access, BoxFuture, Renewal, TokenStore};
use itsmc::store::Store;
use itsmc::sync::clock::SystemClock;
use itsmc::sync::{SyncJob, SyncSettings};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::part::{self, Outcome, text};

/// How to sign in to the practice server.
#[derive(Debug, Deserialize)]
pub struct SignIn {
    /// The partner's id.
    pub partner: String,
    /// Its address.
    pub url: String,
    /// The user, where there is one.
    #[serde(default)]
    pub username: String,
    /// The password of this run, where there is one.
    #[serde(default)]
    pub password: String,
    /// The tenant in Microsoft Entra, where tokens come from there.
    #[serde(default)]
    pub tenant: String,
    /// Where it is.
    #[serde(default)]
    pub authority: String,
    /// The OAuth application.
    pub client_id: String,
    /// Its secret of this run, where there is one.
    #[serde(default)]
    pub client_secret: String,
}

/// The days the practice data spans.
pub const DAYS: u16 = 120;

/// The attributes of the measure with 20 fields: those the product must give, and what the old connector stored.
const TWENTY: [&str; 20] = [
    "id",
    "number",
    "title",
    "state",
    "priority",
    "open",
    "opened_at",
    "updated_at",
    "urgency",
    "impact",
    "category",
    "source",
    "assigned_to",
    "created_by",
    "resolved_by",
    "closed_by",
    "configuration_item",
    "description",
    "resolved_at",
    "closed_at",
];

/// Syncs, or syncs and sweeps, `20` or `all` fields into the database, with the sign-in on stdin; prints seconds, requests, rows, bytes and peak memory.
pub fn run(kinds: &str, fields: &str, db: &str, verify: bool) -> Outcome<()> {
    let sign_in: SignIn = part::input()?;
    let kinds: Vec<_> = kinds.split(',').filter_map(WorkItemKind::from_id).collect();
    let runtime = part::runtime()?;
    runtime.block_on(async {
        let connection = connection(&sign_in, kinds)?;
        let store = Store::open(db).map_err(text)?;
        let partner = itsmc::partner::registry::connect(
            &itsmc::partner::registry::BUILT_IN,
            access(&sign_in, &connection, fields)?,
        )
        .map_err(text)?;
        let (settings, clock) = (SyncSettings { sweeps: false, ..SyncSettings::default() }, Arc::new(SystemClock));
        let searched = store.clone();
        let job = SyncJob { partner, store, connection, full: false, verify, noticed: Vec::new(), settings };
        let started = std::time::Instant::now();
        let fetched = Arc::new(std::sync::Mutex::new(Vec::new()));
        let told = fetched.clone();
        let progress = move |_| told.lock().unwrap_or_else(PoisonError::into_inner).push(started.elapsed());
        let reports = itsmc::sync::sync(job, progress, CancellationToken::new(), clock).await;
        let seconds = started.elapsed().as_secs_f64();
        searched.index().await.map_err(text)?;
        let searchable = started.elapsed().as_secs_f64();
        for report in &reports {
            if !report.complete {
                return Err(format!("not complete: {report:?}"));
            }
        }
        let sum = |count: fn(&itsmc::model::sync::KindReport) -> u64| reports.iter().map(count).sum::<u64>();
        part::print(&json!({
            "seconds": seconds,
            "searchable_after": searchable,
            "first_page_after": moment(&fetched, 1),
            "last_page_after": moment(&fetched, usize::MAX),
            "rows": sum(|report| report.fetched),
            "changed": sum(|report| report.inserted + report.updated),
            "requests": sum(|report| report.requests),
            "bytes": sum(|report| report.bytes),
            "sweeps": reports.iter().filter_map(|report| report.sweep.as_ref()).map(|sweep| json!({
                "seconds": sweep.ended_at.duration_since(sweep.started_at).as_secs_f64(),
                "record": sweep,
            })).collect::<Vec<_>>(),
            "peak_mib": part::peak_mib(),
            "processor_seconds": part::thread_seconds(),
        }))
    })
}

/// Seconds until so many pages (or the last one) had come.
fn moment(fetched: &std::sync::Mutex<Vec<std::time::Duration>>, page: usize) -> Option<f64> {
    let fetched = fetched.lock().unwrap_or_else(PoisonError::into_inner);
    fetched.get(page.min(fetched.len().saturating_sub(1))).map(std::time::Duration::as_secs_f64)
}

fn connection(sign_in: &SignIn, work_items: Vec<WorkItemKind>) -> Outcome<Connection> {
    Ok(Connection {
        name: ConnectionName::parse("practice").map_err(|problem| format!("{problem:?}"))?,
        partner: PartnerId::new(&*sign_in.partner),
        server_url: ServerUrl::parse(&sign_in.url, &[]).map_err(|problem| format!("{problem:?}"))?.0,
        username: sign_in.username.clone(),
        client_id: sign_in.client_id.clone(),
        work_items,
        sync_days: DAYS,
        create_configuration_items: false,
        grant: if sign_in.tenant.is_empty() { Grant::Password } else { Grant::ClientCredentials },
        details: [(FieldId::Tenant, &sign_in.tenant), (FieldId::Authority, &sign_in.authority)]
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(field, value)| (field, value.clone()))
            .collect(),
        workspaces: Vec::new(),
        known_as: None,
    })
}

fn access(sign_in: &SignIn, connection: &Connection, fields: &str) -> Outcome<Access> {
    let catalogue = Catalogue::built_in().map_err(text)?;
    let mut spec = catalogue.get(&connection.partner).ok_or("no such partner")?.clone();
    if fields == "20" {
        for item in &mut spec.work_items {
            item.columns.retain(|column| TWENTY.contains(&column.to.as_str()));
        }
    }
    Ok(Access {
        connection: connection.clone(),
        spec,
        password: Some(Secret::new(sign_in.password.clone())).filter(|password| !password.is_empty()),
        client_secret: Some(Secret::new(sign_in.client_secret.clone())).filter(|secret| !secret.is_empty()),
        token_store: Arc::new(HeldTokens::default()),
        ca_file: None,
        mapping: None,
        kept: None,
        trace: None,
        throttle: Default::default(),
    })
}

/// Keeps the tokens of this run.
#[derive(Default)]
struct HeldTokens(Mutex<Option<Tokens>>);

impl TokenStore for HeldTokens {
    fn load(&self) -> BoxFuture<'_, Result<Option<Tokens>, Fault>> {
        Box::pin(async { Ok(self.0.lock().await.clone()) })
    }

    fn renew(&self, renewal: Renewal) -> BoxFuture<'_, Result<Tokens, Fault>> {
        Box::pin(async move {
            let mut held = self.0.lock().await;
            let tokens = renewal(held.clone()).await?;
            *held = Some(tokens.clone());
            Ok(tokens)
        })
    }
}
