//! The checklist: the start page's settings, the sign-in, the self-description, the role by its effect, and the items
//! that only the admin can confirm.

use super::ask::Ask;
use super::home_page::{self, Settings};
use super::hybrid;
use super::{ServiceManager, culprit, errors, sign_in, steps};
use crate::azure::Environment;
use crate::model::check::Status;
use crate::model::checklist::{Answer, Checklist, ItemFinding, ItemId, SeenBy};
use crate::model::confirmation::Basis;
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::partner::Proof;
use crate::model::ticket::NotMade;
use crate::partner::checklist::{self, Observation, Observer, evidence};
use crate::partner::{BoxFuture, OnProgress};

/// The role that the web app's account needs.
const ROLE: &str = "Advanced Operator";

/// The item of the web app's own test, which is made on request only.
pub const WEB_APP_TEST: &str = "web_app_test";

const CONFIGURED: &str = "web_app_configured";
const SAME: &str = "same_identity";
const SIGN_IN: &str = "web_app_sign_in";
const DESCRIPTION: &str = "description";

/// The routes for configuration items, where the connection makes them.
const ITEMS: &str = "make_items";

/// The items in order: each after those it depends on, the hybrid connection last.
pub fn items(partner: &ServiceManager) -> Vec<ItemId> {
    own_items(partner).into_iter().chain(hybrid::hybrid_items()).collect()
}

fn own_items(partner: &ServiceManager) -> Vec<ItemId> {
    let before = [CONFIGURED, SAME, SIGN_IN, DESCRIPTION].map(ItemId::own);
    let after = [ItemId::Role(ROLE.to_owned()), ItemId::own("projection_type"), ItemId::own("product_version")];
    let made = partner.connection.create_configuration_items.then(|| ItemId::own(ITEMS));
    before.into_iter().chain(after).chain(made).collect()
}

/// Checks every item.
pub async fn run(partner: &ServiceManager, tell: OnProgress<'_>) -> Checklist {
    let page = home_page::look(partner.session.http()).await;
    let of = (&partner.connection, &partner.spec);
    let mut checks = Checks { partner, page };
    let mut items = checklist::run(of, own_items(partner), &mut checks, None, tell).await;
    let environment = Environment::of_process();
    items.extend(hybrid::hybrid(of, checks.server_name(), &partner.config, &environment, tell).await);
    Checklist { subject: checklist::subject(of.0, of.1), seen_by: SeenBy::Integration, items }
}

type Page = Result<Settings, Fault>;

struct Checks<'a> {
    partner: &'a ServiceManager,
    page: Page,
}

impl Checks<'_> {
    /// The host to which the hybrid connection must lead, where the start page tells it.
    fn server_name(&self) -> Option<&str> {
        match &self.page {
            Ok(Settings::Shown(settings)) => settings.get("ida:ServerName").map(String::as_str),
            _ => None,
        }
    }
}

impl Observer for Checks<'_> {
    fn observe<'a>(&'a mut self, id: &'a ItemId) -> BoxFuture<'a, Observation> {
        let (partner, page) = (self.partner, &self.page);
        Box::pin(async move {
            match id.to_string().as_str() {
                CONFIGURED => configured(page),
                SAME => same(partner, page),
                SIGN_IN => signed_in(partner).await,
                DESCRIPTION => described(partner).await,
                ITEMS => items_made(partner).await,
                _ if matches!(id, ItemId::Role(_)) => Observation { basis: account(page), ..role(partner).await },
                _ => confirmed(partner, id),
            }
        })
    }

    /// The start page was read before, and other items rest on the admin's confirmation.
    fn asks_product(&self, id: &ItemId) -> bool {
        matches!(id, ItemId::Role(_)) || [SIGN_IN, DESCRIPTION, ITEMS].map(ItemId::own).contains(id)
    }
}

fn no_answer(asked: &str, fault: &Fault) -> Observation {
    Observation::no_answer(fault.clone()).refused(asked)
}

fn configured(page: &Page) -> Observation {
    let all = home_page::SETTINGS;
    match page {
        Err(fault) => no_answer("GET /", fault),
        Ok(Settings::Shown(settings)) => {
            Observation::passed(all.join(", ")).shown("GET /", format!("{}/{}", settings.len(), all.len()))
        }
        Ok(Settings::Missing(names)) => {
            let (there, missing) = (all.len() - names.len(), names.join(", "));
            let answered = format!("{there}/{}: – {missing}", all.len());
            Observation::lacks(Status::Failed, missing).shown("GET /", answered)
        }
        Ok(Settings::Unknown) => Observation::hidden().shown("GET /", format!("0/{}", all.len())),
    }
}

