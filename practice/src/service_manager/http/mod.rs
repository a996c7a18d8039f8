//! What the web app answers over HTTP.

mod computers;
mod home;
mod list;
mod product;
mod reply;
mod writes;

pub(crate) use product::answer;
