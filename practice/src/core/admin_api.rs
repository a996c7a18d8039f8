//! The admin API: how a test or a demo looks into a server that runs as a process of its own, and makes it misbehave.
//! It asks for no sign-in: a practice server listens on loopback only.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use axum::{Json, Router};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::control::{Control, Controlled};
use super::faults::FaultSpec;
use crate::PracticeError;

/// What came of an order.
pub(crate) trait Outcome {
    /// The answer to whoever gave it.
    fn answer(self) -> Response;
}

impl Outcome for () {
    fn answer(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

impl Outcome for Value {
    fn answer(self) -> Response {
        Json(self).into_response()
    }
}

impl<T: Outcome> Outcome for Result<T, PracticeError> {
    fn answer(self) -> Response {
        match self {
            Ok(outcome) => outcome.answer(),
            Err(error) => (StatusCode::BAD_REQUEST, Json(json!({ "error": error.to_string() }))).into_response(),
        }
    }
}

/// The same value with some members changed, as a `PATCH` asks.
pub(crate) fn changed<T: Serialize + DeserializeOwned>(
    value: &T,
    changes: serde_json::Map<String, Value>,
) -> Result<T, PracticeError> {
    let mut whole = json!(value);
    for (name, change) in changes {
        whole[name] = change;
    }
    serde_json::from_value(whole).map_err(|error| PracticeError::Order(error.to_string()))
}

/// Routes of a server's admin API.
pub(crate) type Routes<S> = Router<Control<S>>;

type Route<S> = MethodRouter<Control<S>>;

/// A request without a body, such as `GET` or `DELETE`.
pub(crate) fn plain<S: Controlled, T: Outcome + 'static>(
    method: MethodFilter,
    act: impl Fn(&Control<S>) -> T + Clone + Send + Sync + 'static,
) -> Route<S> {
    on(method, move |State(control): State<Control<S>>| async move { act(&control).answer() })
}

/// `GET`.
pub(crate) fn show<S: Controlled, T: Outcome + 'static>(
    look: impl Fn(&Control<S>) -> T + Clone + Send + Sync + 'static,
) -> Route<S> {
    plain(MethodFilter::GET, look)
}

/// `GET` of what the last part of the path names.
pub(crate) fn show_one<S: Controlled, P: DeserializeOwned + Send + 'static, T: Outcome + 'static>(
    look: impl Fn(&Control<S>, P) -> T + Clone + Send + Sync + 'static,
) -> Route<S> {
    on(MethodFilter::GET, move |State(control): State<Control<S>>, Path(which): Path<P>| async move {
        look(&control, which).answer()
    })
}

/// `POST` with an order in JSON.
pub(crate) fn order<S: Controlled, O: DeserializeOwned + Send + 'static, T: Outcome + 'static>(
    act: impl Fn(&Control<S>, O) -> T + Clone + Send + Sync + 'static,
) -> Route<S> {
    with_body(MethodFilter::POST, act)
}

