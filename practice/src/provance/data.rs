//! Made-up rows.

use std::sync::Arc;

use super::layout;
use super::options::Layout;
use super::people::{ACCOUNTS, USERS};
use super::table::{Cell, Column, Kind, Role, Table};
use crate::WorkItemKind;
use crate::core::rhythm::{Rhythm, worked};
use crate::core::rng::{Rng, stable_id};
use crate::core::words::{THINGS, TROUBLES, WORKS};

const DAY: i64 = 86_400;
/// Configuration items that are made up.
const ITEMS: usize = 12;

/// Rows were opened at most so many days ago.
pub(crate) const DAYS_BACK: i64 = 118;

/// What all rows of one table have in common while they are made.
pub(crate) struct Maker {
    kind: WorkItemKind,
    titles: Vec<Arc<str>>,
    texts: Vec<Arc<str>>,
    computers: Vec<Arc<str>>,
    now: i64,
    rhythm: Option<Rhythm>,
    rows: u64,
    tied: u64,
}

/// The moments of one row's life.
struct Life {
    opened: i64,
    modified: i64,
    /// The place in the list of status values, from 0.
    stage: usize,
}

impl Maker {
    /// For so many rows; `tied` of them were changed in one second.
    pub(crate) fn new(kind: WorkItemKind, now: i64, rows: u64, tied: u64) -> Self {
        let verbs: &[&str] = if kind == WorkItemKind::Incident { TROUBLES } else { WORKS };
        let title = |thing: &str, verb: &str| match kind {
            WorkItemKind::Incident => format!("{thing} {verb}"),
            WorkItemKind::ChangeRequest => format!("{verb} {thing}"),
        };
        let pairs = THINGS.iter().flat_map(|thing| verbs.iter().map(move |verb| (thing, verb)));
        let titles: Vec<Arc<str>> = pairs.map(|(thing, verb)| title(thing, verb).into()).collect();
        let texts =
            titles.iter().map(|title| format!("{title}.\nReported by phone; \"quoted\" & <b>marked</b>.").into());
        Self {
            kind,
            texts: texts.collect(),
            computers: (1..60).map(|number| format!("PRD-{number:03}").into()).collect(),
            titles,
            now,
            rhythm: None,
            rows,
            tied,
        }
    }

    /// The same with rows that come as people open them.
    pub(crate) fn lifelike(mut self) -> Self {
        self.rhythm = Some(Rhythm::new(self.now - DAYS_BACK * DAY, self.now - 3_600));
        self
    }

    /// Makes all rows.
    pub(crate) fn fill(&self, table: &mut Table, rng: &mut Rng) {
        let columns = table.columns.clone();
        for nth in 0..self.rows {
            let life = self.life(rng, nth);
            let cells = self.cells(&columns, rng, nth, &life);
            table.load(stable_id(&table.name, &nth.to_string()), life.modified, cells);
        }
        table.settle();
    }

    /// One more row, opened now: its id and its cells.
    pub(crate) fn one(&self, table: &Table, rng: &mut Rng, nth: u64) -> ([u8; 16], Box<[Cell]>) {
        let life = Life { opened: self.now, modified: self.now, stage: 0 };
        (stable_id(&table.name, &format!("new {nth}")), self.cells(&table.columns, rng, nth, &life))
    }

    fn life(&self, rng: &mut Rng, nth: u64) -> Life {
        let (span, rows) = (DAYS_BACK * DAY - 3600, i64::try_from(self.rows.max(1)).unwrap_or(1));
        let nth_row = i64::try_from(nth).unwrap_or(0);
        let even = i64::try_from(i128::from(span) * i128::from(nth_row) / i128::from(rows)).unwrap_or(0);
        let opened = match &self.rhythm {
            Some(rhythm) => rhythm.at(rng, nth, self.rows),
            None => self.now - DAYS_BACK * DAY + even,
        };
        let age = self.now - opened;
        let ended = age > 9 * DAY || rng.percent(u64::try_from(age / DAY * 9).unwrap_or(0));
        let stage =
            if ended && !rng.percent(4) { 4 + usize::from(rng.percent(70)) } else { rng.weighted(&[5, 8, 3, 2]) };
        let lasted = rng.up_to(age.clamp(1, 8 * DAY));
        let modified = match nth {
            // As an import or a nightly flow leaves them: many rows in one second.
            _ if nth < self.tied => self.now - 10 * DAY,
            _ if rng.percent(2) => self.now - (1 + nth_row % 20) * 3 * DAY,
            _ if self.rhythm.is_some() => worked(rng, opened + lasted, self.now),
            _ => opened + lasted,
        };
        Life { opened: opened.min(modified), modified, stage }
    }

