//! The terminal front end: it draws the model and turns the terminal's events into messages.

mod background;
pub mod clicks;
pub mod drive;
pub mod events;
#[cfg(test)]
pub mod gallery;
mod links;
pub mod over;
pub mod picture;
pub mod run;
pub mod screens;
mod signals;
pub mod terminal;
#[cfg(test)]
pub mod testing;
pub mod theme;
pub mod view;
pub mod widgets;
