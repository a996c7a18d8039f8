//! The practice Cherwell Service Management: the REST API of one made-up system on loopback.
//!
//! `docs/practice.md` tells what it does, which data it holds and which faults may be asked for.

mod admin_api;
mod auth;
mod calendar;
mod control;
mod data;
mod faults;
mod http;
mod manners;
mod objects;
mod options;
mod search;
mod state;
mod table;
#[cfg(test)]
mod tests;
mod tickets;

pub use calendar::{Culture, Zone};
pub use control::{Control, Row, Truth};
pub use faults::{FaultKind, FaultSpec};
pub use manners::Manners;
pub use options::{IdForm, Options};
pub use state::Permission;

/// A running practice system.
pub type Server = crate::core::Server<state::State>;
