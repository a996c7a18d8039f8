//! The lines above the table: each source with when it was read and is read next, and what somebody should know.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::model::alert_view::SourceStanding;
use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::texts::{alerts_screen as texts, connection, counted, fault as faults, time};
use crate::ui::app::alerts::head::{Note, notes};
use crate::ui::app::model::Model;
use crate::ui::app::remote::Remote;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::text;

/// Draws a line for each source, as many as fit; the last one tells how many more there are.
pub fn draw_sources(frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
    let (room, all) = (usize::from(area.width).saturating_sub(1), model.alerts.sources());
    if all.is_empty() {
        // Once they are read, the list says what to do.
        let is_read = matches!(model.alerts.standing, Remote::Ready(..) | Remote::Stale(..));
        let words = if is_read { "" } else { connection::loading(model.lang) };
        return frame.render_widget(Line::styled(format!(" {words}"), theme.style(Role::Dim)), area);
    }
    let height = usize::from(area.height);
    let hidden = all.len().saturating_sub(height);
    for (index, (source, y)) in all.iter().zip(area.top()..area.bottom()).enumerate() {
        let more = (index + 1 == height && hidden > 0).then(|| texts::more_sources(model.lang, hidden as u64));
        let line = source_line(model, source, &more.unwrap_or_default(), room, theme);
        frame.render_widget(line, Rect { y, height: 1, ..area });
    }
}

fn source_line(model: &Model, source: &SourceStanding, more: &str, room: usize, theme: Theme) -> Line<'static> {
    let lang = model.lang;
    let (mark, role) = mark(model, source);
    let count = counted::subscriptions(lang, source.settings.subscriptions.len() as u64);
    let (read, next) = (read(model, source), next(model, source));
    // What does not fit gives way, the number of subscriptions first.
    let (name, reserve) = (source.settings.name.to_string(), text::width(more) + 2);
    let whole = [name.clone(), count, read.clone(), next.clone()];
    let shorter = [name.clone(), read, next.clone()];
    let shortest = [name, next];
    let choices: [&[String]; 3] = [&whole, &shorter, &shortest];
    let told = |parts: &[String]| parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" · ");
    let fitting = choices.into_iter().map(told).find(|told| text::width(told) + 3 + reserve <= room);
    let words = fitting.unwrap_or_else(|| told(&shortest));
    let words = text::ends(&text::clip(&words, room.saturating_sub(3)), more, room.saturating_sub(3));
    Line::from(vec![Span::styled(format!(" {mark} "), theme.style(role)), Span::raw(words)])
}

/// The mark of a source.
pub fn mark(model: &Model, source: &SourceStanding) -> (&'static str, Role) {
    let known = &model.alerts;
    match known.fault_of(source) {
        _ if known.poll(&source.settings.name).is_some_and(|poll| poll.task.is_some()) => ("◌", Role::Accent),
        Some(fault) if fault.is_wait() => ("▲", Role::Warning),
        Some(_) => ("✗", Role::Error),
        None if source.read_at().is_none() && !misses(model, source) => ("○", Role::Dim),
        None if is_empty(source) || misses(model, source) => ("▲", Role::Warning),
        None => ("●", Role::Ok),
    }
}

/// Whether alerts of some time may be missing.
fn misses(model: &Model, source: &SourceStanding) -> bool {
    source.states().any(|(_, state)| !state.missing(model.now).is_empty())
}

/// Whether Azure showed no alert of any subscription.
fn is_empty(source: &SourceStanding) -> bool {
    source.subscriptions.iter().all(|(_, state)| state.as_ref().is_some_and(|state| state.empty))
}

/// When a source was read.
pub fn read(model: &Model, source: &SourceStanding) -> String {
    let lang = model.lang;
    match source.read_at() {
        None => texts::never_read(lang).to_owned(),
        Some(_) if is_empty(source) => texts::none_visible(lang).to_owned(),
        Some(at) => texts::read(lang, &time::ago(lang, at, model.now)),
    }
}

/// When it is read next.
pub fn next(model: &Model, source: &SourceStanding) -> String {
    let (lang, now, known) = (model.lang, model.now, &model.alerts);
    match known.poll(&source.settings.name).filter(|poll| poll.task.is_some()) {
        Some(poll) if poll.stopping => return texts::stopping(lang).to_owned(),
        Some(_) => return texts::reading(lang).to_owned(),
        None => {}
    }
    let Some(next) = known.next(source, now) else { return texts::by_hand(lang).to_owned() };
    if next <= now {
        return texts::due(lang).to_owned();
    }
    let until = time::until(lang, next, now);
    if source.not_before(now).is_some() {
        return texts::azure_waits(lang, &until);
    }
    let waits = source.states().filter_map(|(_, state)| state.not_before).filter(|until| *until > now).max();
    match waits {
        Some(waits) => texts::some_wait(lang, &time::until(lang, waits, now)),
        None => texts::next(lang, &until),
    }
}

