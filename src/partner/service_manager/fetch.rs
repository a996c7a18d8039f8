//! One page from the web app, and whether it was the whole of what was asked for.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::{SignedDuration, Timestamp};

use super::ask::Ask;
use super::bind::Bound;
use super::decode::{self, Rows};
use super::errors;
use super::sign_in::Flow;
use crate::model::fault::Fault;
use crate::model::work_item::WorkItem;
use crate::partner::http::PAGE_LIMIT_BYTES;
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
    /// The largest page that ever came: a page of less than that is no page that was cut off.
    seen: AtomicU64,
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
        Ok(Self { bound, columns, seen: AtomicU64::new(0) })
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
        let reply = session.send(ask.call(&self.bound), PAGE_LIMIT_BYTES).await?;
        let reply = errors::check(reply, &self.what())?;
        let rows = decode::rows(&self.columns, &reply.body)?;
        self.seen.fetch_max(rows.came().min(ask.size), Ordering::Relaxed);
        if rows.items.iter().any(|item| !within(ask, item)) {
            return Err(Fault::OutOfOrder { what: self.what() });
        }
        Ok(rows)
    }

    /// Whether no further rows match: `rows` answered `ask`. Where a page of this size never came before, it may have
    /// been cut off by a limit nobody told of, and the next page is looked at.
    ///
    /// # Errors
    /// As [`Source::fetch`].
    pub async fn is_last(&self, session: &Session<Flow>, ask: &Ask, rows: &Rows) -> Result<bool, Fault> {
        let came = rows.came();
        if let Some(total) = rows.total {
            return Ok(ask.skip + came >= total);
        }
        if came == 0 || came < self.seen.load(Ordering::Relaxed).min(ask.size) {
            return Ok(true);
        }
        if came >= ask.size {
            return Ok(false);
        }
        if !self.can_go_on() {
            return Ok(came < self.bound.largest_page);
        }
        let next = Ask { skip: ask.skip + ask.size, ..*ask };
        let beyond =
            if self.bound.has(super::names::Role::Skip) { Ask { skip: ask.skip + came, ..next } } else { next };
        Ok(self.fetch(session, &beyond).await?.came() == 0)
    }

    /// Whether a next page can be asked for.
    pub fn can_go_on(&self) -> bool {
        self.bound.has(super::names::Role::Skip) || self.bound.has(super::names::Role::PageNumber)
    }

    /// The size of page to ask for, where `limit` rows are wanted.
    pub fn page_size(&self, limit: u64) -> u64 {
        limit.clamp(1, self.bound.largest_page)
    }
}

fn within(ask: &Ask, item: &WorkItem) -> bool {
    let early = |since: Timestamp| item.updated_at < since.checked_sub(TOLERANCE).unwrap_or(Timestamp::MIN);
    let late = |until: Timestamp| item.updated_at > until.checked_add(TOLERANCE).unwrap_or(Timestamp::MAX);
    !ask.since.is_some_and(early) && !ask.until.is_some_and(late)
}
