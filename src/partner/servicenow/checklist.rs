//! The installation checklist, checked as the connection's own user or as an admin. Reading (`facts`) and judging
//! (`judge`) are separate.

mod facts;
mod judge;
mod rate;
mod roles;

use jiff::Timestamp;

use super::ServiceNow;
use super::session::Session;
use crate::model::checklist::{Checklist, ItemId, SeenBy};
use crate::model::partner::RoleNeed;
use crate::partner::checklist::{self, Observation, Observer};
use crate::partner::{BoxFuture, OnProgress};
use facts::Facts;
pub use facts::{Reading, Seen, User, Viewer, entity, user};
pub use roles::{defined, roles};

/// The items in order: each after those it depends on.
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

/// Checks every item. `session` is that of the user as whom it is checked: the connection's own, or `admin`'s.
pub async fn run(partner: &ServiceNow, session: &Session, admin: Option<&str>, tell: OnProgress<'_>) -> Checklist {
    let (signed_in_at, stopped) = match session.tokens().await {
        Ok(tokens) => (tokens.sign_in.signed_in_at, None),
        Err(fault) => (Timestamp::UNIX_EPOCH, Some(fault)),
    };
    let mut facts = Facts::new(Viewer { partner, session, admin, signed_in_at });
    let of = (&partner.connection, &partner.spec);
    let items = checklist::run(of, items(partner), &mut facts, stopped, tell).await;
    Checklist { subject: checklist::subject(of.0, of.1), seen_by: seen_by(admin), items }
}

impl Observer for Facts<'_> {
    fn observe<'a>(&'a mut self, id: &'a ItemId) -> BoxFuture<'a, Observation> {
        Box::pin(judge::item(self, id))
    }
}

/// As whom the checklist was checked.
pub fn seen_by(admin: Option<&str>) -> SeenBy {
    admin.map_or(SeenBy::Integration, |user_name| SeenBy::Admin { user_name: user_name.to_owned() })
}
