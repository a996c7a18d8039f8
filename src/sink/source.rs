//! The rows that a run sends, in the order of the change feed.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use jiff::SignedDuration;
use tokio::task::JoinHandle;

use super::batch::{Batch, Batcher};
use super::clock::Clock;
use super::numbers::SendNumbers;
use super::row::{Beside, RowMaker};
use super::rule::Streamed;
use super::{Feeding, SinkJob};
use crate::model::fault::Fault;
use crate::model::item_ref::ItemRef;
use crate::model::log_analytics::WORK_ITEMS;
use crate::model::sending::{SendFinding, SinkState};
use crate::model::work_item::WorkItemKind;
use crate::store::{Changed, Store, What};

/// What comes next.
pub(super) enum Step {
    /// Rows to be sent.
    Batch(Batch),
    /// All work items of this kind of a connection are gone from the store.
    Dropped { connection: String, kind: WorkItemKind, change: i64 },
    /// Nothing more: all up to this change was given out.
    End { upto: i64 },
}

/// Reads changes and makes batches of them.
pub(super) struct Source {
    job: SinkJob,
    clock: Arc<dyn Clock>,
    batcher: Batcher,
    numbers: SendNumbers,
    connections: Vec<String>,
    partners: BTreeMap<String, String>,
    skip: BTreeMap<String, i64>,
    after: i64,
    last: i64,
    reading: Option<JoinHandle<Result<Vec<Changed>, Fault>>>,
    ready: VecDeque<Step>,
    ended: bool,
}

impl Source {
    /// Begins after the change `after`. `connections` are those that feed the workspace and those that did.
    pub async fn new(
        job: SinkJob,
        clock: Arc<dyn Clock>,
        streamed: &Streamed,
        (state, after): (&SinkState, i64),
    ) -> Result<Self, Fault> {
        let maker = RowMaker::new(streamed, job.workspace.values);
        let partners: BTreeMap<_, _> =
            job.feeding.iter().map(|Feeding { connection, partner }| (connection.clone(), partner.clone())).collect();
        let connections = state.fed.keys().chain(partners.keys()).cloned().collect::<std::collections::BTreeSet<_>>();
        let batcher = Batcher::new(maker, job.settings.batch_bytes);
        let last = job.store.last_change().await?;
        Ok(Self {
            batcher,
            numbers: SendNumbers::new(),
            connections: connections.into_iter().collect(),
            partners,
            skip: state.fed.clone(),
            after,
            last,
            reading: None,
            ready: VecDeque::new(),
            ended: false,
            job,
            clock,
        })
    }

    /// What was noticed of the rows since the last time.
    pub fn findings(&mut self) -> Vec<SendFinding> {
        std::mem::take(&mut self.batcher.findings)
    }

    /// What comes next.
    pub async fn next(&mut self, state: &mut SinkState) -> Result<Step, Fault> {
        loop {
            if let Some(step) = self.ready.pop_front() {
                return Ok(step);
            }
            if self.ended {
                return Ok(Step::End { upto: self.last.max(self.after) });
            }
            let from = self.after;
            let changed = self.portion().await?;
            if !changed.is_empty() {
                let found = self.numbers.reserve(changed.len(), state, (&self.job, &*self.clock)).await?;
                self.batcher.findings.extend(found);
                // Of what was passed over, an earlier run has noted it.
                let passed_over = self.skip.values().copied().max().unwrap_or(0);
                state.bounds.note(from.max(passed_over), self.numbers.next());
            }
            self.take_in(changed)?;
        }
    }

    /// The next portion; the one after it is read meanwhile.
    async fn portion(&mut self) -> Result<Vec<Changed>, Fault> {
        let limit = self.job.settings.portion;
        let changed = match self.reading.take() {
            Some(reading) => {
                reading.await.map_err(|_| Fault::Internal { what: "reading changes has failed".to_owned() })??
            }
            None => self.job.store.changes_of(self.connections.clone(), self.after, limit).await?,
        };
        self.ended = changed.len() < limit;
        if let Some(entry) = changed.last() {
            self.after = entry.change;
        }
        if !self.ended {
            let (store, connections, after): (Store, _, _) =
                (self.job.store.clone(), self.connections.clone(), self.after);
            self.reading = Some(tokio::spawn(async move { store.changes_of(connections, after, limit).await }));
        }
        Ok(changed)
    }

