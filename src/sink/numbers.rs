//! The send numbers of a workspace: microseconds since 1970 where the clock allows, so that they grow, and never a number
//! twice. They are reserved before they are used.

use super::SinkJob;
use super::clock::Clock;
use super::look::Look;
use crate::model::fault::{Fault, Retry};
use crate::model::sending::{SendFinding, SinkState};

/// So many send numbers are reserved at a time.
const RESERVED: i64 = 1_000_000;

/// Greater numbers are none of ours: they would not fit into a JSON number.
const GREATEST: i64 = 1 << 53;

/// Numbers that are reserved.
pub(super) struct SendNumbers {
    next: i64,
    end: i64,
}

impl SendNumbers {
    /// None is reserved yet.
    pub fn new() -> Self {
        Self { next: 0, end: 0 }
    }

    /// Makes sure of `count` numbers. A database that has none yet asks the workspace for its greatest one first: the database
    /// before it may be lost, and the clock set back since. Where that may not be asked, it comes back as a finding.
    ///
    /// # Errors
    /// What kept the workspace from answering and may pass; the store's own.
    pub async fn reserve(
        &mut self,
        count: usize,
        state: &mut SinkState,
        (job, clock): (&SinkJob, &dyn Clock),
    ) -> Result<Option<SendFinding>, Fault> {
        if self.end - self.next >= count as i64 {
            return Ok(None);
        }
        let mut found = None;
        if state.next_send == 0 {
            match greatest(job).await {
                Ok(greatest) => state.next_send = greatest + 1,
                Err(fault) if fault.retry() == Retry::No => {
                    found = Some(SendFinding::SendNumbersUnchecked { fault: Box::new(fault) });
                }
                Err(fault) => return Err(fault),
            }
        }
        self.next = state.next_send.max(clock.now().as_microsecond());
        self.end = self.next + RESERVED.max(count as i64);
        state.next_send = self.end;
        job.store.keep_sink(job.workspace.name.as_str(), state.clone(), None).await?;
        Ok(found)
    }

    /// The number that comes next.
    pub fn next(&self) -> i64 {
        self.next
    }

    /// Takes the next number.
    pub fn take(&mut self) -> i64 {
        self.next += 1;
        self.next - 1
    }
}

async fn greatest(job: &SinkJob) -> Result<i64, Fault> {
    let workspace = job.workspace.name.to_string();
    let Some(query) = &job.query else {
        return Err(Fault::QueryForbidden { workspace, detail: "workspace_id".to_owned() });
    };
    match Look::greatest_send(query, &job.workspace.table).await {
        Ok(greatest) if (0..GREATEST).contains(&greatest) => Ok(greatest),
        Ok(greatest) => Err(Fault::Malformed { what: job.workspace.table.clone(), detail: greatest.to_string() }),
        // A table without rows may not be known to queries yet.
        Err(Fault::QueryRefused { detail, .. }) if detail.contains(&job.workspace.table) => Ok(0),
        Err(fault) => Err(fault),
    }
}
