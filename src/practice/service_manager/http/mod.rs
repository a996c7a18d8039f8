//! What the web app answers over HTTP.

mod home;
mod list;
mod orders;
mod product;
mod reply;

use std::sync::Arc;

use axum::Router;

use super::site::Site;

/// Everything the web app answers to: its orders under `/practice`, the authority, the product under all else.
pub(super) fn router(site: Arc<Site>) -> Router {
    let authority = site.authority.router();
    orders::router().fallback(product::answer).with_state(site).merge(authority)
}
