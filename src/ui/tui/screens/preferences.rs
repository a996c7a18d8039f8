//! The settings of the whole program.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::Draw;
use super::wizard::sheet::Sheet;
use crate::model::lang::Lang;
use crate::model::preference::Preference;
use crate::texts::preferences as texts;
use crate::ui::app::model::Model;
use crate::ui::app::preferences::Preferences;
use crate::ui::tui::clicks::Choice;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::text;

impl Draw for Preferences {
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
        let lang = model.lang;
        let mut sheet = Sheet::new(area, theme);
        for (place, preference) in Preference::ALL.into_iter().enumerate() {
            sheet.gap();
            let from = sheet.next();
            row(lang, self, preference, place == self.focus, &mut sheet);
            sheet.choice(from, Choice::opened(place == self.focus));
        }
        sheet.gap();
        sheet.wrapped(Role::Dim, 1, texts::saved_at_once(lang));
        sheet.draw(frame, area, 0, theme);
    }

    fn header(&self, model: &Model) -> (String, String) {
        (texts::title(model.lang).to_owned(), "config.toml".to_owned())
    }
}

/// A setting: in focus with all its values, as far as they fit beside each other or below, else with the one it has.
fn row(lang: Lang, screen: &Preferences, preference: Preference, focused: bool, sheet: &mut Sheet) {
    let (theme, name) = (sheet.theme, texts::name(lang, preference));
    let label = Preference::ALL.map(|one| text::width(texts::name(lang, one))).into_iter().max().unwrap_or_default();
    let mark = if focused { "›" } else { " " };
    let head = Span::styled(format!("{mark} {name:<label$}  "), theme.style(Role::Normal));
    let now = preference.value(&screen.chosen);
    if !focused {
        sheet.push(vec![head, Span::raw(texts::value(lang, preference, &now))]);
        return;
    }
    let indent = head.width();
    let (mut line, mut used) = (vec![head], indent);
    for value in preference.offered(&screen.chosen) {
        let on = value == now;
        let role = if on { Role::Focus } else { Role::Normal };
        let mark = if on { "•" } else { " " };
        let choice = Span::styled(format!("({mark}) {}", texts::value(lang, preference, &value)), theme.style(role));
        if used > indent && used + choice.width() > sheet.room {
            sheet.push(std::mem::replace(&mut line, vec![Span::raw(" ".repeat(indent))]));
            used = indent;
        }
        used += choice.width() + 2;
        line.extend([choice, Span::raw("  ")]);
    }
    sheet.push(line);
    if let Some(fault) = &screen.fault {
        sheet.fault(lang, fault, 2);
    }
    sheet.wrapped(Role::Dim, 2, texts::about(lang, preference));
}

#[cfg(test)]
#[path = "preferences/tests.rs"]
mod tests;
