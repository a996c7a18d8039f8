//! How a slice of a ServiceNow table is read: which page to ask for next, when it ends, and how many rows stayed hidden.
//!
//! ServiceNow applies row rights after the limit, so a short or even an empty page does not mean the end, and
//! `X-Total-Count` counts what the query matches before those rights. A slice ends where a page and the rows passed over
//! before it make up that total, or, where no total is sent or it cannot be trusted, at an empty page.

use std::sync::Arc;

use crate::model::fault::Fault;
use crate::model::sync::{Page, PageRequest, SlicePosition, Window};
use crate::model::work_item::WorkItemKind;
use crate::partner::pager::{BARREN_PAGES, Pager};
use crate::partner::totals::Totals;

/// A page with fewer rows was not cut short by a gateway's cap on pages.
const FEW: u64 = 10;

/// The same where a total says how many rows are hidden.
const MOST_BARREN_PAGES: u64 = 5_000;

/// Reads one slice.
#[derive(Debug, Clone)]
pub struct HiddenRowsPager {
    window: Window,
    at: SlicePosition,
    known: Option<Known>,
    ask_count: bool,
    totals: Arc<Totals>,
    /// Pages in a row without a row.
    barren: u64,
}

/// The total of the last counted page, and the rows since.
#[derive(Debug, Clone, Copy)]
struct Known {
    /// Rows that matched from its cursor on.
    total: u64,
    /// Rows that came since then.
    seen: u64,
    /// Rows by which pages since then fell short of their limit.
    short: u64,
}

impl HiddenRowsPager {
    /// Goes on from a position. Rows that were passed over are read again: meanwhile some of them may have moved away, and
    /// others into their place.
    pub fn new(window: Window, at: SlicePosition, totals: Arc<Totals>) -> Self {
        let at = SlicePosition { offset: 0, ..at };
        Self { window, at, known: None, ask_count: true, totals, barren: 0 }
    }

    /// The page's total, unless rows contradict it: one that does not shrink although rows of it came is fixed, or counts
    /// something else.
    fn believed(&mut self, page: &Page) -> Option<u64> {
        if self.totals.lie() {
            self.known = None;
            return None;
        }
        let total = page.total?;
        let contradicted = self.at.offset == 0
            && self
                .known
                .is_some_and(|known| known.seen > 0 && known.seen + total > known.total && total >= known.total);
        if !contradicted {
            return Some(total);
        }
        if self.known.is_some_and(|known| known.total == total) || self.window.before.is_some() {
            self.totals.lied();
        }
        self.known = None;
        None
    }

    fn bounded(&self, request: &PageRequest, total: u64) -> Result<(), Fault> {
        let needed = total.saturating_mul(2) / u64::from(request.limit.max(1));
        let most = (BARREN_PAGES + needed).min(MOST_BARREN_PAGES);
        if self.at.done || self.barren < most {
            return Ok(());
        }
        Err(Fault::NoProgress { what: request.kind.id().to_owned(), pages: self.barren })
    }

    fn step(&mut self, request: &PageRequest, page: &Page) {
        if let Some(last) = page.items.last() {
            self.at.after = Some(last.cursor());
            self.at.offset = 0;
        } else if request.count && !self.at.done {
            // Half a page only: should hidden rows change and move away meanwhile, those behind them come
            // forward, and must not be passed over. Nor more rows than came, where the product gives less than
            // it is asked for.
            let length = if page.hidden > 0 { page.hidden } else { u64::from(request.limit) };
            self.at.offset += (length / 2).max(1);
        }
    }

    /// Compares a new total with the last one: what is missing between them was hidden. Rows that merely left
    /// the slice meanwhile, because they changed, are not, so no more than pages fell short by.
    /// Where rows left the stretch that is being passed over, it goes back by as many, and says so.
    fn settle(&mut self, total: u64) -> bool {
        let known = self.known.replace(Known { total, seen: 0, short: 0 });
        let (Some(known), Some(now)) = (known, &mut self.known) else { return false };
        if self.at.offset == 0 {
            self.at.hidden += known.short.min(known.total.saturating_sub(known.seen + total));
            return false;
        }
        now.short = known.short;
        let left = known.total.saturating_sub(total);
        self.at.offset = self.at.offset.saturating_sub(left);
        left > 0
    }

    fn end(&mut self) {
        if let Some(known) = self.known {
            self.at.hidden += known.short.min(known.total.saturating_sub(known.seen));
        }
        self.at.done = true;
    }
}

impl Pager for HiddenRowsPager {
    fn request(&self, kind: WorkItemKind, limit: u32) -> PageRequest {
        let last = self.remaining().is_none_or(|rows| rows <= u64::from(limit));
        PageRequest {
            kind,
            window: self.window,
            after: self.at.after.clone(),
            offset: self.at.offset,
            limit,
            count: self.ask_count || last,
            lean: false,
        }
    }

    fn take(&mut self, request: &PageRequest, page: &Page) -> Result<(), Fault> {
        let (visible, limit) = (page.items.len() as u64, u64::from(request.limit));
        let rows = visible + page.hidden;
        self.barren = if visible > 0 { 0 } else { self.barren + 1 };
        let total = self.believed(page);
        if let Some(total) = total
            && self.settle(total)
        {
            return self.bounded(request, total);
        }
        let rest = total.map(|total| total.saturating_sub(request.offset));
        let reach = rest.map_or(limit, |rest| rest.min(limit));
        if let Some(known) = &mut self.known {
            known.seen += visible;
            known.short += reach.saturating_sub(visible);
        }
        if rest.is_some_and(|rest| rest > rows && rows > 0) {
            self.totals.was_honest();
        }
        self.ask_count = rows < reach || visible == 0;
        let sure = !page.notes.unproven || self.totals.rely() || rows < FEW;
        if request.count && ends(rest, visible, rows, limit, sure) {
            self.end();
        }
        self.step(request, page);
        self.bounded(request, total.unwrap_or(0))
    }

    fn position(&self) -> &SlicePosition {
        &self.at
    }

    fn remaining(&self) -> Option<u64> {
        self.known.map(|known| known.total.saturating_sub(known.seen + self.at.offset))
    }
}

/// Whether a page was the last one. `rest` is what matched from its first row on, where that was told; `rows`
/// are the rows that came, those with nothing to see included. What is told is not believed of a full page, and only
/// where it is `sure` of a short one: it may be no more than the page's own length.
fn ends(rest: Option<u64>, visible: u64, rows: u64, limit: u64, sure: bool) -> bool {
    match rest {
        Some(rest) => (rows >= rest && rows < limit && sure) || (visible == 0 && limit >= rest),
        None => rows == 0,
    }
}
