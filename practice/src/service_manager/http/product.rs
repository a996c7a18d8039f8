//! What the web app answers to: every path that is neither an order nor the authority's.

use axum::body::Bytes;
use axum::extract::{self, ConnectInfo, Request};
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::Response;
use serde_json::{Value, json};

use super::list::{Asked, Fields};
use super::{computers, home, list, reply, writes};
use crate::WorkItemKind;
use crate::core::faults::{find, has, wait};
use crate::core::writing::{around, whatever_the_client_does};
use crate::core::{RequestRecord, ResetSwitch};
use crate::service_manager::bearer::{Refused, admit};
use crate::service_manager::control::Control;
use crate::service_manager::describe;
use crate::service_manager::faults::{FaultKind, FaultSpec};
use crate::service_manager::layout::Layout;
use crate::service_manager::manners::Empty;
use crate::service_manager::state::{Setup, State};

const LARGEST_BODY: usize = 1 << 20;

/// How many rows an answer holds, for the record of requests.
#[derive(Clone, Copy)]
struct RowCount(usize);

/// Answers one request as the web app would, with the faults that were asked for.
pub(crate) async fn answer(
    extract::State(control): extract::State<Control>,
    ConnectInfo(switch): ConnectInfo<ResetSwitch>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let faults = control.0.base.faults.take_of(&parts, false);
    wait(find(&faults, FaultKind::Slow)).await;
    let body = axum::body::to_bytes(body, LARGEST_BODY).await.unwrap_or_default();
    let asked = Asking { control, switch, parts, body, faults: faults.clone() };
    whatever_the_client_does(&faults, asked.answer()).await
}

/// A request with what befalls it.
struct Asking {
    control: Control,
    switch: ResetSwitch,
    parts: Parts,
    body: Bytes,
    faults: Vec<FaultSpec>,
}

impl Asking {
    async fn answer(self) -> Response {
        let Self { control, switch, parts, body, faults } = &self;
        let state = &*control.0;
        let mut response = match faults.iter().find_map(|spec| instead(spec, parts)) {
            Some(response) => response,
            None => {
                let failed = |spec: &FaultSpec| reply::after_commit(spec.status, &spec.message);
                around(faults, &state.base.gate, switch, || route(state, parts, body, switch, faults), failed).await
            }
        };
        let skew = find(faults, FaultKind::ClockSkew).map_or(0, |spec| spec.seconds);
        finish(state, parts, &mut response, skew);
        response
    }
}

fn instead(spec: &FaultSpec, parts: &Parts) -> Option<Response> {
    use FaultKind as F;
    Some(match spec.fault {
        F::Unauthorized => reply::unauthorized(),
        F::Forbidden => reply::forbidden(),
        F::ApiVersionUnspecified => reply::api_version("ApiVersionUnspecified"),
        F::UnsupportedApiVersion => reply::api_version("UnsupportedApiVersion"),
        F::ModelState => reply::model_state("criteria.PageSize", "The field PageSize must be between 1 and 1000."),
        F::NoRoute => reply::no_route(&parts.uri.to_string()),
        F::ServerError => reply::server_error(),
        F::NoPermission => reply::no_permission(),
        F::ServerUnreachable => reply::unreachable(),
        F::Stopped => reply::stopped(),
        F::Unavailable => reply::unavailable(),
        F::LoginRedirect => reply::login_redirect(),
        F::Html => reply::html(200, "<!DOCTYPE html><html><body><h1>Welcome</h1></body></html>"),
        F::Throttled => reply::throttled(spec.retry_after),
        F::NoContent => reply::no_content(),
        F::Empty => reply::json_text(200, String::new()),
        F::NotJson => reply::json_text(200, "<xml>certainly</xml>".into()),
        _ => return None,
    })
}

