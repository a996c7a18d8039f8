//! The stored work items one by one, under the column names of `ServiceDesk_CL`.

use rusqlite::types::ValueRef;

use super::problem::Problem;
use super::window::{Browser, Query, Way, feeds_of};
use super::{schema, sorted};
use crate::model::connection::ConnectionName;
use crate::model::items::{ItemFilter, Sort};

/// Rows taken at a time.
const PORTION: usize = 500;

/// One exported row: a text for each of [`super::column_names`], `None` where there is nothing.
pub type ExportRow = Vec<Option<String>>;

/// Hands every matching row to `each`, in the order of the filter, until `limit` rows or until it returns `false`.
/// Returns how many it was given.
pub fn export(
    browser: &mut Browser,
    connection: Option<&ConnectionName>,
    filter: &ItemFilter,
    limit: Option<u64>,
    each: &mut dyn FnMut(&ExportRow) -> bool,
) -> Result<u64, Problem> {
    let Browser { db, search, .. } = browser;
    let _tx = db.unchecked_transaction()?;
    let feeds = feeds_of(db, connection, filter)?;
    let query = Query::new(db, search, &feeds, filter)?;
    if filter.sort == Sort::default() { walk(&query, limit, each) } else { in_order(&query, limit, each) }
}

fn in_order(query: &Query<'_>, limit: Option<u64>, each: &mut dyn FnMut(&ExportRow) -> bool) -> Result<u64, Problem> {
    let mut select = query.db.prepare(&format!("{} AND w.id = ?1", schema::view_query()))?;
    let most = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
    let mut given = 0;
    for (_, id) in sorted::sort(query)?.into_iter().take(most) {
        given += 1;
        if !each(&select.query_row([id], read)?) {
            break;
        }
    }
    Ok(given)
}

fn walk(query: &Query<'_>, limit: Option<u64>, each: &mut dyn FnMut(&ExportRow) -> bool) -> Result<u64, Problem> {
    let mut select = query.db.prepare(&format!("{} AND w.id = ?1", schema::view_query()))?;
    let limit = limit.unwrap_or(u64::MAX);
    let (mut given, mut from) = (0, None);
    loop {
        let places = query.walk(Way::Older, from, PORTION)?;
        from = places.last().copied();
        for (_, id) in &places {
            if given == limit {
                return Ok(given);
            }
            given += 1;
            if !each(&select.query_row([id], read)?) {
                return Ok(given);
            }
        }
        if places.len() < PORTION {
            return Ok(given);
        }
    }
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<ExportRow> {
    (0..schema::column_names().count())
        .map(|index| {
            Ok(match row.get_ref(index)? {
                ValueRef::Null => None,
                value => Some(value.as_str()?.to_owned()).filter(|text| !text.is_empty()),
            })
        })
        .collect()
}
