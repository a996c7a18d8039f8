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

impl Place {
    /// The first page.
    pub fn start(size: u64) -> Self {
        Self { number: 1, size: size.max(2), first: 1 }
    }

    /// The page after this one, when rows up to `end` have been read. Where pages are counted, only a smaller page
    /// makes the two overlap. `None` when pages have become too small for that.
    pub fn next(self, end: u64, by_row: bool) -> Option<Self> {
        if by_row {
            return Some(Self { number: end.max(1), first: end.max(1), ..self });
        }
        let number = self.number + 1;
        let size = end.saturating_sub(1) / (number - 1);
        (size >= 2).then_some(Self { number, size, first: (number - 1) * size + 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_overlap_in_either_meaning() {
        for by_row in [true, false] {
            let mut place = Place::start(100);
            let mut end = 100;
            for _ in 0..40 {
                let Some(next) = place.next(end, by_row) else { panic!("no page after row {end}") };
                assert!(next.first <= end && end - next.first < next.size, "{next:?} after row {end}");
                let first = if by_row { next.number } else { (next.number - 1) * next.size + 1 };
                assert_eq!(next.first, first);
                let reached = next.first + next.size - 1;
                assert!(reached > end, "{next:?} brings nothing new after row {end}");
                (place, end) = (next, reached);
            }
        }
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
