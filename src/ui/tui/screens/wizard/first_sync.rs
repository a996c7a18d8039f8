//! Step 7: the first sync, as it runs and as it ended.

use ratatui::text::{Line, Span};

use super::sheet::Sheet;
use crate::model::connection::Grant;
use crate::model::lang::Lang;
use crate::model::sync::KindReport;
use crate::texts::{frame, number, step, wizard as texts};
use crate::ui::app::model::{Entry, Model};
use crate::ui::app::wizard::Wizard;
use crate::ui::tui::theme::Role;
use crate::ui::tui::widgets::bar;

/// Progress of each kind, then what came of it.
pub fn write(model: &Model, screen: &Wizard, sheet: &mut Sheet) {
    let Some(first_sync) = &screen.first_sync else {
        return;
    };
    let lang = model.lang;
    let name = first_sync.name.as_str();
    let by_password = model.entry(&first_sync.name).is_some_and(|entry| entry.connection.grant == Grant::Password);
    let saved = if by_password { texts::is_saved_and_dropped(lang, name) } else { texts::is_saved(lang, name) };
    sheet.wrapped(Role::Ok, 1, &format!("✓ {saved}"));
    sheet.gap();
    match (model.entry(&first_sync.name), model.connections.fault()) {
        (Some(entry), _) => of_entry(model, screen, entry, sheet),
        (None, Some(fault)) => sheet.fault(lang, fault, 1),
        (None, None) => sheet.wrapped(Role::Dim, 1, texts::starting(lang)),
    }
}

/// Whether it ended with everything there.
pub fn is_done(model: &Model, screen: &Wizard) -> bool {
    let entry = screen.first_sync.as_ref().and_then(|first| model.entry(&first.name));
    let sync = entry.map(|entry| &entry.sync).filter(|sync| sync.task.is_none());
    matches!(sync.and_then(|sync| sync.last.as_ref()), Some(Ok(reports)) if are_complete(reports))
}

fn are_complete(reports: &[KindReport]) -> bool {
    reports.iter().all(|report| report.complete && report.fault.is_none())
}

fn of_entry(model: &Model, screen: &Wizard, entry: &Entry, sheet: &mut Sheet) {
    let lang = model.lang;
    match &entry.sync.last {
        _ if entry.sync.task.is_some() => running(model, entry, sheet),
        None => sheet.wrapped(Role::Dim, 1, texts::starting(lang)),
        Some(Err(fault)) => sheet.fault(lang, fault, 1),
        Some(Ok(reports)) => {
            for report in reports.iter() {
                ended(lang, report, sheet);
            }
            let all = are_complete(reports);
            sheet.gap();
            let next = match (all, screen.is_completed()) {
                (false, _) => texts::sync_incomplete(lang),
                (true, false) => texts::sync_done_checklist(lang),
                (true, true) => texts::sync_done(lang),
            };
            sheet.wrapped(Role::Normal, 1, next);
        }
    }
}

fn running(model: &Model, entry: &Entry, sheet: &mut Sheet) {
    let lang = model.lang;
    for kind in &entry.connection.work_items {
        let name = Span::styled(format!(" {}", step::kind(lang, *kind)), sheet.theme.style(Role::Title));
        sheet.push(Line::from(name));
        let started = entry.sync.started_at.unwrap_or(model.now);
        let line = match entry.sync.progress.get(kind) {
            Some(progress) => {
                let room = sheet.room.saturating_sub(3);
                bar::progress(lang, sheet.theme, progress, started, model.now, room)
            }
            None => Line::styled(texts::its_turn_comes(lang), sheet.theme.style(Role::Dim)),
        };
        let indented =
            [Span::raw("   ")].into_iter().chain(line.spans.into_iter().map(|span| span.patch_style(line.style)));
        sheet.push(Line::from_iter(indented));
        if let Some((progress, retrying)) =
            entry.sync.progress.get(kind).and_then(|progress| Some((progress, progress.retrying.as_deref()?)))
        {
            let [_, _, whole] = frame::retries(lang, progress.attempt, retrying, model.now);
            sheet.bullet(Role::Warning, 3, "▲", &whole);
        }
        sheet.gap();
    }
    sheet.wrapped(Role::Dim, 1, texts::sync_goes_on(lang));
}

fn ended(lang: Lang, report: &KindReport, sheet: &mut Sheet) {
    let (symbol, role) = match (&report.fault, report.complete) {
        (Some(_), _) => ("✗", Role::Error),
        (None, false) => ("▲", Role::Warning),
        (None, true) => ("✓", Role::Ok),
    };
    let counts = texts::counts(
        lang,
        &number::grouped(lang, report.fetched),
        &number::grouped(lang, report.inserted),
        &number::grouped(lang, report.updated),
        &number::grouped(lang, report.unchanged),
    );
    let name = step::kind(lang, report.kind);
    sheet.bullet(role, 1, symbol, &format!("{name}: {counts}"));
    if report.hidden > 0 {
        sheet.bullet(Role::Warning, 3, "▲", &texts::hidden(lang, &number::grouped(lang, report.hidden)));
    }
    if let Some(fault) = &report.fault {
        sheet.fault(lang, fault, 3);
    }
}
