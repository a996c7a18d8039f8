//! A connection's sync and sign-in in one line each.

use jiff::Timestamp;
use ratatui::text::{Line, Span};

use crate::model::fault::{Fault, Retry};
use crate::model::lang::Lang;
use crate::model::summary::SyncRecord;
use crate::model::sweep::SweepRecord;
use crate::model::sync::{Progress, Retrying};
use crate::model::token::{SignIn, Urgency};
use crate::model::work_item::WorkItemKind;
use crate::texts::{connection, dashboard as texts, fault as faults, finding as findings, frame, number, sweep, time};
use crate::ui::app::model::{Entry, Model};
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::{bar, text};

/// From so many cells on the progress says which kind it is of.
const ROOM_FOR_KIND: usize = 50;

/// The sync that runs, or the last and the next one.
pub fn sync_line(model: &Model, entry: &Entry, room: usize, theme: Theme) -> Line<'static> {
    if entry.sync.task.is_some() { running(model, entry, room, theme) } else { Line::raw(resting(model, entry, room)) }
}

fn running(model: &Model, entry: &Entry, room: usize, theme: Theme) -> Line<'static> {
    let lang = model.lang;
    if entry.sync.stopping {
        return Line::styled(text::clip(texts::stopping(lang), room), theme.style(Role::Accent));
    }
    let Some(progress) = entry.progress() else {
        return Line::styled(text::clip(begins(entry)(lang), room), theme.style(Role::Accent));
    };
    if let Some(until) = progress.waiting_until.filter(|until| *until > model.now) {
        return Line::styled(waiting(model, &progress, until, room), theme.style(Role::Warning));
    }
    if let Some(retrying) = &progress.retrying {
        return Line::styled(retries(model, &progress, retrying, room), theme.style(Role::Warning));
    }
    let mut line = Line::default();
    if entry.sync.verifies && room >= ROOM_FOR_KIND {
        line.push_span(Span::raw(format!("{}  ", text::clip(sweep::verifying(lang), room / 4))));
    }
    if let Some(kind) = entry.only_begun().filter(|_| room >= ROOM_FOR_KIND) {
        line.push_span(Span::raw(format!("{}  ", text::clip(texts::kinds(lang, kind), room / 3))));
    }
    let started = entry.sync.started_at.unwrap_or(model.now);
    let rest = room.saturating_sub(line.width());
    line.extend(bar::progress(lang, theme, &progress, started, model.now, rest).spans);
    line
}

fn begins(entry: &Entry) -> fn(Lang) -> &'static str {
    if entry.sync.verifies { texts::verify_begins } else { texts::sync_begins }
}

fn waiting(model: &Model, progress: &Progress, until: Timestamp, room: usize) -> String {
    let lang = model.lang;
    let until = time::until(lang, until, model.now);
    let words = format!("▲ {}", texts::waits(lang, &until));
    let fetched = number::grouped(lang, progress.fetched);
    let of = progress.expected.map(|all| frame::of(lang, &fetched, &number::grouped(lang, all))).unwrap_or(fetched);
    let short = format!("▲ {}", texts::waits_short(lang, &until));
    text::fitting([format!("{words} · {of}"), words, short, format!("▲ {until}")], room)
}

/// That a request is made again, with why and with the rows so far, as far as there is room.
fn retries(model: &Model, progress: &Progress, retrying: &Retrying, room: usize) -> String {
    let [short, when, whole] = frame::retries(model.lang, progress.attempt, retrying, model.now);
    let rows = format!("{whole} · {}", number::grouped(model.lang, progress.fetched));
    let told = [rows, whole, when].map(|words| format!("▲ {words}"));
    told.into_iter().find(|words| text::width(words) <= room).unwrap_or_else(|| text::clip(&format!("▲ {short}"), room))
}

fn resting(model: &Model, entry: &Entry, room: usize) -> String {
    let lang = model.lang;
    let last = entry.summary.value().and_then(|summary| summary.last_sync.as_ref());
    let mut out = last.map_or_else(|| texts::never_synced(lang).to_owned(), |record| last_sync(model, record));
    if text::width(&out) > room
        && let Some(record) = last.filter(|record| record.fault.is_none() && record.complete)
    {
        let ago = time::ago(lang, record.ended_at, model.now);
        out = texts::synced_short(lang, &ago);
        if text::width(&out) > room {
            out = ago;
        }
    }
    let changed = last
        .filter(|record| record.fault.is_none() || record.changed > 0)
        .map(|record| number::grouped(lang, record.changed));
    let parts =
        [changed.map(|count| (", ", texts::changed(lang, &count))), next_sync(model, entry).map(|next| (" · ", next))];
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
    match (&record.fault, record.complete) {
        (Some(Fault::Interrupted), _) => texts::sync_stopped(model.lang, &ago),
        (Some(_), _) => match record.failing_since.filter(|since| *since < record.ended_at) {
            Some(since) => texts::sync_failing(model.lang, &ago, &time::moment(since)),
            None => texts::sync_failed(model.lang, &ago),
        },
        (None, true) => texts::synced(model.lang, &ago),
        (None, false) => texts::synced_partly(model.lang, &ago),
    }
}

