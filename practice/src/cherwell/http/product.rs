//! What the product answers to: every path that is not an order. Paths compare without regard to case, as IIS does.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::Response;
use futures_util::{StreamExt, stream};

use super::{objects, reply, security, service, sparse};
use crate::cherwell::auth::Form;
use crate::cherwell::calendar::Culture;
use crate::cherwell::desk::{Desk, RequestRecord};
use crate::cherwell::fault::{FaultKind, FaultSpec};
use crate::net::ResetSwitch;

const LARGEST_BODY: usize = 4 << 20;

const DOWN: &str = "<html><head><title>Service Unavailable</title></head><body><h2>Service Unavailable</h2><hr><p>HTTP Error 503. The service is unavailable.</p></body></html>";
const CRASH: &str = "<!DOCTYPE html><html><head><title>500 - Internal server error.</title></head><body><h2>500 - Internal server error.</h2></body></html>";
const PORTAL: &str = "<!DOCTYPE html><html><head><title>Cherwell Browser Client</title></head><body></body></html>";
const NOT_FOUND: &str = "<!DOCTYPE html><html><head><title>404 - File or directory not found.</title></head><body><h2>404</h2></body></html>";

/// One request to the product.
pub(super) struct Call<'a> {
    /// The system.
    pub(super) desk: &'a Desk,
    /// How.
    pub(super) method: &'a Method,
    /// What follows the path of the API, without a slash at its beginning; ids keep their case.
    pub(super) path: &'a str,
    /// The query.
    pub(super) query: Form,
    /// The body.
    pub(super) body: &'a [u8],
    /// The culture of the reply.
    pub(super) culture: Culture,
    /// The faults that befall it.
    pub(super) faults: &'a [FaultSpec],
}

/// Answers one request as the product would, with the faults that were asked for.
pub(crate) async fn answer(
    State(desk): State<Arc<Desk>>,
    ConnectInfo(switch): ConnectInfo<ResetSwitch>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_ascii_lowercase();
    let faults = desk.take_faults(&path);
    if let Some(spec) = faults.iter().find(|spec| spec.fault == FaultKind::Slow) {
        tokio::time::sleep(Duration::from_millis(spec.millis)).await;
    }
    let body = axum::body::to_bytes(body, LARGEST_BODY).await.unwrap_or_default();
    if faults.iter().any(|spec| spec.fault == FaultKind::LoggedOut) {
        desk.auth().end();
    }
    let early = faults.iter().find_map(instead);
    let mut response = early.unwrap_or_else(|| route(&desk, &parts, &body, &faults));
    if faults.iter().any(|spec| spec.fault == FaultKind::Reset) {
        response = reset(response, &switch).await;
    }
    if desk.options.capitals && path.contains("/api/") {
        response = sparse::with_capitals(response).await;
    }
    if faults.iter().any(|spec| spec.fault == FaultKind::Sparse) {
        response = sparse::rewrite(response).await;
    }
    finish(&desk, &parts, &body, &mut response, &faults);
    response
}

fn route(desk: &Desk, parts: &Parts, body: &Bytes, faults: &[FaultSpec]) -> Response {
    let path = parts.uri.path();
    let base = desk.options.base();
    let Some(rest) = path.get(base.len()..).filter(|_| path.to_ascii_lowercase().starts_with(base)) else {
        return if path == "/" { reply::html(200, PORTAL) } else { reply::html(404, NOT_FOUND) };
    };
    let query: Form = url::form_urlencoded::parse(parts.uri.query().unwrap_or("").as_bytes()).into_owned().collect();
    let locale = query.get("locale").and_then(|name| Culture::named(name));
    let culture = locale.filter(|_| desk.options.obeys_locale).unwrap_or(desk.options.culture);
    let rest = rest.trim_start_matches('/');
    let call = Call { desk, method: &parts.method, path: rest, query, body, culture, faults };
    let lower = rest.to_ascii_lowercase();
    match (lower.as_str(), &parts.method) {
        ("token", &Method::POST) => service::token(&call),
        ("api/v1/serviceinfo", &Method::GET) if !desk.options.info_wants_token || signed_in(desk, parts) => {
            service::info(&call)
        }
        _ if !signed_in(desk, parts) => unauthorized(),
        ("api/v1/logout", &Method::DELETE) => service::logout(&call),
        _ => signed(&call, &lower),
    }
}

