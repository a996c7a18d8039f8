//! How alerts become tickets: a line above the tiles, and the part of the charts about alert rules.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::model::alert_counts::{AlertCounts, DAYS, RuleFirings};
use crate::model::alert_plan::Verdict;
use crate::model::alert_view::{AlertStanding, SourceStanding};
use crate::model::fault::Retry;
use crate::texts::{alert_line as texts, charts, fault as faults, number, workspace_screen};
use crate::ui::app::model::Model;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::text;

/// In fewer cells nothing can be said.
const ROOM_FOR_WORDS: usize = 14;
/// From so many columns on the line says what it is about, as those of the workspaces do.
const ROOM_FOR_LABEL: usize = 100;

/// The counts, where there is a source.
pub fn counts(model: &Model) -> Option<&AlertCounts> {
    let standing = model.alerts.standing.value()?;
    (!standing.sources.is_empty()).then_some(&standing.counts)
}

/// Draws the line: how many alerts are fired, and what keeps any of them from becoming a ticket.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
    let Some(standing) = model.alerts.standing.value().filter(|_| area.height > 0) else { return };
    let lang = model.lang;
    let room = usize::from(area.width).saturating_sub(2);
    let whole = parts(model, standing, true);
    let width: usize = whole.iter().map(|(_, words)| text::width(words) + 3).sum();
    let fits = width <= room.saturating_sub(if room >= ROOM_FOR_LABEL { 16 } else { 0 });
    let parts = if fits { whole } else { parts(model, standing, false) };
    let (mark, role) = mark(standing, &parts);
    let mut spans = vec![Span::raw(" ")];
    if room >= ROOM_FOR_LABEL {
        let width = text::width(workspace_screen::log_analytics(lang));
        spans.push(Span::styled(format!("{}  ", text::pad(texts::alerts(lang), width)), theme.style(Role::Dim)));
    }
    spans.push(Span::styled(format!("{mark} "), theme.style(role)));
    let mut rest = room.saturating_sub(spans.iter().map(Span::width).sum());
    for (nth, (role, words)) in parts.into_iter().enumerate() {
        let gap = if nth == 0 { "" } else { " · " };
        let space = rest.saturating_sub(text::width(gap));
        if text::width(&words) > space && space < ROOM_FOR_WORDS {
            spans.push(Span::styled(text::clip(" …", rest), theme.style(role)));
            break;
        }
        let words = text::shorten(&words, space);
        rest = rest.saturating_sub(text::width(gap) + text::width(&words));
        spans.push(Span::styled(gap, theme.style(Role::Dim)));
        spans.push(Span::styled(words, theme.style(role)));
    }
    frame.render_widget(Line::from(spans), Rect { height: 1, ..area });
}

/// What the line tells, the most important first; with or without the reasons why alerts have no ticket.
fn parts(model: &Model, standing: &AlertStanding, with_reasons: bool) -> Vec<(Role, String)> {
    let (lang, counts) = (model.lang, &standing.counts);
    let figure = |count: u64| number::grouped(lang, count);
    let mut parts = vec![(Role::Title, texts::fired(lang, counts.fired))];
    for source in &standing.sources {
        if let Some(fault) = model.alerts.fault_of(source) {
            let role = if fault.retry() == Retry::No { Role::Error } else { Role::Warning };
            let name = source.settings.name.as_str();
            parts.push((role, texts::not_read(lang, name, &faults::summary(lang, fault))));
        }
    }
    let misses = |source: &&SourceStanding| source.states().any(|(_, state)| !state.missing(model.now).is_empty());
    for source in standing.sources.iter().filter(misses) {
        parts.push((Role::Warning, texts::may_miss(lang, source.settings.name.as_str())));
    }
    if let Some(fault) = &standing.rules.fault {
        let words = if fault.is_wait() { texts::rules_half_written } else { texts::rules_unusable };
        parts.push((Role::Warning, words(lang).to_owned()));
    } else if standing.rules.enabled == 0 {
        parts.push((Role::Warning, texts::no_rules(lang).to_owned()));
    }
    let [lost, doubled] = [counts.lost.len(), counts.doubled.len()].map(|count| count as u64);
    let counted = [
        (counts.refused, texts::refused(lang, &figure(counts.refused))),
        (counts.unsure, texts::unsure(lang, &figure(counts.unsure))),
        (lost, texts::lost(lang, &figure(lost))),
        (doubled, texts::doubled(lang, &figure(doubled))),
    ];
    let troubled = counted.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| (Role::Warning, words));
    // Where the line is short, they come before what may be all right.
    let (first, last): (Vec<_>, Vec<_>) = troubled.partition(|_| !with_reasons);
    parts.extend(first);
    if counts.without_ticket() > 0 {
        let role = if counts.unwanted() > 0 { Role::Warning } else { Role::Normal };
        let count = figure(counts.without_ticket());
        let words = match with_reasons {
            true => texts::without_ticket(lang, &count, &reasons(model, counts)),
            false => texts::without_ticket_short(lang, &count),
        };
        parts.push((role, words));
    } else if counts.fired > 0 {
        let words = if counts.fired == 1 { texts::it_has_a_ticket } else { texts::all_have_tickets };
        parts.push((Role::Ok, words(lang).to_owned()));
    }
    parts.extend(last);
    for fault in standing
        .sources
        .iter()
        .flat_map(|source| source.states())
        .filter_map(|(_, state)| state.acknowledge_fault.as_ref())
        .take(1)
    {
        parts.push((Role::Warning, faults::summary(lang, fault)));
    }
    if standing.sources.iter().all(|source| source.read_at().is_none()) {
        parts.push((Role::Dim, texts::not_read_yet(lang).to_owned()));
    }
    parts
}

