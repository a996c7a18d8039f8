//! The slices of change time that a run covers, and how far the watermark may move when it is done.

use jiff::{SignedDuration, Timestamp};

use super::SyncSettings;
use crate::model::sync::Window;
use crate::store::{Plan, Slice, SyncState};

/// Pages that a slice should have at least if the rows are spread evenly.
const PAGES_IN_SLICE: u64 = 4;
/// This many slices keep all requests in flight busy, however unevenly the rows are spread.
const MOST_SLICES: u64 = 64;
/// The scope counts as extended if it begins this much earlier than the stored one.
const SCOPE_SLACK: SignedDuration = SignedDuration::from_hours(24);

/// The beginning of the scope: `days` before now.
pub fn scope_from(now: Timestamp, days: u16) -> Timestamp {
    let from = now.as_second() - i64::from(days) * 86_400;
    Timestamp::from_second(from).unwrap_or(Timestamp::MIN)
}

/// Whether a scope that begins at `from` is longer than the stored one, which begins at `stored`.
pub fn extends(stored: Timestamp, from: Timestamp) -> bool {
    stored.duration_since(from) > SCOPE_SLACK
}

/// The plan of a run that fetches everything: about `rows` rows from `from` on, the last slice open-ended.
pub fn whole(from: Timestamp, now: Timestamp, rows: Option<u64>, settings: &SyncSettings) -> Plan {
    let pages = rows.unwrap_or(0) / u64::from(settings.page_limit.max(1));
    let slices = (pages / PAGES_IN_SLICE).clamp(1, MOST_SLICES) as i64;
    let width = (now.as_second() - from.as_second()) / slices;
    let border = |n: i64| Timestamp::from_second(from.as_second() + n * width).ok();
    let windows = (0..slices).filter_map(|n| {
        let before = if n + 1 < slices { border(n + 1) } else { None };
        Some(Window { from: border(n)?, before })
    });
    plan(from, now, windows.collect())
}

/// The plan of an increment: everything changed since `overlap` before the watermark; if the scope was extended, also the
/// time before the stored scope.
pub fn increment(
    watermark: Timestamp,
    from: Timestamp,
    state: &SyncState,
    now: Timestamp,
    overlap: SignedDuration,
) -> Plan {
    let since = whole_second(watermark.checked_sub(overlap).unwrap_or(Timestamp::MIN));
    // No later than at the newest stored row: if that row does not come again, the product was restored.
    let since = state.newest.as_ref().map_or(since, |newest| since.min(whole_second(newest.updated_at)));
    let open = Window { from: since, before: None };
    match state.scope_from {
        Some(stored) if extends(stored, from) => plan(from, now, vec![Window { from, before: Some(stored) }, open]),
        stored => plan(stored.unwrap_or(from), now, vec![open]),
    }
}

fn plan(from: Timestamp, now: Timestamp, windows: Vec<Window>) -> Plan {
    let slices = windows.into_iter().zip(0..).map(|(window, number)| Slice::new(number, window)).collect();
    Plan { from, planned_at: now, slices }
}

/// The watermark after all slices of `plan` are done. It is never later than the plan's time, since rows may have change
/// times in the future. `before` is the watermark so far.
///
/// An increment has one open-ended slice, which saw every change up to its last row. The slices of a full run were read in
/// parallel, and a row that changed meanwhile may have moved into a slice that was read already. So the watermark is moved
/// back by the run's duration, and the next increment reads that time again.
pub fn watermark(before: Option<Timestamp>, plan: &Plan, now: Timestamp) -> Timestamp {
    let seen = |slice: &Slice| slice.checkpoint.after.as_ref().map(|cursor| cursor.updated_at);
    let sure = match before {
        Some(before) => {
            let open = plan.slices.iter().filter(|slice| slice.window.before.is_none());
            open.filter_map(seen).max().unwrap_or(before).min(plan.planned_at).max(before)
        }
        None => {
            let took = now.duration_since(plan.planned_at).max(SignedDuration::ZERO);
            let newest = plan.slices.iter().filter_map(seen).max();
            let sure = newest.and_then(|newest| newest.checked_sub(took).ok()).unwrap_or(plan.from);
            sure.min(plan.planned_at).max(plan.from)
        }
    };
    whole_second(sure)
}

/// The whole second at or before a moment: the products' queries know no fractions, so windows have none either.
fn whole_second(moment: Timestamp) -> Timestamp {
    Timestamp::from_second(moment.as_nanosecond().div_euclid(1_000_000_000) as i64).unwrap_or(moment)
}
