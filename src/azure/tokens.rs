//! Where the clients of Azure Monitor get their tokens.

use std::sync::Arc;

use crate::model::fault::Fault;
use crate::model::secret::Secret;
use crate::net::BoxFuture;

/// Gives tokens for one audience, and gets another one when it is asked to.
pub trait TokenSource: Send + Sync {
    /// A token that is valid now, and another one than the service `refused`. Of many requests that were refused with one token the
    /// first gets another from the sign-in, and the others get that.
    ///
    /// # Errors
    /// When the sign-in does not give one.
    fn token(&self, refused: Option<Secret>) -> BoxFuture<'_, Result<Secret, Fault>>;
}

/// A source that is shared by several clients.
pub type SharedTokens = Arc<dyn TokenSource>;
