//! How an instance is swept: ids, change times and change counters by keyset on `sys_id`, and rows by their ids.
//!
//! Row rights apply after the limit and after `X-Total-Count` was counted (ServiceNow docs, Table API), so the count
//! tells hidden rows from rows that are gone, where the header can be trusted: some instances and proxies let it tell the
//! page's own length. It is believed once it has told of more rows than a page had.

use std::borrow::Cow;
use std::fmt::Write as _;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::rows::moment;
use super::session::Session;
use super::{ServiceNow, pages, query, rows};
use crate::model::fault::Fault;
use crate::model::sweep::{Found, Mark, SweepCursor, SweepPage, SweepRequest};
use crate::model::work_item::WorkItemKind;
use crate::net::http::{PAGE_LIMIT_BYTES, SMALL_LIMIT_BYTES};
use crate::partner::mapping::{Columns, Target};
use crate::partner::{BoxFuture, Sweep};

/// Rows in a page, and in smaller ones where the instance takes too long (it has 60 s for a request).
const LIMITS: [u32; 4] = [10_000, 2_500, 500, 100];

/// Ids in one request: the address stays below what proxies take.
const IDS: usize = 20;

/// Rows without a single change time from which on the column is held to be hidden.
const NO_TIMES: usize = 10;

impl Sweep for ServiceNow {
    fn marks<'a>(&'a self, request: &'a SweepRequest) -> BoxFuture<'a, Result<SweepPage, Fault>> {
        Box::pin(async move { marks(&self.session, self.columns(request.kind)?, request).await })
    }

    fn fetch<'a>(
        &'a self,
        kind: WorkItemKind,
        ids: &'a [String],
    ) -> BoxFuture<'a, Result<Vec<(String, Found)>, Fault>> {
        Box::pin(async move { fetch(&self.session, self.columns(kind)?, ids).await })
    }

    fn fetch_limit(&self) -> usize {
        IDS
    }
}

/// Where a sweep is: the last id, rows to pass over behind it, and what the counts told so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Place {
    after: String,
    offset: u64,
    /// Whether a count was larger than its page, and so is no page's length.
    trusted: bool,
    seen: u64,
    first_total: Option<u64>,
    /// The count of the page before this one, where rows of it came: behind them it must be smaller.
    left_behind: Option<u64>,
    /// Whether rows contradicted a count: then none is believed.
    refuted: bool,
}

impl Place {
    fn read(cursor: Option<&SweepCursor>) -> Option<Self> {
        let Some(SweepCursor(text)) = cursor else { return Some(Self::default()) };
        let mut parts = text.split(' ');
        Some(Self {
            after: parts.next()?.to_owned(),
            offset: parts.next()?.parse().ok()?,
            trusted: parts.next()? == "1",
            seen: parts.next()?.parse().ok()?,
            first_total: parts.next()?.parse().ok(),
            left_behind: parts.next()?.parse().ok(),
            refuted: parts.next()? == "1",
        })
    }

    fn cursor(&self) -> SweepCursor {
        let told = |total: Option<u64>| total.map_or_else(|| "-".to_owned(), |total| total.to_string());
        let (first, left_behind) = (told(self.first_total), told(self.left_behind));
        let (trusted, refuted) = (u8::from(self.trusted), u8::from(self.refuted));
        SweepCursor(format!("{} {} {trusted} {} {first} {left_behind} {refuted}", self.after, self.offset, self.seen))
    }

    /// A page's count, unless rows contradict it: one that does not shrink behind rows that came is fixed, or counts
    /// something else.
    fn believed(&mut self, total: Option<u64>) -> Option<u64> {
        let left_behind = self.left_behind.take();
        if total.zip(left_behind).is_some_and(|(total, before)| total >= before) {
            (self.refuted, self.trusted, self.first_total) = (true, false, None);
        }
        total.filter(|_| !self.refuted)
    }

