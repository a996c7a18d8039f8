//! The Azure sign-in of this machine, in the order: a service principal that the environment names, the Azure CLI, a
//! managed identity. The first that is there counts; one that is there and refused ends the search only where it was
//! named on purpose, as the environment's is.

use std::error::Error as _;
use std::ffi::OsString;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use azure_core::cloud::{CloudConfiguration, CustomConfiguration};
use azure_core::credentials::{Secret as AzureSecret, TokenCredential};
use azure_core::error::Error;
use azure_core::http::{ClientOptions, RetryOptions, Transport as AzureTransport};
use azure_identity::{
    AzureCliCredential, AzureCliCredentialOptions, ClientSecretCredential, ClientSecretCredentialOptions,
    ManagedIdentityCredential, ManagedIdentityCredentialOptions,
};

use super::cloud::Cloud;
use super::command::Runner;
use super::transport::Transport;
use crate::model::clean::clean;
use crate::model::fault::{Fault, Service};
use crate::model::leaks::leaks;
use crate::model::secret::Secret;
use crate::net::http::HttpConfig;

/// How long the Azure CLI may take: it is slow to start, and may itself sign in.
const CLI_SECONDS: u64 = 45;

/// How long a managed identity may take. Where there is none, its address answers nothing, or another cloud does.
const IDENTITY_SECONDS: u64 = 8;

/// How much of what a tool says goes into a fault.
const TEXT_LIMIT: usize = 300;

const TENANT: &str = "AZURE_TENANT_ID";
const CLIENT: &str = "AZURE_CLIENT_ID";
const SECRET: &str = "AZURE_CLIENT_SECRET";

/// What the environment offers for a sign-in.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    principal: Option<Principal>,
    lacking: Vec<&'static str>,
    path: Option<OsString>,
}

#[derive(Debug, Clone)]
struct Principal {
    tenant: String,
    client_id: String,
    secret: Secret,
}

impl Environment {
    /// That of this process: `AZURE_TENANT_ID`, `AZURE_CLIENT_ID` and `AZURE_CLIENT_SECRET`.
    pub fn of_process() -> Self {
        Self::of(|name| std::env::var(name).ok())
    }

    /// One whose variables are read so.
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let read = |name| variable(name).filter(|text| !text.trim().is_empty());
        let principal = match (read(TENANT), read(CLIENT), read(SECRET)) {
            (Some(tenant), Some(client_id), Some(secret)) => {
                Some(Principal { tenant, client_id, secret: Secret::new(secret) })
            }
            _ => None,
        };
        let lacking = [TENANT, CLIENT, SECRET].into_iter().filter(|name| read(name).is_none()).collect();
        Self { principal, lacking, path: None }
    }

    /// The same, with commands looked for along this path.
    pub fn with_path(self, path: impl Into<OsString>) -> Self {
        Self { path: Some(path.into()), ..self }
    }
}

/// A token for Azure Resource Manager, and by what it came.
pub(crate) struct SignedIn {
    /// The token.
    pub token: Secret,
    /// By what, in the words of Microsoft's own pages.
    pub by: &'static str,
}

const BY_ENVIRONMENT: &str = "service principal (environment)";
const BY_CLI: &str = "Azure CLI";
const BY_IDENTITY: &str = "managed identity";

/// Signs in with what this machine has.
///
/// # Errors
/// [`Fault::NoAzureSignIn`] with what was tried, or the refusal of the environment's service principal,
/// or what kept its authority from answering.
pub(crate) async fn sign_in(
    cloud: &Cloud,
    config: &HttpConfig,
    environment: &Environment,
    subscription: &str,
) -> Result<SignedIn, Fault> {
    if let Some(principal) = environment.principal.as_ref().filter(|_| !cloud.practice) {
        let asked = by_principal(cloud, config, principal).await;
        return asked.map_err(|error| refusal(&error, cloud, &principal.secret));
    }
    let mut tried = told_of_environment(environment);
    // A practice server is asked itself first, so that practising needs nothing of Azure.
    let ways = if cloud.practice { [BY_IDENTITY, BY_CLI] } else { [BY_CLI, BY_IDENTITY] };
    for by in ways {
        let asked = match by {
            BY_CLI => by_cli(cloud, environment, subscription).await,
            _ => by_identity(cloud, config).await,
        };
        match asked {
            Ok(token) => return Ok(SignedIn { token, by }),
            Err(error) => tried.push(format!("{by}: {}", said(&error))),
        }
    }
    Err(Fault::NoAzureSignIn { tried })
}

