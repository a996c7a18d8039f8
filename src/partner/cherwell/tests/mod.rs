//! The client against the practice system, its oddities and faults included.

mod errors;
mod hardships;
mod pages;
mod steps;
mod sweep;
mod tokens;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::Cherwell;
use crate::model::connection::{Connection, ConnectionName, Grant};
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::partner::{Catalogue, PartnerId, PartnerSpec};
use crate::model::secret::Secret;
use crate::model::sync::{Page, PageRequest, Window};
use crate::model::url::ServerUrl;
use crate::model::work_item::{WorkItem, WorkItemKind};
use crate::net::http::HttpConfig;
use crate::partner::testing::Memory;
use crate::partner::{Access, Partner, TokenStore};
use itsmc_practice::cherwell::{Control, Options, Server};

fn spec() -> PartnerSpec {
    Catalogue::built_in().unwrap().get(&PartnerId::new("cherwell")).unwrap().clone()
}

fn client(url: &str, password: Option<&str>, token_store: &Arc<Memory>, details: &[(FieldId, &str)]) -> Cherwell {
    let client_id = "client-1".to_owned();
    client_of(url, "azure.integration", &client_id, password, token_store, details)
}

fn client_of(
    url: &str,
    username: &str,
    client_id: &str,
    password: Option<&str>,
    token_store: &Arc<Memory>,
    details: &[(FieldId, &str)],
) -> Cherwell {
    let access = Access {
        connection: Connection {
            name: ConnectionName::parse("contoso").unwrap(),
            partner: PartnerId::new("cherwell"),
            server_url: ServerUrl::parse(url, &[]).unwrap().0,
            username: username.to_owned(),
            client_id: client_id.to_owned(),
            work_items: WorkItemKind::ALL.to_vec(),
            sync_days: 120,
            create_configuration_items: false,
            grant: Grant::Password,
            details: details.iter().map(|(field, text)| (*field, (*text).to_owned())).collect::<BTreeMap<_, _>>(),
            workspaces: Vec::new(),
            known_as: None,
        },
        spec: spec(),
        password: password.map(Secret::new),
        client_secret: None,
        token_store: Arc::clone(token_store) as Arc<dyn TokenStore>,
        ca_file: None,
        mapping: None,
        kept: None,
        trace: None,
        throttle: Default::default(),
    };
    Cherwell::new(access, &HttpConfig::default()).unwrap()
}

/// A practice system, and a client that may sign in to it.
struct Practice {
    server: Server,
    partner: Cherwell,
    token_store: Arc<Memory>,
}

impl Practice {
    async fn start(options: Options) -> Self {
        Self::with(options, &[]).await
    }

    async fn with(options: Options, details: &[(FieldId, &str)]) -> Self {
        let server = Server::start(options).await.unwrap();
        let token_store = Arc::new(Memory::default());
        let own = server.sign_in().clone();
        let partner = client_of(&own.url, &own.username, &own.client_id, Some(&own.password), &token_store, details);
        Self { server, partner, token_store }
    }

    fn control(&self) -> Control {
        self.server.control()
    }

    /// Another client of the same connection, without the password.
    fn later(&self) -> Cherwell {
        let own = self.server.sign_in();
        client_of(&own.url, &own.username, &own.client_id, None, &self.token_store, &[])
    }

    async fn page(&self, request: &PageRequest) -> Result<Page, Fault> {
        self.partner.page(request).await
    }

    /// Every work item of a window, page by page as the engine asks.
    async fn walk(&self, kind: WorkItemKind, window: Window, limit: u32) -> Vec<WorkItem> {
        let mut request = request(kind, window, limit);
        let mut items: Vec<WorkItem> = Vec::new();
        loop {
            let page = self.page(&request).await.unwrap();
            assert!(page.items.len() <= limit as usize);
            for item in &page.items {
                if let Some(last) = items.last() {
                    assert!((item.updated_at, &item.source_id) > (last.updated_at, &last.source_id), "out of order");
                }
                assert!(item.updated_at >= window.from && window.before.is_none_or(|before| item.updated_at < before));
                items.push(item.clone());
            }
            let done = page.total.map_or(page.items.is_empty(), |total| page.items.len() as u64 >= total);
            if done {
                return items;
            }
            assert!(!page.items.is_empty(), "an empty page that is not the last");
            request.after = items.last().map(WorkItem::cursor);
        }
    }
}

fn request(kind: WorkItemKind, window: Window, limit: u32) -> PageRequest {
    PageRequest { kind, window, after: None, offset: 0, limit, count: true, lean: false }
}

fn days(days: i64) -> Window {
    Window { from: Timestamp::now() - SignedDuration::from_hours(24 * days), before: None }
}

fn still(rows: u64) -> Options {
    Options { rows: Some(rows), ..Options::still() }
}
