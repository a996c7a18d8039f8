//! Signing in to Azure for a workspace.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;

use super::ca_file;
use crate::azure::credential::{AZURE_CLI_APPLICATION, Credential, DeviceSignIn, RefreshKeeper};
use crate::azure::provider::TokenProvider;
use crate::model::cloud::Audience;
use crate::model::fault::{Account, Fault};
use crate::model::secret::Secret;
use crate::model::workspace::{AzureSignIn, KeyProblem, Workspace, WorkspaceIdentity, WorkspaceName, WorkspaceProblem};
use crate::net::http::{HttpConfig, Timeouts};
use crate::service::blocking::blocking;
use crate::service::services::Services;
use crate::vault::{Vault, WorkspaceSecrets};

/// The variable that names the file of a workload identity (<https://azure.github.io/azure-workload-identity>).
const TOKEN_FILE: &str = "AZURE_FEDERATED_TOKEN_FILE";

/// The refresh token of a workspace, in the vault.
struct Kept {
    vault: Vault,
    name: WorkspaceName,
    identity: WorkspaceIdentity,
}

#[async_trait]
impl RefreshKeeper for Kept {
    async fn load(&self) -> Result<Secret, Fault> {
        let (vault, name, identity) = (self.vault.clone(), self.name.clone(), self.identity.clone());
        let held = blocking(move || vault.workspace(&name, &identity)).await?;
        held.and_then(|held| held.refresh).ok_or_else(|| signed_out(&self.name))
    }

    async fn keep(&self, refresh: &Secret) -> Result<(), Fault> {
        let (vault, name, identity) = (self.vault.clone(), self.name.clone(), self.identity.clone());
        let held = WorkspaceSecrets { client_secret: None, refresh: Some(refresh.clone()) };
        blocking(move || vault.replace_workspace(&name, &identity, held)).await
    }
}

/// The refresh token of a sign-in for one run: it is kept nowhere.
struct InMemory(tokio::sync::Mutex<Secret>);

#[async_trait]
impl RefreshKeeper for InMemory {
    async fn load(&self) -> Result<Secret, Fault> {
        Ok(self.0.lock().await.clone())
    }

    async fn keep(&self, refresh: &Secret) -> Result<(), Fault> {
        *self.0.lock().await = refresh.clone();
        Ok(())
    }
}

/// Gives out tokens of a person who signed in with a code for this run.
///
/// # Errors
/// The config file's own.
pub(super) async fn for_this_run(
    services: &Services,
    workspace: &Workspace,
    refresh: &Secret,
) -> Result<Arc<TokenProvider>, Fault> {
    let cloud = services.config().await?.endpoints()?;
    let identity = identity(workspace, AzureSignIn::DeviceCode, cloud.authority.as_str());
    let keeper = Arc::new(InMemory(tokio::sync::Mutex::new(refresh.clone())));
    let credential = Credential::Device { tenant: identity.tenant, client_id: identity.client_id, keeper };
    let config = HttpConfig { ca_file: ca_file(services).await?, ..HttpConfig::default() };
    Ok(Arc::new(TokenProvider::new(cloud, credential, config)))
}

fn signed_out(name: &WorkspaceName) -> Fault {
    Fault::WorkspaceSignedOut { workspace: name.to_string() }
}

/// Gives out tokens for a workspace, by its own sign-in or by another way for this once.
///
/// # Errors
/// [`Fault::WorkspaceSignedOut`] without a secret for this sign-in; [`Fault::WorkspaceWrong`] where something that the way
/// needs is not set; the config file's and the vault's own.
pub async fn provider(
    services: &Services,
    workspace: &Workspace,
    instead: Option<AzureSignIn>,
) -> Result<Arc<TokenProvider>, Fault> {
    provider_within(services, workspace, instead, Timeouts::default()).await
}

