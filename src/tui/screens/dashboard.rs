//! The tiles.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::dashboard::Dashboard;
use crate::app::model::Model;
use crate::tui::theme::Theme;

/// Draws it into `area`; the header above and the footer below are drawn by [`crate::tui::view`].
pub fn draw(_frame: &mut Frame<'_>, _area: Rect, _model: &Model, _screen: &Dashboard, _theme: Theme) {}

/// What the header says of this screen: its title, and its place or state at the right.
pub fn header(_model: &Model, _screen: &Dashboard) -> (String, String) {
    (String::new(), String::new())
}
