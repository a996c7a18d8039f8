//! Computers found and made, where the web app has routes for them.

use axum::body::Bytes;
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::Response;
use serde_json::{Value, json};

use super::list::Fields;
use super::reply;
use crate::service_manager::manners::Computers;
use crate::service_manager::state::{Computer, State};

const PATH: &str = "/api/Computers";

/// Whether a request is about computers, and there is a route for it.
pub(super) fn is_wanted(state: &State, parts: &Parts) -> bool {
    let routes = state.setup().manners.computers;
    parts.uri.path().eq_ignore_ascii_case(PATH)
        && match parts.method {
            Method::POST => routes != Computers::None,
            Method::GET => routes == Computers::FoundAndMade,
            _ => false,
        }
}

/// Carries it out. What was made is found when the cache has run out.
pub(super) fn answer(state: &State, parts: &Parts, query: &Fields, body: &Bytes) -> Response {
    if parts.method == Method::POST {
        let Ok(Value::Object(fields)) = serde_json::from_slice::<Value>(body) else {
            return reply::model_state("computer", "The computer field is required.");
        };
        let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
        if text("DisplayName").is_empty() {
            return reply::server_error();
        }
        return reply::json(200, &shown(&state.make_computer(text("DisplayName"), text("Description"))));
    }
    let wanted = query.iter().find(|(name, _)| name == "name").and_then(|(_, value)| value.as_str());
    let fits = |one: &&Computer| wanted.is_none_or(|name| one.name.eq_ignore_ascii_case(name));
    let computers = state.computers();
    let found: Vec<_> = computers.iter().filter(|one| one.hidden_for <= 0.0).filter(fits).map(shown).collect();
    reply::json(200, &found.into())
}

fn shown(one: &Computer) -> Value {
    json!({ "BaseId": one.id, "DisplayName": one.name, "Description": one.description })
}
