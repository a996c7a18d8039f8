//! The tab with the activity log.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::{right_below, tell};
use crate::model::checklist::ItemId;
use crate::model::fix::{Change, Done};
use crate::model::lang::Lang;
use crate::model::leaving::Leaving;
use crate::model::summary::{Activity, Event, SyncRecord};
use crate::texts::{
    checklist, connection as texts, dashboard, fault as faults, finding as findings, number, renaming, step,
    sweep as sweeps, time, token,
};
use crate::ui::app::connection::ConnectionScreen;
use crate::ui::app::model::{Model, Screen};
use crate::ui::app::remedy::{remedy, with_keys};
use crate::ui::app::remote::Remote;
use crate::ui::tui::clicks::{self, Choice};
use crate::ui::tui::screens::dashboard::{told, weight};
use crate::ui::tui::screens::wizard::sheet::arrows;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::text;

/// Draws the entries, newest first, and below or beside them what there is to know of the one in focus.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &ConnectionScreen, theme: Theme) {
    let entries = match (screen.log.entries.value(), &screen.log.entries) {
        (Some(entries), _) if !entries.is_empty() => entries,
        (None, Remote::Failed(fault)) => {
            let words = format!("✗ {}. {}", faults::summary(model.lang, fault), remedy(model, fault));
            return tell(frame, area, &words, Role::Error, theme);
        }
        (None, _) => return tell(frame, area, texts::loading(model.lang), Role::Dim, theme),
        (Some(_), _) => return tell(frame, area, texts::no_activity(model.lang), Role::Normal, theme),
    };
    let focused = entries.get(screen.log.cursor);
    if let Some((list, pane)) = super::beside(area) {
        draw_entries(frame, list, model, entries, screen.log.cursor, theme);
        let told = focused.map(|entry| whole(model, entry, pane, theme)).unwrap_or_default();
        return frame.render_widget(Paragraph::new(text::fit(told, pane.height.into(), pane.width.into())), pane);
    }
    let room = (usize::from(area.width).saturating_sub(2), usize::from(area.height).saturating_sub(4));
    let more = focused.map(|entry| below(model, entry, area, room, theme)).unwrap_or_default();
    let wanted = u16::try_from(more.len() + usize::from(!more.is_empty())).unwrap_or(u16::MAX);
    let [list, below] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(wanted.min(area.height.saturating_sub(3)))])
            .areas(area);
    let below = right_below(list, below, entries.len());
    draw_entries(frame, list, model, entries, screen.log.cursor, theme);
    let below = Rect { x: below.x + 1, width: below.width.saturating_sub(2), ..below };
    let more = text::fit(more, usize::from(below.height).saturating_sub(1), below.width.into());
    frame.render_widget(Paragraph::new([vec![Line::default()], more].concat()), below);
}

fn draw_entries(frame: &mut Frame<'_>, area: Rect, model: &Model, entries: &[Activity], cursor: usize, theme: Theme) {
    let (count, height) = (entries.len(), usize::from(area.height));
    // The last column has the arrows, where there are more entries than lines.
    let room = usize::from(area.width).saturating_sub(usize::from(count > height));
    let top = (cursor + 1).saturating_sub(usize::from(area.height).max(1));
    for ((index, entry), y) in entries.iter().enumerate().skip(top).zip(area.top()..area.bottom()) {
        let (words, role) = row(model, entry, room);
        let line = text::pad(&text::shorten(&words, room), room);
        let role = if index == cursor { Role::Focus } else { role };
        let place = Rect { y, height: 1, ..area };
        frame.render_widget(Line::styled(line, theme.style(role)), place);
        clicks::note(frame.buffer_mut(), place, Choice::opened(index == cursor), true);
    }
    arrows(frame, area, area.width.saturating_sub(1), (top > 0, count > top + height), theme);
}

/// Tokens of another sign-in that were replaced: how many are revoked, and which are not.
fn left_behind(lang: Lang, leaving: &Leaving) -> (&'static str, String, Role) {
    let revoked = (leaving.revoked > 0).then(|| texts::log_replaced_revoked(lang, leaving.revoked));
    let live = leaving.live.iter().map(|held| format!("{} {}", token::kind_short(lang, held.kind), held.fingerprint));
    let live = live.collect::<Vec<_>>().join(", ");
    let live = (!live.is_empty()).then(|| texts::log_replaced_live(lang, &live));
    let (mark, role) = if live.is_some() { ("▲", Role::Warning) } else { ("✓", Role::Normal) };
    (mark, revoked.into_iter().chain(live).collect::<Vec<_>>().join("; "), role)
}

