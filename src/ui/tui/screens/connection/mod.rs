//! One connection: tabs with its work items, its activity log, its live test, its checklist, its tokens.

mod activity;
pub(super) mod checklist;
mod columns;
mod detail;
mod export;
pub(super) mod filter;
mod fixing;
mod hits;
mod items;
mod live_test;
mod prompt;
pub mod sheet;
mod token_sheet;
mod token_table;
mod tokens;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

use self::checklist::Place;
use super::Draw;
use super::dashboard;
use crate::model::items::Total;
use crate::model::lang::Lang;
use crate::texts::{connection as texts, number, time};
use crate::ui::app::connection::{ConnectionScreen, Sheet, Tab, tabs};
use crate::ui::app::model::{Entry, Model};
use crate::ui::app::table::Position;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::{mark, tab_line, text};

/// From so many columns on the header names the time zone of the activity log.
const ROOM_FOR_ZONE: u16 = 80;
/// From so many columns on the header names the product.
const ROOM_FOR_PARTNER: u16 = 60;

impl Draw for ConnectionScreen {
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
        draw(frame, area, model, self, theme);
    }

    fn header(&self, model: &Model) -> (String, String) {
        header(model, self)
    }
}

/// Draws it into `area`; the header above and the footer below are drawn by [`crate::ui::tui::view`].
fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &ConnectionScreen, theme: Theme) {
    let [tabs, body] = Layout::vertical([Constraint::Length(1), Constraint::Fill(1)]).areas(area);
    draw_tabs(frame, tabs, model, screen, theme);
    match screen.tab {
        Tab::Items => items::draw(frame, body, model, screen, theme),
        Tab::Activity => activity::draw(frame, body, model, screen, theme),
        Tab::Test => live_test::draw(frame, body, model, screen, theme),
        Tab::Checklist => checklist::draw(frame, body, model, &screen.installation, Place::Tab, theme),
        Tab::Tokens => tokens::draw(frame, body, model, screen, theme),
    }
    if let Some(sheet) = screen.sheet() {
        draw_sheet(frame, body, model, screen, sheet, theme);
    }
}

fn draw_sheet(
    frame: &mut Frame<'_>,
    area: Rect,
    model: &Model,
    screen: &ConnectionScreen,
    sheet: Sheet<'_>,
    theme: Theme,
) {
    match sheet {
        Sheet::Prompt(prompt) => prompt::draw(frame, area, model, screen, prompt, theme),
        Sheet::Export(export) => export::draw(frame, area, model, screen, export, theme),
        Sheet::Fixing(fixing) => fixing::draw(frame, area, model, fixing, theme),
        Sheet::Item(item, top) => {
            checklist::draw_item(frame, area, model, &screen.installation, (item, top, Place::Tab), theme);
        }
        Sheet::Tokens(sheet) => token_sheet::draw(frame, area, model, screen, sheet, theme),
    }
}

/// What the header says of this screen: its title, and its place or state at the right.
fn header(model: &Model, screen: &ConnectionScreen) -> (String, String) {
    let Some(entry) = model.entry(&screen.name) else {
        return (screen.name.to_string(), String::new());
    };
    let partner = dashboard::partner(model, entry);
    let health = screen.health(model).map(|health| mark::health(model.lang, Theme::Mono, health).content.into_owned());
    let health = health.unwrap_or_default();
    let title = match model.size.0 < ROOM_FOR_PARTNER {
        true => format!("{} {health}", screen.name),
        false => format!("{} {partner} {health}", screen.name),
    };
    (title, place(model, screen))
}

fn place(model: &Model, screen: &ConnectionScreen) -> String {
    let lang = model.lang;
    match screen.tab {
        Tab::Items => row_place(lang, screen),
        Tab::Activity => match screen.log.entries.value().map_or(0, Vec::len) {
            0 => String::new(),
            all if model.size.0 < ROOM_FOR_ZONE => texts::entry_of(lang, screen.log.cursor + 1, all),
            all => {
                let zone = texts::times_in(lang, &time::zone_name(model.now));
                format!("{zone} · {}", texts::entry_of(lang, screen.log.cursor + 1, all))
            }
        },
        Tab::Test | Tab::Tokens => String::new(),
        Tab::Checklist => match screen.installation.items().len() {
            0 => String::new(),
            all => texts::entry_of(lang, screen.installation.cursor + 1, all),
        },
    }
}