/// The same, with these limits to how long Azure is waited for.
///
/// # Errors
/// As [`provider`].
pub async fn provider_within(
    services: &Services,
    workspace: &Workspace,
    instead: Option<AzureSignIn>,
    timeouts: Timeouts,
) -> Result<Arc<TokenProvider>, Fault> {
    let way = instead.unwrap_or(workspace.sign_in);
    let cloud = services.config().await?.endpoints()?;
    let identity = identity(workspace, way, cloud.authority.as_str());
    let credential = match way {
        AzureSignIn::Cli => Credential::Cli { tenant: workspace.tenant.clone(), path: None },
        AzureSignIn::ManagedIdentity => Credential::Managed { client_id: workspace.client_id.clone() },
        AzureSignIn::WorkloadIdentity => Credential::Workload {
            tenant: workspace.tenant.clone(),
            client_id: workspace.client_id.clone(),
            file: token_file(workspace)?,
        },
        AzureSignIn::ServicePrincipal => {
            let (vault, name) = (services.vault().await?.clone(), workspace.name.clone());
            let held = blocking(move || vault.workspace(&name, &identity)).await?;
            let secret = held.and_then(|held| held.client_secret).ok_or_else(|| signed_out(&workspace.name))?;
            Credential::Principal { tenant: workspace.tenant.clone(), client_id: workspace.client_id.clone(), secret }
        }
        AzureSignIn::DeviceCode => {
            let vault = services.vault().await?.clone();
            let (tenant, client_id) = (identity.tenant.clone(), identity.client_id.clone());
            let keeper = Arc::new(Kept { vault, name: workspace.name.clone(), identity });
            Credential::Device { tenant, client_id, keeper }
        }
    };
    let config = HttpConfig { timeouts, ca_file: ca_file(services).await?, ..HttpConfig::default() };
    let provider = TokenProvider::new(cloud, credential, config);
    let account = Account::Workspace(workspace.name.to_string());
    Ok(Arc::new(if way == workspace.sign_in { provider.kept_for(account, way) } else { provider }))
}

fn identity(workspace: &Workspace, way: AzureSignIn, authority: &str) -> WorkspaceIdentity {
    let mut identity = workspace.identity(authority);
    if way == AzureSignIn::DeviceCode && (identity.client_id.is_empty() || way != workspace.sign_in) {
        identity.client_id = AZURE_CLI_APPLICATION.to_owned();
    }
    identity
}

/// The identity to which the secret of a workspace's own way of signing in belongs.
///
/// # Errors
/// The config file's own.
pub async fn identity_of(services: &Services, workspace: &Workspace) -> Result<WorkspaceIdentity, Fault> {
    let cloud = services.config().await?.endpoints()?;
    Ok(identity(workspace, workspace.sign_in, cloud.authority.as_str()))
}

fn token_file(workspace: &Workspace) -> Result<PathBuf, Fault> {
    let missing = || Fault::WorkspaceWrong {
        problems: vec![WorkspaceProblem { key: "token_file".to_owned(), problem: KeyProblem::Missing }],
    };
    if !workspace.token_file.is_empty() {
        return Ok(workspace.token_file.clone().into());
    }
    std::env::var_os(TOKEN_FILE).filter(|file| !file.is_empty()).map(PathBuf::from).ok_or_else(missing)
}

/// Keeps the client secret of a service principal, bound to tenant, client ID and cloud, once Entra has taken it.
///
/// # Errors
/// The refusal of Entra; the vault's own.
pub async fn keep_secret(services: &Services, workspace: &Workspace, secret: Secret) -> Result<(), Fault> {
    let cloud = services.config().await?.endpoints()?;
    let identity = workspace.identity(cloud.authority.as_str());
    crate::model::redactor::remember(&secret);
    let credential = Credential::Principal {
        tenant: workspace.tenant.clone(),
        client_id: workspace.client_id.clone(),
        secret: secret.clone(),
    };
    let config = HttpConfig { ca_file: ca_file(services).await?, ..HttpConfig::default() };
    TokenProvider::new(cloud, credential, config).token(Audience::ResourceManager).await?;
    let (vault, name) = (services.vault().await?.clone(), workspace.name.clone());
    let held = WorkspaceSecrets { client_secret: Some(secret), refresh: None };
    blocking(move || vault.replace_workspace(&name, &identity, held)).await
}

/// Begins a sign-in with a code.
///
/// # Errors
/// The refusal of Entra, or what kept an answer from coming.
pub async fn device_sign_in(services: &Services, workspace: &Workspace) -> Result<DeviceSignIn, Fault> {
    let cloud = services.config().await?.endpoints()?;
    let identity = identity(workspace, AzureSignIn::DeviceCode, cloud.authority.as_str());
    let config = HttpConfig { ca_file: ca_file(services).await?, ..HttpConfig::default() };
    DeviceSignIn::begin(&cloud, &identity.tenant, &identity.client_id, Audience::ResourceManager, &config).await
}

/// Keeps what a sign-in with a code brought.
///
/// # Errors
/// [`Fault::WorkspaceSignedOut`] when no refresh token came; the vault's own.
pub async fn keep_device(services: &Services, workspace: &Workspace, refresh: Option<Secret>) -> Result<(), Fault> {
    let refresh = refresh.ok_or_else(|| signed_out(&workspace.name))?;
    let cloud = services.config().await?.endpoints()?;
    let identity = identity(workspace, AzureSignIn::DeviceCode, cloud.authority.as_str());
    let keeper = Kept { vault: services.vault().await?.clone(), name: workspace.name.clone(), identity };
    keeper.keep(&refresh).await
}
