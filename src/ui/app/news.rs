//! What concerns the whole program and is told to every screen of the stack.

use super::effect::TaskId;
use crate::model::connection::ConnectionName;
use crate::model::deploy::Written;
use crate::model::fault::Fault;
use crate::model::rotation::{Rotated, RotationStep};
use crate::model::token_list::TokenChoice;

/// Each token that was to be revoked, and what came of it.
pub type Revoked = Vec<(TokenChoice, Result<(), Fault>)>;

/// Something that happened. The facts are up to date when it is told.
#[derive(Debug, Clone)]
pub enum News {
    /// The config file was read, or could not be.
    Configured,
    /// More was stored of a connection, by a running sync or by somebody else.
    StoredMore(ConnectionName),
    /// A sync of a connection ended.
    Synced(ConnectionName),
    /// A rotation of a connection's tokens ended one of its steps.
    Rotating(ConnectionName, RotationStep),
    /// It ended.
    Rotated(ConnectionName, Result<Rotated, Fault>),
    /// Tokens of a connection were revoked: each with what came of it.
    Revoked(ConnectionName, Result<Revoked, Fault>),
    /// The files that deploy a web app were written by this task, or none was.
    Written(TaskId, Result<Box<Written>, Fault>),
    /// The workspaces were read, or could not be.
    Workspaces,
    /// The sources of alerts and the rules were read, or could not be.
    Alerts,
    /// The file of alert rules was written.
    AlertRules,
    /// Something was stored that may concern alerts and their tickets.
    StoredAlerts,
    /// A connection was renamed: its name before, and its name now.
    Renamed(ConnectionName, ConnectionName),
    /// The screen of a connection was left: its tile has the focus.
    Left(ConnectionName),
}
