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

use super::item::{self, Placed, Read};
use super::order::Place;
use super::rows::{self, Filter, Record, Search, Sorting};
use super::{Cherwell, Site};
use crate::model::fault::Fault;
use crate::model::sync::{Page, PageNotes, PageRequest, Window};
use crate::model::work_item::{Cursor, WorkItem, WorkItemKind};
use crate::net::http::{PAGE_LIMIT_BYTES, Reply};

/// How often a reading begins anew because rows moved under it, or a guess was wrong.
const ATTEMPTS: u32 = 6;
/// More pages than a single minute fills.
const MOST_PAGES: u32 = 5_000;
/// Items of one minute that are kept in memory, as a multiple of a page.
const KEPT_PAGES: usize = 8;
/// Minutes that are remembered for the pages to follow.
const KEPT_MINUTES: usize = 8;

/// Items that were read already and belong to the pages to come.
#[derive(Debug)]
pub struct Ahead {
    kind: WorkItemKind,
    window: Window,
    after: Cursor,
    items: Vec<WorkItem>,
    /// Whether nothing of the window comes after them.
    all: bool,
}

/// Fetches one page.
///
/// # Errors
/// [`Fault::Truncated`] where rows are counted that do not come, [`Fault::OutOfOrder`] where the order or the filter
/// was ignored, and what kept a reply from coming.
pub async fn page(partner: &Cherwell, request: &PageRequest) -> Result<Page, Fault> {
    if let Some(page) = from_ahead(partner, request) {
        return Ok(page);
    }
    let site = partner.site(request.kind).await?;
    for _ in 0..ATTEMPTS {
        if let Some(page) = Reading::new(partner, &site, request).run().await? {
            return Ok(page);
        }
    }
    Err(Fault::Truncated { what: site.bound.name.clone() })
}

/// About how many rows a window holds: to the minute.
///
/// # Errors
/// What kept a reply from coming.
pub async fn count(partner: &Cherwell, kind: WorkItemKind, window: Window) -> Result<u64, Fault> {
    let site = partner.site(kind).await?;
    let from = total(partner, &site, window.from).await?;
    match window.before {
        Some(before) => Ok(from.saturating_sub(total(partner, &site, before).await?)),
        None => Ok(from),
    }
}

async fn total(partner: &Cherwell, site: &Site, from: Timestamp) -> Result<u64, Fault> {
    let filter = site.setup.dates.filter_from(from);
    let reply = search(partner, site, Some(&filter), Place { number: 1, size: 1, first: 1 }, 1).await?;
    let found = rows::read(&site.bound, &reply.body, |_| ())?;
    found.total.ok_or_else(|| no_total(site))
}

/// The newest rows, for the live test, and how many there are.
///
/// # Errors
/// What kept a reply from coming.
pub async fn newest(partner: &Cherwell, kind: WorkItemKind) -> Result<(Vec<WorkItem>, Option<u64>), Fault> {
    let site = partner.site(kind).await?;
    for _ in 0..2 {
        let direction = site.setup.habits.direction(false);
        let reply = search(partner, &site, None, Place::start(10), direction).await?;
        let found = rows::read(&site.bound, &reply.body, |record| read_item(&site, record))?;
        let mut placed = Vec::new();
        for read in found.records {
            if let Read::Item(item) = read? {
                placed.push(*item);
            }
        }
        let spans = || placed.iter().map(|row| row.span);
        let wrong = spans().is_sorted() && spans().min() < spans().max();
        if !wrong || !site.setup.habits.is_not_ascending(1 - direction) {
            placed.sort_by_key(|row| std::cmp::Reverse(row.item.updated_at));
            return Ok((placed.into_iter().map(|row| row.item).collect(), found.total));
        }
    }
    Err(Fault::OutOfOrder { what: site.bound.name.clone() })
}

async fn search(
    partner: &Cherwell,
    site: &Site,
    after: Option<&str>,
    place: Place,
    direction: u8,
) -> Result<Reply, Fault> {
    let bound = &site.bound;
    let id = |field: usize| bound.fields[field].full.as_str();
    let changed = after.map(|value| Filter { field_id: id(bound.changed), operator: "gt", value });
    let incidents = bound.incident_type;
    let incidents =
        incidents.map(|field| Filter { field_id: id(field), operator: "eq", value: super::bound::INCIDENT_TYPE });
    let keys = [Some(bound.changed), bound.rec_id].into_iter().flatten();
    let search = Search {
        bus_ob_id: &bound.id,
        filters: changed.into_iter().chain(incidents).collect(),
        fields: bound.fields.iter().map(|field| field.full.as_str()).collect(),
        include_all_fields: false,
        include_schema: false,
        page_number: place.number,
        page_size: place.size,
        sorting: keys.map(|field| Sorting { field_id: id(field), sort_direction: direction }).collect(),
    };
    let body = serde_json::to_string(&search).map_err(|error| Fault::Internal { what: error.to_string() })?;
    let culture = site.setup.dates.culture.name;
    partner.post("V1/getsearchresults", body, culture, &bound.name, PAGE_LIMIT_BYTES).await
}

