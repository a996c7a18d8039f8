//! Signing in with a code (RFC 8628): the program shows a code, and a person types it on a page of Microsoft, on any
//! machine.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::AccessToken;
use crate::azure::entra::client::{Entra, Polled};
use crate::model::cloud::{Audience, Endpoints};
use crate::model::fault::Fault;
use crate::model::secret::Secret;
use crate::model::workspace_run::CodePrompt;
use crate::net::http::HttpConfig;

/// The application that people sign in to where none of their own is named: the Azure CLI's public one, which every
/// tenant knows.
pub const AZURE_CLI_APPLICATION: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/// How much longer to wait between questions when told to slow down (RFC 8628, 3.5).
const SLOWER: u64 = 5;

/// A sign-in that waits for the person.
pub struct DeviceSignIn {
    entra: Entra,
    device_code: Secret,
    interval: u64,
    /// What to show.
    pub prompt: CodePrompt,
}

impl DeviceSignIn {
    /// Asks for a code. The person signs in for this audience; the refresh token that comes serves the others as well.
    ///
    /// # Errors
    /// The refusal of Entra, or what kept an answer from coming.
    pub async fn begin(
        cloud: &Endpoints,
        tenant: &str,
        client_id: &str,
        audience: Audience,
        config: &HttpConfig,
    ) -> Result<Self, Fault> {
        let entra = super::entra(cloud, tenant, client_id, None, audience, config)?;
        let given = entra.device_code().await?;
        let until = Timestamp::now().saturating_add(SignedDuration::from_secs(given.life_seconds));
        let until = until.unwrap_or_else(|_| Timestamp::now());
        let prompt = CodePrompt { page: given.page, code: given.user_code, until };
        Ok(Self { entra, device_code: given.device_code, interval: given.interval_seconds, prompt })
    }

    /// Waits until the person has signed in, and gives the token with the refresh token.
    ///
    /// # Errors
    /// [`Fault::SignInImpossible`] or [`Fault::SignInRefused`] when the person declined or the code ran out.
    pub async fn wait(mut self) -> Result<(AccessToken, Option<Secret>), Fault> {
        loop {
            tokio::time::sleep(Duration::from_secs(self.interval)).await;
            match self.entra.poll_device(&self.device_code).await? {
                Polled::Signed(tokens) => {
                    let refresh = tokens.refresh.clone();
                    return Ok(((*tokens).into(), refresh));
                }
                Polled::Pending => {}
                Polled::SlowDown => self.interval = self.interval.saturating_add(SLOWER),
            }
        }
    }
}
