//! The practice Provance: a Dataverse environment with an ITSM solution in it, on loopback, and the authority that
//! gives out its tokens on the same address.
//!
//! `docs/practice.md` tells what it does, which data it holds and which faults may be asked for.

mod admin_api;
mod clock;
mod control;
mod data;
mod faults;
mod http;
mod layout;
mod manners;
mod metadata;
mod odata;
mod options;
mod people;
mod protection;
mod sign_in;
mod state;
mod table;
#[cfg(test)]
mod tests;
mod tickets;
mod writes;

pub use crate::Visibility;
pub use control::{Control, Shown, Truth};
pub use faults::{FaultKind, FaultSpec};
pub use manners::Manners;
pub use options::{ApplicationUser, Layout, Leeway, Options, RateRule};

/// A running practice environment.
pub type Server = crate::core::Server<state::State>;
