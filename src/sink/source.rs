//! The rows that a run sends, in the order of the change feed.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::ControlFlow;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinHandle;

use super::batch::{Batch, Batcher};
use super::clock::Clock;
use super::filler::{Filler, Step, Wanted};
use super::row::{Beside, RowMaker};
use super::rule::Streamed;
use super::{Feeding, SinkJob, VALUE_BYTES};
use crate::model::fault::Fault;
use crate::model::fields::NoFields;
use crate::model::log_analytics::WORK_ITEMS;
use crate::model::sending::{SendFinding, SinkState};
use crate::model::work_item::WorkItemKind;
use crate::store::{Changed, Portion, Store, What};

/// What comes next.
pub(super) enum Next {
    /// Rows to be sent, or rows that went.
    Step(Step),
    /// Nothing more: all up to this change was given out.
    End { upto: i64 },
}

/// Who has the rows in the making.
enum Reading {
    /// Nobody reads.
    Idle(Box<Filler>),
    /// A portion is being read; the number of its first row.
    Running(i64, JoinHandle<Result<(Filler, Portion), Fault>>),
    /// Reading failed.
    Failed,
}

/// Reads changes and makes batches of them.
pub(super) struct Source {
    job: SinkJob,
    clock: Arc<dyn Clock>,
    connections: Vec<String>,
    /// Up to this change some connection was passed over; an earlier run has noted its rows.
    passed_over: i64,
    after: i64,
    last: i64,
    reading: Reading,
    wanted: Arc<Wanted>,
    ready: VecDeque<Step>,
    spare: Vec<Batch>,
    findings: Vec<SendFinding>,
    ended: bool,
}

impl Source {
    /// Begins after the change `after`. Read are the connections that feed the workspace and those that did.
    pub async fn new(
        job: SinkJob,
        clock: Arc<dyn Clock>,
        streamed: &Streamed,
        (state, after): (&SinkState, i64),
    ) -> Result<Self, Fault> {
        let maker = RowMaker::new(streamed, job.workspace.values);
        let feeding = job.feeding.iter().map(|one| one.connection.clone());
        let connections: BTreeSet<_> = state.fed.keys().cloned().chain(feeding).collect();
        let last = job.store.last_change().await?;
        Ok(Self {
            reading: Reading::Idle(Box::new(Filler::new(&job, maker))),
            wanted: Arc::new(Wanted::After { sent: state.fed.clone(), again: state.again.clone() }),
            connections: connections.into_iter().collect(),
            passed_over: state.fed.values().copied().max().unwrap_or(0),
            after,
            last,
            ready: VecDeque::new(),
            spare: Vec::new(),
            findings: Vec::new(),
            ended: false,
            job,
            clock,
        })
    }

    /// Takes a batch back that was delivered.
    pub fn take_back(&mut self, batch: Batch) {
        self.spare.push(batch);
    }

    /// What was noticed of the rows since the last time.
    pub fn findings(&mut self) -> Vec<SendFinding> {
        std::mem::take(&mut self.findings)
    }

    /// What comes next.
    pub async fn next(&mut self, state: &mut SinkState) -> Result<Next, Fault> {
        loop {
            if let Some(step) = self.ready.pop_front() {
                return Ok(Next::Step(step));
            }
            if self.ended {
                return Ok(Next::End { upto: self.last.max(self.after) });
            }
            let (first, mut filler, portion) = self.portion(state).await?;
            if let Some(last) = portion.last {
                state.bounds.note(self.after.max(self.passed_over), first);
                self.after = last;
            }
            self.ended = portion.ended;
            if self.ended {
                filler.finish();
            }
            self.ready = filler.ready();
            self.findings.extend(filler.findings());
            let went = matches!(self.ready.back(), Some(Step::Dropped { .. }));
            self.reading =
                if self.ended || went { Reading::Idle(Box::new(filler)) } else { self.start(filler, state).await? };
        }
    }

    /// The next portion, with the number of its first row.
    async fn portion(&mut self, state: &mut SinkState) -> Result<(i64, Filler, Portion), Fault> {
        let reading = match std::mem::replace(&mut self.reading, Reading::Failed) {
            Reading::Idle(filler) => self.start(*filler, state).await?,
            reading => reading,
        };
        let Reading::Running(first, reading) = reading else { return Err(failed()) };
        let (filler, portion) = reading.await.map_err(|_| failed())??;
        Ok((first, filler, portion))
    }

