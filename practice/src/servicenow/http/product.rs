//! What the product answers to: every path that is not an order.

use axum::body::Bytes;
use axum::extract::{self, ConnectInfo, Request};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;

use super::params::Params;
use super::table::TableRequest;
use super::write::{self, Writing};
use super::{account, events, import, reconcile, reply, stats, token};
use crate::core::faults::{find, has, wait};
use crate::core::writing::{around, whatever_the_client_does};
use crate::core::{RequestRecord, ResetSwitch};
use crate::servicenow::control::Control;
use crate::servicenow::data::RATE_RULE_ID;
use crate::servicenow::faults::{FaultKind, FaultSpec};
use crate::servicenow::oauth::{Account, Revoke};
use crate::servicenow::state::{RateState, State, machine_now};

const LARGEST_BODY: usize = 1 << 20;

const CANCELLED: &str = "Transaction cancelled: maximum execution time exceeded";

const HIBERNATING: &str = "<!DOCTYPE html><html><head><title>Instance Hibernating page</title></head><body class=\"instance-hibernating-page\"><h1>Your instance is hibernating</h1><p>Sign in to the developer site to wake it.</p></body></html>";
const LOGIN: &str = "<!DOCTYPE html><html><head><title>Log in | ServiceNow</title></head><body><form action=\"login.do\" method=\"post\"><input name=\"user_name\"/><input name=\"user_password\" type=\"password\"/></form></body></html>";
const DOWN: &str = "<html><head><title>503 Service Unavailable</title></head><body><h1>Service Unavailable</h1><p>The instance is restarting.</p></body></html>";

/// Answers one request as the product would, with the faults that were asked for.
pub(crate) async fn answer(
    extract::State(control): extract::State<Control>,
    ConnectInfo(switch): ConnectInfo<ResetSwitch>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let limit = Params::parse(query(&parts)).limit() as u64;
    let faults = control.0.take_faults(&parts, limit, false);
    wait(find(&faults, FaultKind::Slow)).await;
    let body = axum::body::to_bytes(body, LARGEST_BODY).await.unwrap_or_default();
    let asked = Asked { control, switch, parts, body, faults: faults.clone() };
    whatever_the_client_does(&faults, asked.answer()).await
}

/// A request with what befalls it.
struct Asked {
    control: Control,
    switch: ResetSwitch,
    parts: Parts,
    body: Bytes,
    faults: Vec<FaultSpec>,
}

impl Asked {
    async fn answer(self) -> Response {
        let state = &*self.control.0;
        revoke_tokens(state, &self.faults);
        let early = self.faults.iter().find_map(|spec| instead(state, spec));
        let mut response = match early {
            Some(response) => response,
            None => around(&self.faults, &state.base.gate, &self.switch, || self.route(state), after_commit).await,
        };
        let skew = find(&self.faults, FaultKind::ClockSkew).map_or(0, |spec| spec.seconds);
        finish(state, &self.parts, &mut response, skew);
        response
    }
}

/// The error after a write that was carried out.
fn after_commit(spec: &FaultSpec) -> Response {
    let said = if spec.message.is_empty() { CANCELLED } else { &spec.message };
    reply::error(spec.status, said, Some(&format!("{said} Check logs for error trace.")))
}

impl Asked {
    fn route(&self, state: &State) -> Response {
        let Self { parts, body, .. } = self;
        let path = parts.uri.path();
        if parts.uri.path_and_query().is_some_and(|target| target.as_str().len() > state.options.longest_url) {
            return reply::html(StatusCode::URI_TOO_LONG, "<html><body><h1>414 URI Too Long</h1></body></html>");
        }
        match path {
            "/oauth_token.do" => token::token(state, &parts.method, query(parts), &parts.headers, body),
            "/oauth_revoke_token.do" => token::revoke(state, query(parts), body),
            _ if path.starts_with("/api/") => self.api(state),
            _ => reply::html(StatusCode::OK, LOGIN),
        }
    }

    fn api(&self, state: &State) -> Response {
        match account::of(state, &self.parts.headers) {
            Ok(caller) => {
                let mut response = self.api_for(state, &caller);
                response.extensions_mut().insert(AnsweredTo(caller.name));
                response
            }
            Err(refusal) => *refusal,
        }
    }

    fn api_for(&self, state: &State, caller: &Account) -> Response {
        let Self { parts, body, faults, switch, .. } = self;
        let path = parts.uri.path();
        let request =
            TableRequest { state, caller, path, query: query(parts), v1: path.starts_with("/api/now/v1/"), switch };
        let writing = Writing { request: &request, method: &parts.method, headers: &parts.headers, body, faults };
        if path == "/api/global/em/jsonv2" {
            return events::receive(&writing);
        }
        let Some(now) = path.strip_prefix("/api/now/") else { return no_resource() };
        let rest = without_version(now);
        let rate = state.count_request();
        if let Some(state) = rate.filter(|state| state.used > state.rule.per_hour) {
            return with_rate(over_limit(state), Some(state));
        }
        let segments: Vec<&str> = rest.split('/').collect();
        let response = match (segments.as_slice(), &parts.method) {
            (["table", table], &Method::GET) => request.list(table),
            (["table", table, sys_id], &Method::GET) => request.record(table, sys_id),
            (["table", table, at @ ..], _) if at.len() < 2 => writing.answer(table, at.first().copied()),
            (["stats", table], &Method::GET) => stats::stats(state, caller, table, &Params::parse(query(parts))),
            (["stats", _], _) => write::not_allowed(),
            (["import", staging], &Method::POST) => import::receive(&writing, staging),
            (["identifyreconcile"], &Method::POST) => reconcile::answer(&writing, false),
            (["identifyreconcile", "query"], &Method::POST) => reconcile::answer(&writing, true),
            _ => no_resource(),
        };
        with_rate(response, rate)
    }
}