    /// Moves on behind a page of `marks` and `blank` rows; whether it was the last one.
    ///
    /// # Errors
    /// [`Fault::Malformed`] where pages bring nothing and no count says how many more there are.
    fn step(&mut self, what: &str, marks: &[Mark], blank: u64, total: Option<u64>, limit: u32) -> Result<bool, Fault> {
        let came = marks.len() as u64 + blank;
        let total = self.believed(total);
        self.first_total = self.first_total.or(total);
        self.trusted |= total.is_some_and(|total| total > came);
        self.seen += marks.len() as u64;
        if let Some(last) = marks.last() {
            last.source_id.clone_into(&mut self.after);
            self.offset = 0;
            self.left_behind = total;
            return Ok(self.trusted && total == Some(marks.len() as u64));
        }
        let passed = self.offset + came;
        match total {
            Some(total) if total <= self.offset + u64::from(limit) => return Ok(true),
            Some(_) => self.offset += u64::from(limit),
            None if came == 0 => return Ok(true),
            None if self.offset > 0 => {
                let detail = "pages without a row to read, and no count".to_owned();
                return Err(Fault::Malformed { what: what.to_owned(), detail });
            }
            None => self.offset = passed,
        }
        Ok(false)
    }
}

async fn marks(session: &Session, columns: &Columns, request: &SweepRequest) -> Result<SweepPage, Fault> {
    let mut limits = LIMITS.into_iter();
    let mut limit = LIMITS[0];
    loop {
        limit = limits.next().unwrap_or(limit);
        match marks_of(session, columns, request, limit).await {
            Err(Fault::PartnerTimedOut { .. } | Fault::Truncated { .. } | Fault::TooLarge { .. })
                if limits.len() > 0 => {}
            outcome => return outcome,
        }
    }
}

async fn marks_of(
    session: &Session,
    columns: &Columns,
    request: &SweepRequest,
    limit: u32,
) -> Result<SweepPage, Fault> {
    let what = columns.source();
    let bad = || Fault::Internal { what: "a cursor of a sweep cannot be read".to_owned() };
    let mut place = Place::read(request.after.as_ref()).ok_or_else(bad)?;
    let reply = session.fetch(&marks_path(columns, request, &place, limit)?, what, PAGE_LIMIT_BYTES).await?;
    let (mut marks, mut blank) = read_marks(what, &reply.body)?;
    verify(what, request, &place, &marks)?;
    let came = marks.len() as u64 + blank;
    // A count of fewer rows than came counts something else.
    let total = reply.number("x-total-count").filter(|total| *total >= came);
    let last = place.step(what, &marks, blank, total, limit)?;
    if marks.len() >= NO_TIMES && marks.iter().all(|mark| mark.changed.is_none()) {
        blank += marks.len() as u64;
        place.seen -= marks.len() as u64;
        marks.clear();
    }
    let counted = place.first_total.filter(|_| place.trusted);
    let hidden = match counted {
        Some(counted) if last => counted.saturating_sub(place.seen),
        Some(_) => 0,
        // Without a count at least those that came blank are known.
        None => blank,
    };
    Ok(SweepPage {
        marks,
        hidden,
        total: place.first_total,
        bytes: reply.came,
        rate: pages::rate(&reply),
        next: (!last).then(|| place.cursor()),
    })
}

fn marks_path(columns: &Columns, request: &SweepRequest, place: &Place, limit: u32) -> Result<String, Fault> {
    let (id, changed) = (columns.id(), columns.updated_at());
    let window = query::Seconds::of(request.window);
    let mut text = format!("{changed}>={}^OR{changed}ISEMPTY", query::literal(window.from));
    if let Some(before) = window.before {
        let _ = write!(text, "^{changed}<{}^OR{changed}ISEMPTY", query::literal(before));
    }
    if !place.after.is_empty() {
        let _ = write!(text, "^{id}>{}", query::safe(id, &place.after)?);
    }
    let _ = write!(text, "^ORDERBY{id}");
    let fields = format!("{id},{changed},sys_mod_count");
    let mut path = query::list(columns.source(), &text, &fields, limit, true);
    if place.offset > 0 {
        let _ = write!(path, "&sysparm_offset={}", place.offset);
    }
    Ok(path)
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    result: Option<Vec<Row<'a>>>,
    error: Option<Json>,
}

