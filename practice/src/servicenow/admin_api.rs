//! The orders that only this product has.

use std::collections::BTreeMap;

use axum::routing::MethodFilter;
use serde::Deserialize;
use serde_json::{Value, json};

use super::control::{Control, TokenSeed};
use super::oauth::{Revoke, UserState};
use super::setup::{ApplicationState, RoleState};
use super::state::State;
use crate::PracticeError;
use crate::Visibility;
use crate::core::admin_api::{
    self, Routes, RowOrder, Rows, changed, long_text, order, pairs, plain, show, show_one, with_body,
};
use crate::core::tickets;

/// Everything under `/practice`.
pub(crate) fn routes() -> Routes<State> {
    admin_api::common("/practice")
        .merge(admin_api::rows())
        .route("/practice/advance", order(advance))
        .route("/practice/undelete", order(undelete))
        .route("/practice/snapshot", order(|control: &Control, to: Named| control.keep_snapshot(&to.name)))
        .route("/practice/restore", order(restore))
        .route("/practice/user", order(user))
        .route("/practice/writes", show(|control: &Control| json!({ "writes": control.writes() })))
        .route("/practice/manners", show(|control: &Control| json!(control.manners())))
        .route("/practice/manners", with_body(MethodFilter::PATCH, manners))
        .route("/practice/human", order(human))
        .route("/practice/incomplete", show(|control: &Control| json!({ "classes": control.incomplete_payloads() })))
        .merge(tickets::routes())
        .merge(setup())
        .merge(tokens())
}

