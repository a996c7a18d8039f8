//! The practice Provance: a Dataverse environment with an ITSM solution in it, on loopback, and the authority that
//! gives out its tokens on the same address.
//!
//! `docs/practice.md` tells what it does, which data it holds and which faults may be asked for.

mod clock;
mod control;
mod data;
mod fault;
mod http;
mod instance;
mod layout;
mod metadata;
mod odata;
mod options;
mod people;
mod protection;
mod requests;
mod server;
mod sign_in;
mod table;
#[cfg(test)]
mod tests;

pub use control::{Control, Shown, Truth};
pub use fault::{FaultKind, FaultSpec};
pub use options::{ApplicationUser, Layout, Leeway, Options, RateRule, Visibility};
pub use requests::RequestRecord;
pub use server::Server;
