//! One slice, page after page: while the writer commits a page, the next one is already being fetched.

use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinHandle;

use super::kind_sync::KindSync;
use super::{Run, columns, fetch};
use crate::model::fault::Fault;
use crate::model::sync::SlicePosition;
use crate::model::work_item::WorkItem;
use crate::partner::Held;
use crate::store::{PageCommit, Slice, SliceCheckpoint, Tally};

/// What a row takes beside its texts, at least.
const ROW_BYTES: usize = 256;

type Committing = JoinHandle<Result<Tally, Fault>>;

/// Syncs one slice to its end. Fetched pages are committed even if a fault stops it.
///
/// # Errors
/// The fault that stopped it; the slice's checkpoint is at the last page before that.
pub async fn sync_slice(run: Arc<Run>, sync: Arc<KindSync>, slice: Slice) -> Result<(), Fault> {
    let SliceCheckpoint { slice: number, after, offset, hidden, done } = slice.checkpoint;
    let from = SlicePosition { after, offset, hidden, done };
    let mut pager = run.job.partner.pager(slice.window, from, sync.totals.clone());
    let (mut committing, mut to_prove) = (None, false);
    while !pager.position().done {
        let next = async {
            let room = fetch::unless(&sync.stop, run.limiter.page()).await?.ok_or(Fault::Interrupted)?;
            let (request, mut page) = fetch::next_page(&run, &sync, &*pager).await?;
            let held = keep(&run, &page.items);
            let hidden = columns::settle(&run, &sync, &mut page.items).await?;
            sync.number(&mut page.items, &hidden);
            Ok::<_, Fault>(((room, held), request, page, hidden))
        };
        let next = next.await;
        settle(&sync, committing.take()).await?;
        let (room, request, mut page, hidden) = next?;
        if sync.brings_nothing_new(&page) {
            let lately = sync.sights.proved_lately(run.clock.now());
            (page.notes.unproven, to_prove) = (page.notes.unproven && !lately, !lately);
        }
        let taken = pager.take(&request, &page);
        sync.count_page(&run, &page, pager.remaining());
        let checkpoint = checkpoint(number, pager.position());
        committing = Some(commit(&run, &sync, (page.items, hidden), checkpoint, room).await?);
        if let Err(fault) = taken {
            settle(&sync, committing).await?;
            return Err(fault);
        }
    }
    settle(&sync, committing).await?;
    if to_prove {
        sync.sights.prove(run.clock.now());
    }
    Ok(())
}

fn checkpoint(slice: u32, at: &SlicePosition) -> SliceCheckpoint {
    let SlicePosition { after, offset, hidden, done } = at.clone();
    SliceCheckpoint { slice, after, offset, hidden, done }
}

/// The room of a decoded page: the reply that it was made of has given back its own.
fn keep(run: &Run, items: &[WorkItem]) -> Option<Held> {
    let bytes = |item: &WorkItem| ROW_BYTES + item.title.len() + item.fields.json().len();
    run.job.partner.http()?.room().keep(items.iter().map(bytes).sum::<usize>() as u64)
}

/// Hands a page to the writer. Its permits for memory are released once it is committed.
async fn commit(
    run: &Run,
    sync: &KindSync,
    (items, hidden_columns): (Vec<WorkItem>, Vec<Arc<str>>),
    checkpoint: SliceCheckpoint,
    room: (OwnedSemaphorePermit, Option<Held>),
) -> Result<Committing, Fault> {
    let connection = run.job.connection.name.clone();
    let page = PageCommit { connection, kind: sync.kind, items, hidden_columns, checkpoint };
    let begun = run.job.store.begin_commit(page).await?;
    Ok(tokio::spawn(async move {
        let outcome = begun.outcome().await.map(|stored| stored.tally);
        drop(room);
        outcome
    }))
}

async fn settle(sync: &KindSync, committing: Option<Committing>) -> Result<(), Fault> {
    let Some(committing) = committing else { return Ok(()) };
    let tally = committing.await.map_err(|error| Fault::Internal { what: error.to_string() })??;
    sync.count_rows(tally);
    Ok(())
}
