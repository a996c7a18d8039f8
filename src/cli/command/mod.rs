//! The commands, one file each.

pub mod add;
pub mod alert;
pub mod checklist;
pub mod config;
pub mod connection;
pub mod deploy;
pub mod doctor;
pub mod edit;
pub mod items;
pub mod leaving;
pub mod mapping;
pub mod pages;
pub mod rename;
pub mod screen;
pub mod status;
pub mod sync;
pub mod test;
pub mod ticket;
pub mod token;
pub mod workspace;
