//! Calls by bearer token, which is renewed when it is over or was revoked.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use zeroize::Zeroizing;

use super::errors;
use super::oauth::OAuth;
use crate::model::connection::Grant;
use crate::model::fault::Fault;
use crate::model::rotation::Renewed;
use crate::model::secret::Secret;
use crate::model::token::Tokens;
use crate::partner::http::{Http, Method, Reply, SMALL_LIMIT_BYTES};
use crate::partner::{Renewal, TokenKeeper};

/// The signed-in side of a connection.
pub struct Session {
    oauth: Arc<OAuth>,
    connection: String,
    password: Option<Secret>,
    keeper: Arc<dyn TokenKeeper>,
    /// The tokens in use, so that the keeper is not asked at each call.
    used: Mutex<Option<Tokens>>,
}

/// What is to be done if no good token is held.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// A token that is good by the clock.
    Good,
    /// Another one than that which was refused.
    Other,
}

impl Session {
    /// A session that takes its tokens from `keeper`; `password` is at hand only while signing in.
    pub fn new(oauth: OAuth, connection: String, password: Option<Secret>, keeper: Arc<dyn TokenKeeper>) -> Self {
        Self { oauth: Arc::new(oauth), connection, password, keeper, used: Mutex::new(None) }
    }

    /// The client underneath.
    pub fn http(&self) -> &Http {
        &self.oauth.http
    }

    /// Whether what a new sign-in needs is at hand.
    pub fn can_sign_in(&self) -> bool {
        self.password.is_some() || self.oauth.grant == Grant::ClientCredentials
    }

    /// Signs in with the password, and stores the tokens.
    ///
    /// # Errors
    /// [`Fault::SignedOut`] without a password, else as [`OAuth::password`] and the keeper.
    pub async fn sign_in(&self) -> Result<Tokens, Fault> {
        let (oauth, password, signed_out) = (Arc::clone(&self.oauth), self.password.clone(), self.signed_out());
        let renewal: Renewal = Box::new(move |_| Box::pin(async move { anew(&oauth, password, signed_out).await }));
        self.keeper.renew(renewal).await.map(|tokens| self.remember(tokens))
    }

    /// Tokens whose access token may be used now.
    ///
    /// # Errors
    /// [`Fault::SignedOut`] if there is no live sign-in, [`Fault::RefreshRefused`] if the instance no longer
    /// takes the refresh token, and what kept an answer from coming.
    pub async fn tokens(&self) -> Result<Tokens, Fault> {
        let now = Timestamp::now();
        if let Some(tokens) = self.in_use().filter(|tokens| tokens.access_expires > now) {
            // Right after a renewal the instance may hand out a token with little life left: it is used up
            // rather than asked for again at every call.
            return Ok(tokens);
        }
        match self.keeper.load().await? {
            Some(tokens) if tokens.access_is_good(now) => Ok(self.remember(tokens)),
            _ => self.renew(None, Wanted::Good).await,
        }
    }

    /// Fetches a reply by bearer. If the token is refused it is renewed once and the call repeated once: it
    /// may have been revoked, or another process may hold a newer one.
    ///
    /// # Errors
    /// As [`Session::tokens`], and what kept a reply from coming; a refusal that stays is in the reply.
    pub async fn get(&self, path: &str, limit: u64) -> Result<Reply, Fault> {
        let tokens = self.tokens().await?;
        let reply = self.http().get(path, Some(&tokens.access), limit).await?;
        if reply.status != 401 {
            return Ok(reply);
        }
        let other = self.renew(Some(tokens.access), Wanted::Other).await?;
        self.http().get(path, Some(&other.access), limit).await
    }

    /// Fetches a success in JSON. `what` names it for the reader of a fault.
    ///
    /// # Errors
    /// As [`Session::get`], and the fault that the reply tells of.
    pub async fn json(&self, path: &str, what: &str, limit: u64) -> Result<Reply, Fault> {
        let reply = self.get(path, limit).await?;
        errors::check(reply, what, Timestamp::now())
    }

