//! What was done lately for a workspace, the newest first.

use crate::model::lang::Lang;
use crate::model::sending::{LogEntry, LogEvent};
use crate::texts::{fault as faults, number, time, workspace_screen as texts};
use crate::ui::app::model::Model;
use crate::ui::app::workspace::WorkspaceEntry;
use crate::ui::tui::screens::wizard::sheet::Sheet;
use crate::ui::tui::theme::Role;

/// From so many columns on a line tells the day and the minute; below, how long ago it was.
const ROOM_FOR_MOMENT: usize = 60;

/// Writes it.
pub fn write(model: &Model, entry: &WorkspaceEntry, sheet: &mut Sheet) {
    if entry.standing.log.is_empty() {
        return sheet.wrapped(Role::Normal, 1, texts::log_empty(model.lang));
    }
    for line in &entry.standing.log {
        let (mark, role, words) = words(model.lang, &line.event);
        sheet.bullet(role, 1, mark, &format!("{}  {words}", when(model, line, sheet.room)));
    }
}

fn when(model: &Model, line: &LogEntry, room: usize) -> String {
    if room >= ROOM_FOR_MOMENT {
        return time::moment_in_list(line.at);
    }
    let seconds = model.now.duration_since(line.at).as_secs();
    time::short(model.lang, u64::try_from(seconds).unwrap_or(0))
}

fn words(lang: Lang, event: &LogEvent) -> (&'static str, Role, String) {
    match event {
        LogEvent::Sent { accepted, removed, refused, bytes, fault } => {
            let (mark, role) = match fault {
                Some(_) => ("✗", Role::Error),
                None if *refused > 0 => ("▲", Role::Warning),
                None => ("✓", Role::Normal),
            };
            let rows = |count: &u64| number::rows(lang, *count);
            let sent = (*accepted > 0).then(|| texts::log_sent(lang, &rows(accepted), &number::bytes(lang, *bytes)));
            let removed = (*removed > 0).then(|| texts::log_removed(lang, &rows(removed)));
            let refused = (*refused > 0).then(|| texts::log_refused(lang, &rows(refused)));
            let stopped = fault.as_ref().map(|fault| texts::log_stopped(lang, &faults::summary(lang, fault)));
            let parts: Vec<_> = [sent, removed, refused, stopped].into_iter().flatten().collect();
            (mark, role, parts.join("; "))
        }
        LogEvent::Verified { checked, differ: 0, .. } => {
            ("✓", Role::Normal, texts::log_verified(lang, &number::grouped(lang, *checked)))
        }
        LogEvent::Verified { checked, differ, resent } => {
            let [checked, differ, resent] = [checked, differ, resent].map(|count| number::grouped(lang, *count));
            ("▲", Role::Warning, texts::log_differs(lang, &differ, &checked, &resent))
        }
        LogEvent::NotVerified { fault } => ("▲", Role::Warning, texts::not_verified(lang, fault)),
    }
}