fn read_item(site: &Site, record: &Record<'_, '_>) -> Result<Read, Fault> {
    item::read(&site.columns, &site.bound, &site.setup.dates, record)
}

fn no_total(site: &Site) -> Fault {
    Fault::Malformed { what: site.bound.name.clone(), detail: "no totalRows in the reply".to_owned() }
}

/// One reading: from the cursor on until a minute is whole.
struct Reading<'a> {
    partner: &'a Cherwell,
    site: &'a Site,
    request: &'a PageRequest,
    /// The span of the cursor, or of the window's beginning.
    floor: Timestamp,
    direction: u8,
    by_row: bool,
    kept: BTreeMap<(Timestamp, String), Placed>,
    /// Whether more of a minute came than is kept.
    cut: bool,
    /// Rows that were read and are not to be given.
    passed: u64,
    /// Rows that came without what makes them work items.
    hidden: u64,
    last_span: Option<Timestamp>,
    last_id: String,
    bytes: u64,
}

/// What one page of a search was.
enum Step {
    /// Rows up to this one were read, of so many.
    Read { end: u64, total: u64 },
    /// A guess was wrong, or rows moved: all from the beginning.
    Again,
}

impl<'a> Reading<'a> {
    fn new(partner: &'a Cherwell, site: &'a Site, request: &'a PageRequest) -> Self {
        let from = request.after.as_ref().map_or(request.window.from, |after| after.updated_at);
        Self {
            partner,
            site,
            request,
            floor: site.setup.dates.span_of(from),
            direction: site.setup.habits.direction(true),
            by_row: site.setup.habits.by_row(),
            kept: BTreeMap::new(),
            cut: false,
            passed: 0,
            hidden: 0,
            last_span: None,
            last_id: String::new(),
            bytes: 0,
        }
    }

    /// The page; `None` to begin anew.
    async fn run(mut self) -> Result<Option<Page>, Fault> {
        let filter = self.site.setup.dates.filter_from(self.floor);
        let mut place = Place::start(u64::from(self.request.limit));
        let (mut end, mut most) = (0, place.size);
        for _ in 0..MOST_PAGES {
            let reply = search(self.partner, self.site, Some(&filter), place, self.direction).await?;
            self.bytes += reply.body.len() as u64;
            let total = match self.take(&reply.body, place, end)? {
                Step::Again => return Ok(None),
                Step::Read { end: read, total } => {
                    end = read;
                    total
                }
            };
            let ended = end >= total;
            if ended || self.has_whole() || self.is_past_window() {
                return Ok(Some(self.give(ended, total)));
            }
            if place.number == 1 {
                // A system may give fewer rows than it is asked for.
                most = most.min(end);
            }
            let Some(next) = Place::after(end, most, self.by_row) else { break };
            place = next;
        }
        Err(Fault::Truncated { what: self.site.bound.name.clone() })
    }

    /// Takes in one page of the search, when rows up to `end` have been read.
    fn take(&mut self, body: &[u8], place: Place, end: u64) -> Result<Step, Fault> {
        let bound = &self.site.bound;
        let found = rows::read(bound, body, |record| (record.rec_id().into_owned(), read_item(self.site, record)))?;
        let total = found.total.ok_or_else(|| no_total(self.site))?;
        let count = found.records.len() as u64;
        if count == 0 && end == 0 && total > 0 {
            return Err(Fault::Truncated { what: bound.name.clone() });
        }
        let mut skip = 0;
        if end > 0 {
            let overlap = usize::try_from(end - place.first).unwrap_or(usize::MAX);
            let same = found.records.get(overlap).is_some_and(|(id, _)| *id == self.last_id);
            if !same || place.first + count <= end + 1 && end < total {
                self.site.setup.habits.pages_broke(self.by_row);
                return Ok(Step::Again);
            }
            self.site.setup.habits.pages_followed(self.by_row);
            skip = overlap + 1;
        }
        let whole = end == 0 && count >= total;
        let last = found.records.last().map(|(id, _)| id.clone());
        for (_, read) in found.records.into_iter().skip(skip) {
            match read? {
                Read::Item(placed) => {
                    if !self.put(*placed, whole)? {
                        return Ok(Step::Again);
                    }
                }
                Read::Other => self.passed += 1,
                Read::Hidden => self.hidden += 1,
            }
        }
        if let Some(last) = last {
            self.last_id = last;
        }
        Ok(Step::Read { end: (place.first + count).saturating_sub(1).max(end), total })
    }