/// The entry as a row of the list, as long as it is.
fn row(model: &Model, entry: &Activity, room: usize) -> (String, Role) {
    let (mark, words, role) = words(model, &entry.event);
    let when = text::pad(&when(model, entry, room), if room < 60 { 7 } else { 17 });
    (format!(" {when} {mark} {words}"), role)
}

/// What stands under the list: the row in full where it is cut, and what else there is to know.
fn below(model: &Model, entry: &Activity, area: Rect, room: (usize, usize), theme: Theme) -> Vec<Line<'static>> {
    let is_cut = text::width(&row(model, entry, area.width.into()).0) > usize::from(area.width);
    // A fault tells itself, in full.
    let is_told = matches!(&entry.event, Event::Synced { record, .. } if record.fault.is_some());
    let mut lines = if is_cut && !is_told { in_full(model, entry, room.0, theme) } else { Vec::new() };
    let rest = room.1.saturating_sub(lines.len());
    lines.extend(more(model, entry, (room.0, rest), theme));
    lines
}

fn in_full(model: &Model, entry: &Activity, room: usize, theme: Theme) -> Vec<Line<'static>> {
    let (mark, words, role) = words(model, &entry.event);
    let lines = text::wrap(&format!("{mark} {words}"), room);
    lines.into_iter().map(|line| Line::styled(line, theme.style(role))).collect()
}

fn when(model: &Model, entry: &Activity, room: usize) -> String {
    if room < 60 { short_ago(model, entry) } else { time::moment_in_list(entry.at) }
}

fn short_ago(model: &Model, entry: &Activity) -> String {
    let seconds = model.now.duration_since(entry.at).as_secs();
    time::short(model.lang, u64::try_from(seconds).unwrap_or(0))
}

fn words(model: &Model, event: &Event) -> (&'static str, String, Role) {
    let lang = model.lang;
    match event {
        Event::Synced { record, inserted, updated, .. } => synced(lang, record, *inserted, *updated),
        Event::Tested { passed: true, .. } => ("✓", texts::log_test_passed(lang).to_owned(), Role::Normal),
        Event::Tested { passed: false, failed_step } => {
            let words = match failed_step {
                Some(id) => texts::log_test_failed_at(lang, step::title(lang, *id)),
                None => texts::log_test_failed(lang).to_owned(),
            };
            ("✗", words, Role::Error)
        }
        Event::Swept { kind, record } => {
            let words = sweeps::verified(lang, step::kind(lang, *kind), &sweeps::found(lang, record));
            if record.is_clean() { ("✓", words, Role::Normal) } else { ("▲", words, Role::Warning) }
        }
        Event::SweepFailed { kind, fault } => {
            let words = sweeps::failed(lang, step::kind(lang, *kind), &faults::summary(lang, fault));
            ("▲", words, Role::Warning)
        }
        Event::IdentityChanged { parts } => {
            let parts: Vec<_> = parts.iter().map(|part| part.key()).collect();
            ("~", sweeps::another_identity(lang, &parts.join(", ")), Role::Normal)
        }
        Event::Added => ("+", texts::log_added(lang).to_owned(), Role::Normal),
        Event::Edited { keys } => ("~", texts::log_edited(lang, &keys.join(", ")), Role::Normal),
        Event::Renamed { from, to } => ("~", renaming::logged(lang, from, to), Role::Normal),
        Event::SignedIn => ("+", texts::log_signed_in(lang).to_owned(), Role::Normal),
        Event::Fixed { done } => ("~", fixed(lang, done), Role::Normal),
        Event::Rotated { rotated } => {
            let mark = if rotated.left.is_some() { "▲" } else { "✓" };
            (mark, texts::log_rotated(lang, rotated.revoked), Role::Normal)
        }
        Event::LeftBehind { leaving } => left_behind(lang, leaving),
        Event::Confirmed { items } => ("✓", texts::log_confirmed(lang, &titles(model, items)), Role::Normal),
        Event::Withdrawn { item } => ("~", texts::log_withdrawn(lang, &title(model, item)), Role::Normal),
        Event::TokensRevoked { revoked, fault: None } => {
            ("✓", texts::log_revoked(lang, &revoked.join(", ")), Role::Normal)
        }
        Event::TokensRevoked { fault: Some(fault), .. } => {
            ("✗", texts::log_not_revoked(lang, &faults::summary(lang, fault)), Role::Error)
        }
    }
}

