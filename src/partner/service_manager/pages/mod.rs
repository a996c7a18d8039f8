//! Pages in the order of (changed, id), whatever order and filter the web app has.
//!
//! Its rows are taken for ordered by last change only where its description says so. Otherwise a span of time is cut
//! into pieces that fit into one page each, and every piece is sorted here. Where a span has no end that could be asked
//! for, all that changed since the cursor is read, and the earliest rows are kept. Without a filter of time the whole list
//! is read through, up to a limit. Nothing is passed over: what may have been cut off is asked for again.

mod count;
mod ordered;
mod since;
mod through;
mod walk;
mod windows;

pub use count::count;
pub use since::Stretches;
pub use through::{LIMIT, Snapshots, readable};
pub use walk::{Goal, Keep, walk};
pub use windows::Widths;

use std::cmp::Ordering;

use jiff::{SignedDuration, Timestamp};

use super::fetch::Source;
use super::proof::Way;
use super::sign_in::Flow;
use crate::model::fault::Fault;
use crate::model::sync::{Page, PageNotes, PageRequest, Window};
use crate::model::work_item::{Cursor, WorkItem};
use crate::partner::session::Session;

/// Whether the ends of a span belong to it is not known: it is asked for with so much more at either side.
const MARGIN: SignedDuration = SignedDuration::from_secs(1);

/// What paging keeps between two calls. None of it decides what comes, only how fast.
#[derive(Default)]
pub struct Memory {
    widths: Widths,
    snapshots: Snapshots,
    stretches: Stretches,
}

/// The rows of one call, and whether they are all that is left.
#[derive(Default)]
struct Piece {
    items: Vec<WorkItem>,
    hidden: u64,
    bytes: u64,
    last: bool,
    /// As [`PageNotes::outside`].
    outside: Option<(u64, Timestamp)>,
}

/// One page.
///
/// # Errors
/// Why no rows came, or from being known to be all.
pub async fn page(
    source: &Source,
    session: &Session<Flow>,
    way: Way,
    memory: &Memory,
    request: &PageRequest,
) -> Result<Page, Fault> {
    loop {
        let fault = match piece(source, session, way, memory, request).await {
            Ok(piece) => return source.has_spoken().map(|()| finish(piece, request)),
            Err(fault) => fault,
        };
        let smaller = match fault {
            Fault::ParameterRefused { .. } => source.shrink(session).await?,
            Fault::TooLarge { .. } => source.quarter(),
            _ => false,
        };
        if !smaller {
            return Err(fault);
        }
    }
}

async fn piece(
    source: &Source,
    session: &Session<Flow>,
    way: Way,
    memory: &Memory,
    request: &PageRequest,
) -> Result<Piece, Fault> {
    match way {
        Way::Ordered => ordered::piece(source, session, request).await,
        Way::Windows => windows::piece(source, session, &memory.widths, request).await,
        Way::Since => since::piece(source, session, &memory.stretches, request).await,
        Way::Through => through::piece(source, session, &memory.snapshots, request).await,
    }
}

fn finish(piece: Piece, request: &PageRequest) -> Page {
    let Piece { mut items, hidden, bytes, mut last, outside } = piece;
    items.retain(|item| wanted(request, item));
    items.sort_by(in_order);
    items.dedup_by(|one, other| one.source_id == other.source_id && one.updated_at == other.updated_at);
    let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
    if items.len() > limit {
        items.truncate(limit);
        last = false;
    }
    let total = (last && request.count).then_some(items.len() as u64 + hidden);
    Page { items, hidden, total, bytes, rate: None, notes: PageNotes { outside, ..PageNotes::default() } }
}

/// Whether a row belongs to the page: inside its window, after its cursor.
fn wanted(request: &PageRequest, item: &WorkItem) -> bool {
    let follows = |after: &Cursor| {
        let place = (after.updated_at, after.source_id.as_str());
        compare((item.updated_at, &item.source_id), place) == Ordering::Greater
    };
    request.after.as_ref().is_none_or(follows) && inside(request.window, item.updated_at)
}

/// The order of rows: by last change, then by id without regard to case.
fn in_order(one: &WorkItem, other: &WorkItem) -> Ordering {
    compare((one.updated_at, &one.source_id), (other.updated_at, &other.source_id))
}

fn compare(one: (Timestamp, &str), other: (Timestamp, &str)) -> Ordering {
    let lower = |id: &'_ str| id.bytes().map(|byte| byte.to_ascii_lowercase()).collect::<Vec<_>>();
    one.0.cmp(&other.0).then_with(|| lower(one.1).cmp(&lower(other.1))).then_with(|| one.1.cmp(other.1))
}

fn inside(window: Window, at: Timestamp) -> bool {
    at >= window.from && window.before.is_none_or(|before| at < before)
}

/// Where a page begins.
fn start(request: &PageRequest) -> Timestamp {
    request.after.as_ref().map_or(request.window.from, |after| after.updated_at.max(request.window.from))
}

fn earlier(at: Timestamp) -> Timestamp {
    at.checked_sub(MARGIN).unwrap_or(Timestamp::MIN)
}

fn later(at: Timestamp) -> Timestamp {
    at.checked_add(MARGIN).unwrap_or(Timestamp::MAX)
}
