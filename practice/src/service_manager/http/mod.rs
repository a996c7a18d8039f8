//! What the web app answers over HTTP.

mod home;
mod list;
mod product;
mod reply;

pub(crate) use product::answer;
