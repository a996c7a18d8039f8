//! Pages and counts of a table.
//!
//! Each page is the first page of its own query: rows in the order of (changed, id) from the second of the last row on, without
//! the rows up to that row. So rows that change meanwhile cannot move others across its border, as they could with links that
//! only count rows. The product's order of ids within a second does not matter.
//!
//! Only a second with more rows than a page is read along the links, in the largest pages possible. The page with the last row
//! is remembered, and that row is searched for in it again.

use std::collections::{BTreeSet, VecDeque};
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value as Json;

use super::bind::Bound;
use super::rows::{self, Decoded};
use super::{Provance, errors, query};
use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::model::sync::{Page, PageNotes, PageRequest, Window};
use crate::model::work_item::{Cursor, WorkItem, WorkItemKind};
use crate::net::http::{PAGE_LIMIT_BYTES, SMALL_LIMIT_BYTES};

/// This many links are remembered: a few for each slice that is read in parallel.
const LINKS: usize = 64;

/// How often a span is cut in two while it is counted.
const DEEPEST: u32 = 20;

/// More pages than a second, or a count of rows that cannot be counted otherwise, fills.
const MOST_PAGES: u32 = 2_000;

/// How often a full second is read with another page size, so that the last row is not at the end of a page.
const SIZES: u32 = 12;

/// The last rows of pages, each with its page within its second.
#[derive(Debug, Default)]
pub struct Links(Mutex<VecDeque<(Place, Standing)>>);

/// The end of a page: the kind, the window's end, and the last row.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place(WorkItemKind, Option<Timestamp>, Cursor);

/// A page along the links, and the page size of its request.
#[derive(Debug, Clone)]
struct Standing {
    path: String,
    size: u32,
}

impl Links {
    fn find(&self, place: &Place) -> Option<Standing> {
        let links = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        links.iter().find(|(other, _)| other == place).map(|(_, standing)| standing.clone())
    }

    fn remember(&self, place: Place, standing: Standing) {
        let mut links = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        links.retain(|(other, _)| *other != place);
        if links.len() >= LINKS {
            links.pop_front();
        }
        links.push_back((place, standing));
    }
}

/// One page of rows, decoded and verified.
///
/// # Errors
/// Why the page did not come or cannot be used.
pub async fn page(partner: &Provance, bound: &Bound, request: &PageRequest) -> Result<Page, Fault> {
    let mut walk = Walk { partner, bound, request, bytes: 0, hidden: 0, pages: 0 };
    match &request.after {
        Some(after) => walk.behind(after).await,
        None => walk.first().await,
    }
}

struct Walk<'a> {
    partner: &'a Provance,
    bound: &'a Bound,
    request: &'a PageRequest,
    bytes: u64,
    hidden: u64,
    pages: u32,
}

/// The relation of a page to a row whose following rows are needed.
enum Found {
    /// The row is on the page; these follow it.
    Behind(Vec<WorkItem>),
    /// It may come on a later page.
    NotYet,
    /// The row is no longer in its second: these are all rows from that second on.
    Gone(Vec<WorkItem>),
}

/// How the way along the links ended.
enum Way {
    /// At the rows that were looked for.
    Page(Page),
    /// At a row that ends its page of so many: what a link brings need not follow on it.
    Border(u64),
    /// The row was nowhere.
    Gone,
}

