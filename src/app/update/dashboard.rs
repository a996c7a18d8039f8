//! The dashboard.

use crate::app::dashboard::DashboardAction;
use crate::app::effect::{Effect, TaskId};
use crate::app::message::Outcome;
use crate::app::model::Model;

/// Does what was asked for on the dashboard.
pub fn act(_model: &mut Model, _action: DashboardAction) -> Vec<Effect> {
    Vec::new()
}

/// Moves the focus with the mouse wheel.
pub fn scroll(_model: &mut Model, _lines: i32) -> Vec<Effect> {
    Vec::new()
}

/// Takes in what a task of the dashboard brought.
pub fn settle(_model: &mut Model, _task: TaskId, _outcome: Outcome) -> Vec<Effect> {
    Vec::new()
}
