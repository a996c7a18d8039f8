//! What the product answers over HTTP.

mod account;
mod fault_injection;
mod params;
mod product;
mod reply;
mod stats;
mod table;
mod token;
mod write;

pub(crate) use product::answer;
