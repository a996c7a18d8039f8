//! Fixes with an admin's sign-in: shown, confirmed, made, looked at again.

use std::collections::VecDeque;

use crate::model::fault::Fault;
use crate::model::fix::{Change, Done, Fix};
use crate::model::secret::Secret;
use crate::ui::app::connection::ConnectionScreen;
use crate::ui::app::connection::installation::{Fixing, Stage};
use crate::ui::app::connection::prompt::{Prompt, Purpose};
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::{Job, TaskId};

impl ConnectionScreen {
    /// Offers the fix of the item in focus, or all of them.
    pub(super) fn offer_fixes(&mut self, ctx: &mut Ctx<'_>, all: bool) {
        let tab = &self.installation;
        if tab.fixing.is_none() {
            let fixes = if all { tab.fixes() } else { tab.fix().cloned().into_iter().collect() };
            let all = fixes.len();
            self.preview_fix(ctx, fixes.into(), all);
        }
    }

    fn preview_fix(&mut self, ctx: &mut Ctx<'_>, mut queue: VecDeque<Fix>, all: usize) {
        let Some(fix) = queue.pop_front() else {
            return self.close_fixing(ctx);
        };
        let task = ctx.run(Job::PreviewFix { connection: self.name.clone(), fix: fix.clone() });
        self.installation.fixing = Some(Fixing::new(fix, task, queue, all));
    }

    /// Says yes to the changes that are shown, or goes on to the next fix.
    pub(super) fn go_on_fixing(&mut self, ctx: &mut Ctx<'_>) {
        let Some(fixing) = self.installation.fixing.clone() else { return };
        match (fixing.stage, fixing.fix) {
            (Stage::Previewing(_) | Stage::Applying(_), _) => {}
            (Stage::Previewed(changes), Fix::CreateUser { user_name }) if !changes.is_empty() => {
                self.prompt = Some(Prompt::new(Purpose::NewUser(user_name)));
            }
            (Stage::Previewed(changes), _) if !changes.is_empty() => self.apply_fix(ctx, None),
            _ => self.preview_fix(ctx, fixing.queue, fixing.all),
        }
    }

    /// Makes the changes that were shown.
    pub(super) fn apply_fix(&mut self, ctx: &mut Ctx<'_>, password: Option<Secret>) {
        let was_shown = |fixing: &&mut Fixing| matches!(fixing.stage, Stage::Previewed(_));
        let Some(fixing) = self.installation.fixing.as_mut().filter(was_shown) else { return };
        let task = ctx.run(Job::ApplyFix { connection: self.name.clone(), fix: fixing.fix.clone(), password });
        (fixing.stage, fixing.top) = (Stage::Applying(task), 0);
    }

    /// Takes in what a fix would change.
    pub(super) fn previewed(&mut self, task: TaskId, answer: Result<Vec<Change>, Fault>) {
        if let Some(fixing) = self.installation.fixing.as_mut()
            && fixing.stage == Stage::Previewing(task)
        {
            let failed = |fault| Stage::Failed { fault, applied: false };
            fixing.stage = answer.map_or_else(failed, Stage::Previewed);
        }
    }

    /// Takes in how a fix ended. The checklist is checked again, so that the list below shows what it changed.
    pub(super) fn fixed(&mut self, ctx: &mut Ctx<'_>, task: TaskId, answer: Result<Box<Done>, Fault>) {
        let Some(fixing) = self.installation.fixing.as_mut().filter(|one| one.stage == Stage::Applying(task)) else {
            return;
        };
        fixing.stage = answer.map_or_else(|fault| Stage::Failed { fault, applied: true }, Stage::Done);
        fixing.top = 0;
        self.refresh_log(ctx);
        self.look(ctx);
    }

    /// Closes the fix, unless its changes are being made.
    pub(super) fn close_fixing(&mut self, ctx: &mut Ctx<'_>) {
        let closed = self.installation.fixing.take_if(|fixing| !fixing.is_applying());
        closed.and_then(|fixing| fixing.abandonable()).into_iter().for_each(|task| ctx.cancel(task));
    }

    /// Scrolls what is shown.
    pub(super) fn scroll_fixing(&mut self, lines: isize) {
        if let Some(fixing) = &mut self.installation.fixing {
            // Which line is the last one only the drawing knows.
            fixing.top = fixing.top.saturating_add_signed(lines).min(100);
        }
    }
}
