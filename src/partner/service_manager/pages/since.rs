//! Where rows that changed since a moment can be asked for, and neither an end nor an order: they are read through, and the
//! earliest of them are kept and sorted. When those are served, the rest is asked for from the last of them on.
//!
//! So memory is bounded however many rows match, and each increment reads only the changes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::walk::{Goal, Keep, walk};
use super::{Piece, earlier, start, wanted};
use crate::model::fault::Fault;
use crate::model::sync::{PageRequest, Window};
use crate::model::work_item::{Cursor, WorkItem, WorkItemKind};
use crate::partner::service_manager::ask::Ask;
use crate::partner::service_manager::fetch::Source;
use crate::partner::service_manager::sign_in::Flow;
use crate::partner::session::Session;

/// At most this many rows are in memory at once.
const HELD: usize = 20_000;

/// Rows that were read serve the pages of one run only.
const SERVE_FOR: Duration = Duration::from_secs(120);

/// Rows that were read, by kind.
#[derive(Default)]
pub struct Stretches(Mutex<BTreeMap<WorkItemKind, Stretch>>);

/// The earliest rows of a window behind a cursor.
#[derive(Clone)]
struct Stretch {
    taken: Instant,
    window: Window,
    after: Option<Cursor>,
    items: Arc<Vec<WorkItem>>,
    /// Whether there are more behind them.
    cut: bool,
}

impl Stretches {
    fn get(&self, request: &PageRequest) -> Option<Stretch> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found =
            held.get(&request.kind).filter(|held| held.window == request.window && held.after <= request.after)?;
        // The first page of a walk begins with a reading of its own.
        (request.after.is_some() && found.taken.elapsed() < SERVE_FOR).then(|| found.clone())
    }

    fn put(&self, kind: WorkItemKind, stretch: Stretch) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(kind, stretch);
    }

    fn drop(&self, kind: WorkItemKind) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&kind);
    }
}

pub(super) async fn piece(
    source: &Source,
    session: &Session<Flow>,
    stretches: &Stretches,
    request: &PageRequest,
) -> Result<Piece, Fault> {
    if let Some(piece) = stretches.get(request).and_then(|stretch| serve(&stretch, request)) {
        if piece.last {
            stretches.drop(request.kind);
        }
        return Ok(piece);
    }
    let (stretch, hidden, bytes) = read(source, session, request).await?;
    let piece = serve(&stretch, request).unwrap_or(Piece { last: true, ..Piece::default() });
    if piece.last {
        stretches.drop(request.kind);
    } else {
        stretches.put(request.kind, stretch);
    }
    Ok(Piece { hidden, bytes, ..piece })
}

/// The next rows out of what is held; `None` where they are used up and there are more behind them.
fn serve(stretch: &Stretch, request: &PageRequest) -> Option<Piece> {
    let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
    let rest = stretch.items.iter().filter(|item| wanted(request, item));
    let mut items: Vec<_> = rest.take(limit.saturating_add(1)).cloned().collect();
    if items.is_empty() && stretch.cut {
        return None;
    }
    let last = items.len() <= limit && !stretch.cut;
    items.truncate(limit);
    Some(Piece { items, last, ..Piece::default() })
}

/// Reads what changed since the place of the request, and keeps the earliest rows behind it.
async fn read(source: &Source, session: &Session<Flow>, request: &PageRequest) -> Result<(Stretch, u64, u64), Fault> {
    let taken = Instant::now();
    let ask = Ask { since: Some(earlier(start(request))), ..Ask::all(source.largest()) };
    let is_wanted = |item: &WorkItem| wanted(request, item);
    let goal = Goal { keep: Some(Keep { wanted: &is_wanted, most: HELD }), ..Goal::all(u64::MAX) };
    let walked = walk(source, session, ask, &goal).await?;
    if !walked.last {
        return Err(Fault::NotBound { what: source.what(), detail: "its list does not end".to_owned() });
    }
    let (window, after) = (request.window, request.after.clone());
    let stretch = Stretch { taken, window, after, items: Arc::new(walked.items), cut: walked.cut };
    Ok((stretch, walked.hidden, walked.bytes))
}
