//! One slice, page after page: while the writer commits a page, the next one is already being fetched.

use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinHandle;

use super::feed::Feed;
use super::walk::Walk;
use super::{Run, columns, fetch};
use crate::model::fault::Fault;
use crate::model::work_item::WorkItem;
use crate::store::{PageCommit, Slice, Tally};

type Committing = JoinHandle<Result<Tally, Fault>>;

/// Walks a slice to its end. What was fetched is committed, whatever stops it.
///
/// # Errors
/// What stopped it; the slice's checkpoint stands at the last page before that.
pub async fn walk_slice(run: Arc<Run>, feed: Arc<Feed>, slice: Slice) -> Result<(), Fault> {
    let mut walk = Walk::new(&slice, feed.totals.clone());
    let mut committing = None;
    while !walk.done() {
        let next = async {
            let room = fetch::unless(&feed.stop, run.pace.page()).await?.ok_or(Fault::Interrupted)?;
            let (request, mut page) = fetch::next_page(&run, &feed, &walk).await?;
            columns::settle(&run, &feed, &mut page.items).await?;
            Ok::<_, Fault>((room, request, page))
        };
        let next = next.await;
        settle(&feed, committing.take()).await?;
        let (room, request, mut page) = next?;
        page.notes.unproven &= !feed.brings_nothing_new(&page);
        let taken = walk.take(&request, &page);
        feed.count_page(&run, &page, walk.remaining());
        committing = Some(commit(&run, &feed, page.items, &walk, room).await?);
        if let Err(fault) = taken {
            settle(&feed, committing).await?;
            return Err(fault);
        }
    }
    settle(&feed, committing).await
}

/// Hands a page to the writer. Its room in memory is free again as soon as it is committed.
async fn commit(
    run: &Run,
    feed: &Feed,
    items: Vec<WorkItem>,
    walk: &Walk,
    room: OwnedSemaphorePermit,
) -> Result<Committing, Fault> {
    let connection = run.job.connection.name.clone();
    let page = PageCommit { connection, kind: feed.kind, items, checkpoint: walk.checkpoint() };
    let begun = run.job.store.begin_commit(page).await?;
    Ok(tokio::spawn(async move {
        let outcome = begun.outcome().await.map(|stored| stored.tally);
        drop(room);
        outcome
    }))
}

async fn settle(feed: &Feed, committing: Option<Committing>) -> Result<(), Fault> {
    let Some(committing) = committing else { return Ok(()) };
    let tally = committing.await.map_err(|error| Fault::Internal { what: error.to_string() })??;
    feed.count_rows(tally);
    Ok(())
}
