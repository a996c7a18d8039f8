//! What all connections hold together, below the tiles: work items created, impacted computers, alert rules, and the open
//! items by priority, age and group.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::{alerts, days, impact};
use crate::model::overview::{OldItem, Overview, Ranking};
use crate::model::priority::{self, is_unset};
use crate::model::work_item::Value;
use crate::texts::{charts as texts, dashboard, fault as faults, number, time};
use crate::ui::app::dashboard::Charts;
use crate::ui::app::model::Model;
use crate::ui::app::remote::Remote;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::{bar, text};

/// From so many columns on there is a third column of charts.
const ROOM_FOR_THREE: u16 = 116;
/// Lines of one chart at least, and from how many on there are two rows of them.
const TWO_ROWS: u16 = 18;
/// Cells between charts.
const GAP: u16 = 2;
/// Cells of the wide chart at least, for its legend.
const LEAST_WIDE: u16 = 60;
/// The least cells of a bar.
const LEAST_BAR: usize = 4;

/// Draws as many charts as have room.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, charts: &Charts, theme: Theme) {
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let (Remote::Ready(overview, at) | Remote::Stale(overview, at, _)) = &charts.overview else {
        let (words, role) = match charts.overview.fault() {
            Some(fault) => (format!("✗ {}", faults::summary(model.lang, fault)), Role::Error),
            None => (dashboard::counting(model.lang).to_owned(), Role::Dim),
        };
        return frame.render_widget(Line::styled(text::clip(&words, usize::from(area.width)), theme.style(role)), area);
    };
    let place = |area: Rect| (usize::from(area.width), usize::from(area.height));
    let mut parts = parts(model).into_iter();
    for (nth, row) in rows(area).into_iter().enumerate() {
        let [first, narrow @ ..] = columns(row, |room| days::used(model.lang, overview, room));
        match nth {
            0 => days::draw(frame, first, model.lang, (overview, *at), theme),
            _ => panel(frame, first, oldest(model, overview, place(first), theme)),
        }
        for area in narrow.into_iter().filter(|area| area.width > 0 && area.height > 1) {
            let Some(part) = parts.next() else { break };
            panel(frame, area, part.lines(model, overview, place(area), theme));
        }
    }
}

/// From so many columns on the lists of computers and of alert rules stand beside each other.
const ROOM_FOR_TWO: u16 = 72;

/// Draws what is told in lists alone, where charts have no room: impacted computers, and the alert rules.
pub fn draw_lists(frame: &mut Frame<'_>, area: Rect, model: &Model, charts: &Charts, theme: Theme) {
    let Some(overview) = charts.overview.value() else { return };
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let shown: Vec<_> = parts(model).into_iter().filter(|part| matches!(part, Part::Computers | Part::Rules)).collect();
    let count = if area.width + 2 < ROOM_FOR_TWO { 1 } else { shown.len().max(1) };
    let places = Layout::horizontal(vec![Constraint::Fill(1); count]).spacing(GAP).split(area);
    for (part, place) in shown.into_iter().zip(places.iter().copied()) {
        let room = (usize::from(place.width), usize::from(place.height));
        panel(frame, place, part.lines(model, overview, room, theme));
    }
}

/// A narrow part of the charts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Computers,
    Rules,
    Priorities,
    Ages,
    Groups,
}

/// The parts in the order in which they get a place.
fn parts(model: &Model) -> Vec<Part> {
    let mut parts = vec![Part::Computers];
    parts.extend(alerts::counts(model).map(|_| Part::Rules));
    parts.extend([Part::Priorities, Part::Groups, Part::Ages]);
    parts
}

impl Part {
    fn lines(self, model: &Model, overview: &Overview, place: (usize, usize), theme: Theme) -> Vec<Line<'static>> {
        match self {
            Self::Computers => impact::computers(model.lang, overview, place, theme),
            Self::Rules => alerts::rules(model, place, theme),
            Self::Priorities => priorities_of(model, place, theme),
            Self::Ages => ages_of(model, overview, place, theme),
            Self::Groups => ranking_of(model, texts::groups(model.lang), &overview.groups, place, theme),
        }
    }
}

