//! One page, with all the patience it takes.

use tokio_util::sync::CancellationToken;

use super::Run;
use super::feed::Feed;
use super::order;
use super::patience::{Next, Patience};
use super::walk::Walk;
use crate::model::fault::Fault;
use crate::model::sync::{Page, PageRequest, take_once};

/// How often a page whose text came damaged is asked for again.
const DAMAGED_TRIES: u32 = 2;

/// Fetches the next page of a walk, in order and inside its window.
///
/// # Errors
/// The fault that outlasted our patience; [`Fault::Interrupted`] when the sync is to stop.
pub async fn next_page(run: &Run, feed: &Feed, walk: &Walk) -> Result<(PageRequest, Page), Fault> {
    let (mut patience, mut damaged, mut lean) = (Patience::default(), 0, false);
    for attempt in 1.. {
        let limit = if lean { 1 } else { feed.page_size.get() };
        let request = PageRequest { lean, ..walk.request(feed.kind, limit) };
        let fault = match attempt_page(run, feed, &request, attempt).await {
            Ok((_, true)) if damaged < DAMAGED_TRIES => {
                damaged += 1;
                feed.tell(run, None, attempt + 1);
                continue;
            }
            Ok((mut page, is_damaged)) => {
                feed.page_size.grow();
                feed.look_over(&mut page, is_damaged);
                return Ok((request, page));
            }
            // Even one row alone is too large: its long texts come one by one, or not at all.
            Err(Fault::TooLarge { .. }) if request.limit == 1 && !lean => {
                lean = true;
                continue;
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
                    feed.page_size.shrink(request.limit, matches!(fault, Fault::TooLarge { .. }));
                }
                feed.tell(run, None, attempt + 1);
                unless(&feed.stop, run.clock.sleep(wait)).await?;
            }
        }
    }
    Err(Fault::Internal { what: "the tries ran out".to_owned() })
}

/// A page, and whether a reply that came meanwhile was no valid text.
async fn attempt_page(run: &Run, feed: &Feed, request: &PageRequest, attempt: u32) -> Result<(Page, bool), Fault> {
    let waiting = |until| feed.tell(run, until, attempt);
    let turn = unless(&feed.stop, run.pace.turn(waiting)).await?.ok_or(Fault::Interrupted)?;
    feed.count_request();
    let damaged = || run.job.partner.http().map_or(0, |http| http.damaged());
    let before = damaged();
    let mut page = unless(&feed.stop, run.job.partner.page(request)).await??;
    drop(turn);
    take_once(&mut page.items);
    order::check(request, &page)?;
    if let Some(rate) = page.rate {
        run.pace.announce(rate);
    }
    Ok((page, damaged() > before))
}

/// Waits for `work`, unless the sync is to stop.
pub async fn unless<T>(stop: &CancellationToken, work: impl Future<Output = T>) -> Result<T, Fault> {
    tokio::select! {
        biased;
        () = stop.cancelled() => Err(Fault::Interrupted),
        outcome = work => Ok(outcome),
    }
}
