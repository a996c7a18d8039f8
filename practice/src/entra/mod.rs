//! The practice Microsoft Entra: an authority that gives out tokens for a practice product, on the product's own
//! address. The product's router merges [`Authority::router`], and asks [`Authority::bearer`] who is calling.
//!
//! It answers as `login.microsoftonline.com` does: two endpoints whose numbers are texts in the one and numbers in
//! the other, errors as `AADSTSn` with their codes, and secrets only in the form of the body.

mod authority;
mod bearer;
mod directory;
mod fault;
mod grant;
mod http;
mod orders;
mod refusal;
mod reply;
#[cfg(test)]
mod tests;

pub use authority::{Authority, TokenRequest};
pub use bearer::{Bearer, BearerProblem};
pub use directory::{Application, ApplicationSecret, Directory, Resource, Tenant, TokenVersion, User};
pub use fault::{AuthorityFault, AuthorityFaultKind};
pub use refusal::CODES;
