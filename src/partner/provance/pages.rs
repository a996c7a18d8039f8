//! Pages and counts of a table.
//!
//! Pages are asked for in the order of (changed, id) from the second of the last row on. How the product orders ids
//! within one second is its own affair, so rows are passed over until that row comes, along the links between pages.
//! Where a page ended and which link led on is remembered, so that mostly nothing has to be passed over.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::bind::Bound;
use super::rows::{self, Decoded};
use super::{Provance, errors, query};
use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::model::sync::{Page, PageRequest, Window};
use crate::model::work_item::{Cursor, WorkItem, WorkItemKind};
use crate::partner::http::{PAGE_LIMIT_BYTES, SMALL_LIMIT_BYTES};

/// So many links are remembered: a few for each slice that is walked side by side.
const LINKS: usize = 64;

/// How often a span is cut in two while it is counted.
const DEEPEST: u32 = 20;

/// Where pages ended, and the links that lead on from there.
#[derive(Debug, Default)]
pub struct Links(Mutex<VecDeque<(Place, String)>>);

/// The end of a page: the kind, the window's end, the size of pages, and the last row.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place(WorkItemKind, Option<Timestamp>, u32, Cursor);

impl Links {
    fn find(&self, place: &Place) -> Option<String> {
        let links = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        links.iter().find(|(other, _)| other == place).map(|(_, link)| link.clone())
    }

    fn remember(&self, place: Place, link: String) {
        let mut links = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        links.retain(|(other, _)| *other != place);
        if links.len() >= LINKS {
            links.pop_front();
        }
        links.push_back((place, link));
    }
}

/// One page of rows, decoded and verified.
///
/// # Errors
/// The fault that kept it from coming, or made it worthless as a whole.
pub async fn page(partner: &Provance, bound: &Bound, request: &PageRequest) -> Result<Page, Fault> {
    let mut walk = Walk { partner, bound, request, bytes: 0, hidden: 0, last: request.after.clone() };
    if let Some(link) = request.after.as_ref().and_then(|after| partner.links.find(&walk.place(after.clone()))) {
        match walk.rest(link).await {
            // A link may have gone stale; then the way is sought anew.
            Err(Fault::PartnerError { status: 400..500, .. } | Fault::NotFound { .. }) => {}
            done => return done,
        }
    }
    walk.after_second().await
}

struct Walk<'a> {
    partner: &'a Provance,
    bound: &'a Bound,
    request: &'a PageRequest,
    bytes: u64,
    hidden: u64,
    last: Option<Cursor>,
}

impl Walk<'_> {
    fn size(&self) -> u32 {
        self.request.limit.clamp(1, query::LARGEST_PAGE)
    }

    fn place(&self, last: Cursor) -> Place {
        Place(self.request.kind, self.request.window.before, self.size(), last)
    }

    async fn fetch(&mut self, path: &str) -> Result<Decoded, Fault> {
        let prefer = Some(query::prefer(self.size()));
        let reply = self.partner.fetch(path, self.bound.columns.source(), prefer, PAGE_LIMIT_BYTES).await?;
        self.bytes += reply.body.len() as u64;
        let mut decoded = rows::page(&self.bound.columns, &reply.body)?;
        let link = decoded.next.take().map(|link| self.local(&link)).transpose()?;
        Ok(Decoded { next: link, ..decoded })
    }

    /// The path of a link, as it came. One that leads elsewhere would take our token along.
    fn local(&self, link: &str) -> Result<String, Fault> {
        let base = self.partner.session.http().base();
        let path = link.strip_prefix(base.as_str()).filter(|path| path.starts_with(query::API));
        let away = || Fault::Redirected { host: base.host(), location: clean(link, false) };
        path.map(str::to_owned).ok_or_else(away)
    }

    /// The rows behind a link, every one of which is new.
    async fn rest(&mut self, link: String) -> Result<Page, Fault> {
        let mut path = link;
        loop {
            let decoded = self.fetch(&path).await?;
            self.verify(&decoded.items)?;
            self.hidden += decoded.hidden;
            match (decoded.items.is_empty(), &decoded.next) {
                (true, Some(next)) => path.clone_from(next),
                _ => return Ok(self.done(decoded.items, decoded.next)),
            }
        }
    }

    /// The rows from the second of the last row on, those up to that row passed over.
    async fn after_second(&mut self) -> Result<Page, Fault> {
        let window = self.request.window;
        let from = self.request.after.as_ref().map_or(window.from, |after| after.updated_at.max(window.from));
        let first = query::rows(self.bound, from, window.before);
        let Some(after) = self.request.after.clone() else {
            self.last = None;
            return self.rest(first).await;
        };
        let (mut path, mut pages) = (first.clone(), 0_u32);
        loop {
            // Rows of that second may come again, so order is verified from its beginning.
            self.last = None;
            let decoded = self.fetch(&path).await?;
            self.verify(&decoded.items)?;
            self.hidden += decoded.hidden;
            pages += 1;
            let met = decoded.items.iter().position(|item| item.cursor() == after);
            let beyond = decoded.items.last().is_some_and(|item| item.updated_at > after.updated_at);
            match (met, decoded.next) {
                (Some(place), next) => {
                    let items: Vec<WorkItem> = decoded.items.into_iter().skip(place + 1).collect();
                    return match next {
                        Some(next) if items.is_empty() => self.rest(next).await,
                        next => Ok(self.done(items, next)),
                    };
                }
                (None, Some(next)) if !beyond => path = next,
                // The row itself has gone from its second: what is left of the second comes again.
                (None, next) if pages == 1 => return Ok(self.done(decoded.items, next)),
                (None, _) => {
                    self.last = None;
                    return self.rest(first).await;
                }
            }
        }
    }

    /// Whether the rows are in order and inside of what was asked for: a condition that was dropped would make the
    /// checkpoint jump over rows.
    fn verify(&mut self, items: &[WorkItem]) -> Result<(), Fault> {
        let window = self.request.window;
        let floor = window.from.as_second();
        for item in items {
            let inside =
                item.updated_at.as_second() >= floor && window.before.is_none_or(|before| item.updated_at <= before);
            let follows = self.last.as_ref().is_none_or(|last| {
                item.updated_at > last.updated_at
                    || (item.updated_at == last.updated_at && item.source_id != last.source_id)
            });
            if !inside || !follows {
                return Err(Fault::OutOfOrder { what: self.bound.columns.source().to_owned() });
            }
            self.last = Some(item.cursor());
        }
        Ok(())
    }

    /// A page without a link behind it is the last one, so the number of rows that match is known.
    fn done(&self, items: Vec<WorkItem>, next: Option<String>) -> Page {
        let total = next.is_none().then_some(items.len() as u64 + self.hidden);
        if let (Some(last), Some(next)) = (items.last(), next) {
            self.partner.links.remember(self.place(last.cursor()), next);
        }
        Page { items, hidden: self.hidden, total, bytes: self.bytes, rate: None }
    }
}

/// Counts the rows of a window. More than the product counts at once are counted in halves.
///
/// # Errors
/// The fault that kept the count from coming.
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
            Err(fault) => return Err(fault),
        }
    }
    Ok(total)
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
        total: u64,
    }
    let what = bound.columns.source();
    let reply = partner.fetch(&query::count(bound, window), what, None, SMALL_LIMIT_BYTES).await?;
    let malformed = || Fault::Malformed { what: what.to_owned(), detail: "no count in the reply".to_owned() };
    let body: Body = serde_json::from_slice(&reply.body).map_err(|_| malformed())?;
    // Of no rows at all there is no group.
    Ok(body.value.first().map_or(0, |group| group.total))
}
