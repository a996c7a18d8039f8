//! Pages in the order of (changed, id), out of searches that know neither ranges nor seconds.
//!
//! A search asks for what was changed after a minute before the last row that was seen, oldest first, and nothing
//! else: a second condition on the same field would be an 'or'. The rows of one minute come in an order that their
//! texts do not show, so a page gives only minutes that are seen whole, sorted by id. Mostly one search suffices, and
//! it is always its first page: nothing can move under it. Where a single minute (a bulk update, or the hour that
//! comes twice in autumn) fills more than a page, it is read to its end, page by page, each overlapping the one
//! before it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::item::{Placed, Read};
use super::order::Place;
use super::search::{self, Query, Sheet, Sort};
use super::{BoundObject, Cherwell};
use crate::model::fault::Fault;
use crate::model::finding::SyncFinding;
use crate::model::form::FieldId;
use crate::model::sync::{Page, PageNotes, PageRequest, Window};
use crate::model::work_item::{Cursor, WorkItem, WorkItemKind};

/// A change that lies further in the future is no matter of clocks that differ a little: zones do by a quarter of an
/// hour at the least.
pub const FUTURE_SECONDS: i64 = 840;
/// How often reading begins again because rows moved meanwhile, or a guess was wrong.
const ATTEMPTS: u32 = 6;
/// More pages than a single minute fills.
const MOST_PAGES: u32 = 5_000;
/// A page with this many rows or more may have been cut off, with a total that counts only its own rows.
const DOUBTED_ROWS: u64 = 50;
/// Items of one minute that are kept in memory, as a multiple of a page.
const KEPT_PAGES: usize = 8;
/// Minutes that are remembered for the pages to follow.
const KEPT_MINUTES: usize = 8;

/// Items that were read already and belong to later pages.
#[derive(Debug)]
pub struct Lookahead {
    kind: WorkItemKind,
    window: Window,
    after: Cursor,
    items: Vec<WorkItem>,
    /// Whether they are the last ones of the window.
    all: bool,
}

/// Fetches one page.
///
/// # Errors
/// [`Fault::Truncated`] where rows are counted and none comes, [`Fault::OrderIgnored`] and [`Fault::FilterIgnored`],
/// [`Fault::FieldHidden`] where no change time can be seen, and why no reply came.
pub async fn page(partner: &Cherwell, request: &PageRequest) -> Result<Page, Fault> {
    if let Some(page) = from_lookahead(partner, request) {
        return Ok(page);
    }
    let object = partner.object(request.kind).await?;
    for _ in 0..ATTEMPTS {
        match Reading::new(partner, &object, request).run().await {
            Ok(Some(page)) => return Ok(page),
            Ok(None) => {}
            Err(Fault::DatesUnclear { .. }) if search::prove(partner, &object).await? => {}
            Err(fault) => return Err(fault),
        }
    }
    Err(Fault::Truncated { what: object.bound.name.clone() })
}

/// About how many rows a window holds: to the minute.
///
/// # Errors
/// Why no reply came.
pub async fn count(partner: &Cherwell, kind: WorkItemKind, window: Window) -> Result<u64, Fault> {
    let object = partner.object(kind).await?;
    let since = async |at| search::total(partner, &object, &object.setup.dates.filter_from(at)).await;
    let from = since(window.from).await?;
    match window.before {
        Some(before) => Ok(from.saturating_sub(since(before).await?)),
        None => Ok(from),
    }
}

/// One reading: from the cursor on until a minute is whole.
struct Reading<'a> {
    partner: &'a Cherwell,
    object: &'a BoundObject,
    request: &'a PageRequest,
    /// The last row of the page before.
    after: Option<Key>,
    /// The span of the cursor, or of the window's beginning.
    floor: Timestamp,
    direction: u8,
    by_row: bool,
    kept: BTreeMap<Key, Placed>,
    /// Whether more rows of a minute came than are kept.
    cut: bool,
    /// Whether any row showed its change time.
    readable: bool,
    /// Rows without an id or a change time.
    hidden: u64,
    last_span: Option<Timestamp>,
    last_id: String,
    bytes: u64,
    notes: PageNotes,
}

/// What one page of a search was.
enum Step {
    /// It brought rows.
    Read,
    /// It brought no row that was not read before.
    Nothing,
    /// A guess was wrong, or rows moved: all from the beginning.
    Again,
}

/// A page's rows with what they are.
type Rows = Sheet<Result<Read, Fault>>;

