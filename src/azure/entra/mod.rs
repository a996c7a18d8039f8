//! Sign-in against Microsoft Entra, for the products that leave it to that: where tokens may be asked for, how, and
//! what a refusal means. Bodies and headers of what goes to an authority are never logged.

pub mod authority;
pub mod challenge;
pub mod client;
mod refusal;
mod reply;
#[cfg(test)]
mod tests;

pub use authority::Authority;
pub use challenge::Challenge;
pub use client::{Audience, Entra};
