//! The work item that is shown whole.

use jiff::Timestamp;

use super::{items, screen, screen_mut};
use crate::model::fault::Fault;
use crate::model::work_item::WorkItem;
use crate::ui::app::connection::{self, ConnectionAction, Detail, detail, pane_height, pane_width, table_height};
use crate::ui::app::effect::{Effect, Job, TaskId};
use crate::ui::app::model::Model;
use crate::ui::app::remote::Remote;

/// Shows the selected work item whole.
pub fn open(model: &mut Model) -> Vec<Effect> {
    let row = screen(model).and_then(|screen| screen.table.selected()).map(|row| (row.key.row_id, row.removed_at));
    row.map(|row| show(model, row)).unwrap_or_default()
}

/// Closes the pane.
pub fn close(model: &mut Model) -> Vec<Effect> {
    let task = screen_mut(model).and_then(|screen| screen.detail.take()).and_then(|detail| detail.task);
    task.map(Effect::Cancel).into_iter().collect()
}

/// Shows the work item so many rows further on.
pub fn turn(model: &mut Model, rows: isize) -> Vec<Effect> {
    let height = table_height(model);
    let Some(screen) = screen_mut(model) else {
        return Vec::new();
    };
    screen.table.forgive();
    screen.table.move_by(rows, height);
    let shown = screen.detail.as_ref().map(|detail| detail.row_id);
    let selected = screen.table.selected().map(|row| (row.key.row_id, row.removed_at));
    let mut effects = items::keep_filled(model);
    if let Some(row) = selected.filter(|(row_id, _)| shown != Some(*row_id)) {
        effects.extend(show(model, row));
    }
    effects
}

/// Reads the shown work item anew; what is shown of it stays meanwhile.
pub fn reload(model: &mut Model) -> Vec<Effect> {
    let Some(detail) = screen(model).and_then(|screen| screen.detail.as_ref()) else {
        return Vec::new();
    };
    let (row_id, older) = (detail.row_id, detail.task);
    let (task, effect) = model.run(Job::LoadItem { row_id });
    if let Some(detail) = screen_mut(model).and_then(|screen| screen.detail.as_mut()) {
        detail.task = Some(task);
    }
    older.map(Effect::Cancel).into_iter().chain([effect]).collect()
}

fn show(model: &mut Model, (row_id, removed_at): (i64, Option<Timestamp>)) -> Vec<Effect> {
    let older = screen_mut(model).and_then(|screen| screen.detail.take()).and_then(|detail| detail.task);
    let (task, effect) = model.run(Job::LoadItem { row_id });
    if let Some(screen) = screen_mut(model) {
        screen.detail = Some(Detail { row_id, item: Remote::Loading, removed_at, task: Some(task), top: 0 });
    }
    older.map(Effect::Cancel).into_iter().chain([effect]).collect()
}

/// Takes in a work item.
pub fn answer(model: &mut Model, task: TaskId, answer: Result<Option<Box<WorkItem>>, Fault>) -> Vec<Effect> {
    let now = model.now;
    let detail = screen_mut(model).and_then(|screen| screen.detail.as_mut());
    if let Some(detail) = detail.filter(|detail| detail.task == Some(task)) {
        detail.task = None;
        detail.item.settle(answer, now);
    }
    fit(model);
    Vec::new()
}

/// Scrolls the pane.
pub fn scroll(model: &mut Model, moving: &ConnectionAction) {
    let height = isize::try_from(pane_height(model)).unwrap_or(1);
    let lines = match moving {
        ConnectionAction::Move(lines) => *lines,
        ConnectionAction::Page(screens) => screens.saturating_mul(height),
        ConnectionAction::First => isize::MIN,
        _ => isize::MAX,
    };
    if let Some(detail) = screen_mut(model).and_then(|screen| screen.detail.as_mut()) {
        detail.top = detail.top.saturating_add_signed(lines);
    }
    fit(model);
}

/// Keeps the last line at the foot of the pane at the highest.
pub fn fit(model: &mut Model) {
    let most = line_count(model).saturating_sub(pane_height(model));
    if let Some(detail) = screen_mut(model).and_then(|screen| screen.detail.as_mut()) {
        detail.top = detail.top.min(most);
    }
}

fn line_count(model: &Model) -> usize {
    let Some(detail) = screen(model).and_then(|screen| screen.detail.as_ref()) else {
        return 0;
    };
    let Some(Some(item)) = detail.item.value() else {
        return 0;
    };
    detail::lines(item, detail.removed_at, connection::mapping(model, item.kind), model.lang, pane_width(model.size.0))
        .len()
}
