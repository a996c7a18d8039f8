//! The orders that only this product has.

use axum::routing::MethodFilter;
use serde::Deserialize;
use serde_json::{Value, json};

use super::control::Control;
use super::layout::Layout;
use super::manners::Manners;
use super::options::Setting;
use super::state::State;
use crate::PracticeError;
use crate::WorkItemKind;
use crate::core::admin_api::{self, Routes, order, plain, show_one};
use crate::core::tickets;

/// Everything under `/practice`.
pub(super) fn routes() -> Routes<State> {
    admin_api::common("/practice")
        .merge(tickets::routes())
        .route("/practice", order(change))
        .route("/practice/open", order(open))
        .route("/practice/edit", order(edit))
        .route("/practice/remove", order(remove))
        .route("/practice/large", order(enlarge))
        .route("/practice/expire-cache", plain(MethodFilter::POST, Control::expire_cache))
        .route("/practice/rows/{kind}", show_one(|control: &Control, kind| json!({ "rows": control.rows(kind) })))
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

fn change(control: &Control, order: Change) {
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
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemOrder {
    kind: WorkItemKind,
    #[serde(default)]
    id: String,
    title: Option<String>,
    status: Option<u8>,
    /// How long the description becomes.
    #[serde(default)]
    bytes: usize,
}

fn open(control: &Control, order: ItemOrder) -> Value {
    json!({ "id": control.open(order.kind, &order.title.unwrap_or_default()) })
}

fn edit(control: &Control, order: ItemOrder) -> Result<Value, PracticeError> {
    if let Some(title) = &order.title {
        control.set_title(order.kind, &order.id, title)?;
    }
    if let Some(status) = order.status {
        control.set_status(order.kind, &order.id, status)?;
    }
    Ok(json!({ "id": order.id }))
}

fn enlarge(control: &Control, order: ItemOrder) -> Result<Value, PracticeError> {
    control.enlarge(order.kind, &order.id, order.bytes)?;
    Ok(json!({ "id": order.id }))
}

fn remove(control: &Control, order: ItemOrder) -> Result<Value, PracticeError> {
    control.remove(order.kind, &order.id)?;
    Ok(json!({ "id": order.id }))
}
