//! How many rows a window has: by the web app's total, else by a binary search for the last row.

use crate::model::fault::Fault;
use crate::model::sync::Window;
use crate::partner::service_manager::ask::Ask;
use crate::partner::service_manager::fetch::Source;
use crate::partner::service_manager::names::Role;
use crate::partner::service_manager::proof::Way;
use crate::partner::service_manager::sign_in::Flow;
use crate::partner::session::Session;

/// No more rows than this are counted by looking.
const MOST: u64 = 1 << 26;

/// Counts the rows of a window, approximately, since they may change meanwhile.
///
/// # Errors
/// [`Fault::NotFound`] where nothing could be counted by, and why no answer came.
pub async fn count(source: &Source, session: &Session<Flow>, way: Way, window: Window) -> Result<u64, Fault> {
    if matches!(way, Way::Through | Way::Since) {
        // All rows could be counted, those of a window with an end could not; and slices by a count would each read all
        // that changed since they begin.
        return Err(Fault::NotFound { what: format!("a count of {}", source.what()) });
    }
    let ask = Ask { since: Some(window.from), ..Ask::all(1) };
    match window.before {
        Some(before) if source.bound.has(Role::Until) => {
            at_least(source, session, Ask { until: Some(before), ..ask }).await
        }
        Some(before) => {
            let later = Ask { since: Some(before), ..ask };
            let (all, beyond) = (at_least(source, session, ask).await?, at_least(source, session, later).await?);
            Ok(all.saturating_sub(beyond))
        }
        None => at_least(source, session, ask).await,
    }
}

async fn at_least(source: &Source, session: &Session<Flow>, ask: Ask) -> Result<u64, Fault> {
    let first = source.fetch(session, &ask).await?;
    // A total of one with one row may be just the page's own length.
    if let Some(total) = first.total.filter(|total| *total > 1 || first.came() == 0) {
        return Ok(total);
    }
    if !source.can_go_on() || !source.bound.has(Role::PageSize) {
        return Err(Fault::NotFound { what: format!("a count of {}", source.what()) });
    }
    // A row lies behind `low` others, and none behind `high`.
    let (mut low, mut high) = (0, 1);
    if first.came() == 0 {
        return Ok(0);
    }
    while high < MOST && there_is(source, session, &ask, high).await? {
        (low, high) = (high, high * 4);
    }
    while high - low > 1 + low / 100 {
        let middle = low + (high - low) / 2;
        if there_is(source, session, &ask, middle).await? { low = middle } else { high = middle }
    }
    Ok(low + 1)
}

async fn there_is(source: &Source, session: &Session<Flow>, ask: &Ask, behind: u64) -> Result<bool, Fault> {
    Ok(source.fetch(session, &Ask { skip: behind, ..*ask }).await?.came() > 0)
}
