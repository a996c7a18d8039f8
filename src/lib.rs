//! `itsmc` syncs work items of ITSM products, from the terminal.
//!
//! The folders are layers; docs/architecture.md is the map and `tests/itsmc/layers.rs` keeps it true.

pub mod azure;
pub mod cli;
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
pub mod ui;
pub mod vault;
