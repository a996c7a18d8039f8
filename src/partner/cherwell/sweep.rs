//! A sweep: the ids and change times of everything in scope, and single records by id.
//!
//! The API pages by number only, so deleting a record moves all later pages. Therefore records are read in the order of their
//! ids, each page begins at or before the last id read, and only records after that id are taken: a deletion moves pages, but
//! no record is missed.

use std::collections::{BTreeMap, BTreeSet};

use super::dates::DateText;
use super::errors::{self, Envelope};
use super::item::Read;
use super::order::Place;
use super::path::encode;
use super::rows::{self, Record};
use super::search::{self, Query, Sheet, Sort};
use super::{BoundObject, Cherwell};
use crate::model::fault::Fault;
use crate::model::sweep::{Found, Mark, SweepCursor, SweepPage, SweepRequest};
use crate::model::sync::Window;
use crate::model::work_item::WorkItemKind;
use crate::net::http::{Call, Method, PAGE_LIMIT_BYTES, Reply};

/// Ids in one call of [`fetch`]: filters of a search that are joined by 'or'.
pub const FETCH_LIMIT: usize = 50;

/// Records in a page; other clients use pages of 5,000 too.
const PAGE_ROWS: u64 = 5_000;
/// How often a page is searched for, further back each time, because records before it were deleted.
const ATTEMPTS: u32 = 12;

/// Where a sweep is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Reached {
    /// Records read so far, by the number of the last one.
    end: u64,
    /// Of them those that were given.
    given: u64,
    /// The records among them without id and change time.
    hidden: u64,
    /// The id of the last one.
    last_id: String,
}

impl Reached {
    fn read(cursor: Option<&SweepCursor>) -> Result<Self, Fault> {
        let Some(SweepCursor(text)) = cursor else { return Ok(Self::default()) };
        let broken = || Fault::Internal { what: format!("no place of a sweep: {text}") };
        let mut parts = text.splitn(4, ' ');
        let mut number = || parts.next().and_then(|part| part.parse().ok()).ok_or_else(broken);
        let (end, given, hidden) = (number()?, number()?, number()?);
        Ok(Self { end, given, hidden, last_id: parts.next().ok_or_else(broken)?.to_owned() })
    }

    fn cursor(&self) -> SweepCursor {
        SweepCursor(format!("{} {} {} {}", self.end, self.given, self.hidden, self.last_id))
    }
}

/// What one record is to a sweep.
enum Swept {
    /// In the window.
    Mark(Mark),
    /// Outside of it, or a service request.
    Passed,
    /// Its change time may not be seen.
    Hidden,
}

/// One page of marks.
///
/// # Errors
/// [`Fault::OrderIgnored`] where records do not come in the order of their ids, [`Fault::Truncated`] where rows moved
/// too fast to be followed, and why no reply came.
pub async fn marks(partner: &Cherwell, request: &SweepRequest) -> Result<SweepPage, Fault> {
    let object = partner.object(request.kind).await?;
    let from = object.setup.dates.filter_from(request.window.from);
    let reached = Reached::read(request.after.as_ref())?;
    let mut bytes = 0;
    for _ in 0..2 {
        let quirks = &object.setup.quirks;
        let direction = quirks.direction(true);
        let mut query = Query {
            after: Some(&from),
            ids: &[],
            marks: true,
            sort: Sort::Id,
            direction,
            place: Place::start(PAGE_ROWS),
        };
        let Some(sheet) = following(partner, &object, &mut query, &reached, request.window).await? else {
            return Err(Fault::Truncated { what: object.bound.name.clone() });
        };
        bytes += sheet.bytes;
        if reached.end == 0 && sheet.total > sheet.count() && search::begins_at_zero(partner, &object, &query).await? {
            continue;
        }
        if sheet.records.is_sorted_by(|(one, _), (two, _)| lower(one) < lower(two)) {
            if sheet.count() > 1 {
                quirks.saw_order(direction, true);
            }
            return Ok(take(&object, sheet, query.place, &reached, bytes));
        }
        if !quirks.is_not_ascending(direction) {
            break;
        }
    }
    Err(Fault::OrderIgnored { what: format!("{}.RecID", object.bound.name) })
}