impl<'a> Reading<'a> {
    fn new(partner: &'a Cherwell, object: &'a BoundObject, request: &'a PageRequest) -> Self {
        let from = request.after.as_ref().map_or(request.window.from, |after| after.updated_at);
        Self {
            partner,
            object,
            request,
            after: request.after.as_ref().map(|after| key(after.updated_at, &after.source_id)),
            floor: object.setup.dates.span_of(from),
            direction: object.setup.quirks.direction(true),
            by_row: object.setup.quirks.by_row(),
            kept: BTreeMap::new(),
            cut: false,
            readable: false,
            hidden: 0,
            last_span: None,
            last_id: String::new(),
            bytes: 0,
            notes: PageNotes::default(),
        }
    }

    /// The page; `None` to begin again.
    async fn run(mut self) -> Result<Option<Page>, Fault> {
        let (partner, object) = (self.partner, self.object);
        let quirks = &object.setup.quirks;
        let filter = object.setup.dates.filter_from(self.floor);
        let mut place = Place::start(u64::from(self.request.limit).min(quirks.cap().unwrap_or(u64::MAX)));
        let (mut end, mut most, mut doubted) = (0, place.size, None);
        for _ in 0..MOST_PAGES {
            let sort = Sort::Changed;
            let query = Query { after: Some(&filter), ids: &[], marks: false, sort, direction: self.direction, place };
            let sheet = search::fetch(partner, object, &query, |record| search::read_item(object, record)).await?;
            self.bytes += sheet.bytes;
            self.notes.date = sheet.date.or(self.notes.date);
            self.notes.repeated += sheet.repeated;
            if end == 0 && sheet.total > sheet.count() && search::begins_at_zero(partner, object, &query).await? {
                return Ok(None);
            }
            let (total, count, more) = (sheet.total, sheet.count(), sheet.more);
            let short = sheet.is_short(place) && quirks.cap() != Some(count);
            match self.take(sheet, place, end)? {
                Step::Again => return Ok(None),
                Step::Nothing => {
                    quirks.trust_total();
                    self.hidden += total.saturating_sub(end);
                    return self.finish(true).await;
                }
                Step::Read => end = (place.first + count).saturating_sub(1).max(end),
            }
            if total > end {
                quirks.trust_total();
            }
            if let Some(rows) = doubted.take() {
                quirks.saw_cap(rows);
            }
            let open = more.unwrap_or(count >= DOUBTED_ROWS && quirks.total_is_doubtful());
            let ended = end >= total && !open;
            // A short page, or one whose total is its own length, is the last one only if no row follows.
            let settled = !short && end < total;
            if ended || settled && (self.has_whole() || self.is_past_window()) {
                return self.finish(ended).await;
            }
            if place.number == 1 {
                // A system may send fewer rows than requested.
                most = most.min(end);
                doubted = (count < place.size).then_some(count);
            }
            let Some(next) = Place::after(end, most, self.by_row) else { break };
            place = next;
        }
        Err(Fault::Truncated { what: object.bound.name.clone() })
    }

    /// The page, once it is complete. If rows came but none showed its change time, this user may not see it.
    async fn finish(self, ended: bool) -> Result<Option<Page>, Fault> {
        let (partner, object, readable, page_kind) = (self.partner, self.object, self.readable, self.request.kind);
        let page = self.give(ended);
        let newest = page.items.last().map(|item| item.updated_at);
        if let Some(newest) = newest.filter(|newest| newest.as_second() > Timestamp::now().as_second() + FUTURE_SECONDS)
        {
            let setting = Some(FieldId::TimeZone);
            partner.notice(SyncFinding::ChangedInFuture { kind: page_kind, newest, setting });
        }
        if !readable && page.hidden > 0 && !search::shows_change_times(partner, object).await? {
            return Err(search::field_hidden(object));
        }
        Ok(Some(page))
    }

    /// Takes in one page of the search, when rows up to `end` have been read.
    fn take(&mut self, sheet: Rows, place: Place, end: u64) -> Result<Step, Fault> {
        let quirks = &self.object.setup.quirks;
        let (count, total) = (sheet.count(), sheet.total);
        if count == 0 && end == 0 && total > 0 {
            return Err(Fault::Truncated { what: self.object.bound.name.clone() });
        }
        let mut skip = 0;
        if end > 0 {
            let overlap = usize::try_from(end - place.first).unwrap_or(usize::MAX);
            if sheet.records.get(overlap).is_none_or(|(id, _)| *id != self.last_id) {
                quirks.pages_broke(self.by_row);
                return Ok(Step::Again);
            }
            if place.first + count <= end + 1 {
                return Ok(Step::Nothing);
            }
            quirks.pages_followed(self.by_row);
            skip = overlap + 1;
        }
        let whole = end == 0 && count >= total;
        if let Some((last, _)) = sheet.records.last() {
            self.last_id.clone_from(last);
        }
        for (_, read) in sheet.records.into_iter().skip(skip) {
            match read? {
                Read::Item(placed) => {
                    self.readable = true;
                    if !self.put(*placed, whole)? {
                        return Ok(Step::Again);
                    }
                }
                Read::Other => {}
                Read::Hidden => self.hidden += 1,
            }
        }
        Ok(Step::Read)
    }

