//! Practice partners: servers on loopback that behave as the products do, oddities and faults included.
//!
//! They are there to practise and to test against, so they share no code with the clients they answer.

pub mod azure;
pub mod cherwell;
mod core;
pub mod entra;
mod error;
mod products;
pub mod provance;
pub mod service_manager;
pub mod servicenow;
mod sign_in;
mod visibility;
mod work_item;

pub use core::{
    Change, Clock, Control, DoubledKey, DoubledNote, FaultSpec, Integrity, Note, RequestRecord, Server, Ticket,
};
pub use error::PracticeError;
pub use products::{AZURE, PRODUCTS, Product, Running, Start};
pub use sign_in::{CloudDetails, SignInDetails};
pub use visibility::Visibility;
pub use work_item::WorkItemKind;
