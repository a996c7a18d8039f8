//! Where rows come by last change: each page begins at the cursor.
//!
//! Rows of one moment come in no known order, and a page may end among them: so the last moment of a page is left to
//! the next one, unless the list has ended.

use jiff::Timestamp;

use super::walk::{Goal, walk};
use super::{Piece, earlier, start, wanted};
use crate::model::fault::Fault;
use crate::model::sync::PageRequest;
use crate::model::work_item::WorkItem;
use crate::partner::service_manager::ask::Ask;
use crate::partner::service_manager::fetch::Source;
use crate::partner::service_manager::names::Role;
use crate::partner::service_manager::sign_in::Flow;
use crate::partner::session::Session;

/// More rows than this that changed in one moment are not held at once.
const MOST_IN_ONE_MOMENT: u64 = 50_000;

pub(super) async fn piece(source: &Source, session: &Session<Flow>, request: &PageRequest) -> Result<Piece, Fault> {
    let until = request.window.before.filter(|_| source.bound.has(Role::Until)).map(super::later);
    let size = source.page_size(u64::from(request.limit));
    let ask = Ask { size, skip: 0, since: Some(earlier(start(request))), until };
    let past = |item: &WorkItem| request.window.before.is_some_and(|before| item.updated_at >= before);
    let enough = |items: &[WorkItem]| items.last().is_some_and(past) || whole_moment(request, items).is_some();
    let goal = Goal { enough: &enough, ..Goal::all(MOST_IN_ONE_MOMENT) };
    let walked = walk(source, session, ask, &goal).await?;
    let mut items = walked.items;
    let last = walked.last || items.last().is_some_and(past);
    if !last {
        let Some(end) = whole_moment(request, &items) else {
            let detail = format!("more than {MOST_IN_ONE_MOMENT} rows changed in one moment");
            return Err(Fault::NotBound { what: source.what(), detail });
        };
        items.retain(|item| item.updated_at < end);
    }
    Ok(Piece { items, hidden: walked.hidden, bytes: walked.bytes, last, outside: None })
}

/// The last moment among these rows, if there are wanted ones before it.
fn whole_moment(request: &PageRequest, items: &[WorkItem]) -> Option<Timestamp> {
    let end = items.last()?.updated_at;
    items.iter().any(|item| item.updated_at < end && wanted(request, item)).then_some(end)
}
