//! A sweep: ids, change times and change counters of everything in the scope, and single rows by their ids.
//!
//! Dataverse silently leaves out rows that the user may not read, so a row missing from a list is gone or hidden. Read by its
//! id, a row that is gone is 404, and a row that the user may not read is 403 with 0x80040220.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value as Json;

use super::bind::Bound;
use super::{Provance, errors, pages, query, rows};
use crate::model::fault::Fault;
use crate::model::sweep::{Found, Mark, SweepCursor, SweepPage, SweepRequest};
use crate::model::work_item::{WorkItem, WorkItemKind};
use crate::net::http::{PAGE_LIMIT_BYTES, SMALL_LIMIT_BYTES};
use crate::partner::{BoxFuture, Sweep};

/// This many ids fit into an address that every proxy accepts.
const IDS: usize = 50;

/// More pages than the rows of one answer fill.
const MOST_PAGES: usize = 200;

impl Sweep for Provance {
    fn marks<'a>(&'a self, request: &'a SweepRequest) -> BoxFuture<'a, Result<SweepPage, Fault>> {
        Box::pin(async move { marks(self, &self.bound(request.kind).await?, request).await })
    }

    fn fetch<'a>(
        &'a self,
        kind: WorkItemKind,
        ids: &'a [String],
    ) -> BoxFuture<'a, Result<Vec<(String, Found)>, Fault>> {
        Box::pin(async move { fetch(self, &self.bound(kind).await?, ids).await })
    }

    fn fetch_limit(&self) -> usize {
        IDS
    }
}

#[derive(Deserialize)]
struct Page {
    value: Vec<serde_json::Map<String, Json>>,
    #[serde(default, rename = "@odata.nextLink")]
    next: Option<String>,
    #[serde(default)]
    error: Option<Json>,
}

async fn marks(partner: &Provance, bound: &Bound, request: &SweepRequest) -> Result<SweepPage, Fault> {
    let what = bound.columns.source();
    let path = match &request.after {
        Some(SweepCursor(path)) => path.clone(),
        None => query::marks(bound, request.window),
    };
    let prefer = Some(format!("odata.maxpagesize={}", query::LARGEST_PAGE));
    let reply = partner.fetch(&path, what, prefer, PAGE_LIMIT_BYTES).await?;
    let malformed = |_| Fault::Malformed { what: what.to_owned(), detail: "no rows".to_owned() };
    let page: Page = serde_json::from_slice(&reply.body).map_err(malformed)?;
    if page.error.is_some_and(|error| !error.is_null()) {
        return Err(Fault::Truncated { what: what.to_owned() });
    }
    let next = page.next.filter(|link| !link.is_empty()).map(|link| pages::local(partner, &link)).transpose()?;
    if next.as_ref() == Some(&path) {
        return Err(pages::circle(what));
    }
    let rows = page.value.len() as u64;
    let mut marks: Vec<Mark> = page.value.iter().filter_map(|row| mark(bound, row)).collect();
    let hidden = rows - marks.len() as u64;
    let mut seen = BTreeSet::new();
    marks.retain(|mark| seen.insert(mark.source_id.clone()));
    let bytes = reply.came;
    Ok(SweepPage { marks, hidden, total: None, bytes, rate: None, next: next.map(SweepCursor) })
}

fn mark(bound: &Bound, row: &serde_json::Map<String, Json>) -> Option<Mark> {
    let source_id = row.get(bound.columns.id())?.as_str().filter(|id| !id.is_empty())?.to_owned();
    let changed = row.get(bound.columns.updated_at()).and_then(Json::as_str).and_then(|text| text.parse().ok());
    let number = |value: &Json| value.as_i64().or_else(|| value.as_str()?.replace([',', '.'], "").parse().ok());
    let changes = bound.version.and_then(|column| row.get(column)).and_then(number);
    Some(Mark { source_id, changed, changes })
}

/// Reads rows by their ids: many at once, then one by one those that did not come.
async fn fetch(partner: &Provance, bound: &Bound, ids: &[String]) -> Result<Vec<(String, Found)>, Fault> {
    // Every id of a table is a GUID: another one is of no row, or came from a column that is not the id.
    let (guids, others): (Vec<&String>, Vec<&String>) = ids.iter().partition(|id| is_guid(id));
    let mut found: Vec<(String, Found)> = others.into_iter().map(|id| (id.clone(), Found::Gone)).collect();
    for some in guids.chunks(IDS) {
        let items = listed(partner, bound, some).await?;
        for id in some {
            let item = items.iter().find(|item| item.source_id.eq_ignore_ascii_case(id));
            let became = match item {
                Some(item) => Found::Item(Box::new(item.clone())),
                None => alone(partner, bound, id).await?,
            };
            found.push(((*id).clone(), became));
        }
    }
    Ok(found)
}

async fn listed(partner: &Provance, bound: &Bound, ids: &[&String]) -> Result<Vec<WorkItem>, Fault> {
    let (what, mut items) = (bound.columns.source(), Vec::new());
    let (mut path, mut passed) = (query::by_ids(bound, ids), BTreeSet::new());
    for _ in 0..MOST_PAGES {
        let prefer = Some(query::prefer(query::LARGEST_PAGE));
        let reply = partner.fetch(&path, what, prefer, PAGE_LIMIT_BYTES).await?;
        let decoded = rows::of(bound, &reply.body)?;
        items.extend(decoded.items);
        let Some(next) = decoded.next.filter(|link| !link.is_empty()) else { return Ok(items) };
        passed.insert(std::mem::replace(&mut path, pages::local(partner, &next)?));
        if passed.contains(&path) {
            break;
        }
    }
    Err(pages::circle(what))
}

/// The state of a row that is in no list.
async fn alone(partner: &Provance, bound: &Bound, id: &str) -> Result<Found, Fault> {
    match partner.fetch(&query::one(bound, id), bound.columns.source(), None, SMALL_LIMIT_BYTES).await {
        // It exists, but cannot be listed or has no change time.
        Ok(_) => Ok(Found::Unknown),
        Err(Fault::PartnerError { status: 404, .. }) => Ok(Found::Gone),
        Err(Fault::EnvironmentRefused { error_code, .. }) if errors::is_privilege(&error_code) => Ok(Found::Hidden),
        Err(fault) => Err(fault),
    }
}

/// Whether a text is a GUID as Dataverse writes one.
fn is_guid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12] && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
