//! The orders of the practice cloud.

use axum::routing::MethodFilter;
use serde::Deserialize;
use serde_json::{Value, json};

use super::alerts::webhook::Shape;
use super::alerts::{AlertOrder, UserState};
use super::alerts_control::Storm;
use super::control::TableOrder;
use super::manners::Manners;
use super::state::{Control, State};
use crate::PracticeError;
use crate::core::admin_api::{self, Routes, changed, order, show, show_one, with_body};

/// Everything under `/practice`.
pub(super) fn routes() -> Routes<State> {
    admin_api::common("/practice")
        .route("/practice/manners", show(|azure: &Control| json!(azure.manners())))
        .route("/practice/manners", with_body(MethodFilter::PATCH, manners))
        .route("/practice/advance", order(|azure: &Control, order: Seconds| azure.advance(order.seconds)))
        .route("/practice/outage", order(|azure: &Control, order: Seconds| azure.outage(order.seconds)))
        .route("/practice/identity", order(|azure: &Control, order: Identity| azure.set_identity(order.there)))
        .route("/practice/quota", order(quota))
        .route("/practice/tables", order(|azure: &Control, order: TableOrder| azure.add_table(&order)))
        .route("/practice/tables", with_body(MethodFilter::DELETE, drop_table))
        .route("/practice/rows/{table}", show_one(|azure: &Control, table: String| rows(azure, None, &table)))
        .route(
            "/practice/rows/{workspace}/{table}",
            show_one(|azure: &Control, (name, table): (String, String)| rows(azure, Some(&name), &table)),
        )
        .route("/practice/lose", order(lose))
        .route("/practice/roles", show(|azure: &Control| json!({ "assignments": azure.role_assignments() })))
        .route(
            "/practice/roles",
            order(|azure: &Control, one: RoleOrder| azure.assign(&one.principal, &one.role, &one.scope)),
        )
        .route("/practice/roles", with_body(MethodFilter::DELETE, unassign))
        .route("/practice/rules/{name}", with_rule())
        .merge(alerts())
}

fn alerts() -> Routes<State> {
    Routes::new()
        .route("/practice/alerts", show(|azure: &Control| json!({ "alerts": azure.alerts() })))
        .route("/practice/alerts/fire", order(|azure: &Control, one: AlertOrder| json!({ "guid": azure.fire(&one) })))
        .route("/practice/alerts/storm", order(|azure: &Control, one: Storm| json!({ "guids": azure.storm(&one) })))
        .route("/practice/alerts/flap", order(flap))
        .route("/practice/alerts/resolve", order(|azure: &Control, one: OneAlert| azure.resolve_alert(&one.guid)))
        .route(
            "/practice/alerts/again",
            order(|azure: &Control, one: OneAlert| azure.fire_again(&one.guid).map(|guid| json!({ "guid": guid }))),
        )
        .route(
            "/practice/alerts/suppress",
            order(|azure: &Control, one: OneAlert| azure.suppress_alert(&one.guid, one.suppressed)),
        )
        .route(
            "/practice/alerts/restamp",
            order(|azure: &Control, one: OneAlert| azure.restamp_alert(&one.guid, one.seconds)),
        )
        .route(
            "/practice/alerts/state",
            order(|azure: &Control, one: StateOrder| azure.set_alert_state(&one.guid, one.state, &one.by)),
        )
        .route(
            "/practice/alerts/webhook",
            order(|azure: &Control, one: WebhookOrder| azure.webhook_of(&one.guid, one.shape)),
        )
        .route(
            "/practice/alerts/delete-resource",
            order(|azure: &Control, one: ResourceOrder| azure.delete_resource(&one.id)),
        )
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OneAlert {
    guid: String,
    #[serde(default = "yes")]
    suppressed: bool,
    #[serde(default)]
    seconds: i64,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FlapOrder {
    #[serde(default)]
    alert: AlertOrder,
    times: usize,
    seconds: i64,
}

fn flap(azure: &Control, order: FlapOrder) -> Value {
    json!({ "guids": azure.flap(&order.alert, order.times, order.seconds) })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StateOrder {
    guid: String,
    state: UserState,
    #[serde(default)]
    by: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WebhookOrder {
    guid: String,
    shape: Shape,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResourceOrder {
    id: String,
}

fn with_rule() -> axum::routing::MethodRouter<Control> {
    axum::routing::patch(
        async |axum::extract::State(azure): axum::extract::State<Control>,
               axum::extract::Path(name): axum::extract::Path<String>,
               axum::Json(body): axum::Json<Value>| {
            use crate::core::admin_api::Outcome;
            azure.change_rule(&name, |properties| merge(properties, body)).answer()
        },
    )
}

/// Objects are merged, everything else takes the other's place; `null` takes a member away.
fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (name, value) in from {
                if value.is_null() {
                    into.remove(&name);
                } else {
                    merge(into.entry(name).or_insert(Value::Null), value);
                }
            }
        }
        (into, from) => *into = from,
    }
}

fn manners(azure: &Control, changes: serde_json::Map<String, Value>) -> Result<Value, PracticeError> {
    let read: Manners = changed(&azure.manners(), changes)?;
    azure.change_manners(|manners| *manners = read);
    Ok(json!(azure.manners()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seconds {
    seconds: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Identity {
    there: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuotaOrder {
    #[serde(default)]
    workspace: Option<String>,
    status: String,
    #[serde(default)]
    resets_in: i64,
    #[serde(default = "no_end")]
    daily_gb: f64,
}

fn no_end() -> f64 {
    -1.0
}

fn quota(azure: &Control, order: QuotaOrder) -> Result<(), PracticeError> {
    azure.quota(order.workspace.as_deref(), &order.status, order.resets_in, order.daily_gb)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NamedTable {
    #[serde(default)]
    workspace: Option<String>,
    name: String,
}

fn drop_table(azure: &Control, order: NamedTable) {
    azure.drop_table(order.workspace.as_deref(), &order.name);
}

fn rows(azure: &Control, workspace: Option<&str>, table: &str) -> Result<Value, PracticeError> {
    azure.rows(workspace, table).map(|rows| json!({ "rows": rows }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LoseOrder {
    #[serde(default)]
    workspace: Option<String>,
    table: String,
    column: String,
    value: String,
}

fn lose(azure: &Control, order: LoseOrder) -> Result<Value, PracticeError> {
    let LoseOrder { workspace, table, column, value } = order;
    azure.lose_rows(workspace.as_deref(), &table, &column, &value).map(|rows| json!({ "rows": rows }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleOrder {
    principal: String,
    role: String,
    #[serde(default)]
    scope: String,
}

fn unassign(azure: &Control, order: RoleOrder) {
    azure.unassign(&order.principal, &order.role);
}
