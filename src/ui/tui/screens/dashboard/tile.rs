//! One tile: a connection's counts, its sync, its sign-in, its last fault.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Paragraph};

use super::status;
use crate::model::lang::Lang;
use crate::model::priority::is_unset;
use crate::model::summary::KindSummary;
use crate::model::token::Urgency;
use crate::model::work_item::{Value, WorkItemKind};
use crate::texts::{dashboard as texts, number, partner as words};
use crate::ui::app::model::{Entry, Model};
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::{bar, mark, sparkline, text};

/// Cells of the bar behind a state's count.
const BAR: usize = 6;
/// A tile of so many columns has room for the longest name of a kind beside its numbers.
const ROOM_FOR_LABELS: usize = 44;

/// Draws a tile; the one in focus has a heavy frame and its name reversed.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, entry: &Entry, focused: bool, theme: Theme) {
    let block = framed(area, model, entry, focused, theme);
    let inner = block.inner(area);
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    let lines = lines(model, entry, (usize::from(inner.width), focused), theme);
    let (lines, left_out) = fitted(lines, usize::from(inner.height));
    let more = if left_out > 0 { format!(" +{left_out} ") } else { String::new() };
    let more = Line::styled(more, theme.style(Role::Dim)).right_aligned();
    frame.render_widget(block.title_bottom(more), area);
    frame.render_widget(Paragraph::new(lines), inner);
}

fn framed(area: Rect, model: &Model, entry: &Entry, focused: bool, theme: Theme) -> Block<'static> {
    let health = health(model, entry, theme);
    let room = usize::from(area.width).saturating_sub(health.width() + 6);
    let name = text::clip(&format!(" {} ", entry.connection.name), room);
    let partner = partner_within(model, entry, room.saturating_sub(text::width(&name)));
    let name_role = if focused { Role::Focus } else { Role::Title };
    let title = Line::from(vec![Span::styled(name, theme.style(name_role)), Span::raw(partner)]);
    let (border, role) = if focused { (BorderType::Thick, Role::Accent) } else { (BorderType::Rounded, Role::Dim) };
    Block::bordered()
        .border_type(border)
        .border_style(theme.style(role))
        .title(title.style(theme.style(Role::Normal)))
        .title(Line::from(vec![Span::raw(" "), health, Span::raw(" ")]).right_aligned())
}

/// The health with its mark, or that the counts are not there yet.
pub fn health(model: &Model, entry: &Entry, theme: Theme) -> Span<'static> {
    match entry.health(model.now) {
        Some(health) => mark::health(model.lang, theme, health),
        None => Span::styled(texts::counting(model.lang), theme.style(Role::Dim)),
    }
}

/// The product's name, and whether it is a practice server.
pub fn partner(model: &Model, entry: &Entry) -> String {
    match entry.connection.server_url.is_practice() {
        true => format!("─ {} ({}) ", product(model, entry), texts::practice(model.lang)),
        false => format!("─ {} ", product(model, entry)),
    }
}

/// The product's name.
pub fn product<'a>(model: &'a Model, entry: &'a Entry) -> &'a str {
    let id = &entry.connection.partner;
    model.catalogue.get(id).map_or(id.as_str(), |spec| spec.name.as_str())
}

/// As much of it as has room whole: with what follows it, the product alone, or nothing.
fn partner_within(model: &Model, entry: &Entry, room: usize) -> String {
    let whole = partner(model, entry);
    let short = format!("─ {} ", product(model, entry));
    [whole, short].into_iter().find(|words| text::width(words) <= room).unwrap_or_default()
}

/// What a trend is worth.
const DRAWN: u8 = 1;

