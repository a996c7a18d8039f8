//! The second step: the subscription and the workspace.

use ratatui::text::{Line, Span};

use crate::model::lang::Lang;
use crate::texts::workspace_wizard as texts;
use crate::ui::app::model::Model;
use crate::ui::app::workspace_wizard::{Place, PlaceStage, WorkspaceWizard};
use crate::ui::tui::screens::picker::{self, List, ListState};
use crate::ui::tui::screens::wizard::field;
use crate::ui::tui::screens::wizard::sheet::Sheet;
use crate::ui::tui::theme::Role;
use crate::ui::tui::widgets::text;

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
    if let Some(fault) = &place.fault {
        sheet.fault(lang, fault, 1);
    }
    let labels = [texts::field_subscription(lang), texts::field_group(lang), texts::field_workspace(lang)];
    for (nth, label) in labels.into_iter().enumerate() {
        let from = sheet.next();
        let focused = place.line.0 == nth;
        let (mark, role) = if focused { ("›", Role::Title) } else { (" ", Role::Normal) };
        let name = Span::styled(format!(" {mark} {}  ", text::pad(label, NAMES)), sheet.theme.style(role));
        let column = name.width();
        let cursor = focused.then_some(place.line.1);
        let shown = field::line(&place.typed[nth], cursor, sheet.room.saturating_sub(column));
        if let Some(cursor) = shown.cursor {
            sheet.cursor_at(from, column + cursor);
        }
        sheet.push(Line::from_iter(std::iter::once(name).chain(shown.spans)));
        if place.refused && !place.fits(nth) {
            sheet.wrapped(Role::Error, 4, &format!("✗ {}", texts::bad_line(lang, nth)));
        }
        if focused {
            sheet.focus_from(from);
        }
    }
}
