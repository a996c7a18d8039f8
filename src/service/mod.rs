//! The use cases, whatever the front end: opens the places of a home, talks to partners, runs what was asked for.

pub mod administration;
pub mod admins;
pub mod alerts;
pub mod binding;
pub mod blocking;
pub mod candidate;
pub mod confirmations;
pub mod connections;
pub mod deploy;
pub mod dialog;
pub mod export;
pub mod following;
pub mod giving_way;
pub mod handles;
pub mod leaving;
pub mod records;
pub mod rotation;
pub mod sending;
pub mod services;
pub mod signed_in;
pub mod syncing;
pub mod ticketing;
pub mod token_store;
pub mod verifying;
pub mod watch;
pub mod workspaces;
