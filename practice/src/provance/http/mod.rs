//! What the product answers over HTTP.

mod account;
mod product;
mod reply;
mod rows;

pub(crate) use product::answer;