/// When it is synced next; of what is signed out the line below tells what to do, which is no sync.
fn next_sync(model: &Model, entry: &Entry) -> Option<String> {
    match entry.next_sync {
        _ if entry.is_signed_out() => None,
        Some(next) => Some(texts::next_sync(model.lang, &time::until(model.lang, next, model.now))),
        None if entry.is_paused() => Some(texts::schedule_paused(model.lang).to_owned()),
        None => Some(texts::schedule_off(model.lang).to_owned()),
    }
}

/// How long the sign-in lasts, or that it has to be made again.
pub fn sign_in(model: &Model, entry: &Entry, room: usize, theme: Theme) -> Line<'static> {
    let lang = model.lang;
    if entry.is_signed_out() {
        return signed_out(lang, room, theme);
    }
    let Some(sign_in) = entry.summary.value().and_then(|summary| summary.sign_in) else {
        return Line::styled(text::clip(texts::sign_in_unknown(lang), room), theme.style(Role::Dim));
    };
    let (mark, role) = marked(sign_in.urgency(model.now));
    Line::styled(text::clip(&format!("{mark}{}", lasts(model, sign_in, room)), room), theme.style(role))
}

/// What ends soon or is over: the sign-in, else the client secret.
pub fn ending(model: &Model, entry: &Entry, room: usize) -> Option<(String, Role)> {
    let summary = entry.summary.value()?;
    let urgent = |urgency| Some(marked(urgency)).filter(|_| urgency != Urgency::None);
    let sign_in = || {
        let sign_in = summary.sign_in?;
        let (mark, role) = urgent(sign_in.urgency(model.now))?;
        Some((format!("{mark}{}", lasts(model, sign_in, room)), role))
    };
    let secret = || {
        let (mark, role) = urgent(summary.client_secret_urgency(model.now))?;
        Some((format!("{mark}{}", secret_lasts(model, (summary.client_secret_expires?, true), room)), role))
    };
    sign_in().or_else(secret)
}

fn marked(urgency: Urgency) -> (&'static str, Role) {
    match urgency {
        Urgency::Over | Urgency::Error => ("✗ ", Role::Error),
        Urgency::Warning => ("▲ ", Role::Warning),
        Urgency::None => ("", Role::Normal),
    }
}

/// That it is signed out, and the key that signs it in.
pub fn signed_out(lang: Lang, room: usize, theme: Theme) -> Line<'static> {
    let long = format!("✗ {}", connection::todo_signed_out(lang));
    let words = if text::width(&long) <= room { long } else { format!("✗ {}", texts::signed_out_key(lang)) };
    Line::styled(text::clip(&words, room), theme.style(Role::Error))
}

fn lasts(model: &Model, sign_in: SignIn, room: usize) -> String {
    let (lang, left) = (model.lang, sign_in.days_left(model.now));
    let fitting = |long: String, short: String| if text::width(&long) <= room { long } else { short };
    if sign_in.ends().is_none() {
        let (long, short) = match sign_in.lifespan_known {
            false => (texts::sign_in_while_used(lang), texts::sign_in_while_used_short(lang)),
            true => (texts::sign_in_endless(lang), texts::sign_in_endless_short(lang)),
        };
        return fitting(long.to_owned(), short.to_owned());
    }
    let date = time::date(lang, sign_in.expires());
    let days = time::days(lang, u64::try_from(left).unwrap_or_default());
    match (sign_in.expires() > model.now, sign_in.lifespan_known) {
        (true, true) => fitting(texts::sign_in_lasts(lang, &days, &date), texts::sign_in_short(lang, &days, &date)),
        (true, false) => {
            fitting(texts::sign_in_lasts_assumed(lang, &days, &date), texts::sign_in_short_assumed(lang, &date))
        }
        (false, true) => texts::sign_in_over(lang, &date),
        (false, false) => texts::sign_in_over_assumed(lang, &date),
    }
}

/// How long the client secret lasts, where that is known.
pub fn client_secret(model: &Model, entry: &Entry, room: usize, theme: Theme) -> Option<Line<'static>> {
    let summary = entry.summary.value()?;
    let end = summary.client_secret_expires?;
    let urgency = summary.client_secret_urgency(model.now);
    let (mark, role) = marked(urgency);
    let is_urgent = urgency != Urgency::None;
    let words = format!("{mark}{}", secret_lasts(model, (end, is_urgent), room.saturating_sub(text::width(mark))));
    Some(Line::styled(text::clip(&words, room), theme.style(role)))
}

