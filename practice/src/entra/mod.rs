//! The practice Microsoft Entra: an authority that gives out tokens for a practice product, on the product's own
//! address. The product's router merges [`Authority::router`], and asks [`Authority::bearer`] who is calling.
//!
//! It answers as `login.microsoftonline.com` does: two endpoints whose numbers are texts in the one and numbers in
//! the other, errors as `AADSTSn` with their codes, and secrets only in the form of the body.

mod admin_api;
mod bearer;
mod cli;
mod device;
mod directory;
mod faults;
mod grant;
mod http;
mod jwt;
mod refusal;
mod reply;
mod state;
#[cfg(test)]
mod tests;

pub use bearer::{Bearer, BearerProblem};
pub use cli::CliOrder;
pub use directory::{Application, ApplicationSecret, Directory, Resource, Tenant, TokenVersion, User};
pub use faults::{FaultKind, FaultSpec};
pub use refusal::CODES;
pub use state::{Authority, Holder, TokenRequest};
