//! `itsmc practice`, `itsmc demo` and `itsmc pictures`: everything that starts practice servers. Without the feature
//! `demo` this folder and the practice servers are left out of the binary.

mod cloud;
pub mod demo;
pub mod pictures;
pub mod recording;
pub mod server;
pub mod stage;
