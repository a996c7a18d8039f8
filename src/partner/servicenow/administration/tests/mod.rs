//! The administrative side against the practice instance, which plays every state of a set-up.

mod checklist;
mod fixes;
mod rotation;
mod tokens;

use std::sync::Arc;

use crate::model::checklist::{Checklist, ChecklistItem, ItemId};
use crate::model::secret::Secret;
use crate::partner::servicenow::testing::{Memory, access};
use crate::partner::{Access, AdminSession, Administration, Checks, Partner, TokenLife};
use itsmc_practice::servicenow::{Control, Options, Server};

/// A practice instance and a connection to it.
pub struct Instance {
    pub server: Server,
    pub token_store: Arc<Memory>,
    pub partner: Arc<dyn Partner>,
}

impl Instance {
    /// An instance that is set up well but for `change`, and a connection that has its password at hand.
    pub async fn start(change: impl FnOnce(&mut Options)) -> Self {
        Self::start_with(change, |_| ()).await
    }

    pub async fn start_with(change: impl FnOnce(&mut Options), tune: impl FnOnce(&mut Access)) -> Self {
        let mut options = Options { rows: Some(30), ..Options::still() };
        change(&mut options);
        let server = Server::start(options).await.unwrap();
        let token_store = Memory::with(None);
        let sign_in = server.sign_in();
        let mut access = access(&server.url(), Some(&sign_in.password), token_store.clone());
        access.connection.username = sign_in.username.clone();
        access.connection.client_id = sign_in.client_id.clone();
        access.client_secret = Some(Secret::new(&sign_in.client_secret));
        tune(&mut access);
        Self { partner: crate::partner::servicenow::connect(access).unwrap(), server, token_store }
    }

    /// The same instance and stored tokens seen by another process, which has no password.
    pub fn again(&self) -> Arc<dyn Partner> {
        let sign_in = self.server.sign_in();
        let mut access = access(&self.server.url(), None, self.token_store.clone());
        access.connection.username = sign_in.username.clone();
        access.connection.client_id = sign_in.client_id.clone();
        access.client_secret = Some(Secret::new(&sign_in.client_secret));
        crate::partner::servicenow::connect(access).unwrap()
    }

    pub fn control(&self) -> Control {
        self.server.control()
    }

    pub fn side(&self) -> &dyn Administration {
        self.partner.administration().unwrap()
    }

    pub fn checks(&self) -> &dyn Checks {
        self.partner.checks().unwrap()
    }

    pub fn life(&self) -> &dyn TokenLife {
        self.partner.token_life().unwrap()
    }

    pub fn user(&self) -> String {
        self.server.sign_in().username.clone()
    }

    pub fn password(&self) -> Secret {
        Secret::new(&self.server.sign_in().password)
    }

    pub async fn admin(&self) -> Arc<dyn AdminSession> {
        self.side().admin_session(self.server.sign_in().admin.clone(), self.password()).await.unwrap()
    }

    /// The checklist with either pair of eyes.
    pub async fn look(&self, as_admin: bool) -> Checklist {
        if as_admin {
            self.admin().await.checklist(&mut |_| ()).await
        } else {
            self.checks().checklist(&mut |_| ()).await
        }
    }

    pub async fn sign_in(&self) {
        self.life().prove().await.unwrap();
    }

    /// Whether a call with this access token is accepted, by a client of its own.
    pub async fn accepts(&self, access: &Secret) -> bool {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("{}/api/now/table/sys_user?sysparm_limit=1", self.server.url());
        client.get(url).bearer_auth(access.expose()).send().await.unwrap().status() != 401
    }

    /// Whether the instance says that a token of this value is good, without asking it to do anything.
    pub fn is_valid(&self, token: &Secret) -> bool {
        self.control().issued().iter().any(|record| record.valid && record.value == token.expose())
    }
}

pub fn item<'a>(checklist: &'a Checklist, id: &str) -> &'a ChecklistItem {
    checklist.item(&ItemId::try_from(id.to_owned()).unwrap()).unwrap()
}
