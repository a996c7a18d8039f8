//! Cherwell's own checklist.

use std::time::Instant;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Cherwell;
use super::rights;
use crate::model::check::{Status, UserUnfit};
use crate::model::checklist::{Answer, Checklist, ChecklistItem, Evidence, ItemFinding, ItemId, SeenBy, Subject};
use crate::model::fault::Fault;
use crate::model::work_item::WorkItemKind;
use crate::partner::{ChecklistEvent, OnProgress};

const API: &str = "api_reached";
const CLIENT: &str = "client_accepted";
const SUPPORT: &str = "support_ends";

/// Before the support ends it is said from so many days on.
const SUPPORT_WARNING_DAYS: i32 = 365;

fn own(id: &str) -> ItemId {
    ItemId::Own(id.to_owned())
}

/// What may be done with a kind's records, as an item.
fn right(word: &str, kind: WorkItemKind) -> ItemId {
    ItemId::Own(format!("{word}_{}", kind.id()))
}

fn kinds(partner: &Cherwell) -> impl Iterator<Item = WorkItemKind> + '_ {
    WorkItemKind::ALL.into_iter().filter(|kind| partner.connection.work_items.contains(kind))
}

/// The items in order: what others rest on comes first.
pub fn items(partner: &Cherwell) -> Vec<ItemId> {
    let view = kinds(partner).map(|kind| right("view", kind));
    let edit = kinds(partner).map(|kind| right("edit", kind));
    let before = [own(API), own(CLIENT), ItemId::own("integration_user")];
    before.into_iter().chain(view).chain(edit).chain([own(SUPPORT)]).collect()
}

/// Looks at every item.
pub async fn run(partner: &Cherwell, tell: OnProgress<'_>) -> Checklist {
    let mut done = Vec::new();
    let mut stopped: Option<Fault> = None;
    for id in items(partner) {
        tell(ChecklistEvent::Started(id.clone()));
        let started = Instant::now();
        let free = id == own(API) || id == own(SUPPORT);
        let item = match &stopped {
            Some(fault) if !free => not_asked(id, fault),
            _ => look(partner, id).await,
        };
        let item = finish(partner, item, started);
        if let Some(fault) = item.fault.as_ref().filter(|fault| ends_all(fault)) {
            stopped.get_or_insert_with(|| fault.clone());
        }
        tell(ChecklistEvent::Ended(Box::new(item.clone())));
        done.push(item);
    }
    let connection = &partner.connection;
    let subject = Subject {
        connection: connection.name.to_string(),
        product: partner.spec.name.clone(),
        server_url: connection.server_url.to_string(),
        user_name: connection.username.clone(),
        client_id: connection.client_id.clone(),
    };
    Checklist { subject, seen_by: SeenBy::Integration, items: done }
}

async fn look(partner: &Cherwell, id: ItemId) -> ChecklistItem {
    let text = id.to_string();
    match text.split_once('_') {
        _ if text == API => api(partner, id).await,
        _ if text == CLIENT => client(partner, id).await,
        _ if text == SUPPORT => support(partner, id),
        Some((word @ ("view" | "edit"), kind)) => match WorkItemKind::from_id(kind) {
            Some(kind) => permission(partner, id, word, kind).await,
            None => ChecklistItem::todo(id),
        },
        _ => user(partner, id).await,
    }
}

fn finish(partner: &Cherwell, item: ChecklistItem, started: Instant) -> ChecklistItem {
    let words = partner.spec.check_words(&item.id);
    let link = partner.spec.check_link(&item.id, &partner.connection.server_url.to_string());
    ChecklistItem { link, words, millis: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX), ..item }
}

fn evidence(asked: &str, answered: Answer) -> Vec<Evidence> {
    vec![Evidence { asked: asked.to_owned(), answered, at: Timestamp::now() }]
}

/// An item on which no usable answer came.
fn failed(id: ItemId, asked: &str, fault: Fault) -> ChecklistItem {
    let finding = match &fault {
        fault if rights::is_hidden(fault) => ItemFinding::CannotSee,
        fault if is_refusal(fault) => ItemFinding::NotSignedIn,
        _ => ItemFinding::NoAnswer,
    };
    let evidence = evidence(asked, Answer::Failed { fault: fault.clone() });
    let status = Status::Unknown;
    ChecklistItem { fault: Some(fault), evidence, ..ChecklistItem::found(id, status, finding) }
}

fn seen(id: ItemId, asked: &str, value: String) -> ChecklistItem {
    let evidence = evidence(asked, Answer::Value { value: value.clone() });
    ChecklistItem { evidence, ..ChecklistItem::found(id, Status::Passed, ItemFinding::Seen { value }) }
}

