//! The network, whatever the product: the HTTP client, what a live test finds out about a host, and fast reading of rows.

mod certificate;
pub mod http;
pub mod json;
pub mod names;
pub mod probe;
#[cfg(test)]
pub mod testing;

use std::future::Future;
use std::pin::Pin;

/// An answer that comes later.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
