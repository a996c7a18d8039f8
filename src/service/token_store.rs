//! Where a partner's tokens are kept: in the vault, or in memory while a connection is not saved yet.

use std::sync::{Arc, PoisonError};

use jiff::Timestamp;
use tokio::sync::Mutex;

use super::blocking::blocking;
use crate::home::Home;
use crate::home::lock::TokenLock;
use crate::model::fault::Fault;
use crate::model::rotation::NewSecret;
use crate::model::summary::SignedIn;
use crate::model::token::{Retired, Tokens};
use crate::partner::{BoxFuture, Renewal, TokenStore};
use crate::store::Store;
use crate::vault::{Held, Left, Made, Owner, Since, Vault};

/// Keeps the tokens of a saved connection in the vault, for the identity that its settings give it now and no other.
///
/// A renewal holds the lock of the connection's tokens, and the vault's only while it reads or writes: what one
/// product does not answer holds up no other. It writes only to the entry that it read.
pub struct VaultTokens {
    /// Where the lock is.
    pub home: Home,
    /// The vault.
    pub vault: Vault,
    /// Learns when the sign-in ends, so that a tile needs no vault.
    pub store: Store,
    /// Whose tokens.
    pub owner: Owner,
    /// What a sign-in by someone who types its secrets may change, where this is one.
    pub fresh: Option<Fresh>,
}

/// A sign-in with typed secrets: it may take the place of secrets that belong to another identity.
#[derive(Default)]
pub struct Fresh {
    /// A client secret that takes the place of the stored one once it is proven.
    pub client_secret: Option<NewSecret>,
    /// What was replaced because it belongs to another identity.
    left: std::sync::Mutex<Option<Left>>,
}

impl Fresh {
    /// One with this client secret, where there is a new one.
    pub fn new(client_secret: Option<NewSecret>) -> Self {
        Self { client_secret, ..Self::default() }
    }
}

/// What stands in the vault while a renewal is made.
struct Seen {
    held: Option<Held>,
    since: Option<Since>,
    _turn: TokenLock,
}

/// Whether the tokens that are replaced are kept until they are revoked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Replaced {
    Dropped,
    Kept,
}

impl VaultTokens {
    /// The secrets as they stand; none of another identity where someone signs in with secrets of their own.
    ///
    /// # Errors
    /// [`Fault::IdentityChanged`], and the vault's own.
    pub async fn held(&self) -> Result<Option<Held>, Fault> {
        let (vault, owner, is_fresh) = (self.vault.clone(), self.owner.clone(), self.fresh.is_some());
        blocking(move || match vault.held(&owner) {
            Err(Fault::IdentityChanged { .. }) if is_fresh => Ok(None),
            held => held,
        })
        .await
    }

    /// What a sign-in took the place of because it belongs to another identity.
    pub fn left(&self) -> Option<Left> {
        self.fresh.as_ref()?.left.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    async fn look(&self) -> Result<Seen, Fault> {
        let (vault, owner, is_fresh) = (self.vault.clone(), self.owner.clone(), self.fresh.is_some());
        let home = self.home.clone();
        blocking(move || {
            let turn = TokenLock::take(&home, &owner.name)?;
            let (held, since) = vault.view(&owner)?;
            let held = match held {
                Err(Fault::IdentityChanged { .. }) if is_fresh => None,
                held => held?,
            };
            Ok(Seen { held, since, _turn: turn })
        })
        .await
    }

    async fn replace(&self, renewal: Renewal, replaced: Replaced) -> Result<Tokens, Fault> {
        let seen = self.look().await?;
        if seen.held.is_none() && self.fresh.is_none() {
            return Err(self.refused(Fault::SignedOut { connection: self.owner.name.to_string() }).await?);
        }
        let held = seen.held.as_ref().and_then(|held| held.tokens.clone());
        let tokens = match renewal(held.clone()).await {
            Err(fault) => return Err(self.refused(fault).await?),
            Ok(tokens) => tokens,
        };
        let retired = match replaced {
            Replaced::Kept => Retired::of(held, &tokens, Timestamp::now()),
            Replaced::Dropped => None,
        };
        let (tokens, client_secret_expires) = self.write(seen, tokens, retired).await?;
        let (sign_in, identity) = (tokens.sign_in, self.owner.identity.clone());
        self.store.signed_in(&self.owner.name, SignedIn { sign_in, identity, client_secret_expires }).await?;
        Ok(tokens)
    }

    /// A renewal that the product refused signs the connection out, for everybody to see. What someone typed and the
    /// product refused changes nothing.
    async fn refused(&self, fault: Fault) -> Result<Fault, Fault> {
        if self.fresh.is_none() && fault.is_signed_out() {
            self.store.signed_out(&self.owner.name, fault.clone()).await?;
        }
        Ok(fault)
    }

    /// Writes tokens into the vault; they and the end of the client secret as they stand there then.
    async fn write(
        &self,
        seen: Seen,
        tokens: Tokens,
        retired: Option<Retired>,
    ) -> Result<(Tokens, Option<Timestamp>), Fault> {
        let (vault, owner) = (self.vault.clone(), self.owner.clone());
        let client_secret = self.fresh.as_ref().and_then(|fresh| fresh.client_secret.clone());
        let (left, tokens, end) = blocking(move || {
            let made = Made { tokens: &tokens, replaced: retired.as_ref(), client_secret: client_secret.as_ref() };
            let guard = vault.lock()?;
            let left = match (&seen.held, seen.since) {
                (Some(_), Some(since)) => guard.keep(&owner, since, &made).map(|()| None)?,
                (_, since) => guard.take_over(&owner, since, &made)?,
            };
            drop(guard);
            let held = vault.held(&owner).ok().flatten();
            Ok((left, tokens, held.and_then(|held| held.client_secret_expires)))
        })
        .await?;
        if let (Some(fresh), Some(left)) = (&self.fresh, left) {
            *fresh.left.lock().unwrap_or_else(PoisonError::into_inner) = Some(left);
        }
        Ok((tokens, end))
    }
}

impl TokenStore for VaultTokens {
    fn load(&self) -> BoxFuture<'_, Result<Option<Tokens>, Fault>> {
        Box::pin(async { Ok(self.held().await?.and_then(|held| held.tokens)) })
    }

