//! One connection: its work items, their details, its activity log.

use super::key::Key;
use super::keymap::Binding;
use super::model::Model;
use crate::model::connection::ConnectionName;

/// The state of an open connection.
#[derive(Debug, Clone, PartialEq)]
pub struct ConnectionScreen {
    /// Which connection.
    pub name: ConnectionName,
}

/// What can be asked for on a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectionAction {
    /// Sync it now.
    Sync,
}

/// The keys of a connection.
pub fn bindings(_model: &Model, _screen: &ConnectionScreen) -> Vec<Binding> {
    Vec::new()
}

/// What a key edits, where a text field has the focus.
pub fn typed(_screen: &ConnectionScreen, _key: Key) -> Option<ConnectionAction> {
    None
}
