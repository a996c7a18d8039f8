//! What the tests of this folder share.

use std::sync::Arc;

use crate::model::connection::{Connection, ConnectionName, Grant};
use crate::model::partner::{Catalogue, PartnerId, PartnerSpec};
use crate::model::secret::Secret;
use crate::model::url::ServerUrl;
use crate::model::work_item::WorkItemKind;
pub use crate::partner::testing::Memory;
use crate::partner::{Access, TokenStore};

/// The asset.
pub fn spec() -> PartnerSpec {
    Catalogue::built_in().unwrap().get(&PartnerId::new("servicenow")).unwrap().clone()
}

/// Access to a server at this address.
pub fn access(url: &str, password: Option<&str>, token_store: Arc<dyn TokenStore>) -> Access {
    Access {
        connection: Connection {
            name: ConnectionName::parse("contoso").unwrap(),
            partner: PartnerId::new("servicenow"),
            server_url: ServerUrl::parse(url, &[]).unwrap().0,
            username: "azure.integration".into(),
            client_id: "client-1".into(),
            work_items: WorkItemKind::ALL.to_vec(),
            sync_days: 30,
            create_configuration_items: false,
            grant: Grant::Password,
            details: std::collections::BTreeMap::new(),
            workspaces: Vec::new(),
            known_as: None,
        },
        spec: spec(),
        password: password.map(Secret::new),
        client_secret: Some(Secret::new("s&cret=+")),
        token_store,
        ca_file: None,
        mapping: None,
        kept: None,
        trace: None,
        throttle: Default::default(),
    }
}
