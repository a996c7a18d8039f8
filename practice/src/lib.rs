//! Practice partners: servers on loopback that behave as the products do, oddities and faults included.
//!
//! They are there to practise and to test against, so they share no code with the clients they answer.

pub mod azure;
pub mod cherwell;
pub mod entra;
mod error;
mod host;
mod loopback;
mod net;
mod orders;
mod products;
pub mod provance;
mod rng;
pub mod service_manager;
pub mod servicenow;
mod sign_in;
mod work_item;

pub use error::PracticeError;
pub use products::{PRODUCTS, Product, Running, Start};
pub use servicenow::{Control, Options, Server};
pub use sign_in::SignInDetails;
pub use work_item::WorkItemKind;
