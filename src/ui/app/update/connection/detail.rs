//! The work item that is shown whole.

use jiff::Timestamp;

use crate::model::fault::Fault;
use crate::model::work_item::WorkItem;
use crate::ui::app::connection::{ConnectionScreen, Detail, detail, mapping, pane_height, pane_width, table_height};
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::{Job, TaskId};
use crate::ui::app::model::Facts;
use crate::ui::app::motion::Motion;
use crate::ui::app::remote::Remote;

impl ConnectionScreen {
    /// Shows the selected work item whole.
    pub(super) fn open_detail(&mut self, ctx: &mut Ctx<'_>) {
        if let Some(row) = self.selected_row() {
            self.show_detail(ctx, row);
        }
    }

    fn selected_row(&self) -> Option<(i64, Option<Timestamp>)> {
        self.table.selected().map(|row| (row.key.row_id, row.removed_at))
    }

    /// Closes the pane.
    pub(super) fn close_detail(&mut self, ctx: &mut Ctx<'_>) {
        if let Some(task) = self.detail.take().and_then(|detail| detail.task) {
            ctx.cancel(task);
        }
    }

    /// Shows the work item so many rows further on.
    pub(super) fn turn_detail(&mut self, ctx: &mut Ctx<'_>, rows: isize) {
        self.table.forgive();
        self.table.move_by(rows, table_height(ctx.facts));
        let shown = self.detail.as_ref().map(|detail| detail.row_id);
        let selected = self.selected_row().filter(|(row_id, _)| shown != Some(*row_id));
        self.keep_filled(ctx);
        if let Some(row) = selected {
            self.show_detail(ctx, row);
        }
    }

    /// Reads the shown work item again; what is shown of it stays meanwhile.
    pub(super) fn reload_detail(&mut self, ctx: &mut Ctx<'_>) {
        let Some(detail) = &mut self.detail else { return };
        if let Some(older) = detail.task.take() {
            ctx.cancel(older);
        }
        detail.task = Some(ctx.run(Job::LoadItem { row_id: detail.row_id }));
    }

    fn show_detail(&mut self, ctx: &mut Ctx<'_>, (row_id, removed_at): (i64, Option<Timestamp>)) {
        self.close_detail(ctx);
        let task = ctx.run(Job::LoadItem { row_id });
        self.detail = Some(Detail { row_id, item: Remote::Loading, removed_at, task: Some(task), top: 0 });
    }

    /// Takes in a work item.
    pub(super) fn detail_came(&mut self, facts: &Facts, task: TaskId, answer: Result<Option<Box<WorkItem>>, Fault>) {
        if let Some(detail) = self.detail.as_mut().filter(|detail| detail.task == Some(task)) {
            detail.task = None;
            detail.item.settle(answer, facts.now);
        }
        self.fit_detail(facts);
    }

    /// Scrolls the pane.
    pub(super) fn scroll_detail(&mut self, facts: &Facts, motion: Motion) {
        if let Some(detail) = &mut self.detail {
            detail.top = motion.from(detail.top, pane_height(facts), usize::MAX);
        }
        self.fit_detail(facts);
    }

    /// Keeps the last line at the foot of the pane at the highest.
    pub(super) fn fit_detail(&mut self, facts: &Facts) {
        let most = self.detail_lines(facts).saturating_sub(pane_height(facts));
        if let Some(detail) = &mut self.detail {
            detail.top = detail.top.min(most);
        }
    }

    fn detail_lines(&self, facts: &Facts) -> usize {
        let Some(detail) = &self.detail else { return 0 };
        let Some(Some(item)) = detail.item.value() else { return 0 };
        let spec = mapping(facts, &self.name, item.kind);
        detail::lines(item, detail.removed_at, spec, facts.lang, pane_width(facts.size.0)).len()
    }
}