fn told_of_environment(environment: &Environment) -> Vec<String> {
    let some = (1..3).contains(&environment.lacking.len());
    some.then(|| format!("{BY_ENVIRONMENT}: {} not set", environment.lacking.join(", "))).into_iter().collect()
}

type Asked = Result<Secret, Error>;

async fn by_principal(cloud: &Cloud, config: &HttpConfig, principal: &Principal) -> Result<SignedIn, Error> {
    let options = ClientSecretCredentialOptions { client_options: client_options(cloud, config) };
    let secret = AzureSecret::new(principal.secret.expose().to_owned());
    let credential =
        ClientSecretCredential::new(&principal.tenant, principal.client_id.clone(), secret, Some(options))?;
    let token = token(&*credential, cloud).await?;
    Ok(SignedIn { token, by: BY_ENVIRONMENT })
}

async fn by_cli(cloud: &Cloud, environment: &Environment, subscription: &str) -> Asked {
    let options = AzureCliCredentialOptions {
        // The subscription's own tenant may be another than the CLI's usual one.
        subscription: Some(subscription.to_owned()),
        executor: Some(Arc::new(Runner { path: environment.path.clone() })),
        ..AzureCliCredentialOptions::default()
    };
    let credential = AzureCliCredential::new(Some(options))?;
    within(CLI_SECONDS, token(&*credential, cloud)).await
}

async fn by_identity(cloud: &Cloud, config: &HttpConfig) -> Asked {
    let options = ManagedIdentityCredentialOptions {
        client_options: client_options(cloud, config),
        ..ManagedIdentityCredentialOptions::default()
    };
    let credential = ManagedIdentityCredential::new(Some(options))?;
    within(IDENTITY_SECONDS, token(&*credential, cloud)).await
}

/// A token from a credential, for Azure Resource Manager and nobody else.
pub(crate) async fn token(credential: &dyn TokenCredential, cloud: &Cloud) -> Asked {
    let scope = cloud.scope();
    let access = credential.get_token(&[&scope], None).await?;
    Ok(Secret::new(access.token.secret().to_owned()))
}

async fn within(seconds: u64, asked: impl Future<Output = Asked>) -> Asked {
    let late = || Error::with_message(azure_core::error::ErrorKind::Credential, format!("no answer in {seconds} s"));
    tokio::time::timeout(Duration::from_secs(seconds), asked).await.unwrap_or_else(|_| Err(late()))
}

pub(super) fn client_options(cloud: &Cloud, config: &HttpConfig) -> ClientOptions {
    let mut custom = CustomConfiguration::default();
    custom.authority_host = cloud.authority.to_string();
    ClientOptions {
        retry: RetryOptions::none(),
        transport: Some(AzureTransport::new(Arc::new(Transport::new(cloud, config)))),
        cloud: Some(Arc::new(CloudConfiguration::Custom(custom))),
        ..ClientOptions::default()
    }
}

/// The fault of a service principal that got no token: why no answer came, or the authority's refusal.
fn refusal(error: &Error, cloud: &Cloud, secret: &Secret) -> Fault {
    if let Some(fault) = our_fault(error) {
        return fault.at(Service::Entra);
    }
    let host = cloud.authority.host();
    let said = said(error);
    let detail = if leaks(&said, secret) { String::new() } else { said };
    match code(&detail) {
        aadsts @ Some(_) => Fault::SignInImpossible { host, aadsts, detail, correlation_id: None },
        None => Fault::SignInRefused { host, detail },
    }
}

pub(super) fn our_fault(error: &Error) -> Option<Fault> {
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    causes.filter_map(|cause| cause.downcast_ref::<Fault>()).next().cloned()
}

/// The number of `AADSTS7000215: ...`.
fn code(text: &str) -> Option<u32> {
    let digits = text.split_once("AADSTS")?.1;
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok()
}

/// What a tool or the library said, in one line.
pub(super) fn said(error: &Error) -> String {
    if let Some(fault) = our_fault(error) {
        return fault.code().to_owned();
    }
    let whole = error.to_string();
    let whole = whole.split("\nTo troubleshoot").next().unwrap_or_default();
    let whole = whole.split_once("authentication failed. ").map_or(whole, |(_, rest)| rest);
    let line = whole.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let line = clean(line.split(" Trace ID:").next().unwrap_or_default(), false);
    match line.char_indices().nth(TEXT_LIMIT) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
#[path = "sign_in_tests.rs"]
mod tests;
