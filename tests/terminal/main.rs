//! The real program in a real (pseudo) terminal: whatever happens, the terminal is itself again afterwards.
//!
//! `Session` in harness.rs is how: start the program, press keys, wait until the screen shows something, look
//! at text and attributes, and end with `assert_restored`. Waiting is for conditions only; a deadline makes a
//! hang a failure, with the screen in its message.
#![cfg(unix)]
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod administration;
mod alert_wizard;
mod alerts;
mod cherwell;
#[path = "../shared/cloud.rs"]
mod cloud;
mod completion;
mod dashboard;
mod demo;
mod deploy;
mod four;
mod harness;
mod new_secret;
mod output;
mod passphrase;
mod plain;
#[path = "../shared/processes.rs"]
mod processes;
#[path = "../shared/programs.rs"]
mod programs;
mod prompts;
mod provance;
mod restore;
mod screen;
mod secrets;
mod service_manager;
mod settings;
mod wizard;
mod workspace;
mod workspace_screens;
mod world;
