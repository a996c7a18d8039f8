//! The table of work items: what it asks for, and what comes.

use crate::model::fault::Fault;
use crate::model::items::ItemWindow;
use crate::ui::app::connection::{ABOVE_ROWS, ConnectionScreen, pane_is_beside, pane_width, table_height};
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

    /// Selects the row in this line of the screen's lines, or opens the one that is selected already.
    pub(super) fn click_row(&mut self, ctx: &mut Ctx<'_>, column: u16, line: u16) {
        let columns = ctx.facts.size.0;
        let pane = self.detail.as_ref().map(|_| pane_width(columns) + 4).filter(|_| pane_is_beside(columns));
        let is_table =
            self.detail.is_none() || pane.is_some_and(|pane| usize::from(column) + pane < usize::from(columns));
        // The header stands above the screen's lines.
        let Some(row) = (line + 1).checked_sub(ABOVE_ROWS).map(usize::from).filter(|_| is_table) else { return };
        let at = self.table.top() + row;
        if row >= table_height(ctx.facts) || at >= self.table.rows().len() {
            return;
        }
        let moved = isize::try_from(at).unwrap_or_default() - isize::try_from(self.table.cursor()).unwrap_or_default();
        match (moved, self.detail.is_some()) {
            (0, false) => self.open_detail(ctx),
            (_, true) => self.turn_detail(ctx, moved),
            (_, false) => self.move_in_items(ctx, Motion::By(moved)),
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
