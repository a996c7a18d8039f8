//! What the tests of this folder share: a web app to practise on, and a client of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::connection::{Connection, ConnectionName, Grant};
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::mapping::MappingFile;
use crate::model::partner::{Catalogue, PartnerId, PartnerSpec};
use crate::model::secret::Secret;
use crate::model::sync::{Page, PageRequest, Window};
use crate::model::url::ServerUrl;
use crate::model::work_item::{Cursor, WorkItem, WorkItemKind};
use crate::net::http::HttpConfig;
use crate::partner::testing::Memory;
use crate::partner::{Access, Partner as _};
use itsmc_practice::service_manager::{Layout, Options, Server};

use super::ServiceManager;

/// The asset.
pub fn spec() -> PartnerSpec {
    Catalogue::built_in().unwrap().get(&PartnerId::new("service-manager")).unwrap().clone()
}

/// A web app of this layout on which nothing happens by itself.
pub async fn server(layout: Layout, rows: u64) -> Server {
    Server::start(Options { layout, rows: Some(rows), ..Options::still() }).await.unwrap()
}

/// How to reach it.
pub fn access(server: &Server) -> Access {
    let to = server.sign_in();
    let details = [(FieldId::Tenant, to.tenant.clone()), (FieldId::Authority, to.authority.clone())];
    Access {
        connection: Connection {
            name: ConnectionName::parse("contoso-scsm").unwrap(),
            partner: PartnerId::new("service-manager"),
            server_url: ServerUrl::parse(&to.url, &[]).unwrap().0,
            username: String::new(),
            client_id: to.client_id.clone(),
            work_items: WorkItemKind::ALL.to_vec(),
            sync_days: 120,
            create_configuration_items: false,
            grant: Grant::ClientCredentials,
            details: BTreeMap::from(details),
            workspaces: Vec::new(),
            known_as: None,
        },
        spec: spec(),
        password: None,
        client_secret: Some(Secret::new(to.client_secret.clone())),
        token_store: Arc::new(Memory::default()),
        ca_file: None,
        mapping: None,
        kept: None,
        trace: None,
        throttle: Default::default(),
    }
}

/// A client of it.
pub fn client(server: &Server) -> ServiceManager {
    ServiceManager::new(access(server), &HttpConfig::default()).unwrap()
}

/// A client of it with the admin's own mapping.
pub fn corrected(server: &Server, mapping: &str) -> ServiceManager {
    let mapping = Some(MappingFile::read(mapping).unwrap());
    ServiceManager::new(Access { mapping, ..access(server) }, &HttpConfig::default()).unwrap()
}

/// A client of it with a binding that is kept from connect time.
pub fn keeping(server: &Server, kept: &str) -> ServiceManager {
    let kept = Some(MappingFile::read(kept).unwrap());
    ServiceManager::new(Access { kept, ..access(server) }, &HttpConfig::default()).unwrap()
}

/// Walks a window to its end as the engine does, and returns the rows by their Ids, the last of each.
pub async fn walk(
    client: &ServiceManager,
    kind: WorkItemKind,
    window: Window,
    limit: u32,
    mut between: impl FnMut(),
) -> Result<BTreeMap<String, WorkItem>, Fault> {
    let (mut after, mut found): (Option<Cursor>, _) = (None, BTreeMap::new());
    loop {
        let request = PageRequest { kind, window, after: after.clone(), offset: 0, limit, count: true, lean: false };
        let page: Page = client.page(&request).await?;
        assert!(page.items.len() <= limit as usize);
        for item in &page.items {
            let place = item.cursor();
            assert!(after.as_ref().is_none_or(|after| *after < place), "{after:?} {place:?}");
            assert!(place.updated_at >= window.from && window.before.is_none_or(|before| place.updated_at < before));
            after = Some(place);
        }
        let (empty, total) = (page.items.is_empty(), page.total);
        let rows = page.items.len() as u64 + page.hidden;
        found.extend(page.items.into_iter().map(|item| (item.number.clone(), item)));
        if empty || total.is_some_and(|total| rows >= total) {
            return Ok(found);
        }
        between();
    }
}