#[derive(Deserialize)]
struct Row<'a> {
    #[serde(borrow)]
    sys_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    sys_updated_on: Option<Cow<'a, str>>,
    #[serde(borrow)]
    sys_mod_count: Option<Cow<'a, str>>,
}

/// The rows of a page, and how many came without an id.
fn read_marks(what: &str, body: &[u8]) -> Result<(Vec<Mark>, u64), Fault> {
    let what = || what.to_owned();
    let body: Body<'_> = serde_json::from_slice(body).map_err(|error| {
        let tail = String::from_utf8_lossy(&body[body.len().saturating_sub(4_096)..]).into_owned();
        match error.classify() {
            _ if super::errors::says_cancelled(&tail) => Fault::PartnerTimedOut { what: what() },
            serde_json::error::Category::Data => {
                Fault::Malformed { what: what(), detail: "no list of rows".to_owned() }
            }
            _ => Fault::Truncated { what: what() },
        }
    })?;
    let rows = match (body.result, body.error) {
        (Some(rows), None) => rows,
        (_, Some(_)) => return Err(Fault::Truncated { what: what() }),
        (None, None) => return Err(Fault::Malformed { what: what(), detail: "no list of rows".to_owned() }),
    };
    let count = rows.len();
    let mark = |row: Row<'_>| {
        let source_id = row.sys_id.filter(|id| !id.is_empty())?.into_owned();
        let changed = row.sys_updated_on.as_deref().and_then(moment::parse);
        Some(Mark { source_id, changed, changes: row.sys_mod_count.and_then(|count| count.trim().parse().ok()) })
    };
    let marks: Vec<_> = rows.into_iter().filter_map(mark).collect();
    let blank = (count - marks.len()) as u64;
    Ok((marks, blank))
}

/// A condition or an order that this user may not ask for is dropped silently: then nothing on the page may be trusted.
fn verify(what: &str, request: &SweepRequest, place: &Place, marks: &[Mark]) -> Result<(), Fault> {
    let window = query::Seconds::of(request.window);
    let inside =
        |mark: &Mark| mark.changed.is_none_or(|at| at >= window.from && window.before.is_none_or(|before| at < before));
    let follows = |one: &str, next: &str| one.to_ascii_lowercase() < next.to_ascii_lowercase();
    let first = marks.first().is_none_or(|mark| place.after.is_empty() || follows(&place.after, &mark.source_id));
    let in_order = marks.is_sorted_by(|one, next| follows(&one.source_id, &next.source_id));
    if first && in_order && marks.iter().all(inside) {
        Ok(())
    } else {
        Err(Fault::OutOfOrder { what: what.to_owned() })
    }
}

