//! Orders over HTTP, for tests and demos that run the instance as a process of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::orders::told;
use crate::servicenow::control::Control;
use crate::servicenow::fault::FaultSpec;
use crate::servicenow::instance::Instance;
use crate::servicenow::oauth::{Revoke, UserState};

pub(super) type Shared = State<Arc<Instance>>;

/// Everything under `/practice`. It asks for no sign-in: the server listens on loopback only.
pub(crate) fn router() -> Router<Arc<Instance>> {
    Router::new()
        .route("/practice", get(state))
        .route("/practice/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/practice/advance", post(advance))
        .route("/practice/edit", post(edit))
        .route("/practice/add", post(add))
        .route("/practice/hide", post(hide))
        .route("/practice/requests", get(requests).delete(clear_requests))
        .route("/practice/rows/{table}", get(rows))
        .route("/practice/revoke", post(revoke))
        .route("/practice/user", post(user))
        .route("/practice/delete", post(delete))
        .route("/practice/undelete", post(undelete))
        .route("/practice/snapshot", post(snapshot))
        .route("/practice/restore", post(restore))
        .route("/practice/clock", post(clock))
        .merge(super::setup_orders::router())
}

pub(super) fn control(instance: Arc<Instance>) -> Control {
    Control::new(instance)
}

async fn state(State(instance): Shared) -> Json<Value> {
    Json(control(instance).state())
}

async fn faults(State(instance): Shared) -> Json<Vec<FaultSpec>> {
    Json(control(instance).faults())
}

async fn add_fault(State(instance): Shared, Json(spec): Json<FaultSpec>) -> Json<Vec<FaultSpec>> {
    let control = control(instance);
    control.fault(spec);
    Json(control.faults())
}

async fn clear_faults(State(instance): Shared) -> StatusCode {
    control(instance).clear_faults();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    to: Option<usize>,
    by: Option<usize>,
}

async fn advance(State(instance): Shared, Json(order): Json<Advance>) -> Json<Value> {
    let control = control(instance);
    let to = order.to.unwrap_or_else(|| control.log_position() + order.by.unwrap_or(0));
    control.advance_log_to(to);
    Json(json!({ "events": control.log_len(), "played": control.log_position() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    table: String,
    #[serde(default)]
    sys_id: String,
    #[serde(default)]
    fields: BTreeMap<String, String>,
    #[serde(default)]
    hidden: bool,
    #[serde(default)]
    silent: bool,
}

impl Row {
    fn pairs(&self) -> Vec<(&str, &str)> {
        self.fields.iter().map(|(column, value)| (column.as_str(), value.as_str())).collect()
    }
}

async fn edit(State(instance): Shared, Json(row): Json<Row>) -> Response {
    let control = control(instance);
    let done = match row.silent {
        true => control.edit_row_silently(&row.table, &row.sys_id, &row.pairs()),
        false => control.edit_row(&row.table, &row.sys_id, &row.pairs()),
    };
    told(done.map(|()| json!({ "sys_id": row.sys_id })))
}

async fn add(State(instance): Shared, Json(row): Json<Row>) -> Response {
    told(control(instance).add_row(&row.table, &row.pairs()).map(|sys_id| json!({ "sys_id": sys_id })))
}

async fn delete(State(instance): Shared, Json(row): Json<Row>) -> Response {
    told(control(instance).delete_row(&row.table, &row.sys_id).map(|()| json!({ "sys_id": row.sys_id })))
}

async fn undelete(State(instance): Shared, Json(row): Json<Row>) -> Response {
    told(control(instance).undelete_row(&row.table, &row.sys_id).map(|()| json!({ "sys_id": row.sys_id })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
}

async fn snapshot(State(instance): Shared, Json(order): Json<Named>) -> StatusCode {
    control(instance).keep_snapshot(&order.name);
    StatusCode::NO_CONTENT
}

async fn restore(State(instance): Shared, Json(order): Json<Named>) -> Response {
    told(control(instance).restore_snapshot(&order.name).map(|()| json!({ "restored": order.name })))
}

async fn hide(State(instance): Shared, Json(row): Json<Row>) -> Response {
    let done = control(instance).hide_row(&row.table, &row.sys_id, row.hidden);
    told(done.map(|()| json!({ "sys_id": row.sys_id, "hidden": row.hidden })))
}

async fn requests(State(instance): Shared) -> Json<Value> {
    let control = control(instance);
    Json(json!({ "requests": control.requests(), "by_table": control.requests_by_table() }))
}

async fn clear_requests(State(instance): Shared) -> StatusCode {
    control(instance).clear_requests();
    StatusCode::NO_CONTENT
}

async fn rows(State(instance): Shared, Path(table): Path<String>) -> Json<Value> {
    Json(json!({ "rows": control(instance).rows(&table) }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RevokeOrder {
    what: Revoke,
}

async fn revoke(State(instance): Shared, Json(order): Json<RevokeOrder>) -> StatusCode {
    control(instance).revoke(order.what);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct UserOrder {
    user: Option<String>,
    #[serde(flatten)]
    state: BTreeMap<String, bool>,
}

async fn user(State(instance): Shared, Json(order): Json<UserOrder>) -> Response {
    let name = order.user.unwrap_or_else(|| instance.sign_in.username.clone());
    let state = |word: &str| order.state.get(word).copied();
    let wanted = UserState {
        active: state("active"),
        locked_out: state("locked_out"),
        password_needs_reset: state("password_needs_reset"),
        api_access: state("api_access"),
    };
    told(control(instance).set_user_state(&name, wanted).map(|()| json!({ "user": name })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockOrder {
    shift: i64,
}

async fn clock(State(instance): Shared, Json(order): Json<ClockOrder>) -> StatusCode {
    control(instance).set_clock_shift(order.shift);
    StatusCode::NO_CONTENT
}