    /// Takes in one row; `false` if it shows that the order is the other one. Of the `whole` of a search the order
    /// does not matter.
    fn put(&mut self, placed: Placed, whole: bool) -> Result<bool, Fault> {
        let habits = &self.site.setup.habits;
        let out_of_order = || Fault::OutOfOrder { what: self.site.bound.name.clone() };
        match self.last_span {
            Some(last) if placed.span < last && !whole => {
                return if habits.is_not_ascending(self.direction) { Ok(false) } else { Err(out_of_order()) };
            }
            Some(last) if placed.span > last && !whole => habits.saw_order(self.direction, true),
            _ => {}
        }
        // The filter lets the minute before the floor pass, and none before that.
        if placed.span.as_second() < self.floor.as_second() - 60 && placed.span < self.earliest() {
            return Err(out_of_order());
        }
        self.last_span = self.last_span.max(Some(placed.span));
        if !self.is_wanted(&placed.item) {
            self.passed += 1;
            return Ok(true);
        }
        self.kept.insert(key(placed.item.updated_at, &placed.item.source_id), placed);
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
        self.site.setup.dates.span_of(before)
    }

    fn is_wanted(&self, item: &WorkItem) -> bool {
        let window = self.request.window;
        let place = key(item.updated_at, &item.source_id);
        let after = self.request.after.as_ref().map(|after| key(after.updated_at, &after.source_id));
        item.updated_at >= window.from
            && window.before.is_none_or(|before| item.updated_at < before)
            && after.is_none_or(|after| place > after)
    }

    /// Whether a row is there whose minute is seen whole.
    fn has_whole(&self) -> bool {
        let first = self.kept.first_key_value().map(|(_, placed)| placed.span);
        first.is_some_and(|first| self.last_span.is_some_and(|last| first < last))
    }

    /// Whether all that follows lies after the window.
    fn is_past_window(&self) -> bool {
        self.request.window.before.is_some_and(|before| self.last_span.is_some_and(|last| last >= before))
    }

    fn give(self, ended: bool, total: u64) -> Page {
        let all = (ended || self.is_past_window()) && !self.cut;
        let last = self.last_span;
        let kept = self.kept.into_values();
        let whole = |placed: &Placed| ended || last.is_none_or(|last| placed.span < last);
        let past = self.request.window.before.is_some_and(|before| last.is_some_and(|last| last >= before));
        let mut items: Vec<_> = kept.filter(|placed| past || whole(placed)).map(|placed| placed.item).collect();
        let told = match self.request.window.before {
            _ if all => Some(items.len() as u64 + self.hidden),
            None if !self.cut => Some(total.saturating_sub(self.passed)),
            _ => None,
        };
        let limit = usize::try_from(self.request.limit).unwrap_or(usize::MAX);
        if items.len() > limit {
            let rest = items.split_off(limit);
            remember(self.partner, self.request, items.last(), rest, all);
        }
        Page { items, hidden: self.hidden, total: told, bytes: self.bytes, rate: None, notes: PageNotes::default() }
    }
}

/// A place in the order. The engine compares ids without regard to case.
fn key(at: Timestamp, id: &str) -> (Timestamp, String) {
    (at, id.to_ascii_lowercase())
}

fn remember(partner: &Cherwell, request: &PageRequest, last: Option<&WorkItem>, items: Vec<WorkItem>, all: bool) {
    let Some(after) = last.map(WorkItem::cursor) else { return };
    let mut ahead = partner.ahead();
    if ahead.len() >= KEPT_MINUTES {
        ahead.remove(0);
    }
    ahead.push(Ahead { kind: request.kind, window: request.window, after, items, all });
}

/// The page, if it was read already. It is used once: who asks again gets what is there then.
fn from_ahead(partner: &Cherwell, request: &PageRequest) -> Option<Page> {
    let Ahead { kind, window, mut items, all, .. } = {
        let mut ahead = partner.ahead();
        let fits = |kept: &Ahead| {
            kept.kind == request.kind && kept.window == request.window && Some(&kept.after) == request.after.as_ref()
        };
        let place = ahead.iter().position(fits)?;
        ahead.remove(place)
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
