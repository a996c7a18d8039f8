//! The small pieces that screens are made of. Those that make text measure it in terminal cells, and never cut
//! a wide character in two.

pub mod bar;
pub mod columns;
pub mod hints;
pub mod mark;
pub mod search;
pub mod sparkline;
pub mod tab_line;
pub mod text;
