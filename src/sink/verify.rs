//! Whether what was accepted is in the workspace: accepted rows may still be dropped, cut or held back there.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::batch::{Batch, Batcher};
use super::clock::Clock;
use super::deliver::Delivery;
use super::row::{Beside, RowMaker};
use super::rule::Streamed;
use super::source::SendNumbers;
use super::{Feeding, SinkJob};
use crate::model::fault::Fault;
use crate::model::finding::NAMED;
use crate::model::log_analytics::WORK_ITEMS;
use crate::model::schedule::SETTLED;
use crate::model::sending::{Cap, SinkState, VerifyRecord};
use crate::model::work_item::{WorkItem, WorkItemKind};
use crate::model::workspace::Workspace;
use crate::net::BoxFuture;
use crate::store::{Changed, What};

/// How often it is looked for meanwhile.
const PAUSE: Duration = Duration::from_secs(20);

/// What the workspace has of one work item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenRow {
    /// The product's id.
    pub id: String,
    /// The number.
    pub number: String,
    /// Whether its newest row says that it is removed.
    pub removed: bool,
    /// When the newest row says that it was last changed.
    pub modified: Option<Timestamp>,
    /// Rows that are there more than once under one send number.
    pub doubled: u64,
}

/// Looks into the workspace.
pub trait Look: Send + Sync {
    /// What the workspace has of a connection and kind, each work item once by its newest row.
    ///
    /// # Errors
    /// Whatever is not the whole answer.
    fn rows<'a>(&'a self, connection: &'a str, kind: WorkItemKind) -> BoxFuture<'a, Result<Vec<SeenRow>, Fault>>;

    /// Whether the workspace stores rows now: its daily cap.
    ///
    /// # Errors
    /// When it cannot be read.
    fn cap(&self) -> BoxFuture<'_, Result<Cap, Fault>>;
}

/// Ids with the numbers of their work items.
type Named = Vec<(String, String)>;

/// What differs between store and workspace.
#[derive(Default)]
struct Difference {
    record: VerifyRecord,
    /// What is to be sent again, by connection and kind: ids.
    again: Vec<(Feeding, WorkItemKind, std::collections::HashSet<String>)>,
    /// What the workspace shows and the store does not have: id and number.
    surplus: Vec<(Feeding, WorkItemKind, Named)>,
}

/// Compares the workspace with the store, and sends again what is missing there, marked as such. The caller holds the
/// workspace's lock. Nothing is declared missing by a part of an answer, and nothing is sent again while the workspace is
/// over its daily cap.
///
/// # Errors
/// [`Fault::PartialResult`] and whatever else kept it from seeing everything: then nothing is known.
pub async fn verify(
    job: SinkJob,
    look: Arc<dyn Look>,
    cancel: CancellationToken,
    clock: Arc<dyn Clock>,
) -> Result<VerifyRecord, Fault> {
    let name = job.workspace.name.to_string();
    let (mut state, done) = (job.store.sink_state(&name).await?, job.store.sink_done(&name).await?);
    let mut difference = unless(&cancel, compare(&job, &*look, done)).await?;
    // What was accepted a short while ago may be on its way. A time in the future was noted under a wrong clock.
    let begun = clock.now();
    let settled = state.last_accepted.map_or(begun, |last| last.min(begun)).saturating_add(SETTLED).unwrap_or(begun);
    while !difference.record.is_clean() && clock.now() < settled {
        tokio::select! {
            () = clock.sleep(PAUSE) => {}
            () = cancel.cancelled() => return Err(Fault::Interrupted),
        }
        difference = unless(&cancel, compare(&job, &*look, done)).await?;
    }
    let mut record = std::mem::take(&mut difference.record);
    record.at = clock.now();
    record.cap = look.cap().await.ok();
    let held_back = record.cap.as_ref().is_some_and(|cap| cap.is_over(record.at));
    if !record.is_clean() && !held_back {
        record.resent = send_again(&job, &difference, &mut state, (cancel, clock.clone())).await?;
        state.last_accepted = Some(clock.now());
    }
    state.verified = Some(record.clone());
    job.store.keep_sink(&name, state, None).await?;
    Ok(record)
}

/// Work that ends when it is cancelled.
pub(super) async fn unless<T>(
    cancel: &CancellationToken,
    work: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    tokio::select! {
        outcome = work => outcome,
        () = cancel.cancelled() => Err(Fault::Interrupted),
    }
}

async fn compare(job: &SinkJob, look: &dyn Look, done: i64) -> Result<Difference, Fault> {
    let mut found = Difference::default();
    for feeding in &job.feeding {
        for kind in WorkItemKind::ALL {
            let seen = look.rows(&feeding.connection, kind).await?;
            found.record.doubled += seen.iter().map(|row| row.doubled).sum::<u64>();
            let seen = seen.into_iter().map(|row| (row.id.clone(), row)).collect();
            compare_kind(job, (feeding, kind), seen, done, &mut found).await?;
        }
    }
    Ok(found)
}

