//! The practice ServiceNow: OAuth, Table API and Aggregate API of one made-up instance on loopback.
//!
//! `docs/practice.md` tells what it does, which data it holds and which faults may be asked for.

mod access;
mod admin_api;
mod calendar;
mod control;
mod data;
mod events;
mod faults;
mod http;
pub mod log;
mod manners;
mod oauth;
mod options;
mod release;
mod setup;
mod sign_in;
mod state;
mod table;
#[cfg(test)]
mod tests;
mod views;
mod writes;

pub use crate::Visibility;
pub use control::{Control, HeldRole, Shown, TokenRecord, TokenSeed, Truth};
pub use faults::{FaultKind, FaultSpec};
pub use log::{Anchor, LogOptions};
pub use manners::{BusinessRule, Mandatory, Manners, SameSysId};
pub use oauth::{OAuthOptions, PasswordState, Revoke, TokenColumn, TokenKind, UserState};
pub use options::{DateFormat, Options, RateRule};
pub use setup::{ApplicationState, ApplicationUser, RoleState, Setup};
pub use writes::{Verb, WriteRecord};

/// A running practice instance.
pub type Server = crate::core::Server<state::State>;
