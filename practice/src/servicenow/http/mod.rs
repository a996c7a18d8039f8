//! What the product answers over HTTP.

mod account;
mod events;
mod fault_injection;
mod import;
mod params;
mod product;
mod reconcile;
mod reply;
mod stats;
mod table;
mod token;
mod write;

pub(crate) use product::answer;
