//! The second step: the subscription and the workspace.

use ratatui::text::{Line, Span};

use crate::model::lang::Lang;
use crate::texts::workspace_wizard as texts;
use crate::ui::app::model::Model;
use crate::ui::app::workspace_wizard::{Place, PlaceStage, WorkspaceWizard};
use crate::ui::tui::clicks::Choice;
use crate::ui::tui::screens::picker::{self, List, ListState};
use crate::ui::tui::screens::wizard::field::{self, Beside};
use crate::ui::tui::screens::wizard::sheet::Sheet;
use crate::ui::tui::theme::Role;

/// The columns of the names of lines.
const NAMES: usize = 14;

/// Writes it.
pub fn write(model: &Model, wizard: &WorkspaceWizard, sheet: &mut Sheet) {
    let (lang, place) = (model.lang, &wizard.place);
    match place.stage {
        PlaceStage::Subscriptions => list(lang, place, texts::subscriptions(lang), sheet),
        PlaceStage::Workspaces => {
            let all = place.subscriptions.value().into_iter().flatten();
            let chosen = all.into_iter().find(|one| one.id == place.typed[0]).map(|one| one.name.as_str());
            let heading = texts::workspaces_of(lang, chosen.unwrap_or(&place.typed[0]));
            list(lang, place, &heading, sheet);
        }
        PlaceStage::Typed => typed(lang, place, sheet),
        PlaceStage::Adding(_) => sheet.bullet(Role::Accent, 1, "◌", texts::adding(lang)),
    }
}

fn list(lang: Lang, place: &Place, heading: &str, sheet: &mut Sheet) {
    let state = match place.list_fault() {
        Some(fault) => ListState::Failed(fault, texts::type_instead(lang)),
        None if place.task.is_some() => ListState::Reading(texts::reading(lang)),
        None => ListState::Ready,
    };
    let (hint, none) = (texts::filter_hint(lang), texts::nothing_seen(lang));
    let entries = place.entries();
    let list = List { picker: &place.picker, entries: &entries, heading, hint, none, state, ticked: None };
    picker::write(lang, &list, sheet);
}

fn typed(lang: Lang, place: &Place, sheet: &mut Sheet) {
    sheet.wrapped(Role::Title, 1, texts::typed_intro(lang));
    let labels = [texts::field_subscription(lang), texts::field_group(lang), texts::field_workspace(lang)];
    let mut typed = sheet.next();
    for (nth, label) in labels.into_iter().enumerate() {
        if place.line.0 == nth {
            typed = sheet.next();
        }
        line(lang, place, (nth, label), sheet);
    }
    if let Some(fault) = &place.fault {
        sheet.fault(lang, fault, 1);
        // The line that is typed stays in sight with it.
        sheet.focus_from(typed);
    }
}

fn line(lang: Lang, place: &Place, (nth, label): (usize, &str), sheet: &mut Sheet) {
    let from = sheet.next();
    let (focused, value) = (place.line.0 == nth, place.typed[nth].as_str());
    let (mark, role) = if focused { ("›", Role::Title) } else { (" ", Role::Normal) };
    let name = Span::styled(format!(" {mark} {}  ", field::name(label, NAMES)), sheet.theme.style(role));
    let Beside { under, column, room } = Beside::of(sheet.room, name.width(), value, focused);
    let cursor = focused.then_some(place.line.1);
    let shown = field::or_ground(field::line(value, cursor, room), room, sheet.theme);
    if let Some(cursor) = shown.cursor {
        sheet.cursor_at(from + usize::from(under), column + cursor);
    }
    let first = if under { Span::raw(" ".repeat(column)) } else { name.clone() };
    if under {
        sheet.push(Line::from(name));
    }
    sheet.push(Line::from_iter(std::iter::once(first).chain(shown.spans)));
    if place.refused && !place.fits(nth) {
        let told = if value.trim().is_empty() { texts::is_missing(lang) } else { texts::bad_line(lang, nth) };
        sheet.wrapped(Role::Error, column, &format!("✗ {told}"));
    }
    sheet.choice(from, Choice::ticked(focused));
}
