//! What the documents leave open and the system itself shows: which `sortDirection` is ascending, and whether
//! `pageNumber` counts rows or pages. Each begins as a guess and is proven by rows.

use std::sync::atomic::{AtomicBool, Ordering};

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

    /// Rows have shown that this was right.
    fn prove(&self, value: bool) {
        self.value.store(value, Ordering::SeqCst);
        self.proven.store(true, Ordering::SeqCst);
    }

    /// Rows have shown that this was wrong. `false` if the opposite was proven to be wrong before.
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
pub struct Habits {
    /// Whether `sortDirection` 1 is ascending.
    one_ascends: Guess,
    /// Whether `pageNumber` is the number of a row.
    by_row: Guess,
}

impl Habits {
    /// The guesses for a system; whether `pageNumber` counts rows goes by its version.
    pub fn new(by_row: bool) -> Self {
        Self { one_ascends: Guess::new(true), by_row: Guess::new(by_row) }
    }

    /// The `sortDirection` that is ascending, or the other.
    pub fn direction(&self, ascending: bool) -> u8 {
        u8::from(self.one_ascends.get() == ascending)
    }

    /// Rows asked for in this direction came in ascending order, or in descending.
    pub fn saw_order(&self, direction: u8, ascending: bool) {
        self.one_ascends.prove((direction == 1) == ascending);
    }

    /// Rows asked for in this direction did not come in ascending order. `false` if it is known that they should have.
    pub fn is_not_ascending(&self, direction: u8) -> bool {
        self.one_ascends.refute(direction == 1)
    }

    /// Whether `pageNumber` is the number of a row.
    pub fn by_row(&self) -> bool {
        self.by_row.get()
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

/// Where a page lies: so that it begins at or before the last row that was read, which must be in it again. If that
/// row is not where it was, rows have moved meanwhile, and one of them may have been passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// What to send as `pageNumber`.
    pub number: u64,
    /// What to send as `pageSize`.
    pub size: u64,
    /// The page's first row, from 1.
    pub first: u64,
}

/// So many numbers of a page are tried for the one that brings the most new rows.
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
        // Pages of one size only touch; they overlap where the size is another one.
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
        let habits = Habits::new(true);
        assert_eq!((habits.direction(true), habits.direction(false)), (1, 0));
        assert!(habits.is_not_ascending(1));
        assert_eq!((habits.direction(true), habits.direction(false)), (0, 1));
        habits.saw_order(0, true);
        assert!(!habits.is_not_ascending(0));
        assert_eq!(habits.direction(true), 0);
        habits.pages_broke(true);
        assert!(!habits.by_row());
        habits.pages_followed(false);
        habits.pages_broke(false);
        assert!(!habits.by_row());
    }
}
