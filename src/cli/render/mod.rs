//! How lines look: colours by role, lines folded at words, and tables. A pipe gets neither colour nor folding.

pub mod fold;
pub mod medium;
pub mod table;
