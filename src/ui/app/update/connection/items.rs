//! The table of work items: what it asks for, and what comes.

use crate::model::fault::Fault;
use crate::model::items::ItemWindow;
use crate::ui::app::connection::{ConnectionScreen, table_height};
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::{Job, TaskId};
use crate::ui::app::motion::Motion;
use crate::ui::app::table::{Fresh, Want};

impl ConnectionScreen {
    /// Reads the newest rows; whatever was asked before is cancelled.
    pub(super) fn read_first_items(&mut self, ctx: &mut Ctx<'_>) {
        self.fetch(ctx, Want::Fresh(Fresh::Top));
    }

    /// Reads the rows that are held again, the reader staying in place. Rows that are being read already are
    /// asked for again only if `even_if_asked`.
    pub(super) fn refresh_items(&mut self, ctx: &mut Ctx<'_>, even_if_asked: bool) {
        let fresh = match self.table.replacing() {
            Some(_) if !even_if_asked => return,
            Some(fresh) => fresh,
            None if self.table.is_outdated() => Fresh::Top,
            None if self.table.reads_the_newest() && self.detail.is_none() => Fresh::Top,
            None => Fresh::Again,
        };
        self.fetch(ctx, Want::Fresh(fresh));
    }

    /// Moves in the table.
    pub(super) fn move_in_items(&mut self, ctx: &mut Ctx<'_>, motion: Motion) {
        self.table.forgive();
        match self.table.go(motion, table_height(ctx.facts)) {
            Some(want) => self.fetch(ctx, want),
            None => self.keep_filled(ctx),
        }
    }

    /// Fits the table to the terminal.
    pub(super) fn fit_items(&mut self, ctx: &mut Ctx<'_>) {
        self.table.fit(table_height(ctx.facts));
        self.keep_filled(ctx);
    }

    /// Takes in rows.
    pub(super) fn items_came(&mut self, ctx: &mut Ctx<'_>, task: TaskId, answer: Result<ItemWindow, Fault>) {
        if self.table.answer(task, answer, table_height(ctx.facts)) {
            self.keep_filled(ctx);
        }
    }

    /// Drops far rows and asks for near ones.
    pub(super) fn keep_filled(&mut self, ctx: &mut Ctx<'_>) {
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
        let (connection, filter) = (self.name.clone(), self.filter.clone());
        let task = ctx.run(Job::LoadItems { connection, filter, seek, limit });
        self.table.asked(want, task);
    }
}
