//! Whom an entry of the vault belongs to, and what is handed out of it.

use jiff::Timestamp;

use crate::model::connection::{Connection, ConnectionName};
use crate::model::fault::Fault;
use crate::model::identity::Identity;
use crate::model::secret::Secret;
use crate::model::token::{Retired, Tokens};

/// A connection as its settings stand now: its secrets open to nobody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// Its name.
    pub name: ConnectionName,
    /// Whom it talks to, and as whom.
    pub identity: Identity,
}

impl Owner {
    /// The owner that a connection is.
    pub fn of(connection: &Connection) -> Self {
        Self { name: connection.name.clone(), identity: Identity::of(connection) }
    }

    /// The fault that the secrets of this connection belong to another identity.
    pub fn is_not(&self, held: &Identity) -> Fault {
        held.changed_to(&self.identity, &self.name)
    }
}

/// The secrets of one connection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    /// The OAuth application's secret.
    pub client_secret: Option<Secret>,
    /// When that ends, where the admin said so.
    pub client_secret_expires: Option<Timestamp>,
    /// The live sign-in.
    pub tokens: Option<Tokens>,
    /// Replaced tokens that are not revoked yet, oldest first.
    pub retired: Vec<Retired>,
}

/// The secrets of a workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkspaceSecrets {
    /// The application's secret.
    pub client_secret: Option<Secret>,
    /// The refresh token of a person who signed in with a code.
    pub refresh: Option<Secret>,
}

/// What an entry held that was removed or replaced: it may still be revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Whom it belongs to.
    pub identity: Identity,
    /// The secrets.
    pub held: Held,
}

/// Which state of an entry was read: what was made of it is written to no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since(pub(super) Option<Timestamp>);
