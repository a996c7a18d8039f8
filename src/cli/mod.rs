//! The command line: arguments, commands, results for people and as JSON.

pub mod age;
pub mod alert_args;
pub mod args;
pub mod ask;
pub mod command;
pub mod complete;
pub mod context;
pub mod day;
pub mod dispatch;
pub mod help;
pub mod manual;
pub mod output;
#[cfg(feature = "demo")]
pub mod practice;
pub mod progress;
pub mod prompt;
pub mod questions;
#[cfg(test)]
mod remedies;
pub mod render;
pub mod secrets;
pub mod signals;
pub mod text_file;
pub mod ticket_args;
pub mod usage_error;
pub mod workspace_args;