/// The next page: it begins at or before the last id read. `None` if none was found.
async fn following(
    partner: &Cherwell,
    object: &BoundObject,
    query: &mut Query<'_>,
    reached: &Reached,
    window: Window,
) -> Result<Option<Sheet<Swept>>, Fault> {
    let quirks = &object.setup.quirks;
    let known = lower(&reached.last_id);
    let mut back = 0;
    for attempt in 0..ATTEMPTS {
        let most = PAGE_ROWS.min(quirks.cap().unwrap_or(u64::MAX));
        let (end, by_row) = (reached.end.saturating_sub(back), quirks.by_row());
        let after = (end > 0).then(|| Place::after(end, most, by_row)).flatten();
        query.place = after.unwrap_or(Place::start(most));
        let sheet = search::fetch(partner, object, query, |record| swept(object, record, window)).await?;
        // Before the first page nothing was read; or everything read was deleted.
        if query.place.first == 1 || sheet.total == 0 {
            return Ok(Some(sheet));
        }
        match joins(&sheet, query.place, reached.end, &known) {
            Some(exactly) => {
                if exactly {
                    quirks.pages_followed(by_row);
                }
                return Ok(Some(sheet));
            }
            // The number may mean something else; otherwise search further back.
            None if !quirks.knows_pages() => {
                quirks.pages_broke(by_row);
                back = if attempt % 2 == 0 { back } else { further(back) };
            }
            None => back = further(back),
        }
    }
    Ok(None)
}

fn further(back: u64) -> u64 {
    (back * 4).max(1)
}

/// Whether a page joins on to the last id that was read, and if so, whether that is exactly where it was: it may have
/// come forward, since records before it were deleted, and never have gone back.
fn joins(sheet: &Sheet<Swept>, place: Place, end: u64, known: &str) -> Option<bool> {
    let expected = end.saturating_sub(place.first);
    let passed = sheet.records.iter().take_while(|(id, _)| lower(id).as_str() <= known).count() as u64;
    let brings = passed < sheet.count() || place.first + sheet.count() > sheet.total;
    if passed == 0 || passed - 1 > expected || !brings {
        return None;
    }
    let place = usize::try_from(expected).ok()?;
    Some(sheet.records.get(place).is_some_and(|(id, _)| lower(id) == *known))
}

fn lower(id: &str) -> String {
    id.to_ascii_lowercase()
}

fn swept(object: &BoundObject, record: &Record<'_, '_>, window: Window) -> Swept {
    let kind = object.bound.incident_type.and_then(|field| record.value(field));
    if kind.is_some_and(|kind| !kind.trim().is_empty() && !kind.trim().eq_ignore_ascii_case(super::bind::INCIDENT_TYPE))
    {
        return Swept::Passed;
    }
    let id = record.rec_id();
    if id.is_empty() {
        return Swept::Hidden;
    }
    let changed = match object.setup.dates.read(&record.value(object.bound.changed).unwrap_or_default()) {
        DateText::At(moment) => Some(moment.at),
        DateText::Nothing | DateText::Unclear => None,
    };
    let inside = changed.is_none_or(|at| at >= window.from && window.before.is_none_or(|before| at < before));
    let mark = Mark { source_id: id.into_owned(), changed, changes: None };
    if inside { Swept::Mark(mark) } else { Swept::Passed }
}

fn take(object: &BoundObject, sheet: Sheet<Swept>, place: Place, reached: &Reached, bytes: u64) -> SweepPage {
    let quirks = &object.setup.quirks;
    let (total, count, more) = (sheet.total, sheet.count(), sheet.more);
    let known = lower(&reached.last_id);
    let mut now = Reached { end: (place.first + count).saturating_sub(1), ..reached.clone() };
    let mut marks = Vec::new();
    let (mut hidden, mut fresh) = (0, false);
    for (id, swept) in sheet.records {
        if reached.end > 0 && lower(&id) <= known {
            continue;
        }
        fresh = true;
        now.last_id.clone_from(&id);
        match swept {
            Swept::Mark(mark) => marks.push(mark),
            Swept::Passed => {}
            Swept::Hidden => hidden += 1,
        }
    }
    let ended = !fresh || now.end >= total && !more.unwrap_or(count >= place.size && quirks.total_is_doubtful());
    if total > now.end {
        quirks.trust_total();
    }
    if ended {
        // Rows that are counted but in no page.
        hidden += total.saturating_sub(now.end);
    } else if reached.end > 0 && reached.end < PAGE_ROWS && quirks.cap().is_none() {
        // The first page had fewer rows than requested, and more follow.
        quirks.saw_cap(reached.end);
    }
    now.given += marks.len() as u64;
    now.hidden += hidden;
    SweepPage {
        marks,
        hidden,
        total: ended.then_some(now.given + now.hidden),
        bytes,
        rate: None,
        next: (!ended).then(|| now.cursor()),
    }
}