async fn fetch(session: &Session, columns: &Columns, ids: &[String]) -> Result<Vec<(String, Found)>, Fault> {
    let what = columns.source();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let text = in_list(columns, &ids)?;
    let limit = u32::try_from(ids.len()).unwrap_or(u32::MAX);
    let mut path = query::list(what, &text, columns.names(), limit, true);
    path.push_str("&sysparm_display_value=all&sysparm_exclude_reference_link=true");
    let reply = session.fetch(&path, what, PAGE_LIMIT_BYTES).await?;
    let mut decoded = rows::page(columns, &reply.body)?;
    if decoded.hidden > 0 {
        decoded = rows::page(columns, &with_stand_ins(columns, &reply.body).into())?;
    }
    let asked = |id: &str| ids.iter().any(|asked| asked.eq_ignore_ascii_case(id));
    if !decoded.items.iter().all(|item| asked(&item.source_id)) {
        return Err(Fault::OutOfOrder { what: what.to_owned() });
    }
    let mut found: Vec<_> = decoded.items.into_iter().map(|item| (item.source_id.clone(), item)).collect();
    let mut out = Vec::with_capacity(ids.len());
    let mut missing = Vec::new();
    for id in &ids {
        match found.iter().position(|(other, _)| other.eq_ignore_ascii_case(id)) {
            Some(place) => out.push(((*id).to_owned(), Found::Item(Box::new(found.swap_remove(place).1)))),
            None => missing.push(*id),
        }
    }
    if !missing.is_empty() {
        let known = Known::new(session, columns).await?;
        out.extend(known.what_became_of(missing).await?);
    }
    Ok(out)
}

fn in_list(columns: &Columns, ids: &[&str]) -> Result<String, Fault> {
    for id in ids {
        query::safe(columns.id(), id)?;
    }
    Ok(format!("{}IN{}", columns.id(), ids.join(",")))
}

/// The same rows, with the time of opening or making where there is no change time.
fn with_stand_ins(columns: &Columns, body: &[u8]) -> Vec<u8> {
    let Ok(mut page) = serde_json::from_slice::<Json>(body) else { return body.to_vec() };
    let named = |wanted: &dyn Fn(&crate::partner::mapping::Column) -> bool| {
        columns.all().iter().find(|column| wanted(column)).map(|column| column.from.to_string())
    };
    let sources = [named(&|column| column.target == Target::OpenedAt), named(&|column| &*column.to == "created_at")];
    let read = |row: &Json, name: &str| {
        row[name]["value"].as_str().filter(|text| moment::parse(text).is_some()).map(str::to_owned)
    };
    for row in page.get_mut("result").and_then(Json::as_array_mut).into_iter().flatten() {
        if read(row, columns.updated_at()).is_none() && row[columns.id()]["value"].is_string() {
            let stand_in = sources.iter().flatten().find_map(|name| read(row, name));
            let stand_in = stand_in.unwrap_or_else(|| query::literal(Timestamp::UNIX_EPOCH));
            row[columns.updated_at()] = json!({ "value": stand_in, "display_value": stand_in });
        }
    }
    serde_json::to_vec(&page).unwrap_or_else(|_| body.to_vec())
}

/// Counts by which rows that are gone are told from hidden ones.
struct Known<'s> {
    session: &'s Session,
    columns: &'s Columns,
    /// Rows that this user sees: a count that leaves them out counts something else.
    witnesses: Vec<String>,
}

impl<'s> Known<'s> {
    async fn new(session: &'s Session, columns: &'s Columns) -> Result<Self, Fault> {
        let text = format!("ORDERBY{}", columns.id());
        let path = query::list(columns.source(), &text, columns.id(), 2, false);
        let body = session.fetch(&path, columns.source(), SMALL_LIMIT_BYTES).await?.body;
        let (marks, _) = read_marks(columns.source(), &body)?;
        let witnesses = marks.into_iter().map(|mark| mark.source_id).collect();
        Ok(Self { session, columns, witnesses })
    }

    /// What became of rows that were not shown, halving the list where only some of them are hidden.
    async fn what_became_of(&self, missing: Vec<&str>) -> Result<Vec<(String, Found)>, Fault> {
        let mut out = Vec::with_capacity(missing.len());
        let mut open = vec![missing];
        while let Some(ids) = open.pop() {
            let what = match self.exist(&ids).await? {
                Some(0) => Found::Gone,
                Some(n) if n == ids.len() => Found::Hidden,
                Some(n) if n < ids.len() => {
                    let (one, other) = ids.split_at(ids.len() / 2);
                    open.extend([one.to_vec(), other.to_vec()]);
                    continue;
                }
                _ => Found::Unknown,
            };
            out.extend(ids.into_iter().map(|id| (id.to_owned(), what.clone())));
        }
        Ok(out)
    }

