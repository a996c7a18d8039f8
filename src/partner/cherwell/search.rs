//! One page of a search, requested again if counted rows are missing.

use std::collections::HashSet;

use jiff::Timestamp;

use super::bind::INCIDENT_TYPE;
use super::item::{self, Read};
use super::order::Place;
use super::rows::{self, Filter, Record, Search, Sorting};
use super::{BoundObject, Cherwell};
use crate::model::fault::Fault;
use crate::model::partner::ValueType;
use crate::model::work_item::{WorkItem, WorkItemKind};
use crate::net::http::{PAGE_LIMIT_BYTES, Reply};
use crate::partner::mapping::tell_apart;

/// How often a page is requested again because rows are missing from it.
const REREADS: u32 = 3;
/// How often the first page number is searched for while rows move.
const PROBES: u32 = 3;
/// The dates of this many records prove the format.
const PROOF_ROWS: u64 = 200;

/// What is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// The change time, then the id.
    Changed,
    /// The id alone.
    Id,
}

/// What is searched for.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a> {
    /// The text of a date: only records that were changed after it.
    pub after: Option<&'a str>,
    /// Only these ids; of any kind then.
    pub ids: &'a [String],
    /// Only id and change time are wanted.
    pub marks: bool,
    /// The order.
    pub sort: Sort,
    /// The `sortDirection`.
    pub direction: u8,
    /// The page.
    pub place: Place,
}

/// A page as it came.
#[derive(Debug)]
pub struct Sheet<T> {
    /// The id of each record, and its decoded form.
    pub records: Vec<(String, T)>,
    /// How many match.
    pub total: u64,
    /// Whether more follow, if the system says so.
    pub more: Option<bool>,
    /// Bytes of all replies.
    pub bytes: u64,
    /// The system's own time when it answered.
    pub date: Option<Timestamp>,
    /// Records that came twice in the page.
    pub repeated: u64,
}

impl<T> Sheet<T> {
    /// How many records came.
    pub fn count(&self) -> u64 {
        self.records.len() as u64
    }

    /// Whether fewer came than were requested and counted.
    pub fn is_short(&self, place: Place) -> bool {
        self.count() < place.size.min((self.total + 1).saturating_sub(place.first))
    }

    fn has_same(&self, other: &Self) -> bool {
        let ids = |sheet: &Self| sheet.records.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>();
        self.total == other.total && ids(self) == ids(other)
    }
}

/// Fetches a page once.
///
/// # Errors
/// Why it did not come, and [`Fault::Malformed`] if the system does not say how many records match.
async fn once<T>(
    partner: &Cherwell,
    object: &BoundObject,
    query: &Query<'_>,
    each: &impl Fn(&Record<'_, '_>) -> T,
) -> Result<Sheet<T>, Fault> {
    let reply = send(partner, object, query).await?;
    let mut numbers = Vec::new();
    let found = rows::read(&object.bound, &reply.body, |record| {
        numbers.push(record.public_id().into_owned());
        (record.rec_id().into_owned(), each(record))
    })?;
    let mut records = found.records;
    let ids = records.iter().map(|(id, _)| id.as_str());
    tell_apart(&object.bound.name, ids.zip(numbers.iter().map(String::as_str)))?;
    // A record that comes twice in a page counts once.
    let came = records.len();
    let first: Vec<bool> = {
        let mut seen = HashSet::with_capacity(came);
        records.iter().map(|(id, _)| id.is_empty() || seen.insert(id.as_str())).collect()
    };
    if first.contains(&false) {
        let mut first = first.into_iter();
        records.retain(|_| first.next().unwrap_or(true));
    }
    let reached = query.place.first.saturating_sub(1) + records.len() as u64;
    let total = found.total.or_else(|| found.more.map(|more| reached + u64::from(more)));
    let total = total.ok_or_else(|| no_total(object))?;
    let repeated = (came - records.len()) as u64;
    let (bytes, date) = (reply.came, reply.date());
    Ok(Sheet { records, total, more: found.more, bytes, date, repeated })
}

