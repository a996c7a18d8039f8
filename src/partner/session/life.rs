//! The life of a connection's tokens, the same for every product.

use jiff::Timestamp;

use super::{Session, SignIn};
use crate::model::checklist::SeenBy;
use crate::model::fault::Fault;
use crate::model::rotation::Renewed;
use crate::model::secret::Secret;
use crate::model::token::{Retired, Tokens};
use crate::model::token_list::{Fingerprint, HeldToken, InstanceTokens, TokenKind, TokenList};
use crate::net::http::SMALL_LIMIT_BYTES;
use crate::partner::{BoxFuture, TokenLife};

impl<S: SignIn> Session<S> {
    /// What we hold: the tokens in use, and the replaced ones that are not revoked yet.
    ///
    /// # Errors
    /// When the place where they are kept cannot be read.
    pub async fn held(&self) -> Result<Vec<HeldToken>, Fault> {
        let (held, retired) = (self.token_store().load().await?, self.token_store().retired().await?);
        let mut shown = held.as_ref().map(|tokens| tokens.shown(None)).unwrap_or_default();
        shown.extend(retired.iter().flat_map(|retired| to_revoke(retired, held.as_ref())));
        Ok(shown)
    }

    async fn prove_stored(&self) -> Result<(), Fault> {
        self.reload();
        let (path, what) = self.flow().proof();
        match self.fetch(&path, what, SMALL_LIMIT_BYTES).await {
            // A refusal for want of rights was made to somebody known.
            Ok(_) | Err(Fault::Forbidden { .. } | Fault::NoSuchTable { .. }) => Ok(()),
            Err(fault) => Err(fault),
        }
    }

    async fn restore_replaced(&self) -> Result<bool, Fault> {
        let Some(last) = self.token_store().retired().await?.pop() else { return Ok(false) };
        let old = last.tokens.clone();
        self.token_store().rotate(Box::new(move |_| Box::pin(async move { Ok(old) }))).await?;
        self.token_store().forget_retired(vec![last]).await?;
        self.reload();
        Ok(true)
    }

    async fn revoke_replaced(&self) -> Result<Vec<HeldToken>, Fault> {
        let mut revoked = Vec::new();
        for retired in self.token_store().retired().await? {
            let in_use = self.token_store().load().await?;
            revoked.extend(self.revoke_retired_one(&retired, in_use.as_ref()).await?);
            self.token_store().forget_retired(vec![retired]).await?;
        }
        Ok(revoked)
    }

    async fn revoke_retired_one(&self, retired: &Retired, in_use: Option<&Tokens>) -> Result<Vec<HeldToken>, Fault> {
        let mut old = retired.to_revoke(in_use);
        // The refresh token first, so that nothing gives out another access token meanwhile.
        old.sort_by_key(|(kind, _)| *kind != TokenKind::Refresh);
        let mut revoked = Vec::new();
        for (kind, token) in &old {
            if self.flow().revoke(*kind, token, in_use).await? {
                revoked.push(Fingerprint::of(token));
            }
        }
        Ok(to_revoke(retired, in_use).into_iter().filter(|token| revoked.contains(&token.fingerprint)).collect())
    }

    async fn revoke_one(&self, wanted: &Fingerprint) -> Result<HeldToken, Fault> {
        let (held, retired) = (self.token_store().load().await?, self.token_store().retired().await?);
        let current = held.iter().map(|tokens| (tokens, None));
        let replaced = retired.iter().map(|retired| (&retired.tokens, Some(retired.at)));
        for (tokens, at) in current.chain(replaced) {
            let found = tokens.each().find(|(_, token)| Fingerprint::of(token) == *wanted);
            let shown = tokens.shown(at).into_iter().find(|token| token.fingerprint == *wanted);
            if let (Some((kind, token)), Some(shown)) = (found, shown) {
                let revoked = self.flow().revoke(kind, token, held.as_ref()).await?;
                self.reload();
                let runs_out = || Fault::CannotRevoke { what: format!("token {wanted}"), expires: shown.expires };
                return revoked.then_some(shown.clone()).ok_or_else(runs_out);
            }
        }
        Err(Fault::NotFound { what: format!("token {wanted}") })
    }
}

/// Those of a replaced sign-in's tokens that are not in use, as they may be shown.
fn to_revoke(retired: &Retired, in_use: Option<&Tokens>) -> Vec<HeldToken> {
    let old = retired.to_revoke(in_use);
    let is_old = |token: &HeldToken| old.iter().any(|(_, value)| Fingerprint::of(value) == token.fingerprint);
    retired.tokens.shown(Some(retired.at)).into_iter().filter(is_old).collect()
}

impl<S: SignIn> TokenLife for Session<S> {
    fn tokens(&self) -> BoxFuture<'_, Result<TokenList, Fault>> {
        Box::pin(async {
            let instance = InstanceTokens::NotListed;
            Ok(TokenList { held: self.held().await?, instance, seen_by: SeenBy::Integration, at: Timestamp::now() })
        })
    }

    fn sign_in_again(&self, password: Option<Secret>) -> BoxFuture<'_, Result<Renewed, Fault>> {
        Box::pin(Self::sign_in_again(self, password))
    }

    fn refresh_again(&self) -> BoxFuture<'_, Result<Renewed, Fault>> {
        Box::pin(Self::refresh_again(self))
    }

    fn prove(&self) -> BoxFuture<'_, Result<(), Fault>> {
        Box::pin(self.prove_stored())
    }

    fn restore(&self) -> BoxFuture<'_, Result<bool, Fault>> {
        Box::pin(self.restore_replaced())
    }

    fn has_retired(&self) -> BoxFuture<'_, Result<bool, Fault>> {
        Box::pin(async { Ok(!self.token_store().retired().await?.is_empty()) })
    }

    fn revoke_retired(&self) -> BoxFuture<'_, Result<Vec<HeldToken>, Fault>> {
        Box::pin(self.revoke_replaced())
    }

    fn revoke_held<'a>(&'a self, token: &'a Fingerprint) -> BoxFuture<'a, Result<HeldToken, Fault>> {
        Box::pin(self.revoke_one(token))
    }
}
