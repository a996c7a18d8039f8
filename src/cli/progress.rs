//! One line of progress on stderr: in place on a terminal, now and then a line elsewhere.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::output::Output;
use crate::model::lang::Lang;
use crate::model::sync::Progress;
use crate::model::work_item::WorkItemKind;
use crate::texts::{cli as words, number, step, time};

/// How often a terminal's line is drawn.
const IN_PLACE: Duration = Duration::from_millis(100);
/// How often a log gets a line.
const LOGGED: Duration = Duration::from_secs(5);

/// The progress of one connection's sync.
pub struct ProgressLine {
    output: Output,
    name: String,
    in_place: bool,
    began: Instant,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    kinds: BTreeMap<WorkItemKind, Progress>,
    shown: Option<Instant>,
}

impl ProgressLine {
    /// Nothing is shown yet.
    pub fn new(output: Output, name: &str) -> Self {
        let in_place = io::stderr().is_terminal();
        Self { output, name: name.to_owned(), in_place, began: Instant::now(), state: Mutex::default() }
    }

    /// Takes in how far one kind is, and shows all kinds when it is time.
    pub fn show(&self, progress: &Progress) {
        let Ok(mut state) = self.state.lock() else { return };
        state.kinds.insert(progress.kind, progress.clone());
        let pause = if self.in_place { IN_PLACE } else { LOGGED };
        if self.output.quiet || state.shown.unwrap_or(self.began).elapsed() < pause {
            return;
        }
        state.shown = Some(Instant::now());
        let kinds: Vec<_> =
            state.kinds.values().map(|kind| of_kind(self.output.lang, kind, self.began.elapsed())).collect();
        let line = format!("{} · {}", self.name, kinds.join(" · "));
        let mut stderr = io::stderr().lock();
        // Nobody is left to be told when stderr is gone.
        let _ = if self.in_place { write!(stderr, "\r\x1b[K{line}") } else { writeln!(stderr, "{line}") };
    }

    /// Takes the line away.
    pub fn clear(&self) {
        if self.in_place && !self.output.quiet {
            let _ = write!(io::stderr().lock(), "\r\x1b[K");
        }
    }
}

fn of_kind(lang: Lang, progress: &Progress, spent: Duration) -> String {
    let (kind, fetched) = (step::kind(lang, progress.kind), number::grouped(progress.fetched));
    if let Some(until) = progress.waiting_until {
        return words::sync_waiting(lang, kind, &time::until(lang, until, Timestamp::now()));
    }
    let rate = progress.fetched as f64 / spent.as_secs_f64().max(0.001);
    let Some(expected) = progress.expected else {
        return words::sync_progress_open(lang, kind, &fetched);
    };
    let left = expected.saturating_sub(progress.fetched) as f64 / rate.max(0.001);
    let place = words::sync_progress(lang, kind, &fetched, &number::grouped(expected));
    format!(
        "{place}, {}, {}",
        words::sync_rate(lang, &number::grouped(rate as u64)),
        words::sync_left(lang, &time::short(lang, left as u64))
    )
}
