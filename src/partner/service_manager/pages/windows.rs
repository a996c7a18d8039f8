//! For lists that are not ordered by time but can be filtered by a span of time: pieces that fit into one page each.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::walk::{Goal, walk};
use super::{Piece, earlier, later, start, wanted};
use crate::model::fault::Fault;
use crate::model::sync::PageRequest;
use crate::model::work_item::{WorkItem, WorkItemKind};
use crate::partner::service_manager::ask::Ask;
use crate::partner::service_manager::fetch::Source;
use crate::partner::service_manager::rows::Rows;
use crate::partner::service_manager::sign_in::Flow;
use crate::partner::session::Session;

/// How wide a first piece is, in milliseconds: six hours.
const FIRST: i64 = 6 * 3_600_000;
/// The smallest piece; if it has too many rows, they are read in several pages.
const SMALLEST: i64 = 1_000;
/// More rows than this in the smallest piece are not held at once.
const MOST_IN_SMALLEST: u64 = 50_000;
/// After the last piece, rows with a future time are read too: wrong clocks make such.
const NOW_MARGIN: SignedDuration = SignedDuration::from_secs(5);

/// How wide a piece of each kind was that fitted well.
#[derive(Default)]
pub struct Widths(Mutex<BTreeMap<WorkItemKind, i64>>);

impl Widths {
    fn get(&self, kind: WorkItemKind) -> i64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&kind).copied().unwrap_or(FIRST)
    }

    fn set(&self, kind: WorkItemKind, width: i64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(kind, width.max(SMALLEST));
    }
}

pub(super) async fn piece(
    source: &Source,
    session: &Session<Flow>,
    widths: &Widths,
    request: &PageRequest,
) -> Result<Piece, Fault> {
    let size = source.largest();
    let (mut from, mut bytes, mut hidden) = (start(request), 0, 0);
    let mut width = widths.get(request.kind);
    loop {
        let end = end_of(request, from, width);
        let ask = Ask { size, skip: 0, since: Some(earlier(from)), until: end.map(later) };
        let rows = match source.fetch(session, &ask).await {
            // Fewer rows change in a shorter time.
            Err(Fault::TooLarge { .. }) if width > SMALLEST => {
                width = (width.min(span(request, from)) / 4).max(SMALLEST);
                widths.set(request.kind, width);
                continue;
            }
            rows => rows?,
        };
        bytes += rows.bytes;
        let fits = source.is_last(session, &ask, &rows).await?;
        if !fits && width > SMALLEST {
            width = narrower(width.min(span(request, from)), &rows, size);
            continue;
        }
        let came = rows.came();
        hidden += rows.hidden;
        let mut items = if fits { rows.items } else { crowded(source, session, ask).await? };
        items.retain(|item| end.is_none_or(|end| item.updated_at < end));
        let last = end.is_none() || end == request.window.before;
        widths.set(request.kind, fitting(width, came, size));
        if last || items.iter().any(|item| wanted(request, item)) {
            return Ok(Piece { items, hidden, bytes, last, outside: None });
        }
        from = end.unwrap_or(from);
        width = width.saturating_mul(2);
    }
}

/// Where a piece ends: `None` for the open end of an open window.
fn end_of(request: &PageRequest, from: Timestamp, width: i64) -> Option<Timestamp> {
    let end = from.checked_add(SignedDuration::from_millis(width)).unwrap_or(Timestamp::MAX);
    match request.window.before {
        Some(before) => Some(end.min(before)),
        None => Some(end).filter(|end| *end < now()),
    }
}

fn now() -> Timestamp {
    Timestamp::now().checked_add(NOW_MARGIN).unwrap_or(Timestamp::MAX)
}

/// The span that is left, in milliseconds: no piece need be wider.
fn span(request: &PageRequest, from: Timestamp) -> i64 {
    let till = request.window.before.unwrap_or_else(now);
    till.as_millisecond().saturating_sub(from.as_millisecond()).max(SMALLEST)
}

/// The next try, where too many rows matched: by their number where it was told, else half.
fn narrower(width: i64, rows: &Rows, size: u64) -> i64 {
    let half = width / 2;
    let told = rows.total.filter(|total| *total > 0).map(|total| {
        let part = i128::from(width) * i128::from(size) * 7 / 10 / i128::from(total);
        i64::try_from(part).unwrap_or(half)
    });
    told.unwrap_or(half).min(half).max(SMALLEST)
}

/// The width with which to begin the next time: about seven tenths of a page.
fn fitting(width: i64, came: u64, size: u64) -> i64 {
    match came {
        0 => width.saturating_mul(2),
        came if came * 4 < size => width.saturating_mul(2),
        came if came * 10 > size * 9 => width / 10 * 8,
        _ => width,
    }
}

/// More rows than a page holds changed within the smallest piece: they are read in several.
async fn crowded(source: &Source, session: &Session<Flow>, ask: Ask) -> Result<Vec<WorkItem>, Fault> {
    let walked = walk(source, session, ask, &Goal::all(MOST_IN_SMALLEST)).await?;
    if walked.last {
        return Ok(walked.items);
    }
    let detail = format!("more than {MOST_IN_SMALLEST} rows changed within a second");
    Err(Fault::NotBound { what: source.what(), detail })
}