/// Draws what somebody should know, as much as fits.
pub fn draw_notes(frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
    let (room, height) = (usize::from(area.width).saturating_sub(6), usize::from(area.height));
    let all = notes(model);
    let hidden = all.len().saturating_sub(height);
    for (index, (note, y)) in all.iter().zip(area.top()..area.bottom()).enumerate() {
        let more =
            if index + 1 == height && hidden > 0 { texts::more_notes(model.lang, hidden) } else { String::new() };
        let (mark, role) = match note {
            note if note.is_notice() => ("·", Role::Dim),
            Note::NoRules
            | Note::NoneEnabled
            | Note::Unseen(_)
            | Note::Lost(..)
            | Note::Doubled(..)
            | Note::Missed(..)
            | Note::Shared(..)
            | Note::Unacknowledged(..)
            | Note::Rules(_, true) => ("▲", Role::Warning),
            _ => ("✗", Role::Error),
        };
        let reserve = if more.is_empty() { 0 } else { text::width(&more) + 2 };
        let room_for_words = room.saturating_sub(reserve);
        let words = text::shorten(&words(model.lang, note, room_for_words), room_for_words);
        let words = text::ends(&words, &more, room);
        let line = Line::from(vec![Span::styled(format!("   {mark} "), theme.style(role)), Span::raw(words)]);
        frame.render_widget(line, Rect { y, height: 1, ..area });
    }
}

/// A note in one line of this room.
fn words(lang: Lang, note: &Note, room: usize) -> String {
    let told = match note {
        Note::NotRead(fault) | Note::Follow(fault) => faults::summary(lang, fault),
        Note::Source(name, fault) => texts::note_source(lang, name.as_str(), &faults::summary(lang, fault)),
        Note::Rules(fault, true) => texts::note_rules_last(lang, &rules(lang, fault)),
        Note::Rules(fault, false) => rules(lang, fault),
        Note::NoRules => texts::note_no_rules(lang).to_owned(),
        Note::NoneEnabled => texts::note_none_enabled(lang).to_owned(),
        Note::Tickets { connection, refused, .. } if *refused > 0 => texts::note_refused(lang, *refused, connection),
        Note::Tickets { connection, unsure, .. } if *unsure > 0 => texts::note_unsure(lang, *unsure, connection),
        Note::Tickets { connection, waiting, fault, .. } => {
            let why = fault.as_ref().map(|fault| faults::summary(lang, fault)).unwrap_or_default();
            texts::note_waiting(lang, *waiting, connection, &why)
        }
        Note::Unacknowledged(source, waiting, fault) => {
            texts::note_unacknowledged(lang, source, &counted::alerts(lang, *waiting), &faults::summary(lang, fault))
        }
        Note::Missed(name, missed) => texts::note_missed(
            lang,
            name.as_str(),
            &time::moment_in_list(missed.from),
            &time::moment_in_list(missed.to),
        ),
        Note::Lost(one, 0) => texts::note_lost(lang, &one.number, &one.connection),
        Note::Lost(_, more) => texts::note_lost_several(lang, (more + 1) as u64),
        Note::Doubled(number, 0) => texts::note_doubled(lang, number),
        Note::Doubled(number, more) => texts::note_doubled_several(lang, number, &more.to_string()),
        Note::Unseen(count) => texts::note_unseen(lang, *count),
        // Half an id is worse than none.
        Note::Shared(subscription, sources) if text::width(subscription) + 1 > room => {
            texts::note_shared_short(lang, sources)
        }
        Note::Shared(subscription, sources) => texts::note_shared(lang, subscription, sources),
        Note::OtherDecides => texts::note_other_decides(lang).to_owned(),
        Note::OtherWrites(connection, _) => texts::note_other_writes(lang, connection),
    };
    let told = clean(&told, false);
    // The key that leads to it, where it has room.
    let with_key = match note {
        Note::NoRules | Note::NoneEnabled => texts::note_rules_key(lang, &told),
        Note::Missed(..) | Note::Shared(..) => texts::note_sources_key(lang, &told),
        note if note.is_of_tickets() => texts::note_tickets_key(lang, &told),
        _ => return told,
    };
    if text::width(&with_key) <= room { with_key } else { told }
}

/// The first problem of a file of rules with its line, or why it cannot be read.
fn rules(lang: Lang, fault: &Fault) -> String {
    match fault {
        Fault::RulesWrong { problems, .. } => {
            problems.first().map(|one| crate::texts::alert::problem(lang, one)).unwrap_or_default()
        }
        fault => faults::summary(lang, fault),
    }
}
