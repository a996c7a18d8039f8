//! What the last verification found.

use ratatui::text::{Line, Span};

use crate::model::sending::VerifyRecord;
use crate::texts::{number, sending, time, workspace_screen as texts};
use crate::ui::app::model::Model;
use crate::ui::app::workspace::{WorkspaceEntry, WorkspaceScreen};
use crate::ui::tui::screens::wizard::sheet::Sheet;
use crate::ui::tui::theme::Role;
use crate::ui::tui::widgets::text;

/// Writes it.
pub fn write(model: &Model, screen: &WorkspaceScreen, entry: &WorkspaceEntry, sheet: &mut Sheet) {
    let lang = model.lang;
    if let Some((_, since)) = screen.verifying.task {
        let words = if screen.verifying.stopping { texts::stopping(lang) } else { texts::verifying(lang) };
        sheet.bullet(Role::Accent, 1, "◌", words);
        let seconds = model.now.duration_since(since).as_secs().max(0).unsigned_abs();
        sheet.wrapped(Role::Dim, 3, &texts::running_for(lang, &time::span(lang, seconds)));
        sheet.gap();
    }
    if let Some(fault) = &entry.standing.verify_fault {
        sheet.wrapped(Role::Warning, 1, texts::verification_failed(lang));
        sheet.fault_here(model, fault, 1);
        sheet.gap();
    }
    match &entry.standing.last_verified {
        Some(record) => found(model, record, sheet),
        None => sheet.wrapped(Role::Normal, 1, texts::never_verified(lang)),
    }
}

fn found(model: &Model, record: &VerifyRecord, sheet: &mut Sheet) {
    let lang = model.lang;
    let ago = sending::last_verified(lang, &time::ago(lang, record.at, model.now));
    let checked = texts::checked(lang, record.checked);
    sheet.wrapped(Role::Title, 1, &format!("{ago} · {checked}"));
    match record.is_clean() {
        true => sheet.bullet(Role::Ok, 1, "✓", texts::all_there(lang)),
        false => sheet.bullet(Role::Warning, 1, "▲", texts::differs(lang)),
    }
    let counts = [
        (record.missing, texts::label_missing(lang), Role::Warning, ""),
        (record.older, texts::label_older(lang), Role::Warning, ""),
        (record.other_state, texts::label_other_state(lang), Role::Warning, ""),
        (record.surplus, texts::label_surplus(lang), Role::Warning, ""),
        (record.doubled, texts::label_doubled(lang), Role::Normal, texts::about_doubled(lang)),
        (record.resent, texts::label_resent(lang), Role::Normal, ""),
    ];
    for (count, label, role, about) in counts {
        let role = if count == 0 { Role::Dim } else { role };
        let number = text::pad_left(&number::grouped(lang, count), 10);
        let about = if about.is_empty() || count == 0 { String::new() } else { format!(" ({about})") };
        let style = sheet.theme.style(role);
        let (whole, short) = (format!("{number} {label}{about}"), format!("{number} {label}"));
        let line = if text::width(&whole) <= sheet.room { whole } else { text::clip(&short, sheet.room) };
        sheet.push(Line::from(Span::styled(line, style)));
    }
    if !record.numbers.is_empty() {
        sheet.wrapped(Role::Normal, 1, &texts::some_are(lang, &record.numbers.join(", ")));
    }
    record.states.iter().for_each(|one| sheet.wrapped(Role::Normal, 3, &sending::state_line(lang, one)));
    for (mark, line) in sending::rule_lines(lang, record) {
        let role = if mark == '▲' { Role::Warning } else { Role::Dim };
        sheet.bullet(role, 1, &mark.to_string(), &line);
    }
    if let Some(cap) = record.cap.as_ref().filter(|cap| cap.is_over(model.now)) {
        let until = cap.resets_at.map(|at| time::until(lang, at, model.now)).unwrap_or_default();
        sheet.bullet(Role::Warning, 1, "▲", &sending::over_cap(lang, &cap.status, &until));
    }
}
