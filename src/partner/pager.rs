//! How a slice is read page by page.

use crate::model::fault::Fault;
use crate::model::sync::{Page, PageRequest, SlicePosition, Window};
use crate::model::work_item::WorkItemKind;

/// After this many pages in a row without a row, a slice is given up.
pub const BARREN_PAGES: u64 = 100;

/// Reads one slice: which page comes next, when the slice ends, and how many of its rows are hidden from this user. A product
/// whose pages and totals need interpretation has its own.
pub trait Pager: Send + Sync {
    /// The next page to ask for.
    fn request(&self, kind: WorkItemKind, limit: u32) -> PageRequest;

    /// Takes in the page that answered `request`.
    ///
    /// # Errors
    /// [`Fault::NoProgress`] after too many pages without a row.
    fn take(&mut self, request: &PageRequest, page: &Page) -> Result<(), Fault>;

    /// Where it is, to be stored with the last page.
    fn position(&self) -> &SlicePosition;

    /// How many rows are still to come, if known.
    fn remaining(&self) -> Option<u64>;
}

/// Reads pages by their last row. A slice ends with the page whose rows make up the product's total; without a total it ends
/// with an empty page.
pub struct KeysetPager {
    window: Window,
    at: SlicePosition,
    remaining: Option<u64>,
    /// Pages in a row that brought nothing.
    barren: u64,
}

impl KeysetPager {
    /// Goes on from a position.
    pub fn new(window: Window, at: SlicePosition) -> Self {
        Self { window, at: SlicePosition { offset: 0, ..at }, remaining: None, barren: 0 }
    }
}

impl Pager for KeysetPager {
    fn request(&self, kind: WorkItemKind, limit: u32) -> PageRequest {
        let after = self.at.after.clone();
        PageRequest { kind, window: self.window, after, offset: 0, limit, count: true, lean: false }
    }

    fn take(&mut self, request: &PageRequest, page: &Page) -> Result<(), Fault> {
        let (visible, rows) = (page.items.len() as u64, page.items.len() as u64 + page.hidden);
        if let Some(last) = page.items.last() {
            self.at.after = Some(last.cursor());
        }
        // A page without a total is not the last one, and its hidden rows may be counted again with the next.
        if page.total.is_some() {
            self.at.hidden += page.hidden;
        }
        self.remaining = page.total.map(|total| total.saturating_sub(visible));
        self.at.done = page.total.map_or(rows == 0, |total| rows >= total);
        self.barren = if visible > 0 { 0 } else { self.barren + 1 };
        if self.at.done || self.barren < BARREN_PAGES {
            return Ok(());
        }
        Err(Fault::NoProgress { what: request.kind.id().to_owned(), pages: self.barren })
    }

    fn position(&self) -> &SlicePosition {
        &self.at
    }

    fn remaining(&self) -> Option<u64> {
        self.remaining
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use rstest::rstest;

    use super::*;
    use crate::model::sync::PageNotes;

    fn page(hidden: u64, total: Option<u64>) -> Page {
        Page { items: Vec::new(), hidden, total, bytes: 0, rate: None, notes: PageNotes::default() }
    }

    #[rstest]
    #[case::empty(page(0, None), true, 0)]
    #[case::total_of_none(page(0, Some(0)), true, 0)]
    #[case::all_hidden(page(2, Some(2)), true, 2)]
    #[case::more_to_come(page(2, Some(3)), false, 2)]
    #[case::hidden_without_a_total(page(2, None), false, 0)]
    fn slice_ends_with_total_or_empty_page(#[case] page: Page, #[case] done: bool, #[case] hidden: u64) {
        let window = Window { from: Timestamp::UNIX_EPOCH, before: None };
        let mut pager = KeysetPager::new(window, SlicePosition::default());
        let request = pager.request(WorkItemKind::Incident, 10);
        pager.take(&request, &page).unwrap();
        assert_eq!((pager.position().done, pager.position().hidden), (done, hidden));
    }

    #[test]
    fn slice_without_progress_is_given_up() {
        let window = Window { from: Timestamp::UNIX_EPOCH, before: None };
        let mut pager = KeysetPager::new(window, SlicePosition::default());
        let request = pager.request(WorkItemKind::Incident, 10);
        let outcomes: Vec<_> = (0..BARREN_PAGES).map(|_| pager.take(&request, &page(1, None))).collect();
        let last = outcomes.last().unwrap();
        assert!(matches!(last, Err(Fault::NoProgress { pages: BARREN_PAGES, .. })), "{last:?}");
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count() as u64, BARREN_PAGES - 1);
    }
}
