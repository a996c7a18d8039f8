//! One page from the web app, and whether it was the whole of what was asked for.

use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::OnceCell;

use super::ask::Ask;
use super::bind::Bound;
use super::errors;
use super::names::Role;
use super::rows::{self, Rows};
use super::sign_in::Flow;
use super::version;
use crate::model::fault::Fault;
use crate::model::work_item::WorkItem;
use crate::net::http::{PAGE_LIMIT_BYTES, Reply};
use crate::partner::mapping::Columns;
use crate::partner::session::Session;

/// A filter of time may be read as a date without time, in another zone: what comes earlier than this before it
/// shows that the filter was ignored.
const TOLERANCE: SignedDuration = SignedDuration::from_hours(26);

/// No page is asked for that holds more rows.
const LARGEST_AT_ONCE: u64 = 20_000;

/// Rows that show whether there is a list.
const SAMPLE: u64 = 5;

/// Sizes of pages that are tried where larger ones are refused.
const SMALLER: [u64; 5] = [500, 200, 100, 50, 10];

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
    /// Whether the total counts the whole list, whatever is asked for.
    total_is_of_all: AtomicBool,
    /// The largest page that the web app takes.
    largest: AtomicU64,
    /// The version of the interface, where the web app told which ones there are.
    version: OnceLock<String>,
    /// Whether the web app shows no list at all at the moment.
    silent: AtomicBool,
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
        Ok(Self {
            columns,
            first_page,
            seen: AtomicU64::new(0),
            total_counts: AtomicBool::new(false),
            total_is_of_all: AtomicBool::new(false),
            largest: AtomicU64::new(bound.largest_page),
            version: OnceLock::new(),
            silent: AtomicBool::new(false),
            bound,
        })
    }

    /// The name for the reader of a fault.
    pub fn what(&self) -> String {
        self.bound.shown()
    }

    /// Fetches a page.
    ///
    /// # Errors
    /// Why it did not come, and [`Fault::OutOfOrder`] if the filter of time was ignored.
    pub async fn fetch(&self, session: &Session<Flow>, ask: &Ask) -> Result<Rows, Fault> {
        let mut rows = match self.first_page.get() {
            Some(first) => self.fetch_from(session, ask, *first).await?,
            None if ask.skip == 0 => self.find_first(session, ask).await?,
            None => self.fetch_from(session, ask, 1).await?,
        };
        self.seen.fetch_max(rows.came().min(ask.size), Ordering::Relaxed);
        if self.total_is_of_all.load(Ordering::Relaxed) && ask.filters() {
            rows.total = None;
        }
        if rows.total.is_some_and(|total| total > rows.came()) {
            self.total_counts.store(true, Ordering::Relaxed);
        }
        if rows.items.iter().any(|item| !within(ask, item)) {
            return Err(Fault::OutOfOrder { what: self.what() });
        }
        Ok(rows)
    }

    async fn fetch_from(&self, session: &Session<Flow>, ask: &Ask, first: u64) -> Result<Rows, Fault> {
        let reply = self.send(session, ask, first).await?;
        if self.is_no_rows(&reply) {
            return self.no_rows(session, ask, first, &reply).await;
        }
        let reply = errors::check(reply, &self.what())?;
        let found = rows::rows(&self.columns, &self.bound.shape, &reply.body)?;
        self.silent.store(false, Ordering::Relaxed);
        Ok(Rows { bytes: reply.came, ..found })
    }

    /// No rows, where nothing stands for them. A web app that fails may say nothing as well: whether it shows a list for anything at all
    /// is asked, and one that does not is silent. An empty body that is called a success is no way to say that there are none then.
    async fn no_rows(&self, session: &Session<Flow>, ask: &Ask, first: u64, reply: &Reply) -> Result<Rows, Fault> {
        let all = Ask::all(self.page_size(SAMPLE));
        let silent = *ask == all || self.is_no_rows(&self.send(session, &all, first).await?);
        self.silent.store(silent, Ordering::Relaxed);
        match silent && reply.status == 200 && reply.body.trim_ascii().is_empty() {
            true => Err(Fault::Truncated { what: self.what() }),
            false => Ok(Rows::default()),
        }
    }

    /// Whether the web app showed no list at all when it was last asked: what it does not show may be there nevertheless.
    pub fn is_silent(&self) -> bool {
        self.silent.load(Ordering::Relaxed)
    }

    /// Refuses to take silence for no rows: a list without rows, or a total of none, would say so.
    ///
    /// # Errors
    /// [`Fault::Malformed`].
    pub fn has_spoken(&self) -> Result<(), Fault> {
        let detail = || "nothing came, not even an empty list, whatever was asked for".to_owned();
        if self.is_silent() { Err(Fault::Malformed { what: self.what(), detail: detail() }) } else { Ok(()) }
    }

    /// A few rows of the list, whichever.
    ///
    /// # Errors
    /// As [`Source::fetch`].
    pub async fn sample(&self, session: &Session<Flow>) -> Result<Rows, Fault> {
        self.fetch(session, &Ask::all(self.page_size(SAMPLE))).await
    }

    /// Sends what is asked. Where the version of the interface is missing or unknown, and the web app tells which ones
    /// it has, the newest of those is sent from then on.
    async fn send(&self, session: &Session<Flow>, ask: &Ask, first: u64) -> Result<Reply, Fault> {
        let told = self.version.get().map(String::as_str);
        let reply = session.send(ask.call(&self.bound, first, told), PAGE_LIMIT_BYTES).await?;
        let Some(newest) = version::wanted(&reply).filter(|newest| told != Some(newest.as_str())) else {
            return Ok(reply);
        };
        let again = session.send(ask.call(&self.bound, first, Some(&newest)), PAGE_LIMIT_BYTES).await?;
        if again.status == 400 && version::wanted(&again).is_some() {
            return Ok(reply);
        }
        // A concurrent request got the same answer.
        let _ = self.version.set(newest);
        Ok(again)
    }

    /// The body of a page, not looked into.
    ///
    /// # Errors
    /// Why it did not come.
    pub async fn body(&self, session: &Session<Flow>, ask: &Ask) -> Result<Vec<u8>, Fault> {
        Ok(errors::check(self.send(session, ask, 1).await?, &self.what())?.body.into_bytes())
    }

    /// Another path of the web app, with the version of the interface where one is sent.
    pub fn versioned(&self, path: String) -> String {
        let bound = self.bound.sent(Role::ApiVersion);
        let value = self.version.get().cloned().or_else(|| bound.and_then(|sent| sent.value.clone()));
        match value {
            Some(value) => {
                let name = bound.map_or("api-version", |sent| sent.name.as_str());
                let query = url::form_urlencoded::Serializer::new(String::new()).append_pair(name, &value).finish();
                let named = |pair: &str| pair.split_once('=').is_some_and(|(other, _)| other == name);
                match path.split_once('?') {
                    Some((_, sent)) if sent.split('&').any(named) => path,
                    Some(_) => format!("{path}&{query}"),
                    None => format!("{path}?{query}"),
                }
            }
            None => path,
        }
    }

    /// Whether a reply without a list stands for no rows: 204, an empty body or `null`. Where nothing shows that a list
    /// comes from here at all, it may as well be a failure.
    fn is_no_rows(&self, reply: &Reply) -> bool {
        let proven = self.seen.load(Ordering::Relaxed) > 0 || self.bound.described;
        let nothing = match reply.body.trim_ascii() {
            b"" => reply.is_json() || reply.content_type().is_empty(),
            b"null" => reply.is_json(),
            _ => false,
        };
        proven && (reply.status == 204 || (reply.status == 200 && nothing))
    }

    /// Asks for the first page, in smaller and smaller pages where the web app refuses their size or they are too large.
    ///
    /// # Errors
    /// As [`Source::fetch`].
    pub async fn settle(&self, session: &Session<Flow>) -> Result<Rows, Fault> {
        let size = self.largest();
        let refused = match self.fetch(session, &Ask::all(size)).await {
            Err(fault) if is_of_size(&fault) && self.bound.has(Role::PageSize) => fault,
            settled => return settled,
        };
        for smaller in smaller_sizes(&refused, size) {
            match self.fetch(session, &Ask::all(smaller)).await {
                Err(fault) if is_of_size(&fault) => {}
                settled => {
                    self.largest.store(smaller, Ordering::Relaxed);
                    return settled;
                }
            }
        }
        Err(refused)
    }

    /// Finds a smaller page that is not refused; `false` where the largest is not refused.
    ///
    /// # Errors
    /// As [`Source::settle`].
    pub async fn shrink(&self, session: &Session<Flow>) -> Result<bool, Fault> {
        let before = self.largest();
        self.settle(session).await?;
        Ok(self.largest() < before)
    }

    /// Asks for smaller pages from now on, since a reply was too large; `false` where they can be no smaller.
    pub fn quarter(&self) -> bool {
        let before = self.largest();
        let can = before > 1 && self.bound.has(Role::PageSize);
        if can {
            self.largest.store((before / 4).max(1), Ordering::Relaxed);
        }
        can
    }

    /// The largest page to ask for.
    pub fn largest(&self) -> u64 {
        self.largest.load(Ordering::Relaxed)
    }

    /// A larger page than one that was full, where no next page can be asked for and no limit is told.
    pub fn larger(&self, size: u64) -> Option<u64> {
        let grows = !self.can_go_on() && self.bound.has(Role::PageSize) && !self.bound.limit_told;
        let larger = (size * 4).min(LARGEST_AT_ONCE);
        (grows && larger > size).then_some(larger)
    }

    /// The fault of a list that brings fewer rows than it counts.
    pub fn incomplete(&self, told: u64, came: u64) -> Fault {
        Fault::Malformed { what: self.what(), detail: format!("it counts {told} rows and gave {came}") }
    }

    /// Remembers that the total counts the whole list, whatever is asked for.
    pub fn total_is_of_all(&self) {
        self.total_is_of_all.store(true, Ordering::Relaxed);
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
            // A concurrent request learned the same.
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
        if self.bound.whole {
            return Ok(true);
        }
        if let Some(total) = rows.total.filter(|total| came == 0 && *total > ask.skip) {
            return Err(self.incomplete(total, ask.skip));
        }
        if let Some(last) = self.by_total(ask, rows) {
            return Ok(last);
        }
        let usual = self.seen.load(Ordering::Relaxed).min(ask.size);
        if came == 0 {
            return Ok(true);
        }
        if came < usual {
            let is_few = ask.skip == 0 && came < usual / 4;
            return Ok(is_few || !self.can_go_on() || !self.goes_on(session, ask, rows).await?);
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
        let is_last = beyond.came() == 0;
        if !is_last && ask.skip == 0 {
            // No page before it shows how long one is.
            self.comes_again(session, ask, rows).await?;
        }
        Ok(is_last)
    }

    /// Whether rows follow a page that is not full. Such a page ends a list, unless rows were left out of it: if it comes otherwise when
    /// it is asked for again, rows were lacking.
    ///
    /// # Errors
    /// As [`Source::fetch`]; [`Fault::Truncated`] for a page that lacked rows.
    async fn goes_on(&self, session: &Session<Flow>, ask: &Ask, rows: &Rows) -> Result<bool, Fault> {
        let step = if self.bound.has(Role::Skip) { rows.came() } else { ask.size };
        let beyond = self.fetch(session, &Ask { skip: ask.skip + step, ..*ask }).await?;
        if beyond.came() == 0 || begin_alike(rows, &beyond) {
            return Ok(false);
        }
        self.comes_again(session, ask, rows).await.map(|()| true)
    }

    /// Makes sure that a page is as long when it is asked for again: no rows were lacking then.
    async fn comes_again(&self, session: &Session<Flow>, ask: &Ask, rows: &Rows) -> Result<(), Fault> {
        let again = self.fetch(session, ask).await?;
        if again.came() == rows.came() { Ok(()) } else { Err(Fault::Truncated { what: self.what() }) }
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
        if came >= ask.size {
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
        limit.clamp(1, self.largest())
    }
}

/// Whether a smaller page may come where this fault came.
pub fn is_of_size(fault: &Fault) -> bool {
    matches!(fault, Fault::ParameterRefused { .. } | Fault::TooLarge { .. })
}

/// The sizes to try after a refusal: the one that it names first.
fn smaller_sizes(refused: &Fault, size: u64) -> Vec<u64> {
    let Fault::ParameterRefused { detail, .. } = refused else {
        return SMALLER.into_iter().chain([1]).filter(|smaller| *smaller < size).collect();
    };
    let numbers = detail.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse::<u64>().ok());
    let named = numbers.filter(|number| *number > 1 && *number < size).max();
    named.into_iter().chain(SMALLER.into_iter().filter(|smaller| *smaller < size)).collect()
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
pub fn is_no_page(fault: &Fault) -> bool {
    let status = |status: u16| matches!(status, 200 | 400 | 404 | 416 | 422 | 500);
    match fault {
        Fault::PartnerError { status: told, .. } => status(*told),
        Fault::NotBound { .. } | Fault::Malformed { .. } | Fault::ParameterRefused { .. } => true,
        _ => false,
    }
}

/// Whether two pages begin with the same row.
pub fn begin_alike(one: &Rows, other: &Rows) -> bool {
    let first = |rows: &Rows| rows.items.first().map(|item| item.source_id.clone());
    first(one).is_some() && first(one) == first(other)
}

/// Limits are round numbers: a page with this many rows may have been cut off.
fn is_round(came: u64) -> bool {
    came >= 50 && (came.is_multiple_of(50) || came.is_power_of_two())
}

fn within(ask: &Ask, item: &WorkItem) -> bool {
    let early = |since: Timestamp| item.updated_at < since.checked_sub(TOLERANCE).unwrap_or(Timestamp::MIN);
    let late = |until: Timestamp| item.updated_at > until.checked_add(TOLERANCE).unwrap_or(Timestamp::MAX);
    !ask.since.is_some_and(early) && !ask.until.is_some_and(late)
}