    /// Takes in one row; `false` if it shows that the order is the other one. Of the `whole` of a search the order
    /// does not matter.
    fn put(&mut self, placed: Placed, whole: bool) -> Result<bool, Fault> {
        let quirks = &self.object.setup.quirks;
        match self.last_span {
            Some(last) if placed.span < last && !whole => {
                let turned = quirks.is_not_ascending(self.direction);
                return if turned { Ok(false) } else { Err(search::order_ignored(self.object)) };
            }
            Some(last) if placed.span > last && !whole => quirks.saw_order(self.direction, true),
            _ => {}
        }
        // The filter passes the minute before the floor, and none before that.
        if placed.span.as_second() < self.floor.as_second() - 60 && placed.span < self.earliest() {
            return Err(search::filter_ignored(self.object));
        }
        self.last_span = self.last_span.max(Some(placed.span));
        let window = self.request.window;
        let at = placed.item.updated_at;
        let place = key(at, &placed.item.source_id);
        let outside = at < window.from || window.before.is_some_and(|before| at >= before);
        if outside || self.after.as_ref().is_some_and(|after| place <= *after) {
            return Ok(true);
        }
        self.kept.insert(place, placed);
        let most = usize::try_from(self.request.limit).unwrap_or(usize::MAX).saturating_mul(KEPT_PAGES);
        if self.kept.len() > most {
            self.cut = true;
            self.kept.pop_last();
        }
        Ok(true)
    }

    /// The span of the minute before the floor: that of an hour that comes twice is longer.
    fn earliest(&self) -> Timestamp {
        let before = Timestamp::from_second(self.floor.as_second() - 60).unwrap_or(self.floor);
        self.object.setup.dates.span_of(before)
    }

    /// Whether there is a row whose minute is complete.
    fn has_whole(&self) -> bool {
        let first = self.kept.first_key_value().map(|(_, placed)| placed.span);
        first.is_some_and(|first| self.last_span.is_some_and(|last| first < last))
    }

    /// Whether all following rows are after the window.
    fn is_past_window(&self) -> bool {
        self.request.window.before.is_some_and(|before| self.last_span.is_some_and(|last| last >= before))
    }

    /// The total is set only if all rows were read: the system's count may be lower at the next page because rows were deleted,
    /// and none of those is hidden.
    fn give(self, ended: bool) -> Page {
        let all = (ended || self.is_past_window()) && !self.cut;
        let last = self.last_span;
        let kept = self.kept.into_values();
        let whole = |placed: &Placed| ended || last.is_none_or(|last| placed.span < last);
        let past = self.request.window.before.is_some_and(|before| last.is_some_and(|last| last >= before));
        let mut items: Vec<_> = kept.filter(|placed| past || whole(placed)).map(|placed| placed.item).collect();
        let told = all.then(|| items.len() as u64 + self.hidden);
        let limit = usize::try_from(self.request.limit).unwrap_or(usize::MAX);
        if items.len() > limit {
            let rest = items.split_off(limit);
            remember(self.partner, self.request, items.last(), rest, all);
        }
        Page { items, hidden: self.hidden, total: told, bytes: self.bytes, rate: None, notes: self.notes }
    }
}

/// A place in the order. The engine compares ids without regard to case.
type Key = (Timestamp, String);

fn key(at: Timestamp, id: &str) -> Key {
    (at, id.to_ascii_lowercase())
}

fn remember(partner: &Cherwell, request: &PageRequest, last: Option<&WorkItem>, items: Vec<WorkItem>, all: bool) {
    let Some(after) = last.map(WorkItem::cursor) else { return };
    let mut lookahead = partner.lookahead();
    if lookahead.len() >= KEPT_MINUTES {
        lookahead.remove(0);
    }
    lookahead.push(Lookahead { kind: request.kind, window: request.window, after, items, all });
}

/// The page, if it was read already. It is used once; a repeated request reads it again.
fn from_lookahead(partner: &Cherwell, request: &PageRequest) -> Option<Page> {
    let Lookahead { kind, window, mut items, all, .. } = {
        let mut lookahead = partner.lookahead();
        let fits = |kept: &Lookahead| {
            kept.kind == request.kind && kept.window == request.window && Some(&kept.after) == request.after.as_ref()
        };
        let place = lookahead.iter().position(fits)?;
        lookahead.remove(place)
    };
    let told = all.then_some(items.len() as u64);
    let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
    if items.len() > limit {
        let rest = items.split_off(limit);
        let same = PageRequest { kind, window, ..request.clone() };
        remember(partner, &same, items.last(), rest, all);
    }
    Some(Page { items, hidden: 0, total: told, bytes: 0, rate: None, notes: PageNotes::default() })
}
