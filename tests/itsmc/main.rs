//! Tests of the whole: the layers, the real incident log, crashes.

mod crash;
mod layers;
mod real_log;
mod site;
mod stored;
