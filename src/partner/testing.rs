//! What the tests of partners share: tokens kept in memory, over the fake servers of [`crate::net::testing`].

use std::sync::Arc;

use crate::model::fault::Fault;
use crate::model::token::{Retired, Tokens};
use crate::model::work_item::WorkItemKind;
use crate::partner::{BoxFuture, Renewal, TokenStore};

pub use crate::net::testing::*;

/// What a write to a scripted product meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing.
    None,
    /// It is carried out and answered with 500.
    ErrorAfter,
    /// It is not carried out and answered with 503.
    ErrorBefore,
    /// It is carried out and answered with 400.
    BadRequestAfter,
    /// It is turned away with 429.
    Limited,
    /// It is carried out, and the row is then not given for a while.
    ReadLimited,
}

/// Tokens in memory under a lock.
#[derive(Default)]
pub struct Memory {
    held: tokio::sync::Mutex<Option<Tokens>>,
    retired: tokio::sync::Mutex<Vec<Retired>>,
}

impl Memory {
    /// A token store that holds these.
    pub fn with(tokens: Option<Tokens>) -> Arc<Self> {
        Arc::new(Self { held: tokio::sync::Mutex::new(tokens), ..Self::default() })
    }

    /// What it holds.
    pub async fn held(&self) -> Option<Tokens> {
        self.held.lock().await.clone()
    }

    /// As another process would.
    pub async fn replace(&self, tokens: Option<Tokens>) {
        *self.held.lock().await = tokens;
    }
}

impl TokenStore for Memory {
    fn load(&self) -> BoxFuture<'_, Result<Option<Tokens>, Fault>> {
        Box::pin(async { Ok(self.held().await) })
    }

    fn renew(&self, renewal: Renewal) -> BoxFuture<'_, Result<Tokens, Fault>> {
        Box::pin(async {
            let mut held = self.held.lock().await;
            let tokens = renewal(held.clone()).await?;
            *held = Some(tokens.clone());
            Ok(tokens)
        })
    }

    fn rotate(&self, renewal: Renewal) -> BoxFuture<'_, Result<Tokens, Fault>> {
        Box::pin(async {
            let mut held = self.held.lock().await;
            let tokens = renewal(held.clone()).await?;
            self.retired.lock().await.extend(Retired::of(held.take(), &tokens, jiff::Timestamp::now()));
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

/// The practice servers' name of a kind; they share no type with the client.
pub fn practice_kind(kind: WorkItemKind) -> itsmc_practice::WorkItemKind {
    itsmc_practice::WorkItemKind::from_id(kind.id()).unwrap()
}