    /// Sends a change by bearer, as [`Session::get`] fetches: a refused token changed nothing, so the change is
    /// sent once more with another.
    ///
    /// # Errors
    /// As [`Session::get`]. The instance may have done it nevertheless.
    pub async fn write(&self, method: Method, path: &str, body: Option<Zeroizing<String>>) -> Result<Reply, Fault> {
        let tokens = self.tokens().await?;
        let send = |token, body| self.send(method.clone(), path, token, body);
        let reply = send(tokens.access.clone(), body.clone()).await?;
        if reply.status != 401 {
            return Ok(reply);
        }
        let other = self.renew(Some(tokens.access), Wanted::Other).await?;
        send(other.access, body).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        token: Secret,
        body: Option<Zeroizing<String>>,
    ) -> Result<Reply, Fault> {
        self.http().write(method, path, &token, body, SMALL_LIMIT_BYTES).await
    }

    /// Signs in with the password again, and stores the tokens with the replaced ones beside them.
    ///
    /// # Errors
    /// As [`OAuth::password`] and the keeper.
    pub async fn sign_in_again(&self, password: Secret) -> Result<Renewed, Fault> {
        let (oauth, renewed) = (Arc::clone(&self.oauth), Arc::new(Mutex::new(Renewed::First)));
        let told = Arc::clone(&renewed);
        let renewal: Renewal = Box::new(move |held| {
            Box::pin(async move {
                let tokens = match oauth.grant {
                    Grant::Password => oauth.password(&password).await?,
                    Grant::ClientCredentials => oauth.client_credentials().await?,
                };
                *told.lock().unwrap_or_else(PoisonError::into_inner) = Renewed::of(held.as_ref(), &tokens);
                Ok(tokens)
            })
        });
        self.remember(self.keeper.rotate(renewal).await?);
        let renewed = *renewed.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(renewed)
    }

    /// Where the tokens are kept.
    pub fn keeper(&self) -> &dyn TokenKeeper {
        &*self.keeper
    }

    /// The application and its user.
    pub fn oauth(&self) -> &Arc<OAuth> {
        &self.oauth
    }

    /// Lets go of the tokens in use, so that the next call takes those that are stored.
    pub fn reload(&self) {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Renews under the keeper's lock. If another process has renewed meanwhile, its tokens are taken.
    async fn renew(&self, refused: Option<Secret>, wanted: Wanted) -> Result<Tokens, Fault> {
        let (oauth, signed_out, password) = (Arc::clone(&self.oauth), self.signed_out(), self.password.clone());
        let connection = self.connection.clone();
        let renewal: Renewal = Box::new(move |held| {
            Box::pin(async move {
                let Some(held) = held else { return anew(&oauth, password, signed_out).await };
                let differs = wanted == Wanted::Good || refused.is_some_and(|refused| refused != held.access);
                if differs && held.access_is_good(Timestamp::now()) {
                    return Ok(held);
                }
                let Some(refresh) = &held.refresh else { return anew(&oauth, password, signed_out).await };
                match oauth.refresh(&held, refresh).await {
                    Err(Fault::SignInRefused { detail, .. }) => {
                        anew(&oauth, password, Fault::RefreshRefused { connection, detail }).await
                    }
                    renewed => renewed,
                }
            })
        });
        self.keeper.renew(renewal).await.map(|tokens| self.remember(tokens))
    }

    fn signed_out(&self) -> Fault {
        Fault::SignedOut { connection: self.connection.clone() }
    }

    fn in_use(&self) -> Option<Tokens> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn remember(&self, tokens: Tokens) -> Tokens {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner) = Some(tokens.clone());
        tokens
    }
}

/// Signs in anew, with the application's own secret or with the password; without one it ends with `fault`.
async fn anew(oauth: &OAuth, password: Option<Secret>, fault: Fault) -> Result<Tokens, Fault> {
    match (oauth.grant, password) {
        (Grant::ClientCredentials, _) => oauth.client_credentials().await,
        (Grant::Password, Some(password)) => oauth.password(&password).await,
        (Grant::Password, None) => Err(fault),
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
