//! The activity log.

use super::{far, screen, screen_mut};
use crate::model::fault::Fault;
use crate::model::summary::Activity;
use crate::ui::app::connection::ConnectionAction;
use crate::ui::app::effect::{Effect, Job, TaskId};
use crate::ui::app::model::Model;
use crate::ui::app::remote::Remote;

/// Reads the log.
pub fn read(model: &mut Model) -> Vec<Effect> {
    let Some(name) = screen(model).map(|screen| screen.name.clone()) else {
        return Vec::new();
    };
    let (task, effect) = model.run(Job::LoadActivities(name));
    let older = screen_mut(model).and_then(|screen| {
        screen.log.entries.ask();
        screen.log.task.replace(task)
    });
    older.map(Effect::Cancel).into_iter().chain([effect]).collect()
}

/// Reads the log anew, if it was ever looked at.
pub fn refresh(model: &mut Model) -> Vec<Effect> {
    let was_read = screen(model).is_some_and(|screen| screen.log.entries != Remote::Idle);
    if was_read { read(model) } else { Vec::new() }
}

/// Takes in the log; the focus stays on its entry.
pub fn answer(model: &mut Model, task: TaskId, answer: Result<Vec<Activity>, Fault>) -> Vec<Effect> {
    let now = model.now;
    if let Some(log) = screen_mut(model).map(|screen| &mut screen.log).filter(|log| log.task == Some(task)) {
        log.task = None;
        let focused = log.entries.value().and_then(|entries| entries.get(log.cursor)).cloned();
        log.entries.settle(answer, now);
        let entries = log.entries.value().map(Vec::as_slice).unwrap_or_default();
        let again = focused.filter(|_| log.cursor > 0).and_then(|one| entries.iter().position(|other| *other == one));
        log.cursor = again.unwrap_or(log.cursor).min(entries.len().saturating_sub(1));
    }
    Vec::new()
}

/// Moves in the log.
pub fn step(model: &mut Model, moving: &ConnectionAction) {
    if let Some(log) = screen_mut(model).map(|screen| &mut screen.log) {
        let last = log.entries.value().map_or(0, Vec::len).saturating_sub(1);
        log.cursor = log.cursor.saturating_add_signed(far(moving)).min(last);
    }
}
