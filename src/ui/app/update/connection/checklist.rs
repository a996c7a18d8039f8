//! The installation checklist.

use jiff::Timestamp;

use super::{far, log, screen, screen_mut};
use crate::model::checklist::{Checklist, ChecklistItem, ItemId};
use crate::model::confirmation::Confirmation;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::ui::app::connection::{ConnectionAction, Installation};
use crate::ui::app::effect::{Effect, Job, TaskId};
use crate::ui::app::message::Outcome;
use crate::ui::app::model::{Model, Notice, Overlay, Question};
use crate::ui::app::remote::Remote;

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

/// Takes in an item.
pub fn saw(model: &mut Model, task: TaskId, item: ChecklistItem) {
    if let Some(screen) = screen_mut(model) {
        screen.installation.saw(task, item);
    }
}

/// Takes in the whole.
pub fn ended(model: &mut Model, task: TaskId, answer: Result<Box<Checklist>, Fault>) {
    let now = model.now;
    if let Some(screen) = screen_mut(model) {
        screen.installation.ended(task, answer, now);
    }
}

/// Says of the item in focus that it is so, or takes that back. It shows once it is kept.
pub fn say(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let Some(screen) = screen(model) else {
        return Vec::new();
    };
    let Some(job) = screen.installation.sayable().map(|item| saying(&screen.name, item, now)) else {
        return Vec::new();
    };
    let (task, effect) = model.run(job);
    if let Some(screen) = screen_mut(model) {
        screen.installation.saying = Some(task);
    }
    vec![effect]
}

/// What keeps, or lets go of, the admin's word on an item.
pub fn saying(name: &ConnectionName, item: &ChecklistItem, now: Timestamp) -> Job {
    let (connection, id) = (name.clone(), item.id.clone());
    match item.is_confirmed() {
        true => Job::Withdraw { connection, item: id },
        false => Job::Confirm { connection, said: vec![Confirmation { item: id, at: now, state: item.state.clone() }] },
    }
}

/// Asks before something is sent that is sent only on request: the question says what, and to whom.
pub fn ask_to_look(model: &mut Model) -> Vec<Effect> {
    let found = screen(model).and_then(|screen| screen.installation.requestable());
    let question = found.and_then(|item| Some(Question::LookOnRequest(item.id.clone(), item.on_request.clone()?)));
    if let Some(question) = question {
        model.overlay = Some(Overlay::Confirm(question));
    }
    Vec::new()
}

/// Looks at an item on request.
pub fn look_on_request(model: &mut Model, item: ItemId) -> Vec<Effect> {
    let Some(name) = screen(model).map(|screen| screen.name.clone()) else {
        return Vec::new();
    };
    let (task, effect) = model.run(Job::LookOnRequest { connection: name, item: item.clone() });
    if let Some(screen) = screen_mut(model) {
        screen.installation.requesting = Some((task, item));
    }
    vec![effect]
}

/// Takes in that the admin's word was kept or let go, or what was seen on request.
pub fn answered(model: &mut Model, task: TaskId, outcome: Outcome) -> Vec<Effect> {
    let Some(tab) = screen_mut(model).map(|screen| &mut screen.installation) else {
        return Vec::new();
    };
    match take(tab, task, outcome) {
        Some(Ok(())) => log::refresh(model),
        Some(Err(fault)) => {
            model.notice = Some(Notice::Fault(fault));
            Vec::new()
        }
        None => Vec::new(),
    }
}

/// The same on any screen with a checklist; none where the task is not waited for.
pub fn take(tab: &mut Installation, task: TaskId, outcome: Outcome) -> Option<Result<(), Fault>> {
    let is_asked = tab.requesting.as_ref().is_some_and(|(asked, _)| *asked == task);
    match outcome {
        Outcome::OnRequest(answer) if is_asked => {
            tab.requesting = None;
            Some(answer.map(|item| tab.looked_on_request(*item)))
        }
        Outcome::Confirmed(answer) if tab.saying == Some(task) => {
            tab.saying = None;
            Some(answer.map(|said| said.iter().for_each(|one| tab.confirmed(one))))
        }
        Outcome::Withdrawn(answer) if tab.saying == Some(task) => {
            tab.saying = None;
            Some(answer.map(|id| tab.change(&id, ChecklistItem::let_go)))
        }
        _ => None,
    }
}

/// Takes in that the task itself failed.
pub fn broke(model: &mut Model, task: TaskId, fault: &Fault) {
    let Some(tab) = screen_mut(model).map(|screen| &mut screen.installation) else {
        return;
    };
    let is_asked = tab.requesting.as_ref().is_some_and(|(asked, _)| *asked == task);
    let is_said = tab.saying == Some(task);
    if is_asked {
        tab.requesting = None;
    }
    if is_said {
        tab.saying = None;
    }
    if is_asked || is_said {
        model.notice = Some(Notice::Fault(fault.clone()));
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