    fn take_in(&mut self, changed: Vec<Changed>) -> Result<(), Fault> {
        let now = self.clock.now().to_string();
        for Changed { change, connection, what } in changed {
            match what {
                What::Item { item, removed_at } => {
                    let sent = self.skip.get(&connection).is_some_and(|upto| change <= *upto);
                    let Some(partner) = self.partners.get(&connection).filter(|_| !sent) else { continue };
                    let send = self.numbers.take();
                    let removed = removed_at.is_some();
                    let beside = Beside { connection: &connection, partner, send, now: &now, removed, resent: false };
                    let item = self.job.store.whole(&item)?;
                    self.ready.extend(self.batcher.push(&item, beside, change).map(Step::Batch));
                }
                What::Dropped { kind } => {
                    self.ready.extend(self.batcher.take().map(Step::Batch));
                    self.ready.push_back(Step::Dropped { connection, kind, change });
                }
            }
        }
        if self.ended {
            self.ready.extend(self.batcher.take().map(Step::Batch));
        }
        Ok(())
    }

    /// Rows that say that these work items, by id and number, are removed.
    pub async fn removed_rows(
        &mut self,
        (connection, kind): (&str, WorkItemKind),
        items: Vec<(String, String)>,
        state: &mut SinkState,
    ) -> Result<Vec<Batch>, Fault> {
        let found = self.numbers.reserve(items.len(), state, (&self.job, &*self.clock)).await?;
        self.batcher.findings.extend(found);
        let now = self.clock.now();
        let text = now.to_string();
        let mut batches = Vec::new();
        for (source_id, number) in items {
            let item = ItemRef::gone(kind, &source_id, &number, now);
            let send = self.numbers.take();
            let beside = Beside { connection, partner: "", send, now: &text, removed: true, resent: false };
            batches.extend(self.batcher.push(&item, beside, 0));
        }
        batches.extend(self.batcher.take());
        Ok(batches)
    }
}

/// What a run would send.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Estimate {
    /// Rows.
    pub rows: u64,
    /// Their bytes, unpacked: what is paid for.
    pub bytes: u64,
    /// Requests.
    pub requests: u64,
    /// Bytes a month, by what changed in the last 30 days.
    pub bytes_a_month: u64,
}

/// How many days a month has here.
const MONTH: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Counts what a run would send, and sends nothing.
///
/// # Errors
/// The store's own.
pub async fn estimate(
    store: &Store,
    job: (&[Feeding], crate::model::workspace::Values, &str),
    settings: &super::SinkSettings,
    now: jiff::Timestamp,
) -> Result<Estimate, Fault> {
    let (feeding, values, workspace) = job;
    let (state, done) = (store.sink_state(workspace).await?, store.sink_done(workspace).await?);
    let begins_again = feeding.iter().any(|one| !state.fed.contains_key(&one.connection));
    let maker = RowMaker::new(&Streamed::all(&WORK_ITEMS), values);
    let connections: Vec<_> = feeding.iter().map(|one| one.connection.clone()).collect();
    let (mut made, text) = (Estimate::default(), now.to_string());
    let (mut after, mut batcher) = (0, Batcher::new(maker.clone(), settings.batch_bytes));
    let mut row = Vec::new();
    loop {
        let changed = store.changes_of(connections.clone(), after, settings.portion).await?;
        for Changed { change, connection, what } in &changed {
            after = *change;
            let What::Item { item, removed_at } = what else { continue };
            let partner = feeding.iter().find(|one| one.connection == *connection).map_or("", |one| &one.partner);
            let (send, removed) = (now.as_microsecond(), removed_at.is_some());
            let beside = Beside { connection, partner, send, now: &text, removed, resent: false };
            let item = store.whole(item)?;
            row.clear();
            maker.write(&mut row, &item, beside, super::VALUE_BYTES);
            if now.duration_since(item.updated_at) < MONTH {
                made.bytes_a_month += row.len() as u64;
            }
            let from = if begins_again { state.fed.get(connection).copied().unwrap_or(0) } else { done };
            if *change > from {
                made.rows += 1;
                made.bytes += row.len() as u64;
                made.requests += u64::from(batcher.push(&item, beside, *change).is_some());
            }
        }
        if changed.len() < settings.portion {
            made.requests += u64::from(batcher.take().is_some());
            return Ok(made);
        }
    }
}