impl Walk<'_> {
    fn size(&self) -> u32 {
        self.request.limit.clamp(1, query::LARGEST_PAGE)
    }

    async fn fetch(&mut self, path: &str, size: u32) -> Result<Decoded, Fault> {
        self.pages += 1;
        if self.pages > MOST_PAGES {
            return Err(Fault::OutOfOrder { what: self.bound.columns.source().to_owned() });
        }
        let prefer = Some(query::prefer(size));
        let reply = self.partner.fetch(path, self.bound.columns.source(), prefer, PAGE_LIMIT_BYTES).await?;
        self.bytes += reply.came;
        let mut decoded = rows::of(self.bound, &reply.body)?;
        decoded.rows = decoded.items.len() as u64 + decoded.hidden + decoded.unreadable;
        self.partner.note_unreadable(self.request.kind, decoded.unreadable);
        self.verify(&mut decoded.items)?;
        self.hidden += decoded.hidden;
        let link =
            decoded.next.take().filter(|link| !link.is_empty()).map(|link| local(self.partner, &link)).transpose()?;
        Ok(Decoded { next: link, ..decoded })
    }

    fn query(&self, from: Timestamp) -> String {
        let counted = !self.partner.uncounted.load(Ordering::Relaxed);
        query::rows(self.bound, from, self.request.window.before, counted)
    }

    /// The first page of a query for the rows from a moment on. If it has no link to another page it must hold all the
    /// rows that are counted beside them.
    async fn from(&mut self, from: Timestamp) -> Result<Decoded, Fault> {
        let counts = !self.partner.uncounted.load(Ordering::Relaxed);
        let decoded = match self.fetch(&self.query(from), self.size()).await {
            // A server without $count says so; the same request without it may work.
            Err(Fault::PartnerError { status: 400 | 501, .. }) if counts => {
                let plain = query::rows(self.bound, from, self.request.window.before, false);
                let decoded = self.fetch(&plain, self.size()).await?;
                self.partner.uncounted.store(true, Ordering::Relaxed);
                decoded
            }
            decoded => decoded?,
        };
        let came = decoded.rows;
        if decoded.next.is_none() && decoded.counted.is_some_and(|counted| counted > came) {
            return Err(Fault::Truncated { what: self.bound.columns.source().to_owned() });
        }
        Ok(decoded)
    }

    /// The first rows of the window.
    async fn first(&mut self) -> Result<Page, Fault> {
        let mut decoded = self.from(self.request.window.from).await?;
        let mut passed = Vec::new();
        loop {
            match decoded.next {
                Some(next) if decoded.items.is_empty() => {
                    decoded = self.fetch(&next, self.size()).await?;
                    passed.push(next);
                    if decoded.next.as_ref().is_some_and(|next| passed.contains(next)) {
                        return Err(circle(self.bound.columns.source()));
                    }
                }
                next => return Ok(self.done(decoded.items, next.is_none())),
            }
        }
    }

    /// The rows behind a row.
    async fn behind(&mut self, after: &Cursor) -> Result<Page, Fault> {
        let place = Place(self.request.kind, self.request.window.before, after.clone());
        if let Some(standing) = self.partner.links.find(&place) {
            match self.along(standing, after).await {
                Ok(Way::Page(page)) => return Ok(page),
                // The link may be stale and rows may have moved; then the page is searched for again.
                Ok(_) | Err(Fault::PartnerError { status: 400..500, .. } | Fault::TooLarge { .. }) => {}
                Err(fault) => return Err(fault),
            }
        }
        let from = after.updated_at.max(self.request.window.from);
        let decoded = self.from(from).await?;
        let last = decoded.next.is_none();
        match found(decoded.items, after, last) {
            Found::Behind(items) if last || !items.is_empty() => Ok(self.done(items, last)),
            Found::Gone(items) => Ok(self.done(items, last)),
            _ => self.through_second(from, after).await,
        }
    }

    /// The rows after a row whose second has more rows than a page.
    async fn through_second(&mut self, from: Timestamp, after: &Cursor) -> Result<Page, Fault> {
        let first = query::rows(self.bound, from, self.request.window.before, false);
        let mut size = query::LARGEST_PAGE;
        for _ in 0..SIZES {
            match self.along(Standing { path: first.clone(), size }, after).await {
                // The rows are so large that a page must have fewer, however many share the second.
                Err(Fault::TooLarge { .. }) if size > 1 => size = (size / 4).max(1),
                Err(fault) => return Err(fault),
                Ok(Way::Page(page)) => return Ok(page),
                Ok(Way::Border(rows)) => size = u32::try_from(rows.saturating_sub(1)).unwrap_or(size).max(1),
                // Rows moved meanwhile. Everything from the row's second on is read again, which is harmless.
                Ok(Way::Gone) => {
                    let decoded = self.from(from).await?;
                    let last = decoded.next.is_none();
                    return Ok(self.done(decoded.items, last));
                }
            }
        }
        Err(Fault::OutOfOrder { what: self.bound.columns.source().to_owned() })
    }

    /// Follows the links until the row comes.
    async fn along(&mut self, from: Standing, after: &Cursor) -> Result<Way, Fault> {
        let Standing { mut path, size } = from;
        let mut passed = BTreeSet::new();
        loop {
            let decoded = self.fetch(&path, size).await?;
            if !passed.insert(path.clone()) {
                return Err(circle(self.bound.columns.source()));
            }
            let rows = decoded.items.len() as u64;
            match (found(decoded.items, after, decoded.next.is_none()), decoded.next) {
                (Found::Behind(items), Some(_)) if items.is_empty() => return Ok(Way::Border(rows)),
                (Found::Behind(mut items), next) => {
                    let limit = usize::try_from(self.request.limit).unwrap_or(usize::MAX);
                    let ends = next.is_none() && items.len() <= limit;
                    items.truncate(limit);
                    if let Some(last) = items.last().filter(|_| !ends) {
                        let place = Place(self.request.kind, self.request.window.before, last.cursor());
                        self.partner.links.remember(place, Standing { path, size });
                    }
                    return Ok(Way::Page(self.done(items, ends)));
                }
                (Found::NotYet, Some(next)) => path = next,
                _ => return Ok(Way::Gone),
            }
        }
    }

    /// Checks that the rows are in order and inside the window: an ignored condition would make the checkpoint skip rows. A row
    /// that comes twice in succession is taken once.
    fn verify(&self, items: &mut Vec<WorkItem>) -> Result<(), Fault> {
        items.dedup_by(|item, last| item.cursor() == last.cursor());
        let window = self.request.window;
        let floor = window.from.as_second();
        let inside = |item: &WorkItem| {
            item.updated_at.as_second() >= floor && window.before.is_none_or(|before| item.updated_at <= before)
        };
        if items.iter().all(inside) && items.is_sorted_by_key(|item| item.updated_at) {
            return Ok(());
        }
        Err(Fault::OutOfOrder { what: self.bound.columns.source().to_owned() })
    }

    /// The page; the total is known only for the last one.
    fn done(&self, items: Vec<WorkItem>, last: bool) -> Page {
        let total = last.then_some(items.len() as u64 + self.hidden);
        Page { items, hidden: self.hidden, total, bytes: self.bytes, rate: None, notes: PageNotes::default() }
    }
}

