//! The tokens of a connection that is being set up or changed, in memory until it is saved or given up.

use std::sync::{Arc, Mutex};

use super::token_store::MemoryTokens;
use crate::model::connection::{Connection, ConnectionName};
use crate::model::fault::Fault;
use crate::model::form::ValidForm;
use crate::model::secret::Secret;

/// The tokens of one form at a time, and whose they are.
#[derive(Default)]
pub struct CandidateTokens(Mutex<Option<Candidate>>);

/// What a form's test obtained, with what is needed to revoke it.
pub struct Candidate {
    /// The connection as the form described it.
    pub connection: Connection,
    /// The client secret that was typed.
    pub client_secret: Option<Secret>,
    /// The tokens.
    pub token_store: Arc<MemoryTokens>,
}

impl CandidateTokens {
    /// Where the tokens of this form are kept; a form with another server, user or client starts with none.
    ///
    /// # Errors
    /// When another task died while holding it.
    pub fn token_store(&self, form: &ValidForm) -> Result<Arc<MemoryTokens>, Fault> {
        let mut held = self.0.lock().map_err(|_| Fault::Internal { what: "candidate".to_owned() })?;
        if let Some(candidate) = held.as_ref().filter(|one| same_sign_in(&one.connection, &form.connection)) {
            return Ok(candidate.token_store.clone());
        }
        let (connection, client_secret) = (form.connection.clone(), form.client_secret.clone());
        let token_store = Arc::new(MemoryTokens::default());
        *held = Some(Candidate { connection, client_secret, token_store: token_store.clone() });
        Ok(token_store)
    }

    /// Whose tokens are held.
    pub fn name(&self) -> Option<ConnectionName> {
        self.0.lock().ok()?.as_ref().map(|candidate| candidate.connection.name.clone())
    }

    /// Takes out what is held, once the form is saved or given up.
    pub fn take(&self) -> Option<Candidate> {
        self.0.lock().ok()?.take()
    }
}

/// Whether tokens of one are good for the other.
fn same_sign_in(one: &Connection, other: &Connection) -> bool {
    let of = |connection: &Connection| {
        let Connection { server_url, username, client_id, grant, details, .. } = connection.clone();
        (server_url, username, client_id, grant, details)
    };
    of(one) == of(other)
}
