//! The schedule: when a connection is synced next. Pure: the time and what is known of the last sync come in, the time
//! of the next one comes out. The terminal UI keeps that time with each connection; any other front end can do the same.

use jiff::{SignedDuration, Timestamp};

use super::connection::ConnectionName;
use super::fault::{Fault, Retry};
use super::settings::Settings;
use super::sync::KindReport;

/// No product may hold the schedule up for longer than this, whatever wait it asks for.
pub const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(24);

/// A workspace is verified once in this time.
pub const VERIFIED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// After so long a row that was accepted is found by a query: the first rows of a table take up to 15 minutes.
pub const SETTLED: SignedDuration = SignedDuration::from_mins(15);

/// What is known of a connection's last sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastSync {
    /// There was none.
    Never,
    /// It ended then.
    Ended(Timestamp),
    /// It could not be read.
    Unknown,
}

/// The time between two syncs; `None` when the schedule is switched off.
pub fn interval(settings: &Settings) -> Option<SignedDuration> {
    match settings.sync_every_minutes {
        0 => None,
        minutes => Some(SignedDuration::from_mins(i64::from(minutes))),
    }
}

/// Whether the schedule waits for the admin: a refused sign-in is not tried again by itself.
pub fn waits_for_admin(is_signed_out: bool, fault: Option<&Fault>) -> bool {
    is_signed_out || matches!(fault, Some(Fault::UserUnfit { .. }))
}

/// When a connection is due that was not synced since the program started: at once if it never was, after `every` if
/// its last sync is unknown. `None` when that is past the end of time.
pub fn first_due(last: LastSync, every: SignedDuration, now: Timestamp) -> Option<Timestamp> {
    let last = match last {
        LastSync::Never => return Some(now),
        // A record from the future was written with a wrong clock; it must not hold the schedule up.
        LastSync::Ended(at) => at.min(now),
        LastSync::Unknown => now,
    };
    last.checked_add(every).ok().map(|due| due.max(now))
}

/// When a connection is due whose sync just ended so: after `every`, but not before the product said it may.
pub fn next_due(ended: Result<&[KindReport], &Fault>, every: SignedDuration, now: Timestamp) -> Option<Timestamp> {
    now.checked_add(every.max(told_to_wait(ended))).ok()
}

/// The connections that are due, in the order given.
pub fn due<'a>(
    planned: impl IntoIterator<Item = (&'a ConnectionName, Option<Timestamp>)>,
    now: Timestamp,
) -> Vec<ConnectionName> {
    planned.into_iter().filter(|(_, at)| at.is_some_and(|at| at <= now)).map(|(name, _)| name.clone()).collect()
}

/// The same time on a clock that was set back from `before` to `now`. A schedule that did not go back with the clock
/// would stand still for as long. Other times stay as they are.
pub fn with_clock(at: Option<Timestamp>, before: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let back = before.duration_since(now);
    if back > SignedDuration::ZERO { at.and_then(|at| at.checked_sub(back).ok()) } else { at }
}

/// How long the product asked to be left alone, at most [`LONGEST_PAUSE`].
fn told_to_wait(ended: Result<&[KindReport], &Fault>) -> SignedDuration {
    let of = |fault: &Fault| match fault.retry() {
        Retry::After(seconds) => SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX)),
        Retry::No | Retry::Yes => SignedDuration::ZERO,
    };
    let told = match ended {
        Err(fault) => Some(of(fault)),
        Ok(reports) => reports.iter().filter_map(|report| report.fault.as_ref()).map(of).max(),
    };
    told.unwrap_or(SignedDuration::ZERO).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::model::work_item::WorkItemKind;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(1_000_000 + minutes)
    }

    fn every() -> SignedDuration {
        SignedDuration::from_mins(15)
    }

    fn limited(seconds: u64) -> Fault {
        Fault::RateLimited { retry_after_seconds: seconds, limit: None, rule: None }
    }

    fn report(fault: Option<Fault>) -> KindReport {
        KindReport {
            connection: "contoso".into(),
            kind: WorkItemKind::Incident,
            fetched: 0,
            inserted: 0,
            updated: 0,
            unchanged: 0,
            hidden: 0,
            requests: 1,
            bytes: 0,
            seconds: 1.0,
            complete: fault.is_none(),
            watermark: None,
            findings: Vec::new(),
            fault,
            sweep: None,
            sweep_fault: None,
        }
    }

    #[test]
    fn an_interval_of_no_minutes_is_no_schedule() {
        let of = |sync_every_minutes| interval(&Settings { sync_every_minutes, ..Settings::default() });
        assert_eq!((of(0), of(15)), (None, Some(every())));
    }

    #[rstest]
    #[case::never(LastSync::Never, 0)]
    #[case::just_now(LastSync::Ended(at(0)), 15)]
    #[case::a_while_ago(LastSync::Ended(at(-5)), 10)]
    #[case::overdue(LastSync::Ended(at(-600)), 0)]
    #[case::from_the_future(LastSync::Ended(at(6000)), 15)]
    #[case::unknown(LastSync::Unknown, 15)]
    fn the_first_sync_depends_on_the_last(#[case] last: LastSync, #[case] minutes: i64) {
        assert_eq!(first_due(last, every(), at(0)), Some(at(minutes)));
    }

    #[rstest]
    #[case::well(None, 15)]
    #[case::passes_by_itself(Some(Fault::ConnectionRefused { address: "h:443".into() }), 15)]
    #[case::told_to_wait_less(Some(limited(60)), 15)]
    #[case::told_to_wait_longer(Some(limited(3600)), 60)]
    #[case::told_to_wait_for_ever(Some(limited(u64::MAX)), 24 * 60)]
    fn the_next_sync_waits_as_long_as_the_product_asks(#[case] fault: Option<Fault>, #[case] minutes: i64) {
        let reports = [report(None), report(fault.clone())];
        assert_eq!(next_due(Ok(&reports), every(), at(0)), Some(at(minutes)));
        if let Some(fault) = fault {
            assert_eq!(next_due(Err(&fault), every(), at(0)), Some(at(minutes)));
        }
    }

    #[test]
    fn an_interval_past_the_end_of_time_is_never_due() {
        assert_eq!(next_due(Ok(&[]), every(), Timestamp::MAX), None);
        assert_eq!(first_due(LastSync::Unknown, every(), Timestamp::MAX), None);
    }

    #[test]
    fn due_are_those_whose_time_has_come() {
        let names: Vec<ConnectionName> =
            ["a", "b", "c", "d"].into_iter().map(|name| ConnectionName::parse(name).unwrap()).collect();
        let planned = [Some(at(0)), Some(at(1)), None, Some(at(-1))];
        assert_eq!(due(names.iter().zip(planned), at(0)), [names[0].clone(), names[3].clone()]);
    }

    #[test]
    fn a_clock_that_is_set_back_takes_the_schedule_along() {
        assert_eq!(with_clock(Some(at(15)), at(0), at(-60)), Some(at(-45)));
        assert_eq!(with_clock(Some(at(15)), at(0), at(5)), Some(at(15)), "time that went on changes nothing");
        assert_eq!(with_clock(None, at(0), at(-60)), None);
    }

    #[test]
    fn only_an_admin_ends_a_refused_sign_in() {
        assert!(waits_for_admin(true, None));
        assert!(waits_for_admin(false, Some(&Fault::UserUnfit { user_name: "azure.integration".into() })));
        assert!(!waits_for_admin(false, Some(&limited(60))));
    }
}