/// Fetches a page; where rows are missing from it, again, until the same comes twice: a row that is missing once is no
/// hidden row.
///
/// # Errors
/// Why it did not come, and [`Fault::Malformed`] if the system does not say how many records match.
pub async fn fetch<T>(
    partner: &Cherwell,
    object: &BoundObject,
    query: &Query<'_>,
    each: impl Fn(&Record<'_, '_>) -> T,
) -> Result<Sheet<T>, Fault> {
    let mut best = once(partner, object, query, &each).await?;
    for _ in 0..REREADS {
        if !best.is_short(query.place) || object.setup.quirks.cap() == Some(best.count()) {
            break;
        }
        let again = once(partner, object, query, &each).await?;
        let (same, bytes) = (again.has_same(&best), best.bytes + again.bytes);
        if again.count() >= best.count() || !again.is_short(query.place) {
            best = again;
        }
        best.bytes = bytes;
        if same {
            break;
        }
    }
    Ok(best)
}

/// How many records match.
///
/// # Errors
/// As [`fetch`].
pub async fn total(partner: &Cherwell, object: &BoundObject, after: &str) -> Result<u64, Fault> {
    let place = Place { number: 1, size: 1, first: 1 };
    let query = Query { after: Some(after), ids: &[], marks: true, sort: Sort::Changed, direction: 1, place };
    let reply = send(partner, object, &query).await?;
    rows::read(&object.bound, &reply.body, |_| ())?.total.ok_or_else(|| no_total(object))
}

/// Whether the system counts pages or rows from 0, against what its documents say; once it is known, `false`: what was
/// read with the other number must be read again once only.
///
/// # Errors
/// As [`fetch`].
pub async fn begins_at_zero(partner: &Cherwell, object: &BoundObject, query: &Query<'_>) -> Result<bool, Fault> {
    let quirks = &object.setup.quirks;
    if quirks.knows_first() {
        return Ok(false);
    }
    let first = async |number: u64| {
        let place = Place { number, size: 2, first: 1 };
        let sheet = once(partner, object, &Query { place, marks: true, ..*query }, &|_: &Record<'_, '_>| ()).await?;
        Ok(sheet.records.into_iter().next().map(|(id, ())| id))
    };
    for _ in 0..PROBES {
        let zero = match first(0).await {
            Ok(zero) => zero,
            // There is no such page.
            Err(Fault::PartnerRefused { .. } | Fault::PartnerError { .. } | Fault::NotFound { .. }) => None,
            Err(fault) => return Err(fault),
        };
        if zero.is_none() || zero == first(1).await? {
            quirks.saw_first(false);
            return Ok(false);
        }
        // If the first row had only been deleted meanwhile, page 0 would lack it too.
        if zero == first(0).await? {
            quirks.saw_first(true);
            return Ok(true);
        }
    }
    Ok(false)
}

/// The newest records, for the live test, and how many there are.
///
/// # Errors
/// Why no reply came, and [`Fault::FieldHidden`] if no record shows its change time.
pub async fn newest(partner: &Cherwell, kind: WorkItemKind) -> Result<(Vec<WorkItem>, u64), Fault> {
    let object = partner.object(kind).await?;
    match read_newest(partner, &object).await {
        Err(Fault::DatesUnclear { .. }) if prove(partner, &object).await? => read_newest(partner, &object).await,
        read => read,
    }
}

async fn read_newest(partner: &Cherwell, object: &BoundObject) -> Result<(Vec<WorkItem>, u64), Fault> {
    let quirks = &object.setup.quirks;
    for _ in 0..3 {
        let query = newest_first(object, 10);
        let sheet = fetch(partner, object, &query, |record| read_item(object, record)).await?;
        if sheet.total > sheet.count() && begins_at_zero(partner, object, &query).await? {
            continue;
        }
        let (came, total) = (sheet.count(), sheet.total);
        let mut placed = Vec::new();
        for (_, read) in sheet.records {
            if let Read::Item(item) = read? {
                placed.push(*item);
            }
        }
        if placed.is_empty() && came > 0 {
            return Err(field_hidden(object));
        }
        let spans = || placed.iter().map(|row| row.span);
        let wrong = spans().is_sorted() && spans().min() < spans().max();
        if !wrong || !quirks.is_not_ascending(1 - query.direction) {
            placed.sort_by_key(|row| std::cmp::Reverse(row.item.updated_at));
            return Ok((placed.into_iter().map(|row| row.item).collect(), total));
        }
    }
    Err(order_ignored(object))
}

fn newest_first(object: &BoundObject, size: u64) -> Query<'static> {
    let direction = object.setup.quirks.direction(false);
    Query { after: None, ids: &[], marks: false, sort: Sort::Changed, direction, place: Place::start(size) }
}

/// Whether any of the newest records shows its change time.
///
/// # Errors
/// As [`newest`].
pub async fn shows_change_times(partner: &Cherwell, object: &BoundObject) -> Result<bool, Fault> {
    match read_newest(partner, object).await {
        Ok(_) => Ok(true),
        Err(Fault::FieldHidden { .. }) => Ok(false),
        Err(fault) => Err(fault),
    }
}