/// Why fired alerts have no ticket, in a few words.
fn reasons(model: &Model, counts: &AlertCounts) -> String {
    let lang = model.lang;
    let words = |(reason, number): (&Option<Verdict>, &u64)| {
        let count = number::grouped(lang, *number);
        match reason {
            None => texts::waiting(lang, &count),
            Some(Verdict::NoRule) => texts::no_rule(lang, *number),
            Some(Verdict::Suppressed) => texts::muted(lang, &count),
            Some(Verdict::BeforeStart) => texts::before(lang, &count),
            Some(Verdict::NoTicketForSeverity) => texts::severity(lang, &count),
            Some(_) => texts::other(lang, *number),
        }
    };
    counts.without.iter().map(words).collect::<Vec<_>>().join(", ")
}

/// The mark in front of it: the worst that it tells.
fn mark(standing: &AlertStanding, parts: &[(Role, String)]) -> (&'static str, Role) {
    let has = |wanted: Role| parts.iter().any(|(role, _)| *role == wanted);
    match () {
        () if has(Role::Error) => ("✗", Role::Error),
        () if has(Role::Warning) => ("▲", Role::Warning),
        () if standing.sources.iter().all(|source| source.read_at().is_none()) => ("○", Role::Dim),
        () => ("●", Role::Ok),
    }
}

/// A column of the table of rules: its head, and its count.
type Column = (&'static str, fn(&RuleFirings) -> u64);

/// A heading and a line for each rule in Azure that fired: its alerts, its tickets, and how many were muted.
pub fn rules(model: &Model, (room, height): (usize, usize), theme: Theme) -> Vec<Line<'static>> {
    let (lang, Some(counts)) = (model.lang, counts(model)) else { return Vec::new() };
    let mut lines = vec![Line::styled(text::clip(&charts::rules(lang, DAYS), room), theme.style(Role::Title))];
    if counts.rules.is_empty() {
        lines.push(Line::styled(charts::no_alerts(lang), theme.style(Role::Dim)));
        return lines;
    }
    let mut columns: Vec<Column> =
        vec![(charts::head_alerts(lang), |rule| rule.alerts), (charts::head_tickets(lang), |rule| rule.tickets)];
    if counts.rules.iter().any(|rule| rule.muted > 0) {
        columns.push((charts::head_muted(lang), |rule| rule.muted));
    }
    let fits = height.saturating_sub(2);
    let all = counts.rules.len() + counts.more_rules;
    let shown = if all > fits { fits.saturating_sub(1) } else { all }.min(counts.rules.len());
    let rules = counts.rules.get(..shown).unwrap_or_default();
    let figure = |count: u64| number::grouped(lang, count);
    let width = |(head, of): &Column| {
        rules.iter().map(|rule| text::width(&figure(of(rule)))).chain([text::width(head)]).max().unwrap_or(0)
    };
    // The name has a third of the room at least; the muted ones are left out first.
    while columns.len() > 1 && columns.iter().map(|column| width(column) + 2).sum::<usize>() + room / 3 > room {
        columns.pop();
    }
    let figures: usize = columns.iter().map(|column| width(column) + 2).sum();
    let name = room.saturating_sub(figures);
    let line = |named: &str, told: &dyn Fn(&Column) -> String| {
        let cells: String =
            columns.iter().map(|column| format!("  {}", text::pad_left(&told(column), width(column)))).collect();
        format!("{}{cells}", text::pad(named, name))
    };
    lines.push(Line::styled(line("", &|(head, _)| (*head).to_owned()), theme.style(Role::Dim)));
    for rule in rules {
        let role = if rule.tickets == 0 && rule.alerts > rule.muted { Role::Normal } else { Role::Accent };
        lines.push(Line::styled(line(&rule.name, &|(_, of)| figure(of(rule))), theme.style(role)));
    }
    if all > shown {
        lines.push(Line::styled(charts::more(lang, &figure((all - shown) as u64)), theme.style(Role::Dim)));
    }
    lines
}
