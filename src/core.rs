//! `itsmc` without its front ends: products, clouds, the store, secrets, the use cases of all of them, and every text in both languages.
//!
//! The folders are layers; docs/architecture.md is the map and `tests/itsmc/layers.rs` keeps it true.

pub mod azure;
pub mod files;
pub mod home;
pub mod model;
pub mod net;
pub mod partner;
pub mod service;
pub mod sink;
pub mod store;
pub mod sync;
pub mod texts;
pub mod vault;