fn route(state: &State, parts: &Parts, body: &Bytes, switch: &ResetSwitch, faults: &[FaultSpec]) -> Response {
    let path = parts.uri.path();
    match (path.to_ascii_lowercase().as_str(), &parts.method) {
        ("/", &Method::GET) => home::page(state),
        ("/swagger/docs/v1", &Method::GET) => {
            let setup = state.setup().clone();
            let host = state.base.sign_in.url.trim_start_matches("http://");
            reply::json(200, &describe::document(setup.layout, host, describes_version(&setup), &setup.manners))
        }
        ("/api/configtest", &Method::POST) => {
            let form = url::form_urlencoded::parse(body).into_owned().collect::<Vec<_>>();
            home::config_test(state, &form)
        }
        (lower, _) if lower.starts_with("/api/") => api(state, parts, body, switch, faults),
        _ => reply::html(404, "<!DOCTYPE html><html><body><h2>404 - File or directory not found.</h2></body></html>"),
    }
}

/// Whether the description names the version: where the header tells it, the description does not.
fn describes_version(setup: &Setup) -> bool {
    setup.api_version.is_some() && setup.manners.supported_versions.is_none()
}

fn api(state: &State, parts: &Parts, body: &Bytes, switch: &ResetSwitch, faults: &[FaultSpec]) -> Response {
    let write = writes::wanted(state, &parts.method, parts.uri.path());
    let computers = computers::is_wanted(state, parts);
    if write.is_none() && !computers && !is_route(state.setup().layout, parts.uri.path()) {
        // Nothing asks for a token before a controller is found.
        return reply::no_route(&parts.uri.to_string());
    }
    let refused = match state.authority.bearer(&parts.headers) {
        Ok(bearer) => admit(state, &bearer).err(),
        Err(_) => Some(Refused::Unauthorized),
    };
    match refused {
        Some(Refused::Unauthorized) => return reply::unauthorized(),
        Some(Refused::Forbidden) => return reply::forbidden(),
        None => {}
    }
    let query = fields_of_query(parts.uri.query().unwrap_or(""));
    if let Some(response) = version_problem(state, &query) {
        return response;
    }
    if computers {
        return computers::answer(state, parts, &query, body);
    }
    if let Some(write) = write {
        let dropped = find(faults, FaultKind::DroppedColumn).map(|spec| spec.column.as_str());
        return writes::answer(state, &write, body, dropped);
    }
    let layout = state.setup().layout;
    if let Some((kind, id)) = item_of(layout, parts.uri.path()).filter(|_| parts.method == Method::GET) {
        return item(state, layout, kind, id);
    }
    match listed(layout, parts, query, body) {
        Ok(Some((kind, fields))) => rows(state, layout, kind, &fields, parts.uri.path(), switch),
        Ok(None) => other(parts),
        Err(refusal) => *refusal,
    }
}

fn is_route(layout: Layout, path: &str) -> bool {
    let of_kind = WorkItemKind::ALL.into_iter().any(|kind| path.eq_ignore_ascii_case(layout.list_path(kind)));
    of_kind || item_of(layout, path).is_some() || path.eq_ignore_ascii_case("/api/IncidentTemplates")
}

/// The kind and the Id or GUID of a work item that a path names.
fn item_of(layout: Layout, path: &str) -> Option<(WorkItemKind, &str)> {
    WorkItemKind::ALL.into_iter().find_map(|kind| {
        let before = layout.item_path(kind)?;
        let (start, id) = (path.get(..before.len())?, path.get(before.len()..)?);
        (start.eq_ignore_ascii_case(before) && !id.is_empty() && !id.contains('/')).then_some((kind, id))
    })
}

fn item(state: &State, layout: Layout, kind: WorkItemKind, id: &str) -> Response {
    match list::one(state, layout, kind, id) {
        Some(text) => reply::json_text(200, text),
        None => reply::no_item(id),
    }
}

