//! What the product answers to: every path that is not an order. Paths compare without regard to case, as IIS does.

use axum::body::Bytes;
use axum::extract::{self, ConnectInfo, Request};
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::Response;

use super::{objects, reply, save, security, service, sparse};
use crate::cherwell::auth::Form;
use crate::cherwell::calendar::Culture;
use crate::cherwell::control::Control;
use crate::cherwell::faults::{FaultKind, FaultSpec};
use crate::cherwell::state::State;
use crate::core::faults::{find, has, wait};
use crate::core::writing::{around, whatever_the_client_does};
use crate::core::{RequestRecord, ResetSwitch};

const LARGEST_BODY: usize = 4 << 20;

const DOWN: &str = "<html><head><title>Service Unavailable</title></head><body><h2>Service Unavailable</h2><hr><p>HTTP Error 503. The service is unavailable.</p></body></html>";
const CRASH: &str = "<!DOCTYPE html><html><head><title>500 - Internal server error.</title></head><body><h2>500 - Internal server error.</h2></body></html>";
const PORTAL: &str = "<!DOCTYPE html><html><head><title>Cherwell Browser Client</title></head><body></body></html>";
const NOT_FOUND: &str = "<!DOCTYPE html><html><head><title>404 - File or directory not found.</title></head><body><h2>404</h2></body></html>";

/// One request to the product.
pub(super) struct Call<'a> {
    /// The system.
    pub(super) state: &'a State,
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
    extract::State(control): extract::State<Control>,
    ConnectInfo(switch): ConnectInfo<ResetSwitch>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_ascii_lowercase();
    let faults = control.0.base.faults.take(&path, |_| true);
    wait(find(&faults, FaultKind::Slow)).await;
    let body = axum::body::to_bytes(body, LARGEST_BODY).await.unwrap_or_default();
    let asked = Asked { control, switch, parts, path, body, faults: faults.clone() };
    whatever_the_client_does(&faults, asked.answer()).await
}

/// A request with what befalls it.
struct Asked {
    control: Control,
    switch: ResetSwitch,
    parts: Parts,
    path: String,
    body: Bytes,
    faults: Vec<FaultSpec>,
}

impl Asked {
    async fn answer(self) -> Response {
        let Self { control, switch, parts, path, body, faults } = &self;
        let state = &*control.0;
        if has(faults, FaultKind::LoggedOut) {
            state.auth().end();
        }
        let mut response = match faults.iter().find_map(instead) {
            Some(response) => response,
            None => around(faults, &state.base.gate, switch, || route(state, parts, body, faults), after_commit).await,
        };
        if has(faults, FaultKind::Reset) {
            let whole = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap_or_default();
            response = reply::body(reply::reset(whole, switch));
        }
        if state.options.capitals && path.contains("/api/") {
            response = sparse::with_capitals(response).await;
        }
        if has(faults, FaultKind::Sparse) {
            response = sparse::rewrite(response).await;
        }
        finish(state, parts, body, &mut response, faults);
        response
    }
}

/// The error after a write that was carried out.
fn after_commit(spec: &FaultSpec) -> Response {
    let code = if spec.code.is_empty() { "GENERALFAILURE" } else { &spec.code };
    let message = if spec.message.is_empty() { "Timeout expired." } else { &spec.message };
    reply::error(spec.status, code, message)
}

fn route(state: &State, parts: &Parts, body: &Bytes, faults: &[FaultSpec]) -> Response {
    let path = parts.uri.path();
    let base = state.options.base();
    let Some(rest) = path.get(base.len()..).filter(|_| path.to_ascii_lowercase().starts_with(base)) else {
        return if path == "/" { reply::html(200, PORTAL) } else { reply::html(404, NOT_FOUND) };
    };
    let query: Form = url::form_urlencoded::parse(parts.uri.query().unwrap_or("").as_bytes()).into_owned().collect();
    let locale = query.get("locale").and_then(|name| Culture::named(name));
    let culture = locale.filter(|_| state.options.obeys_locale).unwrap_or(state.options.culture);
    let rest = rest.trim_start_matches('/');
    let call = Call { state, method: &parts.method, path: rest, query, body, culture, faults };
    let lower = rest.to_ascii_lowercase();
    match (lower.as_str(), &parts.method) {
        ("token", &Method::POST) => service::token(&call),
        ("api/v1/serviceinfo", &Method::GET) if !state.options.info_wants_token || signed_in(state, parts) => {
            service::info(&call)
        }
        _ if !signed_in(state, parts) => unauthorized(),
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
        ["api", "v1", "savebusinessobject"] if post => save::save(call),
        ["api", "v1", "saverelatedbusinessobject"] if post => save::save_related(call),
        ["api", "v1" | "v2", "linkrelatedbusinessobject", ..] => save::link(call, &segments),
        _ => reply::value(404, &serde_json::json!({"Message": "No HTTP resource was found that matches the request."})),
    }
}

fn signed_in(state: &State, parts: &Parts) -> bool {
    let header = parts.headers.get("authorization").and_then(|value| value.to_str().ok());
    let token = header.and_then(|text| text.split_once(' ')).filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"));
    token.is_some_and(|(_, token)| state.auth().knows(token, jiff::Timestamp::now().as_second()))
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
        FaultKind::Throttled => {
            let mut refusal = reply::error(429, "THROTTLED", "Too many requests");
            reply::set(&mut refusal, "retry-after", &spec.retry_after.to_string());
            refusal
        }
        FaultKind::HasError => reply::error(200, "GENERALFAILURE", "The search could not be run"),
        _ => return None,
    })
}

fn finish(state: &State, parts: &Parts, body: &[u8], response: &mut Response, faults: &[FaultSpec]) {
    let skew = find(faults, FaultKind::ClockSkew).map_or(0, |spec| spec.seconds);
    reply::set(response, "date", &state.base.clock.http_date(skew));
    reply::set(response, "server", "Microsoft-IIS/10.0");
    let is_search = parts.uri.path().to_ascii_lowercase().ends_with("/getsearchresults");
    let search = if is_search { String::from_utf8_lossy(body).into_owned() } else { String::new() };
    state.base.requests.add(RequestRecord { search, ..RequestRecord::new(parts, response.status().as_u16()) });
}
