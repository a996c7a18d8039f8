//! The state machine, fed with messages.

mod chaos;
mod connection;
mod dashboard;
mod schedule;
mod table;
