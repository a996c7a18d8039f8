//! Does what effects ask for: opens the places of a home, talks to partners, runs tasks.

pub mod administration;
pub mod confirmations;
pub mod connections;
pub mod deploy;
pub mod jobs;
pub mod keeper;
pub mod perform;
pub mod rotation;
pub mod services;
pub mod syncing;
