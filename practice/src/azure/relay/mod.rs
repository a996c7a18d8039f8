//! Practice Azure: as much of Azure Resource Manager and of a machine's metadata service as shows a hybrid connection, on
//! the address of the product that it belongs to. The product's router merges [`Azure::router`].
//!
//! It answers in the forms of `Microsoft.Relay` (2024-01-01) and `Microsoft.Web` (2022-09-01), with the key of the relay
//! that a client must not keep, and asks for a token that it gave out itself.

mod faults;
mod http;
mod place;
mod reply;
mod resource;
mod state;
#[cfg(test)]
mod tests;

pub use faults::{FaultKind, FaultSpec};
pub use place::{AzurePlace, Plan};
pub use state::Azure;

/// Running practice Azure by itself.
pub type Server = crate::core::Server<state::State>;
