//! Fetching one page, with retries.

use tokio_util::sync::CancellationToken;

use super::Run;
use super::kind_sync::KindSync;
use super::order;
use super::retry::{RetryDecision, RetryPolicy};
use crate::model::fault::Fault;
use crate::model::sync::{Page, PageRequest, take_once};
use crate::partner::pager::Pager;

/// How often a page with invalid UTF-8 is requested again.
const DAMAGED_TRIES: u32 = 2;

/// Fetches the next page of a slice, in order and inside its window.
///
/// # Errors
/// The fault after which nothing is retried; [`Fault::Interrupted`] when the sync is to stop.
pub async fn next_page(run: &Run, sync: &KindSync, pager: &dyn Pager) -> Result<(PageRequest, Page), Fault> {
    let (mut policy, mut damaged, mut lean) = (RetryPolicy::default(), 0, false);
    for attempt in 1.. {
        let limit = if lean { 1 } else { sync.page_size.get() };
        let request = PageRequest { lean, ..pager.request(sync.kind, limit) };
        let fault = match attempt_page(run, sync, &request, attempt).await {
            Ok((_, true)) if damaged < DAMAGED_TRIES => {
                damaged += 1;
                sync.tell(run, None, attempt + 1);
                continue;
            }
            Ok((mut page, is_damaged)) => {
                sync.page_size.grow();
                sync.look_over(&mut page, is_damaged);
                return Ok((request, page));
            }
            // One row alone is too large: its long texts are read one by one, or left out.
            Err(Fault::TooLarge { .. }) if request.limit == 1 && !lean => {
                lean = true;
                continue;
            }
            Err(fault) => fault,
        };
        let next = policy.after(&fault, request.limit, &run.job.settings, run.limiter.jitter());
        tracing::info!(kind = sync.kind.id(), code = fault.code(), attempt, ?next, "a page did not come");
        match next {
            RetryDecision::Stop => return Err(fault),
            RetryDecision::Pause(wait) => run.limiter.pause(wait),
            RetryDecision::Retry { wait, shrink } => {
                if shrink {
                    sync.page_size.shrink(request.limit, matches!(fault, Fault::TooLarge { .. }));
                }
                sync.tell_retry(run, attempt + 1, wait, &fault);
                unless(&sync.stop, run.clock.sleep(wait)).await?;
            }
        }
    }
    Err(Fault::Internal { what: "the tries ran out".to_owned() })
}

/// A page, and whether a reply had invalid UTF-8.
async fn attempt_page(run: &Run, sync: &KindSync, request: &PageRequest, attempt: u32) -> Result<(Page, bool), Fault> {
    let waiting = |until| sync.tell(run, until, attempt);
    let permit = unless(&sync.stop, run.limiter.permit(waiting)).await?.ok_or(Fault::Interrupted)?;
    sync.count_request();
    let damaged = || run.job.partner.http().map_or(0, |http| http.damaged());
    let before = damaged();
    let mut page = unless(&sync.stop, run.job.partner.page(request)).await??;
    drop(permit);
    take_once(&mut page.items);
    order::check(request, &page)?;
    if let Some(rate) = page.rate {
        run.limiter.announce(rate);
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
