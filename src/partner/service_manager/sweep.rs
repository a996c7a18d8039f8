//! Everything in scope, by the same pages as a sync: the web app's lists have no way to leave properties out. Single rows
//! are read by the route that gives one work item where the description has such a route, else out of the list.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::ask::Ask;
use super::bind;
use super::describe::Shape;
use super::fetch::Source;
use super::names::{self, Role, normal};
use super::pages::{Goal, Keep, walk};
use super::proof::Filter;
use super::rows::{self, Rows};
use super::{ServiceManager, errors};
use crate::model::fault::Fault;
use crate::model::sweep::{Found, Mark, SweepCursor, SweepPage, SweepRequest};
use crate::model::sync::PageRequest;
use crate::model::work_item::{Cursor, WorkItem, WorkItemKind};
use crate::net::encode::encode;
use crate::net::http::{Call, Method, PAGE_LIMIT_BYTES};
use crate::partner::{BoxFuture, Sweep};

/// Rows of one page of a sweep.
const PAGE: u32 = 1_000;

/// This many ids are read at once.
const FETCHED: usize = 200;

/// Rows are searched for this long before their change, in case the time filter excludes its own moment.
const MARGIN: SignedDuration = SignedDuration::from_secs(1);

/// When each row that a sweep listed was changed: single rows are looked for by that.
#[derive(Default)]
pub struct Listed(Mutex<BTreeMap<(WorkItemKind, String), Timestamp>>);

impl Listed {
    fn take(&self, kind: WorkItemKind, marks: &[Mark]) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.extend(marks.iter().filter_map(|mark| Some(((kind, mark.source_id.clone()), mark.changed?))));
    }

    fn forget(&self, kind: WorkItemKind) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|(of, _), _| *of != kind);
    }

    fn get(&self, kind: WorkItemKind, id: &str) -> Option<Timestamp> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&(kind, id.to_owned())).copied()
    }
}

impl Sweep for ServiceManager {
    fn marks<'a>(&'a self, request: &'a SweepRequest) -> BoxFuture<'a, Result<SweepPage, Fault>> {
        Box::pin(marks(self, request))
    }

    fn fetch<'a>(
        &'a self,
        kind: WorkItemKind,
        ids: &'a [String],
    ) -> BoxFuture<'a, Result<Vec<(String, Found)>, Fault>> {
        Box::pin(async move {
            let found = fetch(self, kind, ids).await;
            self.explained(found).await
        })
    }

    fn fetch_limit(&self) -> usize {
        FETCHED
    }
}

async fn marks(partner: &ServiceManager, request: &SweepRequest) -> Result<SweepPage, Fault> {
    let SweepRequest { kind, window, after } = request;
    let after = after.as_ref().map(read_cursor).transpose()?;
    if after.is_none() {
        partner.listed.forget(*kind);
    }
    let page = PageRequest { kind: *kind, window: *window, after, offset: 0, limit: PAGE, count: true, lean: false };
    let page = partner.page_of(&page).await?;
    let mark =
        |item: &WorkItem| Mark { source_id: item.source_id.clone(), changed: Some(item.updated_at), changes: None };
    // A row that changed while the list was read may have come twice: the later one counts.
    let each: BTreeMap<_, _> = page.items.iter().map(|item| (&item.source_id, mark(item))).collect();
    let marks: Vec<_> = each.into_values().collect();
    partner.listed.take(*kind, &marks);
    // A total is told by the last page only.
    let next = match (page.total, page.items.last()) {
        (None, Some(last)) => Some(write_cursor(&last.cursor())),
        _ => None,
    };
    let (hidden, bytes, rate) = (page.hidden, page.bytes, page.rate);
    Ok(SweepPage { marks, hidden, total: None, bytes, rate, next })
}

fn write_cursor(at: &Cursor) -> SweepCursor {
    SweepCursor(format!("{} {}", at.updated_at, at.source_id))
}

fn read_cursor(cursor: &SweepCursor) -> Result<Cursor, Fault> {
    let strange = || Fault::Internal { what: format!("a sweep cannot go on from '{}'", cursor.0) };
    let (at, id) = cursor.0.split_once(' ').ok_or_else(strange)?;
    Ok(Cursor { updated_at: at.parse().map_err(|_| strange())?, source_id: id.to_owned() })
}

async fn fetch(partner: &ServiceManager, kind: WorkItemKind, ids: &[String]) -> Result<Vec<(String, Found)>, Fault> {
    let (source, filter) = partner.source(kind).await?;
    let mut found = match one_route(partner, source).await? {
        Some(route) => {
            let mut found = Vec::new();
            for id in ids {
                found.push((id.clone(), by_route(partner, source, &route, id).await?));
            }
            found
        }
        None => out_of_list(partner, kind, source, filter, ids).await?,
    };
    if found.iter().any(|(_, one)| *one == Found::Gone) {
        // A web app that shows nothing at all does not tell what is gone.
        source.sample(&partner.session).await?;
        let gone = found.iter_mut().filter(|(_, one)| *one == Found::Gone && source.is_silent());
        gone.for_each(|(_, one)| *one = Found::Unknown);
    }
    Ok(found)
}

