//! What is stored here although the config file does not have it: a line above everything else, since nothing else tells.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::texts::{dashboard as texts, unlisted};
use crate::ui::app::model::Model;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::text;

/// Draws the line: the first thing that was lost, or how many there are.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
    let Some(first) = model.unlisted.first() else { return };
    let lang = model.lang;
    let room = usize::from(area.width).saturating_sub(2);
    let count = model.unlisted.len();
    let words = match count {
        1 => vec![
            unlisted::summary(lang, first),
            texts::lost_one(lang, first.name()),
            texts::lost_short(lang, first.name()),
        ],
        _ => vec![texts::lost(lang, count), texts::lost_all_short(lang, count)],
    };
    let words = text::fitting(words.into_iter().map(|words| format!(" ✗ {words}")), room);
    frame.render_widget(Line::styled(words, theme.style(Role::Error)), area);
}