fn lacks(id: ItemId, status: Status, asked: &str, value: String) -> ChecklistItem {
    let evidence = evidence(asked, Answer::Value { value: value.clone() });
    ChecklistItem { evidence, ..ChecklistItem::found(id, status, ItemFinding::Lacks { value }) }
}

async fn api(partner: &Cherwell, id: ItemId) -> ChecklistItem {
    let asked = "GET /api/V1/serviceinfo";
    match partner.info().await {
        Ok(info) => {
            let version = info.version().unwrap_or_else(|| "?".to_owned());
            seen(id, asked, format!("{} {version}", partner.api.as_str()))
        }
        Err(fault) => {
            let item = failed(id, asked, fault);
            ChecklistItem { status: Status::Failed, ..item }
        }
    }
}

/// Tokens are given to a client ID only, so a live sign-in proves it.
async fn client(partner: &Cherwell, id: ItemId) -> ChecklistItem {
    let asked = "POST /token";
    match partner.session.tokens().await {
        Ok(_) => seen(id, asked, partner.connection.client_id.clone()),
        Err(fault) => failed(id, asked, fault),
    }
}

async fn user(partner: &Cherwell, id: ItemId) -> ChecklistItem {
    let asked = "GET /api/V2/getuserbyloginid";
    let user = match rights::user(partner).await {
        Ok(user) => user,
        Err(fault) => return failed(id, asked, fault),
    };
    let user_name = partner.connection.username.clone();
    let evidence = evidence(asked, Answer::Value { value: user.name });
    let (status, finding) = match user.locked {
        Some(true) => (Status::Failed, ItemFinding::UserUnfit { user_name, reason: UserUnfit::LockedOut }),
        Some(false) => (Status::Passed, ItemFinding::UserFit { user_name }),
        None => (Status::Unknown, ItemFinding::CannotSee),
    };
    ChecklistItem { evidence, ..ChecklistItem::found(id, status, finding) }
}

async fn permission(partner: &Cherwell, id: ItemId, word: &str, kind: WorkItemKind) -> ChecklistItem {
    let name = partner.columns(kind).map(|columns| columns.source().to_owned()).unwrap_or_default();
    let asked =
        format!("GET /api/V2/getsecuritygroupbusinessobjectpermissionsforcurrentuserbybusobname/busobname/{name}");
    let held = match rights::of(partner, kind).await {
        Ok(held) => held,
        Err(fault) => return failed(id, &asked, fault),
    };
    let (held, missing) = if word == "view" { (held.view, Status::Failed) } else { (held.edit, Status::Warning) };
    match held {
        Some(true) => seen(id, &asked, format!("{name}: {word}")),
        Some(false) => lacks(id, missing, &asked, format!("{name}: {word} = false")),
        None => ChecklistItem::found(id, Status::Unknown, ItemFinding::CannotSee),
    }
}

/// What the maker announced; on-premises systems may run on.
fn support(partner: &Cherwell, id: ItemId) -> ChecklistItem {
    let Some(end) = partner.spec.support_ends else { return ChecklistItem::todo(id) };
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let near = today.until(end).is_ok_and(|left| left.get_days() < SUPPORT_WARNING_DAYS);
    if near { lacks(id, Status::Warning, "-", end.to_string()) } else { seen(id, "-", end.to_string()) }
}

/// An item that is not asked for any more, because the answer would be the same for all.
fn not_asked(id: ItemId, fault: &Fault) -> ChecklistItem {
    let finding = if is_refusal(fault) { ItemFinding::NotSignedIn } else { ItemFinding::NoAnswer };
    ChecklistItem { fault: Some(fault.clone()), ..ChecklistItem::found(id, Status::Unknown, finding) }
}

fn is_refusal(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::SignedOut { .. }
            | Fault::SignInRefused { .. }
            | Fault::ClientUnknown { .. }
            | Fault::RefreshRefused { .. }
            | Fault::NotAuthenticated { .. }
    )
}

/// Whether the next question would meet the same: asking on would take minutes, or lock a user.
fn ends_all(fault: &Fault) -> bool {
    is_refusal(fault)
        || matches!(
            fault,
            Fault::NameNotFound { .. }
                | Fault::ConnectionRefused { .. }
                | Fault::TimedOut { .. }
                | Fault::ConnectionLost { .. }
                | Fault::TlsRefused { .. }
                | Fault::ProxyFailed { .. }
                | Fault::RateLimited { .. }
                | Fault::LoginPage { .. }
                | Fault::Redirected { .. }
        )
}
