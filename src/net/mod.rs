//! The network, independent of products: the HTTP client, probes of a host for the live test, and fast reading of rows.

mod certificate;
pub mod encode;
pub mod http;
pub mod json;
pub mod names;
pub mod probe;
pub mod room;
#[cfg(test)]
pub mod testing;

use std::future::Future;
use std::pin::Pin;

/// An answer that comes later.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
