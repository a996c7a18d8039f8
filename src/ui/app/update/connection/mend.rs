//! Mending with an admin's sign-in: shown, confirmed, made, looked at again.

use std::collections::VecDeque;

use super::{admin, checklist, far, log, screen, screen_mut};
use crate::model::fault::Fault;
use crate::model::mend::{Change, Done, Mend};
use crate::model::secret::Secret;
use crate::ui::app::connection::installation::{Mending, Stage};
use crate::ui::app::connection::prompt::Purpose;
use crate::ui::app::connection::{ConnectionAction, Installation};
use crate::ui::app::effect::{Effect, Job, TaskId};
use crate::ui::app::model::Model;

/// Offers the mend of the item in focus, or all of them.
pub fn offer(model: &mut Model, all: bool) -> Vec<Effect> {
    let Some(tab) = screen(model).map(|screen| &screen.installation).filter(|tab| tab.mending.is_none()) else {
        return Vec::new();
    };
    let mends = if all { tab.mends() } else { tab.mend().cloned().into_iter().collect() };
    preview(model, mends.into(), false)
}

fn preview(model: &mut Model, mut queue: VecDeque<Mend>, changed: bool) -> Vec<Effect> {
    let Some(name) = screen(model).map(|screen| screen.name.clone()) else {
        return Vec::new();
    };
    let Some(mend) = queue.pop_front() else {
        return close(model);
    };
    let (task, effect) = model.run(Job::PreviewMend { connection: name, mend: mend.clone() });
    if let Some(tab) = tab(model) {
        tab.mending = Some(Mending::new(mend, task, queue, changed));
    }
    vec![effect]
}

/// Says yes to the changes that are shown, or goes on to the next mend.
pub fn go_on(model: &mut Model) -> Vec<Effect> {
    let Some(mending) = screen(model).and_then(|screen| screen.installation.mending.clone()) else {
        return Vec::new();
    };
    match (mending.stage, mending.mend) {
        (Stage::Previewing(_) | Stage::Applying(_), _) => Vec::new(),
        (Stage::Previewed(changes), Mend::CreateUser { user_name }) if !changes.is_empty() => {
            admin::ask(model, Purpose::NewUser(user_name));
            Vec::new()
        }
        (Stage::Previewed(changes), _) if !changes.is_empty() => apply(model, None),
        _ => preview(model, mending.queue, mending.changed),
    }
}

/// Makes the changes that were shown.
pub fn apply(model: &mut Model, password: Option<Secret>) -> Vec<Effect> {
    let Some(screen) = screen(model) else {
        return Vec::new();
    };
    let was_shown = |mending: &&Mending| matches!(mending.stage, Stage::Previewed(_));
    let Some(mending) = screen.installation.mending.as_ref().filter(was_shown) else {
        return Vec::new();
    };
    let job = Job::ApplyMend { connection: screen.name.clone(), mend: mending.mend.clone(), password };
    let (task, effect) = model.run(job);
    if let Some(mending) = tab(model).and_then(|tab| tab.mending.as_mut()) {
        (mending.stage, mending.changed, mending.top) = (Stage::Applying(task), true, 0);
    }
    vec![effect]
}

/// Takes in what a mend would change.
pub fn previewed(model: &mut Model, task: TaskId, answer: Result<Vec<Change>, Fault>) {
    if let Some(mending) = tab(model).and_then(|tab| tab.mending.as_mut())
        && mending.stage == Stage::Previewing(task)
    {
        let failed = |fault| Stage::Failed { fault, applied: false };
        mending.stage = answer.map_or_else(failed, Stage::Previewed);
    }
}

/// Takes in how a mend ended. After the last one the checklist is looked at again.
pub fn mended(model: &mut Model, task: TaskId, answer: Result<Box<Done>, Fault>) -> Vec<Effect> {
    let Some(mending) = tab(model).and_then(|tab| tab.mending.as_mut()) else {
        return Vec::new();
    };
    if mending.stage != Stage::Applying(task) {
        return Vec::new();
    }
    mending.stage = answer.map_or_else(|fault| Stage::Failed { fault, applied: true }, Stage::Done);
    mending.top = 0;
    let mut effects = log::refresh(model);
    effects.extend(look_if_last(model));
    effects
}

fn look_if_last(model: &mut Model) -> Vec<Effect> {
    let last = |mending: &&mut Mending| mending.queue.is_empty();
    let Some(mending) = tab(model).and_then(|tab| tab.mending.as_mut()).filter(last) else {
        return Vec::new();
    };
    mending.changed = false;
    checklist::look(model)
}

/// Closes the mend, unless its changes are being made; what was changed is looked at again.
pub fn close(model: &mut Model) -> Vec<Effect> {
    let Some(mending) = tab(model).and_then(|tab| tab.mending.take_if(|mending| !mending.is_applying())) else {
        return Vec::new();
    };
    let mut effects: Vec<_> = mending.abandonable().map(Effect::Cancel).into_iter().collect();
    if mending.changed {
        effects.extend(checklist::look(model));
    }
    effects
}

/// Scrolls what is shown.
pub fn scroll(model: &mut Model, moving: &ConnectionAction) {
    if let Some(mending) = tab(model).and_then(|tab| tab.mending.as_mut()) {
        // Which line is the last one only the drawing knows.
        mending.top = mending.top.saturating_add_signed(far(moving)).min(100);
    }
}

fn tab(model: &mut Model) -> Option<&mut Installation> {
    screen_mut(model).map(|screen| &mut screen.installation)
}
