//! The practice web app of System Center Service Manager: its home page, its self-description, its connection test
//! and made-up work items, on loopback.
//!
//! The real one's routes are not public, so this one can be laid out in several ways. `docs/practice.md` tells what
//! it does, which data it holds and which faults may be asked for.

mod admin_api;
mod bearer;
mod control;
mod data;
mod describe;
mod faults;
mod http;
mod layout;
mod manners;
mod options;
mod render;
mod rows;
mod state;
#[cfg(test)]
mod tests;
mod tickets;
mod words;

pub use control::{Control, Row};
pub use faults::{FaultKind, FaultSpec};
pub use layout::Layout;
pub use manners::{Computers, Dates, Empty, Manners, Total};
pub use options::{Options, Setting};

/// A running practice web app.
pub type Server = crate::core::Server<state::State>;
