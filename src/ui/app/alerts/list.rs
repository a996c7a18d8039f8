//! The table of alerts: what it asks for, and what comes.

use super::head::table_height;
use super::{AlertsJob, AlertsScreen};
use crate::model::alert_view::{AlertQuery, AlertWindow};
use crate::model::fault::Fault;
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::TaskId;
use crate::ui::app::motion::Motion;
use crate::ui::app::table::{Fresh, Want};

impl AlertsScreen {
    /// Reads the rows that are held again, the reader staying in place.
    pub(super) fn refresh(&mut self, ctx: &mut Ctx<'_>) {
        let fresh = match self.table.replacing() {
            Some(fresh) => fresh,
            None if self.table.is_outdated() || !self.table.is_loaded() => Fresh::Top,
            None if self.table.reads_the_newest() => Fresh::Top,
            None => Fresh::Again,
        };
        self.fetch(ctx, Want::Fresh(fresh));
    }

    /// Asks for other alerts.
    pub(super) fn ask(&mut self, ctx: &mut Ctx<'_>, query: AlertQuery) {
        if self.query != query {
            self.query = query;
            self.table.outdate();
            self.fetch(ctx, Want::Fresh(Fresh::Top));
        }
    }

    /// Moves in the table.
    pub(super) fn move_in(&mut self, ctx: &mut Ctx<'_>, motion: Motion) {
        self.table.forgive();
        match self.table.go(motion, table_height(ctx.facts)) {
            Some(want) => self.fetch(ctx, want),
            None => self.keep_filled(ctx),
        }
    }

    /// Fits the table to the terminal.
    pub(super) fn fit(&mut self, ctx: &mut Ctx<'_>) {
        self.table.fit(table_height(ctx.facts));
        self.keep_filled(ctx);
    }

    /// Takes in rows.
    pub(super) fn came(&mut self, ctx: &mut Ctx<'_>, task: TaskId, answer: Result<AlertWindow, Fault>) {
        if self.table.answer(task, answer, table_height(ctx.facts)) {
            self.keep_filled(ctx);
        }
    }

    fn keep_filled(&mut self, ctx: &mut Ctx<'_>) {
        let height = table_height(ctx.facts);
        self.table.trim(height).into_iter().for_each(|task| ctx.cancel(task));
        for want in self.table.wants(height) {
            self.fetch(ctx, want);
        }
    }

    fn fetch(&mut self, ctx: &mut Ctx<'_>, want: Want) {
        if matches!(want, Want::Fresh(_)) {
            self.table.abandon().into_iter().for_each(|task| ctx.cancel(task));
        }
        let (seek, limit) = self.table.seek(want, table_height(ctx.facts));
        let task = ctx.run(AlertsJob::Window { query: self.query.clone(), seek, limit });
        self.table.asked(want, task);
    }
}