/// A line and what it is worth: where there is no room for all, those worth least go first.
type Weighed = (u8, Line<'static>);

/// What it has to show.
pub(super) fn lines(model: &Model, entry: &Entry, (room, focused): (usize, bool), theme: Theme) -> Vec<Weighed> {
    let mut lines: Vec<Weighed> = Vec::new();
    for kind in &entry.connection.work_items {
        lines.extend(kind_lines(model, entry, *kind, room, theme));
    }
    lines.push((8, status::sync_line(model, entry, room, theme)));
    let (worth, sign_in) = match entry.is_signed_out() {
        true if focused => (8, status::sign_in(model, entry, room, theme)),
        // Its key is for the connection in focus.
        true => (8, Line::styled(format!("✗ {}", texts::is_signed_out(model.lang)), theme.style(Role::Error))),
        false => (6, status::sign_in(model, entry, room, theme)),
    };
    lines.push((worth, sign_in));
    lines.extend(support_line(model, entry, room, theme).map(|line| (5, line)));
    let urgent = entry.summary.value().is_some_and(|summary| summary.client_secret_urgency(model.now) != Urgency::None);
    let worth = if urgent { 7 } else { 5 };
    lines.extend(status::client_secret(model, entry, room, theme).map(|line| (worth, line)));
    lines.extend(status::sweep_line(model, entry, room, theme).map(|line| (4, line)));
    lines.extend(status::fault_line(model, entry, room, theme).map(|line| (7, line)));
    lines.extend(status::finding_line(model, entry, room, theme).map(|line| (7, line)));
    lines
}

/// When the product's support ends, where an end is known.
fn support_line(model: &Model, entry: &Entry, room: usize, theme: Theme) -> Option<Line<'static>> {
    let spec = model.catalogue.get(&entry.connection.partner)?;
    let long = format!("▲ {}", words::support(model.lang, spec, model.now)?);
    let date = format!("▲ {}", words::support_date(model.lang, spec, model.now)?);
    let dated = format!("{date}; {}", words::export_short(model.lang));
    let fits = [long, dated].into_iter().find(|words| text::width(words) <= room);
    Some(Line::styled(text::clip(&fits.unwrap_or(date), room), theme.style(Role::Warning)))
}

/// As many lines as there are rows, and how many were left out, but for what is only drawn.
fn fitted(mut lines: Vec<Weighed>, height: usize) -> (Vec<Line<'static>>, usize) {
    let mut left_out = 0;
    while lines.len() > height {
        let least = lines.iter().enumerate().rev().min_by_key(|(_, (worth, _))| *worth).map(|(at, _)| at);
        let Some((worth, _)) = least.map(|at| lines.remove(at)) else { break };
        left_out += usize::from(worth > DRAWN);
    }
    (lines.into_iter().map(|(_, line)| line).collect(), left_out)
}

/// Columns of the kinds' names: as wide as the widest where numbers fit beside it.
fn label_width(lang: Lang, room: usize) -> usize {
    let widest = text::width(texts::kinds(lang, WorkItemKind::ChangeRequest));
    if room < ROOM_FOR_LABELS { 15.min(room) } else { widest.max(15) }
}

fn kind_lines(model: &Model, entry: &Entry, kind: WorkItemKind, room: usize, theme: Theme) -> Vec<Weighed> {
    let lang = model.lang;
    let width = label_width(lang, room);
    let name = text::fitting([texts::kinds(lang, kind), texts::kinds_short(lang, kind)].map(str::to_owned), width);
    let label = text::pad(&name, width);
    let Some(counts) = entry.counts(kind) else {
        let told = if entry.summary.value().is_some() { texts::not_synced_yet(lang) } else { "…" };
        let line = Line::from(vec![Span::raw(label), Span::styled(format!("  {told}"), theme.style(Role::Dim))]);
        return vec![(9, line)];
    };
    let (total, trend) = total_line(model, label, counts, room, theme);
    let mut lines =
        vec![(9, total), (2, states(lang, counts, room, theme)), (3, priorities(lang, counts, room, theme))];
    lines.extend(trend.map(|trend| (DRAWN, trend)));
    lines
}