/// Two rows of charts, or one.
fn rows(area: Rect) -> Vec<Rect> {
    if area.height < TWO_ROWS {
        return vec![area];
    }
    Layout::vertical([Constraint::Fill(1), Constraint::Fill(1)]).spacing(1).split(area).to_vec()
}

/// A wide chart and two narrow ones, or one narrow one. What the wide one leaves goes to the last: it has the longest names.
fn columns(area: Rect, used: impl Fn(usize) -> usize) -> [Rect; 3] {
    let parts = [Constraint::Fill(8), Constraint::Fill(5), Constraint::Fill(7)];
    let [mut wide, mut narrow, mut last] = match area.width < ROOM_FOR_THREE - 2 {
        true => {
            let parts = [Constraint::Fill(5), Constraint::Fill(3)];
            let [wide, narrow] = Layout::horizontal(parts).spacing(GAP).areas(area);
            [wide, narrow, Rect::ZERO]
        }
        false => Layout::horizontal(parts).spacing(GAP).areas(area),
    };
    let used = u16::try_from(used(wide.width.into())).unwrap_or(u16::MAX).max(LEAST_WIDE);
    let left = wide.width.saturating_sub(used);
    wide.width -= left;
    narrow.x -= left;
    match last.width {
        0 => narrow.width += left,
        _ => (last.x, last.width) = (last.x - left, last.width + left),
    }
    [wide, narrow, last]
}

fn panel(frame: &mut Frame<'_>, area: Rect, lines: Vec<Line<'static>>) {
    if area.height > 1 {
        frame.render_widget(Paragraph::new(lines), area);
    }
}

/// A name, its count, and how it is drawn.
type Counted = (String, u64, Role);

/// A heading and a line with a bar for each count; what has no line is told by its number.
fn bars(
    model: &Model,
    heading: &str,
    counts: &[Counted],
    more: usize,
    (room, height): (usize, usize),
    theme: Theme,
) -> Vec<Line<'static>> {
    let mut lines = vec![Line::styled(text::clip(heading, room), theme.style(Role::Title))];
    let fits = height.saturating_sub(1);
    let shown = if counts.len() + more.min(1) > fits { fits.saturating_sub(1) } else { counts.len() };
    let figure = |count: u64| number::grouped(model.lang, count);
    let digits = counts.iter().map(|(_, count, _)| text::width(&figure(*count))).max().unwrap_or(0);
    let names = counts.iter().map(|(name, ..)| text::width(name)).max().unwrap_or(0);
    let names = names.min(room.saturating_sub(digits + 2));
    let most = counts.iter().map(|(_, count, _)| *count).max().unwrap_or(0);
    let size = room.saturating_sub(names + digits + 4);
    for (name, count, role) in counts.iter().take(shown) {
        let words = format!("{}  {}  ", text::pad(name, names), text::pad_left(&figure(*count), digits));
        let drawn = if size < LEAST_BAR { String::new() } else { bar::bar(*count, most, size) };
        let tone = if *role == Role::Normal { Role::Accent } else { *role };
        let spans = vec![Span::styled(words, theme.style(*role)), Span::styled(drawn, theme.style(tone))];
        lines.push(Line::from(spans));
    }
    let left = counts.len() - shown + more;
    if left > 0 {
        lines.push(Line::styled(texts::more(model.lang, &figure(left as u64)), theme.style(Role::Dim)));
    }
    if counts.is_empty() {
        lines.push(Line::styled(texts::none(model.lang), theme.style(Role::Dim)));
    }
    lines
}

