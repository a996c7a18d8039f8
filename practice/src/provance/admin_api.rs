//! The orders that only this product has.

use std::collections::BTreeMap;

use axum::routing::MethodFilter;
use serde::Deserialize;
use serde_json::{Value, json};

use super::control::Control;
use super::options::ApplicationUser;
use super::state::State;
use crate::PracticeError;
use crate::Visibility;
use crate::core::admin_api::{self, Routes, RowOrder, Rows, changed, order, show as show_value, with_body};
use crate::core::tickets;

/// Everything under `/practice`.
pub(crate) fn routes() -> Routes<State> {
    admin_api::common("/practice")
        .merge(admin_api::rows())
        .merge(tickets::routes())
        .route("/practice/manners", show_value(|control: &Control| json!(control.manners())))
        .route("/practice/manners", with_body(MethodFilter::PATCH, manners))
        .route("/practice/column", order(column))
        .route("/practice/roles", order(roles))
        .route("/practice/show", order(show))
        .route("/practice/application-user", order(|to: &Control, user: UserOrder| to.set_application_user(user.state)))
}

fn manners(control: &Control, changes: serde_json::Map<String, Value>) -> Result<Value, PracticeError> {
    let wanted = changed(&control.manners(), changes)?;
    control.change_manners(|manners| *manners = wanted);
    Ok(json!(control.manners()))
}

/// A table is `incident`, `change_request` or its logical name; a row is its id or number.
impl Rows for State {
    const ID: &'static str = "id";

    fn edit(control: &Control, row: &RowOrder) -> Result<(), PracticeError> {
        control.edit(control.kind(&row.table)?, &row.id, &row.pairs())
    }

    fn add(control: &Control, row: &RowOrder) -> Result<String, PracticeError> {
        control.add(control.kind(&row.table)?, &row.pairs())
    }

    fn delete(control: &Control, row: &RowOrder) -> Result<(), PracticeError> {
        control.delete(control.kind(&row.table)?, &row.id)
    }

    fn hide(control: &Control, row: &RowOrder, hidden: bool) -> Result<(), PracticeError> {
        control.hide(control.kind(&row.table)?, &row.id, hidden)
    }

    fn enlarge(control: &Control, row: &RowOrder, bytes: usize) -> Result<(), PracticeError> {
        control.enlarge(control.kind(&row.table)?, &row.id, bytes)
    }

    fn rows(control: &Control, table: &str) -> Result<Value, PracticeError> {
        Ok(json!(control.rows(control.kind(table)?)))
    }
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

fn column(control: &Control, order: ColumnOrder) -> Result<Value, PracticeError> {
    let kind = control.kind(&order.table)?;
    match &order.label {
        Some(label) => control.add_column(kind, &order.name, label, order.lookup),
        None => control.drop_column(kind, &order.name)?,
    }
    Ok(json!({ "column": order.name }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RolesOrder {
    #[serde(default)]
    direct: Vec<String>,
    #[serde(default)]
    teams: BTreeMap<String, Vec<String>>,
}

fn roles(control: &Control, order: RolesOrder) {
    let mut setup = control.0.setup();
    setup.roles = order.direct;
    setup.team_roles = order.teams.into_iter().collect();
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShowOrder {
    table: String,
    how: Visibility,
}

fn show(control: &Control, order: ShowOrder) -> Result<Value, PracticeError> {
    control.show(control.kind(&order.table)?, order.how);
    Ok(json!({ "table": order.table }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserOrder {
    state: ApplicationUser,
}
