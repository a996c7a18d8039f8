//! Microsoft's cloud: its clouds and authorities, sign-in with Microsoft Entra, and Azure Resource Manager.
//!
//! The machine's own sign-in is the Azure CLI's, a service principal's from the environment, or a managed identity, by
//! Microsoft's own library over our HTTP client. A token goes to Azure Resource Manager of the connection's cloud and
//! nowhere else; for a practice server it is a practice token, so that no real one ever leaves for it.

pub mod alerts;
mod answer;
pub mod arm;
pub mod claims;
pub mod cloud;
mod command;
pub mod credential;
pub mod entra;
pub mod ingestion;
pub mod lenient;
pub mod provider;
pub mod query;
pub mod sign_in;
#[cfg(test)]
pub mod testing;
pub mod tokens;
mod transport;

pub use sign_in::Environment;
