//! What the product answers over HTTP.

mod objects;
mod product;
mod reply;
mod save;
mod security;
mod service;
mod sparse;

pub(crate) use product::answer;