/// Reads records by their ids.
///
/// # Errors
/// Why no reply came.
pub async fn fetch(partner: &Cherwell, kind: WorkItemKind, ids: &[String]) -> Result<Vec<(String, Found)>, Fault> {
    let object = partner.object(kind).await?;
    let mut found = BTreeMap::new();
    if object.bound.rec_id.is_some() && !ids.is_empty() {
        let size = ids.len() as u64 + 1;
        let direction = object.setup.quirks.direction(true);
        let place = Place::start(size);
        let query = Query { after: None, ids, marks: false, sort: Sort::Id, direction, place };
        match search::fetch(partner, &object, &query, |record| search::read_item(&object, record)).await {
            Ok(sheet) => found.extend(sheet.records.into_iter().map(|(id, read)| (lower(&id), read))),
            // If the system does not support such a filter, each record is read alone.
            Err(Fault::PartnerRefused { .. } | Fault::PartnerError { .. }) => {}
            Err(fault) => return Err(fault),
        }
    }
    let mut asked = BTreeSet::new();
    let mut all = Vec::new();
    for id in ids.iter().filter(|id| asked.insert(lower(id))) {
        let one = match found.remove(&lower(id)) {
            Some(read) => outcome(read?),
            None => single(partner, &object, id).await?,
        };
        all.push((id.clone(), one));
    }
    Ok(all)
}

/// The current state of a record. One that became a service request is no longer an incident.
fn outcome(read: Read) -> Found {
    match read {
        Read::Item(placed) => Found::Item(Box::new(placed.item)),
        Read::Other => Found::Gone,
        Read::Hidden => Found::Hidden,
    }
}

/// Reads one record: only then does the system say why it cannot be read.
async fn single(partner: &Cherwell, object: &BoundObject, id: &str) -> Result<Found, Fault> {
    let culture = encode(&object.setup.dates.culture.name);
    let call = format!("V1/getbusinessobject/busobid/{}/busobrecid/{}", encode(&object.bound.id), encode(id));
    let path = format!("{}?locale={culture}", partner.api.call(&call));
    let reply = partner.session.send(Call::new(Method::GET, &path).of_rows(), PAGE_LIMIT_BYTES).await?;
    if let Some(told) = told(&reply) {
        return Ok(told);
    }
    match reply.status {
        200 if reply.is_json() => {
            let is_it = |record: &Record<'_, '_>| record.rec_id().eq_ignore_ascii_case(id);
            let read = |record: &Record<'_, '_>| is_it(record).then(|| search::read_item(object, record));
            match rows::read_one(&object.bound, &reply.body, read) {
                Ok(Some(read)) => Ok(outcome(read?)),
                // Another record, or none, proves nothing.
                Ok(None) | Err(_) => Ok(Found::Unknown),
            }
        }
        // This version knows no such call.
        404 | 405 => Ok(Found::Unknown),
        _ => match errors::fault_of(&reply, &object.bound.name, jiff::Timestamp::now()) {
            Fault::Forbidden { .. } => Ok(Found::Hidden),
            Fault::PartnerRefused { .. } => Ok(Found::Unknown),
            fault => Err(fault),
        },
    }
}

/// The meaning of an error code for a record, whatever the status.
fn told(reply: &Reply) -> Option<Found> {
    let code = reply.is_json().then(|| Envelope::read(&reply.body).code()).flatten()?;
    match code.to_ascii_uppercase().as_str() {
        "RECORDNOTFOUND" => Some(Found::Gone),
        "INSUFFICIENTRIGHTS" => Some(Found::Hidden),
        _ => None,
    }
}