/// The user a request was answered to, for the record of requests.
#[derive(Clone)]
struct AnsweredTo(String);

fn without_version(path: &str) -> &str {
    path.strip_prefix("v1/").or_else(|| path.strip_prefix("v2/")).unwrap_or(path)
}

/// The answer where there is no such interface.
pub(crate) fn no_resource() -> Response {
    reply::error(400, "Requested URI does not represent any resource", None)
}

fn over_limit(state: RateState) -> Response {
    let detail = format!("Rate limit of {} requests per hour for Table API exceeded", state.rule.per_hour);
    let wait = state.resets_at - machine_now();
    let refusal = reply::error(429, "Rate limit exceeded", Some(&detail));
    reply::with(refusal, "retry-after", &wait.max(0).to_string())
}

fn with_rate(mut response: Response, rate: Option<RateState>) -> Response {
    if let Some(state) = rate {
        reply::set(&mut response, "x-ratelimit-limit", &state.rule.per_hour.to_string());
        reply::set(&mut response, "x-ratelimit-reset", &state.resets_at.to_string());
        reply::set(&mut response, "x-ratelimit-rule", RATE_RULE_ID);
    }
    response
}

fn revoke_tokens(state: &State, faults: &[FaultSpec]) {
    for (kind, which) in [(FaultKind::TokenRevoked, Revoke::Access), (FaultKind::RefreshRevoked, Revoke::Refresh)] {
        if has(faults, kind) {
            state.revoke(which);
        }
    }
}

fn instead(state: &State, spec: &FaultSpec) -> Option<Response> {
    match spec.fault {
        FaultKind::RateLimited => Some(rate_limited(state, spec)),
        FaultKind::Hibernating => Some(reply::html(StatusCode::OK, HIBERNATING)),
        FaultKind::LoginPage => Some(reply::html(StatusCode::OK, LOGIN)),
        FaultKind::Unavailable => Some(reply::html(StatusCode::SERVICE_UNAVAILABLE, DOWN)),
        FaultKind::NotJson => Some(reply::json(StatusCode::OK, "<xml>certainly</xml>".into())),
        FaultKind::Forbidden => Some(reply::error(403, "Insufficient rights to query records", None)),
        FaultKind::ServerError => Some(reply::error(500, "Internal Server Error", Some("Check logs for error trace"))),
        FaultKind::BadRequest => Some(reply::error(400, "Invalid query", None)),
        FaultKind::LoginRedirect => {
            let login = format!("{}/login_redirect.do", state.base.sign_in.url);
            Some(reply::with(reply::empty(StatusCode::FOUND), "location", &login))
        }
        _ => None,
    }
}

fn rate_limited(state: &State, spec: &FaultSpec) -> Response {
    let detail = "Rate limit of 1000 requests per hour for Table API exceeded";
    let mut response = reply::error(429, "Rate limit exceeded", Some(detail));
    let seconds = spec.retry_after.to_string();
    let wait = if spec.http_date { state.base.clock.http_date(spec.retry_after) } else { seconds };
    reply::set(&mut response, "retry-after", &wait);
    reply::set(&mut response, "x-ratelimit-limit", "1000");
    let reset = machine_now() + spec.retry_after;
    reply::set(&mut response, "x-ratelimit-reset", &reset.to_string());
    reply::set(&mut response, "x-ratelimit-rule", RATE_RULE_ID);
    response
}

fn finish(state: &State, parts: &Parts, response: &mut Response, skew: i64) {
    let cookie = parts.headers.contains_key("cookie");
    reply::set(response, "server", "ServiceNow");
    reply::set(response, "date", &state.base.clock.http_date(skew));
    reply::set(response, "x-transaction-id", &state.next_transaction());
    let logged_in = response.status() != StatusCode::UNAUTHORIZED;
    reply::set(response, "x-is-logged-in", if logged_in { "true" } else { "false" });
    reply::set(response, "strict-transport-security", "max-age=63072000; includeSubDomains");
    if !cookie {
        let session = format!("JSESSIONID={}; Path=/; HttpOnly; SameSite=None", state.session.to_uppercase());
        reply::set(response, "set-cookie", &session);
    }
    state.base.requests.add(RequestRecord {
        user: response.extensions().get::<AnsweredTo>().map(|to| to.0.clone()),
        ..RequestRecord::new(parts, response.status().as_u16())
    });
}

fn query(parts: &Parts) -> &str {
    parts.uri.query().unwrap_or("")
}
