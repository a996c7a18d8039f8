//! Orders over HTTP, for tests and demos that run the web app as a process of its own.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::WorkItemKind;
use crate::orders::told;
use crate::service_manager::control::Control;
use crate::service_manager::fault::FaultSpec;
use crate::service_manager::layout::Layout;
use crate::service_manager::manners::Manners;
use crate::service_manager::options::Setting;
use crate::service_manager::site::Site;

type Shared = State<Arc<Site>>;

/// Everything under `/practice`. It asks for no sign-in: the server listens on loopback only.
pub(super) fn router() -> Router<Arc<Site>> {
    Router::new()
        .route("/practice", get(state).post(change))
        .route("/practice/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/practice/open", post(open))
        .route("/practice/edit", post(edit))
        .route("/practice/remove", post(remove))
        .route("/practice/expire-cache", post(expire_cache))
        .route("/practice/requests", get(requests).delete(clear_requests))
        .route("/practice/rows/{kind}", get(rows))
}

fn control(site: Arc<Site>) -> Control {
    Control::new(site)
}

async fn state(State(site): Shared) -> Json<Value> {
    let setup = site.setup().clone();
    let control = control(site);
    Json(json!({
        "layout": setup.layout,
        "missing": setup.missing,
        "api_version": setup.api_version,
        "cache_seconds": setup.cache_seconds,
        "manners": setup.manners,
        "incidents": control.count(WorkItemKind::Incident),
        "change_requests": control.count(WorkItemKind::ChangeRequest),
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    layout: Option<Layout>,
    missing: Option<Vec<Setting>>,
    api_version: Option<String>,
    cache_seconds: Option<f64>,
    manners: Option<Manners>,
}

async fn change(State(site): Shared, Json(order): Json<Change>) -> StatusCode {
    let control = control(site);
    if let Some(layout) = order.layout {
        control.set_layout(layout);
    }
    if let Some(missing) = order.missing {
        control.set_missing(&missing);
    }
    if let Some(version) = order.api_version {
        control.set_api_version(Some(version.as_str()).filter(|version| !version.is_empty()));
    }
    if let Some(seconds) = order.cache_seconds {
        control.set_cache_seconds(seconds);
    }
    if let Some(manners) = order.manners {
        control.set_manners(manners);
    }
    StatusCode::NO_CONTENT
}

async fn faults(State(site): Shared) -> Json<Vec<FaultSpec>> {
    Json(control(site).faults())
}

async fn add_fault(State(site): Shared, Json(spec): Json<FaultSpec>) -> Json<Vec<FaultSpec>> {
    let control = control(site);
    control.fault(spec);
    Json(control.faults())
}

async fn clear_faults(State(site): Shared) -> StatusCode {
    control(site).clear_faults();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    kind: WorkItemKind,
    #[serde(default)]
    id: String,
    title: Option<String>,
    status: Option<u8>,
}

async fn open(State(site): Shared, Json(order): Json<Order>) -> Json<Value> {
    Json(json!({ "id": control(site).open(order.kind, &order.title.unwrap_or_default()) }))
}

async fn edit(State(site): Shared, Json(order): Json<Order>) -> Response {
    let control = control(site);
    let mut done = Ok(());
    if let Some(title) = &order.title {
        done = done.and_then(|()| control.set_title(order.kind, &order.id, title));
    }
    if let Some(status) = order.status {
        done = done.and_then(|()| control.set_status(order.kind, &order.id, status));
    }
    told(done.map(|()| json!({ "id": order.id })))
}

async fn remove(State(site): Shared, Json(order): Json<Order>) -> Response {
    told(control(site).remove(order.kind, &order.id).map(|()| json!({ "id": order.id })))
}

async fn expire_cache(State(site): Shared) -> StatusCode {
    control(site).expire_cache();
    StatusCode::NO_CONTENT
}

async fn requests(State(site): Shared) -> Json<Value> {
    Json(json!({ "requests": control(site).requests() }))
}

async fn clear_requests(State(site): Shared) -> StatusCode {
    control(site).clear_requests();
    StatusCode::NO_CONTENT
}

async fn rows(State(site): Shared, Path(kind): Path<WorkItemKind>) -> Json<Value> {
    Json(json!({ "rows": control(site).rows(kind) }))
}
