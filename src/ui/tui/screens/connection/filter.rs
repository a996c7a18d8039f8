//! The filter in words, and the panel that changes it.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::Borders;

use crate::model::clean::clean;
use crate::model::items::Sort;
use crate::model::lang::Lang;
use crate::texts::{connection as texts, dashboard, fault as faults, number, time};
use crate::ui::app::connection::ConnectionScreen;
use crate::ui::app::connection::filter::{
    Choice, FilterPanel, assignee_label, group_label, priority_labels, state_labels,
};
use crate::ui::app::model::Model;
use crate::ui::tui::clicks;
use crate::ui::tui::over::Over;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::view;
use crate::ui::tui::widgets::{search, text};

pub(in crate::ui::tui::screens) const WIDTH: u16 = 46;

/// The active filter, such as `Incidents · In Progress · "printer"`.
pub fn words(model: &Model, screen: &ConnectionScreen) -> String {
    let (lang, filter) = (model.lang, &screen.filter);
    let summary = model.entry(&screen.name).and_then(|entry| entry.summary.value());
    let open = |open: bool| if open { texts::only_open(lang) } else { texts::only_closed(lang) };
    let parts = [
        joined(filter.kinds.iter().map(|kind| dashboard::kinds(lang, *kind).to_owned()).collect()),
        filter.open.map(|only| open(only).to_owned()),
        (filter.removed == Some(true)).then(|| texts::only_removed(lang).to_owned()),
        joined(state_labels(summary, filter)),
        joined(priority_labels(summary, filter)),
        joined(filter.groups.iter().map(|name| group_label(lang, name)).collect()),
        joined(filter.assignees.iter().map(|name| assignee_label(lang, name)).collect()),
        filter.opened_since.map(|since| texts::only_opened_since(lang, &time::date(lang, since))),
        filter.opened_before.map(|before| texts::only_opened_before(lang, &time::date(lang, before))),
        (!filter.find.is_empty()).then(|| format!("\"{}\"", filter.find)),
    ];
    let mut parts: Vec<_> = parts.into_iter().flatten().map(|part| clean(&part, false)).collect();
    if parts.is_empty() {
        parts.push(texts::all_items(lang).to_owned());
    }
    if filter.sort != Sort::default() {
        parts.push(texts::sorted_by(lang, &sorted_head(lang, filter.sort)));
    }
    parts.join(" · ")
}

/// Choices of one group, of which one must hold.
fn joined(labels: Vec<String>) -> Option<String> {
    (!labels.is_empty()).then(|| labels.join(", "))
}

/// The head of the column that the table is sorted by, with its direction.
pub fn sorted_head(lang: Lang, sort: Sort) -> String {
    let falls = sort.column.is_moment() != sort.reversed;
    format!("{} {}", texts::table_head(lang, sort.column), if falls { "↓" } else { "↑" })
}

/// Draws the panel over the table.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, panel: &FilterPanel, theme: Theme) {
    let width = WIDTH.min(area.width);
    let (lines, focus) = lines(model.lang, panel, usize::from(width).saturating_sub(4), theme);
    let is_searched = panel.typing.is_some() || !panel.find.is_empty();
    let field = is_searched.then_some((panel.find.as_str(), panel.typing));
    draw_searched(frame, area, (model, texts::filter_title(model.lang)), (lines, focus, field), theme);
}

/// A line of a box of choices, and whether it is one; else it is a heading or a note.
pub type PanelLine = (Line<'static>, bool);

/// The cells that a table keeps beside a box of choices at least.
const LEAST_TABLE: u16 = 34;

/// The place of a table, and that of a box of choices about it: beside it, or over it where there is no room for both.
pub(in crate::ui::tui::screens) fn beside_table(area: Rect, is_open: bool) -> (Rect, Rect) {
    if !is_open || area.width < WIDTH + LEAST_TABLE {
        return (area, area);
    }
    let [table, panel] = Layout::horizontal([Constraint::Fill(1), Constraint::Length(WIDTH)]).areas(area);
    (table, panel)
}

/// A box of choices at the top right of `area`, scrolled so that the line in focus shows.
pub(in crate::ui::tui::screens) fn draw_box(
    frame: &mut Frame<'_>,
    area: Rect,
    head: (&Model, &str),
    (lines, focus): (Vec<PanelLine>, usize),
    theme: Theme,
) {
    draw_searched(frame, area, head, (lines, focus, None), theme);
}

/// What was typed into the search field of a box, and the cursor's byte in it while it is typed.
type Field<'a> = Option<(&'a str, Option<usize>)>;