    async fn start(&mut self, mut filler: Filler, state: &mut SinkState) -> Result<Reading, Fault> {
        let limit = self.job.settings.portion;
        filler.fill_again(&mut self.spare);
        let first = filler.prepare(limit, state, (&self.job, &self.clock)).await?;
        let (from, connections) = ((self.job.store.clone(), self.wanted.clone()), self.connections.clone());
        Ok(Reading::Running(first, tokio::spawn(filler.read(from, connections, (self.after, limit)))))
    }

    /// Rows that say that these work items, by id and number, are removed. Called after [`Step::Dropped`], when nothing is read.
    pub async fn removed_rows(
        &mut self,
        (connection, kind): (&str, WorkItemKind),
        items: Vec<(String, String)>,
        state: &mut SinkState,
    ) -> Result<Vec<Batch>, Fault> {
        let Reading::Idle(filler) = &mut self.reading else { return Err(failed()) };
        filler.prepare(items.len(), state, (&self.job, &self.clock)).await?;
        filler.push_gone((connection, kind), &items, (self.clock.now(), false))?;
        filler.finish();
        self.findings.extend(filler.findings());
        Ok(filler.batches())
    }
}

fn failed() -> Fault {
    Fault::Internal { what: "reading changes has failed".to_owned() }
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
    now: Timestamp,
) -> Result<Estimate, Fault> {
    let (feeding, values, workspace) = job;
    let (state, done) = (store.sink_state(workspace).await?, store.sink_done(workspace).await?);
    let begins_again = feeding.iter().any(|one| !state.fed.contains_key(&one.connection));
    let maker = RowMaker::new(&Streamed::all(&WORK_ITEMS), values);
    let connections: Vec<_> = feeding.iter().map(|one| one.connection.clone()).collect();
    let mut counting = Counting {
        made: Estimate::default(),
        batcher: Batcher::new(maker.clone(), settings.batch_bytes),
        maker,
        row: String::new(),
        feeding: feeding.to_vec(),
        sent: match (settings.full, begins_again) {
            (true, _) => Sent::Upto(0),
            (false, true) => Sent::PerConnection(state.fed),
            (false, false) => Sent::Upto(done),
        },
        now,
        text: now.to_string(),
    };
    let mut after = 0;
    loop {
        let limit = (after, settings.portion);
        let (counted, portion) = store.changes_of(connections.clone(), limit, counting, Counting::count).await?;
        (counting, after) = (counted, portion.last.unwrap_or(after));
        if portion.ended {
            counting.made.requests += u64::from(counting.batcher.take().is_some());
            return Ok(counting.made);
        }
    }
}

/// Which changes were sent.
enum Sent {
    Upto(i64),
    PerConnection(BTreeMap<String, i64>),
}

/// Counts rows that are not sent.
struct Counting {
    made: Estimate,
    batcher: Batcher,
    maker: RowMaker,
    row: String,
    feeding: Vec<Feeding>,
    sent: Sent,
    now: Timestamp,
    text: String,
}

impl Counting {
    fn count(&mut self, Changed { change, connection, what }: Changed<'_>) -> Result<ControlFlow<()>, NoFields> {
        let What::Item { item, removed_at } = what else { return Ok(ControlFlow::Continue(())) };
        let partner = self.feeding.iter().find(|one| one.connection == *connection).map_or("", |one| &one.partner);
        let (send, removed) = (self.now.as_microsecond(), removed_at.is_some());
        let beside = Beside { connection, partner, send, now: &self.text, removed, resent: false };
        self.row.clear();
        self.maker.write(&mut self.row, &item, beside, VALUE_BYTES)?;
        let bytes = self.row.len() as u64;
        if self.now.duration_since(item.updated_at) < MONTH {
            self.made.bytes_a_month += bytes;
        }
        let from = match &self.sent {
            Sent::Upto(done) => *done,
            Sent::PerConnection(fed) => fed.get(connection).copied().unwrap_or(0),
        };
        if change > from {
            self.made.rows += 1;
            self.made.bytes += bytes;
            self.made.requests += u64::from(self.batcher.push(&item, beside, change)?.is_some());
        }
        Ok(ControlFlow::Continue(()))
    }
}
