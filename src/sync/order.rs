//! Checks that a page is the one requested. A product that silently ignores a condition or the order (ServiceNow does so
//! if the user lacks query rights) would otherwise make the checkpoint skip rows.

use jiff::Timestamp;

use crate::model::fault::Fault;
use crate::model::sync::{Page, PageRequest};
use crate::model::work_item::WorkItem;

/// Checks order, window and kind of a page's rows.
///
/// # Errors
/// [`Fault::OutOfOrder`].
pub fn check(request: &PageRequest, page: &Page) -> Result<(), Fault> {
    let mut last = request.after.as_ref().map(|after| (after.updated_at, after.source_id.as_str()));
    for item in &page.items {
        let place = (item.updated_at, item.source_id.as_str());
        if !inside(request, item) || last.is_some_and(|last| !follows(place, last)) {
            return Err(Fault::OutOfOrder { what: request.kind.id().to_owned() });
        }
        last = Some(place);
    }
    Ok(())
}

/// A place in the order: changed at, then id.
type Place<'a> = (Timestamp, &'a str);

fn inside(request: &PageRequest, item: &WorkItem) -> bool {
    let window = request.window;
    item.kind == request.kind
        && item.updated_at >= window.from
        && window.before.is_none_or(|before| item.updated_at < before)
}

fn follows(place: Place<'_>, last: Place<'_>) -> bool {
    place.0 > last.0 || (place.0 == last.0 && id_follows(place.1, last.1))
}

/// The products' databases compare ids without regard to case. How they sort characters other than letters and digits is
/// not known; for those it is enough that the ids differ.
fn id_follows(id: &str, last: &str) -> bool {
    let plain = |id: &str| id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if plain(id) && plain(last) { lower(id).gt(lower(last)) } else { !id.eq_ignore_ascii_case(last) }
}

fn lower(id: &str) -> impl Iterator<Item = u8> {
    id.bytes().map(|byte| byte.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::later("2026-11-20T00:00:01Z", "a", "2026-11-20T00:00:00Z", "b", true)]
    #[case::earlier("2026-11-20T00:00:00Z", "b", "2026-11-20T00:00:01Z", "a", false)]
    #[case::higher_id("2026-11-20T00:00:00Z", "0b", "2026-11-20T00:00:00Z", "0A", true)]
    #[case::lower_id("2026-11-20T00:00:00Z", "0A", "2026-11-20T00:00:00Z", "0b", false)]
    #[case::the_same_id("2026-11-20T00:00:00Z", "0a", "2026-11-20T00:00:00Z", "0A", false)]
    #[case::ids_of_unknown_order("2026-11-20T00:00:00Z", "a_b", "2026-11-20T00:00:00Z", "abc", true)]
    fn a_row_follows_by_change_time_then_id(
        #[case] time: &str,
        #[case] id: &str,
        #[case] last_time: &str,
        #[case] last_id: &str,
        #[case] expected: bool,
    ) {
        let place = |time: &str| time.parse().unwrap();
        assert_eq!(follows((place(time), id), (place(last_time), last_id)), expected);
    }
}
