//! What every command has at hand.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::output::Output;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::service::services::Services;
use crate::texts::command as words;

/// The services and the way to speak.
pub struct Context {
    /// The places of the home, and what works on them.
    pub services: Arc<Services>,
    /// How results and faults are told.
    pub output: Output,
    /// Cancelled by a signal.
    pub cancel: CancellationToken,
}

impl Context {
    /// The connection that a command is about: the one that is named, else the only one there is.
    ///
    /// # Errors
    /// [`Fault::BadUsage`] where none is named and there is none or several; the config file's own.
    pub async fn named(&self, name: Option<String>) -> Result<String, Fault> {
        if let Some(name) = name {
            return Ok(name);
        }
        let known: Vec<_> = self.services.names().await?;
        match known.as_slice() {
            [only] => Ok(only.to_string()),
            [] => Err(Fault::BadUsage { what: words::name_missing_no_connection(self.output.lang).to_owned() }),
            several => {
                let several = several.iter().map(ConnectionName::as_str).collect::<Vec<_>>().join(", ");
                Err(Fault::BadUsage { what: words::name_missing(self.output.lang, &several) })
            }
        }
    }
}
