//! Letting the log's events happen.

use std::path::Path;

use super::events::Events;
use super::timeline::Timeline;
use super::{Anchor, LogOptions};
use crate::PracticeError;
use crate::servicenow::table::Table;

const LEFT_FOR_LATER: usize = 2_000;

/// A log, and how far it has been played.
pub(crate) struct Playback {
    events: Events,
    rows: Vec<Option<u32>>,
    played: usize,
    by_itself: bool,
}

impl Playback {
    /// Reads the log and lets what happened before the start happen.
    pub(crate) fn start(
        path: &Path,
        options: &LogOptions,
        speed: f64,
        now: i64,
        table: &mut Table,
    ) -> Result<Self, PracticeError> {
        let mut events = Events::load(path, table)?;
        let default = events.len().saturating_sub(LEFT_FOR_LATER);
        let start = options.start_event.unwrap_or(default).min(events.len());
        let span = (events.at(0), events.at(events.len()));
        let anchor = match options.anchor {
            Anchor::StartEvent => events.at(start.saturating_sub(1)),
            Anchor::LastEvent => span.1,
        };
        events.move_times(table, &Timeline::new(span, anchor, now, options.fit_days, speed));
        let rows = vec![None; events.incidents()];
        let by_itself = options.anchor == Anchor::StartEvent && speed > 0.0;
        let mut playback = Self { events, rows, played: 0, by_itself };
        playback.load_to(start, table);
        Ok(playback)
    }

    /// How many events the log has.
    pub(crate) fn len(&self) -> usize {
        self.events.len()
    }

    /// How many have happened.
    pub(crate) fn played(&self) -> usize {
        self.played
    }

    /// Lets events happen until `end` of them have, stamped as the log has it but never after `now` nor before an
    /// earlier stamp.
    pub(crate) fn advance_to(&mut self, end: usize, now: i64, table: &mut Table) {
        while self.played < end.min(self.events.len()) {
            self.play_next(now, table);
        }
    }

    /// Lets those events happen that are due, if the log plays by itself.
    pub(crate) fn advance_by_clock(&mut self, now: i64, table: &mut Table) {
        while self.by_itself && self.due().is_some_and(|due| due(table) <= now) {
            self.play_next(now, table);
        }
    }

    fn due(&self) -> Option<impl Fn(&Table) -> i64> {
        let (_, _, cells) = self.events.get(self.played)?;
        Some(move |table: &Table| i64::from(cells[table.updated_column()]))
    }

    fn play_next(&mut self, now: i64, table: &mut Table) {
        let Some((incident, id, cells)) = self.events.get(self.played) else { return };
        let mut cells = cells.to_vec();
        let updated = table.updated_column();
        let stamp = i64::from(cells[updated]).min(now).max(table.latest());
        cells[updated] = u32::try_from(stamp).unwrap_or(cells[updated]);
        match self.rows[incident as usize] {
            Some(row) => table.replace(row, &cells),
            None => self.rows[incident as usize] = Some(table.insert(id, &cells)),
        }
        self.played += 1;
    }

    fn load_to(&mut self, end: usize, table: &mut Table) {
        while self.played < end {
            let Some((incident, id, cells)) = self.events.get(self.played) else { return };
            match self.rows[incident as usize] {
                Some(row) => table.overwrite(row, cells),
                None => self.rows[incident as usize] = Some(table.load(id, cells)),
            }
            self.played += 1;
        }
        table.settle();
    }
}
