//! One page from the web app, and whether it was the whole of what was asked for.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::OnceCell;

use super::ask::Ask;
use super::bind::Bound;
use super::decode::{self, Rows};
use super::errors;
use super::names::Role;
use super::sign_in::Flow;
use crate::model::fault::Fault;
use crate::model::work_item::WorkItem;
use crate::net::http::PAGE_LIMIT_BYTES;
use crate::partner::mapping::Columns;
use crate::partner::session::Session;

/// A filter of time may be read as a date without time, in another zone: what comes earlier than this before it
/// shows that the filter was ignored.
const TOLERANCE: SignedDuration = SignedDuration::from_hours(26);

/// One kind of work item at one web app.
pub struct Source {
    /// How it is bound.
    pub bound: Bound,
    /// How its rows are read.
    pub columns: Columns,
    /// The number of the first page, once it is known.
    first_page: OnceCell<u64>,
    /// The largest page that ever came: a page of less than that is no page that was cut off.
    seen: AtomicU64,
    /// Whether a total was told that no page's own length could be.
    total_counts: AtomicBool,
}

impl Source {
    /// A source that is bound so.
    ///
    /// # Errors
    /// [`Fault::NotBound`] for columns without an Id or a time of change.
    pub fn new(bound: Bound) -> Result<Self, Fault> {
        let what = bound.columns.kind.id().to_owned();
        let lacking = |_| Fault::NotBound { what, detail: "the columns lack 'id' or 'updated_at'".to_owned() };
        let columns = Columns::new(&bound.columns).map_err(lacking)?;
        let named = bound.sent(Role::PageNumber).map(|sent| sent.value.as_ref().and_then(|first| first.parse().ok()));
        let first_page = match named {
            Some(None) => OnceCell::new(),
            Some(Some(first)) => OnceCell::new_with(Some(first)),
            None => OnceCell::new_with(Some(1)),
        };
        let (seen, total_counts) = (AtomicU64::new(0), AtomicBool::new(false));
        Ok(Self { bound, columns, first_page, seen, total_counts })
    }

    /// The name for the reader of a fault.
    pub fn what(&self) -> String {
        self.bound.shown()
    }

    /// Fetches a page.
    ///
    /// # Errors
    /// What kept it from coming, and [`Fault::OutOfOrder`] if the filter of time was ignored.
    pub async fn fetch(&self, session: &Session<Flow>, ask: &Ask) -> Result<Rows, Fault> {
        let rows = match self.first_page.get() {
            Some(first) => self.fetch_from(session, ask, *first).await?,
            None if ask.skip == 0 => self.find_first(session, ask).await?,
            None => self.fetch_from(session, ask, 1).await?,
        };
        self.seen.fetch_max(rows.came().min(ask.size), Ordering::Relaxed);
        if rows.total.is_some_and(|total| total > rows.came()) {
            self.total_counts.store(true, Ordering::Relaxed);
        }
        if rows.items.iter().any(|item| !within(ask, item)) {
            return Err(Fault::OutOfOrder { what: self.what() });
        }
        Ok(rows)
    }

    async fn fetch_from(&self, session: &Session<Flow>, ask: &Ask, first: u64) -> Result<Rows, Fault> {
        let reply = session.send(ask.call(&self.bound, first), PAGE_LIMIT_BYTES).await?;
        let reply = errors::check(reply, &self.what())?;
        decode::rows(&self.columns, self.bound.list.as_deref(), &reply.body)
    }

    /// Pages are numbered from 0 or from 1: page 0 is asked for as well. Where it holds other rows than page 1, it is the
    /// first. While there are no rows at all nothing is known.
    async fn find_first(&self, session: &Session<Flow>, ask: &Ask) -> Result<Rows, Fault> {
        let from_one = self.fetch_from(session, ask, 1).await?;
        let from_zero = match self.fetch_from(session, ask, 0).await {
            Ok(rows) => rows,
            Err(fault) if is_no_page(&fault) => Rows::default(),
            Err(fault) => return Err(fault),
        };
        let zero_is_first = from_zero.came() > 0 && !begin_alike(&from_zero, &from_one);
        if from_zero.came() + from_one.came() > 0 {
            // Whoever asked at the same time has come to know the same.
            let _ = self.first_page.set(u64::from(!zero_is_first));
        }
        Ok(if zero_is_first { from_zero } else { from_one })
    }

