//! A list in several pages, without a gap where rows move up between two of them.
//!
//! A row that changes or goes away lets those behind it move up by one, so that the next page would begin too late.
//! Where rows are passed over by number, each page begins with the last row of the one before. Where pages have
//! numbers, the page before is fetched again and must still end with the same row.

use crate::model::fault::Fault;
use crate::model::work_item::WorkItem;
use crate::partner::service_manager::ask::Ask;
use crate::partner::service_manager::decode::Rows;
use crate::partner::service_manager::fetch::Source;
use crate::partner::service_manager::names::Role;
use crate::partner::service_manager::sign_in::Flow;
use crate::partner::session::Session;

/// So often a list that moves is begun again.
const TRIES: u32 = 4;

/// What was read of a list.
#[derive(Default)]
pub struct Walked {
    /// Its rows, in the order in which they came.
    pub items: Vec<WorkItem>,
    /// Rows without an Id or a time of change.
    pub hidden: u64,
    /// Bytes of the bodies.
    pub bytes: u64,
    /// Whether they are all.
    pub last: bool,
}

/// Reads a list from its beginning until `enough` says so, it ends, or `limit` rows came; a moving list is begun again.
///
/// # Errors
/// [`Fault::Truncated`] for a list that moves on and on, and what kept a page from coming.
pub async fn walk(
    source: &Source,
    session: &Session<Flow>,
    first: Ask,
    limit: u64,
    enough: impl Fn(&[WorkItem]) -> bool,
) -> Result<Walked, Fault> {
    for _ in 0..TRIES {
        if let Some(walked) = attempt(source, session, first, limit, &enough).await? {
            return Ok(walked);
        }
    }
    Err(Fault::Truncated { what: source.what() })
}

/// `None` if the list moved.
async fn attempt(
    source: &Source,
    session: &Session<Flow>,
    first: Ask,
    limit: u64,
    enough: &impl Fn(&[WorkItem]) -> bool,
) -> Result<Option<Walked>, Fault> {
    let mut walked = Walked::default();
    let mut ask = first;
    loop {
        let rows = source.fetch(session, &ask).await?;
        if source.bound.ordered && !rows.items.is_sorted_by_key(|item| item.updated_at) {
            return Err(Fault::OutOfOrder { what: source.what() });
        }
        if ask.skip > 0 && begins_anew(&walked, &rows) {
            return Err(not_obeyed(source));
        }
        let last = source.is_last(session, &ask, &rows).await?;
        let came = rows.came();
        let (joined, next) = (joins(source, &walked, &ask, &rows), next(source, &ask, came));
        if !joined {
            return Ok(None);
        }
        if !last && ask.skip > 0 && !source.bound.has(Role::Skip) && !unmoved(source, session, &ask, &walked).await? {
            return Ok(None);
        }
        take(source, &mut walked, &ask, rows);
        walked.last = last;
        let full = walked.items.len() as u64 + walked.hidden >= limit;
        if last || full || enough(&walked.items) {
            return Ok(Some(walked));
        }
        let Some(next) = next else { return Err(not_pageable(source)) };
        ask = next;
    }
}

fn not_pageable(source: &Source) -> Fault {
    let detail =
        "more rows may match than one page holds, and there is no parameter to ask for the next page".to_owned();
    Fault::NotBound { what: source.what(), detail }
}

/// Whether a later page begins with the very first row: then the same page comes whichever is asked for.
fn begins_anew(walked: &Walked, rows: &Rows) -> bool {
    let first = |items: &[WorkItem]| items.first().map(|item| item.source_id.clone());
    walked.items.len() > 1 && first(&walked.items) == first(&rows.items)
}

fn not_obeyed(source: &Source) -> Fault {
    let detail = "the next page that was asked for is the first one again".to_owned();
    Fault::NotBound { what: source.what(), detail }
}

fn next(source: &Source, ask: &Ask, came: u64) -> Option<Ask> {
    if source.bound.has(Role::Skip) {
        // The last row once more, to see that nothing moved.
        return Some(Ask { skip: ask.skip + came.saturating_sub(1), ..*ask }).filter(|_| came > 1);
    }
    source.bound.has(Role::PageNumber).then(|| Ask { skip: ask.skip + ask.size, ..*ask })
}

/// Whether a page begins where the one before ended.
fn joins(source: &Source, walked: &Walked, ask: &Ask, rows: &Rows) -> bool {
    if ask.skip == 0 || !source.bound.has(Role::Skip) {
        return true;
    }
    // Rows without an Id cannot be told apart; they join.
    match (walked.items.last(), rows.items.first()) {
        (Some(before), Some(first)) if rows.hidden == 0 && walked.hidden == 0 => before.source_id == first.source_id,
        (Some(_), None) => false,
        _ => true,
    }
}

/// Whether the page before still ends with the same row.
async fn unmoved(source: &Source, session: &Session<Flow>, ask: &Ask, walked: &Walked) -> Result<bool, Fault> {
    let before = Ask { skip: ask.skip - ask.size, ..*ask };
    let again = source.fetch(session, &before).await?;
    let id = |item: Option<&WorkItem>| item.map(|item| item.source_id.clone());
    Ok(id(again.items.last()) == id(walked.items.last()))
}

fn take(source: &Source, walked: &mut Walked, ask: &Ask, rows: Rows) {
    let overlap = usize::from(ask.skip > 0 && source.bound.has(Role::Skip) && rows.hidden == 0);
    walked.hidden += rows.hidden;
    walked.bytes += rows.bytes;
    walked.items.extend(rows.items.into_iter().skip(overlap));
}
