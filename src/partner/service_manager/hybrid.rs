//! The hybrid connection of Service Manager's web app, as Azure shows it.
//!
//! What this proves: the hybrid connection is there, leads to the right host and port, is used by the web app, and a
//! manager is connected to the relay. What it does not prove: that the manager reaches Service Manager, since Azure
//! only sees the relay's side. A work item that arrives proves the whole way.

mod item;
mod look;
mod place;
mod resource;

use std::time::Instant;

use crate::model::checklist::{ChecklistItem, ItemId};
use crate::model::connection::Connection;
use crate::model::partner::PartnerSpec;
use crate::net::http::HttpConfig;
use crate::partner::{ChecklistEvent, OnProgress};

use crate::azure::Environment;
use item::stopped;
use look::Look;

/// The hybrid connection exists.
pub(crate) const CONNECTION: &str = "hybrid_connection";
/// It leads to the management server, port 5724.
pub(crate) const ENDPOINT: &str = "hybrid_endpoint";
/// A sender must show a key.
pub(crate) const AUTHORIZATION: &str = "hybrid_authorization";
/// The web app uses it.
pub(crate) const BINDING: &str = "hybrid_binding";
/// A manager is connected to the relay.
pub(crate) const LISTENER: &str = "hybrid_listener";
/// The web app's plan has hybrid connections.
pub(crate) const PLAN: &str = "hybrid_plan";
/// The manager reaches Service Manager, which only the admin can say.
pub(crate) const PATH: &str = "hybrid_path";

const ITEMS: [&str; 7] = [CONNECTION, ENDPOINT, AUTHORIZATION, BINDING, LISTENER, PLAN, PATH];

/// The items, in order. Their words stand in the asset of Service Manager.
pub fn hybrid_items() -> Vec<ItemId> {
    ITEMS.iter().map(|id| ItemId::Own((*id).to_owned())).collect()
}

/// Looks at the hybrid connection of a connection with the Azure sign-in of this machine. It never fails as a call: what
/// could not be looked at is an item's outcome, and so is a missing sign-in or an empty field. `server_name` is the host
/// that the web app itself calls, where it tells: App Service tunnels only what is called by the very same name.
pub async fn hybrid(
    connection: &Connection,
    spec: &PartnerSpec,
    server_name: Option<&str>,
    config: &HttpConfig,
    environment: &Environment,
    tell: OnProgress<'_>,
) -> Vec<ChecklistItem> {
    let mut items = Vec::new();
    let mut begun = None;
    for id in ITEMS {
        let own = ItemId::Own(id.to_owned());
        tell(ChecklistEvent::Started(own.clone()));
        let started = Instant::now();
        if begun.is_none() {
            begun = Some(Look::begin(connection, server_name, config, environment).await);
        }
        let item = match begun.as_mut() {
            _ if id == PATH => item::only_the_admin_can_say(own),
            Some(Ok(look)) => look.item(own, id).await,
            Some(Err(fault)) => stopped(own, fault),
            None => ChecklistItem::todo(own),
        };
        let item = finished(item, connection, spec, started);
        tell(ChecklistEvent::Ended(Box::new(item.clone())));
        items.push(item);
    }
    items
}

/// What every item carries: its words, its link, its time.
fn finished(item: ChecklistItem, connection: &Connection, spec: &PartnerSpec, started: Instant) -> ChecklistItem {
    let link = spec.check_link(&item.id, connection.server_url.as_str());
    let words = spec.check_words(&item.id);
    let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    ChecklistItem { link, words, millis, ..item }
}

#[cfg(test)]
#[path = "hybrid/tests.rs"]
mod tests;
