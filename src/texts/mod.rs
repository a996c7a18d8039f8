//! Everything the program says, in every language. Each text is one entry with its translations side by side;
//! an entry without a translation does not compile.

mod binding;
pub mod checklist;
pub mod cli;
pub mod connection;
pub mod dashboard;
mod dataverse;
pub mod deploy;
mod elsewhere;
mod entra;
pub mod fault;
pub mod finding;
pub mod form;
pub mod frame;
pub mod help;
pub mod keys;
pub mod macros;
pub mod mapping;
pub mod number;
pub mod partner;
pub mod step;
pub mod sweep;
pub mod terminal;
pub mod time;
mod tls;
pub mod token;
pub mod wizard;
