//! The state machine, fed with messages.

mod administration;
mod alert_source;
mod alerts;
mod chaos;
mod connection;
mod dashboard;
mod deploy;
mod keys;
mod preferences;
mod rule_wizard;
mod saying;
mod schedule;
mod settings;
mod table;
mod workspace;
mod workspace_wizard;
