//! Checks that the rows of a page match the request. ServiceNow silently ignores filters and orders that it rejects; then
//! nothing on the page can be trusted.

use std::cmp::Ordering;

use crate::model::fault::Fault;
use crate::model::sync::PageRequest;
use crate::model::work_item::{Cursor, WorkItem};
use crate::partner::servicenow::query::Seconds;

/// Verifies that every row is inside the window and after the row before it.
///
/// # Errors
/// [`Fault::OutOfOrder`].
pub fn verify(what: &str, request: &PageRequest, items: &[WorkItem]) -> Result<(), Fault> {
    let window = Seconds::of(request.window);
    let inside =
        |item: &WorkItem| item.updated_at >= window.from && window.before.is_none_or(|before| item.updated_at < before);
    let first_follows = || match (&request.after, items.first()) {
        (Some(after), Some(first)) => follows(place(after), place_of(first)),
        _ => true,
    };
    let in_order = items.is_sorted_by(|one, next| follows(place_of(one), place_of(next)));
    if in_order && first_follows() && items.iter().all(inside) {
        Ok(())
    } else {
        Err(Fault::OutOfOrder { what: what.to_owned() })
    }
}

type Place<'a> = (jiff::Timestamp, &'a str);

fn place(cursor: &Cursor) -> Place<'_> {
    (cursor.updated_at, &cursor.source_id)
}

fn place_of(item: &WorkItem) -> Place<'_> {
    (item.updated_at, &item.source_id)
}

/// Whether `next` comes strictly after `one`. Ids are compared as the database does, without regard to case;
/// how it orders ids that are not hexadecimal depends on its collation, so those need only differ.
fn follows(one: Place<'_>, next: Place<'_>) -> bool {
    match one.0.cmp(&next.0) {
        Ordering::Less => true,
        Ordering::Greater => false,
        Ordering::Equal if is_hex(one.1) && is_hex(next.1) => lower(one.1).lt(lower(next.1)),
        Ordering::Equal => !one.1.eq_ignore_ascii_case(next.1),
    }
}

fn is_hex(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn lower(id: &str) -> impl Iterator<Item = u8> {
    id.bytes().map(|byte| byte.to_ascii_lowercase())
}
