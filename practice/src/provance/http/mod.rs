//! What the environment answers over HTTP.

mod account;
mod orders;
mod product;
mod reply;
mod rows;

use std::sync::Arc;

use axum::Router;

use super::instance::Instance;

/// Everything it answers to: its orders under `/practice`, its authority, and the product under all else.
pub(crate) fn router(instance: Arc<Instance>) -> Router {
    let authority = instance.authority.router();
    orders::router().fallback(product::answer).with_state(instance).merge(authority)
}
