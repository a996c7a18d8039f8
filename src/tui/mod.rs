//! The terminal front end: it draws the model and turns the terminal's events into messages.

pub mod screens;
#[cfg(test)]
pub mod testing;
pub mod theme;
pub mod view;
pub mod widgets;
