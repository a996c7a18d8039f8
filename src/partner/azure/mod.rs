//! Looking into Azure with the sign-in that this machine has: the Azure CLI's, a service principal's from the
//! environment, or a managed identity, by Microsoft's own library over our HTTP client. What is looked at is the hybrid
//! connection of Service Manager's web app, by Azure Resource Manager.
//!
//! Only read, never changed. A token goes to Azure Resource Manager of the connection's cloud and nowhere else; for a
//! practice server it is a practice token, so that no real one ever leaves for it.

mod arm;
mod cloud;
mod command;
mod hybrid;
mod lenient;
mod place;
mod resource;
mod sign_in;
#[cfg(test)]
mod testing;
mod transport;

pub use hybrid::{hybrid, hybrid_items};
pub use sign_in::Environment;
