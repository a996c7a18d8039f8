//! Orders over HTTP, for tests and demos that run the environment as a process of its own.

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
use crate::provance::control::Control;
use crate::provance::fault::FaultSpec;
use crate::provance::instance::Instance;
use crate::provance::options::{ApplicationUser, Visibility};

type Shared = State<Arc<Instance>>;

/// Everything under `/practice`. It asks for no sign-in: the server listens on loopback only.
pub(super) fn router() -> Router<Arc<Instance>> {
    Router::new()
        .route("/practice", get(state))
        .route("/practice/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/practice/edit", post(edit))
        .route("/practice/add", post(add))
        .route("/practice/delete", post(delete))
        .route("/practice/hide", post(hide))
        .route("/practice/column", post(column))
        .route("/practice/requests", get(requests).delete(clear_requests))
        .route("/practice/rows/{table}", get(rows))
        .route("/practice/clock", post(clock))
        .route("/practice/roles", post(roles))
        .route("/practice/show", post(show))
        .route("/practice/application-user", post(application_user))
}

fn control(instance: Arc<Instance>) -> Control {
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
struct RowOrder {
    /// `incident`, `change_request` or a table's logical name.
    table: String,
    /// The row's id or number.
    #[serde(default)]
    id: String,
    #[serde(default)]
    fields: BTreeMap<String, String>,
}

impl RowOrder {
    fn pairs(&self) -> Vec<(&str, &str)> {
        self.fields.iter().map(|(column, value)| (column.as_str(), value.as_str())).collect()
    }
}

async fn edit(State(instance): Shared, Json(row): Json<RowOrder>) -> Response {
    let control = control(instance);
    let done = control.kind(&row.table).and_then(|kind| control.edit(kind, &row.id, &row.pairs()));
    told(done.map(|()| json!({ "id": row.id })))
}

async fn add(State(instance): Shared, Json(row): Json<RowOrder>) -> Response {
    let control = control(instance);
    told(control.kind(&row.table).and_then(|kind| control.add(kind, &row.pairs())).map(|id| json!({ "id": id })))
}

async fn delete(State(instance): Shared, Json(row): Json<RowOrder>) -> Response {
    let control = control(instance);
    let done = control.kind(&row.table).and_then(|kind| control.delete(kind, &row.id));
    told(done.map(|()| json!({ "id": row.id })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HideOrder {
    table: String,
    id: String,
    #[serde(default = "yes")]
    hidden: bool,
}

fn yes() -> bool {
    true
}

async fn hide(State(instance): Shared, Json(order): Json<HideOrder>) -> Response {
    let control = control(instance);
    let done = control.kind(&order.table).and_then(|kind| control.hide(kind, &order.id, order.hidden));
    told(done.map(|()| json!({ "id": order.id, "hidden": order.hidden })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnOrder {
    table: String,
    name: String,
    /// The display name of a new column; without it the column is taken away.
    label: Option<String>,
    #[serde(default)]
    lookup: bool,
}

async fn column(State(instance): Shared, Json(order): Json<ColumnOrder>) -> Response {
    let control = control(instance);
    let done = control.kind(&order.table).and_then(|kind| match &order.label {
        Some(label) => {
            control.add_column(kind, &order.name, label, order.lookup);
            Ok(())
        }
        None => control.drop_column(kind, &order.name),
    });
    told(done.map(|()| json!({ "column": order.name })))
}

async fn requests(State(instance): Shared) -> Json<Value> {
    Json(json!({ "requests": control(instance).requests() }))
}

async fn clear_requests(State(instance): Shared) -> StatusCode {
    control(instance).clear_requests();
    StatusCode::NO_CONTENT
}

async fn rows(State(instance): Shared, Path(table): Path<String>) -> Response {
    let control = control(instance);
    told(control.kind(&table).map(|kind| json!({ "rows": control.rows(kind) })))
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RolesOrder {
    #[serde(default)]
    direct: Vec<String>,
    #[serde(default)]
    teams: BTreeMap<String, Vec<String>>,
}

async fn roles(State(instance): Shared, Json(order): Json<RolesOrder>) -> StatusCode {
    let mut state = instance.state();
    state.roles = order.direct;
    state.team_roles = order.teams.into_iter().collect();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShowOrder {
    table: String,
    how: Visibility,
}

async fn show(State(instance): Shared, Json(order): Json<ShowOrder>) -> Response {
    let control = control(instance);
    told(control.kind(&order.table).map(|kind| {
        control.show(kind, order.how);
        json!({ "table": order.table })
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserOrder {
    state: ApplicationUser,
}

async fn application_user(State(instance): Shared, Json(order): Json<UserOrder>) -> StatusCode {
    control(instance).set_application_user(order.state);
    StatusCode::NO_CONTENT
}
