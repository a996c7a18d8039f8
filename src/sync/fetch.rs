//! One page, with all the patience it takes.

use tokio_util::sync::CancellationToken;

use super::Run;
use super::feed::Feed;
use super::order;
use super::patience::{Next, Patience};
use super::walk::Walk;
use crate::model::fault::Fault;
use crate::model::sync::{Page, PageRequest};

/// Fetches the next page of a walk, in order and inside its window.
///
/// # Errors
/// The fault that outlasted our patience; [`Fault::Interrupted`] when the sync is to stop.
pub async fn next_page(run: &Run, feed: &Feed, walk: &Walk) -> Result<(PageRequest, Page), Fault> {
    let mut patience = Patience::default();
    for attempt in 1.. {
        let request = walk.request(feed.kind, feed.page_size.get());
        let fault = match attempt_page(run, feed, &request, attempt).await {
            Ok(page) => {
                feed.page_size.grow();
                return Ok((request, page));
            }
            Err(fault) => fault,
        };
        let next = patience.after(&fault, request.limit, &run.job.settings, run.pace.jitter());
        tracing::info!(kind = feed.kind.id(), code = fault.code(), attempt, ?next, "a page did not come");
        match next {
            Next::Stop => return Err(fault),
            Next::Pause(wait) => run.pace.pause(wait),
            Next::Retry { wait, shrink } => {
                if shrink {
                    feed.page_size.shrink(request.limit);
                }
                feed.tell(run, None, attempt + 1);
                unless(&feed.stop, run.clock.sleep(wait)).await?;
            }
        }
    }
    Err(Fault::Internal { what: "the tries ran out".to_owned() })
}

async fn attempt_page(run: &Run, feed: &Feed, request: &PageRequest, attempt: u32) -> Result<Page, Fault> {
    let waiting = |until| feed.tell(run, until, attempt);
    let turn = unless(&feed.stop, run.pace.turn(waiting)).await?.ok_or(Fault::Interrupted)?;
    feed.count_request();
    let page = unless(&feed.stop, run.job.partner.page(request)).await??;
    drop(turn);
    order::check(request, &page)?;
    if let Some(rate) = page.rate {
        run.pace.announce(rate);
    }
    Ok(page)
}

/// Waits for `work`, unless the sync is to stop.
pub async fn unless<T>(stop: &CancellationToken, work: impl Future<Output = T>) -> Result<T, Fault> {
    tokio::select! {
        biased;
        () = stop.cancelled() => Err(Fault::Interrupted),
        outcome = work => Ok(outcome),
    }
}
