//! Behaviour that the documentation does not define: which `sortDirection` is ascending, whether `pageNumber` counts rows or
//! pages, from 0 or from 1, whether `totalRows` counts more than the page, and how many rows a page has at most. Each begins
//! as a guess that rows confirm or refute.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// A question with two answers.
#[derive(Debug)]
struct Guess {
    value: AtomicBool,
    proven: AtomicBool,
}

impl Guess {
    fn new(value: bool) -> Self {
        Self { value: AtomicBool::new(value), proven: AtomicBool::new(false) }
    }

    fn get(&self) -> bool {
        self.value.load(Ordering::SeqCst)
    }

    fn is_proven(&self) -> bool {
        self.proven.load(Ordering::SeqCst)
    }

    /// Rows confirmed this guess.
    fn prove(&self, value: bool) {
        self.value.store(value, Ordering::SeqCst);
        self.proven.store(true, Ordering::SeqCst);
    }

    /// Rows refuted this guess. `false` if they refuted the opposite before.
    fn refute(&self, value: bool) -> bool {
        if self.get() == value && self.proven.load(Ordering::SeqCst) {
            return false;
        }
        self.value.store(!value, Ordering::SeqCst);
        true
    }
}

/// What was learned of a system.
#[derive(Debug)]
pub struct PagingQuirks {
    /// Whether `sortDirection` 1 is ascending.
    one_ascends: Guess,
    /// Whether `pageNumber` is the number of a row.
    by_row: Guess,
    /// Whether `pageNumber` begins at 0.
    from_zero: Guess,
    /// Whether `totalRows` is known to count more than the page's own rows.
    total_trusted: AtomicBool,
    /// The system's largest page; 0 while unknown.
    cap: AtomicU64,
}

impl PagingQuirks {
    /// The guesses for a system; its version decides whether `pageNumber` counts rows.
    pub fn new(by_row: bool) -> Self {
        Self {
            one_ascends: Guess::new(true),
            by_row: Guess::new(by_row),
            from_zero: Guess::new(false),
            total_trusted: AtomicBool::new(false),
            cap: AtomicU64::new(0),
        }
    }

    /// Whether `pageNumber` begins at 0.
    pub fn counts_from_zero(&self) -> bool {
        self.from_zero.get()
    }

    /// Whether the first `pageNumber` is proven.
    pub fn knows_first(&self) -> bool {
        self.from_zero.is_proven()
    }

    /// The first page was found at 0, or at 1.
    pub fn saw_first(&self, from_zero: bool) {
        self.from_zero.prove(from_zero);
    }

    /// Whether `totalRows` may count the page's own rows only.
    pub fn total_is_doubtful(&self) -> bool {
        !self.total_trusted.load(Ordering::SeqCst)
    }

    /// Notes that `totalRows` can be trusted: it counted rows outside the page, or no uncounted row followed.
    pub fn trust_total(&self) {
        self.total_trusted.store(true, Ordering::SeqCst);
    }

    /// The system's largest page, once known.
    pub fn cap(&self) -> Option<u64> {
        Some(self.cap.load(Ordering::SeqCst)).filter(|rows| *rows > 0)
    }

    /// A page had fewer rows than requested, and the next one had more.
    pub fn saw_cap(&self, rows: u64) {
        self.cap.store(rows, Ordering::SeqCst);
    }

    /// The `sortDirection` that is ascending, or the other.
    pub fn direction(&self, ascending: bool) -> u8 {
        u8::from(self.one_ascends.get() == ascending)
    }

    /// Rows requested in this direction came in ascending or descending order.
    pub fn saw_order(&self, direction: u8, ascending: bool) {
        self.one_ascends.prove((direction == 1) == ascending);
    }

    /// Rows requested in this direction did not come in ascending order. `false` if they are known to have to.
    pub fn is_not_ascending(&self, direction: u8) -> bool {
        self.one_ascends.refute(direction == 1)
    }

    /// Whether `pageNumber` is the number of a row.
    pub fn by_row(&self) -> bool {
        self.by_row.get()
    }

    /// Whether that is proven.
    pub fn knows_pages(&self) -> bool {
        self.by_row.is_proven()
    }

    /// A page followed on the one before it.
    pub fn pages_followed(&self, by_row: bool) {
        self.by_row.prove(by_row);
    }

    /// A page did not follow: the number means something else, or rows have moved. Where its meaning is known the
    /// guess stays.
    pub fn pages_broke(&self, by_row: bool) {
        self.by_row.refute(by_row);
    }
}

/// The place of a page. It begins at or before the last row read, which must come again. If that row is at another place,
/// rows have moved meanwhile, and one of them may have been skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// What to send as `pageNumber`.
    pub number: u64,
    /// What to send as `pageSize`.
    pub size: u64,
    /// The page's first row, from 1.
    pub first: u64,
}

/// This many page numbers are tried for the one with the most new rows.
const TRIED_NUMBERS: u64 = 64;

impl Place {
    /// The first page.
    pub fn start(size: u64) -> Self {
        Self { number: 1, size: size.max(2), first: 1 }
    }

    /// The page of at most `most` rows to ask for when rows up to `end` have been read. `None` if there is none that
    /// brings a new one.
    pub fn after(end: u64, most: u64, by_row: bool) -> Option<Self> {
        if by_row {
            return (end > 0 && most > 1).then_some(Self { number: end, size: most, first: end });
        }
        // Pages of the same size only touch; pages of different sizes overlap.
        let before = end.saturating_sub(1);
        let least = before.div_ceil(most.max(1)).max(1);
        let pages = (least..least + TRIED_NUMBERS).map(|passed| {
            let size = before / passed;
            Self { number: passed + 1, size, first: passed * size + 1 }
        });
        let gain = |page: &Self| (page.first + page.size).saturating_sub(1 + end);
        pages.max_by_key(gain).filter(|page| gain(page) > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_overlap_in_either_meaning() {
        for (by_row, most) in [(true, 100), (false, 100), (false, 17), (true, 2)] {
            let mut end = most;
            while end < 5 * most + 200 {
                let Some(next) = Place::after(end, most, by_row) else { panic!("no page after row {end} of {most}") };
                let first = if by_row { next.number } else { (next.number - 1) * next.size + 1 };
                let reached = next.first + next.size - 1;
                assert!(next.first == first && next.size <= most, "{next:?}");
                assert!(next.first <= end && reached > end, "{next:?} after row {end}");
                end = reached;
            }
        }
        assert_eq!(Place::after(0, 10, true), None);
    }

    #[test]
    fn a_guess_is_given_up_until_it_is_proven() {
        let quirks = PagingQuirks::new(true);
        assert_eq!((quirks.direction(true), quirks.direction(false)), (1, 0));
        assert!(quirks.is_not_ascending(1));
        assert_eq!((quirks.direction(true), quirks.direction(false)), (0, 1));
        quirks.saw_order(0, true);
        assert!(!quirks.is_not_ascending(0));
        assert_eq!(quirks.direction(true), 0);
        quirks.pages_broke(true);
        assert!(!quirks.by_row());
        quirks.pages_followed(false);
        quirks.pages_broke(false);
        assert!(!quirks.by_row());
    }
}