fn titles(model: &Model, items: &[ItemId]) -> String {
    items.iter().map(|item| title(model, item)).collect::<Vec<_>>().join(", ")
}

/// What an item is called, in the words of the partner whose own it is.
fn title(model: &Model, item: &ItemId) -> String {
    let open = model.screens().find_map(|screen| match screen {
        Screen::Connection(screen) => model.entry(&screen.name),
        _ => None,
    });
    let spec = open.and_then(|entry| model.catalogue.get(&entry.connection.partner));
    let own = spec.and_then(|spec| spec.check_words(item));
    own.map_or_else(|| checklist::title(model.lang, item), |words| words.title.in_lang(model.lang).to_owned())
}

/// Who changed what, from what, to what.
fn fixed(lang: Lang, done: &Done) -> String {
    let change = |change: &Change| {
        let before = change.before.as_deref().unwrap_or("–");
        format!("{} {}: {before} → {}", change.record, change.column, change.after)
    };
    texts::log_fixed(lang, &done.by, &done.changes.iter().map(change).collect::<Vec<_>>().join(", "))
}

fn synced(lang: Lang, record: &SyncRecord, inserted: u64, updated: u64) -> (&'static str, String, Role) {
    let changed = number::grouped(lang, record.changed);
    if record.was_stopped() {
        return ("○", texts::log_sync_stopped(lang, &changed), Role::Normal);
    }
    if let Some(fault) = &record.fault {
        let (mark, role) = weight(fault);
        return (mark, texts::log_sync_failed(lang, &faults::summary(lang, fault)), role);
    }
    if !record.complete {
        return ("▲", texts::log_sync_partly(lang, &changed), Role::Warning);
    }
    let words = texts::log_synced(lang, &changed, &number::grouped(lang, inserted), &number::grouped(lang, updated));
    ("✓", words, Role::Normal)
}

/// An entry in full: its words, which its row may have no room for, when it was, and what else there is to know.
fn whole(model: &Model, entry: &Activity, pane: Rect, theme: Theme) -> Vec<Line<'static>> {
    let room = usize::from(pane.width);
    let mut lines = in_full(model, entry, room, theme);
    let moment = text::wrap(&time::moment(entry.at), room);
    lines.extend(moment.into_iter().map(|line| Line::styled(line, theme.style(Role::Dim))));
    let rest = usize::from(pane.height).saturating_sub(lines.len());
    lines.extend(more(model, entry, (room, rest), theme));
    lines
}

/// What else there is to know of an entry: what has to be done about it first.
fn more(model: &Model, entry: &Activity, room: (usize, usize), theme: Theme) -> Vec<Line<'static>> {
    let Event::Synced { record, fetched, unchanged, hidden, .. } = &entry.event else {
        return Vec::new();
    };
    let lang = model.lang;
    let mut parts = vec![
        texts::log_fetched(lang, &number::grouped(lang, *fetched), &number::grouped(lang, *unchanged)),
        duration(lang, record),
    ];
    if *hidden > 0 {
        parts.push(dashboard::hidden(lang, &number::rows(lang, *hidden)));
    }
    let mut lines: Vec<Line<'static>> = Vec::new();
    for found in &record.findings {
        let words =
            format!("▲ {} {}", findings::summary(lang, found), with_keys(model, &findings::remedy(lang, found)));
        let style = theme.style(Role::Warning);
        lines.extend(text::wrap(&words, room.0).into_iter().map(|words| Line::styled(words, style)));
    }
    let rest = (room.0, room.1.saturating_sub(lines.len()));
    lines.extend(record.fault.iter().flat_map(|fault| told(model, fault, rest, theme)));
    let parts = if lines.len() + parts.len() <= room.1 { parts } else { vec![parts.join(" · ")] };
    lines.extend(parts.iter().flat_map(|part| text::wrap(part, room.0)).map(Line::raw));
    lines
}

fn duration(lang: Lang, record: &SyncRecord) -> String {
    let millis = record.ended_at.duration_since(record.started_at).as_millis();
    time::millis(lang, u64::try_from(millis).unwrap_or_default())
}
