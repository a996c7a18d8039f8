//! The life of the connection's tokens: as for other products, except that a route that needs a token proves them.

use super::{ServiceManager, steps};
use crate::model::fault::Fault;
use crate::model::rotation::Renewed;
use crate::model::secret::Secret;
use crate::model::token_list::{Fingerprint, HeldToken, TokenList};
use crate::partner::{BoxFuture, TokenLife};

impl TokenLife for ServiceManager {
    fn tokens(&self) -> BoxFuture<'_, Result<TokenList, Fault>> {
        TokenLife::tokens(&self.session)
    }

    fn sign_in_again(&self, password: Option<Secret>) -> BoxFuture<'_, Result<Renewed, Fault>> {
        TokenLife::sign_in_again(&self.session, password)
    }

    fn refresh_again(&self) -> BoxFuture<'_, Result<Renewed, Fault>> {
        TokenLife::refresh_again(&self.session)
    }

    fn prove(&self) -> BoxFuture<'_, Result<(), Fault>> {
        self.session.reload();
        Box::pin(steps::prove(self))
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
