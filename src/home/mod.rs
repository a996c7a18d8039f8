//! The places and files of one installation: config, drafts, lock and log. No secret is in any of them.

pub mod binding;
pub mod config;
pub mod draft;
pub mod form_file;
pub mod lock;
pub mod log;
pub mod mapping;
pub mod new_files;
mod paths;
pub mod process;
pub mod renaming;
#[cfg(test)]
pub mod testing;
pub mod waits;

pub use paths::Home;
