//! Made-up work items, the same at every start but for their times, which end now.

use super::rows::{Item, Rows};
use super::words as w;
use crate::WorkItemKind;
use crate::core::rhythm::{Rhythm, worked};
use crate::core::rng::Rng;
use crate::core::words::{RARE, THINGS, TROUBLES, WORKS};

/// Incidents, where nobody asks for another number.
const INCIDENTS: u64 = 3_000;
/// Change requests.
const CHANGES: u64 = 420;
const DAY: i64 = 86_400_000;
/// Seconds between two changes at speed 1.
const EVERY: f64 = 15.0;

/// The states after which a work item is no longer changed.
const CLOSED: u8 = 3;

/// All rows of one kind, the newest change shortly before `now`.
pub(super) fn make(kind: WorkItemKind, rows: Option<u64>, seed: u64, (now, lifelike): (i64, bool)) -> Rows {
    let mut rng = Rng::new(seed ^ kind.id().len() as u64);
    let (first, count) = match kind {
        WorkItemKind::Incident => (1_000, rows.unwrap_or(INCIDENTS)),
        WorkItemKind::ChangeRequest => (200, CHANGES),
    };
    let count = u32::try_from(count).unwrap_or(u32::MAX / 2);
    let age = |number: u32| 100 * DAY / i64::from(count.max(1)) * i64::from(count - (number - first));
    // The rhythm is in seconds, the rows in milliseconds.
    let rhythm = lifelike.then(|| Rhythm::new((now - 100 * DAY) / 1_000, now / 1_000 - 120));
    let item = |number: u32| {
        let created = match &rhythm {
            Some(rhythm) => rhythm.at(&mut rng, u64::from(number - first), u64::from(count)) * 1_000 + rng.up_to(1_000),
            None => now - age(number) + rng.up_to(3_600_000),
        };
        made(kind, &mut rng, number, created, (now, lifelike))
    };
    Rows::new(first, (first..first + count).map(item).collect())
}

/// A work item that was made at `created` and may have been changed since.
fn made(kind: WorkItemKind, rng: &mut Rng, number: u32, created: i64, (now, lifelike): (i64, bool)) -> Item {
    let created = created.min(now - 120_000);
    let status = rng.weighted(&[12, 10, 18, 55, 5]);
    let lasted = rng.up_to((6 * DAY).min(now - 60_000 - created));
    let modified = if rng.percent(15) {
        created
    } else if lifelike {
        (worked(rng, (created + lasted) / 1_000, now / 1_000 - 60) * 1_000).max(created)
    } else {
        created + lasted
    };
    let mut item = blank(kind, rng, number, created);
    item.modified = modified;
    set_status(&mut item, u8::try_from(status).unwrap_or(0));
    item
}

fn place<T>(rng: &mut Rng, of: &[T]) -> u8 {
    u8::try_from(rng.below(of.len() as u64)).unwrap_or(0)
}

fn blank(kind: WorkItemKind, rng: &mut Rng, number: u32, at: i64) -> Item {
    Item {
        number,
        title: title(kind, rng),
        description: if rng.percent(70) { "Reported by phone.\r\nSee the attached log.".into() } else { String::new() },
        status: 0,
        priority: u8::try_from(rng.below(9)).unwrap_or(0) + 1,
        urgency: place(rng, w::URGENCIES),
        impact: place(rng, w::IMPACTS),
        category: place(rng, w::CATEGORIES),
        source: place(rng, w::SOURCES),
        assigned_to: place(rng, w::PEOPLE),
        created_by: place(rng, w::PEOPLE),
        affected: place(rng, w::PEOPLE),
        created: at,
        modified: at,
        resolved: 0,
        closed: 0,
    }
}

fn title(kind: WorkItemKind, rng: &mut Rng) -> String {
    if rng.percent(1) {
        return (*rng.pick(RARE)).to_owned();
    }
    match kind {
        WorkItemKind::Incident => format!("{} {}", rng.pick(THINGS), rng.pick(TROUBLES)),
        WorkItemKind::ChangeRequest => format!("{} {}", rng.pick(WORKS), rng.pick(THINGS)),
    }
}

/// Brings a work item into a state, with the times that belong to it.
pub(super) fn set_status(item: &mut Item, status: u8) {
    item.status = status;
    item.resolved = if matches!(status, 2 | CLOSED) { item.modified } else { 0 };
    item.closed = if status == CLOSED { item.modified } else { 0 };
}

/// A new work item.
pub(super) fn opened(kind: WorkItemKind, rng: &mut Rng, number: u32, now: i64) -> Item {
    blank(kind, rng, number, now)
}

/// What happens by itself while the web app runs.
pub(super) struct Trickle {
    rng: Rng,
    owed: f64,
}

/// Something that happens by itself.
pub(super) enum Happening {
    /// A work item is opened.
    Open(WorkItemKind),
    /// A work item changes: which of the most recently changed ones, and its new state.
    Change(WorkItemKind, u64, u8),
}

impl Trickle {
    pub(super) fn new(seed: u64) -> Self {
        Self { rng: Rng::new(seed ^ 0x7469_636b), owed: 0.0 }
    }

    /// What happens in these seconds (already multiplied by the speed).
    pub(super) fn pass(&mut self, seconds: f64) -> Vec<Happening> {
        self.owed = (self.owed + seconds / EVERY).min(500.0);
        let mut happened = Vec::new();
        while self.owed >= 1.0 {
            self.owed -= 1.0;
            happened.push(self.next());
        }
        happened
    }

    fn next(&mut self) -> Happening {
        let incident = self.rng.percent(85);
        let kind = if incident { WorkItemKind::Incident } else { WorkItemKind::ChangeRequest };
        if self.rng.percent(35) {
            return Happening::Open(kind);
        }
        let status = self.rng.weighted(&[25, 20, 30, 20, 5]);
        Happening::Change(kind, self.rng.below(200), u8::try_from(status).unwrap_or(0))
    }
}
