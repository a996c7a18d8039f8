//! Helps for tests: a home that goes away, a connection.

use tempfile::TempDir;

use super::Home;
use crate::model::connection::{Connection, ConnectionName, Grant};
use crate::model::partner::PartnerId;
use crate::model::url::ServerUrl;
use crate::model::work_item::WorkItemKind;

/// A home in a folder that goes away with the first of the two.
pub fn home() -> (TempDir, Home) {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::in_dir(dir.path());
    home.prepare().unwrap();
    (dir, home)
}

/// A connection of this name.
pub fn connection(name: &str) -> Connection {
    Connection {
        name: ConnectionName::parse(name).unwrap(),
        partner: PartnerId::new("servicenow"),
        server_url: ServerUrl::parse(&format!("https://{name}.service-now.com"), &[]).unwrap().0,
        username: "azure.integration".into(),
        client_id: "an-id".into(),
        work_items: vec![WorkItemKind::Incident, WorkItemKind::ChangeRequest],
        sync_days: 30,
        create_configuration_items: false,
        grant: Grant::Password,
        details: std::collections::BTreeMap::new(),
        workspaces: Vec::new(),
        known_as: None,
    }
}
