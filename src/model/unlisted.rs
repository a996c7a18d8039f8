//! What is stored here although the config file does not have it: it lost its end, was restored from a backup, or an entry was taken
//! out by hand. Nothing of it is synced, sent or read any more.

use super::alert_source::SourceName;
use super::connection::ConnectionName;
use super::workspace::WorkspaceName;

/// One thing that the config file lost.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unlisted {
    /// A connection of which work items or a sign-in are stored.
    Connection(ConnectionName),
    /// A workspace of Log Analytics of which is known how far it was sent to.
    Workspace(WorkspaceName),
    /// An alert source of which is known how far it was read.
    Source(SourceName),
}

impl Unlisted {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Connection(name) => name.as_str(),
            Self::Workspace(name) => name.as_str(),
            Self::Source(name) => name.as_str(),
        }
    }
}
