//! Whether a page is what was asked for. A product that silently drops a condition or the order (ServiceNow does,
//! where the user lacks the query rights) would otherwise make the checkpoint jump over rows.

use crate::model::fault::Fault;
use crate::model::sync::{Page, PageRequest};
use crate::model::work_item::WorkItem;

/// Checks order, window and kind of a page's rows.
///
/// # Errors
/// [`Fault::OutOfOrder`].
pub fn check(request: &PageRequest, page: &Page) -> Result<(), Fault> {
    let mut last = request.after.as_ref().map(|cursor| (cursor.updated_at, fold(&cursor.source_id)));
    for item in &page.items {
        let place = (item.updated_at, fold(&item.source_id));
        if !inside(request, item) || last.is_some_and(|last| place <= last) {
            return Err(Fault::OutOfOrder { what: request.kind.id().to_owned() });
        }
        last = Some(place);
    }
    Ok(())
}

fn inside(request: &PageRequest, item: &WorkItem) -> bool {
    let window = request.window;
    item.kind == request.kind
        && item.updated_at >= window.from
        && window.before.is_none_or(|before| item.updated_at < before)
}

/// Databases of the products compare ids without regard to case.
fn fold(id: &str) -> String {
    id.to_ascii_lowercase()
}
