//! Sends rows again that a verification found missing, marked as such.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::SinkJob;
use super::clock::Clock;
use super::deliver::Delivery;
use super::filler::{Filler, Wanted};
use super::row::RowMaker;
use super::rule::Streamed;
use super::verify::Difference;
use crate::model::fault::Fault;
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
    let delivery = Delivery::new(job.clone(), clock.clone(), cancel);
    let mut sender = Again { delivery, maker, stream: Workspace::stream(&job.workspace.table), job, clock, resent: 0 };
    for (feeding, kind, ids) in &difference.again {
        sender.stored(&feeding.connection, Wanted::Again(*kind, ids.clone()), state).await?;
    }
    let gone = difference.surplus.iter().map(|(.., items)| items.len()).sum();
    if gone > 0 {
        let mut filler = Filler::new(job, sender.maker.clone());
        filler.prepare(gone, state, (job, &sender.clock)).await?;
        let now = sender.clock.now();
        for (feeding, kind, items) in &difference.surplus {
            filler.push_gone((&feeding.connection, *kind), items, (now, true))?;
        }
        filler.finish();
        sender.deliver(&mut filler).await?;
    }
    Ok(sender.resent)
}

/// What sends rows again.
struct Again<'a> {
    job: &'a SinkJob,
    delivery: Delivery,
    maker: RowMaker,
    stream: String,
    clock: Arc<dyn Clock>,
    resent: u64,
}

impl Again<'_> {
    /// Sends stored work items of a connection.
    async fn stored(&mut self, connection: &str, wanted: Wanted, state: &mut SinkState) -> Result<(), Fault> {
        let limit = self.job.settings.portion;
        let (mut filler, wanted, mut after) = (Filler::new(self.job, self.maker.clone()), Arc::new(wanted), 0);
        loop {
            filler.prepare(limit, state, (self.job, &self.clock)).await?;
            let connections = vec![connection.to_owned()];
            let (mut filled, portion) =
                filler.read((self.job.store.clone(), wanted.clone()), connections, (after, limit)).await?;
            if portion.ended {
                filled.finish();
            }
            self.deliver(&mut filled).await?;
            if portion.ended {
                return Ok(());
            }
            (filler, after) = (filled, portion.last.unwrap_or(after));
        }
    }

    async fn deliver(&mut self, filler: &mut Filler) -> Result<(), Fault> {
        for batch in filler.batches() {
            self.resent += self.delivery.deliver(&self.stream, &Arc::new(batch)).await?.accepted;
        }
        Ok(())
    }
}
