//! The metadata service of a machine with a managed identity, and that of App Service.

use axum::response::Response;
use serde_json::json;

use super::{Asked, reply};
use crate::azure::record::Role;
use crate::azure::state::Control;
use crate::entra::Holder;

/// Tokens of a managed identity live for a day.
const LIFE: i64 = 86_399;

/// The only version of App Service's service that takes `X-IDENTITY-HEADER`
/// (<https://learn.microsoft.com/azure/app-service/overview-managed-identity>).
const APP_SERVICE_VERSION: &str = "2019-08-01";

fn refused(error: &str, description: &str) -> Response {
    reply::error(Role::Identity, 400, error, description)
}

/// The answer. A machine's service needs the header `Metadata: true`, that of App Service the secret of the app; both hand out
/// the same token as long as it lives.
pub(super) fn answer(azure: &Control, asked: &Asked) -> Response {
    let (tenant, identity, secret) = {
        let inner = azure.0.inner();
        (inner.tenant.clone(), inner.identity.clone(), inner.identity_secret.clone())
    };
    let of_app = asked.path().starts_with("/msi/");
    if of_app && asked.header("x-identity-header") != secret {
        return reply::error(Role::Identity, 401, "Unauthorized", "The header X-IDENTITY-HEADER is missing or wrong");
    }
    if !of_app && asked.header("metadata") != "true" {
        return refused("invalid_request", "Required metadata header not specified");
    }
    let (Some(version), Some(resource)) = (asked.parameter("api-version"), asked.parameter("resource")) else {
        return refused("invalid_request", "Required query variable 'resource' is missing");
    };
    if of_app && version != APP_SERVICE_VERSION {
        return refused("invalid_request", "The api-version is not supported");
    }
    let Some(identity) = identity else {
        return refused("invalid_request", "Identity not found");
    };
    if asked.parameter("client_id").is_some_and(|wanted| !wanted.eq_ignore_ascii_case(&identity)) {
        return refused("invalid_request", "Identity not found");
    }
    match azure.0.entra.hand_out(&tenant, &Holder::Application(&identity), &resource, LIFE) {
        Err(description) => refused("invalid_resource", &description),
        Ok((token, expires)) => {
            let now = azure.0.entra.now();
            if of_app {
                let told = json!({
                    "access_token": token, "client_id": identity, "expires_on": expires.to_string(),
                    "resource": resource, "token_type": "Bearer",
                });
                return reply::json(200, &told);
            }
            reply::json(
                200,
                &json!({
                    "access_token": token, "client_id": identity, "expires_in": (expires - now).to_string(),
                    "expires_on": expires.to_string(), "ext_expires_in": (expires - now).to_string(),
                    "not_before": (now - 300).to_string(), "resource": resource, "token_type": "Bearer",
                }),
            )
        }
    }
}
