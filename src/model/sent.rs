//! Which send numbers the rows of which changes have at least. With it a verification knows a row that was accepted and then
//! lost, even if the change had no time of its own: the workspace then shows a row with a smaller number.

use serde::{Deserialize, Serialize};

/// So many bounds are kept. The older ones are joined, which makes them weaker and never wrong.
const MOST: usize = 200;

/// Bounds in the order of the changes, each of the changes after its own and up to the next.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SendBounds(Vec<(i64, i64)>);

impl SendBounds {
    /// Rows of the changes after this one are sent from now on, with this number or a greater one.
    pub fn note(&mut self, after: i64, least: i64) {
        self.0.retain(|(known, _)| *known < after);
        self.0.push((after, least));
        if self.0.len() > MOST {
            self.0.remove(1);
        }
    }

    /// The number that the row of a change has at least; `None` where nothing is known.
    pub fn least(&self, change: i64) -> Option<i64> {
        let next = self.0.partition_point(|(after, _)| *after < change);
        self.0[..next].last().map(|(_, least)| *least)
    }

    /// Everything up to this change was found as it is here, so nothing more needs to be known of it.
    pub fn verified(&mut self, upto: i64) {
        let last = self.0.iter().rev().find(|(after, _)| *after <= upto).copied();
        self.0.retain(|(after, _)| *after > upto);
        if let Some((_, least)) = last {
            self.0.insert(0, (upto, least));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_has_the_bound_of_the_portion_that_it_was_sent_with() {
        let mut bounds = SendBounds::default();
        assert_eq!(bounds.least(1), None);
        bounds.note(0, 1_000);
        bounds.note(50, 1_050);
        bounds.note(70, 2_000);
        let found: Vec<_> = [0, 1, 50, 51, 70, 71, 900].map(|change| bounds.least(change)).into();
        assert_eq!(found, [None, Some(1_000), Some(1_000), Some(1_050), Some(1_050), Some(2_000), Some(2_000)]);
        // The rows after 50 are sent a second time.
        bounds.note(50, 3_000);
        assert_eq!((bounds.least(60), bounds.least(71)), (Some(3_000), Some(3_000)));
        bounds.verified(60);
        assert_eq!((bounds.least(60), bounds.least(61)), (None, Some(3_000)));
    }

    #[test]
    fn many_bounds_become_weaker_and_never_wrong() {
        let mut bounds = SendBounds::default();
        (0..1_000).for_each(|nth| bounds.note(nth * 10, nth * 100));
        assert_eq!(bounds.0.len(), MOST);
        for change in 1..10_010 {
            let exact = (change - 1) / 10 * 100;
            assert!(bounds.least(change).is_some_and(|least| least <= exact), "{change}");
        }
        assert_eq!(bounds.least(10_000), Some(99_900), "the newest are kept");
    }
}