    fn renew(&self, renewal: Renewal) -> BoxFuture<'_, Result<Tokens, Fault>> {
        Box::pin(self.replace(renewal, Replaced::Dropped))
    }

    fn rotate(&self, renewal: Renewal) -> BoxFuture<'_, Result<Tokens, Fault>> {
        Box::pin(self.replace(renewal, Replaced::Kept))
    }

    fn retired(&self) -> BoxFuture<'_, Result<Vec<Retired>, Fault>> {
        Box::pin(async { Ok(self.held().await?.map(|held| held.retired).unwrap_or_default()) })
    }

    fn forget_retired(&self, revoked: Vec<Retired>) -> BoxFuture<'_, Result<(), Fault>> {
        let (vault, owner) = (self.vault.clone(), self.owner.clone());
        Box::pin(blocking(move || vault.lock()?.forget_retired(&owner, &revoked)))
    }
}

/// Keeps the tokens of a connection that is being set up; gone with the program.
#[derive(Default)]
pub struct MemoryTokens {
    tokens: Arc<Mutex<Option<Tokens>>>,
    retired: Mutex<Vec<Retired>>,
}

impl MemoryTokens {
    /// Holds tokens that are to be revoked.
    pub fn holding(held: Held) -> Self {
        Self { tokens: Arc::new(Mutex::new(held.tokens)), retired: Mutex::new(held.retired) }
    }

    /// The tokens a test obtained, if it came so far.
    pub async fn tokens(&self) -> Option<Tokens> {
        self.tokens.lock().await.clone()
    }
}

impl TokenStore for MemoryTokens {
    fn load(&self) -> BoxFuture<'_, Result<Option<Tokens>, Fault>> {
        Box::pin(async { Ok(self.tokens().await) })
    }

    fn renew(&self, renewal: Renewal) -> BoxFuture<'_, Result<Tokens, Fault>> {
        Box::pin(async move {
            let mut held = self.tokens.lock().await;
            let tokens = renewal(held.clone()).await?;
            *held = Some(tokens.clone());
            Ok(tokens)
        })
    }

    fn rotate(&self, renewal: Renewal) -> BoxFuture<'_, Result<Tokens, Fault>> {
        Box::pin(async move {
            let mut held = self.tokens.lock().await;
            let tokens = renewal(held.clone()).await?;
            self.retired.lock().await.extend(Retired::of(held.take(), &tokens, Timestamp::now()));
            *held = Some(tokens.clone());
            Ok(tokens)
        })
    }

    fn retired(&self) -> BoxFuture<'_, Result<Vec<Retired>, Fault>> {
        Box::pin(async { Ok(self.retired.lock().await.clone()) })
    }

    fn forget_retired(&self, revoked: Vec<Retired>) -> BoxFuture<'_, Result<(), Fault>> {
        Box::pin(async move {
            self.retired.lock().await.retain(|one| !revoked.contains(one));
            Ok(())
        })
    }
}