    fn cells(&self, columns: &[Column], rng: &mut Rng, nth: u64, life: &Life) -> Box<[Cell]> {
        let topic = usize::try_from(rng.below(self.titles.len() as u64)).unwrap_or(0);
        columns.iter().map(|column| self.cell(column, rng, nth, life, topic)).collect()
    }

    fn cell(&self, column: &Column, rng: &mut Rng, nth: u64, life: &Life, topic: usize) -> Cell {
        let done = life.stage >= 4;
        let when = |happened: bool, at: i64| if happened { Cell::Number(at) } else { Cell::Null };
        match column.role {
            Role::Id | Role::Modified | Role::Version | Role::Nothing => Cell::Null,
            Role::Number => Cell::Text(self.number(nth).into()),
            Role::Title => Cell::Text(Arc::clone(&self.titles[topic])),
            Role::Description if rng.percent(8) => Cell::Null,
            Role::Description => Cell::Text(Arc::clone(&self.texts[topic])),
            Role::Computer if rng.percent(40) => Cell::Null,
            Role::Computer => Cell::Text(Arc::clone(rng.pick(&self.computers))),
            Role::State => Cell::Number(i64::from(done)),
            Role::Status => choice(column.kind, life.stage),
            Role::Created => Cell::Number(life.opened),
            Role::Resolved | Role::WorkEnd => when(done, life.modified),
            Role::Closed => when(life.stage >= 5, life.modified),
            Role::Requested | Role::WorkStart => Cell::Number(life.opened),
            Role::PlannedStart => Cell::Number(life.opened + DAY),
            Role::PlannedEnd => Cell::Number(life.opened + 2 * DAY),
            Role::ResolvedBy if !done => Cell::Null,
            Role::ClosedBy if life.stage < 5 => Cell::Null,
            _ => some(column.kind, rng),
        }
    }

    fn number(&self, nth: u64) -> String {
        match self.kind {
            WorkItemKind::Incident => format!("INC-{:05}-{}", 1_000 + nth, &"S8K4Y2"[..4]),
            WorkItemKind::ChangeRequest => format!("CHG-{:05}", 1_000 + nth),
        }
    }
}

/// The table of configuration items, with some computers.
pub(crate) fn items(layout: Layout, now: i64) -> Table {
    let mut table = layout::items(layout);
    for number in 1..=ITEMS {
        let id = stable_id(&table.name, &number.to_string());
        let mut cells = vec![Cell::Null; table.columns.len()];
        let set = [
            (Role::Title, Cell::Text(format!("PRD-{number:03}").into())),
            (Role::State, Cell::Number(0)),
            (Role::Status, Cell::Number(1)),
            (Role::Created, Cell::Number(now - DAYS_BACK * DAY)),
        ];
        for (role, cell) in set {
            if let Some(place) = table.role(role) {
                cells[place] = cell;
            }
        }
        table.load(id, now - DAYS_BACK * DAY, cells.into());
    }
    table.settle();
    table
}

fn choice(kind: Kind, place: usize) -> Cell {
    match kind {
        Kind::Choice(list) | Kind::State(list) | Kind::Status(list) => {
            list.get(place.min(list.len().saturating_sub(1))).map_or(Cell::Null, |(value, _)| Cell::Number(*value))
        }
        _ => Cell::Null,
    }
}

fn some(kind: Kind, rng: &mut Rng) -> Cell {
    let place = |count: usize, rng: &mut Rng| Cell::Number(i64::try_from(rng.below(count as u64)).unwrap_or(0));
    match kind {
        Kind::Choice(_) if rng.percent(5) => Cell::Null,
        Kind::Choice(list) => Cell::Number(rng.pick(list).0),
        Kind::User | Kind::Owner => place(USERS.len(), rng),
        Kind::Account => place(ACCOUNTS.len(), rng),
        _ => Cell::Null,
    }
}
