//! What happens by itself while the instance runs.

use super::changes::add_change;
use super::incidents::IncidentMaker;
use super::{CHANGES, People};
use crate::core::rng::{Rng, stable_id};
use crate::servicenow::table::{Cell, Store, Table};

/// Seconds between two changes at speed 1.
const EVERY: f64 = 15.0;

/// New and changed work items, a few a minute.
pub(crate) struct Trickle {
    people: People,
    maker: IncidentMaker,
    rng: Rng,
    owed: f64,
    incidents: u64,
    changes: u64,
}

impl Trickle {
    /// Goes on behind so many made-up incidents.
    pub(crate) fn new(store: &mut Store, people: People, seed: u64, now: i64, incidents: u64) -> Self {
        let maker = IncidentMaker::new(store, &people, now, 1);
        Self { people, maker, rng: Rng::new(seed ^ 0x7469_636b), owed: 0.0, incidents, changes: CHANGES }
    }

    /// Lets happen what belongs to these seconds (already multiplied by the speed).
    pub(crate) fn pass(&mut self, store: &mut Store, seconds: f64, now: i64) {
        self.owed = (self.owed + seconds / EVERY).min(500.0);
        while self.owed >= 1.0 {
            self.owed -= 1.0;
            self.happen(store, now);
        }
    }

    fn happen(&mut self, store: &mut Store, now: i64) {
        match self.rng.below(10) {
            0..=2 => self.open_incident(store, now),
            3..=8 => self.move_incident(store, now),
            _ => {
                add_change(store, &self.people, &mut self.rng, self.changes, (now, now), true);
                self.changes += 1;
            }
        }
    }

    fn open_incident(&mut self, store: &mut Store, now: i64) {
        let Some(table) = store.table_mut("incident") else { return };
        let now = now.max(table.latest());
        let (name, mut cells) = self.maker.make(table, &mut self.rng, self.incidents, now);
        self.maker.set_state(&mut cells, 0);
        for column in ["resolved_by", "close_code", "hold_reason", "resolved_at"] {
            table.put(&mut cells, column, "");
        }
        table.put_time(&mut cells, "sys_updated_on", now);
        table.insert(stable_id("incident", &name), &cells);
        self.incidents += 1;
    }

    fn move_incident(&mut self, store: &mut Store, now: i64) {
        let Some(table) = store.table_mut("incident") else { return };
        let recent = table.order().len().min(200);
        let from = table.order().len() - recent;
        let place = from + usize::try_from(self.rng.below(recent as u64)).unwrap_or(0);
        let Some(row) = table.order().get(place).copied() else { return };
        if closed(table, row) {
            return;
        }
        let mut cells = table.cells(row).to_vec();
        table.count_change(row, &mut cells);
        table.put(&mut cells, "sys_updated_by", &self.people.anyone(&mut self.rng));
        let state = self.rng.weighted(&[0, 45, 20, 30, 0, 5]);
        self.maker.set_state(&mut cells, state);
        table.put_time(&mut cells, "sys_updated_on", now.max(table.latest()));
        if state == 3 {
            table.put_time(&mut cells, "resolved_at", now);
        }
        table.replace(row, &cells);
    }
}

fn closed(table: &Table, row: u32) -> bool {
    let active = table.column("active").map(|place| table.cell(row, place));
    matches!(active, Some(Cell::Text("false", _)))
}
