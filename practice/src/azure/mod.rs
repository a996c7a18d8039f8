//! Practice Azure.

pub mod relay;