fn manners(control: &Control, changes: serde_json::Map<String, Value>) -> Result<Value, PracticeError> {
    let changed = changed(&control.manners(), changes)?;
    control.change_manners(|manners| *manners = changed);
    Ok(json!(control.manners()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HumanOrder {
    #[serde(default = "somebody")]
    user: String,
    #[serde(alias = "sys_id")]
    number: String,
    fields: BTreeMap<String, String>,
}

fn somebody() -> String {
    "abel.tuter".into()
}

fn human(control: &Control, order: HumanOrder) -> Result<(), PracticeError> {
    control.act_as(&order.user, &order.number, &pairs(&order.fields))
}

/// How the integration is set up, and what it gets to see.
fn setup() -> Routes<State> {
    Routes::new()
        .route("/practice/visibility", order(visibility))
        .route("/practice/column", order(column))
        .route("/practice/choice", order(choice))
        .route("/practice/release", order(|control: &Control, to: ReleaseOrder| control.set_release(&to.release)))
        .route("/practice/rate", order(Control::set_rate_rule))
        .route("/practice/role", order(role))
        .route("/practice/roles/{user}", show_one(roles))
        .route("/practice/app", order(|control: &Control, to: AppOrder| control.set_app(to.installed)))
        .route("/practice/application", order(application))
        .route("/practice/property", order(property))
}

fn tokens() -> Routes<State> {
    Routes::new()
        .route("/practice/revoke", order(|control: &Control, to: RevokeOrder| control.revoke(to.what)))
        .route("/practice/tokens", show(|control: &Control| json!({ "tokens": control.issued() })))
        .route("/practice/tokens", order(issue))
        .route("/practice/tokens", plain(MethodFilter::DELETE, Control::clean_tokens))
        .route("/practice/age", order(|control: &Control, by: Age| control.age_tokens(by.seconds)))
}

impl Rows for State {
    const ID: &'static str = "sys_id";

    fn edit(control: &Control, row: &RowOrder) -> Result<(), PracticeError> {
        match row.silent {
            true => control.edit_row_silently(&row.table, &row.id, &row.pairs()),
            false => control.edit_row(&row.table, &row.id, &row.pairs()),
        }
    }

    fn add(control: &Control, row: &RowOrder) -> Result<String, PracticeError> {
        control.add_row(&row.table, &row.pairs())
    }

    fn delete(control: &Control, row: &RowOrder) -> Result<(), PracticeError> {
        control.delete_row(&row.table, &row.id)
    }

    fn hide(control: &Control, row: &RowOrder, hidden: bool) -> Result<(), PracticeError> {
        control.hide_row(&row.table, &row.id, hidden)
    }

    fn enlarge(control: &Control, row: &RowOrder, bytes: usize) -> Result<(), PracticeError> {
        control.edit_row(&row.table, &row.id, &[("description", &long_text(bytes))])
    }

    fn rows(control: &Control, table: &str) -> Result<Value, PracticeError> {
        Ok(json!(control.rows(table)))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    to: Option<usize>,
    by: Option<usize>,
}

fn advance(control: &Control, order: Advance) -> Value {
    let to = order.to.unwrap_or_else(|| control.log_position() + order.by.unwrap_or(0));
    control.advance_log_to(to);
    json!({ "events": control.log_len(), "played": control.log_position() })
}

fn undelete(control: &Control, row: RowOrder) -> Result<Value, PracticeError> {
    control.undelete_row(&row.table, &row.id)?;
    Ok(json!({ "sys_id": row.id }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
}

fn restore(control: &Control, order: Named) -> Result<Value, PracticeError> {
    control.restore_snapshot(&order.name)?;
    Ok(json!({ "restored": order.name }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RevokeOrder {
    what: Revoke,
}

#[derive(Deserialize)]
struct UserOrder {
    user: Option<String>,
    #[serde(flatten)]
    state: BTreeMap<String, bool>,
}

fn user(control: &Control, order: UserOrder) -> Result<Value, PracticeError> {
    let name = order.user.unwrap_or_else(|| control.sign_in().username.clone());
    let state = |word: &str| order.state.get(word).copied();
    let wanted = UserState {
        active: state("active"),
        locked_out: state("locked_out"),
        password_needs_reset: state("password_needs_reset"),
        api_access: state("api_access"),
    };
    control.set_user_state(&name, wanted)?;
    Ok(json!({ "user": name }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VisibilityOrder {
    table: String,
    visibility: Visibility,
    #[serde(default)]
    admin: bool,
}

fn visibility(control: &Control, order: VisibilityOrder) {
    if order.admin {
        control.set_admin_visibility(&order.table, order.visibility);
    } else {
        control.set_visibility(&order.table, order.visibility);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnOrder {
    table: String,
    column: String,
    hidden: bool,
}

fn column(control: &Control, order: ColumnOrder) {
    control.hide_column(&order.table, &order.column, order.hidden);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChoiceOrder {
    table: String,
    column: String,
    value: String,
    label: String,
}

fn choice(control: &Control, order: ChoiceOrder) -> Result<Value, PracticeError> {
    let ChoiceOrder { table, column, value, label } = &order;
    control.relabel_choice(table, column, value, label)?;
    Ok(json!({ "value": value, "label": label }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReleaseOrder {
    release: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleOrder {
    user: Option<String>,
    role: String,
    state: RoleState,
}

fn role(control: &Control, order: RoleOrder) -> Result<Value, PracticeError> {
    let user = order.user.unwrap_or_else(|| control.sign_in().username.clone());
    control.set_role(&user, &order.role, order.state)?;
    Ok(json!({ "roles": control.roles(&user) }))
}

fn roles(control: &Control, user: String) -> Value {
    json!({ "roles": control.roles(&user), "password": control.password_state(&user) })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AppOrder {
    installed: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ApplicationOrder {
    state: Option<ApplicationState>,
    #[serde(default)]
    fields: BTreeMap<String, String>,
}

fn application(control: &Control, order: ApplicationOrder) -> Result<Value, PracticeError> {
    if let Some(state) = order.state {
        control.set_application(state);
    }
    if !order.fields.is_empty() {
        control.edit_application(&pairs(&order.fields))?;
    }
    Ok(json!({ "application": control.application() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PropertyOrder {
    name: String,
    value: Option<String>,
    hidden: Option<bool>,
}

fn property(control: &Control, order: PropertyOrder) -> Result<Value, PracticeError> {
    if let Some(value) = &order.value {
        control.set_property(&order.name, value);
    }
    if let Some(hidden) = order.hidden {
        control.hide_property(&order.name, hidden)?;
    }
    Ok(json!({ "name": order.name, "value": control.property(&order.name) }))
}

fn issue(control: &Control, seed: TokenSeed) -> Result<Value, PracticeError> {
    Ok(json!({ "token": control.issue(&seed)? }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Age {
    seconds: i64,
}
