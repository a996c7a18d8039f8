//! How an instance issues tokens, and what its error replies mean.

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::sign_in::OAuth;
use super::{errors, query, revoke};
use crate::model::connection::Grant;
use crate::model::fault::Fault;
use crate::model::secret::Secret;
use crate::model::token::Tokens;
use crate::model::token_list::TokenKind;
use crate::net::http::{Call, Http, Method, Reply, SMALL_LIMIT_BYTES};
use crate::partner::BoxFuture;
use crate::partner::session::{self, SignIn};

/// The signed-in side of a connection.
pub type Session = session::Session<OAuth>;

impl SignIn for OAuth {
    fn http(&self) -> &Http {
        &self.http
    }

    fn authenticate(&self, password: Option<Secret>) -> BoxFuture<'_, Result<Option<Tokens>, Fault>> {
        Box::pin(async move {
            match (self.grant, password) {
                (Grant::ClientCredentials, _) => self.client_credentials().await.map(Some),
                (Grant::Password, Some(password)) => self.password(&password).await.map(Some),
                (Grant::Password, None) => Ok(None),
            }
        })
    }

    fn refresh<'a>(&'a self, held: &'a Tokens, refresh: &'a Secret) -> BoxFuture<'a, Result<Tokens, Fault>> {
        Box::pin(Self::refresh(self, held, refresh))
    }

    fn needs_password(&self) -> bool {
        self.grant == Grant::Password
    }

    fn proof(&self) -> (String, &'static str) {
        (query::list("sys_user", "", "sys_id", 1, false), "sys_user")
    }

    fn check(&self, reply: Reply, what: &str) -> Result<Reply, Fault> {
        errors::check(reply, what, Timestamp::now())
    }

    fn revoke<'a>(
        &'a self,
        kind: TokenKind,
        token: &'a Secret,
        in_use: Option<&'a Tokens>,
    ) -> BoxFuture<'a, Result<bool, Fault>> {
        Box::pin(async move { revoke::revoke(self, kind, token, in_use).await.map(|()| true) })
    }
}

/// Sends a change by bearer; its body is JSON.
///
/// # Errors
/// As [`session::Session::send`].
pub async fn write(
    session: &Session,
    method: Method,
    path: &str,
    body: Option<Zeroizing<String>>,
) -> Result<Reply, Fault> {
    session.send(Call { body, ..Call::new(method, path) }, SMALL_LIMIT_BYTES).await
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