fn secret_lasts(model: &Model, (end, is_urgent): (Timestamp, bool), room: usize) -> String {
    let (lang, date) = (model.lang, time::date_in_utc(model.lang, end));
    if end <= model.now {
        return texts::client_secret_over(lang, &date);
    }
    let days = time::days(lang, days_until(end, model.now));
    let long = match is_urgent {
        true => texts::client_secret_ends(lang, &days, &date),
        false => texts::client_secret_lasts(lang, &days, &date),
    };
    let ways = [long, texts::client_secret_short(lang, &days, &date), texts::client_secret_days(lang, &days)];
    text::fitting(ways, room)
}

/// Whole days until then.
pub fn days_until(end: Timestamp, now: Timestamp) -> u64 {
    u64::try_from(end.duration_since(now).as_secs().div_euclid(86_400)).unwrap_or_default()
}

/// When everything stored was last compared with the product, and what was found; `None` until that was done of every
/// kind.
pub fn sweep_line(model: &Model, entry: &Entry, room: usize, theme: Theme) -> Option<Line<'static>> {
    let of = |kind: &WorkItemKind| entry.counts(*kind)?.sweep.clone();
    let all: Vec<_> = entry.connection.work_items.iter().map(of).collect::<Option<_>>()?;
    let whole = all.into_iter().reduce(SweepRecord::and)?;
    let ago = time::ago(model.lang, whole.ended_at, model.now);
    let long = sweep::tile_verified(model.lang, &ago, &sweep::found(model.lang, &whole));
    let lang = model.lang;
    let shorter = match whole.is_clean() {
        true => [sweep::tile_clean(lang, &ago), sweep::tile_clean_short(lang, &ago)],
        false => {
            [sweep::tile_verified(lang, &ago, &sweep::differences(lang, &whole)), sweep::tile_differs_short(lang, &ago)]
        }
    };
    Some(Line::styled(text::fitting([long].into_iter().chain(shorter), room), theme.style(Role::Dim)))
}

/// The last fault in short; `None` when all went well. What to do stands below the tiles and on the connection's screen.
pub fn fault_line(model: &Model, entry: &Entry, room: usize, theme: Theme) -> Option<Line<'static>> {
    let fault = entry.last_fault()?;
    let (mark, role) = weight(fault);
    let words = format!("{mark} {}", faults::summary(model.lang, fault));
    // The code is short, and the page on troubleshooting has it.
    let words = text::clauses(&words, room).unwrap_or_else(|| format!("{mark} {}", fault.code()));
    Some(Line::styled(text::clip(&words, room), theme.style(role)))
}

/// What the last sync noticed or left out, whether or not it failed; `None` when there is nothing of that.
pub fn finding_line(model: &Model, entry: &Entry, room: usize, theme: Theme) -> Option<Line<'static>> {
    Some(Line::styled(text::shorten(&found(model, entry)?, room), theme.style(Role::Warning)))
}

/// The same in words, with their mark.
pub fn found(model: &Model, entry: &Entry) -> Option<String> {
    // What a failed sync left out is what its fault says.
    let left_out = || left_out(model, entry).filter(|_| entry.last_fault().is_none());
    noticed(model, entry).or_else(left_out).map(|words| format!("▲ {words}"))
}

/// Mark and role of a fault: whether it may pass by itself.
pub fn weight(fault: &Fault) -> (&'static str, Role) {
    match fault.retry() {
        Retry::No => ("✗", Role::Error),
        Retry::Yes | Retry::After(_) => ("▲", Role::Warning),
    }
}

/// The first thing that was noticed, and how many more there are.
fn noticed(model: &Model, entry: &Entry) -> Option<String> {
    let found = entry.summary.value()?.standing_findings(model.now);
    let first = findings::summary(model.lang, found.first()?);
    Some(if found.len() > 1 { format!("{first} (+{})", found.len() - 1) } else { first })
}

fn left_out(model: &Model, entry: &Entry) -> Option<String> {
    let (hidden, incomplete) = (entry.hidden_rows(), entry.is_incomplete());
    let told = (hidden > 0).then(|| texts::hidden(model.lang, &number::rows(model.lang, hidden)));
    match (incomplete, told) {
        (true, Some(told)) => Some(format!("{}: {told}", texts::incomplete(model.lang))),
        (true, None) => Some(texts::incomplete(model.lang).to_owned()),
        (false, told) => told,
    }
}
