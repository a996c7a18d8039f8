//! Whether the totals that a product tells with its pages may be believed.
//!
//! Some instances are behind a gateway that caps pages and reports the page's own length as the total; others report a fixed
//! number. A total is trusted until rows contradict it; then only an empty page ends a slice.

use std::sync::atomic::{AtomicBool, Ordering};

/// What is known of the totals of one kind, shared by its slices.
#[derive(Debug, Default)]
pub struct Totals {
    lie: AtomicBool,
    honest: AtomicBool,
    checked: AtomicBool,
    relied: AtomicBool,
}

impl Totals {
    /// Rows contradicted a total.
    pub fn lied(&self) {
        self.lie.store(true, Ordering::Relaxed);
    }

    /// Whether rows contradicted a total.
    pub fn lie(&self) -> bool {
        self.lie.load(Ordering::Relaxed)
    }

    /// A total was larger than its page, so it is not just the page's own length.
    pub fn was_honest(&self) {
        self.honest.store(true, Ordering::Relaxed);
    }

    /// What came will be compared with a count made apart from the pages.
    pub fn will_be_checked(&self) {
        self.checked.store(true, Ordering::Relaxed);
    }

    /// Whether a total that may be the page's own length may end a slice; notes that it did.
    pub fn rely(&self) -> bool {
        if self.honest.load(Ordering::Relaxed) {
            return true;
        }
        let checked = self.checked.load(Ordering::Relaxed);
        self.relied.fetch_or(checked, Ordering::Relaxed);
        checked
    }

    /// Whether a slice ended by a total that nothing proved.
    pub fn relied_unproven(&self) -> bool {
        self.relied.load(Ordering::Relaxed) && !self.honest.load(Ordering::Relaxed) && !self.lie()
    }
}
