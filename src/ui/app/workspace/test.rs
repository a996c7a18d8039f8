//! The test row as a screen follows it.

use jiff::{SignedDuration, Timestamp};

use crate::model::fault::Fault;
use crate::model::workspace::WorkspaceName;
use crate::model::workspace_run::{Delays, Testing};
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::TaskId;
use crate::ui::app::workspace::WorkspaceJob;

/// A test: how far it is, and how the last one ended.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TestPart {
    /// The task, and when it began.
    pub task: Option<(TaskId, Timestamp)>,
    /// How far it is.
    pub at: Option<At>,
    /// How the last one ended.
    pub last: Option<Result<Delays, Fault>>,
}

/// How far a test is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    /// What was told last.
    pub told: Testing,
    /// When that was.
    pub since: Timestamp,
}

impl At {
    /// Seconds until the next try, and how many are left in all, counted down from what was told.
    pub fn left(self, now: Timestamp) -> (u64, u64) {
        let gone = now.duration_since(self.since).max(SignedDuration::ZERO).as_secs().unsigned_abs();
        match self.told {
            Testing::WaitsForRights(next, left) | Testing::WaitsForRow(next, left) => {
                (next.saturating_sub(gone), left.saturating_sub(gone))
            }
            Testing::MaySend | Testing::Accepted => (0, 0),
        }
    }
}

impl TestPart {
    /// Starts a test, unless one runs.
    pub fn start(&mut self, ctx: &mut Ctx<'_>, name: &WorkspaceName) {
        if self.task.is_none() {
            let task = ctx.run(WorkspaceJob::Test(name.clone()));
            *self = Self { task: Some((task, ctx.facts.now)), at: None, last: None };
        }
    }

    /// Stops it.
    pub fn stop(&mut self, ctx: &mut Ctx<'_>) {
        if let Some((task, _)) = self.task.take() {
            ctx.cancel(task);
            self.at = None;
        }
    }

    /// Takes in how far it is.
    pub fn told(&mut self, task: TaskId, told: Testing, now: Timestamp) {
        if self.task.is_some_and(|(running, _)| running == task) {
            self.at = Some(At { told, since: now });
        }
    }

    /// Takes in its end.
    pub fn ended(&mut self, task: TaskId, answer: Result<Delays, Fault>) {
        if self.task.is_some_and(|(running, _)| running == task) {
            *self = Self { task: None, at: None, last: Some(answer) };
        }
    }

    /// Whether the row was found by the last test.
    pub fn is_found(&self) -> bool {
        matches!(&self.last, Some(Ok(delays)) if delays.row_seconds.is_some())
    }

    /// Whether the last test ended without a fault: Azure accepted the row.
    pub fn is_accepted(&self) -> bool {
        matches!(self.last, Some(Ok(_)))
    }
}
