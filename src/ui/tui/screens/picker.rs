//! A list with a filter: the line that is typed, and the entries that fit, each ticked or not where several can be chosen.

use ratatui::text::{Line, Span};

use super::wizard::field;
use super::wizard::sheet::Sheet;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::texts::workspace_wizard as texts;
use crate::ui::app::picker::{Picker, PickerEntry};
use crate::ui::tui::clicks::Choice;
use crate::ui::tui::theme::Role;
use crate::ui::tui::widgets::text;

/// How far the entries are.
pub enum ListState<'a> {
    /// They are here.
    Ready,
    /// They are being read; the words say from where.
    Reading(&'a str),
    /// They could not be read; the words say what else can be done.
    Failed(&'a Fault, &'a str),
}

/// What is shown.
pub struct List<'a> {
    /// The filter and the focus.
    pub picker: &'a Picker,
    /// All entries.
    pub entries: &'a [PickerEntry],
    /// The heading.
    pub heading: &'a str,
    /// What the empty filter says.
    pub hint: &'a str,
    /// What is said where there is no entry at all.
    pub none: &'a str,
    /// How far they are.
    pub state: ListState<'a>,
    /// Whether an entry is ticked, where several can be chosen.
    pub ticked: Option<&'a dyn Fn(usize) -> bool>,
}

/// Writes it.
pub fn write(lang: Lang, list: &List<'_>, sheet: &mut Sheet) {
    sheet.wrapped(Role::Title, 1, list.heading);
    filter(list, sheet);
    match list.state {
        ListState::Failed(fault, instead) => {
            sheet.fault(lang, fault, 1);
            return sheet.bullet(Role::Normal, 1, "→", instead);
        }
        ListState::Reading(from) => return sheet.bullet(Role::Accent, 1, "◌", from),
        ListState::Ready => {}
    }
    let shown = list.picker.shown(list.entries);
    if shown.is_empty() {
        let none = if list.entries.is_empty() { list.none } else { texts::nothing_fits(lang) };
        return sheet.bullet(Role::Normal, 1, "·", none);
    }
    let widest = shown.iter().map(|(_, (name, _))| text::width(name)).max().unwrap_or(0).min(sheet.room / 2);
    for (at, (nth, (name, more))) in shown.into_iter().enumerate() {
        let from = sheet.next();
        let focused = at == list.picker.focus;
        let role = if focused { Role::Focus } else { Role::Normal };
        let tick = list.ticked.map(|ticked| if ticked(nth) { "[x] " } else { "[ ] " }).unwrap_or_default();
        let name = format!("{tick}{}", text::pad(name, widest.max(text::width(name))));
        let left = vec![Span::raw("  "), Span::styled(name, sheet.theme.style(role))];
        let right = Span::styled(more.clone(), sheet.theme.style(Role::Dim));
        // A GUID takes 36 cells: it fits into 40 columns behind three.
        sheet.row(left, 2, right, 3, focused);
        let choice = if list.ticked.is_some() { Choice::ticked } else { Choice::opened };
        sheet.choice(from, choice(focused));
    }
}

fn filter(list: &List<'_>, sheet: &mut Sheet) {
    let prompt = Span::styled(" / ", sheet.theme.style(Role::Accent));
    let room = sheet.room.saturating_sub(4);
    let shown = field::line(&list.picker.find, Some(list.picker.cursor), room);
    let line = sheet.next();
    if list.picker.find.is_empty() {
        let hint = Span::styled(text::clip(list.hint, room), sheet.theme.style(Role::Dim));
        sheet.push(Line::from(vec![prompt, hint]));
    } else {
        sheet.push(Line::from_iter(std::iter::once(prompt).chain(shown.spans)));
    }
    sheet.cursor_at(line, 3 + shown.cursor.unwrap_or_default());
}
