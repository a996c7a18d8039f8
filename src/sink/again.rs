//! Sends rows again that a verification found missing, marked as such.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::batch::{Batch, Batcher};
use super::clock::Clock;
use super::deliver::Delivery;
use super::numbers::SendNumbers;
use super::row::{Beside, RowMaker};
use super::rule::Streamed;
use super::verify::{Difference, Reader};
use super::{Feeding, SinkJob};
use crate::model::fault::Fault;
use crate::model::item_ref::ItemRef;
use crate::model::log_analytics::WORK_ITEMS;
use crate::model::sending::SinkState;
use crate::model::workspace::Workspace;

/// Sends what differs; how many rows were accepted.
pub(super) async fn send_again(
    job: &SinkJob,
    difference: &Difference,
    streamed: Option<Streamed>,
    state: &mut SinkState,
    (cancel, clock): (CancellationToken, Arc<dyn Clock>),
) -> Result<u64, Fault> {
    let streamed = streamed.unwrap_or_else(|| Streamed::all(&WORK_ITEMS));
    let maker = RowMaker::new(&streamed, job.workspace.values);
    let mut sender = Again {
        delivery: Delivery::new(job.clone(), clock.clone(), cancel),
        batcher: Batcher::new(maker, job.settings.batch_bytes),
        numbers: SendNumbers::new(),
        stream: Workspace::stream(&job.workspace.table),
        job,
        clock,
        resent: 0,
    };
    for (feeding, kind, ids) in &difference.again {
        let mut reader = Reader::new(job, &feeding.connection, *kind);
        while let Some((_, item, removed)) = reader.next().await? {
            if ids.contains(item.source_id()) {
                sender.push(feeding, &job.store.whole(&item)?, removed, state).await?;
            }
        }
    }
    for (feeding, kind, items) in &difference.surplus {
        for (id, number) in items {
            let item = ItemRef::gone(*kind, id, number, sender.clock.now());
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
        item: &ItemRef<'_>,
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
