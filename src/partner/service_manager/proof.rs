//! What the filter of time filters by. `startDate` may well mean the day a work item was made, and then changes to
//! old ones would never be seen: so a row whose change lies apart from its making is looked for by its change.

use jiff::SignedDuration;

use super::ask::Ask;
use super::fetch::Source;
use super::names::{Role, normal};
use super::sign_in::Flow;
use crate::model::fault::Fault;
use crate::model::work_item::WorkItem;
use crate::partner::session::Session;

/// How the rows of a kind can be walked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By last change, from any moment on.
    Ordered,
    /// By spans of time, in any order within.
    Windows,
    /// From the first row to the last.
    Through,
}

/// What was found out about the filter of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// It filters by last change: a row was found by it.
    Proven,
    /// Its name says that it filters by last change, and no row was there to prove it by.
    Named,
    /// It filters by something else, or nothing proves otherwise.
    Unusable,
    /// There is none.
    Absent,
}

/// Making and last change must lie so far apart for a row to prove anything.
const APART: SignedDuration = SignedDuration::from_mins(10);

/// How often another row is tried: one may have been changed meanwhile.
const TRIES: usize = 3;

/// The way that a binding and its filter allow.
pub fn way(source: &Source, filter: Filter) -> Way {
    let usable = matches!(filter, Filter::Proven | Filter::Named);
    match usable {
        true if source.bound.ordered => Way::Ordered,
        true if source.bound.has(Role::Until) => Way::Windows,
        _ => Way::Through,
    }
}

/// Finds out what the filter of time filters by.
///
/// # Errors
/// What kept rows from coming.
pub async fn filter(source: &Source, session: &Session<Flow>) -> Result<Filter, Fault> {
    let Some(since) = source.bound.sent(Role::Since) else { return Ok(Filter::Absent) };
    let page = source.fetch(session, &Ask::all(source.bound.largest_page)).await?;
    let telling: Vec<_> = page.items.iter().rev().filter(|item| tells(item)).take(TRIES).collect();
    for item in &telling {
        if finds(source, session, item).await? {
            return Ok(Filter::Proven);
        }
    }
    let name = normal(&since.name);
    let named = ["modif", "chang", "updat"].iter().any(|part| name.contains(part));
    Ok(if telling.is_empty() && named { Filter::Named } else { Filter::Unusable })
}

fn tells(item: &WorkItem) -> bool {
    item.opened_at.is_some_and(|made| item.updated_at.duration_since(made).abs() > APART)
}

async fn finds(source: &Source, session: &Session<Flow>, item: &WorkItem) -> Result<bool, Fault> {
    let around = |seconds| item.updated_at.checked_add(SignedDuration::from_secs(seconds)).ok();
    let until = if source.bound.has(Role::Until) { around(1) } else { None };
    let ask = Ask { since: around(-1), until, ..Ask::all(source.bound.largest_page) };
    match source.fetch(session, &ask).await {
        Ok(rows) => Ok(rows.items.iter().any(|found| found.source_id == item.source_id)),
        // Rows of other times came: it does not filter by last change.
        Err(Fault::OutOfOrder { .. }) => Ok(false),
        Err(fault) => Err(fault),
    }
}
