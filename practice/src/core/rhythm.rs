//! When people open work items: on working days and in working hours, with a bad day once in four weeks.

use super::rng::Rng;

const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;

/// How much comes on each day of the week, Monday first.
const WEEK: [i64; 7] = [100, 112, 106, 98, 84, 16, 9];

/// Hours of a day (from, to) and how much of it comes in them, in UTC.
const HOURS: [(i64, i64, i64); 6] = [(0, 6, 4), (6, 8, 12), (8, 11, 36), (11, 12, 10), (12, 16, 33), (16, 24, 5)];

/// The bad day among four weeks, a Wednesday, and how much comes on it and on the day after.
const BAD: (i64, i64, i64) = (13, 4, 2);

/// The days up to now, cut where the pace changes.
pub(crate) struct Rhythm {
    /// Where each piece begins, how long it is, and how much has come by its end, in seconds.
    pieces: Vec<(i64, i64, i64)>,
}

impl Rhythm {
    /// From one second to another.
    pub(crate) fn new(from: i64, to: i64) -> Self {
        let mut pieces = Vec::new();
        let mut sum = 0;
        for day in from.div_euclid(DAY)..=to.div_euclid(DAY) {
            for (begin, end, share) in HOURS {
                let (begin, end) = (day * DAY + begin * HOUR, day * DAY + end * HOUR);
                let length = end - begin;
                let (begin, end) = (begin.max(from), end.min(to));
                if begin < end {
                    sum += (weight(day) * share * (end - begin) / length).max(1);
                    pieces.push((begin, end - begin, sum));
                }
            }
        }
        if pieces.is_empty() {
            pieces.push((from, 1, 1));
        }
        Self { pieces }
    }

    /// When the `nth` of so many rows was opened: not before the one that came before it, but for a shake within its share.
    pub(crate) fn at(&self, rng: &mut Rng, nth: u64, rows: u64) -> i64 {
        const STEPS: u64 = 1_000_000;
        let whole = self.pieces.last().map_or(1, |(_, _, sum)| *sum);
        let (nth, rows) = (i128::from(nth.min(rows)), i128::from(rows.max(1)));
        let shaken = nth * i128::from(STEPS) + i128::from(rng.below(STEPS));
        let steps = rows * i128::from(STEPS);
        // How much has come, in millionths, so that many rows of one piece do not fall on one second.
        let come = i128::from(whole) * i128::from(STEPS) * shaken / steps;
        let place = self.pieces.partition_point(|(_, _, sum)| i128::from(*sum) * i128::from(STEPS) <= come);
        let place = place.min(self.pieces.len() - 1);
        let (begin, length, sum) = self.pieces[place];
        let before = place.checked_sub(1).map_or(0, |before| self.pieces[before].2);
        let share = i128::from((sum - before).max(1)) * i128::from(STEPS);
        let into = (come - i128::from(before) * i128::from(STEPS)) * i128::from(length) / share;
        begin + i64::try_from(into).unwrap_or(0).clamp(0, length - 1)
    }
}

fn weight(day: i64) -> i64 {
    let usual = WEEK[usize::try_from(weekday(day)).unwrap_or(0)];
    // No two weeks are the same: up to 15 percent more or less.
    let shaken = usual * (85 + (day.wrapping_mul(2_654_435_761) >> 7).rem_euclid(31));
    let (bad, worst, after) = BAD;
    match day.rem_euclid(28) {
        of_four if of_four == bad => shaken * worst,
        of_four if of_four == bad + 1 => shaken * after,
        _ => shaken,
    }
}

/// The day of the week of a day since 1970-01-01, a Thursday; Monday is 0.
fn weekday(day: i64) -> i64 {
    (day + 3).rem_euclid(7)
}

/// The same moment on the next working day, if it falls on a weekend and that day has come: what is done at weekends is the
/// exception.
pub(crate) fn worked(rng: &mut Rng, at: i64, now: i64) -> i64 {
    let wait = match weekday(at.div_euclid(DAY)) {
        5 => 2 * DAY,
        6 => DAY,
        _ => 0,
    };
    if wait > 0 && at + wait <= now && !rng.percent(12) { at + wait } else { at }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-20 09:00 UTC, a Friday.
    const NOW: i64 = 1_795_165_200;

    fn days(rows: u64) -> Vec<u64> {
        let (rhythm, mut rng) = (Rhythm::new(NOW - 56 * DAY, NOW), Rng::new(7));
        let first = (NOW - 56 * DAY).div_euclid(DAY);
        let mut days = vec![0; 57];
        for nth in 0..rows {
            let at = rhythm.at(&mut rng, nth, rows);
            assert!((NOW - 56 * DAY..NOW).contains(&at));
            days[usize::try_from(at.div_euclid(DAY) - first).unwrap()] += 1;
        }
        days
    }

    #[test]
    fn weekends_are_quiet_and_one_day_in_four_weeks_is_bad() {
        let days = days(20_000);
        let first = (NOW - 56 * DAY).div_euclid(DAY);
        let of = |wanted: &dyn Fn(i64) -> bool| -> Vec<u64> {
            let whole = days.iter().enumerate().skip(1).take(55);
            whole.filter(|(at, _)| wanted(first + *at as i64)).map(|(_, count)| *count).collect()
        };
        let weekend = of(&|day| weekday(day) > 4);
        let bad = of(&|day| day.rem_euclid(28) == BAD.0);
        let usual = of(&|day| weekday(day) < 5 && !(BAD.0..=BAD.0 + 1).contains(&day.rem_euclid(28)));
        assert_eq!(bad.len(), 2);
        assert!(weekend.iter().max() < usual.iter().min(), "{weekend:?} {usual:?}");
        assert!(usual.iter().max() < bad.iter().min(), "{usual:?} {bad:?}");
    }

    #[test]
    fn rows_come_one_after_the_other_however_many_there_are() {
        for rows in [1, 2, 400, 100_000] {
            let (rhythm, mut rng) = (Rhythm::new(NOW - 120 * DAY, NOW - HOUR), Rng::new(1));
            let all: Vec<_> = (0..rows).map(|nth| rhythm.at(&mut rng, nth, rows)).collect();
            assert!(all.is_sorted(), "{rows}");
            assert!(all[0] >= NOW - 120 * DAY && all[all.len() - 1] < NOW - HOUR, "{rows}");
        }
        assert_eq!(Rhythm::new(NOW, NOW).at(&mut Rng::new(1), 0, 1), NOW);
    }

    #[test]
    fn what_is_done_at_a_weekend_is_mostly_done_on_monday() {
        let (mut rng, saturday) = (Rng::new(3), NOW + DAY);
        let moved = (0..100).filter(|_| worked(&mut rng, saturday, NOW + 9 * DAY) == saturday + 2 * DAY).count();
        assert!((75..100).contains(&moved), "{moved}");
        assert_eq!(worked(&mut rng, saturday, saturday + DAY), saturday, "Monday has not come yet");
        assert_eq!(worked(&mut rng, NOW, NOW + 9 * DAY), NOW);
    }
}
