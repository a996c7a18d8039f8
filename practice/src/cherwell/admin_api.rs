//! The orders that only this product has.

use axum::routing::MethodFilter;
use serde::Deserialize;
use serde_json::{Value, json};

use super::control::Control;
use super::state::{Permission, State};
use crate::PracticeError;
use crate::core::admin_api::{self, Routes, RowOrder, Rows, changed, long_text, order, plain, show, with_body};
use crate::core::tickets;

/// Everything under `/practice`.
pub(crate) fn routes() -> Routes<State> {
    admin_api::common("/practice")
        .merge(admin_api::rows())
        .merge(tickets::routes())
        .route("/practice/manners", show(|control: &Control| json!(control.manners())))
        .route("/practice/manners", with_body(MethodFilter::PATCH, manners))
        .route("/practice/permission", order(permission))
        .route("/practice/user", order(|control: &Control, user: UserOrder| control.set_locked(user.locked)))
        .route("/practice/tokens", plain(MethodFilter::DELETE, Control::log_out))
}

fn manners(control: &Control, changes: serde_json::Map<String, Value>) -> Result<Value, PracticeError> {
    let wanted = changed(&control.manners(), changes)?;
    control.change_manners(|manners| *manners = wanted);
    Ok(json!(control.manners()))
}

impl Rows for State {
    const ID: &'static str = "rec_id";

    fn edit(control: &Control, row: &RowOrder) -> Result<(), PracticeError> {
        control.edit(&row.table, &row.id, &row.pairs())
    }

    fn add(control: &Control, row: &RowOrder) -> Result<String, PracticeError> {
        control.add(&row.table, &row.pairs())
    }

    fn delete(control: &Control, row: &RowOrder) -> Result<(), PracticeError> {
        control.delete(&row.table, &row.id)
    }

    fn hide(control: &Control, row: &RowOrder, hidden: bool) -> Result<(), PracticeError> {
        control.hide(&row.table, &row.id, hidden)
    }

    fn enlarge(control: &Control, row: &RowOrder, bytes: usize) -> Result<(), PracticeError> {
        control.edit(&row.table, &row.id, &[("Description", &long_text(bytes))])
    }

    fn rows(control: &Control, object: &str) -> Result<Value, PracticeError> {
        Ok(json!(control.rows(object)))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PermissionOrder {
    object: String,
    view: bool,
    edit: bool,
}

fn permission(control: &Control, order: PermissionOrder) {
    let PermissionOrder { object, view, edit } = order;
    control.set_permission(&object, Permission { view, edit });
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserOrder {
    locked: bool,
}