async fn compare_kind(
    job: &SinkJob,
    (feeding, kind): (&Feeding, WorkItemKind),
    mut seen: HashMap<String, SeenRow>,
    done: i64,
    found: &mut Difference,
) -> Result<(), Fault> {
    let mut again = std::collections::HashSet::new();
    let record = &mut found.record;
    let mut reader = Reader::new(job, &feeding.connection, kind);
    while let Some((change, item, removed)) = reader.next().await? {
        let there = seen.remove(&item.source_id);
        if change > done {
            // It was not sent yet, or is newer here than there for that reason.
            continue;
        }
        record.checked += 1;
        let whole_second = |at: Timestamp| at.as_second();
        let problem = match &there {
            None if removed => None,
            None => Some(&mut record.missing),
            Some(row) if row.removed && removed => None,
            Some(row) if row.removed && !removed => Some(&mut record.missing),
            Some(_) if removed => Some(&mut record.older),
            Some(row) if row.modified.map(whole_second) < Some(whole_second(item.updated_at)) => {
                Some(&mut record.older)
            }
            Some(_) => None,
        };
        if let Some(count) = problem {
            *count += 1;
            if record.numbers.len() < NAMED {
                record.numbers.push(item.number.clone());
            }
            again.insert(item.source_id);
        }
    }
    let surplus: Vec<_> = seen.into_values().filter(|row| !row.removed).map(|row| (row.id, row.number)).collect();
    record.surplus += surplus.len() as u64;
    if !again.is_empty() {
        found.again.push((feeding.clone(), kind, again));
    }
    if !surplus.is_empty() {
        found.surplus.push((feeding.clone(), kind, surplus));
    }
    Ok(())
}

/// Reads the stored work items of a connection and kind, portion by portion.
struct Reader<'a> {
    job: &'a SinkJob,
    connection: &'a str,
    kind: WorkItemKind,
    after: i64,
    ready: std::vec::IntoIter<Changed>,
    ended: bool,
}

impl<'a> Reader<'a> {
    fn new(job: &'a SinkJob, connection: &'a str, kind: WorkItemKind) -> Self {
        Self { job, connection, kind, after: 0, ready: Vec::new().into_iter(), ended: false }
    }

    async fn next(&mut self) -> Result<Option<(i64, WorkItem, bool)>, Fault> {
        loop {
            for Changed { change, what, .. } in self.ready.by_ref() {
                match what {
                    What::Item { item, removed_at } if item.kind == self.kind => {
                        return Ok(Some((change, *item, removed_at.is_some())));
                    }
                    _ => {}
                }
            }
            if self.ended {
                return Ok(None);
            }
            let limit = self.job.settings.portion;
            let portion = self.job.store.changes_of(vec![self.connection.to_owned()], self.after, limit).await?;
            self.ended = portion.len() < limit;
            self.after = portion.last().map_or(self.after, |entry| entry.change);
            self.ready = portion.into_iter();
        }
    }
}

/// Sends rows again, marked as such; how many.
async fn send_again(
    job: &SinkJob,
    difference: &Difference,
    state: &mut SinkState,
    (cancel, clock): (CancellationToken, Arc<dyn Clock>),
) -> Result<u64, Fault> {
    let stream = Workspace::stream(&job.workspace.table);
    let streamed = match job.rule.columns().await {
        Ok(Some(declared)) => Streamed::declared(job.ingestion.rule(), &stream, &declared, &WORK_ITEMS)?,
        Ok(None) => {
            return Err(Fault::RuleNotFound { rule: job.ingestion.rule().to_owned(), detail: String::new() });
        }
        Err(_) => Streamed::all(&WORK_ITEMS),
    };
    let maker = RowMaker::new(&streamed, job.workspace.values);
    let mut sender = Again {
        delivery: Delivery::new(job.clone(), clock.clone(), cancel),
        batcher: Batcher::new(maker, job.settings.batch_bytes),
        numbers: SendNumbers::new(),
        stream,
        job,
        clock,
        resent: 0,
    };
    for (feeding, kind, ids) in &difference.again {
        let mut reader = Reader::new(job, &feeding.connection, *kind);
        while let Some((_, item, removed)) = reader.next().await? {
            if ids.contains(&item.source_id) {
                sender.push(feeding, &item, removed, state).await?;
            }
        }
    }
    for (feeding, kind, items) in &difference.surplus {
        for (id, number) in items {
            let item = WorkItem::gone(*kind, id.clone(), number.clone(), sender.clock.now());
            sender.push(feeding, &item, true, state).await?;
        }
    }
    let rest = sender.batcher.take();
    sender.deliver(rest).await?;
    Ok(sender.resent)
}

/// What sends rows again.
struct Again<'a> {
    job: &'a SinkJob,
    delivery: Delivery,
    batcher: Batcher,
    numbers: SendNumbers,
    stream: String,
    clock: Arc<dyn Clock>,
    resent: u64,
}

impl Again<'_> {
    async fn push(
        &mut self,
        feeding: &Feeding,
        item: &WorkItem,
        removed: bool,
        state: &mut SinkState,
    ) -> Result<(), Fault> {
        self.numbers.reserve(1, state, (self.job, &*self.clock)).await?;
        let (send, now) = (self.numbers.take(), self.clock.now().to_string());
        let Feeding { connection, partner } = feeding;
        let beside = Beside { connection, partner, send, now: &now, removed, resent: true };
        let full = self.batcher.push(item, beside, 0);
        self.deliver(full).await
    }

    async fn deliver(&mut self, batch: Option<Batch>) -> Result<(), Fault> {
        if let Some(batch) = batch {
            self.resent += self.delivery.deliver(&self.stream, &batch).await?.accepted;
        }
        Ok(())
    }
}