/// The texts of the dates of many records.
///
/// # Errors
/// As [`fetch`].
pub async fn date_texts(partner: &Cherwell, object: &BoundObject) -> Result<Vec<String>, Fault> {
    let columns = object.columns.all().iter().enumerate().filter(|(_, column)| column.holds == ValueType::Moment);
    let fields: Vec<usize> = columns.filter_map(|(place, _)| object.bound.field_of(place)).collect();
    let texts = |record: &Record<'_, '_>| {
        let texts = fields.iter().filter_map(|field| record.value(*field)).filter(|text| !text.trim().is_empty());
        texts.map(|text| text.into_owned()).collect::<Vec<_>>()
    };
    let sheet = once(partner, object, &newest_first(object, PROOF_ROWS), &texts).await?;
    Ok(sheet.records.into_iter().flat_map(|(_, texts)| texts).collect())
}

/// Proves the date format by the system's own dates. Returns whether they prove it.
///
/// # Errors
/// As [`fetch`].
pub async fn prove(partner: &Cherwell, object: &BoundObject) -> Result<bool, Fault> {
    let culture = &object.setup.dates.culture;
    if culture.is_proven() {
        return Ok(false);
    }
    let texts = date_texts(partner, object).await?;
    culture.prove(texts.iter().map(String::as_str));
    Ok(culture.is_proven())
}

async fn send(partner: &Cherwell, object: &BoundObject, query: &Query<'_>) -> Result<Reply, Fault> {
    let bound = &object.bound;
    let id = |field: usize| bound.fields[field].full.as_str();
    let is = |field: usize, value| Filter { field_id: id(field), operator: "eq", value };
    let changed = query.after.map(|value| Filter { field_id: id(bound.changed), operator: "gt", value });
    let incidents = bound.incident_type.filter(|_| query.ids.is_empty()).map(|field| is(field, INCIDENT_TYPE));
    let ids = bound.rec_id.into_iter().flat_map(|field| query.ids.iter().map(move |value| is(field, value)));
    let keys = match query.sort {
        Sort::Changed => [Some(bound.changed), bound.rec_id],
        Sort::Id => [bound.rec_id, None],
    };
    let marks = [bound.rec_id, Some(bound.changed), bound.incident_type].into_iter().flatten();
    let from_zero = u64::from(object.setup.quirks.counts_from_zero());
    let search = Search {
        bus_ob_id: &bound.id,
        filters: changed.into_iter().chain(incidents).chain(ids).collect(),
        fields: if query.marks { marks.map(id).collect() } else { (0..bound.fields.len()).map(id).collect() },
        include_all_fields: false,
        include_schema: false,
        page_number: query.place.number.saturating_sub(from_zero),
        page_size: query.place.size,
        sorting: keys
            .into_iter()
            .flatten()
            .map(|field| Sorting { field_id: id(field), sort_direction: query.direction })
            .collect(),
    };
    let body = serde_json::to_string(&search).map_err(|error| Fault::Internal { what: error.to_string() })?;
    let culture = &object.setup.dates.culture.name;
    partner.post("V1/getsearchresults", body, culture, &bound.name, PAGE_LIMIT_BYTES).await
}

/// Makes a work item of a record.
///
/// # Errors
/// As [`item::read`].
pub fn read_item(object: &BoundObject, record: &Record<'_, '_>) -> Result<Read, Fault> {
    item::read(&object.columns, &object.bound, &object.setup.dates, record)
}

/// The field of the change time with its object.
fn changed_field(object: &BoundObject) -> String {
    format!("{}.{}", object.bound.name, object.bound.fields[object.bound.changed].name)
}

/// The fault that no record shows its change time.
pub fn field_hidden(object: &BoundObject) -> Fault {
    Fault::FieldHidden { what: changed_field(object) }
}

/// The fault that records came in another order than requested.
pub fn order_ignored(object: &BoundObject) -> Fault {
    Fault::OrderIgnored { what: changed_field(object) }
}

/// The fault that records came which the filter excludes.
pub fn filter_ignored(object: &BoundObject) -> Fault {
    Fault::FilterIgnored { what: changed_field(object) }
}

fn no_total(object: &BoundObject) -> Fault {
    Fault::Malformed { what: object.bound.name.clone(), detail: "no totalRows in the reply".to_owned() }
}
