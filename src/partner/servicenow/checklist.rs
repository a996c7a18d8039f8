//! The installation checklist: each item is looked at with the eyes of whoever is signed in, and judged apart from
//! the looking.

mod facts;
mod judge;
mod rate;
mod roles;

use std::time::Instant;

use jiff::Timestamp;

use super::ServiceNow;
use super::session::Session;
use crate::model::check::Status;
use crate::model::checklist::{Checklist, ChecklistItem, ItemFinding, ItemId, SeenBy, Subject};
use crate::model::fault::Fault;
use crate::model::partner::RoleNeed;
use crate::partner::{ChecklistEvent, OnProgress};
use facts::Facts;
pub use facts::{Eyes, Looked, Seen, User, entity, user};
pub use roles::{defined, roles};

/// The items in order: what others rest on comes first.
pub fn items(partner: &ServiceNow) -> Vec<ItemId> {
    let before = [
        "app_installed",
        "oauth_active",
        "application",
        "refresh_token_lifespan",
        "password_grant",
        "integration_user",
    ];
    let roles = partner.spec.roles_for(RoleNeed::Always).map(|name| ItemId::Role(name.to_owned()));
    let after = ["event_management_roles", "excess_roles", "rate_limit", "release"];
    before.map(ItemId::own).into_iter().chain(roles).chain(after.map(ItemId::own)).collect()
}

/// Looks at every item. `session` is that of whoever looks: the connection's own, or `admin`'s.
pub async fn run(partner: &ServiceNow, session: &Session, admin: Option<&str>, tell: OnProgress<'_>) -> Checklist {
    let mut stopped = match session.tokens().await {
        Ok(tokens) => Ok(tokens.sign_in.signed_in_at),
        Err(fault) => Err(fault),
    };
    let signed_in_at = stopped.as_ref().copied().unwrap_or(Timestamp::UNIX_EPOCH);
    let mut facts = Facts::new(Eyes { partner, session, admin, signed_in_at });
    let mut done = Vec::new();
    for id in items(partner) {
        tell(ChecklistEvent::Started(id.clone()));
        let started = Instant::now();
        let item = match &stopped {
            Ok(_) => judge::item(&mut facts, id).await,
            Err(fault) => not_asked(id, fault),
        };
        let item = finish(partner, item, started);
        if let Some(fault) = item.fault.as_ref().filter(|fault| ends_all(fault)) {
            stopped = Err(fault.clone());
        }
        tell(ChecklistEvent::Ended(Box::new(item.clone())));
        done.push(item);
    }
    Checklist { subject: subject(partner), seen_by: seen_by(admin), items: done }
}

fn finish(partner: &ServiceNow, item: ChecklistItem, started: Instant) -> ChecklistItem {
    let link = partner.spec.check_link(&item.id, &partner.connection.server_url.to_string());
    let words = partner.spec.check_words(&item.id);
    ChecklistItem { link, words, millis: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX), ..item }
}

/// An item that is not asked for any more, because the answer would be the same for all.
fn not_asked(id: ItemId, fault: &Fault) -> ChecklistItem {
    let finding = if is_refusal(fault) { ItemFinding::NotSignedIn } else { ItemFinding::NoAnswer };
    let ask_admin = is_refusal(fault);
    ChecklistItem { fault: Some(fault.clone()), ask_admin, ..ChecklistItem::found(id, Status::Unknown, finding) }
}

fn is_refusal(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::SignedOut { .. }
            | Fault::SignInRefused { .. }
            | Fault::ApplicationRefused { .. }
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
                | Fault::Hibernating { .. }
                | Fault::LoginPage { .. }
                | Fault::Redirected { .. }
        )
}

fn subject(partner: &ServiceNow) -> Subject {
    let connection = &partner.connection;
    Subject {
        connection: connection.name.to_string(),
        product: partner.spec.name.clone(),
        server_url: connection.server_url.to_string(),
        user_name: connection.username.clone(),
        client_id: connection.client_id.clone(),
    }
}

/// Whose eyes these are.
pub fn seen_by(admin: Option<&str>) -> SeenBy {
    admin.map_or(SeenBy::Integration, |user_name| SeenBy::Admin { user_name: user_name.to_owned() })
}
