//! ServiceNow, by its REST Table and Aggregate interfaces and OAuth (documented at
//! <https://github.com/ServiceNow/ServiceNowDocs>, api-reference/rest-apis).

mod admin;
mod administration;
mod changes;
mod checklist;
pub mod errors;
mod html;
mod lookup;
pub mod query;
pub mod release;
mod revoke;
mod revoking_admins;
pub mod rows;
mod session;
mod sign_in;
mod steps;
#[cfg(test)]
pub(in crate::partner) use steps::MARKS;
mod pager;
mod pages;
mod sweep;
#[cfg(test)]
mod testing;
mod tickets;
mod tokens;

use std::sync::Arc;

use crate::model::check::{Step, StepId};
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::partner::PartnerSpec;
use crate::model::sync::{Page, PageRequest, SlicePosition, Window};
use crate::model::work_item::WorkItemKind;
use crate::net::http::{Http, HttpConfig};
use crate::partner::live_test;
use crate::partner::mapping::Columns;
use crate::partner::pager::Pager;
use crate::partner::totals::Totals;
use crate::partner::{Access, Administration, BoxFuture, Checks, Partner, Sweep, Tickets, TokenLife};
pub use pager::HiddenRowsPager;
use session::Session;
use sign_in::OAuth;

/// One instance; a clone is the same one.
#[derive(Clone)]
pub struct ServiceNow {
    connection: Connection,
    spec: PartnerSpec,
    session: Arc<Session>,
    tables: Arc<[Columns]>,
    config: HttpConfig,
    close_codes: Arc<tickets::CloseCodes>,
    references: Arc<tickets::References>,
}

/// The client of an instance.
///
/// # Errors
/// As [`ServiceNow::new`].
pub fn connect(access: Access) -> Result<Arc<dyn Partner>, Fault> {
    let config = access.http_config();
    Ok(Arc::new(ServiceNow::new(access, &config)?))
}

impl ServiceNow {
    /// An instance, not yet called.
    ///
    /// # Errors
    /// As [`Http::new`], or an asset that lacks what cannot be done without.
    pub fn new(access: Access, config: &HttpConfig) -> Result<Self, Fault> {
        let http = Arc::new(Http::new(&access.connection.server_url, config)?);
        let Access { connection, spec, password, client_secret, token_store, .. } = access;
        let tables = spec.work_items.iter().map(Columns::new).collect::<Result<_, _>>()?;
        let (username, client_id) = (connection.username.clone(), connection.client_id.clone());
        let oauth = OAuth { http, username, client_id, client_secret, grant: connection.grant };
        let session = Arc::new(Session::new(oauth, connection.name.to_string(), password, token_store));
        let (close_codes, references) = (Arc::default(), Arc::default());
        Ok(Self { connection, spec, session, tables, config: config.clone(), close_codes, references })
    }

    fn columns(&self, kind: WorkItemKind) -> Result<&Columns, Fault> {
        let unknown = || Fault::Internal { what: format!("the asset maps no {}", kind.id()) };
        self.tables.iter().find(|columns| columns.kind() == kind).ok_or_else(unknown)
    }
}

impl Partner for ServiceNow {
    fn run_step(&self, step: StepId) -> BoxFuture<'_, Step> {
        Box::pin(live_test::run_step(self, step))
    }

    fn count(&self, kind: WorkItemKind, window: Window) -> BoxFuture<'_, Result<u64, Fault>> {
        Box::pin(async move { pages::count(&self.session, self.columns(kind)?, window).await })
    }

    fn page<'a>(&'a self, request: &'a PageRequest) -> BoxFuture<'a, Result<Page, Fault>> {
        Box::pin(async move { pages::page(&self.session, self.columns(request.kind)?, request).await })
    }

    fn pager(&self, window: Window, from: SlicePosition, totals: Arc<Totals>) -> Box<dyn Pager> {
        Box::new(HiddenRowsPager::new(window, from, totals))
    }

    fn shows<'a>(&'a self, kind: WorkItemKind, attribute: &'a str) -> BoxFuture<'a, Result<Option<bool>, Fault>> {
        Box::pin(async move { pages::shows(&self.session, self.columns(kind)?, attribute).await })
    }

    fn column(&self, kind: WorkItemKind, attribute: &str) -> Option<String> {
        let columns = self.columns(kind).ok()?.all();
        columns.iter().find(|column| &*column.to == attribute).map(|column| column.from.to_string())
    }

    fn counts_exactly(&self) -> bool {
        true
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
        Some(self)
    }

    fn administration(&self) -> Option<&dyn Administration> {
        Some(self)
    }

    fn sweep(&self) -> Option<&dyn Sweep> {
        Some(self)
    }

    fn tickets(&self) -> Option<&dyn Tickets> {
        Some(self)
    }
}

#[cfg(test)]
mod tests;
