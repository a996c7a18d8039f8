//! The tiles.

mod first;
pub mod status;
mod strip;
mod tile;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

use crate::model::fault::Fault;
use crate::texts::{dashboard as texts, fault as faults};
use crate::ui::app::dashboard::{Dashboard, Grid, grid};
use crate::ui::app::model::Model;
use crate::ui::app::remote::Remote;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::text;

pub use self::first::told;
pub use self::status::{sign_in, sync_line, weight};
pub use self::tile::partner;

/// Draws it into `area`; the header above and the footer below are drawn by [`crate::ui::tui::view`].
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &Dashboard, theme: Theme) {
    match &model.connections {
        Remote::Idle | Remote::Loading => {
            frame.render_widget(
                Line::styled(texts::reading_config(model.lang), theme.style(Role::Dim)),
                first::inset(area),
            );
        }
        Remote::Failed(fault) => first::draw_failed(frame, area, model, fault, theme),
        Remote::Ready(entries, _) if entries.is_empty() => first::draw_welcome(frame, area, model, theme),
        Remote::Ready(..) => draw_tiles(frame, area, model, screen, theme),
        Remote::Stale(_, _, fault) => {
            draw_tiles(frame, area, model, screen, theme);
            draw_banner(frame, area, model, fault, theme);
        }
    }
}

/// What the header says of this screen: its title, and its place or state at the right.
pub fn header(model: &Model, screen: &Dashboard) -> (String, String) {
    let count = model.entries().len();
    let grid = grid(model);
    let place = match count {
        0 => String::new(),
        _ if grid.rows > grid.visible => texts::tile_of(model.lang, screen.focus + 1, count),
        _ => texts::how_many(model.lang, count),
    };
    ("itsmc".to_owned(), place)
}

fn draw_tiles(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &Dashboard, theme: Theme) {
    let grid = grid(model);
    let shown = model.entries().iter().enumerate().skip(screen.top * grid.columns).take(grid.visible * grid.columns);
    for (index, entry) in shown {
        let place = place(area, grid, index - screen.top * grid.columns);
        tile::draw(frame, place, model, entry, index == screen.focus, theme);
    }
    let used = u16::try_from(grid.rows.min(grid.visible)).unwrap_or(u16::MAX).saturating_mul(grid.tile_height);
    let below = Rect { y: area.y + used.min(area.height), height: area.height.saturating_sub(used), ..area };
    strip::draw(frame, below, model, screen.focus, theme);
}

fn place(area: Rect, grid: Grid, nth: usize) -> Rect {
    let columns = u32::try_from(grid.columns).unwrap_or(1);
    let cells = Layout::horizontal(vec![Constraint::Ratio(1, columns); grid.columns]).split(area);
    let row = u16::try_from(nth / grid.columns).unwrap_or(u16::MAX).saturating_mul(grid.tile_height);
    let column = cells.get(nth % grid.columns).copied().unwrap_or(area);
    let place = Rect { y: area.y.saturating_add(row), height: grid.tile_height, ..column };
    place.intersection(area)
}

/// The config could not be read again: what is shown is from before.
fn draw_banner(frame: &mut Frame<'_>, area: Rect, model: &Model, fault: &Fault, theme: Theme) {
    let words = format!(" ✗ {}. {}", faults::summary(model.lang, fault), faults::remedy(model.lang, fault));
    let line = Rect { y: area.bottom().saturating_sub(1), height: area.height.min(1), ..area };
    let words = text::pad(&words, usize::from(area.width));
    frame.render_widget(ratatui::widgets::Clear, line);
    frame.render_widget(Line::styled(words, theme.style(Role::Error)), line);
}

#[cfg(test)]
mod tests;
