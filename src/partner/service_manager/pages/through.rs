//! Where no span of time can be asked for: the whole list is read through, and what lies in the window is kept, up to a
//! limit.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::walk::{Goal, walk};
use super::{Piece, in_order, wanted};
use crate::model::fault::Fault;
use crate::model::sync::PageRequest;
use crate::model::work_item::{WorkItem, WorkItemKind};
use crate::partner::service_manager::ask::Ask;
use crate::partner::service_manager::fetch::{Source, begin_alike, is_no_page};
use crate::partner::service_manager::proof::Way;
use crate::partner::service_manager::sign_in::Flow;
use crate::partner::session::Session;

/// At most this many rows are read, since all are in memory at once.
pub const LIMIT: u64 = 20_000;

/// A list that was read serves the pages of one run only.
const SERVES_FOR: Duration = Duration::from_secs(120);

/// Lists that were read, by kind. A list never shows what changed after it was read; such rows bear later times, and
/// come with the next sync.
#[derive(Default)]
pub struct Snapshots(Mutex<BTreeMap<WorkItemKind, Snapshot>>);

#[derive(Clone)]
struct Snapshot {
    taken: Instant,
    from: Timestamp,
    items: Arc<Vec<WorkItem>>,
}

impl Snapshots {
    fn get(&self, request: &PageRequest) -> Option<Snapshot> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = held.get(&request.kind).filter(|held| held.from <= request.window.from)?;
        // The first page of a walk begins with a list of its own.
        (request.after.is_some() && found.taken.elapsed() < SERVES_FOR).then(|| found.clone())
    }

    fn put(&self, kind: WorkItemKind, snapshot: Snapshot) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(kind, snapshot);
    }

    fn drop(&self, kind: WorkItemKind) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&kind);
    }
}

/// Whether a whole list can be read, for the test: as far as that can be seen without reading it. A list that takes no
/// page is read, from `from` on where there is a filter of time.
///
/// # Errors
/// [`Fault::NotBound`] with the reason, and why no rows came.
pub async fn readable(source: &Source, session: &Session<Flow>, way: Way, from: Timestamp) -> Result<(), Fault> {
    let all = Ask::all(source.largest());
    match way {
        Way::Ordered | Way::Windows => Ok(()),
        Way::Since if source.can_go_on() => Ok(()),
        Way::Since => walk(source, session, Ask { since: Some(from), ..all }, &Goal::all(u64::MAX)).await.map(drop),
        Way::Through if !source.can_go_on() => {
            let walked = walk(source, session, all, &Goal::all(LIMIT)).await?;
            if walked.last { Ok(()) } else { Err(too_long(source)) }
        }
        Way::Through => {
            let first = source.fetch(session, &all).await?;
            let beyond = Ask { skip: LIMIT / all.size * all.size, ..all };
            match source.fetch(session, &beyond).await {
                Ok(rows) if rows.came() > 0 && !begin_alike(&first, &rows) => Err(too_long(source)),
                Ok(_) => Ok(()),
                Err(fault) if is_no_page(&fault) => Ok(()),
                Err(fault) => Err(fault),
            }
        }
    }
}

fn too_long(source: &Source) -> Fault {
    let detail = format!("it has no filter of time that we could use, and no more than {LIMIT} rows are read through");
    Fault::NotBound { what: source.what(), detail }
}

pub(super) async fn piece(
    source: &Source,
    session: &Session<Flow>,
    snapshots: &Snapshots,
    request: &PageRequest,
) -> Result<Piece, Fault> {
    let (snapshot, read) = match snapshots.get(request) {
        Some(snapshot) => (snapshot, Piece::default()),
        None => {
            let (snapshot, read) = read(source, session, request.window.from).await?;
            snapshots.put(request.kind, snapshot.clone());
            (snapshot, read)
        }
    };
    let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
    let mut items: Vec<_> =
        snapshot.items.iter().filter(|item| wanted(request, item)).take(limit + 1).cloned().collect();
    let last = items.len() <= limit;
    items.truncate(limit);
    if last {
        snapshots.drop(request.kind);
    }
    Ok(Piece { items, last, ..read })
}

/// Reads the whole list, and keeps what changed at or after `from`, sorted. The piece tells what else came.
async fn read(source: &Source, session: &Session<Flow>, from: Timestamp) -> Result<(Snapshot, Piece), Fault> {
    let taken = Instant::now();
    let ask = Ask::all(source.largest());
    let walked = walk(source, session, ask, &Goal::all(LIMIT)).await?;
    if !walked.last {
        return Err(too_long(source));
    }
    let mut items = walked.items;
    let newest = items.iter().map(|item| item.updated_at).max();
    let outside = newest.filter(|newest| *newest < from).map(|newest| (items.len() as u64, newest));
    items.retain(|item| item.updated_at >= from);
    items.sort_by(in_order);
    let told = Piece { hidden: walked.hidden, bytes: walked.bytes, outside, ..Piece::default() };
    Ok((Snapshot { taken, from, items: Arc::new(items) }, told))
}
