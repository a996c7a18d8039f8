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
        let write = |sheet: &mut Sheet| {
            for (place, preference) in Preference::ALL.into_iter().enumerate() {
                sheet.gap();
                let from = sheet.next();
                row(lang, self, preference, place == self.focus, sheet);
                sheet.choice(from, Choice::opened(place == self.focus));
            }
            sheet.gap();
            below(lang, self, sheet);
        };
        Sheet::explained(area, theme, write).draw(frame, area, 0, theme);
    }

    fn header(&self, model: &Model) -> (String, String) {
        (texts::title(model.lang).to_owned(), "config.toml".to_owned())
    }
}

/// A setting: in focus with all its values, as far as they fit beside each other or below, else with the one it has. It takes as
/// many lines either way, so that nothing moves under a pointer.
fn row(lang: Lang, screen: &Preferences, preference: Preference, focused: bool, sheet: &mut Sheet) {
    let (theme, name) = (sheet.theme, texts::name(lang, preference));
    let label = Preference::ALL.map(|one| text::width(texts::name(lang, one))).into_iter().max().unwrap_or_default();
    let mark = if focused { "›" } else { " " };
    let head = Span::styled(format!("{mark} {name:<label$}  "), theme.style(Role::Normal));
    let indent = head.width();
    let mut lines = choices(lang, screen, preference, sheet.room.saturating_sub(indent), theme);
    if !focused {
        let now = vec![Span::raw(texts::value(lang, preference, &preference.value(&screen.chosen)))];
        let below = if sheet.roomy { lines.len().saturating_sub(1) } else { 0 };
        lines = std::iter::once(now).chain(std::iter::repeat_n(Vec::new(), below)).collect();
    }
    let starts = std::iter::once(head).chain(std::iter::repeat_with(|| Span::raw(" ".repeat(indent))));
    lines.into_iter().zip(starts).for_each(|(line, start)| sheet.push([vec![start], line].concat()));
    if focused && let Some(fault) = &screen.fault {
        sheet.fault(lang, fault, 2);
    }
    if sheet.tells(false) || (focused && !sheet.roomy) {
        sheet.about(focused, 2, texts::about(lang, preference));
    }
}

/// All values of a setting, in as many lines as they take.
fn choices(
    lang: Lang,
    screen: &Preferences,
    preference: Preference,
    room: usize,
    theme: Theme,
) -> Vec<Vec<Span<'static>>> {
    let now = preference.value(&screen.chosen);
    let mut lines: Vec<Vec<Span<'static>>> = vec![Vec::new()];
    let mut used = 0;
    for value in preference.offered(&screen.chosen) {
        let on = value == now;
        let (role, mark) = if on { (Role::Focus, "•") } else { (Role::Normal, " ") };
        let choice = Span::styled(format!("({mark}) {}", texts::value(lang, preference, &value)), theme.style(role));
        if used > 0 && used + choice.width() > room {
            lines.push(Vec::new());
            used = 0;
        }
        used += choice.width() + 2;
        lines.last_mut().into_iter().for_each(|line| line.extend([choice.clone(), Span::raw("  ")]));
    }
    lines
}

/// What the setting in focus does, where that does not stand beside each, and when a change counts.
fn below(lang: Lang, screen: &Preferences, sheet: &mut Sheet) {
    if sheet.roomy && !sheet.tells(false) {
        sheet.wrapped(Role::Normal, 1, texts::about(lang, screen.focused()));
        sheet.gap();
    }
    sheet.wrapped(Role::Dim, 1, texts::saved_at_once(lang));
}

#[cfg(test)]
#[path = "preferences/tests.rs"]
mod tests;
