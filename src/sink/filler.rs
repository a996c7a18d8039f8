//! Fills batches with rows of work items while the database is read: no work item is copied on the way.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::ops::ControlFlow;
use std::sync::Arc;

use jiff::Timestamp;

use super::SinkJob;
use super::batch::{Batch, Batcher};
use super::clock::Clock;
use super::numbers::SendNumbers;
use super::row::{Beside, RowMaker};
use crate::model::fault::Fault;
use crate::model::fields::NoFields;
use crate::model::item_ref::ItemRef;
use crate::model::sending::{SendFinding, SinkState};
use crate::model::work_item::WorkItemKind;
use crate::store::{Changed, Portion, Store, What};

/// What comes of entries of the change feed.
pub(super) enum Step {
    /// Rows to be sent.
    Batch(Batch),
    /// All work items of this kind of a connection are gone from the store. Nothing after it is read before this is done, since
    /// the same work items may be there anew.
    Dropped { connection: String, kind: WorkItemKind, change: i64 },
}

/// Which work items become rows.
pub(super) enum Wanted {
    /// Those of the feed, per connection after the change up to which it was sent; up to the change of `again` they are sent again.
    After { sent: BTreeMap<String, i64>, again: BTreeMap<String, i64> },
    /// Those of one kind with these ids, once more.
    Again(WorkItemKind, HashSet<String>),
}

/// Rows in the making.
pub(super) struct Filler {
    batcher: Batcher,
    numbers: SendNumbers,
    /// The products' ids by connection; others send nothing.
    partners: BTreeMap<String, String>,
    now: String,
    ready: VecDeque<Step>,
}

impl Filler {
    /// Nothing is made yet.
    pub fn new(job: &SinkJob, maker: RowMaker) -> Self {
        let partners = job.feeding.iter().map(|one| (one.connection.clone(), one.partner.clone())).collect();
        Self {
            batcher: Batcher::new(maker, job.settings.batch_bytes),
            numbers: SendNumbers::new(),
            partners,
            now: String::new(),
            ready: VecDeque::new(),
        }
    }

    /// Makes sure of send numbers for so many rows of this moment; the first of them comes back.
    pub async fn prepare(
        &mut self,
        rows: usize,
        state: &mut SinkState,
        (job, clock): (&SinkJob, &Arc<dyn Clock>),
    ) -> Result<i64, Fault> {
        let found = self.numbers.reserve(rows, state, (job, &**clock)).await?;
        self.batcher.findings.extend(found);
        self.now = clock.now().to_string();
        Ok(self.numbers.next())
    }

    /// Has batches filled again that were delivered.
    pub fn fill_again(&mut self, spare: &mut Vec<Batch>) {
        self.batcher.spare.append(spare);
    }

    /// Reads entries after a change until a batch is full, and at most `limit`; it was [prepared](Self::prepare) for so many.
    pub async fn read(
        self,
        (store, wanted): (Store, Arc<Wanted>),
        connections: Vec<String>,
        (after, limit): (i64, usize),
    ) -> Result<(Self, Portion), Fault> {
        let take = |(filler, wanted): &mut (Self, Arc<Wanted>), changed: Changed<'_>| filler.take(wanted, changed);
        let ((filler, _), portion) = store.changes_of(connections, (after, limit), (self, wanted), take).await?;
        Ok((filler, portion))
    }

    fn take(
        &mut self,
        wanted: &Wanted,
        Changed { change, connection, what }: Changed<'_>,
    ) -> Result<ControlFlow<()>, NoFields> {
        match (what, wanted) {
            (What::Item { item, removed_at }, Wanted::After { sent, again }) => {
                if sent.get(connection).is_none_or(|upto| change > *upto) && self.partners.contains_key(connection) {
                    let resent = again.get(connection).is_some_and(|upto| change <= *upto);
                    self.push((connection, &item), (change, removed_at.is_some(), resent))?;
                }
            }
            (What::Item { item, removed_at }, Wanted::Again(kind, ids)) => {
                if item.kind == *kind && ids.contains(item.source_id) {
                    self.push((connection, &item), (change, removed_at.is_some(), true))?;
                }
            }
            (What::Dropped { kind }, Wanted::After { .. }) => {
                self.finish();
                self.ready.push_back(Step::Dropped { connection: connection.to_owned(), kind, change });
                return Ok(ControlFlow::Break(()));
            }
            (What::Dropped { .. }, Wanted::Again(..)) => {}
        }
        // A full batch is on its way while the next one is filled.
        Ok(if self.ready.is_empty() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    }

    /// Makes rows that say that these work items, by id and number, are removed; the store has none of them any more.
    pub fn push_gone<'i>(
        &mut self,
        (connection, kind): (&str, WorkItemKind),
        items: impl IntoIterator<Item = &'i (String, String)>,
        (now, resent): (Timestamp, bool),
    ) -> Result<(), Fault> {
        for (source_id, number) in items {
            let item = ItemRef::gone(kind, source_id, number, now);
            let pushed = self.push((connection, &item), (0, true, resent));
            pushed.map_err(|_| Fault::Internal { what: "making a row has failed".to_owned() })?;
        }
        Ok(())
    }

    /// Makes the row of one work item of a connection.
    fn push(
        &mut self,
        (connection, item): (&str, &ItemRef<'_>),
        (change, removed, resent): (i64, bool, bool),
    ) -> Result<(), NoFields> {
        let partner = self.partners.get(connection).map_or("", String::as_str);
        let beside = Beside { connection, partner, send: self.numbers.take(), now: &self.now, removed, resent };
        self.ready.extend(self.batcher.push(item, beside, change)?.map(Step::Batch));
        Ok(())
    }

    /// Makes a batch of what was gathered so far.
    pub fn finish(&mut self) {
        self.ready.extend(self.batcher.take().map(Step::Batch));
    }

    /// What was made.
    pub fn ready(&mut self) -> VecDeque<Step> {
        std::mem::take(&mut self.ready)
    }

    /// What was made; there are batches only.
    pub fn batches(&mut self) -> Vec<Batch> {
        let batch = |step| if let Step::Batch(batch) = step { Some(batch) } else { None };
        self.ready().into_iter().filter_map(batch).collect()
    }

    /// What was noticed of the rows.
    pub fn findings(&mut self) -> Vec<SendFinding> {
        std::mem::take(&mut self.batcher.findings)
    }
}
