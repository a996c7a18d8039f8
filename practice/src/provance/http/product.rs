//! What the product answers to: every path that is neither an order nor the authority's.

use axum::body::Bytes;
use axum::extract::{self, ConnectInfo, Request};
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::Response;

use super::rows::{self, RowRequest};
use super::{account, reply};
use crate::core::faults::{find, has, wait};
use crate::core::{RequestRecord, ResetSwitch};
use crate::provance::control::Control;
use crate::provance::faults::{FaultKind, FaultSpec};
use crate::provance::metadata;
use crate::provance::people::USERS;
use crate::provance::protection::{self, Limited};
use crate::provance::state::State;

const LARGEST_BODY: usize = 1 << 20;

/// What is known of a request when it is answered.
#[derive(Default)]
struct Answered {
    user: Option<usize>,
    too_early: bool,
}

/// Answers one request as the product would, with the faults that were asked for.
pub(crate) async fn answer(
    extract::State(control): extract::State<Control>,
    ConnectInfo(switch): ConnectInfo<ResetSwitch>,
    request: Request,
) -> Response {
    let (state, (parts, body)) = (&*control.0, request.into_parts());
    let faults = state.base.faults.take_of(&parts, false);
    wait(find(&faults, FaultKind::Slow)).await;
    let _body: Bytes = axum::body::to_bytes(body, LARGEST_BODY).await.unwrap_or_default();
    if has(&faults, FaultKind::TokenRevoked) {
        state.authority.revoke_access();
    }
    let mut answered = Answered::default();
    let mut response = respond(state, &parts, &faults, &switch, &mut answered);
    let skew = find(&faults, FaultKind::ClockSkew).map_or(0, |spec| spec.seconds);
    reply::set(&mut response, "date", &state.base.clock.http_date(skew));
    record(state, &parts, &response, &answered);
    response
}

fn respond(
    state: &State,
    parts: &Parts,
    faults: &[FaultSpec],
    switch: &ResetSwitch,
    answered: &mut Answered,
) -> Response {
    if let Some(response) = faults.iter().find_map(|spec| instead(state, spec)) {
        return response;
    }
    let Some(path) = api_path(parts.uri.path()) else { return reply::html(200, reply::LOGIN) };
    let user = match account::of(state, &parts.headers) {
        Ok(user) => user,
        Err(refusal) => return *refusal,
    };
    answered.user = Some(user);
    let limited = state.setup().protection.admit();
    if let Some(limited) = limited {
        answered.too_early = limited.too_early;
        return too_many(&limited);
    }
    if parts.method != Method::GET {
        return reply::error(405, "0x8006088b", "The requested resource does not support this method.");
    }
    let request = RowRequest {
        state,
        set: path,
        path: parts.uri.path(),
        query: parts.uri.query().unwrap_or(""),
        prefer: header(parts, "prefer"),
        switch,
    };
    route(state, path, user, &request)
}

fn route(state: &State, path: &str, user: usize, request: &RowRequest<'_>) -> Response {
    let path = percent_decoded(path);
    if let Some(name) = between(&path, "EntityDefinitions(LogicalName='", "')/Attributes") {
        return found(metadata::attributes(state, name));
    }
    if let Some(id) = between(&path, "systemusers(", ")") {
        return found(metadata::user_at(id).map(|place| metadata::user(state, place)));
    }
    if between(&path, "systemusers(", ")/systemuserroles_association").is_some() {
        return reply::json(&metadata::roles(state));
    }
    if between(&path, "systemusers(", ")/teammembership_association").is_some() {
        return reply::json(&metadata::teams(state, request.query.contains("teamroles_association")));
    }
    if let Some(id) = between(&path, "teams(", ")/teamroles_association") {
        return found(metadata::team_roles(state, id));
    }
    match path.as_str() {
        "WhoAmI" | "WhoAmI()" => reply::json(&metadata::who_am_i(state, user)),
        "EntityDefinitions" => reply::json(&metadata::definitions(state)),
        "solutions" if !state.options.leeway.reads_solutions => rows::forbidden("solution"),
        "solutions" => reply::json(&metadata::solutions(state)),
        _ => rows::answer(request),
    }
}

fn found(value: Option<serde_json::Value>) -> Response {
    value.map_or_else(not_found, |value| reply::json(&value))
}

fn not_found() -> Response {
    reply::error(404, "0x80060891", "A record with the specified key values does not exist.")
}

fn between<'a>(path: &'a str, before: &str, after: &str) -> Option<&'a str> {
    path.strip_prefix(before)?.strip_suffix(after).filter(|inner| !inner.contains('/'))
}

fn percent_decoded(path: &str) -> String {
    let encoded = path.replace('+', "%2B").replace('=', "%3D").replace('&', "%26");
    url::form_urlencoded::parse(encoded.as_bytes()).next().map(|(text, _)| text.into_owned()).unwrap_or_default()
}

fn api_path(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/api/data/v9.")?;
    let (version, rest) = rest.split_once('/')?;
    matches!(version, "0" | "1" | "2").then_some(rest)
}

fn too_many(limited: &Limited) -> Response {
    let refusal = reply::error(429, &limited.code, protection::message(&limited.code));
    reply::with(refusal, "retry-after", &limited.seconds.to_string())
}

fn instead(state: &State, spec: &FaultSpec) -> Option<Response> {
    match spec.fault {
        FaultKind::RateLimited => {
            let limited = state.setup().protection.silence(spec.retry_after, &spec.code);
            Some(too_many(&limited))
        }
        FaultKind::Error => Some(reply::error(spec.status, &spec.code, &spec.message)),
        FaultKind::Unavailable => Some(reply::html(503, reply::DOWN)),
        FaultKind::LoginPage => Some(reply::html(200, reply::LOGIN)),
        FaultKind::WrongTenant => Some(account::not_a_member()),
        FaultKind::Unauthorized => Some(account::unauthorized(state)),
        FaultKind::Maintenance => {
            let page = reply::html(503, "<html><body>Down for maintenance</body></html>");
            Some(reply::with(page, "retry-after", &spec.retry_after.to_string()))
        }
        FaultKind::NotJson => Some(reply::text(200, "<xml>certainly</xml>")),
        FaultKind::LoginRedirect => {
            let elsewhere = "https://login.practice.example/oauth2/authorize";
            Some(reply::with(reply::html(302, ""), "location", elsewhere))
        }
        _ => None,
    }
}

fn header<'a>(parts: &'a Parts, name: &str) -> &'a str {
    parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
}

fn record(state: &State, parts: &Parts, response: &Response, answered: &Answered) {
    state.base.requests.add(RequestRecord {
        prefer: header(parts, "prefer").to_owned(),
        user: answered.user.map(|place| USERS[place].to_owned()),
        too_early: answered.too_early,
        ..RequestRecord::new(parts, response.status().as_u16())
    });
}
