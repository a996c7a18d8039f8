//! The numbers behind the charts: read while the charts are shown, and again when something was stored.

use super::{Dashboard, place};
use crate::model::fault::Fault;
use crate::model::overview::Overview;
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::{Job, TaskId};
use crate::ui::app::remote::Remote;

/// The charts' numbers as the dashboard follows them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Charts {
    /// The numbers.
    pub overview: Remote<Overview>,
    /// The task that reads them.
    pub task: Option<TaskId>,
    /// Whether something was stored since that task was started, or since the last one ended.
    pub outdated: bool,
}

impl Dashboard {
    /// Something was stored.
    pub(in crate::ui::app) fn outdate_charts(&mut self, ctx: &mut Ctx<'_>) {
        self.charts.outdated = true;
        self.follow_charts(ctx);
    }

    /// Reads the numbers if they are shown, are missing or outdated, and are not being read.
    pub(in crate::ui::app) fn follow_charts(&mut self, ctx: &mut Ctx<'_>) {
        let wanted = self.charts.outdated || matches!(self.charts.overview, Remote::Idle);
        let below = place(ctx.facts, self).below;
        let shown = below.charts + below.impact > 0;
        if wanted && self.charts.task.is_none() && ctx.in_front && shown {
            self.charts.overview.ask();
            self.charts.outdated = false;
            self.charts.task = Some(ctx.run(Job::LoadOverview));
        }
    }

    /// Takes the numbers in.
    pub(in crate::ui::app) fn charts_came(
        &mut self,
        ctx: &mut Ctx<'_>,
        task: TaskId,
        answer: Result<Box<Overview>, Fault>,
    ) {
        if self.charts.task != Some(task) {
            return;
        }
        self.charts.task = None;
        self.charts.overview.settle(answer.map(|overview| *overview), ctx.facts.now);
        self.follow_charts(ctx);
    }
}
