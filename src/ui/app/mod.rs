//! The program as a pure state machine: a [`model::Model`], messages that change it, and effects as values.
//!
//! `update` never blocks, awaits or reads the clock; time comes in with [`message::Message::Tick`].

pub mod alert_source;
pub mod alerts;
pub mod boxes;
pub mod connection;
pub mod ctx;
pub mod dashboard;
pub mod deploy;
pub mod effect;
pub mod entry;
pub mod footer;
pub mod input;
pub mod key;
pub mod keymap;
#[cfg(test)]
pub mod meanings;
pub mod message;
pub mod model;
pub mod motion;
pub mod news;
pub mod passphrase;
pub mod picker;
pub mod preferences;
pub mod remedy;
pub mod remote;
pub mod rule_wizard;
pub mod screen;
pub mod screens;
pub mod settings;
pub mod shell;
pub mod tab_line;
pub mod table;
#[cfg(test)]
pub mod testing;
#[cfg(test)]
pub mod toy;
pub mod update;
pub mod wizard;
pub mod workspace;
pub mod workspace_wizard;
