//! What the instance answers over HTTP.

mod account;
mod orders;
mod params;
mod product;
mod reply;
mod sabotage;
mod setup_orders;
mod stats;
mod table;
mod token;
mod write;

use std::sync::Arc;

use axum::Router;

use super::instance::Instance;

/// Everything the instance answers to: its orders under `/practice`, the product under all else.
pub(crate) fn router(instance: Arc<Instance>) -> Router {
    orders::router().fallback(product::answer).with_state(instance)
}
