//! Reads a list in several pages, without a gap when rows move between two of them.
//!
//! A row that changes or goes away lets those behind it move up by one, so that the next page would begin too late.
//! Where rows are passed over by number, each page begins with the last row of the one before. Where pages have
//! numbers, the page before is fetched again and must still end with the same row. A row that comes in lets those behind
//! it move down: then the last row is found further down on the next page, and nothing is missed.

use super::in_order;
use crate::model::fault::Fault;
use crate::model::work_item::WorkItem;
use crate::partner::service_manager::ask::Ask;
use crate::partner::service_manager::fetch::Source;
use crate::partner::service_manager::names::Role;
use crate::partner::service_manager::rows::Rows;
use crate::partner::service_manager::sign_in::Flow;
use crate::partner::session::Session;

/// So often a list that moves is begun again.
const TRIES: u32 = 4;

/// A list with more rows than this counts as endless.
const ENDLESS: u64 = 10_000_000;

/// What was read of a list.
#[derive(Default)]
pub struct Walked {
    /// Its rows, in the order in which they came, unless only the earliest are kept.
    pub items: Vec<WorkItem>,
    /// Rows without an Id or a time of change.
    pub hidden: u64,
    /// Bytes of the bodies.
    pub bytes: u64,
    /// Whether they are all.
    pub last: bool,
    /// Whether rows were left out because of [`Keep::most`].
    pub cut: bool,
    /// Rows that came, hidden ones included, each once as far as the pages show.
    came: u64,
    /// Whether rows moved between two pages.
    moved: bool,
    first_id: Option<String>,
    last_id: Option<String>,
}

/// Which rows are kept while a list is read, so that memory stays bounded however long it is.
pub struct Keep<'a> {
    /// Whether a row is wanted at all.
    pub wanted: &'a (dyn Fn(&WorkItem) -> bool + Sync),
    /// Keep only this many of the earliest wanted rows.
    pub most: usize,
}

impl Keep<'_> {
    /// Takes the wanted rows of a page, and drops the latest ones if there are too many.
    fn take(&self, walked: &mut Walked, items: impl Iterator<Item = WorkItem>) {
        walked.items.extend(items.filter(|item| (self.wanted)(item)));
        if walked.items.len() > self.most.saturating_add(self.most / 4) {
            self.cut(walked);
        }
    }

    fn cut(&self, walked: &mut Walked) {
        walked.items.sort_by(in_order);
        walked.items.dedup_by(|one, other| one.source_id == other.source_id && one.updated_at == other.updated_at);
        walked.cut |= walked.items.len() > self.most;
        walked.items.truncate(self.most);
    }
}

/// How far a list is read.
pub struct Goal<'a> {
    /// At most this many rows are read.
    pub limit: u64,
    /// Whether the rows so far are enough.
    pub enough: &'a (dyn Fn(&[WorkItem]) -> bool + Sync),
    /// Which rows are kept; `None` for all.
    pub keep: Option<Keep<'a>>,
}

impl Goal<'_> {
    /// Every row, up to a limit.
    pub fn all(limit: u64) -> Self {
        Self { limit, enough: &|_| false, keep: None }
    }
}

/// Reads a list from its beginning until the goal is reached or it ends; a moving list is begun again.
///
/// # Errors
/// [`Fault::Truncated`] for a list that moves on and on, [`Fault::Malformed`] for one that brings fewer rows than it
/// counts, and why a page did not come.
pub async fn walk(source: &Source, session: &Session<Flow>, first: Ask, goal: &Goal<'_>) -> Result<Walked, Fault> {
    let mut short = None;
    for _ in 0..TRIES {
        match attempt(source, session, first, goal).await? {
            Attempt::Done(walked) => return Ok(*walked),
            Attempt::Moved => {}
            Attempt::Short { told, came } => short = Some(source.incomplete(told, came)),
        }
    }
    Err(short.unwrap_or_else(|| Fault::Truncated { what: source.what() }))
}

enum Attempt {
    Done(Box<Walked>),
    /// The list moved.
    Moved,
    /// It ended with fewer rows than its total.
    Short {
        told: u64,
        came: u64,
    },
}

