//! The installation checklist.

use super::{far, screen, screen_mut};
use crate::app::connection::ConnectionAction;
use crate::app::effect::{Effect, Job, TaskId};
use crate::app::message::Outcome;
use crate::app::model::{Model, Notice};
use crate::app::remote::Remote;
use crate::model::checklist::Checklist;
use crate::model::fault::Fault;

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
    let older = screen_mut(model).and_then(|screen| screen.installation.began(task));
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

/// Takes in the whole.
pub fn ended(model: &mut Model, task: TaskId, answer: Result<Box<Checklist>, Fault>) {
    let now = model.now;
    if let Some(screen) = screen_mut(model) {
        screen.installation.ended(task, answer, now);
    }
}

/// Moves in the list, or in the item that is shown whole.
pub fn step(model: &mut Model, moving: &ConnectionAction) {
    if let Some(screen) = screen_mut(model) {
        screen.installation.step(far(moving));
    }
}

/// Shows the item in focus whole.
pub fn open(model: &mut Model) -> Vec<Effect> {
    if let Some(screen) = screen_mut(model) {
        screen.installation.open();
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
    let Some(text) = screen(model).and_then(|screen| screen.installation.letter(model.lang)) else {
        return Vec::new();
    };
    model.notice = Some(Notice::Copied);
    vec![Effect::Copy(text)]
}
