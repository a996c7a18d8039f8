//! Tests of the whole: the layers, the commands, the real incident log, crashes.

mod commands;
mod crash;
mod errors;
mod json;
mod layers;
mod real_log;
mod site;
mod stored;
