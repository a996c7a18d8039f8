//! One line of progress on stderr: in place on a terminal, now and then a line elsewhere.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::output::Output;
use super::render::medium::Medium;
use crate::model::lang::Lang;
use crate::model::sync::Progress;
use crate::model::work_item::WorkItemKind;
use crate::texts::{cli as words, frame, number, step, time};
use crate::ui::tui::widgets::text;

/// How often a terminal's line is drawn.
const IN_PLACE: Duration = Duration::from_millis(100);
/// How often a log gets a line.
const LOGGED: Duration = Duration::from_secs(5);

/// The progress of the connections that are being synced.
pub struct ProgressLine {
    output: Output,
    in_place: bool,
    began: Instant,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    connections: BTreeMap<String, BTreeMap<WorkItemKind, Progress>>,
    shown: Option<Instant>,
}

impl ProgressLine {
    /// Nothing is shown yet.
    pub fn new(output: Output) -> Self {
        let in_place = io::stderr().is_terminal();
        Self { output, in_place, began: Instant::now(), state: Mutex::default() }
    }

    /// Takes in how far one kind of a connection is, and shows all when it is time.
    pub fn show(&self, name: &str, progress: &Progress) {
        let Ok(mut state) = self.state.lock() else { return };
        let State { connections, .. } = &mut *state;
        connections.entry(name.to_owned()).or_default().insert(progress.kind, progress.clone());
        let pause = if self.in_place { IN_PLACE } else { LOGGED };
        let is_due = state.shown.unwrap_or(self.began).elapsed() >= pause;
        // Nothing else may be told until the next attempt.
        if self.output.quiet || !(is_due || progress.retrying.is_some()) {
            return;
        }
        state.shown = Some(Instant::now());
        let line = self.fitted(&self.line(&state.connections));
        let mut stderr = io::stderr().lock();
        // No one is left to be told when stderr is gone.
        let _ = if self.in_place { write!(stderr, "\r\x1b[K{line}") } else { writeln!(stderr, "{line}") };
    }

    /// A line that is written in place must not fold, or its beginning stays behind.
    fn fitted(&self, line: &str) -> String {
        let medium = Medium::stderr();
        let room = medium.width.filter(|_| self.in_place).map_or(usize::MAX, |width| width.saturating_sub(1));
        medium.shown(text::clip(line, room))
    }

    fn line(&self, connections: &BTreeMap<String, BTreeMap<WorkItemKind, Progress>>) -> String {
        let lang = self.output.lang;
        let whole = |(name, kinds): (&String, &BTreeMap<WorkItemKind, Progress>)| {
            let kinds: Vec<_> = kinds.values().map(|kind| of_kind(lang, kind, self.began.elapsed())).collect();
            format!("{name} · {}", kinds.join(" · "))
        };
        let short = |(name, kinds): (&String, &BTreeMap<WorkItemKind, Progress>)| {
            let fetched = number::grouped(lang, kinds.values().map(|kind| kind.fetched).sum());
            let retry = kinds.values().find_map(|kind| {
                let [short, ..] = frame::retries(lang, kind.attempt, kind.retrying.as_deref()?, Timestamp::now());
                Some(format!(" ({short})"))
            });
            format!("{name} {fetched}{}", retry.unwrap_or_default())
        };
        match connections.len() {
            1 => connections.iter().map(whole).collect(),
            _ => connections.iter().map(short).collect::<Vec<_>>().join(" · "),
        }
    }

    /// Forgets a connection that is done, and takes the line away.
    pub fn done(&self, name: &str) {
        if let Ok(mut state) = self.state.lock() {
            state.connections.remove(name);
        }
        if self.in_place && !self.output.quiet {
            let _ = write!(io::stderr().lock(), "\r\x1b[K");
        }
    }
}

fn of_kind(lang: Lang, progress: &Progress, spent: Duration) -> String {
    let (kind, fetched) = (step::kind(lang, progress.kind), number::grouped(lang, progress.fetched));
    if let Some(until) = progress.waiting_until {
        return words::sync_waiting(lang, kind, &time::until(lang, until, Timestamp::now()));
    }
    if let Some(retrying) = &progress.retrying {
        let [_, _, whole] = frame::retries(lang, progress.attempt, retrying, Timestamp::now());
        return words::sync_retrying(lang, kind, &whole);
    }
    let rate = progress.fetched as f64 / spent.as_secs_f64().max(0.001);
    let Some(expected) = progress.expected else {
        return words::sync_progress_open(lang, kind, &fetched);
    };
    let left = expected.saturating_sub(progress.fetched) as f64 / rate.max(0.001);
    let place = words::sync_progress(lang, kind, &fetched, &number::grouped(lang, expected));
    format!(
        "{place}, {}, {}",
        words::sync_rate(lang, &number::grouped(lang, rate as u64)),
        words::sync_left(lang, &time::short(lang, left as u64))
    )
}
