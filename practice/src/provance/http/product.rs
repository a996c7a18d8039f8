//! What the product answers to: every path that is neither an order nor the authority's.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::Response;

use super::rows::{self, RowRequest};
use super::{account, reply};
use crate::net::ResetSwitch;
use crate::provance::fault::{FaultKind, FaultSpec};
use crate::provance::instance::Instance;
use crate::provance::metadata;
use crate::provance::people::USERS;
use crate::provance::protection::{self, Limited};
use crate::provance::requests::RequestRecord;

const LARGEST_BODY: usize = 1 << 20;

/// What is known of a request when it is answered.
#[derive(Default)]
struct Answered {
    user: Option<usize>,
    too_early: bool,
}

/// Answers one request as the product would, with the faults that were asked for.
pub(crate) async fn answer(
    State(instance): State<Arc<Instance>>,
    ConnectInfo(switch): ConnectInfo<ResetSwitch>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let faults = instance.take_faults(parts.uri.path(), false);
    if let Some(spec) = find(&faults, FaultKind::Slow) {
        tokio::time::sleep(Duration::from_millis(spec.millis)).await;
    }
    let _body: Bytes = axum::body::to_bytes(body, LARGEST_BODY).await.unwrap_or_default();
    if find(&faults, FaultKind::TokenRevoked).is_some() {
        instance.authority.revoke_access();
    }
    let mut answered = Answered::default();
    let mut response = respond(&instance, &parts, &faults, &switch, &mut answered);
    let skew = find(&faults, FaultKind::ClockSkew).map_or(0, |spec| spec.seconds);
    reply::set(&mut response, "date", &instance.clock.http_date(skew));
    record(&instance, &parts, &response, &answered);
    response
}

fn respond(
    instance: &Instance,
    parts: &Parts,
    faults: &[FaultSpec],
    switch: &ResetSwitch,
    answered: &mut Answered,
) -> Response {
    if let Some(response) = faults.iter().find_map(|spec| instead(instance, spec)) {
        return response;
    }
    let Some(path) = api_path(parts.uri.path()) else { return reply::html(200, reply::LOGIN) };
    let user = match account::of(instance, &parts.headers) {
        Ok(user) => user,
        Err(refusal) => return *refusal,
    };
    answered.user = Some(user);
    let limited = instance.state().protection.admit();
    if let Some(limited) = limited {
        answered.too_early = limited.too_early;
        return too_many(&limited);
    }
    if parts.method != Method::GET {
        return reply::error(405, "0x8006088b", "The requested resource does not support this method.");
    }
    let request = RowRequest {
        instance,
        set: path,
        path: parts.uri.path(),
        query: parts.uri.query().unwrap_or(""),
        prefer: header(parts, "prefer"),
        switch,
    };
    route(instance, path, user, &request)
}

fn route(instance: &Instance, path: &str, user: usize, request: &RowRequest<'_>) -> Response {
    let path = percent_decoded(path);
    if let Some(name) = between(&path, "EntityDefinitions(LogicalName='", "')/Attributes") {
        return found(metadata::attributes(instance, name));
    }
    if let Some(id) = between(&path, "systemusers(", ")") {
        return found(metadata::user_at(id).map(|place| metadata::user(instance, place)));
    }
    if between(&path, "systemusers(", ")/systemuserroles_association").is_some() {
        return reply::json(&metadata::roles(instance));
    }
    if between(&path, "systemusers(", ")/teammembership_association").is_some() {
        return reply::json(&metadata::teams(instance, request.query.contains("teamroles_association")));
    }
    if let Some(id) = between(&path, "teams(", ")/teamroles_association") {
        return found(metadata::team_roles(instance, id));
    }
    match path.as_str() {
        "WhoAmI" | "WhoAmI()" => reply::json(&metadata::who_am_i(instance, user)),
        "EntityDefinitions" => reply::json(&metadata::definitions(instance)),
        "solutions" if !instance.options.leeway.reads_solutions => rows::forbidden("solution"),
        "solutions" => reply::json(&metadata::solutions(instance)),
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
    let mut response = reply::error(429, &limited.code, protection::message(&limited.code));
    reply::set(&mut response, "retry-after", &limited.seconds.to_string());
    response
}

fn instead(instance: &Instance, spec: &FaultSpec) -> Option<Response> {
    match spec.fault {
        FaultKind::RateLimited => {
            let limited = instance.state().protection.silence(spec.retry_after, &spec.code);
            Some(too_many(&limited))
        }
        FaultKind::Error => Some(reply::error(spec.status, &spec.code, &spec.message)),
        FaultKind::Unavailable => Some(reply::html(503, reply::DOWN)),
        FaultKind::LoginPage => Some(reply::html(200, reply::LOGIN)),
        FaultKind::WrongTenant => Some(account::not_a_member()),
        FaultKind::Unauthorized => Some(account::unauthorized(instance)),
        FaultKind::Maintenance => {
            let mut response = reply::html(503, "<html><body>Down for maintenance</body></html>");
            reply::set(&mut response, "retry-after", &spec.retry_after.to_string());
            Some(response)
        }
        FaultKind::NotJson => Some(reply::text(200, "<xml>certainly</xml>")),
        FaultKind::LoginRedirect => {
            let mut response = reply::html(302, "");
            reply::set(&mut response, "location", "https://login.practice.example/oauth2/authorize");
            Some(response)
        }
        _ => None,
    }
}

fn find(faults: &[FaultSpec], kind: FaultKind) -> Option<&FaultSpec> {
    faults.iter().find(|spec| spec.fault == kind)
}

fn header<'a>(parts: &'a Parts, name: &str) -> &'a str {
    parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
}

fn record(instance: &Instance, parts: &Parts, response: &Response, answered: &Answered) {
    instance.state().requests.push(RequestRecord {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or("").to_owned(),
        prefer: header(parts, "prefer").to_owned(),
        user: answered.user.map(|place| USERS[place].to_owned()),
        status: response.status().as_u16(),
        too_early: answered.too_early,
    });
}
