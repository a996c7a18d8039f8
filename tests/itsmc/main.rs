//! Tests of the whole: the layers, the commands, the real incident log, crashes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on should say where")]

mod administration;
mod alert_corners;
mod alert_polling;
mod alerts;
mod azure_sign_ins;
mod beside;
mod cherwell;
#[path = "../shared/cloud.rs"]
mod cloud;
mod commands;
mod completion;
mod config;
mod crash;
mod deploy;
mod desk;
mod docs;
mod doctor;
mod earlier_tickets;
mod errors;
mod following;
mod four;
mod full_disk;
mod hybrid;
mod identity;
mod items;
mod json;
mod layers;
mod left_behind;
mod left_on_screens;
mod lost_tickets;
mod no_locks;
mod odd_rows;
mod output;
mod packaging;
mod practice_kind;
#[path = "../shared/processes.rs"]
mod processes;
mod product_items;
mod product_tickets;
#[path = "../shared/programs.rs"]
mod programs;
mod provance;
mod queries;
mod real_log;
mod real_log_sent;
mod reconcile;
mod reconcile_story;
mod renaming;
mod rotation_cut;
mod rule_writing;
mod secrets;
mod service_manager;
mod sign_out;
mod signed_in;
mod sink;
mod site;
mod stored;
mod surround;
mod ticket_complaints;
mod tickets;
mod toy;
mod trace;
mod usage;
mod verifying;
mod workspace;
