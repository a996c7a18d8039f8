//! The tokens of one workspace: one for each audience, kept until shortly before its end.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use super::claims::Claims;
use super::credential::{AccessToken, Credential};
use super::tokens::TokenSource;
use crate::model::cloud::{Audience, Endpoints};
use crate::model::fault::{Account, Fault};
use crate::model::redactor;
use crate::model::secret::Secret;
use crate::model::workspace::AzureSignIn;
use crate::net::BoxFuture;
use crate::net::http::HttpConfig;

/// How long before its end a token is replaced.
const EARLY: SignedDuration = SignedDuration::from_mins(5);

/// Gives out tokens. Whoever asks for one audience while a token is on its way waits for that one.
pub struct TokenProvider {
    /// The cloud; only its hosts are given a token.
    pub cloud: Endpoints,
    /// How requests are made.
    pub config: HttpConfig,
    credential: Credential,
    /// What the sign-in is kept for, and its way.
    kept_for: Option<(Account, AzureSignIn)>,
    held: [Mutex<Option<Held>>; 3],
}

struct Held {
    token: AccessToken,
    renew_at: Timestamp,
}

impl TokenProvider {
    /// One that signs in so.
    pub fn new(cloud: Endpoints, credential: Credential, config: HttpConfig) -> Self {
        Self { cloud, config, credential, kept_for: None, held: Default::default() }
    }

    /// The same with a sign-in that is kept for this account: a refusal names it.
    pub fn kept_for(self, account: Account, way: AzureSignIn) -> Self {
        Self { kept_for: Some((account, way)), ..self }
    }

    /// A token for an API.
    ///
    /// # Errors
    /// The refusal of Entra, or what kept a token from coming; a token that still lives is given out instead.
    pub async fn token(&self, audience: Audience) -> Result<Secret, Fault> {
        let mut held = self.place(audience).lock().await;
        let now = Timestamp::now();
        if let Some(held) = held.as_ref().filter(|held| now < held.renew_at) {
            return Ok(held.token.token.clone());
        }
        match self.credential.token(&self.cloud, audience, &self.config).await {
            Ok(token) => {
                redactor::remember(&token.token);
                let given = token.token.clone();
                *held = Some(Held { renew_at: renew_at(&token, now), token });
                Ok(given)
            }
            Err(fault) => match held.as_ref().filter(|held| now < held.token.expires) {
                Some(held) => Ok(held.token.token.clone()),
                None => Err(match self.kept_for.clone() {
                    Some((account, way)) => fault.of_account(account, way),
                    None => fault,
                }),
            },
        }
    }

    /// Forgets a token that was refused, unless another has taken its place.
    pub async fn throw_away(&self, audience: Audience, refused: &Secret) {
        let mut held = self.place(audience).lock().await;
        if held.as_ref().is_some_and(|held| held.token.token == *refused) {
            *held = None;
        }
    }

    /// Who signs in, as the token for this audience tells.
    ///
    /// # Errors
    /// As [`TokenProvider::token`].
    pub async fn claims(&self, audience: Audience) -> Result<Claims, Fault> {
        self.token(audience).await.map(|token| Claims::of(&token))
    }

    fn place(&self, audience: Audience) -> &Mutex<Option<Held>> {
        match audience {
            Audience::ResourceManager => &self.held[0],
            Audience::Ingestion => &self.held[1],
            Audience::Query => &self.held[2],
        }
    }
}

/// The tokens of a workspace for one audience.
pub struct ForAudience {
    provider: Arc<TokenProvider>,
    audience: Audience,
}

impl ForAudience {
    /// Those for this audience.
    pub fn new(provider: Arc<TokenProvider>, audience: Audience) -> Self {
        Self { provider, audience }
    }
}

impl TokenSource for ForAudience {
    fn token(&self, refused: Option<Secret>) -> BoxFuture<'_, Result<Secret, Fault>> {
        Box::pin(async move {
            if let Some(refused) = refused {
                self.provider.throw_away(self.audience, &refused).await;
            }
            self.provider.token(self.audience).await
        })
    }
}

/// Five minutes before the end, or halfway to it where it is that near.
fn renew_at(token: &AccessToken, now: Timestamp) -> Timestamp {
    let left = token.expires.duration_since(now);
    let early = EARLY.min(left / 2).max(SignedDuration::ZERO);
    token.expires.saturating_sub(early).unwrap_or(token.expires)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_replaced_five_minutes_before_its_end_or_halfway() {
        let now = Timestamp::UNIX_EPOCH;
        let seconds = |life: i64| {
            let expires = now + SignedDuration::from_secs(life);
            renew_at(&AccessToken { token: Secret::new("t"), expires }, now).as_second()
        };
        assert_eq!((seconds(3600), seconds(600), seconds(4), seconds(-9)), (3300, 300, 2, -9));
    }
}

#[cfg(test)]
#[path = "provider_tests.rs"]
mod provider_tests;
