//! A line of tabs.

use ratatui::text::{Line, Span};

use crate::ui::app::tab_line::shown;
use crate::ui::tui::theme::{Role, Theme};

/// The tabs with the one in front marked, and marks where others were left out.
pub fn line<T: Copy + PartialEq>(
    all: &[T],
    name: impl Fn(T) -> &'static str,
    front: T,
    room: usize,
    theme: Theme,
) -> Line<'static> {
    let shown = shown(all, &name, front, room);
    let mark = |whole: bool, mark: &'static str| Span::styled(if whole { " " } else { mark }, theme.style(Role::Dim));
    let names = shown.iter().map(|tab| match *tab == front {
        true => Span::styled(format!("[{}]", name(*tab)), theme.style(Role::Title)),
        false => Span::styled(format!(" {} ", name(*tab)), theme.style(Role::Dim)),
    });
    let before = mark(shown.first() == all.first(), "‹");
    let after = (shown.last() != all.last()).then(|| mark(false, "›"));
    Line::from([before].into_iter().chain(names).chain(after).collect::<Vec<_>>())
}
