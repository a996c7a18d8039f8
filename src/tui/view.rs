//! The frame around every screen: header, body, footer, and what lies over them.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout};

use super::screens::{connection, dashboard, wizard};
use super::theme::Theme;
use crate::app::model::{Model, Screen};

/// Draws the model.
pub fn draw(frame: &mut Frame<'_>, model: &Model, theme: Theme) {
    let [header, body, footer] =
        Layout::vertical([Constraint::Length(1), Constraint::Fill(1), Constraint::Length(1)]).areas(frame.area());
    let _ = (header, footer);
    match &model.screen {
        Screen::Dashboard(screen) => dashboard::draw(frame, body, model, screen, theme),
        Screen::Connection(screen) => connection::draw(frame, body, model, screen, theme),
        Screen::Wizard(screen) => wizard::draw(frame, body, model, screen, theme),
    }
}