/// The route that gives one work item by the id that we keep, such as `/api/Incidents/{id}`: the one beside the list whose
/// answer has the same properties. It must give a row of the list back before it is believed that it does not know one.
async fn one_route(partner: &ServiceManager, source: &Source) -> Result<Option<String>, Fault> {
    let cell = partner.routes_cell(source.bound.columns.kind);
    let found = cell.get_or_try_init(|| async {
        let sample = source.sample(&partner.session).await?;
        let Some(row) = sample.items.first() else { return Ok(None) };
        let operations = partner.operations().await.map(Vec::as_slice).unwrap_or_default();
        for route in operations.iter().filter_map(|one| bind::one_by_id(one, &source.bound)) {
            if let Ok(Found::Item(item)) = by_route(partner, source, &route, &row.source_id).await
                && item.source_id.eq_ignore_ascii_case(&row.source_id)
            {
                return Ok(Some(route));
            }
        }
        Ok::<_, Fault>(None)
    });
    found.await.cloned()
}

async fn by_route(partner: &ServiceManager, source: &Source, route: &str, id: &str) -> Result<Found, Fault> {
    let path = route.replace("{}", &encode(id));
    let what = format!("GET {}", route.replace("{}", "{id}"));
    let reply =
        partner.session.send(Call::new(Method::GET, source.versioned(path)).of_rows(), PAGE_LIMIT_BYTES).await?;
    if matches!(reply.status, 204 | 404 | 410) || (reply.status == 200 && reply.body.trim_ascii() == b"null") {
        return Ok(Found::Gone);
    }
    let reply = match errors::check(reply, &what) {
        Ok(reply) => reply,
        Err(fault) if errors::is_not_there(&fault) => return Ok(Found::Gone),
        Err(fault) if errors::is_no_permission(&fault) => return Ok(Found::Hidden),
        Err(fault) => return Err(fault),
    };
    if !is_still(source.bound.columns.kind, &reply.body) {
        return Ok(Found::Gone);
    }
    let rows = rows_of(source, &reply.body)?;
    let item = rows.items.into_iter().find(|item| item.source_id.eq_ignore_ascii_case(id));
    // What has another id, or is of another kind by now, is not there as this kind.
    Ok(item.map_or(Found::Gone, |item| Found::Item(Box::new(item))))
}

/// The work items of a reply that holds one, or a list of them.
///
/// # Errors
/// [`Fault::Malformed`].
pub fn rows_of(source: &Source, body: &[u8]) -> Result<Rows, Fault> {
    match body.trim_ascii().first() {
        Some(b'{') => rows::rows(&source.columns, &Shape::default(), &[b"[", body, b"]"].concat().into()),
        _ => rows::rows(&source.columns, &Shape::default(), &body.into()),
    }
}

/// Names of the property that holds the class of a work item, in normal form.
const CLASS: [&str; 6] = ["classname", "class", "workitemclass", "workitemtype", "workitemkind", "itemtype"];

/// Whether a work item is of a kind still, as far as it tells: an incident may have been made a service request.
fn is_still(kind: WorkItemKind, body: &[u8]) -> bool {
    let whole: Value = serde_json::from_slice(body).unwrap_or_default();
    let row = whole.as_array().and_then(|rows| rows.first()).unwrap_or(&whole);
    let told = row.as_object().into_iter().flatten().find(|(name, _)| CLASS.contains(&normal(name).as_str()));
    let class = told.and_then(|(_, class)| class.as_str()).map(normal).filter(|class| !class.is_empty());
    class.is_none_or(|class| names::speaks_of(&class, kind))
}

/// Rows that the sweep listed are looked for by their changes; the others are looked for in the whole list, where that can be
/// read: what it does not hold is gone.
async fn out_of_list(
    partner: &ServiceManager,
    kind: WorkItemKind,
    source: &Source,
    filter: Filter,
    ids: &[String],
) -> Result<Vec<(String, Found)>, Fault> {
    let usable = matches!(filter, Filter::Proven | Filter::Named);
    let changed: Vec<_> = ids.iter().map(|id| partner.listed.get(kind, id)).collect();
    let known: Vec<_> = changed.iter().flatten().copied().collect();
    let all_known = known.len() == ids.len();
    let mut ask = Ask::all(source.largest());
    if let (true, true, Some(first), Some(last)) = (usable, all_known, known.iter().min(), known.iter().max()) {
        ask.since = first.checked_sub(MARGIN).ok();
        ask.until = last.checked_add(MARGIN).ok().filter(|_| source.bound.has(Role::Until));
    }
    let is_wanted = |item: &WorkItem| ids.iter().any(|id| id.eq_ignore_ascii_case(&item.source_id));
    let keep = Keep { wanted: &is_wanted, most: usize::MAX };
    let walked = walk(source, &partner.session, ask, &Goal { keep: Some(keep), ..Goal::all(u64::MAX) }).await?;
    let whole = walked.last && !ask.filters() && walked.hidden == 0;
    let found = |id: &String| walked.items.iter().rev().find(|item| item.source_id.eq_ignore_ascii_case(id)).cloned();
    let told = |id: &String| match found(id) {
        Some(item) => Found::Item(Box::new(item)),
        None if whole => Found::Gone,
        None => Found::Unknown,
    };
    Ok(ids.iter().map(|id| (id.clone(), told(id))).collect())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(r#"{"ClassName":"System.WorkItem.Incident","Id":"IR1"}"#, true)]
    #[case(r#"{"Id":"IR1"}"#, true)]
    #[case(r#"[{"className":"System.WorkItem.ServiceRequest","Id":"SR1"}]"#, false)]
    #[case(r#"{"WorkItemType":"ChangeRequest"}"#, false)]
    #[case("", true)]
    fn a_work_item_that_is_of_another_class_is_no_incident(#[case] body: &str, #[case] expected: bool) {
        assert_eq!(is_still(WorkItemKind::Incident, body.as_bytes()), expected);
    }
}
