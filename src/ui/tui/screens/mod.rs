//! The screens, one file or folder each.

pub mod connection;
pub mod dashboard;
pub mod deploy;
pub mod overlay;
pub mod passphrase;
pub mod settings;
pub mod wizard;
