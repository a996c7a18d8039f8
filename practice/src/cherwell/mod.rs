//! The practice Cherwell Service Management: the REST API of one made-up system on loopback.
//!
//! `docs/practice.md` tells what it does, which data it holds and which faults may be asked for.

mod auth;
mod calendar;
mod control;
mod data;
mod desk;
mod fault;
mod http;
mod objects;
mod options;
mod search;
mod server;
mod table;
#[cfg(test)]
mod tests;

pub use calendar::{Culture, Zone};
pub use control::{Control, Row, Truth};
pub use desk::{Permission, RequestRecord};
pub use fault::{FaultKind, FaultSpec};
pub use options::{IdForm, Options};
pub use server::Server;
