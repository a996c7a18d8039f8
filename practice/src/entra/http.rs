//! The authority's endpoints.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, header};
use axum::response::Response;
use axum::routing::{any, get, post};
use serde_json::{Value, json};

use super::device;
use super::faults::{FaultKind, FaultSpec};
use super::grant::{Ask, Checked};
use super::refusal::{About, Refusal};
use super::reply;
use super::state::{Authority, Inner, TokenRequest};
use crate::core::reply::with;

const LOGIN: &str = "<!DOCTYPE html><html><head><title>Sign in to your account</title></head><body><form action=\"/common/login\" method=\"post\"><input name=\"loginfmt\"/></form></body></html>";

const DEVICE: &str = "<!DOCTYPE html><html><head><title>Sign in to your account</title></head><body><form action=\"/devicelogin\" method=\"post\"><label>Code <input name=\"code\"/></label> <label>User <input name=\"user\"/></label> <button>Next</button></form></body></html>";

/// What the authority answers to.
pub(super) fn router() -> Router<Authority> {
    Router::new()
        .route("/{tenant}/oauth2/token", any(first))
        .route("/{tenant}/oauth2/v2.0/token", any(second))
        .route("/{tenant}/oauth2/v2.0/devicecode", post(device_code))
        .route("/devicelogin", get(device_page).post(device_typed))
        .route("/{tenant}/.well-known/openid-configuration", get(first_discovery))
        .route("/{tenant}/v2.0/.well-known/openid-configuration", get(second_discovery))
}

type Shared = State<Authority>;

async fn first(state: Shared, path: Path<String>, method: Method, headers: HeaderMap, body: Bytes) -> Response {
    token(&state.0, &path.0, 1, &method, &headers, &body)
}

async fn second(state: Shared, path: Path<String>, method: Method, headers: HeaderMap, body: Bytes) -> Response {
    token(&state.0, &path.0, 2, &method, &headers, &body)
}

fn token(
    authority: &Authority,
    tenant: &str,
    endpoint: u8,
    method: &Method,
    headers: &HeaderMap,
    body: &[u8],
) -> Response {
    let form = if method == Method::POST { form(headers, body) } else { Vec::new() };
    let ask = Ask { tenant, endpoint, form: &form };
    let response = answer(authority, &ask);
    record(authority, &ask, response.status().as_u16());
    response
}

fn form(headers: &HeaderMap, body: &[u8]) -> Vec<(String, String)> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_form = kind.starts_with("application/x-www-form-urlencoded");
    if is_form { url::form_urlencoded::parse(body).into_owned().collect() } else { Vec::new() }
}

async fn device_code(
    State(authority): Shared,
    Path(tenant): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = form(&headers, &body);
    let ask = Ask { tenant: &tenant, endpoint: 2, form: &form };
    let response = reply_to(&authority, &ask, "devicecode", |ask, inner| ask.device_code(inner));
    record(&authority, &ask, response.status().as_u16());
    response
}

/// Where a person would type the code.
async fn device_page() -> Response {
    reply::body(200, "text/html; charset=utf-8", DEVICE.into())
}

async fn device_typed(State(authority): Shared, headers: HeaderMap, body: Bytes) -> Response {
    let form = form(&headers, &body);
    let ask = Ask { tenant: "common", endpoint: 2, form: &form };
    let known = authority.approve_device(Some(ask.field("code")), ask.field("user"));
    let said = if known { "You are signed in. You can close this page." } else { "There is no such code." };
    reply::body(200, "text/html; charset=utf-8", format!("<!DOCTYPE html><title>Sign in</title><p>{said}"))
}

fn answer(authority: &Authority, ask: &Ask<'_>) -> Response {
    reply_to(authority, ask, ask.field("grant_type"), |ask, inner| ask.answer(inner))
}

fn reply_to(
    authority: &Authority,
    ask: &Ask<'_>,
    grant: &str,
    answer: impl FnOnce(&Ask<'_>, &mut Inner) -> Checked<Value>,
) -> Response {
    let mut inner = authority.0.inner();
    let now = inner.now;
    if let Some(fault) = authority.0.base.faults.take_first(grant) {
        return faulty(&fault, ask, now);
    }
    match answer(ask, &mut inner) {
        Ok(body) => reply::json(200, &body),
        Err(refusal) => reply::refused(&refusal, now),
    }
}

fn faulty(fault: &FaultSpec, ask: &Ask<'_>, now: i64) -> Response {
    match fault.fault {
        FaultKind::Refuse => reply::refused(&Refusal::new(fault.code.parse().unwrap_or(0), &ask.about()), now),
        FaultKind::Unavailable => reply::refused(&Refusal::new(90033, &ask.about()), now),
        FaultKind::Throttled => {
            let refusal =
                Refusal { status: 429, error: "temporarily_unavailable", ..Refusal::new(50196, &ask.about()) };
            with(reply::refused(&refusal, now), "retry-after", &fault.retry_after.to_string())
        }
        FaultKind::SlowDown => reply::refused(&device::slow_down(ask), now),
        FaultKind::LoginPage => reply::body(200, "text/html; charset=utf-8", LOGIN.into()),
        FaultKind::Redirect => {
            let usual = "https://login.practice.example/oauth2/token";
            let elsewhere = if fault.message.is_empty() { usual } else { &fault.message };
            with(reply::body(302, "text/html; charset=utf-8", String::new()), "location", elsewhere)
        }
        FaultKind::NoToken => reply::json(200, &json!({ "token_type": "Bearer", "expires_in": 3599 })),
    }
}

fn record(authority: &Authority, ask: &Ask<'_>, status: u16) {
    let mut parameters: Vec<String> = ask.form.iter().map(|(name, _)| name.clone()).collect();
    parameters.sort_unstable();
    let asked_for = if ask.endpoint == 1 { "resource" } else { "scope" };
    authority.0.base.requests.add(TokenRequest {
        tenant: ask.tenant.to_owned(),
        endpoint: ask.endpoint,
        grant: ask.field("grant_type").to_owned(),
        client_id: ask.field("client_id").to_owned(),
        asked_for: ask.field(asked_for).to_owned(),
        parameters,
        status,
    });
}

async fn first_discovery(State(authority): Shared, Path(tenant): Path<String>) -> Response {
    discovery(&authority, &tenant, "")
}

async fn second_discovery(State(authority): Shared, Path(tenant): Path<String>) -> Response {
    discovery(&authority, &tenant, "/v2.0")
}

fn discovery(authority: &Authority, tenant: &str, version: &str) -> Response {
    let mut inner = authority.0.inner();
    let (url, now) = (inner.url.clone(), inner.now);
    let any = matches!(tenant, "common" | "organizations");
    let id = match inner.directory.tenant(tenant) {
        Some(found) => found.id.clone(),
        None if any => "{tenantid}".to_owned(),
        None => {
            let about = About { tenant: tenant.to_owned(), ..About::default() };
            return reply::refused(&Refusal::new(90002, &about), now);
        }
    };
    let issuer = if version.is_empty() { format!("https://sts.windows.net/{id}/") } else { format!("{url}/{id}/v2.0") };
    let named = if any { tenant } else { &id };
    reply::json(
        200,
        &json!({
            "token_endpoint": format!("{url}/{named}/oauth2{version}/token"),
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
            "jwks_uri": format!("{url}/{named}/discovery{version}/keys"),
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "issuer": issuer,
            "authorization_endpoint": format!("{url}/{named}/oauth2{version}/authorize"),
            "tenant_region_scope": "EU",
            "cloud_instance_name": "microsoftonline.com",
        }),
    )
}