/// Looks for a row on a page; `last` if there is no other behind it.
fn found(mut items: Vec<WorkItem>, after: &Cursor, last: bool) -> Found {
    let beyond = items.last().is_some_and(|item| item.updated_at > after.updated_at);
    let is_it = |item: &WorkItem| item.updated_at == after.updated_at && item.source_id == after.source_id;
    match items.iter().position(is_it) {
        Some(place) => Found::Behind(items.split_off(place + 1)),
        None if beyond || last => Found::Gone(items),
        None => Found::NotYet,
    }
}

/// The path of a link, as it came: encoded again it would break. A link may name the host or leave it out; one that leads
/// elsewhere would take our token along.
pub fn local(partner: &Provance, link: &str) -> Result<String, Fault> {
    let base = partner.session.http().base();
    let away = || Fault::Redirected { host: base.host(), location: clean(link, false) };
    let path = match link.split_once("://") {
        Some((_, rest)) => {
            let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let own = url::Url::parse(&link[..link.len() - path.len()]).ok();
            let own = own.filter(|own| !host.contains(['@', '?', '#']) && own.host_str() == Some(&base.host()));
            // Behind a gateway that terminates TLS the product may not know its own scheme and port.
            own.map(|_| path.to_owned())
        }
        None if link.starts_with("//") => None,
        None if link.starts_with('/') => Some(link.to_owned()),
        None => Some(format!("{}{link}", query::API)),
    };
    path.filter(|path| path.starts_with(query::API)).ok_or_else(away)
}

