//! The activity log.

use crate::model::fault::Fault;
use crate::model::summary::Activity;
use crate::ui::app::connection::{ConnectionScreen, Log};
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::{Job, TaskId};
use crate::ui::app::model::Facts;
use crate::ui::app::remote::Remote;

impl ConnectionScreen {
    /// Reads the log.
    pub(super) fn read_log(&mut self, ctx: &mut Ctx<'_>) {
        if let Some(older) = self.log.task.take() {
            ctx.cancel(older);
        }
        self.log.entries.ask();
        self.log.task = Some(ctx.run(Job::LoadActivities(self.name.clone())));
    }

    /// Reads the log again, if it was ever looked at.
    pub(super) fn refresh_log(&mut self, ctx: &mut Ctx<'_>) {
        if self.log.entries != Remote::Idle {
            self.read_log(ctx);
        }
    }
}

impl Log {
    /// Takes in the log; the focus stays on its entry.
    pub(super) fn came(&mut self, facts: &Facts, task: TaskId, answer: Result<Vec<Activity>, Fault>) {
        if self.task != Some(task) {
            return;
        }
        self.task = None;
        let focused = self.entries.value().and_then(|entries| entries.get(self.cursor)).cloned();
        self.entries.settle(answer, facts.now);
        let entries = self.entries.value().map(Vec::as_slice).unwrap_or_default();
        let again = focused.filter(|_| self.cursor > 0).and_then(|one| entries.iter().position(|other| *other == one));
        self.cursor = again.unwrap_or(self.cursor).min(entries.len().saturating_sub(1));
    }

    /// Moves in the log.
    pub(super) fn step(&mut self, lines: isize) {
        let last = self.entries.value().map_or(0, Vec::len).saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(lines).min(last);
    }
}
