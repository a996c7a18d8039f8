//! The installation checklist.

use super::{far, screen, screen_mut};
use crate::app::connection::ConnectionAction;
use crate::app::effect::{Effect, Job, TaskId};
use crate::app::message::Outcome;
use crate::app::model::{Model, Notice};
use crate::app::remote::Remote;
use crate::model::checklist::Checklist;
use crate::model::fault::Fault;
use crate::texts::checklist as texts;

/// Looks at it, unless that was done or is under way.
pub fn look_once(model: &mut Model) -> Vec<Effect> {
    let is_new = screen(model).is_some_and(|screen| screen.installation.whole == Remote::Idle);
    if is_new { look(model) } else { Vec::new() }
}

/// Looks at every item again; a look under way is given up.
pub fn look(model: &mut Model) -> Vec<Effect> {
    let Some(name) = screen(model).map(|screen| screen.name.clone()) else {
        return Vec::new();
    };
    let (task, effect) = model.run(Job::LoadChecklist(name));
    let older = screen_mut(model).and_then(|screen| {
        screen.installation.whole.ask();
        screen.installation.seen.clear();
        screen.installation.task.replace(task)
    });
    older.map(Effect::Cancel).into_iter().chain([effect]).collect()
}

/// Takes in an item, or the whole.
pub fn settle(model: &mut Model, task: TaskId, outcome: Outcome) {
    match outcome {
        Outcome::ChecklistItem(item) => {
            if let Some(screen) = screen_mut(model) {
                screen.installation.saw(task, *item);
            }
        }
        Outcome::Checklist(answer) => ended(model, task, answer),
        _ => {}
    }
}

/// Takes in the whole; items that a failed look had brought are let go with it.
pub fn ended(model: &mut Model, task: TaskId, answer: Result<Box<Checklist>, Fault>) {
    let now = model.now;
    let tab = screen_mut(model).map(|screen| &mut screen.installation);
    if let Some(tab) = tab.filter(|tab| tab.task == Some(task)) {
        tab.task = None;
        tab.seen.clear();
        tab.whole.settle(answer, now);
        tab.move_by(0);
    }
}

/// Moves in the list, or in the item that is shown whole.
pub fn step(model: &mut Model, moving: &ConnectionAction) {
    let Some(tab) = screen_mut(model).map(|screen| &mut screen.installation) else {
        return;
    };
    match &mut tab.opened {
        // Which line is the last one only the drawing knows.
        Some(top) => *top = top.saturating_add_signed(far(moving)).min(100),
        None => tab.move_by(far(moving)),
    }
}

/// Shows the item in focus whole.
pub fn open(model: &mut Model) -> Vec<Effect> {
    if let Some(screen) = screen_mut(model) {
        screen.installation.opened = screen.installation.focused().map(|_| 0);
    }
    Vec::new()
}

/// Closes the item that is shown whole.
pub fn close(model: &mut Model) {
    if let Some(screen) = screen_mut(model) {
        screen.installation.opened = None;
    }
}

/// Copies what the product's admin is to be asked.
pub fn copy_request(model: &mut Model) -> Vec<Effect> {
    let whole = screen(model).and_then(|screen| screen.installation.whole.value());
    let Some(text) = whole.and_then(|whole| texts::letter(model.lang, whole)) else {
        return Vec::new();
    };
    model.notice = Some(Notice::Copied);
    vec![Effect::Copy(text)]
}