async fn attempt(source: &Source, session: &Session<Flow>, first: Ask, goal: &Goal<'_>) -> Result<Attempt, Fault> {
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
        let (came, told) = (rows.came(), rows.total);
        match joint(source, &walked, &ask, &rows) {
            Joint::Apart => return Ok(Attempt::Moved),
            Joint::Further => walked.moved = true,
            Joint::Unknown if !last && !unmoved(source, session, &ask, &walked).await? => return Ok(Attempt::Moved),
            Joint::Close | Joint::Unknown => {}
        }
        take(source, &mut walked, &ask, rows, goal);
        walked.last = last;
        if let Some(told) = told.filter(|told| last && !walked.moved && *told > walked.came) {
            return Ok(Attempt::Short { told, came: walked.came });
        }
        if last || walked.came >= goal.limit.min(ENDLESS) || (goal.enough)(&walked.items) {
            return Ok(Attempt::Done(Box::new(finished(walked, goal))));
        }
        ask = next(source, &ask, came).ok_or_else(|| not_pageable(source))?;
    }
}

fn finished(mut walked: Walked, goal: &Goal<'_>) -> Walked {
    if let Some(keep) = &goal.keep {
        keep.cut(&mut walked);
    }
    walked
}

fn not_pageable(source: &Source) -> Fault {
    let told = "more rows may match than one page holds, and there is no parameter to ask for the next page";
    let way = "; where its rows come by last change, a route of the mapping file may say so (ordered_by)";
    let hint = if source.bound.has(Role::Since) && !source.bound.ordered { way } else { "" };
    Fault::NotBound { what: source.what(), detail: format!("{told}{hint}") }
}

/// Whether a later page begins with the very first row: then the same page comes whichever is asked for.
fn begins_anew(walked: &Walked, rows: &Rows) -> bool {
    let first = rows.items.first().map(|item| &item.source_id);
    walked.came > 1 && first.is_some() && walked.first_id.as_ref() == first
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
    if source.bound.has(Role::PageNumber) {
        return Some(Ask { skip: ask.skip + ask.size, ..*ask });
    }
    // Nothing to go on by: a larger page may hold them all.
    source.larger(ask.size).map(|size| Ask { size, ..*ask })
}

/// How a page follows the one before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    /// It begins where the one before ended.
    Close,
    /// The last row of the one before came further down: rows came in before it.
    Further,
    /// The last row is not there: rows went away before it.
    Apart,
    /// Pages by number do not overlap.
    Unknown,
}

fn joint(source: &Source, walked: &Walked, ask: &Ask, rows: &Rows) -> Joint {
    if ask.skip == 0 {
        return Joint::Close;
    }
    let place = rows.items.iter().position(|item| Some(&item.source_id) == walked.last_id.as_ref());
    let overlaps = source.bound.has(Role::Skip);
    // Rows without an Id cannot be told apart; they join.
    let unsure = rows.hidden > 0 || walked.hidden > 0 || walked.last_id.is_none();
    match place {
        _ if unsure && overlaps && (rows.came() > 0 || walked.last_id.is_none()) => Joint::Close,
        Some(0) if overlaps => Joint::Close,
        // A page with only known rows would never end.
        Some(place) if place + 1 == rows.items.len() => Joint::Apart,
        Some(_) => Joint::Further,
        None if overlaps => Joint::Apart,
        None => Joint::Unknown,
    }
}

/// Whether the page before still ends with the same row.
async fn unmoved(source: &Source, session: &Session<Flow>, ask: &Ask, walked: &Walked) -> Result<bool, Fault> {
    let before = Ask { skip: ask.skip - ask.size, ..*ask };
    let again = source.fetch(session, &before).await?;
    Ok(again.items.last().map(|item| &item.source_id) == walked.last_id.as_ref())
}

fn take(source: &Source, walked: &mut Walked, ask: &Ask, rows: Rows, goal: &Goal<'_>) {
    if ask.skip == 0 && walked.came > 0 {
        // The same rows in a larger page.
        *walked = Walked { bytes: walked.bytes, ..Walked::default() };
    }
    let overlap = usize::from(ask.skip > 0 && source.bound.has(Role::Skip) && rows.hidden == 0);
    let id = |item: Option<&WorkItem>| item.map(|item| item.source_id.clone());
    if walked.first_id.is_none() {
        walked.first_id = id(rows.items.first());
    }
    walked.came += rows.came().saturating_sub(overlap as u64);
    walked.hidden += rows.hidden;
    walked.bytes += rows.bytes;
    walked.last_id = id(rows.items.last()).or(walked.last_id.take());
    let items = rows.items.into_iter().skip(if walked.moved { 0 } else { overlap });
    match &goal.keep {
        Some(keep) => keep.take(walked, items),
        None => walked.items.extend(items),
    }
}
