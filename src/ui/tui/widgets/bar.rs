//! Bars: a plain one for shares, and the progress of a sync with its rate and remaining time.

use jiff::Timestamp;
use ratatui::text::{Line, Span};

use super::text;
use crate::model::lang::Lang;
use crate::model::sync::Progress;
use crate::texts::{frame, number, time};
use crate::ui::tui::theme::{Role, Theme};

const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// `part` of `whole` as a bar of at most `room` cells, to an eighth of a cell; any share above zero shows.
pub fn bar(part: u64, whole: u64, room: usize) -> String {
    let eighths = share(part, whole, room * 8);
    let eighths = if part > 0 { eighths.max(1.min(room * 8)) } else { 0 };
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

fn share(part: u64, whole: u64, of: usize) -> usize {
    if whole == 0 {
        return 0;
    }
    let share = u128::from(part.min(whole)) * of as u128 / u128::from(whole);
    usize::try_from(share).unwrap_or(of)
}

/// How fast a sync goes and what remains, in plain numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throughput {
    /// Rows a second, once a second has passed.
    pub rate: Option<u64>,
    /// Seconds to go, where the number to expect is known.
    pub left: Option<u64>,
}

/// The pace of a sync that began at `started`.
pub fn pace(progress: &Progress, started: Timestamp, now: Timestamp) -> Throughput {
    let seconds = u64::try_from(now.duration_since(started).as_secs()).unwrap_or(0);
    let rate = progress.fetched.checked_div(seconds).filter(|rate| *rate > 0);
    let rows = progress.expected.map(|expected| expected.saturating_sub(progress.fetched));
    let left = rate.and_then(|rate| rows.map(|rows| rows.div_ceil(rate)));
    Throughput { rate, left }
}

/// One line of at most `room` cells: bar, share, rows of all rows, rate and remaining time; a wait that the
/// product asked for instead of the last two.
pub fn progress(
    lang: Lang,
    theme: Theme,
    progress: &Progress,
    started: Timestamp,
    now: Timestamp,
    room: usize,
) -> Line<'static> {
    let details = details(lang, progress, started, now);
    let Some(expected) = progress.expected.filter(|expected| *expected > 0) else {
        return Line::raw(text::clip(&details.join("  "), room));
    };
    let percent = format!(" {:>3}%  ", share(progress.fetched, expected, 100));
    let least = 4.max(room / 6);
    let told = fit(&details, room.saturating_sub(least + text::width(&percent)));
    let size = room.saturating_sub(text::width(&percent) + text::width(&told)).clamp(least, 30).min(room);
    let filled = bar(progress.fetched, expected, size);
    let track = "░".repeat(size.saturating_sub(text::width(&filled)));
    Line::from(vec![
        Span::styled(filled, theme.style(Role::Accent)),
        Span::styled(track, theme.style(Role::Dim)),
        Span::raw(text::clip(&percent, room.saturating_sub(size))),
        Span::raw(text::clip(&told, room.saturating_sub(size + text::width(&percent)))),
    ])
}

fn details(lang: Lang, progress: &Progress, started: Timestamp, now: Timestamp) -> Vec<String> {
    let fetched = number::grouped(lang, progress.fetched);
    let mut parts = vec![match progress.expected {
        Some(expected) => frame::of(lang, &fetched, &number::grouped(lang, expected)),
        None => fetched,
    }];
    if let Some(until) = progress.waiting_until.filter(|until| *until > now) {
        parts.push(frame::waiting(lang, &time::until(lang, until, now)));
        return parts;
    }
    if let Some(retrying) = &progress.retrying {
        let [_, when, _] = frame::retries(lang, progress.attempt, retrying, now);
        parts.push(when);
        return parts;
    }
    let pace = pace(progress, started, now);
    parts.extend(pace.rate.map(|rate| frame::rate(lang, &number::grouped(lang, rate))));
    parts.extend(pace.left.map(|left| frame::left(lang, &time::short(lang, left))));
    parts.extend((progress.attempt > 1).then(|| frame::attempt(lang, progress.attempt)));
    parts
}

/// As many whole parts as fit, none without the first: a number is left out rather than cut.
fn fit(parts: &[String], room: usize) -> String {
    let Some((first, rest)) = parts.split_first().filter(|(first, _)| text::width(first) <= room) else {
        return String::new();
    };
    let mut out = first.clone();
    for part in rest {
        if text::width(&out) + 2 + text::width(part) <= room {
            out.push_str("  ");
            out.push_str(part);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::work_item::WorkItemKind;

    fn halfway() -> Progress {
        let kind = WorkItemKind::Incident;
        Progress { kind, fetched: 10_000, expected: Some(20_000), waiting_until: None, attempt: 1, retrying: None }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn a_share_above_zero_always_shows() {
        assert_eq!(bar(1, 1_000_000, 10), "▏");
        assert_eq!(bar(0, 10, 10), "");
        assert_eq!(bar(5, 10, 5), "██▌");
        assert_eq!(bar(11, 10, 3), "███");
        assert_eq!((bar(1, 0, 3), bar(1, 1, 0)), ("▏".into(), String::new()));
    }

    #[test]
    fn progress_tells_rate_and_remaining_time() {
        let line = progress(Lang::En, Theme::Mono, &halfway(), at(0), at(10), 80).to_string();
        assert!(line.ends_with("  50%  10,000 of 20,000  1,000/s  10 s left"), "{line}");
        let narrow = progress(Lang::Nl, Theme::Mono, &halfway(), at(0), at(10), 40).to_string();
        assert!(text::width(&narrow) <= 40, "{narrow}");
    }

    #[test]
    fn a_count_that_does_not_fit_is_left_out_not_cut() {
        let line = progress(Lang::En, Theme::Mono, &halfway(), at(0), at(10), 16).to_string();
        assert_eq!(line.trim_end(), "████▌░░░░  50%");
    }

    #[test]
    fn before_anything_is_known_nothing_is_claimed() {
        let begun = Progress { fetched: 0, expected: None, ..halfway() };
        assert_eq!(pace(&begun, at(0), at(0)), Throughput { rate: None, left: None });
        assert_eq!(progress(Lang::En, Theme::Mono, &begun, at(0), at(9), 80).to_string(), "0");
    }

    #[test]
    fn a19_a_retry_is_told_instead_of_the_rate() {
        let fault = crate::model::fault::Fault::ConnectionRefused { address: "127.0.0.1:41001".into() };
        let retrying = Some(Box::new(crate::model::sync::Retrying { fault, at: at(14), of: 5 }));
        let again = Progress { attempt: 5, retrying, ..halfway() };
        let line = progress(Lang::En, Theme::Mono, &again, at(0), at(10), 120).to_string();
        assert!(line.contains("retry 5 of 5 in 4 s") && !line.contains("/s"), "{line}");
        let line = progress(Lang::Nl, Theme::Mono, &again, at(0), at(20), 120).to_string();
        assert!(line.contains("poging 5 van 5 nu"), "{line}");
    }

    #[test]
    fn a_wait_is_told_instead_of_the_rate() {
        let waiting = Progress { waiting_until: Some(at(70)), ..halfway() };
        let line = progress(Lang::En, Theme::Mono, &waiting, at(0), at(10), 120).to_string();
        assert!(line.contains("continues in 1 min") && !line.contains("/s"), "{line}");
    }
}
