//! Who is asking.

use axum::http::HeaderMap;
use axum::response::Response;

use super::reply;
use crate::entra::{Bearer, Tenant};
use crate::provance::options::ApplicationUser;
use crate::provance::people::{APPLICATION, INTEGRATION};
use crate::provance::sign_in::{TENANT, client_id};
use crate::provance::state::State;

/// The place of the user whose token the request carries, or the refusal.
pub(crate) fn of(state: &State, headers: &HeaderMap) -> Result<usize, Box<Response>> {
    let bearer = state.authority.bearer(headers).map_err(|_| Box::new(unauthorized(state)))?;
    if bearer.audience.trim_end_matches('/') != state.base.sign_in.url {
        return Err(Box::new(unauthorized(state)));
    }
    member(state, &bearer)
}

fn member(state: &State, bearer: &Bearer) -> Result<usize, Box<Response>> {
    if bearer.tenant != Tenant::practice(TENANT).id {
        return Err(Box::new(not_a_member()));
    }
    match &bearer.user {
        Some(user) if user.eq_ignore_ascii_case(&state.base.sign_in.username) => Ok(INTEGRATION),
        None if bearer.app_id == client_id() => match state.setup().application_user {
            ApplicationUser::Enabled => Ok(APPLICATION),
            ApplicationUser::Missing => Err(Box::new(not_a_member())),
            ApplicationUser::Disabled => Err(Box::new(reply::error(
                403,
                "0x80040225",
                "The specified user(Id = 00000000-0000-0000-0000-000000000000) is disabled. Consider enabling this user.",
            ))),
        },
        _ => Err(Box::new(not_a_member())),
    }
}

/// The refusal of a user whom the environment does not know, or a token of another tenant.
pub(crate) fn not_a_member() -> Response {
    reply::error(403, "0x80072560", "The user is not a member of the organization.")
}

/// The refusal of a request without a good token: a page, and where tokens are given.
pub(crate) fn unauthorized(state: &State) -> Response {
    let mut response =
        reply::html(401, "<html><body><h1>HTTP Error 401 - Unauthorized: Access is denied</h1></body></html>");
    let (url, tenant) = (&state.base.sign_in.url, Tenant::practice(TENANT).id);
    let own = format!("Bearer authorization_uri={url}/{tenant}/oauth2/authorize, resource_id={url}/");
    reply::set(&mut response, "www-authenticate", state.options.challenge.as_deref().unwrap_or(&own));
    response
}