fn signed(call: &Call<'_>, lower: &str) -> Response {
    let segments: Vec<&str> = call.path.split('/').collect();
    let lower: Vec<&str> = lower.split('/').collect();
    let post = call.method == Method::POST;
    match lower.as_slice() {
        ["api", "v2" | "v3", "getuserbyloginid"] => security::user(call, call.query.get("loginid")),
        ["api", "v1", "getuserbyloginid", "loginid", ..] => {
            security::user(call, segments.get(4).map(|name| (*name).to_owned()).as_ref())
        }
        ["api", "v2", "getsecuritygroups"] => security::groups(),
        ["api", "v2", "getroles"] => reply::error(500, "INSUFFICIENTRIGHTS", "Insufficient rights to view personas"),
        ["api", "v2", "getsecuritygroupbusinessobjectpermissionsforcurrentuserbybusobname", "busobname", name] => {
            security::permissions(call, name)
        }
        ["api", "v1", "getbusinessobjectsummary", "busobname", name] => objects::summary(call, name),
        ["api", "v1", "getbusinessobjectsummaries", "type", kind] => objects::summaries(call, kind),
        ["api", "v1", "getbusinessobjectschema", "busobid", id] => objects::schema(call, id),
        ["api", "v1", "getbusinessobjecttemplate"] if post => objects::template(call),
        ["api", "v1", "getsearchresults"] if post => objects::search(call),
        ["api", "v1", "getbusinessobject", "busobid", id, by, _] => {
            objects::record(call, id, by, segments.last().copied().unwrap_or_default())
        }
        ["api", "v1", "savebusinessobject"] if post => objects::save(call),
        _ => reply::value(404, &serde_json::json!({"Message": "No HTTP resource was found that matches the request."})),
    }
}

fn signed_in(desk: &Desk, parts: &Parts) -> bool {
    let header = parts.headers.get("authorization").and_then(|value| value.to_str().ok());
    let token = header.and_then(|text| text.split_once(' ')).filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"));
    token.is_some_and(|(_, token)| desk.auth().knows(token, jiff::Timestamp::now().as_second()))
}

fn unauthorized() -> Response {
    reply::value(401, &serde_json::json!({"Message": "Authorization has been denied for this request."}))
}

fn instead(spec: &FaultSpec) -> Option<Response> {
    let missing = "Business object with Incident not found\r\nParameter name: BusObId";
    Some(match spec.fault {
        FaultKind::Unavailable => reply::html(503, DOWN),
        FaultKind::HtmlError => reply::html(500, CRASH),
        FaultKind::HtmlPage => reply::html(200, PORTAL),
        FaultKind::NotJson => reply::text(200, "<xml>certainly</xml>".into()),
        FaultKind::Unauthorized => unauthorized(),
        FaultKind::RecordNotFound => reply::error(500, "RECORDNOTFOUND", "Record not found"),
        FaultKind::SearchNotFound => reply::error(500, "SEARCHNOTFOUND", "The requested search was not found : "),
        FaultKind::ObjectNotFound => reply::error(500, "GENERALFAILURE", missing),
        FaultKind::GeneralFailure => reply::error(500, "GENERALFAILURE", "Object reference not set to an instance."),
        FaultKind::InsufficientRights => {
            reply::error(500, "INSUFFICIENTRIGHTS", "You are not authorized to view this object")
        }
        FaultKind::Forbidden => reply::error(403, "INSUFFICIENTRIGHTS", "You are not authorized to view this object"),
        FaultKind::HasError => reply::error(200, "GENERALFAILURE", "The search could not be run"),
        _ => return None,
    })
}

async fn reset(response: Response, switch: &ResetSwitch) -> Response {
    let whole = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap_or_default();
    let half = whole.slice(..whole.len() / 2);
    let switch = switch.clone();
    let end = stream::once(async move {
        // Let the first half reach the client before the reset overtakes it.
        tokio::time::sleep(Duration::from_millis(50)).await;
        switch.pull();
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    });
    reply::body(Body::from_stream(stream::iter([Ok(half)]).chain(end)))
}

fn finish(desk: &Desk, parts: &Parts, body: &[u8], response: &mut Response, faults: &[FaultSpec]) {
    let skew = faults.iter().find(|spec| spec.fault == FaultKind::ClockSkew).map_or(0, |spec| spec.seconds);
    let at = jiff::Timestamp::from_second(desk.now().saturating_add(skew)).unwrap_or_default();
    let date = at.to_zoned(jiff::tz::TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    reply::set(response, "date", &date);
    reply::set(response, "server", "Microsoft-IIS/10.0");
    let path = parts.uri.path().to_owned();
    let search = path.to_ascii_lowercase().ends_with("/getsearchresults");
    let search = if search { String::from_utf8_lossy(body).into_owned() } else { String::new() };
    let query = parts.uri.query().unwrap_or("").to_owned();
    let (method, status) = (parts.method.to_string(), response.status().as_u16());
    desk.record(RequestRecord { method, path, query, search, status });
}
