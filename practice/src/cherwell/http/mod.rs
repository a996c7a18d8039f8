//! What the product answers over HTTP.

mod objects;
mod product;
mod reply;
mod security;
mod service;
mod sparse;

pub(crate) use product::answer;
