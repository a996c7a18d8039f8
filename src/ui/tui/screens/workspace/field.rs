//! The line that is typed for a workspace, as a box over a tab.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::model::lang::Lang;
use crate::texts::workspace_screen as texts;
use crate::ui::app::model::Model;
use crate::ui::app::workspace::{Field, Purpose};
use crate::ui::tui::screens::connection::sheet as boxed;
use crate::ui::tui::screens::wizard::field;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::view::put_cursor;

/// Draws it: the line first, so that it is in sight on the lowest screen.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, typed: &Field, theme: Theme) {
    let (title, about, refused) = words(model.lang, &typed.purpose);
    let room = boxed::room(area);
    let place = room.saturating_sub(2);
    let shown = field::or_ground(field::line(&typed.text, Some(typed.cursor), place), place, theme);
    let cursor = shown.cursor.and_then(|column| u16::try_from(column + 2).ok());
    let mut lines = vec![Line::from([vec!["› ".into()], shown.spans].concat())];
    if typed.refused {
        lines.extend(boxed::wrapped(&format!("✗ {refused}"), room, Role::Error, theme));
    }
    lines.extend(boxed::wrapped(&about, room, Role::Normal, theme));
    let inner = boxed::draw(frame, area, model, &title, lines, 0, theme);
    if let Some(column) = cursor {
        put_cursor(frame, Position::new(inner.x + column, inner.y));
    }
}

/// Title, what it is about, and why it does not fit.
fn words(lang: Lang, purpose: &Purpose) -> (String, String, String) {
    match purpose {
        Purpose::Migrate(table) => {
            (texts::migrate_title(lang, table), texts::migrate_about(lang, table), texts::migrate_refused(lang, table))
        }
        Purpose::OtherTable(table) => (
            texts::other_table_title(lang, table),
            texts::other_table_about(lang).to_owned(),
            texts::other_table_refused(lang).to_owned(),
        ),
        Purpose::Folder => (
            texts::folder_title(lang).to_owned(),
            texts::folder_about(lang).to_owned(),
            texts::folder_refused(lang).to_owned(),
        ),
        Purpose::Sender => (
            texts::sender_title(lang).to_owned(),
            texts::sender_about(lang).to_owned(),
            texts::sender_refused(lang).to_owned(),
        ),
    }
}
