//! When a sweep is due, and the gap that remains until one has run.

use jiff::{SignedDuration, Timestamp};

use crate::model::sweep::{Gap, SweepReason, SweepRecord};
use crate::store::SyncState;

/// A sweep is due this long after the last one in any case.
const DAILY: SignedDuration = SignedDuration::from_hours(24);

/// Signs, seen by a sync, of differences that only a sweep can find.
#[derive(Debug, Clone, Copy, Default)]
pub struct Signs {
    /// Rows that the product counted but did not show.
    pub hidden: u64,
    /// Whether the newest stored row did not come again, or rows came with an older change time than is stored.
    pub restored: bool,
    /// Whether the run continued one that had been cut off.
    pub resumed: bool,
    /// Whether everything was fetched again over what is stored.
    pub full: bool,
}

/// The gap after a sync. `swept` says whether the product can be swept: if not, only a run that fetched everything and saw
/// nothing hidden closes a gap.
pub fn gap_after(before: Option<Gap>, signs: Signs, full: bool, swept: bool, now: Timestamp) -> Option<Gap> {
    let reason = match signs {
        Signs { hidden: 1.., .. } => Some(SweepReason::Hidden),
        Signs { restored: true, .. } if swept || !full => Some(SweepReason::Restored),
        Signs { full: true, .. } if swept => Some(SweepReason::Full),
        Signs { resumed: true, .. } if swept => Some(SweepReason::Resumed),
        _ => None,
    };
    let new = reason.map(|reason| Gap { since: now, reason, hidden: signs.hidden, unknown: 0 });
    match (before, new) {
        (before, None) if swept || !full => before,
        (_, None) => None,
        (None, new) => new,
        // More hidden rows than before make a sweep due at once.
        (Some(before), Some(new)) if new.hidden > before.hidden || new.reason != SweepReason::Hidden => {
            Some(Gap { unknown: before.unknown, hidden: new.hidden.max(before.hidden), ..new })
        }
        (before, Some(_)) => before,
    }
}

/// Why a sweep is due, if it is. A gap that stays open is swept in ever longer intervals: each as long as the gap is old, a
/// day at most. So a product that hides some rows permanently is not swept with every sync.
pub fn reason(state: &SyncState, now: Timestamp, asked: bool) -> Option<SweepReason> {
    if asked {
        return Some(SweepReason::Asked);
    }
    let Some(last) = state.sweep.as_ref().map(|sweep| sweep.ended_at) else {
        return Some(state.gap.as_ref().map_or(SweepReason::Daily, |gap| gap.reason));
    };
    let ago = now.duration_since(last);
    if ago >= DAILY || ago < SignedDuration::ZERO {
        return Some(SweepReason::Daily);
    }
    let gap = state.gap.as_ref()?;
    let stood = last.duration_since(gap.since);
    (stood < SignedDuration::ZERO || ago >= stood).then_some(gap.reason)
}

/// The gap that a sweep leaves.
pub fn gap_left(record: &SweepRecord, before: Option<Gap>) -> Option<Gap> {
    let (hidden, unknown) = (record.hidden, record.unknown);
    if hidden + unknown == 0 {
        return None;
    }
    let reason = if hidden > 0 { SweepReason::Hidden } else { SweepReason::Unknown };
    let since = before.map_or(record.started_at, |before| before.since.min(record.started_at));
    Some(Gap { since, reason, hidden, unknown })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_795_132_800 + 60 * minute).unwrap()
    }

    fn gap(since: i64, reason: SweepReason, hidden: u64) -> Gap {
        Gap { since: at(since), reason, hidden, unknown: 0 }
    }

    fn swept(ended: i64, hidden: u64) -> SweepRecord {
        SweepRecord {
            started_at: at(ended),
            ended_at: at(ended),
            reason: SweepReason::Daily,
            checked: 1,
            missing: 0,
            changed: 0,
            removed: 0,
            restored: 0,
            hidden,
            unknown: 0,
            requests: 1,
            bytes: 1,
        }
    }

    fn state(sweep: Option<i64>, gap: Option<Gap>) -> SyncState {
        SyncState { sweep: sweep.map(|ended| swept(ended, 0)), gap, ..SyncState::default() }
    }

    #[test]
    fn a_sweep_is_due_at_first_once_a_day_and_when_asked() {
        assert_eq!(reason(&state(None, None), at(0), false), Some(SweepReason::Daily));
        assert_eq!(reason(&state(Some(0), None), at(5), false), None);
        assert_eq!(reason(&state(Some(0), None), at(5), true), Some(SweepReason::Asked));
        assert_eq!(reason(&state(Some(0), None), at(24 * 60), false), Some(SweepReason::Daily));
        assert_eq!(reason(&state(Some(60), None), at(0), false), Some(SweepReason::Daily), "the clock went back");
    }

    #[test]
    fn d3_a_gap_is_swept_at_once_and_then_in_longer_intervals() {
        let hidden = |since| Some(gap(since, SweepReason::Hidden, 3));
        assert_eq!(reason(&state(Some(0), hidden(10)), at(10), false), Some(SweepReason::Hidden));
        assert_eq!(reason(&state(Some(10), hidden(10)), at(10), false), Some(SweepReason::Hidden));
        assert_eq!(reason(&state(Some(40), hidden(10)), at(55), false), None);
        assert_eq!(reason(&state(Some(40), hidden(10)), at(70), false), Some(SweepReason::Hidden));
    }

    #[test]
    fn d3_a_gap_stays_until_it_is_cleared_up() {
        let old = gap(0, SweepReason::Hidden, 3);
        let none = Signs::default();
        assert_eq!(gap_after(Some(old.clone()), none, false, true, at(9)), Some(old.clone()));
        assert_eq!(gap_after(Some(old.clone()), none, true, true, at(9)), Some(old.clone()), "a sweep follows");
        assert_eq!(gap_after(Some(old.clone()), none, false, false, at(9)), Some(old.clone()));
        assert_eq!(gap_after(Some(old.clone()), none, true, false, at(9)), None, "everything came");
        let more = Signs { hidden: 5, ..none };
        assert_eq!(gap_after(Some(old.clone()), more, false, true, at(9)), Some(gap(9, SweepReason::Hidden, 5)));
        let same = Signs { hidden: 3, ..none };
        assert_eq!(gap_after(Some(old.clone()), same, false, true, at(9)), Some(old.clone()));
        assert_eq!(gap_left(&swept(9, 0), Some(old.clone())), None);
        assert_eq!(gap_left(&swept(9, 2), Some(old)).map(|left| (left.since, left.hidden)), Some((at(0), 2)));
    }
}