fn row_place(lang: Lang, screen: &ConnectionScreen) -> String {
    let Some(total) = screen.table.total().filter(|_| !screen.table.is_outdated()) else {
        return String::new();
    };
    let grouped = |count| number::grouped(lang, count);
    let (total, rows) = match total {
        Total::Exactly(count) => (grouped(count), number::rows(lang, count)),
        Total::AtLeast(count) => {
            (texts::more_than(lang, &grouped(count)), texts::more_rows_than(lang, &grouped(count)))
        }
    };
    match screen.table.position() {
        _ if screen.table.rows().is_empty() => rows,
        Position::Exactly(nth) => texts::row_of(lang, &grouped(nth), &total),
        Position::About(nth) => texts::row_about_of(lang, &grouped(nth), &total),
        Position::Unknown => rows,
    }
}

fn draw_tabs(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &ConnectionScreen, theme: Theme) {
    let name = |tab| tabs::name(model.lang, tab);
    let line = tab_line::line(&Tab::ALL, name, screen.tab, usize::from(area.width), theme);
    let used = u16::try_from(line.width()).unwrap_or(u16::MAX).min(area.width);
    frame.render_widget(line, area);
    let rest = Rect { x: area.x + used, width: area.width - used, ..area };
    // Where the database cannot be read, the last sync tells nothing of what is to come.
    if let Some(entry) = model.entry(&screen.name).filter(|_| !screen.is_unreadable()) {
        draw_sync(frame, rest, model, (screen, entry), theme);
    }
}

/// The sync at the right of the tabs, where there is room for a word of it.
fn draw_sync(
    frame: &mut Frame<'_>,
    area: Rect,
    model: &Model,
    (screen, entry): (&ConnectionScreen, &Entry),
    theme: Theme,
) {
    let room = usize::from(area.width).saturating_sub(4);
    if room < 12 {
        return;
    }
    let line = match entry.sync.task {
        // This tab says so itself, with what to do.
        None if screen.is_signed_out(model) && screen.tab == Tab::Tokens => return,
        None if screen.is_signed_out(model) => dashboard::signed_out(model.lang, room, theme),
        None => dashboard::sync_line(model, entry, room, theme).style(theme.style(Role::Dim)),
        Some(_) => dashboard::sync_line(model, entry, room, theme),
    };
    let width = u16::try_from(line.width()).unwrap_or(0).min(area.width);
    let place = Rect { x: area.right() - width - 1, width, ..area };
    frame.render_widget(line, place);
}

/// From so many columns on what there is to know of a row stands beside the list.
const ROOM_FOR_PANE: u16 = 130;

/// The list, and the place beside it for what there is to know of the row in focus; `None` where that goes below.
fn beside(area: Rect) -> Option<(Rect, Rect)> {
    if area.width < ROOM_FOR_PANE {
        return None;
    }
    let parts = [Constraint::Fill(3), Constraint::Length(2), Constraint::Fill(2), Constraint::Length(1)];
    let [list, _, pane, _] = Layout::horizontal(parts).areas(area);
    Some((list, pane))
}

/// The place for what there is to know of the row in focus: right below a list of so many rows, where that leaves lines free.
fn right_below(list: Rect, below: Rect, rows: usize) -> Rect {
    let rows = u16::try_from(rows).unwrap_or(u16::MAX).min(list.height);
    Rect { y: list.y + rows, ..below }
}

/// A line that tells something instead of rows.
fn tell(frame: &mut Frame<'_>, area: Rect, words: &str, role: Role, theme: Theme) {
    let room = text::measure(words, 0, usize::from(area.width).saturating_sub(2));
    let lines = text::wrap(words, room).into_iter().map(|line| Line::styled(format!(" {line}"), theme.style(role)));
    frame.render_widget(ratatui::widgets::Paragraph::new(lines.collect::<Vec<_>>()), area);
}

#[cfg(test)]
mod administration_tests;
#[cfg(test)]
mod tests;
