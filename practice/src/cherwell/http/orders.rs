//! Orders over HTTP, for tests and demos that run the system as a process of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::cherwell::control::Control;
use crate::cherwell::desk::{Desk, Permission};
use crate::cherwell::fault::FaultSpec;
use crate::orders::told;

type Shared = State<Arc<Desk>>;

/// Everything under `/practice`. It asks for no sign-in: the server listens on loopback only.
pub(crate) fn router() -> Router<Arc<Desk>> {
    Router::new()
        .route("/practice", get(state))
        .route("/practice/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/practice/edit", post(edit))
        .route("/practice/add", post(add))
        .route("/practice/delete", post(delete))
        .route("/practice/hide", post(hide))
        .route("/practice/requests", get(requests).delete(clear_requests))
        .route("/practice/rows/{object}", get(rows))
        .route("/practice/permission", post(permission))
        .route("/practice/user", post(user))
        .route("/practice/tokens", axum::routing::delete(log_out))
        .route("/practice/clock", post(clock))
}

fn control(desk: Arc<Desk>) -> Control {
    Control::new(desk)
}

async fn state(State(desk): Shared) -> Json<Value> {
    Json(control(desk).state())
}

async fn faults(State(desk): Shared) -> Json<Vec<FaultSpec>> {
    Json(control(desk).faults())
}

async fn add_fault(State(desk): Shared, Json(spec): Json<FaultSpec>) -> Json<Vec<FaultSpec>> {
    let control = control(desk);
    control.fault(spec);
    Json(control.faults())
}

async fn clear_faults(State(desk): Shared) -> StatusCode {
    control(desk).clear_faults();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    object: String,
    #[serde(default)]
    rec_id: String,
    #[serde(default)]
    fields: BTreeMap<String, String>,
}

impl Row {
    fn pairs(&self) -> Vec<(&str, &str)> {
        self.fields.iter().map(|(field, value)| (field.as_str(), value.as_str())).collect()
    }
}

async fn edit(State(desk): Shared, Json(row): Json<Row>) -> Response {
    told(control(desk).edit(&row.object, &row.rec_id, &row.pairs()).map(|()| json!({ "rec_id": row.rec_id })))
}

async fn add(State(desk): Shared, Json(row): Json<Row>) -> Response {
    told(control(desk).add(&row.object, &row.pairs()).map(|rec_id| json!({ "rec_id": rec_id })))
}

async fn delete(State(desk): Shared, Json(row): Json<Row>) -> Response {
    told(control(desk).delete(&row.object, &row.rec_id).map(|()| json!({ "rec_id": row.rec_id })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HideOrder {
    object: String,
    rec_id: String,
    hidden: bool,
}

async fn hide(State(desk): Shared, Json(order): Json<HideOrder>) -> Response {
    let HideOrder { object, rec_id, hidden } = order;
    told(control(desk).hide(&object, &rec_id, hidden).map(|()| json!({ "rec_id": rec_id })))
}

async fn requests(State(desk): Shared) -> Json<Value> {
    Json(json!({ "requests": control(desk).requests() }))
}

async fn clear_requests(State(desk): Shared) -> StatusCode {
    control(desk).clear_requests();
    StatusCode::NO_CONTENT
}

async fn rows(State(desk): Shared, Path(object): Path<String>) -> Json<Value> {
    Json(json!({ "rows": control(desk).rows(&object) }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PermissionOrder {
    object: String,
    view: bool,
    edit: bool,
}

async fn permission(State(desk): Shared, Json(order): Json<PermissionOrder>) -> StatusCode {
    let PermissionOrder { object, view, edit } = order;
    control(desk).set_permission(&object, Permission { view, edit });
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserOrder {
    locked: bool,
}

async fn user(State(desk): Shared, Json(order): Json<UserOrder>) -> StatusCode {
    control(desk).set_locked(order.locked);
    StatusCode::NO_CONTENT
}

async fn log_out(State(desk): Shared) -> StatusCode {
    control(desk).log_out();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockOrder {
    shift: i64,
}

async fn clock(State(desk): Shared, Json(order): Json<ClockOrder>) -> StatusCode {
    control(desk).set_clock_shift(order.shift);
    StatusCode::NO_CONTENT
}
