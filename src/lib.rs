//! `itsmc` connects IT service management products to Azure Monitor, from the terminal.
//!
//! The folders are layers; docs/architecture.md is the map and `tests/layers.rs` keeps it true.

pub mod app;
pub mod cli;
pub mod home;
pub mod model;
pub mod partner;
pub mod practice;
pub mod runtime;
pub mod store;
pub mod sync;
pub mod texts;
pub mod tui;
pub mod vault;