/// The same with a search field above the choices.
fn draw_searched(
    frame: &mut Frame<'_>,
    area: Rect,
    (model, title): (&Model, &str),
    (lines, focus, field): (Vec<PanelLine>, usize, Field<'_>),
    theme: Theme,
) {
    let above = usize::from(field.is_some());
    let width = WIDTH.min(area.width);
    let height = u16::try_from(above + lines.len() + 2).unwrap_or(u16::MAX).min(area.height);
    let place = Rect { x: area.right() - width, width, height, ..area };
    let top = (focus + 2).saturating_sub(usize::from(height.saturating_sub(2)).saturating_sub(above).max(1));
    let over = Over { title, widest: width, lines: above + lines.len(), top, borders: Borders::ALL };
    let (inner, top) = over.open_at(frame, place, model, theme);
    let [head, inner] =
        Layout::vertical([Constraint::Length(u16::from(field.is_some())), Constraint::Fill(1)]).areas(inner);
    for ((at, (line, is_choice)), y) in lines.into_iter().enumerate().skip(top).zip(inner.top()..inner.bottom()) {
        let place = Rect { y, height: 1, ..inner };
        frame.render_widget(line, place);
        if is_choice {
            clicks::note(frame.buffer_mut(), place, clicks::Choice::ticked(at == focus), true);
        }
    }
    let row = u16::try_from(focus.saturating_sub(top)).unwrap_or(u16::MAX);
    let in_focus = Position { x: inner.x, y: inner.y.saturating_add(row) };
    match field {
        Some((find, Some(at))) => search::draw(frame, head, (find, at), texts::choice_hint(model.lang), theme),
        Some((find, None)) => {
            search::draw(frame, head, (find, find.len()), texts::choice_hint(model.lang), theme);
            view::put_cursor(frame, in_focus);
        }
        None => view::put_cursor(frame, in_focus),
    }
}

/// The choices under their headings, and which line has the focus.
fn lines(lang: Lang, panel: &FilterPanel, room: usize, theme: Theme) -> (Vec<PanelLine>, usize) {
    let (mut lines, mut focus, mut group) = (Vec::new(), 0, String::new());
    for (index, (choice, count)) in panel.shown(lang).into_iter().enumerate() {
        let heading = heading(lang, choice);
        if heading != group {
            lines.push((Line::styled(text::clip(&heading, room), theme.style(Role::Dim)), false));
            group = heading;
        }
        if index == panel.cursor {
            focus = lines.len();
        }
        let role = if index == panel.cursor { Role::Focus } else { Role::Normal };
        lines.push((Line::styled(line(lang, panel, choice, *count, room), theme.style(role)), true));
    }
    let told = match (&panel.task, &panel.fault) {
        (Some(_), _) => Some((texts::loading(lang).to_owned(), Role::Dim)),
        (None, Some(fault)) => Some((faults::summary(lang, fault), Role::Error)),
        (None, None) => lines.is_empty().then(|| (texts::no_choice(lang).to_owned(), Role::Dim)),
    };
    lines.extend(told.map(|(words, role)| (Line::styled(text::clip(&words, room), theme.style(role)), false)));
    (lines, focus)
}

fn line(lang: Lang, panel: &FilterPanel, choice: &Choice, count: Option<u64>, room: usize) -> String {
    let mark = match (choice.is_one_of_several(), choice.holds_in(&panel.draft)) {
        (true, true) => "[x]",
        (true, false) => "[ ]",
        (false, true) => "(●)",
        (false, false) => "( )",
    };
    let count = count.map(|count| number::grouped(lang, count)).unwrap_or_default();
    let label = choice.label(lang);
    let rest = room.saturating_sub(text::width(&count) + 2);
    format!("{}  {count}", text::pad(&format!("{mark} {label}"), rest))
}

fn heading(lang: Lang, choice: &Choice) -> String {
    match choice {
        Choice::Kind(_) => texts::group_kind(lang).to_owned(),
        Choice::Open(_) | Choice::Removed => texts::group_open(lang).to_owned(),
        Choice::State(kind, _) => texts::group_state(lang, dashboard::kinds(lang, *kind)),
        Choice::Priority(_) => texts::group_priority(lang).to_owned(),
        Choice::Opened(..) => texts::group_opened(lang).to_owned(),
        Choice::Group(_) => texts::group_group(lang).to_owned(),
        Choice::Assignee(_) => texts::group_assignee(lang).to_owned(),
    }
}