/// A request with a body in JSON.
pub(crate) fn with_body<S: Controlled, O: DeserializeOwned + Send + 'static, T: Outcome + 'static>(
    method: MethodFilter,
    act: impl Fn(&Control<S>, O) -> T + Clone + Send + Sync + 'static,
) -> Route<S> {
    on(
        method,
        move |State(control): State<Control<S>>, Json(body): Json<O>| async move { act(&control, body).answer() },
    )
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockOrder {
    shift: i64,
}

/// What every server and every part of one takes, below this path: its state, faults, requests and clock.
pub(crate) fn common<S: Controlled>(at: &str) -> Routes<S> {
    let below = |name: &str| format!("{at}/{name}");
    Router::new()
        .route(at, show(Control::<S>::state))
        .route(&below("faults"), show(|control: &Control<S>| json!(control.faults())))
        .route(
            &below("faults"),
            order(|control: &Control<S>, spec: FaultSpec<S::Fault>| {
                control.fault(spec);
                json!(control.faults())
            }),
        )
        .route(&below("faults"), plain(MethodFilter::DELETE, Control::<S>::clear_faults))
        .route(&below("requests"), show(|control: &Control<S>| control.0.request_log()))
        .route(&below("requests"), plain(MethodFilter::DELETE, Control::<S>::clear_requests))
        .route(&below("held"), show(|control: &Control<S>| json!({ "held": control.held() })))
        .route(&below("held"), plain(MethodFilter::DELETE, Control::<S>::let_go))
        .route(&below("clock"), order(|control: &Control<S>, to: ClockOrder| control.set_clock_shift(to.shift)))
}

/// An order about one row. Each product may call table and id as it calls them itself.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RowOrder {
    /// The table or business object.
    #[serde(alias = "object")]
    pub(crate) table: String,
    /// The row.
    #[serde(default, alias = "sys_id", alias = "rec_id")]
    pub(crate) id: String,
    #[serde(default)]
    fields: BTreeMap<String, String>,
    #[serde(default = "yes")]
    hidden: bool,
    /// Whether neither stamp nor count of changes move.
    #[serde(default)]
    pub(crate) silent: bool,
    /// How long the description becomes.
    #[serde(default)]
    bytes: usize,
}

fn yes() -> bool {
    true
}

impl RowOrder {
    /// The fields with their values.
    pub(crate) fn pairs(&self) -> Vec<(&str, &str)> {
        pairs(&self.fields)
    }
}

/// A text of so many bytes, for a row that is larger than a client expects.
pub(crate) fn long_text(bytes: usize) -> String {
    "x".repeat(bytes)
}

/// Names with their values.
pub(crate) fn pairs(fields: &BTreeMap<String, String>) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// A server with tables whose rows can be changed by order.
pub(crate) trait Rows: Controlled + Sized {
    /// What a row's id is called in answers.
    const ID: &'static str;

    /// Changes fields of a row.
    fn edit(control: &Control<Self>, row: &RowOrder) -> Result<(), PracticeError>;

    /// Adds a row: its id.
    fn add(control: &Control<Self>, row: &RowOrder) -> Result<String, PracticeError>;

    /// Deletes a row.
    fn delete(control: &Control<Self>, row: &RowOrder) -> Result<(), PracticeError>;

    /// Hides a row from the user, or shows it again.
    fn hide(control: &Control<Self>, row: &RowOrder, hidden: bool) -> Result<(), PracticeError>;

    /// Gives a row a description of so many bytes.
    fn enlarge(control: &Control<Self>, row: &RowOrder, bytes: usize) -> Result<(), PracticeError>;

    /// Every row of a table.
    fn rows(control: &Control<Self>, table: &str) -> Result<Value, PracticeError>;
}

/// The orders about rows.
pub(crate) fn rows<S: Rows>() -> Routes<S> {
    let named = |id: String| json!({ S::ID: id });
    Router::new()
        .route("/practice/edit", order(move |to: &Control<S>, row: RowOrder| S::edit(to, &row).map(|()| named(row.id))))
        .route("/practice/add", order(move |to: &Control<S>, row: RowOrder| S::add(to, &row).map(named)))
        .route(
            "/practice/delete",
            order(move |to: &Control<S>, row: RowOrder| S::delete(to, &row).map(|()| named(row.id))),
        )
        .route(
            "/practice/hide",
            order(move |to: &Control<S>, row: RowOrder| {
                S::hide(to, &row, row.hidden).map(|()| json!({ S::ID: row.id, "hidden": row.hidden }))
            }),
        )
        .route(
            "/practice/large",
            order(move |to: &Control<S>, row: RowOrder| S::enlarge(to, &row, row.bytes).map(|()| named(row.id))),
        )
        .route(
            "/practice/rows/{table}",
            show_one(|to: &Control<S>, table: String| S::rows(to, &table).map(|rows| json!({ "rows": rows }))),
        )
}
