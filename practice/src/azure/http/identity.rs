//! The metadata service of a machine with a managed identity.

use axum::response::Response;
use serde_json::json;

use super::{Asked, reply};
use crate::azure::record::Role;
use crate::azure::state::Control;
use crate::entra::Holder;

/// Tokens of a managed identity live for a day.
const LIFE: i64 = 86_399;

/// The answer. It needs the header `Metadata: true`, and hands out the same token as long as it lives.
pub(super) fn answer(azure: &Control, asked: &Asked) -> Response {
    let refused = |error: &str, description: &str| reply::error(Role::Identity, 400, error, description);
    if asked.header("metadata") != "true" {
        return refused("invalid_request", "Required metadata header not specified");
    }
    let (Some(_), Some(resource)) = (asked.parameter("api-version"), asked.parameter("resource")) else {
        return refused("invalid_request", "Required query variable 'resource' is missing");
    };
    let (tenant, identity) = {
        let inner = azure.0.inner();
        (inner.tenant.clone(), inner.identity.clone())
    };
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
