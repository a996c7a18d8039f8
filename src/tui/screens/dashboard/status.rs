//! A connection's sync and sign-in in one line each.

use jiff::Timestamp;
use ratatui::text::{Line, Span};

use crate::app::model::{Entry, Model};
use crate::model::fault::{Fault, Retry};
use crate::model::summary::{SIGN_IN_ERROR_DAYS, SIGN_IN_WARNING_DAYS, SyncRecord};
use crate::model::sync::KindReport;
use crate::model::token::SignIn;
use crate::texts::{dashboard as texts, fault as faults, number, time};
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::{bar, text};

/// The sync that runs, or the last and the next one.
pub fn sync_line(model: &Model, entry: &Entry, room: usize, theme: Theme) -> Line<'static> {
    if entry.sync.task.is_some() { running(model, entry, room, theme) } else { Line::raw(resting(model, entry, room)) }
}

fn running(model: &Model, entry: &Entry, room: usize, theme: Theme) -> Line<'static> {
    let lang = model.lang;
    let Some(progress) = entry.progress() else {
        return Line::styled(text::clip(texts::sync_begins(lang), room), theme.style(Role::Accent));
    };
    let mut line = Line::default();
    if let Some(kind) = entry.only_begun() {
        line.push_span(Span::raw(format!("{}  ", text::clip(texts::kinds(lang, kind), room / 3))));
    }
    let started = entry.sync.started_at.unwrap_or(model.now);
    let rest = room.saturating_sub(line.width());
    line.extend(bar::progress(lang, theme, &progress, started, model.now, rest).spans);
    line
}

fn resting(model: &Model, entry: &Entry, room: usize) -> String {
    let lang = model.lang;
    let last = entry.summary.value().and_then(|summary| summary.last_sync.as_ref());
    let mut out = last.map_or_else(|| texts::never_synced(lang).to_owned(), |record| last_sync(model, record));
    let changed = last.filter(|record| record.fault.is_none()).map(|record| number::grouped(record.changed));
    let parts = [changed.map(|count| (", ", texts::changed(lang, &count))), Some((" · ", next_sync(model, entry)))];
    for (gap, part) in parts.into_iter().flatten() {
        if text::width(&out) + text::width(gap) + text::width(&part) <= room {
            out.push_str(gap);
            out.push_str(&part);
        }
    }
    text::clip(&out, room)
}

fn last_sync(model: &Model, record: &SyncRecord) -> String {
    let ago = time::ago(model.lang, record.ended_at, model.now);
    if record.complete { texts::synced(model.lang, &ago) } else { texts::synced_partly(model.lang, &ago) }
}

fn next_sync(model: &Model, entry: &Entry) -> String {
    match entry.next_sync {
        Some(next) => texts::next_sync(model.lang, &time::until(model.lang, next, model.now)),
        None if entry.is_paused() => texts::schedule_paused(model.lang).to_owned(),
        None => texts::schedule_off(model.lang).to_owned(),
    }
}

/// How long the sign-in lasts.
pub fn sign_in(model: &Model, sign_in: Option<SignIn>, room: usize, theme: Theme) -> Line<'static> {
    let (lang, now) = (model.lang, model.now);
    let Some(sign_in) = sign_in else {
        return Line::styled(text::clip(texts::sign_in_unknown(lang), room), theme.style(Role::Dim));
    };
    let left = sign_in.days_left(now);
    let words = lasts(model, sign_in, left, now);
    let (mark, role) = match left {
        left if left < SIGN_IN_ERROR_DAYS => ("✗ ", Role::Error),
        left if left < SIGN_IN_WARNING_DAYS => ("▲ ", Role::Warning),
        _ => ("", Role::Normal),
    };
    Line::styled(text::clip(&format!("{mark}{words}"), room), theme.style(role))
}

fn lasts(model: &Model, sign_in: SignIn, left: i64, now: Timestamp) -> String {
    let lang = model.lang;
    let date = time::date(lang, sign_in.expires());
    let days = time::days(lang, u64::try_from(left).unwrap_or_default());
    match (sign_in.expires() > now, sign_in.lifespan_known) {
        (true, true) => texts::sign_in_lasts(lang, &days, &date),
        (true, false) => texts::sign_in_lasts_assumed(lang, &days, &date),
        (false, true) => texts::sign_in_over(lang, &date),
        (false, false) => texts::sign_in_over_assumed(lang, &date),
    }
}

/// The last fault with what to do, or what the last sync left out; `None` when all went well.
pub fn fault_line(model: &Model, entry: &Entry, room: usize, theme: Theme) -> Option<Line<'static>> {
    if let Some(fault) = entry.last_fault() {
        let (mark, role) = weight(fault);
        let words = format!("{mark} {}. {}", faults::summary(model.lang, fault), faults::remedy(model.lang, fault));
        return Some(Line::styled(text::clip(&words, room), theme.style(role)));
    }
    let words = left_out(model, entry)?;
    Some(Line::styled(text::clip(&format!("▲ {words}"), room), theme.style(Role::Warning)))
}

/// Mark and role of a fault: whether it may pass by itself.
pub fn weight(fault: &Fault) -> (&'static str, Role) {
    match fault.retry() {
        Retry::No => ("✗", Role::Error),
        Retry::Yes | Retry::After(_) => ("▲", Role::Warning),
    }
}

fn left_out(model: &Model, entry: &Entry) -> Option<String> {
    let reports: &[KindReport] = match &entry.sync.last {
        Some(Ok(reports)) => reports,
        _ => &[],
    };
    let hidden: u64 = reports.iter().map(|report| report.hidden).sum();
    let stored = entry.summary.value().and_then(|summary| summary.last_sync.as_ref());
    let incomplete = reports.iter().any(|report| !report.complete) || stored.is_some_and(|record| !record.complete);
    let told = (hidden > 0).then(|| texts::hidden(model.lang, &number::grouped(hidden)));
    match (incomplete, told) {
        (true, Some(told)) => Some(format!("{}: {told}", texts::incomplete(model.lang))),
        (true, None) => Some(texts::incomplete(model.lang).to_owned()),
        (false, told) => told,
    }
}
