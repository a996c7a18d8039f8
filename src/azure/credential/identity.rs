//! Tokens of a managed identity, by Microsoft's own library over our HTTP client.

use std::time::Duration;

use azure_core::credentials::TokenCredential;
use azure_identity::{ManagedIdentityCredential, ManagedIdentityCredentialOptions, UserAssignedId};
use jiff::Timestamp;

use super::AccessToken;
use crate::azure::cloud::Cloud;
use crate::azure::sign_in::{client_options, our_fault, said};
use crate::model::cloud::{Audience, Endpoints};
use crate::model::fault::Fault;
use crate::model::redactor;
use crate::model::secret::Secret;
use crate::net::http::HttpConfig;

/// How long it may take. Where there is no identity, its address answers nothing, or another cloud does.
const LIMIT: Duration = Duration::from_secs(8);

const WAY: &str = "managed identity";

/// A token of the machine's own identity, or of the user-assigned one with this client ID.
///
/// # Errors
/// [`Fault::AzureSignInFailed`] with what the metadata service or the library said.
pub(super) async fn token(
    endpoints: &Endpoints,
    audience: Audience,
    client_id: &str,
    config: &HttpConfig,
) -> Result<AccessToken, Fault> {
    let arm = endpoints.resource_manager.clone();
    let practice = arm.is_practice();
    let cloud = Cloud { authority: endpoints.authority.clone(), arm, practice };
    let assigned = (!client_id.is_empty()).then(|| UserAssignedId::ClientId(client_id.to_owned()));
    let options =
        ManagedIdentityCredentialOptions { client_options: client_options(&cloud, config), user_assigned_id: assigned };
    let failed = |error: azure_core::error::Error| match our_fault(&error) {
        Some(fault) => fault,
        None => no_token(&said(&error)),
    };
    let credential = ManagedIdentityCredential::new(Some(options)).map_err(failed)?;
    let scope = endpoints.scope(audience);
    let asked = tokio::time::timeout(LIMIT, credential.get_token(&[&scope], None)).await;
    let late = |_| no_token(&format!("no answer in {} s", LIMIT.as_secs()));
    let access = asked.map_err(late)?.map_err(failed)?;
    let token = Secret::new(access.token.secret().to_owned());
    redactor::remember(&token);
    let expires = Timestamp::from_second(access.expires_on.unix_timestamp()).unwrap_or_else(|_| Timestamp::now());
    Ok(AccessToken { token, expires })
}

fn no_token(detail: &str) -> Fault {
    Fault::AzureSignInFailed { way: WAY.to_owned(), detail: detail.to_owned() }
}
