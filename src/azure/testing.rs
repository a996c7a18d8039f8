//! Connections for tests.

use crate::model::connection::{Connection, ConnectionName, Grant};
use crate::model::form::FieldId;
use crate::model::partner::{Catalogue, PartnerId, PartnerSpec};
use crate::net::testing::url;

/// A connection of Service Manager with these details; empty ones are left out.
pub fn connection(server: &str, details: &[(FieldId, &str)]) -> Connection {
    let given = details.iter().filter(|(_, text)| !text.is_empty());
    Connection {
        name: ConnectionName::parse("ams-scsm").unwrap(),
        partner: PartnerId::new("service-manager"),
        server_url: url(server),
        username: String::new(),
        client_id: "c".to_owned(),
        work_items: vec![],
        sync_days: 30,
        create_configuration_items: false,
        grant: Grant::ClientCredentials,
        details: given.map(|(field, text)| (*field, (*text).to_owned())).collect(),
        workspaces: Vec::new(),
        known_as: None,
    }
}

/// One with all that is needed to look, some of it put otherwise.
pub fn full(server: &str, otherwise: &[(FieldId, &str)]) -> Connection {
    let usual = [
        (FieldId::AzureSubscription, "11111111-2222-3333-4444-555555555555"),
        (FieldId::AzureResourceGroup, "itsm"),
        (FieldId::RelayNamespace, "smoc1sbn"),
        (FieldId::HybridConnection, "scsm"),
        (FieldId::EndpointHost, "scsm.corp.local"),
    ];
    let mut connection = connection(server, &usual);
    for (field, text) in otherwise {
        connection.details.insert(*field, (*text).to_owned());
    }
    connection
}

/// Its asset.
pub fn spec() -> PartnerSpec {
    Catalogue::built_in().unwrap().get(&PartnerId::new("service-manager")).unwrap().clone()
}

/// Tokens that are numbered in the order in which fresh ones are asked for.
#[derive(Default)]
pub struct Tokens(std::sync::atomic::AtomicUsize);

impl Tokens {
    /// A source whose first token is `t0ken-0`.
    pub fn shared() -> super::tokens::SharedTokens {
        std::sync::Arc::new(Self::default())
    }
}

impl super::tokens::TokenSource for Tokens {
    fn token(
        &self,
        refused: Option<crate::model::secret::Secret>,
    ) -> crate::net::BoxFuture<'_, Result<crate::model::secret::Secret, crate::model::fault::Fault>> {
        use std::sync::atomic::Ordering;
        if refused.is_some() {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
        let number = self.0.load(Ordering::SeqCst);
        Box::pin(async move { Ok(crate::model::secret::Secret::new(format!("t0ken-{number}"))) })
    }
}
