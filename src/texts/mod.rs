//! Everything the program says, in every language. Each text is one entry with its translations side by side;
//! an entry without a translation does not compile.

pub mod connection;
pub mod dashboard;
pub mod keys;
pub mod macros;