    /// Whether no further rows match: `rows` answered `ask`. Where a page of this size never came before, it may have
    /// been cut off by a limit nobody told of, and the next page is looked at.
    ///
    /// # Errors
    /// As [`Source::fetch`].
    pub async fn is_last(&self, session: &Session<Flow>, ask: &Ask, rows: &Rows) -> Result<bool, Fault> {
        let came = rows.came();
        if let Some(last) = self.by_total(ask, rows) {
            return Ok(last);
        }
        if came == 0 || came < self.seen.load(Ordering::Relaxed).min(ask.size) {
            return Ok(true);
        }
        if came >= ask.size {
            return Ok(false);
        }
        if !self.can_go_on() {
            return self.is_whole(session, ask, rows).await;
        }
        let next = Ask { skip: ask.skip + ask.size, ..*ask };
        let beyond = if self.bound.has(Role::Skip) { Ask { skip: ask.skip + came, ..next } } else { next };
        let beyond = self.fetch(session, &beyond).await?;
        if begin_alike(rows, &beyond) {
            // Whatever page is asked for, this one comes.
            return self.is_whole(session, ask, rows).await;
        }
        Ok(beyond.came() == 0)
    }

    /// What the total says, unless it may be no more than this page's own length.
    fn by_total(&self, ask: &Ask, rows: &Rows) -> Option<bool> {
        let (total, reached) = (rows.total?, ask.skip + rows.came());
        if total > reached {
            return Some(false);
        }
        let counts = self.total_counts.load(Ordering::Relaxed) || (ask.skip > 0 && total == reached);
        (counts && total == reached).then_some(true)
    }

    /// Whether a page that no other can follow was not cut off, by asking for its rows in two parts. That one as large
    /// was whole says nothing: a page that is cut off is as large as the limit, and one that is whole may be.
    async fn is_whole(&self, session: &Session<Flow>, ask: &Ask, rows: &Rows) -> Result<bool, Fault> {
        let came = rows.came();
        if came >= self.bound.largest_page {
            return Ok(false);
        }
        let Some((low, high)) = in_parts(&self.bound, ask, rows) else { return Ok(!is_round(came)) };
        for part in [low, high] {
            let inside = match self.fetch(session, &part).await {
                // It does not filter by last change.
                Err(Fault::OutOfOrder { .. }) => return Ok(!is_round(came)),
                inside => inside?,
            };
            let known: BTreeSet<_> = rows.items.iter().map(|item| &item.source_id).collect();
            if inside.items.iter().any(|item| !known.contains(&item.source_id)) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a next page can be asked for.
    pub fn can_go_on(&self) -> bool {
        self.bound.has(Role::Skip) || self.bound.has(Role::PageNumber)
    }

    /// The size of page to ask for, where `limit` rows are wanted.
    pub fn page_size(&self, limit: u64) -> u64 {
        limit.clamp(1, self.bound.largest_page)
    }
}

/// The same question in two parts, cut between the times of its rows; `None` where they cannot be cut.
fn in_parts(bound: &Bound, ask: &Ask, rows: &Rows) -> Option<(Ask, Ask)> {
    if !bound.has(Role::Since) || (ask.since.is_none() && !bound.has(Role::Until)) {
        return None;
    }
    let mut times: Vec<_> = rows.items.iter().map(|item| item.updated_at).collect();
    times.sort_unstable();
    let (first, last, middle) = (*times.first()?, *times.last()?, *times.get(times.len() / 2)?);
    let cut = if middle > first { middle } else { last };
    // Where nothing ends a span of time, the rows behind the cut are all that can be asked for again.
    let low = if bound.has(Role::Until) { Ask { until: Some(cut), ..*ask } } else { *ask };
    (cut > first).then_some((low, Ask { since: Some(cut), ..*ask }))
}

/// Whether a fault is how a web app answers to a page number that it does not know.
fn is_no_page(fault: &Fault) -> bool {
    let status = |status: u16| matches!(status, 200 | 400 | 404 | 416 | 422 | 500);
    match fault {
        Fault::PartnerError { status: told, .. } => status(*told),
        Fault::NotBound { .. } | Fault::Malformed { .. } => true,
        _ => false,
    }
}

/// Whether two pages begin with the same row.
pub fn begin_alike(one: &Rows, other: &Rows) -> bool {
    let first = |rows: &Rows| rows.items.first().map(|item| item.source_id.clone());
    first(one).is_some() && first(one) == first(other)
}

/// Limits are round numbers: a page of so many rows may well have been cut off.
fn is_round(came: u64) -> bool {
    came >= 50 && (came.is_multiple_of(50) || came.is_power_of_two())
}

fn within(ask: &Ask, item: &WorkItem) -> bool {
    let early = |since: Timestamp| item.updated_at < since.checked_sub(TOLERANCE).unwrap_or(Timestamp::MIN);
    let late = |until: Timestamp| item.updated_at > until.checked_add(TOLERANCE).unwrap_or(Timestamp::MAX);
    !ask.since.is_some_and(early) && !ask.until.is_some_and(late)
}
