//! The front ends of `itsmc`: commands and screens. All else is [`itsmc_core`].
//!
//! The folders are layers; docs/architecture.md is the map and `tests/itsmc/layers.rs` keeps it true.

pub use itsmc_core::{azure, files, home, model, net, partner, service, sink, store, sync, texts, vault};

pub mod cli;
pub mod ui;
