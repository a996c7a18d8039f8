//! What the system answers over HTTP: its orders under `/practice`, the product under all else.

mod objects;
mod orders;
mod product;
mod reply;
mod security;
mod service;
mod sparse;

use std::sync::Arc;

use axum::Router;

use super::desk::Desk;

/// Everything the system answers to.
pub(crate) fn router(desk: Arc<Desk>) -> Router {
    orders::router().fallback(product::answer).with_state(desk)
}
