//! Orders over HTTP, for tests and demos that run the product as a process of its own.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;

use super::authority::Authority;
use super::fault::AuthorityFault;

type Shared = State<Authority>;

/// Everything under `/practice/entra`.
pub(super) fn router() -> Router<Authority> {
    Router::new()
        .route("/practice/entra/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/practice/entra/requests", get(requests))
        .route("/practice/entra/user", post(user))
        .route("/practice/entra/revoke", post(revoke))
        .route("/practice/entra/clock", post(clock))
}

async fn faults(State(authority): Shared) -> Response {
    Json(authority.faults()).into_response()
}

async fn add_fault(State(authority): Shared, Json(fault): Json<AuthorityFault>) -> StatusCode {
    authority.fault(fault);
    StatusCode::NO_CONTENT
}

async fn clear_faults(State(authority): Shared) -> StatusCode {
    authority.clear_faults();
    StatusCode::NO_CONTENT
}

async fn requests(State(authority): Shared) -> Response {
    Json(authority.requests()).into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserOrder {
    tenant: String,
    user: String,
    /// The AADSTS code of its refusal; left out, it may sign in.
    #[serde(default)]
    refused_with: Option<u32>,
}

async fn user(State(authority): Shared, Json(order): Json<UserOrder>) -> StatusCode {
    let changed = authority
        .change(&order.tenant, |tenant| tenant.user(&order.user).map(|user| user.refused_with = order.refused_with));
    if changed.flatten().is_some() { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Which {
    Access,
    Refresh,
    All,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RevokeOrder {
    which: Which,
}

async fn revoke(State(authority): Shared, Json(order): Json<RevokeOrder>) -> StatusCode {
    if matches!(order.which, Which::Access | Which::All) {
        authority.revoke_access();
    }
    if matches!(order.which, Which::Refresh | Which::All) {
        authority.revoke_refresh();
    }
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockOrder {
    shift: i64,
}

async fn clock(State(authority): Shared, Json(order): Json<ClockOrder>) -> StatusCode {
    authority.set_clock_shift(order.shift);
    StatusCode::NO_CONTENT
}
