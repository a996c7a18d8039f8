//! The installation checklist.

use jiff::Timestamp;

use crate::model::checklist::{ChecklistItem, ItemId};
use crate::model::confirmation::Confirmation;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::ui::app::boxes::Question;
use crate::ui::app::connection::{ConnectionScreen, Installation};
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::{Job, TaskId};
use crate::ui::app::message::Outcome;
use crate::ui::app::remote::Remote;

impl ConnectionScreen {
    /// Looks at the checklist, unless that was done or is under way.
    pub(super) fn look_once(&mut self, ctx: &mut Ctx<'_>) {
        if self.installation.whole == Remote::Idle {
            self.look(ctx);
        }
    }

    /// Looks at every item again; a look under way is given up.
    pub(super) fn look(&mut self, ctx: &mut Ctx<'_>) {
        self.installation.look(ctx, Job::LoadChecklist(self.name.clone()));
    }

    /// Confirms the item in focus, or takes that back. It shows once it is kept.
    pub(super) fn say(&mut self, ctx: &mut Ctx<'_>) {
        if let Some(item) = self.installation.sayable() {
            self.installation.saying = Some(ctx.run(saying(&self.name, item, ctx.facts.now)));
        }
    }

    /// Asks before something is sent that is sent only on request: the question says what, and to whom.
    pub(super) fn ask_to_look(&mut self, ctx: &mut Ctx<'_>) {
        let found = self.installation.requestable();
        if let Some((item, words)) = found.and_then(|item| Some((item.id.clone(), item.on_request.clone()?))) {
            ctx.question(Question::LookOnRequest(item, words));
        }
    }

    /// Looks at an item on request.
    pub(super) fn look_on_request(&mut self, ctx: &mut Ctx<'_>, item: ItemId) {
        let task = ctx.run(Job::LookOnRequest { connection: self.name.clone(), item: item.clone() });
        self.installation.requesting = Some((task, item));
    }

    /// Takes in that a confirmation was kept or let go, or what was seen on request.
    pub(super) fn answered(&mut self, ctx: &mut Ctx<'_>, task: TaskId, outcome: Outcome) {
        match self.installation.take(task, outcome) {
            Some(Ok(())) => self.refresh_log(ctx),
            Some(Err(fault)) => ctx.complain(fault),
            None => {}
        }
    }
}

/// What keeps, or lets go of, the confirmation of an item.
pub fn saying(name: &ConnectionName, item: &ChecklistItem, now: Timestamp) -> Job {
    let (connection, id) = (name.clone(), item.id.clone());
    match item.is_confirmed() {
        true => Job::Withdraw { connection, item: id },
        false => Job::Confirm { connection, said: vec![Confirmation { item: id, at: now, basis: item.basis.clone() }] },
    }
}

impl Installation {
    /// Looks at every item by this job; a look under way is given up.
    pub fn look(&mut self, ctx: &mut Ctx<'_>, job: Job) {
        if let Some(older) = self.task.take() {
            ctx.cancel(older);
        }
        let task = ctx.run(job);
        self.began(task);
    }

    /// Takes in that a confirmation was kept or let go, or what was seen on request; `None` where the task is not
    /// waited for.
    pub fn take(&mut self, task: TaskId, outcome: Outcome) -> Option<Result<(), Fault>> {
        let is_asked = self.requesting.as_ref().is_some_and(|(asked, _)| *asked == task);
        match outcome {
            Outcome::OnRequest(answer) if is_asked => {
                self.requesting = None;
                Some(answer.map(|item| self.looked_on_request(*item)))
            }
            Outcome::Confirmed(answer) if self.saying == Some(task) => {
                self.saying = None;
                Some(answer.map(|said| said.iter().for_each(|one| self.confirmed(one))))
            }
            Outcome::Withdrawn(answer) if self.saying == Some(task) => {
                self.saying = None;
                Some(answer.map(|id| self.change(&id, ChecklistItem::clear_confirmation)))
            }
            _ => None,
        }
    }
}
