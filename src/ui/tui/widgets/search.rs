//! The line in which something is searched for.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::text;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::view;

/// Draws what was typed with the cursor at this byte, scrolled so that the cursor shows; `hint` while it is empty.
pub fn draw(frame: &mut Frame<'_>, area: Rect, (find, at): (&str, usize), hint: &str, theme: Theme) {
    let room = usize::from(area.width).saturating_sub(3);
    let before = text::tail(find.get(..at).unwrap_or(find), room);
    let after = text::head(find.get(at..).unwrap_or_default(), room.saturating_sub(text::width(before)));
    let typed = match find {
        "" => Span::styled(text::clip(hint, room), theme.style(Role::Dim)),
        _ => Span::raw(format!("{before}{after}")),
    };
    frame.render_widget(Line::from(vec![Span::styled("/ ", theme.style(Role::Accent)), typed]), area);
    let cursor = u16::try_from(2 + text::width(before)).unwrap_or(u16::MAX);
    view::put_cursor(frame, Position { x: area.x.saturating_add(cursor), y: area.y });
}
