//! Where a partner's tokens are kept: in the vault, or in memory while a connection is not saved yet.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::Mutex;

use super::services::blocking;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::token::{Retired, Tokens};
use crate::partner::{Later, Renewal, TokenKeeper};
use crate::store::Store;
use crate::vault::{Vault, VaultGuard};

/// Keeps the tokens of a saved connection in the vault; the vault's lock is held across read, refresh and write.
pub struct VaultKeeper {
    /// The vault.
    pub vault: Vault,
    /// Learns when the sign-in ends, so that a tile needs no vault.
    pub store: Store,
    /// Whose tokens.
    pub name: ConnectionName,
}

impl TokenKeeper for VaultKeeper {
    fn load(&self) -> Later<'_, Result<Option<Tokens>, Fault>> {
        let (vault, name) = (self.vault.clone(), self.name.clone());
        Box::pin(blocking(move || vault.tokens(&name)))
    }

    fn renew(&self, renewal: Renewal) -> Later<'_, Result<Tokens, Fault>> {
        Box::pin(self.replace(renewal, |guard, name, _, tokens| guard.put_tokens(name, tokens)))
    }

    fn rotate(&self, renewal: Renewal) -> Later<'_, Result<Tokens, Fault>> {
        Box::pin(self.replace(renewal, |guard, name, held, tokens| {
            guard.rotate(name, tokens, Retired::of(held, tokens, Timestamp::now()).as_ref())
        }))
    }

    fn retired(&self) -> Later<'_, Result<Vec<Retired>, Fault>> {
        let (vault, name) = (self.vault.clone(), self.name.clone());
        Box::pin(blocking(move || vault.retired(&name)))
    }

    fn forget_retired(&self, revoked: Vec<Retired>) -> Later<'_, Result<(), Fault>> {
        let (vault, name) = (self.vault.clone(), self.name.clone());
        Box::pin(blocking(move || vault.lock()?.forget_retired(&name, &revoked)))
    }
}

/// Writes new tokens, with those that were held at hand.
type Write = fn(&VaultGuard, &ConnectionName, Option<Tokens>, &Tokens) -> Result<(), Fault>;

impl VaultKeeper {
    async fn replace(&self, renewal: Renewal, write: Write) -> Result<Tokens, Fault> {
        let (vault, name) = (self.vault.clone(), self.name.clone());
        let (guard, held) = blocking(move || {
            let guard = vault.lock()?;
            let held = guard.tokens(&name)?;
            Ok((guard, held))
        })
        .await?;
        let tokens = renewal(held.clone()).await?;
        let (name, kept) = (self.name.clone(), tokens.clone());
        blocking(move || write(&guard, &name, held, &kept)).await?;
        self.store.set_sign_in(&self.name, Some(tokens.sign_in)).await?;
        Ok(tokens)
    }
}

/// Keeps the tokens of a connection that is being set up; gone with the program.
#[derive(Default)]
pub struct MemoryKeeper {
    tokens: Arc<Mutex<Option<Tokens>>>,
    retired: Mutex<Vec<Retired>>,
}

impl MemoryKeeper {
    /// The tokens a test obtained, if it came so far.
    pub async fn tokens(&self) -> Option<Tokens> {
        self.tokens.lock().await.clone()
    }
}

impl TokenKeeper for MemoryKeeper {
    fn load(&self) -> Later<'_, Result<Option<Tokens>, Fault>> {
        Box::pin(async { Ok(self.tokens().await) })
    }

    fn renew(&self, renewal: Renewal) -> Later<'_, Result<Tokens, Fault>> {
        Box::pin(async move {
            let mut held = self.tokens.lock().await;
            let tokens = renewal(held.clone()).await?;
            *held = Some(tokens.clone());
            Ok(tokens)
        })
    }

    fn rotate(&self, renewal: Renewal) -> Later<'_, Result<Tokens, Fault>> {
        Box::pin(async move {
            let mut held = self.tokens.lock().await;
            let tokens = renewal(held.clone()).await?;
            self.retired.lock().await.extend(Retired::of(held.take(), &tokens, Timestamp::now()));
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
