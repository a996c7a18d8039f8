//! The ways to sign in to Azure for a workspace. Each gives a token for one audience of one cloud; nothing is cached here
//! ([`super::provider`] does that), but for what the platform itself caches.

mod cli;
mod device;
mod identity;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

pub use device::{AZURE_CLI_APPLICATION, DeviceSignIn};

use super::entra::authority::Authority;
use super::entra::client::{Audience as ForApi, Entra};
use crate::model::cloud::{Audience, Endpoints};
use crate::model::fault::Fault;
use crate::model::secret::Secret;
use crate::model::token::Tokens;
use crate::net::http::HttpConfig;

/// The longest federated token that is read: a web token has some kilobytes.
const LONGEST_TOKEN_BYTES: u64 = 64 * 1024;

/// A token, and when it ends.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// The token.
    pub token: Secret,
    /// Its end.
    pub expires: Timestamp,
}

/// Where the refresh token of a person who signed in with a code is kept.
#[async_trait]
pub trait RefreshKeeper: Send + Sync {
    /// The one that is kept.
    ///
    /// # Errors
    /// When nobody is signed in, or it cannot be read.
    async fn load(&self) -> Result<Secret, Fault>;

    /// Keeps the one that took its place.
    ///
    /// # Errors
    /// When it cannot be written.
    async fn keep(&self, refresh: &Secret) -> Result<(), Fault>;
}

/// How to sign in.
#[derive(Clone)]
pub enum Credential {
    /// As whoever is signed in to the Azure CLI.
    Cli {
        /// The tenant; empty for the CLI's own.
        tenant: String,
        /// Where commands are looked for, if not where the environment says.
        path: Option<OsString>,
    },
    /// As an application with its secret.
    Principal {
        /// The tenant.
        tenant: String,
        /// The application.
        client_id: String,
        /// Its secret.
        secret: Secret,
    },
    /// As the identity that Azure gives to this machine.
    Managed {
        /// The client ID of a user-assigned identity; empty for the machine's own.
        client_id: String,
    },
    /// As an application, with a token that the platform writes to a file and replaces before it ends.
    Workload {
        /// The tenant.
        tenant: String,
        /// The application.
        client_id: String,
        /// The file.
        file: PathBuf,
    },
    /// As a person who signed in with a code.
    Device {
        /// The tenant.
        tenant: String,
        /// The application that the person signed in to.
        client_id: String,
        /// Where the refresh token is.
        keeper: Arc<dyn RefreshKeeper>,
    },
}

impl Credential {
    /// A new token for an API of the cloud.
    ///
    /// # Errors
    /// The refusal of Entra, or what kept a token from coming.
    pub async fn token(
        &self,
        cloud: &Endpoints,
        audience: Audience,
        config: &HttpConfig,
    ) -> Result<AccessToken, Fault> {
        match self {
            Self::Cli { tenant, path } => cli::token(&cloud.scope(audience), tenant, path.as_ref()).await,
            Self::Managed { client_id } => identity::token(cloud, audience, client_id, config).await,
            Self::Principal { tenant, client_id, secret } => {
                let entra = entra(cloud, tenant, client_id, Some(secret), audience, config)?;
                entra.client_credentials().await.map(AccessToken::from)
            }
            Self::Workload { tenant, client_id, file } => {
                // Read each time: the platform replaces it while we run.
                let assertion = assertion(file)?;
                let entra = entra(cloud, tenant, client_id, None, audience, config)?;
                entra.client_assertion(&assertion).await.map(AccessToken::from)
            }
            Self::Device { tenant, client_id, keeper } => {
                let refresh = keeper.load().await?;
                let entra = entra(cloud, tenant, client_id, None, audience, config)?;
                let tokens = entra.renewed(&refresh).await?;
                if let Some(next) = tokens.refresh.as_ref().filter(|next| **next != refresh) {
                    keeper.keep(next).await?;
                }
                Ok(tokens.into())
            }
        }
    }
}

impl From<Tokens> for AccessToken {
    fn from(tokens: Tokens) -> Self {
        Self { token: tokens.access, expires: tokens.access_expires }
    }
}

fn entra(
    cloud: &Endpoints,
    tenant: &str,
    client_id: &str,
    secret: Option<&Secret>,
    audience: Audience,
    config: &HttpConfig,
) -> Result<Entra, Fault> {
    let api = ForApi::V2(cloud.resource(audience).to_owned());
    Entra::new(&Authority::of_cloud(cloud), tenant, client_id, secret.cloned(), api, config)
}

fn assertion(file: &Path) -> Result<Secret, Fault> {
    let problem = |error: std::io::Error| Fault::from_io(file, &error);
    let unfit = |reason: &str| Fault::FileProblem { path: file.display().to_string(), reason: reason.to_owned() };
    if std::fs::metadata(file).map_err(problem)?.len() > LONGEST_TOKEN_BYTES {
        return Err(unfit("it is too large for a federated token"));
    }
    let text = zeroize::Zeroizing::new(std::fs::read_to_string(file).map_err(problem)?);
    match text.trim() {
        "" => Err(unfit("it is empty")),
        token => Ok(Secret::new(token)),
    }
}
