//! Practice Azure: a cloud with Microsoft Entra, Azure Resource Manager, the Logs Ingestion API and the query API of Log
//! Analytics, all on one loopback address. [`relay`] is the small part of Azure around a practice Service Manager.
//!
//! It is written from Microsoft's documents, specifications and recorded traffic, not from any client. Each role takes
//! only tokens of its own audience.

mod admin_api;
pub mod alerts;
mod alerts_control;
mod control;
mod documents;
mod faults;
mod http;
mod ingest;
mod manager;
mod manners;
mod options;
mod query;
mod record;
pub mod relay;
mod rights;
mod rule;
mod state;
mod table;
#[cfg(test)]
mod tests;
mod value;
mod workspace;

pub use alerts_control::Storm;
pub use control::TableOrder;
pub use faults::{FaultKind, FaultSpec};
pub use manners::{CommentKey, IdScope, LastLink, Manners, Measure, RefusedRow, TimeRangeOf};
pub use options::{ADMIN, INGESTION_AUDIENCE, MANAGER_AUDIENCE, Options, QUERY_AUDIENCE, READER, client_id, object_id};
pub use record::{AzureRequest, Role};
pub use state::Control;

/// A running practice cloud.
pub type Server = crate::core::Server<state::State>;