    /// How many of these rows exist; `None` where the product's counts do not tell.
    ///
    /// Two rows that are seen are counted with them and only one row is asked for: a count that is no page's length
    /// is two at the least. Without two such rows the aggregate interface must agree.
    async fn exist(&self, ids: &[&str]) -> Result<Option<usize>, Fault> {
        let all: Vec<&str> = ids.iter().copied().chain(self.witnesses.iter().map(String::as_str)).collect();
        let path = query::list(self.columns.source(), &in_list(self.columns, &all)?, self.columns.id(), 1, true);
        let reply = self.session.fetch(&path, self.columns.source(), SMALL_LIMIT_BYTES).await?;
        let counted = reply.number("x-total-count").and_then(|total| usize::try_from(total).ok());
        let Some(exist) = counted.and_then(|total| total.checked_sub(self.witnesses.len())) else {
            return Ok(None);
        };
        if exist > ids.len() {
            return Ok(None);
        }
        if self.witnesses.len() >= 2 || exist == ids.len() {
            return Ok(Some(exist));
        }
        let counted = pages::count_of(self.session, self.columns.source(), &in_list(self.columns, &all)?).await;
        Ok(counted.ok().filter(|counted| *counted == all.len() as u64 - (ids.len() - exist) as u64).map(|_| exist))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(id: &str) -> Mark {
        Mark { source_id: id.to_owned(), changed: None, changes: None }
    }

    #[test]
    fn a_place_is_read_back_from_its_cursor() {
        let place = Place {
            after: "ab".into(),
            offset: 3,
            trusted: true,
            seen: 9,
            first_total: Some(12),
            left_behind: Some(4),
            refuted: true,
        };
        assert_eq!(Place::read(Some(&place.cursor())), Some(place));
        assert_eq!(Place::read(Some(&SweepCursor("x".into()))), None);
    }

    #[test]
    fn sweep_ends_only_by_trusted_count() {
        let step = |place: &mut Place, marks: &[Mark], total| place.step("incident", marks, 0, total, 100).unwrap();
        let mut place = Place::default();
        assert!(!step(&mut place, &[mark("a"), mark("b")], Some(2)), "it may be the page's own length");
        assert!(step(&mut place, &[], Some(0)));
        let mut place = Place::default();
        assert!(!step(&mut place, &[mark("a"), mark("b")], Some(3)));
        assert!(step(&mut place, &[mark("c")], Some(1)));
        let mut place = Place::default();
        assert!(!step(&mut place, &[], Some(150)), "a page of hidden rows");
        assert_eq!(place.offset, 100);
        assert!(step(&mut place, &[], Some(150)));
    }

    #[test]
    fn d15_a_count_that_does_not_shrink_behind_rows_is_not_believed() {
        let mut place = Place::default();
        assert!(!place.step("incident", &[mark("a"), mark("b")], 0, Some(1_000), 100).unwrap());
        assert!(place.step("incident", &[], 0, Some(1_000), 100).unwrap());
        assert!(place.refuted && !place.trusted);
        // A page of hidden rows leaves the count as it is, and contradicts nothing.
        let mut place = Place::default();
        assert!(!place.step("incident", &[mark("a")], 0, Some(300), 100).unwrap());
        assert!(!place.step("incident", &[], 0, Some(299), 100).unwrap());
        assert!(!place.step("incident", &[], 0, Some(299), 100).unwrap());
        assert!(!place.refuted && place.trusted);
    }

    #[test]
    fn pages_that_bring_nothing_end_with_a_fault() {
        let mut place = Place::default();
        assert!(!place.step("incident", &[], 1, None, 100).unwrap());
        assert!(place.step("incident", &[], 1, None, 100).is_err());
    }
}
