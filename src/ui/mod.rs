//! The terminal user interface: a pure state machine, its drawing, and what performs its jobs.

pub mod app;
pub mod perform;
pub mod tui;
