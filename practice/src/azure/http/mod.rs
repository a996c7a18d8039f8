//! Its endpoints: one for each role.

mod identity;
pub(super) mod reply;

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, DefaultBodyLimit, State as Shared};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Request, header};
use axum::response::Response;
use axum::routing::any;

use super::admin_api;
use super::faults::{FaultKind, FaultSpec};
use super::record::{AzureRequest, Note, Role};
use super::state::{Control, State};
use super::{ingest, manager, options, query};
use crate::core::ResetSwitch;
use crate::core::admin_api::Routes;
use crate::core::faults::{find, has, wait};
use crate::core::reply::{empty, set, with, with_type};
use crate::entra::{Bearer, BearerProblem};

/// Everything it answers to.
pub(super) fn routes() -> Routes<State> {
    admin_api::routes()
        .route("/subscriptions", any(serve))
        .route("/subscriptions/{*rest}", any(serve))
        .route("/dataCollectionRules/{*rest}", any(serve))
        .route("/v1/workspaces/{*rest}", any(serve))
        .route("/metadata/identity/oauth2/token", any(serve))
        .route("/msi/token", any(serve))
        .layer(DefaultBodyLimit::disable())
}

/// A request with its body.
pub(super) struct Asked {
    pub(super) parts: Parts,
    pub(super) body: Bytes,
}

impl Asked {
    /// A header; empty if it is not there.
    pub(super) fn header(&self, name: &str) -> &str {
        self.parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The path.
    pub(super) fn path(&self) -> &str {
        self.parts.uri.path()
    }

    /// A parameter of the query, without regard to the case of its name.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        let query = self.parts.uri.query().unwrap_or_default();
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        pairs.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.into_owned())
    }
}

/// Why a token is of no use.
pub(super) enum TokenProblem {
    /// There is none, or it is no good.
    Bad(BearerProblem),
    /// It is for another audience: this one.
    Audience(String),
}

/// Who calls, if the token is good for this role.
pub(super) fn caller(azure: &Control, headers: &HeaderMap, role: Role) -> Result<Bearer, TokenProblem> {
    let bearer = azure.0.entra.bearer(headers).map_err(TokenProblem::Bad)?;
    let wanted = match role {
        Role::Ingestion => options::INGESTION_AUDIENCE,
        Role::Query => options::QUERY_AUDIENCE,
        Role::ResourceManager | Role::Identity => options::MANAGER_AUDIENCE,
    };
    let plain = bearer.audience.trim_end_matches('/');
    if plain.eq_ignore_ascii_case(wanted) { Ok(bearer) } else { Err(TokenProblem::Audience(bearer.audience)) }
}

async fn serve(
    Shared(azure): Shared<Control>,
    ConnectInfo(switch): ConnectInfo<ResetSwitch>,
    request: Request<axum::body::Body>,
) -> Response {
    let (parts, body) = request.into_parts();
    let role = Role::of(parts.uri.path());
    let Ok(body) = axum::body::to_bytes(body, usize::MAX).await else { return empty(400) };
    let asked = Asked { parts, body };
    if role == Role::Ingestion && azure.0.inner().outage_until > azure.0.base.clock.millis() {
        switch.cut();
        return note(&azure, &asked, role, empty(503));
    }
    let faults = azure.0.base.faults.take(asked.path(), |_| true);
    wait(find(&faults, FaultKind::Slow)).await;
    let early = faults.iter().find_map(|fault| early(&azure, role, fault, &switch));
    let mut response = early.unwrap_or_else(|| answer(&azure, role, &asked, &faults));
    if let Some(late) = find(&faults, FaultKind::Late) {
        tokio::time::sleep(Duration::from_millis(late.millis)).await;
    }
    if has(&faults, FaultKind::Cut) {
        switch.cut();
    }
    let skew = find(&faults, FaultKind::ClockSkew).map_or(0, |fault| fault.seconds);
    set(&mut response, "date", &azure.0.base.clock.http_date(skew));
    note(&azure, &asked, role, response)
}

fn answer(azure: &Control, role: Role, asked: &Asked, faults: &[FaultSpec]) -> Response {
    match role {
        Role::ResourceManager => manager::answer(azure, asked, faults),
        Role::Identity => identity::answer(azure, asked),
        Role::Ingestion => ingest::answer(azure, asked, faults),
        Role::Query => query::answer(azure, asked, faults),
    }
}

/// The answer of a fault that leaves nothing to be done.
fn early(azure: &Control, role: Role, fault: &FaultSpec, switch: &ResetSwitch) -> Option<Response> {
    let response = match fault.fault {
        FaultKind::Throttled => {
            let told = reply::error(role, 429, throttled_code(role), "Too many requests. Please retry later.");
            let date = azure.0.base.clock.http_date(fault.retry_after);
            let value = if fault.http_date { date } else { fault.retry_after.to_string() };
            with(told, "retry-after", &value)
        }
        FaultKind::Unavailable => reply::error(role, 503, "ServiceUnavailable", "The service is unavailable."),
        FaultKind::ServerError if role == Role::Ingestion => empty(500),
        FaultKind::ServerError => reply::error(role, 500, "InternalServerError", "An internal error occurred."),
        FaultKind::Error => reply::error(role, fault.status, &fault.code, &fault.message),
        FaultKind::Unauthorized => reply::token(azure, role, &TokenProblem::Bad(BearerProblem::Unknown)),
        FaultKind::Html => with_type(200, "text/html; charset=utf-8", reply::PAGE),
        FaultKind::NotJson => with_type(200, "application/json; charset=utf-8", "{\"value\": [\"half of"),
        FaultKind::EmptyObject => with_type(200, "application/json; charset=utf-8", "{}"),
        FaultKind::Redirect => with(empty(307), "location", fault.elsewhere("https://elsewhere.practice.example/")),
        FaultKind::Reset => {
            switch.cut();
            empty(503)
        }
        FaultKind::TooLarge => reply::too_large(1_048_576, 1_068_792),
        FaultKind::TimeoutExpired => {
            let message = "The request timed out. Diagnostic information: ReadyBody_ClientConnectionAbort.";
            reply::error(role, 408, "TimeoutExpired", message)
        }
        FaultKind::EmptyBody => empty(200),
        FaultKind::NoContent => empty(204),
        FaultKind::ApplicationRefused => reply::token(azure, role, &TokenProblem::Bad(BearerProblem::Unknown)),
        _ => return None,
    };
    Some(response)
}

fn throttled_code(role: Role) -> &'static str {
    match role {
        Role::ResourceManager => "SubscriptionRequestsThrottled",
        Role::Ingestion => "TooManyRequests",
        Role::Query | Role::Identity => "ThrottledError",
    }
}

/// Notes the request, and gives the answer back.
fn note(azure: &Control, asked: &Asked, role: Role, mut response: Response) -> Response {
    let note = response.extensions_mut().remove::<Note>().unwrap_or_default();
    azure.0.base.requests.add(AzureRequest {
        role,
        method: asked.parts.method.to_string(),
        path: asked.path().to_owned(),
        query: asked.parts.uri.query().unwrap_or_default().to_owned(),
        caller: note.caller,
        client_request_id: asked.header("x-ms-client-request-id").to_owned(),
        encoding: asked.header(header::CONTENT_ENCODING.as_str()).to_owned(),
        bytes: asked.body.len(),
        plain_bytes: note.plain_bytes,
        rows: note.rows,
        kql: note.kql,
        status: response.status().as_u16(),
        code: note.code,
    });
    response
}
