//! Fixes with an admin's sign-in: shown, confirmed, made, looked at again.

use std::collections::VecDeque;

use super::far;
use crate::model::fault::Fault;
use crate::model::mend::{Change, Done, Mend};
use crate::model::secret::Secret;
use crate::ui::app::connection::installation::{Mending, Stage};
use crate::ui::app::connection::prompt::{Prompt, Purpose};
use crate::ui::app::connection::{ConnectionAction, ConnectionScreen};
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::{Job, TaskId};

impl ConnectionScreen {
    /// Offers the fix of the item in focus, or all of them.
    pub(super) fn offer_mends(&mut self, ctx: &mut Ctx<'_>, all: bool) {
        let tab = &self.installation;
        if tab.mending.is_none() {
            let mends = if all { tab.mends() } else { tab.mend().cloned().into_iter().collect() };
            let all = mends.len();
            self.preview_mend(ctx, mends.into(), all);
        }
    }

    fn preview_mend(&mut self, ctx: &mut Ctx<'_>, mut queue: VecDeque<Mend>, all: usize) {
        let Some(mend) = queue.pop_front() else {
            return self.close_mending(ctx);
        };
        let task = ctx.run(Job::PreviewMend { connection: self.name.clone(), mend: mend.clone() });
        self.installation.mending = Some(Mending::new(mend, task, queue, all));
    }

    /// Says yes to the changes that are shown, or goes on to the next fix.
    pub(super) fn go_on_mending(&mut self, ctx: &mut Ctx<'_>) {
        let Some(mending) = self.installation.mending.clone() else { return };
        match (mending.stage, mending.mend) {
            (Stage::Previewing(_) | Stage::Applying(_), _) => {}
            (Stage::Previewed(changes), Mend::CreateUser { user_name }) if !changes.is_empty() => {
                self.prompt = Some(Prompt::new(Purpose::NewUser(user_name)));
            }
            (Stage::Previewed(changes), _) if !changes.is_empty() => self.apply_mend(ctx, None),
            _ => self.preview_mend(ctx, mending.queue, mending.all),
        }
    }

    /// Makes the changes that were shown.
    pub(super) fn apply_mend(&mut self, ctx: &mut Ctx<'_>, password: Option<Secret>) {
        let was_shown = |mending: &&mut Mending| matches!(mending.stage, Stage::Previewed(_));
        let Some(mending) = self.installation.mending.as_mut().filter(was_shown) else { return };
        let task = ctx.run(Job::ApplyMend { connection: self.name.clone(), mend: mending.mend.clone(), password });
        (mending.stage, mending.top) = (Stage::Applying(task), 0);
    }

    /// Takes in what a fix would change.
    pub(super) fn previewed(&mut self, task: TaskId, answer: Result<Vec<Change>, Fault>) {
        if let Some(mending) = self.installation.mending.as_mut()
            && mending.stage == Stage::Previewing(task)
        {
            let failed = |fault| Stage::Failed { fault, applied: false };
            mending.stage = answer.map_or_else(failed, Stage::Previewed);
        }
    }

    /// Takes in how a fix ended. The checklist is checked again, so that the list below shows what it changed.
    pub(super) fn mended(&mut self, ctx: &mut Ctx<'_>, task: TaskId, answer: Result<Box<Done>, Fault>) {
        let Some(mending) = self.installation.mending.as_mut().filter(|one| one.stage == Stage::Applying(task)) else {
            return;
        };
        mending.stage = answer.map_or_else(|fault| Stage::Failed { fault, applied: true }, Stage::Done);
        mending.top = 0;
        self.refresh_log(ctx);
        self.look(ctx);
    }

    /// Closes the fix, unless its changes are being made.
    pub(super) fn close_mending(&mut self, ctx: &mut Ctx<'_>) {
        let closed = self.installation.mending.take_if(|mending| !mending.is_applying());
        closed.and_then(|mending| mending.abandonable()).into_iter().for_each(|task| ctx.cancel(task));
    }

    /// Scrolls what is shown.
    pub(super) fn scroll_mending(&mut self, moving: &ConnectionAction) {
        if let Some(mending) = &mut self.installation.mending {
            // Which line is the last one only the drawing knows.
            mending.top = mending.top.saturating_add_signed(far(moving)).min(100);
        }
    }
}
