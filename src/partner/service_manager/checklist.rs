//! The checklist: the start page's settings, the sign-in, the self-description, the role by its outcome, and what only
//! the admin can say.

use std::time::Instant;

use jiff::Timestamp;

use super::ask::Ask;
use super::home_page::{self, Settings};
use super::hybrid;
use super::{ServiceManager, culprit, errors, sign_in, steps};
use crate::azure::Environment;
use crate::model::check::Status;
use crate::model::checklist::{Answer, Checklist, ChecklistItem, Evidence, ItemFinding, ItemId, SeenBy, Subject};
use crate::model::confirmation::State;
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::partner::Proof;
use crate::partner::{ChecklistEvent, OnProgress};

/// The role that the web app's account needs.
const ROLE: &str = "Advanced Operator";

/// The item of the web app's own test, which is made on request only.
pub const WEB_APP_TEST: &str = "web_app_test";

const CONFIGURED: &str = "web_app_configured";
const SAME: &str = "same_identity";
const SIGN_IN: &str = "web_app_sign_in";
const DESCRIPTION: &str = "description";

/// The items in order: what others rest on comes first, the hybrid connection last.
pub fn items() -> Vec<ItemId> {
    own_items().into_iter().chain(hybrid::hybrid_items()).collect()
}

fn own_items() -> Vec<ItemId> {
    let own = |name: &str| ItemId::Own(name.to_owned());
    vec![
        own(CONFIGURED),
        own(SAME),
        own(SIGN_IN),
        own(DESCRIPTION),
        ItemId::Role(ROLE.to_owned()),
        own("projection_type"),
        own("product_version"),
    ]
}

/// Looks at every item.
pub async fn run(partner: &ServiceManager, tell: OnProgress<'_>) -> Checklist {
    let page = home_page::look(partner.session.http()).await;
    let mut done = Vec::new();
    for id in own_items() {
        tell(ChecklistEvent::Started(id.clone()));
        let started = Instant::now();
        let item = finish(partner, look(partner, &page, id).await, started);
        tell(ChecklistEvent::Ended(Box::new(item.clone())));
        done.push(item);
    }
    done.extend(hybrid(partner, &page, tell).await);
    Checklist { subject: subject(partner), seen_by: SeenBy::Integration, items: done }
}

/// The hybrid connection, with the Azure sign-in of this machine; the start page tells which host it must lead to.
async fn hybrid(partner: &ServiceManager, page: &Page, tell: OnProgress<'_>) -> Vec<ChecklistItem> {
    let server_name = match page {
        Ok(Settings::Shown(settings)) => settings.get("ida:ServerName").map(String::as_str),
        _ => None,
    };
    let (connection, environment) = (&partner.connection, Environment::of_process());
    hybrid::hybrid(connection, &partner.spec, server_name, &partner.config, &environment, tell).await
}

/// What every item carries: its words, its link, its time.
pub fn finish(partner: &ServiceManager, item: ChecklistItem, started: Instant) -> ChecklistItem {
    let link = partner.spec.check_link(&item.id, &partner.connection.server_url.to_string());
    let words = partner.spec.check_words(&item.id);
    let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    ChecklistItem { link, words, millis, ..item }
}

type Page = Result<Settings, Fault>;

async fn look(partner: &ServiceManager, page: &Page, id: ItemId) -> ChecklistItem {
    let name = id.to_string();
    match name.as_str() {
        CONFIGURED => configured(id, page),
        SAME => same(partner, id, page),
        SIGN_IN => signed_in(partner, id).await,
        DESCRIPTION => described(partner, id).await,
        _ if matches!(id, ItemId::Role(_)) => ChecklistItem { state: account(page), ..role(partner, id).await },
        _ => confirmed(partner, id),
    }
}

fn evidence(asked: &str, answered: Answer) -> Vec<Evidence> {
    vec![Evidence { asked: asked.to_owned(), answered, at: Timestamp::now() }]
}

fn value(value: impl Into<String>) -> Answer {
    Answer::Value { value: value.into() }
}

/// An item whose question brought no usable answer.
pub fn no_answer(id: ItemId, asked: &str, fault: &Fault) -> ChecklistItem {
    let evidence = evidence(asked, Answer::Failed { fault: fault.clone() });
    let item = ChecklistItem::found(id, Status::Unknown, ItemFinding::NoAnswer);
    ChecklistItem { fault: Some(fault.clone()), evidence, ..item }
}

fn configured(id: ItemId, page: &Page) -> ChecklistItem {
    let (status, finding) = match page {
        Err(fault) => return no_answer(id, "GET /", fault),
        Ok(Settings::Shown(_)) => (Status::Passed, ItemFinding::Seen { value: home_page::SETTINGS.join(", ") }),
        Ok(Settings::Missing(names)) => (Status::Failed, ItemFinding::Lacks { value: names.join(", ") }),
        Ok(Settings::Unknown) => (Status::Unknown, ItemFinding::CannotSee),
    };
    let all = home_page::SETTINGS.len();
    let answered = match page {
        Ok(Settings::Missing(names)) => value(format!("{}/{all}: – {}", all - names.len(), names.join(", "))),
        Ok(Settings::Shown(settings)) => value(format!("{}/{all}", settings.len())),
        _ => value(format!("0/{all}")),
    };
    ChecklistItem { evidence: evidence("GET /", answered), ..ChecklistItem::found(id, status, finding) }
}

