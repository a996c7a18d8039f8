//! The columns of the table of work items: how wide each is, and the box in which they are chosen.

use jiff::{SignedDuration, Timestamp};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::filter::{self, sorted_head};
use crate::model::clean::clean;
use crate::model::items::{ItemColumn, ItemRow, Sort};
use crate::model::lang::Lang;
use crate::texts::{connection as texts, sweep, time};
use crate::ui::app::connection::columns as app;
use crate::ui::app::model::Model;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::text;

/// The least cells of the title; columns that would leave less are left out, from the end.
const LEAST_TITLE: usize = 14;

/// Cells between two columns.
const GAP: usize = 2;

/// How wide the columns are, measured over all rows held, so that they stand still while one scrolls.
pub struct Columns {
    widths: Vec<(ItemColumn, usize)>,
    /// How many columns that were chosen have no room.
    pub hidden: usize,
}

impl Columns {
    /// The columns of a table of so many cells.
    pub fn of<'a>(rows: impl Iterator<Item = &'a ItemRow> + Clone, model: &Model, sort: Sort, room: usize) -> Self {
        let width = u16::try_from(room).unwrap_or(u16::MAX);
        let mut widths = Vec::new();
        for column in app::shown(model, width) {
            let head = text::width(&head(model.lang, column, sort));
            let (least, most) = bounds(model, column, width < 56);
            let widest = || rows.clone().map(|row| text::width(&cell(model, row, column))).max().unwrap_or(0);
            let cells = if column == ItemColumn::Title { 0 } else { widest().clamp(least, most).max(head) };
            widths.push((column, cells));
        }
        Self::fitted(widths, room)
    }

    fn fitted(mut widths: Vec<(ItemColumn, usize)>, room: usize) -> Self {
        let all = widths.len();
        let title = widths.iter().position(|(column, _)| *column == ItemColumn::Title);
        let least = if title.is_some() { LEAST_TITLE } else { 0 };
        // A cell before the first column, and the gaps.
        let taken = |widths: &[(ItemColumn, usize)]| -> usize {
            let others = widths.iter().filter(|(column, _)| *column != ItemColumn::Title).map(|(_, width)| width);
            1 + others.sum::<usize>() + GAP * widths.len().saturating_sub(1)
        };
        while taken(&widths) + least > room && widths.len() > 1 {
            let last = widths.iter().rposition(|(column, _)| *column != ItemColumn::Title);
            let Some(at) = last else { break };
            widths.remove(at);
        }
        let rest = room.saturating_sub(taken(&widths));
        widths.iter_mut().filter(|(column, _)| *column == ItemColumn::Title).for_each(|(_, width)| *width = rest);
        Self { hidden: all - widths.len(), widths }
    }

    /// The heads, the one that the table is sorted by with its direction.
    pub fn heads(&self, lang: Lang, sort: Sort) -> String {
        let one = |(column, width): &(ItemColumn, usize)| text::pad(&head(lang, *column, sort), *width);
        format!(" {}", self.widths.iter().map(one).collect::<Vec<_>>().join(&" ".repeat(GAP)))
    }

    /// What stands in each column of a row, filled up to its width.
    pub fn cells<'c>(&'c self, model: &'c Model, row: &'c ItemRow) -> impl Iterator<Item = (ItemColumn, String)> + 'c {
        let one = |(nth, (column, width)): (usize, &(ItemColumn, usize))| {
            let gap = " ".repeat(if nth == 0 { 1 } else { GAP });
            (*column, gap + &text::pad(&clean(&cell(model, row, *column), false), *width))
        };
        self.widths.iter().enumerate().map(one)
    }
}

fn head(lang: Lang, column: ItemColumn, sort: Sort) -> String {
    if sort.column == column { sorted_head(lang, sort) } else { texts::table_head(lang, column).to_owned() }
}

/// The least and the most cells of a column.
fn bounds(model: &Model, column: ItemColumn, narrow: bool) -> (usize, usize) {
    match column {
        ItemColumn::Number => (10, if narrow { 10 } else { 14 }),
        ItemColumn::State => (6, if narrow { 11 } else { 16 }),
        ItemColumn::Priority => (8, 16),
        ItemColumn::Assignee => (8, 18),
        ItemColumn::Group | ItemColumn::Computer => (8, 22),
        ItemColumn::Kind => (4, 20),
        ItemColumn::Opened | ItemColumn::Changed => (widest_time(model), widest_time(model)),
        ItemColumn::Title => (0, 0),
    }
}

/// What stands in a column of a row; of a removed item that it is removed, where others have their state.
fn cell(model: &Model, row: &ItemRow, column: ItemColumn) -> String {
    match column {
        ItemColumn::Kind => texts::kind(model.lang, row.kind).to_owned(),
        ItemColumn::Number => row.number.clone(),
        ItemColumn::Title => row.title.clone(),
        ItemColumn::State if row.removed_at.is_some() => sweep::removed_mark(model.lang).to_owned(),
        ItemColumn::State => row.state.shown().to_owned(),
        ItemColumn::Priority => row.priority.shown().to_owned(),
        ItemColumn::Assignee => row.assignee.clone(),
        ItemColumn::Group => row.group.clone(),
        ItemColumn::Computer => row.computer.clone(),
        ItemColumn::Opened => row.opened_at.map(|at| moment(model, at)).unwrap_or_default(),
        ItemColumn::Changed => moment(model, row.key.updated_at),
    }
}

/// Cells of the widest time that [`moment`] tells.
fn widest_time(model: &Model) -> usize {
    let minutes = time::ago(model.lang, model.now - SignedDuration::from_mins(59), model.now);
    text::width(&minutes).max(text::width("28 Feb 2027"))
}

/// How long ago, for a week; then the day.
fn moment(model: &Model, at: Timestamp) -> String {
    if model.now.duration_since(at) < SignedDuration::from_hours(7 * 24) {
        time::ago(model.lang, at, model.now)
    } else {
        time::date(model.lang, at)
    }
}

/// Draws the box; the columns that are shown have a mark, the one that the table is sorted by its direction.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, (focus, sort): (usize, Sort), theme: Theme) {
    let lang = model.lang;
    let room = usize::from(filter::WIDTH.min(area.width)).saturating_sub(4);
    let shown = app::chosen(model);
    let line = |(at, column): (usize, ItemColumn)| {
        let mark = if shown.contains(&column) { "[x]" } else { "[ ]" };
        let role = if at == focus { Role::Focus } else { Role::Normal };
        (Line::styled(text::pad(&format!("{mark} {}", head(lang, column, sort)), room), theme.style(role)), true)
    };
    let mut lines: Vec<_> = ItemColumn::ALL.into_iter().enumerate().map(line).collect();
    if model.settings.columns.is_none() {
        lines.push((Line::styled(text::clip(texts::columns_by_width(lang), room), theme.style(Role::Dim)), false));
    }
    filter::draw_box(frame, area, (model, texts::columns_title(lang)), (lines, focus), theme);
}
