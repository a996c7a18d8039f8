//! What the web app answers over HTTP.

mod home;
mod list;
mod orders;
mod product;
mod reply;

use std::sync::Arc;

use axum::Router;

use super::site::Site;

/// Everything the web app answers to: its orders under `/practice`, the authority, Azure Resource Manager, the product
/// under all else.
pub(super) fn router(site: Arc<Site>) -> Router {
    let beside = site.authority.router().merge(site.azure.router());
    orders::router().fallback(product::answer).with_state(site).merge(beside)
}
