//! Tests which time the time filter uses. `startDate` may mean the creation day of a work item, and then changes to old ones
//! would never come. So a row that was changed after its creation is searched for by its change.

use jiff::{SignedDuration, Timestamp};

use super::ask::Ask;
use super::fetch::{Source, is_of_size};
use super::names::{Role, normal};
use super::pages::{Goal, walk};
use super::sign_in::Flow;
use crate::model::fault::Fault;
use crate::model::work_item::WorkItem;
use crate::partner::session::Session;

/// How the rows of a kind are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By last change, from any moment on.
    Ordered,
    /// By spans of time, in any order within.
    Windows,
    /// All that changed since a moment, in any order within.
    Since,
    /// From the first row to the last.
    Through,
}

/// The result of testing the time filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// It filters by last change: it found a row.
    Proven,
    /// Its name says that it filters by last change, and there was no row to prove it.
    Named,
    /// It filters by something else, or nothing proves otherwise.
    Unusable,
    /// There is none.
    Absent,
}

/// Creation and last change of a row must be this far apart to prove anything.
const APART: SignedDuration = SignedDuration::from_mins(10);

/// No row was changed so far ahead.
const FAR_AHEAD: SignedDuration = SignedDuration::from_hours(24 * 366);

/// This many rows are enough to find one that proves it; each sync reads them.
const ROWS: u64 = 100;

/// At most this many rows are searched for one.
const MOST_ROWS: u64 = 2_000;

/// How often another row is tried: one may have been changed meanwhile.
const TRIES: usize = 3;

/// The way that a binding and its filter allow.
pub fn way(source: &Source, filter: Filter) -> Way {
    let usable = matches!(filter, Filter::Proven | Filter::Named);
    match usable {
        true if source.bound.ordered => Way::Ordered,
        true if source.bound.has(Role::Until) => Way::Windows,
        true => Way::Since,
        false => Way::Through,
    }
}

/// Tests which time the time filter uses.
///
/// # Errors
/// Why no rows came.
pub async fn filter(source: &Source, session: &Session<Flow>) -> Result<Filter, Fault> {
    let since = source.bound.sent(Role::Since);
    let Some(since) = since else { return Ok(Filter::Absent) };
    let page = match source.fetch(session, &Ask::all(source.page_size(ROWS))).await {
        Err(fault) if is_of_size(&fault) => source.settle(session).await?,
        page => page?,
    };
    if let Some(total) = page.total.filter(|total| *total > 0 && page.came() == 0) {
        return Err(source.incomplete(total, 0));
    }
    if page.total.is_some() && counts_all(source, session).await? {
        source.total_is_of_all();
    }
    let mut telling: Vec<_> = page.items.iter().filter(|item| tells(item)).collect();
    // Fewest rows changed since the last change, so that it is most likely on the first page.
    telling.sort_by_key(|item| std::cmp::Reverse(item.updated_at));
    telling.truncate(TRIES);
    for item in &telling {
        if finds(source, session, item).await? {
            return Ok(Filter::Proven);
        }
    }
    let name = normal(&since.name);
    let named = ["modif", "chang", "updat"].iter().any(|part| name.contains(part));
    Ok(if telling.is_empty() && named { Filter::Named } else { Filter::Unusable })
}

/// Whether a total is told of rows that cannot match: then it counts the whole list.
async fn counts_all(source: &Source, session: &Session<Flow>) -> Result<bool, Fault> {
    let later = Timestamp::now().checked_add(FAR_AHEAD).unwrap_or(Timestamp::MAX);
    match source.fetch(session, &Ask { since: Some(later), ..Ask::all(1) }).await {
        Ok(rows) => Ok(rows.came() == 0 && rows.total.is_some_and(|total| total > 0)),
        Err(Fault::OutOfOrder { .. }) => Ok(false),
        Err(fault) => Err(fault),
    }
}

fn tells(item: &WorkItem) -> bool {
    item.opened_at.is_some_and(|made| item.updated_at.duration_since(made).abs() > APART)
}

async fn finds(source: &Source, session: &Session<Flow>, item: &WorkItem) -> Result<bool, Fault> {
    let around = |seconds| item.updated_at.checked_add(SignedDuration::from_secs(seconds)).ok();
    let until = if source.bound.has(Role::Until) { around(1) } else { None };
    let ask = Ask { since: around(-1), until, ..Ask::all(source.page_size(ROWS)) };
    let found = |items: &[WorkItem]| items.iter().any(|found| found.source_id == item.source_id);
    let goal = Goal { enough: &found, ..Goal::all(MOST_ROWS) };
    match walk(source, session, ask, &goal).await {
        Ok(walked) => Ok(found(&walked.items)),
        // There is no next page, or the list keeps moving.
        Err(Fault::NotBound { .. } | Fault::Truncated { .. }) => Ok(false),
        // Rows of other times came: it does not filter by last change.
        Err(Fault::OutOfOrder { .. }) => Ok(false),
        Err(fault) => Err(fault),
    }
}