/// The three that a token depends on, compared to the letter; a tenant may be told by its id here and by a domain there.
fn same(partner: &ServiceManager, page: &Page) -> Observation {
    let settings = match page {
        Err(fault) => return no_answer("GET /", fault),
        Ok(Settings::Shown(settings)) => settings,
        Ok(_) => return Observation::hidden(),
    };
    let connection = &partner.connection;
    let ours = [
        ("ida:Audience", sign_in::audience(connection)),
        ("ida:WhitelistedClientId", connection.client_id.clone()),
        ("ida:Tenant", connection.detail(FieldId::Tenant).unwrap_or_default().to_owned()),
    ];
    let theirs = |name: &str| settings.get(name).cloned().unwrap_or_default();
    let (different, alike): (Vec<_>, Vec<_>) =
        ours.iter().partition(|(name, ours)| theirs(name) != *ours && !is_same_tenant(name, &theirs(name), ours));
    let told = |all: &[&(&str, String)]| {
        all.iter().map(|(name, ours)| format!("{name} = {} / {ours}", theirs(name))).collect::<Vec<_>>().join(", ")
    };
    let only_tenant = different.iter().all(|(name, _)| *name == "ida:Tenant");
    let observation = match different.is_empty() {
        true => Observation::passed(alike.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")),
        false if only_tenant => Observation::lacks(Status::Warning, told(&different)),
        false => Observation::lacks(Status::Failed, told(&different)),
    };
    observation.shown("GET /", told(&ours.iter().collect::<Vec<_>>()))
}

fn is_same_tenant(name: &str, theirs: &str, ours: &str) -> bool {
    name != "ida:Audience" && theirs.eq_ignore_ascii_case(ours)
}

async fn signed_in(partner: &ServiceManager) -> Observation {
    let asked = "GET /api";
    let proven = async {
        partner.session.tokens().await?;
        steps::prove(partner).await
    };
    let audience = sign_in::audience(&partner.connection);
    match proven.await {
        Ok(()) => Observation::passed(audience).shown(asked, "✓"),
        Err(fault) if is_refusal(&fault) => {
            let fault = Some(culprit::named(partner, fault).await);
            Observation { fault, ..Observation::lacks(Status::Failed, audience) }.refused(asked)
        }
        Err(fault) => no_answer(asked, &fault),
    }
}

/// Whether Entra or the web app refused. Nothing was sent for a connection whose identity changed.
fn is_refusal(fault: &Fault) -> bool {
    let sent = !matches!(fault, Fault::IdentityChanged { .. });
    sent && fault.needs_sign_in() || matches!(fault, Fault::Forbidden { .. })
}

async fn described(partner: &ServiceManager) -> Observation {
    let asked = format!("GET {}", super::describe::PATH);
    let mut bound = Vec::new();
    for kind in &partner.connection.work_items {
        match partner.bound(*kind).await {
            Ok(one) => bound.push(one.shown()),
            Err(Fault::NotBound { what, detail }) => {
                return Observation::lacks(Status::Failed, format!("{what}: {detail}")).shown(asked, detail);
            }
            Err(fault) => return no_answer(&asked, &fault),
        }
    }
    let shown = bound.join(", ");
    Observation::passed(&shown).shown(asked, shown)
}

/// The operations by which computers are found and made; whether the account may call them is seen when it does.
async fn items_made(partner: &ServiceManager) -> Observation {
    let asked = format!("GET {}", super::describe::PATH);
    let routes = match partner.ticket_routes().await {
        Ok(routes) => routes,
        Err(fault) => return no_answer(&asked, &fault),
    };
    match &routes.items {
        Some(Ok(items)) => {
            let shown = format!("{}, {}", items.find.shown(), items.make.shown());
            Observation::passed(&shown).shown(asked, shown)
        }
        Some(Err(NotMade::NoOperation { detail })) => Observation::lacks(Status::Warning, detail).shown(asked, detail),
        _ => Observation::lacks(Status::Warning, "GET").shown(asked, "-"),
    }
}

/// The account that the role belongs to, where the start page shows it.
fn account(page: &Page) -> Basis {
    let Ok(Settings::Shown(settings)) = page else { return Basis::new() };
    let whose = ["ida:Domain", "ida:Username"];
    whose.iter().filter_map(|name| Some(((*name).to_owned(), settings.get(*name)?.clone()))).collect()
}

/// No route names the roles of the web app's account. A refused read proves that the role is missing; a successful one
/// proves no more than the right to read.
async fn role(partner: &ServiceManager) -> Observation {
    let Some(kind) = partner.connection.work_items.first() else { return Observation::hidden() };
    let read = async {
        let (source, _) = partner.source(*kind).await?;
        Ok::<_, Fault>((source.what(), source.fetch(&partner.session, &Ask::all(source.page_size(1))).await?.came()))
    };
    match read.await {
        Ok((what, rows)) => Observation::hidden().with([evidence(what, Answer::Rows { rows })]),
        Err(fault) if errors::is_no_permission(&fault) => {
            let lacking = Observation::new(Status::Failed, ItemFinding::RoleLacking);
            Observation { fault: Some(fault), ..lacking }.refused(kind.id())
        }
        Err(fault) => no_answer(kind.id(), &fault),
    }
}

/// An item that only the admin can confirm.
fn confirmed(partner: &ServiceManager, id: &ItemId) -> Observation {
    let by_admin = partner.spec.check(id).is_some_and(|check| check.proof == Proof::Confirmed);
    let status = if by_admin { Status::Unknown } else { Status::Todo };
    Observation::new(status, ItemFinding::CannotSee)
}
