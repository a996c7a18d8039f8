//! The administrative side of an instance.

use std::sync::Arc;

use jiff::Timestamp;

use super::admin::Admin;
use super::checklist::{self, Eyes};
use super::lookup::{self, Ask, is_hidden};
use super::{ServiceNow, revoke, tokens};
use crate::model::checklist::{Checklist, ItemId};
use crate::model::fault::Fault;
use crate::model::rotation::Renewed;
use crate::model::secret::Secret;
use crate::model::token::{Retired, Tokens};
use crate::model::token_list::{Fingerprint, HeldToken, TokenKind, TokenList};
use crate::partner::{AdminSession, Administration, Later, Tell};

impl ServiceNow {
    fn own_eyes(&self) -> Eyes<'_> {
        Eyes { partner: self, session: &self.session, admin: None, signed_in_at: Timestamp::UNIX_EPOCH }
    }

    async fn prove_stored(&self) -> Result<(), Fault> {
        self.session.reload();
        let ask = Ask { table: "sys_user", query: "", fields: "sys_id", limit: 1 };
        match lookup::rows(&self.session, ask).await {
            Err(fault) if !is_hidden(&fault) => Err(fault),
            // A refusal for want of rights was made to somebody known.
            _ => Ok(()),
        }
    }

    async fn revoke_replaced(&self) -> Result<Vec<HeldToken>, Fault> {
        let keeper = self.session.keeper();
        let mut revoked = Vec::new();
        for retired in keeper.retired().await? {
            let in_use = keeper.load().await?;
            revoked.extend(self.revoke_retired_one(&retired, in_use.as_ref()).await?);
            keeper.forget_retired(vec![retired]).await?;
        }
        Ok(revoked)
    }

    async fn revoke_retired_one(&self, retired: &Retired, in_use: Option<&Tokens>) -> Result<Vec<HeldToken>, Fault> {
        let mut old = retired.to_revoke(in_use);
        // The refresh token first, so that nothing gives out another access token meanwhile.
        old.sort_by_key(|(kind, _)| *kind != TokenKind::Refresh);
        for (kind, token) in &old {
            revoke::revoke(self.session.oauth(), *kind, token, in_use).await?;
        }
        let is_old = |token: &HeldToken| old.iter().any(|(_, value)| Fingerprint::of(value) == token.fingerprint);
        Ok(retired.tokens.shown(Some(retired.at)).into_iter().filter(is_old).collect())
    }

    async fn revoke_one(&self, wanted: &Fingerprint) -> Result<HeldToken, Fault> {
        let keeper = self.session.keeper();
        let (held, retired) = (keeper.load().await?, keeper.retired().await?);
        let current = held.iter().map(|tokens| (tokens, None));
        let replaced = retired.iter().map(|retired| (&retired.tokens, Some(retired.at)));
        for (tokens, at) in current.chain(replaced) {
            let found = tokens.each().find(|(_, token)| Fingerprint::of(token) == *wanted);
            let shown = tokens.shown(at).into_iter().find(|token| token.fingerprint == *wanted);
            if let (Some((kind, token)), Some(shown)) = (found, shown) {
                revoke::revoke(self.session.oauth(), kind, token, held.as_ref()).await?;
                self.session.reload();
                return Ok(shown);
            }
        }
        Err(Fault::NotFound { what: format!("token {wanted}") })
    }

    async fn restore_replaced(&self) -> Result<bool, Fault> {
        let keeper = self.session.keeper();
        let Some(last) = keeper.retired().await?.pop() else { return Ok(false) };
        let old = last.tokens.clone();
        keeper.rotate(Box::new(move |_| Box::pin(async move { Ok(old) }))).await?;
        keeper.forget_retired(vec![last]).await?;
        self.session.reload();
        Ok(true)
    }
}

impl Administration for ServiceNow {
    fn items(&self) -> Vec<ItemId> {
        checklist::items(self)
    }

    fn checklist<'a>(&'a self, tell: Tell<'a>) -> Later<'a, Checklist> {
        Box::pin(checklist::run(self, &self.session, None, tell))
    }

    fn admin_session(&self, user_name: String, password: Secret) -> Later<'_, Result<Arc<dyn AdminSession>, Fault>> {
        Box::pin(async move {
            let admin = Admin::sign_in(self.clone(), user_name, password).await?;
            Ok(Arc::new(admin) as Arc<dyn AdminSession>)
        })
    }

    fn tokens(&self) -> Later<'_, Result<TokenList, Fault>> {
        Box::pin(tokens::list(self.own_eyes()))
    }

    fn sign_in_again(&self, password: Secret) -> Later<'_, Result<Renewed, Fault>> {
        Box::pin(self.session.sign_in_again(password))
    }

    fn prove(&self) -> Later<'_, Result<(), Fault>> {
        Box::pin(self.prove_stored())
    }

    fn restore(&self) -> Later<'_, Result<bool, Fault>> {
        Box::pin(self.restore_replaced())
    }

    fn has_retired(&self) -> Later<'_, Result<bool, Fault>> {
        Box::pin(async { Ok(!self.session.keeper().retired().await?.is_empty()) })
    }

    fn revoke_retired(&self) -> Later<'_, Result<Vec<HeldToken>, Fault>> {
        Box::pin(self.revoke_replaced())
    }

    fn revoke_held<'a>(&'a self, token: &'a Fingerprint) -> Later<'a, Result<HeldToken, Fault>> {
        Box::pin(self.revoke_one(token))
    }
}

#[cfg(test)]
#[path = "administration/tests/mod.rs"]
mod tests;
