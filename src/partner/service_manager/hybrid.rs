//! The hybrid connection of Service Manager's web app, as Azure shows it.
//!
//! What this proves: the hybrid connection is there, leads to the right host and port, is used by the web app, and a
//! manager is connected to the relay. What it does not prove: that the manager reaches Service Manager, since Azure
//! only sees the relay's side. A work item that arrives proves the whole way.

mod item;
mod look;
mod place;
mod resource;

use crate::azure::Environment;
use crate::model::check::Status;
use crate::model::checklist::{ChecklistItem, ItemId};
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::partner::PartnerSpec;
use crate::net::http::HttpConfig;
use crate::partner::checklist::{self, Observation, Observer};
use crate::partner::{BoxFuture, OnProgress};
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

/// The items, in order. Their words are in the asset of Service Manager.
pub fn hybrid_items() -> Vec<ItemId> {
    ITEMS.map(ItemId::own).into()
}

/// Checks the hybrid connection of a connection with the Azure sign-in of this machine. It never fails as a call: a missing
/// sign-in or an empty field is an item's outcome. `server_name` is the host that the web app itself calls, where it tells:
/// App Service tunnels only calls to exactly that name.
pub async fn hybrid(
    of: (&Connection, &PartnerSpec),
    server_name: Option<&str>,
    config: &HttpConfig,
    environment: &Environment,
    tell: OnProgress<'_>,
) -> Vec<ChecklistItem> {
    let mut checks = Checks { connection: of.0, server_name, config, environment, begun: None };
    checklist::run(of, hybrid_items(), &mut checks, None, tell).await
}

struct Checks<'a> {
    connection: &'a Connection,
    server_name: Option<&'a str>,
    config: &'a HttpConfig,
    environment: &'a Environment,
    /// The sign-in to Azure with the hybrid connection that was found, or why there is none.
    begun: Option<Result<Look, Fault>>,
}

impl Observer for Checks<'_> {
    fn observe<'a>(&'a mut self, id: &'a ItemId) -> BoxFuture<'a, Observation> {
        Box::pin(async move {
            if self.begun.is_none() {
                let begun = Look::begin(self.connection, self.server_name, self.config, self.environment);
                self.begun = Some(begun.await);
            }
            match (self.begun.as_mut(), id.to_string().as_str()) {
                (_, PATH) => Observation::hidden(),
                (Some(Ok(look)), which) => look.item(which).await,
                (Some(Err(fault)), _) => stopped(fault),
                (None, _) => Observation::without_finding(Status::Todo),
            }
        })
    }

    /// Azure is asked, not the product.
    fn asks_product(&self, _: &ItemId) -> bool {
        false
    }
}

#[cfg(test)]
#[path = "hybrid/tests.rs"]
mod tests;