/// Counts the rows of a window. More than the product counts at once are counted in halves; where it does not count at
/// all, by the ids of the rows.
///
/// # Errors
/// Why the count did not come.
pub async fn count(partner: &Provance, bound: &Bound, window: Window) -> Result<u64, Fault> {
    let (mut total, mut spans) = (0, vec![(window, 0)]);
    while let Some((span, depth)) = spans.pop() {
        match count_once(partner, bound, span).await {
            Ok(rows) => total += rows,
            Err(Fault::PartnerError { detail, .. })
                if detail.eq_ignore_ascii_case(errors::COUNT_LIMIT) && depth < DEEPEST =>
            {
                spans.extend(halves(span, Timestamp::now()).map(|half| (half, depth + 1)));
            }
            Err(Fault::PartnerError { status: 400 | 405 | 501, .. } | Fault::Malformed { .. }) => {
                total += count_ids(partner, bound, span).await?;
            }
            Err(fault) => return Err(fault),
        }
    }
    Ok(total)
}

/// The fault of circular links.
pub fn circle(what: &str) -> Fault {
    let detail = "the links between its pages lead in a circle".to_owned();
    Fault::Malformed { what: what.to_owned(), detail }
}

/// Counts by reading the ids, page after page.
async fn count_ids(partner: &Provance, bound: &Bound, window: Window) -> Result<u64, Fault> {
    #[derive(Deserialize)]
    struct Body {
        value: Vec<IgnoredAny>,
        #[serde(default, rename = "@odata.nextLink")]
        next: Option<String>,
    }
    let what = bound.columns.source();
    let malformed = |_| Fault::Malformed { what: what.to_owned(), detail: "no rows".to_owned() };
    let (mut total, mut path) = (0, query::ids(bound, window));
    let mut passed = BTreeSet::new();
    for _ in 0..MOST_PAGES {
        let prefer = Some(query::prefer(query::LARGEST_PAGE));
        let reply = partner.fetch(&path, what, prefer, PAGE_LIMIT_BYTES).await?;
        let body: Body = serde_json::from_slice(&reply.body).map_err(malformed)?;
        total += body.value.len() as u64;
        let Some(next) = body.next.filter(|link| !link.is_empty()) else { return Ok(total) };
        passed.insert(std::mem::replace(&mut path, local(partner, &next)?));
        if passed.contains(&path) {
            break;
        }
    }
    Err(circle(what))
}

/// A window cut in two; an open end is taken to be now, and stays open.
fn halves(window: Window, now: Timestamp) -> [Window; 2] {
    let span = window.before.unwrap_or(now).duration_since(window.from).as_secs().max(2);
    let middle = window.from.checked_add(SignedDuration::from_secs(span / 2)).unwrap_or(window.from);
    [Window { before: Some(middle), ..window }, Window { from: middle, ..window }]
}

async fn count_once(partner: &Provance, bound: &Bound, window: Window) -> Result<u64, Fault> {
    #[derive(Deserialize)]
    struct Body {
        value: Vec<Total>,
    }
    #[derive(Deserialize)]
    struct Total {
        #[serde(default)]
        total: Json,
    }
    let what = bound.columns.source();
    let reply = partner.fetch(&query::count(bound, window), what, None, SMALL_LIMIT_BYTES).await?;
    let malformed = || Fault::Malformed { what: what.to_owned(), detail: "no count in the reply".to_owned() };
    let body: Body = serde_json::from_slice(&reply.body).map_err(|_| malformed())?;
    let total = |group: &Total| group.total.as_u64().or_else(|| group.total.as_str()?.parse().ok());
    // Of no rows at all there is no group.
    body.value.first().map_or(Ok(0), |group| total(group).ok_or_else(malformed))
}
