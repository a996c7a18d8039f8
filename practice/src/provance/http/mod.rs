//! What the product answers over HTTP.

mod account;
mod product;
mod reply;
mod rows;
mod writes;

pub(crate) use product::answer;