fn version_problem(state: &State, query: &Fields) -> Option<Response> {
    let wanted = state.setup().api_version.clone()?;
    let given = query.iter().find(|(name, _)| name == "api-version").and_then(|(_, value)| value.as_str());
    match given {
        Some(given) if given == wanted => None,
        other => {
            let code = if other.is_some() { "UnsupportedApiVersion" } else { "ApiVersionUnspecified" };
            let mut refusal = reply::api_version(code);
            if let Some(versions) = &state.setup().manners.supported_versions {
                reply::set(&mut refusal, "api-supported-versions", versions);
            }
            Some(refusal)
        }
    }
}

fn fields_of_query(query: &str) -> Fields {
    url::form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| (name.into_owned(), Value::from(value.into_owned())))
        .collect()
}

type Listed = Result<Option<(WorkItemKind, Fields)>, Box<Response>>;

/// Which kind is asked for, and the fields that say how.
fn listed(layout: Layout, parts: &Parts, query: Fields, body: &Bytes) -> Listed {
    let here = |kind: WorkItemKind| parts.uri.path().eq_ignore_ascii_case(layout.list_path(kind));
    if layout == Layout::Unbindable {
        return Ok(None);
    }
    if layout != Layout::Search {
        let kind = WorkItemKind::ALL.into_iter().find(|kind| here(*kind));
        return Ok(kind.filter(|_| parts.method == Method::GET).map(|kind| (kind, query)));
    }
    if !here(WorkItemKind::Incident) || parts.method != Method::POST {
        return Ok(None);
    }
    let Ok(Value::Object(body)) = serde_json::from_slice(body) else {
        return Err(Box::new(reply::model_state("criteria", "The criteria field is required.")));
    };
    let kind = match body.get("workItemType").and_then(Value::as_str) {
        Some("Incident") => WorkItemKind::Incident,
        Some("ChangeRequest") => WorkItemKind::ChangeRequest,
        _ => return Err(Box::new(reply::model_state("criteria.workItemType", "The workItemType field is required."))),
    };
    Ok(Some((kind, body.into_iter().collect())))
}

fn other(parts: &Parts) -> Response {
    match parts.uri.path() {
        "/api/IncidentTemplates" => reply::json(
            200,
            &json!([{
            "Id": "Template.Standard", "Title": "Standard incident",
            "ProjectionType": "IncidentManagement!System.WorkItem.Incident.ProjectionType" }]),
        ),
        "/api/values" => reply::json(200, &json!(["value1", "value2"])),
        _ => reply::not_allowed(parts.method.as_str()),
    }
}

fn rows(
    state: &State,
    layout: Layout,
    kind: WorkItemKind,
    fields: &Fields,
    path: &str,
    switch: &ResetSwitch,
) -> Response {
    let manners = state.setup().manners.clone();
    let asked = match Asked::read(layout, fields, &manners) {
        Ok(asked) => asked,
        Err(refusal) => return *refusal,
    };
    let faults = state.base.faults.take_of(path, true);
    let (text, count) = list::page(state, layout, kind, &asked, &faults);
    if count == 0 && manners.empty != Empty::List {
        return if manners.empty == Empty::Null { reply::json_text(200, "null".into()) } else { reply::no_content() };
    }
    let mut response = if has(&faults, FaultKind::Truncated) {
        reply::json_text(200, reply::half(&text).to_owned())
    } else if has(&faults, FaultKind::Reset) {
        reply::json_body(reply::reset(text, switch))
    } else {
        reply::json_text(200, text)
    };
    response.extensions_mut().insert(RowCount(count));
    response
}

fn finish(state: &State, parts: &Parts, response: &mut Response, skew: i64) {
    reply::set(response, "date", &state.base.clock.http_date(skew));
    reply::set(response, "server", "Microsoft-IIS/10.0");
    reply::set(response, "x-powered-by", "ASP.NET");
    reply::set(response, "set-cookie", "ARRAffinity=practice;Path=/;HttpOnly;Domain=127.0.0.1");
    state.base.requests.add(RequestRecord {
        rows: response.extensions().get::<RowCount>().map_or(0, |count| count.0),
        ..RequestRecord::new(parts, response.status().as_u16())
    });
}
