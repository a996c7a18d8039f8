//! The administrative side of an instance.

use std::sync::Arc;

use jiff::Timestamp;

use super::admin::Admin;
use super::checklist::{self, Viewer};
use super::{ServiceNow, tokens};
use crate::model::checklist::{Checklist, ItemId};
use crate::model::fault::Fault;
use crate::model::rotation::Renewed;
use crate::model::secret::Secret;
use crate::model::token_list::{Fingerprint, HeldToken, TokenList};
use crate::partner::{AdminSession, Administration, BoxFuture, Checks, OnProgress, TokenLife};

impl ServiceNow {
    fn own_viewer(&self) -> Viewer<'_> {
        Viewer { partner: self, session: &self.session, admin: None, signed_in_at: Timestamp::UNIX_EPOCH }
    }
}

impl Checks for ServiceNow {
    fn items(&self) -> Vec<ItemId> {
        checklist::items(self)
    }

    fn checklist<'a>(&'a self, tell: OnProgress<'a>) -> BoxFuture<'a, Checklist> {
        Box::pin(checklist::run(self, &self.session, None, tell))
    }
}

impl Administration for ServiceNow {
    fn admin_session(
        &self,
        user_name: String,
        password: Secret,
    ) -> BoxFuture<'_, Result<Arc<dyn AdminSession>, Fault>> {
        Box::pin(async move {
            let admin = Admin::sign_in(self.clone(), user_name, password).await?;
            Ok(Arc::new(admin) as Arc<dyn AdminSession>)
        })
    }
}

/// As every session's, but the instance lists its tokens as well.
impl TokenLife for ServiceNow {
    fn tokens(&self) -> BoxFuture<'_, Result<TokenList, Fault>> {
        Box::pin(tokens::list(self.own_viewer()))
    }

    fn sign_in_again(&self, password: Option<Secret>) -> BoxFuture<'_, Result<Renewed, Fault>> {
        TokenLife::sign_in_again(&*self.session, password)
    }

    fn refresh_again(&self) -> BoxFuture<'_, Result<Renewed, Fault>> {
        TokenLife::refresh_again(&*self.session)
    }

    fn prove(&self) -> BoxFuture<'_, Result<(), Fault>> {
        self.session.prove()
    }

    fn restore(&self) -> BoxFuture<'_, Result<bool, Fault>> {
        self.session.restore()
    }

    fn has_retired(&self) -> BoxFuture<'_, Result<bool, Fault>> {
        self.session.has_retired()
    }

    fn revoke_retired(&self) -> BoxFuture<'_, Result<Vec<HeldToken>, Fault>> {
        self.session.revoke_retired()
    }

    fn revoke_held<'a>(&'a self, token: &'a Fingerprint) -> BoxFuture<'a, Result<HeldToken, Fault>> {
        self.session.revoke_held(token)
    }
}

#[cfg(test)]
#[path = "administration/tests/mod.rs"]
mod tests;
