//! What the product answers to: every path that is neither an order nor the authority's.

use axum::body::Bytes;
use axum::extract::{self, ConnectInfo, Request};
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::Response;

use super::rows::{self, RowRequest};
use super::writes::{self, Writing};
use super::{account, reply};
use crate::core::faults::{find, has, wait};
use crate::core::writing::{around, whatever_the_client_does};
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
    let (parts, body) = request.into_parts();
    let faults = control.0.base.faults.take_of(&parts, false);
    wait(find(&faults, FaultKind::Slow)).await;
    let body: Bytes = axum::body::to_bytes(body, LARGEST_BODY).await.unwrap_or_default();
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
        if has(&self.faults, FaultKind::TokenRevoked) {
            state.authority.revoke_access();
        }
        let mut answered = Answered::default();
        let early = self.faults.iter().find_map(|spec| instead(state, spec));
        let mut response = match early {
            Some(response) => response,
            None => {
                let act = || self.respond(state, &mut answered);
                around(&self.faults, &state.base.gate, &self.switch, act, after_commit).await
            }
        };
        let skew = find(&self.faults, FaultKind::ClockSkew).map_or(0, |spec| spec.seconds);
        reply::set(&mut response, "date", &state.base.clock.http_date(skew));
        record(state, &self.parts, &response, &answered);
        response
    }

    fn respond(&self, state: &State, answered: &mut Answered) -> Response {
        let Self { parts, body, faults, switch, .. } = self;
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
            return Writing { state, parts, body, faults, user, set: path }.answer();
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
}

/// The error after a write that was carried out.
fn after_commit(spec: &FaultSpec) -> Response {
    let code = if spec.code.is_empty() { "0x80040216" } else { &spec.code };
    let message = if spec.message.is_empty() { "An unexpected error occurred." } else { &spec.message };
    reply::error(spec.status, code, message)
}

fn route(state: &State, path: &str, user: usize, request: &RowRequest<'_>) -> Response {
    let path = percent_decoded(path);
    if let Some(name) = between(&path, "EntityDefinitions(LogicalName='", "')/Attributes") {
        return found(metadata::attributes(state, name));
    }
    if let Some(name) = between(&path, "EntityDefinitions(LogicalName='", "')/ManyToOneRelationships") {
        return found(metadata::relations(state, name));
    }
    if let Some(name) = between(&path, "EntityDefinitions(LogicalName='", "')") {
        return found(metadata::definition_of(state, name));
    }
    if between(&path, "systemusers(", ")/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()").is_some() {
        return reply::json(&metadata::privileges(state));
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
        set if set == "annotations" || set.starts_with("annotations(") => {
            writes::annotations(state, set, &percent_decoded(request.query))
        }
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
