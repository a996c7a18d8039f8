//! The test row: what it waits for with a countdown, and how long each part took.

use crate::model::workspace_run::{Delays, Testing};
use crate::texts::{time, workspace as words, workspace_screen as texts};
use crate::ui::app::model::Model;
use crate::ui::app::workspace::TestPart;
use crate::ui::tui::screens::wizard::sheet::Sheet;
use crate::ui::tui::theme::Role;

/// Writes it.
pub fn write(model: &Model, part: &TestPart, set_up: bool, sheet: &mut Sheet) {
    let lang = model.lang;
    if let Some((_, since)) = part.task {
        running(model, part, sheet);
        let seconds = model.now.duration_since(since).as_secs().max(0).unsigned_abs();
        return sheet.wrapped(Role::Dim, 1, &texts::running_for(lang, &time::span(lang, seconds)));
    }
    match &part.last {
        Some(Ok(delays)) => ended(model, delays, sheet),
        Some(Err(fault)) => sheet.fault_here(model, fault, 1),
        None if !set_up => sheet.bullet(Role::Warning, 1, "○", texts::not_set_up(lang)),
        None => {}
    }
    if set_up {
        sheet.gap();
        sheet.wrapped(Role::Dim, 1, texts::test_hint(lang));
    }
}

fn running(model: &Model, part: &TestPart, sheet: &mut Sheet) {
    let lang = model.lang;
    let Some(at) = part.at else { return sheet.bullet(Role::Accent, 1, "◌", texts::test_begins(lang)) };
    let (next, left) = at.left(model.now);
    let left = time::span(lang, left);
    if !matches!(at.told, Testing::WaitsForRights(..)) {
        sheet.bullet(Role::Ok, 1, "✓", words::may_send(lang));
    }
    match at.told {
        Testing::WaitsForRights(..) => {
            sheet.bullet(Role::Warning, 1, "◌", texts::waits_for_rights(lang));
            sheet.wrapped(Role::Normal, 3, &texts::next_try(lang, next, &left));
        }
        Testing::MaySend => {}
        Testing::Accepted => {
            sheet.bullet(Role::Ok, 1, "✓", words::row_accepted(lang));
            sheet.bullet(Role::Accent, 1, "◌", texts::row_is_looked_for(lang));
        }
        Testing::WaitsForRow(..) => {
            sheet.bullet(Role::Ok, 1, "✓", words::row_accepted(lang));
            sheet.bullet(Role::Accent, 1, "◌", texts::waits_for_row(lang));
            sheet.wrapped(Role::Normal, 3, &texts::next_look(lang, next, &left));
        }
    }
}

fn ended(model: &Model, delays: &Delays, sheet: &mut Sheet) {
    let lang = model.lang;
    let rights = match delays.rights_seconds {
        0 => words::may_send(lang).to_owned(),
        seconds => texts::rights_took(lang, &time::span(lang, seconds)),
    };
    sheet.bullet(Role::Ok, 1, "✓", &rights);
    match delays.row_seconds {
        Some(seconds) => {
            sheet.bullet(Role::Ok, 1, "✓", &words::row_found(lang, &time::span(lang, seconds)));
            sheet.bullet(Role::Ok, 1, "✓", texts::test_passed(lang));
        }
        None => sheet.bullet(Role::Warning, 1, "?", words::may_not_query(lang)),
    }
}