/// The three that a token depends on, compared to the letter; a tenant may be told by its id here and by a domain there.
fn same(partner: &ServiceManager, id: ItemId, page: &Page) -> ChecklistItem {
    let settings = match page {
        Err(fault) => return no_answer(id, "GET /", fault),
        Ok(Settings::Shown(settings)) => settings,
        Ok(_) => return ChecklistItem::found(id, Status::Unknown, ItemFinding::CannotSee),
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
    let (status, finding) = match different.is_empty() {
        true => (
            Status::Passed,
            ItemFinding::Seen { value: alike.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ") },
        ),
        false if only_tenant => (Status::Warning, ItemFinding::Lacks { value: told(&different) }),
        false => (Status::Failed, ItemFinding::Lacks { value: told(&different) }),
    };
    let all: Vec<_> = ours.iter().collect();
    ChecklistItem { evidence: evidence("GET /", value(told(&all))), ..ChecklistItem::found(id, status, finding) }
}

fn is_same_tenant(name: &str, theirs: &str, ours: &str) -> bool {
    name != "ida:Audience" && theirs.eq_ignore_ascii_case(ours)
}

async fn signed_in(partner: &ServiceManager, id: ItemId) -> ChecklistItem {
    let asked = "GET /api";
    let proven = async {
        partner.session.tokens().await?;
        steps::prove(partner).await
    };
    match proven.await {
        Ok(()) => {
            let finding = ItemFinding::Seen { value: sign_in::audience(&partner.connection) };
            let item = ChecklistItem::found(id, Status::Passed, finding);
            ChecklistItem { evidence: evidence(asked, value("✓")), ..item }
        }
        Err(fault) if is_refusal(&fault) => {
            let fault = culprit::named(partner, fault).await;
            let finding = ItemFinding::Lacks { value: sign_in::audience(&partner.connection) };
            let evidence = evidence(asked, Answer::Failed { fault: fault.clone() });
            ChecklistItem { fault: Some(fault), evidence, ..ChecklistItem::found(id, Status::Failed, finding) }
        }
        Err(fault) => no_answer(id, asked, &fault),
    }
}

fn is_refusal(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::SignInRefused { .. }
            | Fault::SignInImpossible { .. }
            | Fault::SignedOut { .. }
            | Fault::RefreshRefused { .. }
            | Fault::NotAuthenticated { .. }
            | Fault::Forbidden { .. }
    )
}

async fn described(partner: &ServiceManager, id: ItemId) -> ChecklistItem {
    let asked = format!("GET {}", super::describe::PATH);
    let mut bound = Vec::new();
    for kind in &partner.connection.work_items {
        match partner.bound(*kind).await {
            Ok(one) => bound.push(one.shown()),
            Err(Fault::NotBound { what, detail }) => {
                let finding = ItemFinding::Lacks { value: format!("{what}: {detail}") };
                let item = ChecklistItem::found(id, Status::Failed, finding);
                return ChecklistItem { evidence: evidence(&asked, value(detail)), ..item };
            }
            Err(fault) => return no_answer(id, &asked, &fault),
        }
    }
    let shown = bound.join(", ");
    let item = ChecklistItem::found(id, Status::Passed, ItemFinding::Seen { value: shown.clone() });
    ChecklistItem { evidence: evidence(&asked, value(shown)), ..item }
}

/// The account that the role belongs to, where the start page shows it.
fn account(page: &Page) -> State {
    let Ok(Settings::Shown(settings)) = page else { return State::new() };
    let whose = ["ida:Domain", "ida:Username"];
    whose.iter().filter_map(|name| Some(((*name).to_owned(), settings.get(*name)?.clone()))).collect()
}

/// Nothing tells the role of the web app's account. That it may not read shows that the role lacks; that it may read
/// proves no more than reading.
async fn role(partner: &ServiceManager, id: ItemId) -> ChecklistItem {
    let Some(kind) = partner.connection.work_items.first() else {
        return ChecklistItem::found(id, Status::Unknown, ItemFinding::CannotSee);
    };
    let looked = async {
        let (source, _) = partner.source(*kind).await?;
        Ok::<_, Fault>((source.what(), source.fetch(&partner.session, &Ask::all(source.page_size(1))).await?.came()))
    };
    match looked.await {
        Ok((what, rows)) => {
            let item = ChecklistItem::found(id, Status::Unknown, ItemFinding::CannotSee);
            ChecklistItem { evidence: evidence(&what, Answer::Rows { rows }), ..item }
        }
        Err(fault) if errors::is_no_permission(&fault) => {
            let evidence = evidence(kind.id(), Answer::Failed { fault: fault.clone() });
            let item = ChecklistItem::found(id, Status::Failed, ItemFinding::RoleLacking);
            ChecklistItem { fault: Some(fault), evidence, ..item }
        }
        Err(fault) => no_answer(id, kind.id(), &fault),
    }
}

/// What only the admin can say.
fn confirmed(partner: &ServiceManager, id: ItemId) -> ChecklistItem {
    let by_admin = partner.spec.check(&id).is_some_and(|check| check.proof == Proof::Confirmed);
    let status = if by_admin { Status::Unknown } else { Status::Todo };
    ChecklistItem::found(id, status, ItemFinding::CannotSee)
}

fn subject(partner: &ServiceManager) -> Subject {
    let connection = &partner.connection;
    Subject {
        connection: connection.name.to_string(),
        product: partner.spec.name.clone(),
        server_url: connection.server_url.to_string(),
        user_name: String::new(),
        client_id: connection.client_id.clone(),
    }
}
