//! Orders over HTTP about the set-up of the integration and its tokens.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::orders::{Shared, control};
use crate::orders::told;
use crate::servicenow::control::TokenSeed;
use crate::servicenow::instance::Instance;
use crate::servicenow::options::{RateRule, Visibility};
use crate::servicenow::setup::{ApplicationState, RoleState};

/// The orders of this module.
pub(super) fn router() -> Router<Arc<Instance>> {
    Router::new()
        .route("/practice/visibility", post(visibility))
        .route("/practice/column", post(column))
        .route("/practice/choice", post(choice))
        .route("/practice/release", post(release))
        .route("/practice/rate", post(rate))
        .route("/practice/role", post(role))
        .route("/practice/roles/{user}", get(roles))
        .route("/practice/app", post(app))
        .route("/practice/application", post(application))
        .route("/practice/property", post(property))
        .route("/practice/writes", get(writes))
        .route("/practice/tokens", get(tokens).post(issue).delete(clean))
        .route("/practice/age", post(age))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VisibilityOrder {
    table: String,
    visibility: Visibility,
    #[serde(default)]
    admin: bool,
}

async fn visibility(State(instance): Shared, Json(order): Json<VisibilityOrder>) -> StatusCode {
    let control = control(instance);
    if order.admin {
        control.set_admin_visibility(&order.table, order.visibility);
    } else {
        control.set_visibility(&order.table, order.visibility);
    }
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnOrder {
    table: String,
    column: String,
    hidden: bool,
}

async fn column(State(instance): Shared, Json(order): Json<ColumnOrder>) -> StatusCode {
    control(instance).hide_column(&order.table, &order.column, order.hidden);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChoiceOrder {
    table: String,
    column: String,
    value: String,
    label: String,
}

async fn choice(State(instance): Shared, Json(order): Json<ChoiceOrder>) -> Response {
    let ChoiceOrder { table, column, value, label } = &order;
    let done = control(instance).relabel_choice(table, column, value, label);
    told(done.map(|()| json!({ "value": value, "label": label })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReleaseOrder {
    release: String,
}

async fn release(State(instance): Shared, Json(order): Json<ReleaseOrder>) -> StatusCode {
    control(instance).set_release(&order.release);
    StatusCode::NO_CONTENT
}

async fn rate(State(instance): Shared, Json(rule): Json<Option<RateRule>>) -> StatusCode {
    control(instance).set_rate_rule(rule);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleOrder {
    user: Option<String>,
    role: String,
    state: RoleState,
}

async fn role(State(instance): Shared, Json(order): Json<RoleOrder>) -> Response {
    let control = control(instance);
    let user = order.user.unwrap_or_else(|| control.sign_in().username.clone());
    told(control.set_role(&user, &order.role, order.state).map(|()| json!({ "roles": control.roles(&user) })))
}

async fn roles(State(instance): Shared, Path(user): Path<String>) -> Json<Value> {
    let control = control(instance);
    Json(json!({ "roles": control.roles(&user), "password": control.password_state(&user) }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AppOrder {
    installed: bool,
}

async fn app(State(instance): Shared, Json(order): Json<AppOrder>) -> StatusCode {
    control(instance).set_app(order.installed);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ApplicationOrder {
    state: Option<ApplicationState>,
    #[serde(default)]
    fields: std::collections::BTreeMap<String, String>,
}

async fn application(State(instance): Shared, Json(order): Json<ApplicationOrder>) -> Response {
    let control = control(instance);
    if let Some(state) = order.state {
        control.set_application(state);
    }
    let fields: Vec<_> = order.fields.iter().map(|(column, value)| (column.as_str(), value.as_str())).collect();
    let edited = if fields.is_empty() { Ok(()) } else { control.edit_application(&fields) };
    told(edited.map(|()| json!({ "application": control.application() })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PropertyOrder {
    name: String,
    value: Option<String>,
    hidden: Option<bool>,
}

async fn property(State(instance): Shared, Json(order): Json<PropertyOrder>) -> Response {
    let control = control(instance);
    if let Some(value) = &order.value {
        control.set_property(&order.name, value);
    }
    let hidden = order.hidden.map_or(Ok(()), |hidden| control.hide_property(&order.name, hidden));
    told(hidden.map(|()| json!({ "name": order.name, "value": control.property(&order.name) })))
}

async fn writes(State(instance): Shared) -> Json<Value> {
    Json(json!({ "writes": control(instance).writes() }))
}

async fn tokens(State(instance): Shared) -> Json<Value> {
    Json(json!({ "tokens": control(instance).issued() }))
}

async fn issue(State(instance): Shared, Json(seed): Json<TokenSeed>) -> Response {
    told(control(instance).issue(&seed).map(|token| json!({ "token": token })))
}

async fn clean(State(instance): Shared) -> StatusCode {
    control(instance).clean_tokens();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Age {
    seconds: i64,
}

async fn age(State(instance): Shared, Json(order): Json<Age>) -> StatusCode {
    control(instance).age_tokens(order.seconds);
    StatusCode::NO_CONTENT
}
