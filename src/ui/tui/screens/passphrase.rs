//! The dialog for the passphrase of the vault's key.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};

use super::Draw;
use super::connection::sheet;
use super::wizard::field;
use crate::model::lang::Lang;
use crate::model::passphrase::Wanted;
use crate::texts::passphrase as texts;
use crate::ui::app::keymap::keymap;
use crate::ui::app::model::Model;
use crate::ui::app::passphrase::{PassphraseDialog, Problem};
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::view::put_cursor;
use crate::ui::tui::widgets::{hints, text};

impl Draw for PassphraseDialog {
    /// As a box: the field first, so that it is in sight on the lowest screen.
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
        let room = sheet::room(area);
        let (lines, column) = lines(model.lang, self, room, theme);
        let title = match self.question.wanted {
            Wanted::New => texts::title_new(model.lang),
            Wanted::Existing { .. } => texts::title_existing(model.lang),
        };
        let inner = sheet::draw(frame, area, model, title, lines, 0, theme);
        put_cursor(frame, Position::new(inner.x + column, inner.y));
    }

    fn draw_bare(&self, frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) -> bool {
        let room = usize::from(area.width).max(1);
        let (lines, column) = lines(model.lang, self, room, theme);
        let body = Rect { height: area.height.saturating_sub(1), ..area };
        frame.render_widget(Clear, area);
        frame.render_widget(Paragraph::new(lines), body);
        let keys = Rect { y: area.y + body.height, height: area.height.min(1), ..area };
        frame.render_widget(hints::hints(model, theme, &keymap(model), room), keys);
        put_cursor(frame, Position::new(area.x + column, area.y));
        true
    }
}

/// What stands in it, and the cursor's column in the first line.
fn lines(lang: Lang, dialog: &PassphraseDialog, room: usize, theme: Theme) -> (Vec<Line<'static>>, u16) {
    let (label, about) = match (dialog.question.wanted, &dialog.first) {
        (Wanted::New, None) => (texts::choose(lang), texts::about_new(lang)),
        (Wanted::New, Some(_)) => (texts::repeat(lang), texts::about_new(lang)),
        (Wanted::Existing { .. }, _) => (texts::enter(lang), texts::about_existing(lang)),
    };
    let label = format!("{label} ");
    let before = text::width(&label);
    let place = room.saturating_sub(before).max(1);
    let value = field::or_ground(field::masked(&dialog.typed, Some(dialog.cursor), false, place), place, theme);
    let column = before + value.cursor.unwrap_or_default();
    let label = Span::styled(label, theme.style(Role::Dim));
    let mut lines = vec![Line::from([vec![label], value.spans].concat())];
    if let Some(problem) = dialog.problem {
        let words = format!("✗ {}", problem_text(lang, problem));
        lines.extend(sheet::wrapped(&words, room, Role::Error, theme));
    }
    lines.push(Line::default());
    lines.extend(sheet::wrapped(about, room, Role::Dim, theme));
    (lines, u16::try_from(column).unwrap_or(u16::MAX))
}

fn problem_text(lang: Lang, problem: Problem) -> &'static str {
    match problem {
        Problem::Empty => texts::empty(lang),
        Problem::Wrong => texts::wrong(lang),
        Problem::Differ => texts::differ(lang),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::passphrase::Question;
    use crate::ui::app::key::Key;
    use crate::ui::app::message::Message;
    use crate::ui::app::testing::model;
    use crate::ui::app::update::update;
    use crate::ui::tui::testing::snapshots;

    fn asked(wanted: Wanted, keys: &str) -> Model {
        let mut model = model();
        update(&mut model, Message::Passphrase(Question { id: 1, wanted }));
        keys.chars().for_each(|c| drop(update(&mut model, Message::Key(key(c)))));
        model
    }

    fn key(c: char) -> Key {
        if c == '\r' { Key::new(crate::ui::app::key::Code::Enter) } else { Key::char(c) }
    }

    #[test]
    fn b1_the_dialog_shows_what_is_wanted_and_never_what_is_typed() {
        snapshots("passphrase/choose", &asked(Wanted::New, "abc"));
        snapshots("passphrase/differ", &asked(Wanted::New, "abc\rabd\r"));
        snapshots("passphrase/wrong", &asked(Wanted::Existing { again: true }, ""));
    }
}
