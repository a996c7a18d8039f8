//! The nouns and rules of the field: pure, without I/O, a clock or a terminal.

pub mod check;
pub mod checklist;
pub mod clean;
pub mod confirmation;
pub mod connection;
pub mod deploy;
pub mod draft;
pub mod echo;
pub mod fault;
pub mod form;
pub mod identity;
pub mod items;
pub mod lang;
pub mod mapping;
pub mod mend;
pub mod partner;
pub mod rotation;
pub mod secret;
pub mod settings;
pub mod summary;
pub mod sweep;
pub mod sync;
pub mod token;
pub mod token_list;
pub mod url;
pub mod work_item;