/// Open items of all connections by priority, the most urgent in the colour of a warning.
fn priorities_of(model: &Model, place: (usize, usize), theme: Theme) -> Vec<Line<'static>> {
    let mut merged: Vec<(Value, u64)> = Vec::new();
    let summaries = model.entries().iter().filter_map(|entry| entry.summary.value());
    let all = summaries.flat_map(|summary| summary.kinds.values()).flat_map(|counts| &counts.open_by_priority);
    for (priority, count) in all {
        match merged.iter_mut().find(|(known, _)| known.value == priority.shown().trim()) {
            Some((_, sum)) => *sum += count,
            None => merged.push((Value::plain(priority.shown().trim()), *count)),
        }
    }
    priority::sort(&mut merged);
    let role = |priority: &Value| if priority::is_most_urgent(priority) { Role::Warning } else { Role::Normal };
    let name = |priority: &Value| match is_unset(priority) {
        true => dashboard::unset(model.lang).to_owned(),
        false => priority.value.clone(),
    };
    let counts: Vec<_> = merged.iter().map(|(priority, count)| (name(priority), *count, role(priority))).collect();
    bars(model, texts::priorities(model.lang), &counts, 0, place, theme)
}

fn ages_of(model: &Model, overview: &Overview, place: (usize, usize), theme: Theme) -> Vec<Line<'static>> {
    let bands = overview.ages.iter().enumerate().map(|(at, count)| (texts::band(model.lang, at), *count, Role::Normal));
    let undated =
        (overview.undated > 0).then(|| (texts::undated(model.lang).to_owned(), overview.undated, Role::Normal));
    let counts: Vec<_> = bands.chain(undated).collect();
    bars(model, texts::ages(model.lang), &counts, 0, place, theme)
}

fn ranking_of(
    model: &Model,
    heading: &str,
    ranking: &Ranking,
    place: (usize, usize),
    theme: Theme,
) -> Vec<Line<'static>> {
    let named = ranking.most.iter().map(|(name, count)| (name.clone(), *count, Role::Normal));
    let without = (ranking.without > 0).then(|| (texts::no_group(model.lang).to_owned(), ranking.without, Role::Dim));
    // Where not all fit, the items without a name are still told.
    let counts: Vec<_> = without.into_iter().chain(named).collect();
    bars(model, heading, &counts, ranking.more, place, theme)
}

/// The open items that were opened first.
fn oldest(model: &Model, overview: &Overview, (room, height): (usize, usize), theme: Theme) -> Vec<Line<'static>> {
    let lang = model.lang;
    let mut lines = vec![Line::styled(text::clip(texts::oldest(lang), room), theme.style(Role::Title))];
    let dated = overview.ages.iter().sum::<u64>();
    let fits = height.saturating_sub(1);
    let shown = if dated > fits as u64 { fits.saturating_sub(1) } else { fits }.min(overview.oldest.len());
    let items = overview.oldest.get(..shown).unwrap_or_default();
    let widest = |of: &dyn Fn(&OldItem) -> usize| items.iter().map(of).max().unwrap_or(0);
    let age = |item: &OldItem| {
        let seconds = model.now.duration_since(item.opened_at).as_secs();
        time::short(lang, u64::try_from(seconds).unwrap_or_default())
    };
    let number = widest(&|item| text::width(&item.number));
    let ages = widest(&|item| text::width(&age(item)));
    let connection = widest(&|item| text::width(&item.connection)).min(room / 4);
    for item in items {
        let head = format!("{}  {}  ", text::pad(&item.number, number), text::pad_left(&age(item), ages));
        let place = format!("{}  ", text::pad(&item.connection, connection));
        let rest = room.saturating_sub(text::width(&head) + text::width(&place));
        let role = if priority::is_most_urgent(&item.priority) { Role::Warning } else { Role::Normal };
        lines.push(Line::from(vec![
            Span::styled(head, theme.style(role)),
            Span::styled(place, theme.style(Role::Dim)),
            Span::raw(text::clip(&item.title, rest)),
        ]));
    }
    let left = dated.saturating_sub(items.len() as u64);
    if left > 0 {
        lines.push(Line::styled(texts::more(lang, &number::grouped(lang, left)), theme.style(Role::Dim)));
    }
    if items.is_empty() {
        lines.push(Line::styled(texts::none(lang), theme.style(Role::Dim)));
    }
    lines
}
