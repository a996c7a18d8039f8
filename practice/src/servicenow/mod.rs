//! The practice ServiceNow: OAuth, Table API and Aggregate API of one made-up instance on loopback.
//!
//! `docs/practice.md` tells what it does, which data it holds and which faults may be asked for.

mod access;
mod clock;
mod control;
mod data;
mod fault;
mod http;
mod instance;
pub mod log;
mod oauth;
mod options;
mod release;
mod requests;
mod server;
mod setup;
mod sign_in;
mod table;
#[cfg(test)]
mod tests;
mod views;
mod writes;

pub use clock::PracticeClock;
pub use control::{Control, HeldRole, Shown, TokenRecord, TokenSeed, Truth};
pub use fault::{FaultKind, FaultSpec};
pub use log::{Anchor, LogOptions};
pub use oauth::{OAuthOptions, PasswordState, Revoke, TokenColumn, TokenKind, UserState};
pub use options::{DateFormat, Options, RateRule, Visibility};
pub use requests::RequestRecord;
pub use server::Server;
pub use setup::{ApplicationState, ApplicationUser, RoleState, Setup};
pub use writes::{Verb, WriteRecord};
