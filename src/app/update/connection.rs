//! One connection.

use crate::app::connection::{ConnectionAction, ConnectionScreen};
use crate::app::effect::{Effect, TaskId};
use crate::app::message::Outcome;
use crate::app::model::Model;
use crate::model::connection::ConnectionName;

/// Opens a connection.
pub fn open(_model: &mut Model, _name: &ConnectionName) -> Vec<Effect> {
    Vec::new()
}

/// Does what was asked for on a connection.
pub fn act(_model: &mut Model, _action: ConnectionAction) -> Vec<Effect> {
    Vec::new()
}

/// One step back.
pub fn back(_model: &mut Model) -> Vec<Effect> {
    Vec::new()
}

/// A paste into the search field.
pub fn paste(_model: &mut Model, _text: &str) -> Vec<Effect> {
    Vec::new()
}

/// The mouse wheel.
pub fn scroll(_model: &mut Model, _lines: i32) -> Vec<Effect> {
    Vec::new()
}

/// The terminal has a new size.
pub fn resized(_model: &mut Model) -> Vec<Effect> {
    Vec::new()
}

/// A sync of this connection ended.
pub fn synced(_model: &mut Model, _name: &ConnectionName) -> Vec<Effect> {
    Vec::new()
}

/// Takes in what a task of this screen brought.
pub fn settle(_model: &mut Model, _task: TaskId, _outcome: Outcome) -> Vec<Effect> {
    Vec::new()
}

/// The command that does what this screen does, without the program's name.
pub fn command(screen: &ConnectionScreen) -> String {
    format!("items {}", screen.name)
}
