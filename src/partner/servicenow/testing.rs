//! What the tests of this folder share.

use std::sync::Arc;

use crate::model::connection::{Connection, ConnectionName, Grant};
use crate::model::fault::Fault;
use crate::model::partner::{Catalogue, PartnerId, PartnerSpec};
use crate::model::secret::Secret;
use crate::model::token::{Retired, Tokens};
use crate::model::url::ServerUrl;
use crate::model::work_item::WorkItemKind;
use crate::partner::{Access, Later, Renewal, TokenKeeper};

/// The asset.
pub fn spec() -> PartnerSpec {
    Catalogue::built_in().unwrap().get(&PartnerId::new("servicenow")).unwrap().clone()
}

/// Tokens in memory under a lock, with a count of renewals.
#[derive(Default)]
pub struct Memory {
    held: tokio::sync::Mutex<Option<Tokens>>,
    retired: tokio::sync::Mutex<Vec<Retired>>,
}

impl Memory {
    /// A keeper that holds these.
    pub fn with(tokens: Option<Tokens>) -> Arc<Self> {
        Arc::new(Self { held: tokio::sync::Mutex::new(tokens), ..Self::default() })
    }

    /// What it holds.
    pub async fn held(&self) -> Option<Tokens> {
        self.held.lock().await.clone()
    }

    /// As another process would.
    pub async fn replace(&self, tokens: Option<Tokens>) {
        *self.held.lock().await = tokens;
    }
}

impl TokenKeeper for Memory {
    fn load(&self) -> Later<'_, Result<Option<Tokens>, Fault>> {
        Box::pin(async { Ok(self.held().await) })
    }

    fn renew(&self, renewal: Renewal) -> Later<'_, Result<Tokens, Fault>> {
        Box::pin(async {
            let mut held = self.held.lock().await;
            let tokens = renewal(held.clone()).await?;
            *held = Some(tokens.clone());
            Ok(tokens)
        })
    }

    fn rotate(&self, renewal: Renewal) -> Later<'_, Result<Tokens, Fault>> {
        Box::pin(async {
            let mut held = self.held.lock().await;
            let tokens = renewal(held.clone()).await?;
            self.retired.lock().await.extend(Retired::of(held.take(), &tokens, jiff::Timestamp::now()));
            *held = Some(tokens.clone());
            Ok(tokens)
        })
    }

    fn retired(&self) -> Later<'_, Result<Vec<Retired>, Fault>> {
        Box::pin(async { Ok(self.retired.lock().await.clone()) })
    }

    fn forget_retired(&self, revoked: Vec<Retired>) -> Later<'_, Result<(), Fault>> {
        Box::pin(async move {
            self.retired.lock().await.retain(|one| !revoked.contains(one));
            Ok(())
        })
    }
}

/// Access to a server at this address.
pub fn access(url: &str, password: Option<&str>, keeper: Arc<dyn TokenKeeper>) -> Access {
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
        },
        spec: spec(),
        password: password.map(Secret::new),
        client_secret: Some(Secret::new("s&cret=+")),
        keeper,
        ca_file: None,
        mapping: None,
        trace: None,
    }
}