/// The counts, and the trend behind them, or where it has no room there in a line of its own.
fn total_line(
    model: &Model,
    label: String,
    counts: &KindSummary,
    room: usize,
    theme: Theme,
) -> (Line<'static>, Option<Line<'static>>) {
    // What is wider than its column pushes the rest aside: a number is never cut.
    let padded = |count: u64, width: usize| format!("{:>width$}", number::grouped(model.lang, count));
    let mut line = Line::from(vec![
        Span::raw(label),
        Span::raw("  "),
        Span::styled(padded(counts.total, 7), theme.style(Role::Title)),
        Span::raw("  "),
        Span::raw(texts::open(model.lang, &padded(counts.open, 5))),
    ]);
    if line.width() > room {
        line.spans.truncate(3);
    }
    let trend = trend(model.lang, counts, theme);
    if line.width() + 2 + trend.width() <= room {
        line.push_span(Span::raw("  "));
        line.extend(trend.spans);
        return (line, None);
    }
    let own = Line::from([vec![Span::raw("  ")], trend.spans].concat());
    let fits = own.width() <= room;
    (line, fits.then_some(own))
}

/// New items a day, with the highest number.
fn trend(lang: Lang, counts: &KindSummary, theme: Theme) -> Line<'static> {
    let most = counts.trend.iter().copied().max().unwrap_or(0);
    let shown = sparkline::sparkline(&counts.trend, counts.trend.len());
    Line::from(vec![
        Span::styled(format!("{} ", texts::new_a_day(lang, counts.trend.len())), theme.style(Role::Dim)),
        Span::styled(shown, theme.style(Role::Accent)),
        Span::styled(format!(" {}", texts::at_most(lang, &number::grouped(lang, most))), theme.style(Role::Dim)),
    ])
}

/// The states of open items with their counts and bars, as many as fit; how many more there are.
fn states(lang: Lang, counts: &KindSummary, room: usize, theme: Theme) -> Line<'static> {
    let part = |(state, count): &(Value, u64)| {
        let bar = bar::bar(*count, counts.open, BAR);
        vec![Span::raw(counted(lang, state, *count)), Span::styled(bar, theme.style(Role::Accent)), Span::raw(" ")]
    };
    as_many_as_fit(counts.open_by_state.iter().map(part).collect(), room, theme)
}

/// Parts of a line as long as they fit whole; how many did not is told at its end.
fn as_many_as_fit(parts: Vec<Vec<Span<'static>>>, room: usize, theme: Theme) -> Line<'static> {
    let width = |spans: &[Span<'_>]| spans.iter().map(Span::width).sum::<usize>();
    let all = parts.len();
    let mut line = Line::raw(" ");
    for (at, part) in parts.into_iter().enumerate() {
        let more = format!(" +{}", all - at);
        let reserve = if at + 1 == all { 0 } else { text::width(&format!(" +{}", all - at - 1)) };
        if line.width() + width(&part) + reserve > room {
            line.push_span(Span::styled(text::clip(&more, room.saturating_sub(line.width())), theme.style(Role::Dim)));
            break;
        }
        line.extend(part);
    }
    line
}

/// A choice with its count. One that was left empty has a name as well; one that is a number is set apart from the
/// count behind it.
fn counted(lang: Lang, choice: &Value, count: u64) -> String {
    let count = number::grouped(lang, count);
    match choice.shown().trim() {
        "" => format!(" {} {count} ", texts::unset(lang)),
        name if name.ends_with(|last: char| last.is_ascii_digit()) => format!(" {name}: {count} "),
        name => format!(" {name} {count} "),
    }
}

/// Open items by priority, the most urgent first, in the colour of a warning.
fn priorities(lang: Lang, counts: &KindSummary, room: usize, theme: Theme) -> Line<'static> {
    let all = &counts.open_by_priority;
    let part = |(at, (priority, count)): (usize, &(Value, u64))| {
        let urgent = at == 0 && !is_unset(priority) && all.len() > 1;
        let role = if urgent { Role::Warning } else { Role::Normal };
        vec![Span::styled(counted(lang, priority, *count), theme.style(role))]
    };
    as_many_as_fit(all.iter().enumerate().map(part).collect(), room, theme)
}
