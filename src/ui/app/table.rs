//! A window that slides over a table of a million rows: some screens of rows are held, more are asked for
//! before an edge is reached, far ones are dropped. Neighbours are found by key, never by number, so nothing
//! is shown twice or left out while the table changes underneath.

use std::collections::{HashSet, VecDeque};

use crate::model::fault::Fault;
use crate::model::items::{ItemRow, Place, Placed, Seek, Total, Window};
use crate::ui::app::effect::TaskId;
use crate::ui::app::motion::Motion;

/// Screens of rows fetched at once.
const CHUNK_SCREENS: usize = 3;
/// The fewest rows fetched at once.
const LEAST_CHUNK: usize = 60;

/// The rows that are held, and where the reader is in them.
#[derive(Debug, Clone, PartialEq)]
pub struct Table<R = ItemRow> {
    rows: VecDeque<R>,
    cursor: usize,
    top: usize,
    at_start: bool,
    at_end: bool,
    base: Base,
    total: Option<Total>,
    fault: Option<Fault>,
    loaded: bool,
    outdated: bool,
    fresh: Option<(TaskId, Fresh)>,
    newer: Option<TaskId>,
    older: Option<TaskId>,
}

impl<R> Default for Table<R> {
    fn default() -> Self {
        Self {
            rows: VecDeque::new(),
            cursor: 0,
            top: 0,
            at_start: false,
            at_end: false,
            base: Base::default(),
            total: None,
            fault: None,
            loaded: false,
            outdated: false,
            fresh: None,
            newer: None,
            older: None,
        }
    }
}

/// How many rows come before the first one held.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Base {
    #[default]
    Unknown,
    Exactly(u64),
    About(u64),
}

/// What a window that replaces all rows shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fresh {
    /// The newest rows, the cursor on the first.
    Top,
    /// The oldest rows, the cursor on the last.
    Bottom,
    /// The rows that are held, as they are now; the reader stays at the same place.
    Again,
}

/// Something to be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// All rows again.
    Fresh(Fresh),
    /// Rows before the first one held.
    Newer,
    /// Rows after the last one held.
    Older,
}

/// Where a row stands among all that match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// Just there, from 1.
    Exactly(u64),
    /// Near there: rows changed places since it was counted.
    About(u64),
    /// Not counted.
    Unknown,
}

impl<R: Placed> Table<R> {
    /// The rows held, newest first.
    pub fn rows(&self) -> &VecDeque<R> {
        &self.rows
    }

    /// The index of the selected row among those held.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// The index of the first row on the screen among those held.
    pub fn top(&self) -> usize {
        self.top
    }

    /// The selected row.
    pub fn selected(&self) -> Option<&R> {
        self.rows.get(self.cursor)
    }

    /// How many rows match in all, as far as counted.
    pub fn total(&self) -> Option<Total> {
        self.total
    }

    /// Why rows are missing, if asking for them failed.
    pub fn fault(&self) -> Option<&Fault> {
        self.fault.as_ref()
    }

    /// Whether an answer was ever taken in; before that, no rows means nothing.
    pub fn is_loaded(&self) -> bool {
        self.loaded
    }

    /// Whether the rows held are of an older filter than what is asked for now.
    pub fn is_outdated(&self) -> bool {
        self.outdated
    }

    /// How all rows are being replaced, if they are.
    pub fn replacing(&self) -> Option<Fresh> {
        self.fresh.map(|(_, fresh)| fresh)
    }

    /// Whether the reader is at the newest row.
    pub fn reads_the_newest(&self) -> bool {
        self.at_start && self.cursor == 0
    }

    /// Notes that the filter changed: the rows held stay to be looked at until the answer comes.
    pub fn outdate(&mut self) {
        self.outdated = true;
    }

    /// Lets missing rows be asked for again after a failure.
    pub fn forgive(&mut self) {
        self.fault = None;
    }

    /// Where the selected row stands among all that match.
    pub fn position(&self) -> Position {
        let nth = self.cursor as u64 + 1;
        match self.base {
            Base::Exactly(before) => Position::Exactly(before + nth),
            Base::About(before) => Position::About(before + nth),
            Base::Unknown => Position::Unknown,
        }
    }

    /// The tasks whose answers are awaited.
    pub fn tasks(&self) -> Vec<TaskId> {
        self.fresh.map(|(task, _)| task).into_iter().chain(self.newer).chain(self.older).collect()
    }

    /// Awaits nothing any more; the tasks to be cancelled.
    pub fn abandon(&mut self) -> Vec<TaskId> {
        let tasks = self.tasks();
        (self.fresh, self.newer, self.older) = (None, None, None);
        tasks
    }

    /// What is to be asked, and how many rows, for this want.
    pub fn seek(&self, want: Want, height: usize) -> (Seek<R::Key>, usize) {
        let chunk = chunk(height);
        match want {
            Want::Fresh(Fresh::Top) => (Seek::First, chunk),
            Want::Fresh(Fresh::Bottom) => (Seek::Last, chunk),
            Want::Fresh(Fresh::Again) if self.reads_the_newest() => (Seek::First, self.rows.len().max(chunk)),
            Want::Fresh(Fresh::Again) => match self.rows.front() {
                Some(row) => (Seek::At(row.key()), self.rows.len().max(chunk)),
                None => (Seek::First, chunk),
            },
            Want::Newer => (self.rows.front().map_or(Seek::First, |row| Seek::Before(row.key())), chunk),
            Want::Older => (self.rows.back().map_or(Seek::First, |row| Seek::After(row.key())), chunk),
        }
    }

    /// Notes that a want is being answered by this task.
    pub fn asked(&mut self, want: Want, task: TaskId) {
        self.fault = None;
        match want {
            Want::Fresh(fresh) => self.fresh = Some((task, fresh)),
            Want::Newer => self.newer = Some(task),
            Want::Older => self.older = Some(task),
        }
    }

    /// What should be fetched now, so that no edge is reached.
    pub fn wants(&self, height: usize) -> Vec<Want> {
        if self.fresh.is_some() || !self.loaded || self.outdated || self.fault.is_some() {
            return Vec::new();
        }
        let near = 2 * height;
        let newer = !self.at_start && self.newer.is_none() && self.top < near;
        let older = !self.at_end && self.older.is_none() && self.rows.len() < self.top + height + near;
        [(newer, Want::Newer), (older, Want::Older)]
            .into_iter()
            .filter(|(wanted, _)| *wanted)
            .map(|(_, want)| want)
            .collect()
    }

    /// Moves; the rows to ask for, if it goes to an end that is not held.
    pub fn go(&mut self, motion: Motion, height: usize) -> Option<Want> {
        match motion {
            Motion::By(rows) => self.move_by(rows, height),
            Motion::Pages(screens) => self.page(screens, height),
            Motion::First => return self.go_first(height),
            Motion::Last => return self.go_last(height),
        }
        None
    }

    /// Moves the cursor by so many rows, as far as rows are held.
    pub fn move_by(&mut self, rows: isize, height: usize) {
        self.cursor = self.cursor.saturating_add_signed(rows);
        self.fit(height);
    }

    /// Moves by so many screens: the cursor keeps its line on the screen.
    pub fn page(&mut self, screens: isize, height: usize) {
        let step = isize::try_from(height.saturating_sub(1).max(1)).unwrap_or(1) * screens;
        self.top = self.top.saturating_add_signed(step);
        self.move_by(step, height);
    }

    /// Goes to the newest row: at once if it is held, else by asking for it.
    pub fn go_first(&mut self, height: usize) -> Option<Want> {
        self.cursor = 0;
        self.fit(height);
        (!self.at_start || self.replacing() == Some(Fresh::Bottom)).then_some(Want::Fresh(Fresh::Top))
    }

    /// Goes to the oldest row: at once if it is held, else by asking for it.
    pub fn go_last(&mut self, height: usize) -> Option<Want> {
        self.cursor = self.rows.len().saturating_sub(1);
        self.fit(height);
        (!self.at_end || self.replacing() == Some(Fresh::Top)).then_some(Want::Fresh(Fresh::Bottom))
    }

    /// Keeps the cursor on a row and the row on the screen.
    pub fn fit(&mut self, height: usize) {
        self.cursor = self.cursor.min(self.rows.len().saturating_sub(1));
        let height = height.max(1);
        let lowest = (self.cursor + 1).saturating_sub(height);
        self.top = self.top.min(self.rows.len().saturating_sub(height)).clamp(lowest, self.cursor);
    }

    /// Drops rows that are far from the screen. Returns the tasks to be cancelled: their answers would no
    /// longer join up with the rows held.
    pub fn trim(&mut self, height: usize) -> Vec<TaskId> {
        let keep = 2 * chunk(height).max(height);
        let below = self.rows.len().saturating_sub(self.top + height + keep);
        let above = self.top.saturating_sub(keep);
        let mut cancelled = Vec::new();
        if below > 0 {
            self.rows.truncate(self.rows.len() - below);
            self.at_end = false;
            cancelled.extend(self.older.take());
        }
        if above > 0 {
            self.rows.drain(..above);
            (self.cursor, self.top) = (self.cursor - above, self.top - above);
            self.base = self.base.shifted(above as i64);
            self.at_start = false;
            cancelled.extend(self.newer.take());
        }
        cancelled
    }

    /// Takes in an answer; `false` if it is not awaited (any more).
    pub fn answer(&mut self, task: TaskId, answer: Result<Window<R>, Fault>, height: usize) -> bool {
        let Some(want) = self.awaited(task) else {
            return false;
        };
        match answer {
            Ok(window) => self.take_in(want, window, height),
            Err(fault) => self.fault = Some(fault),
        }
        self.fit(height);
        true
    }

    fn awaited(&mut self, task: TaskId) -> Option<Want> {
        if let Some((_, fresh)) = self.fresh.take_if(|(awaited, _)| *awaited == task) {
            Some(Want::Fresh(fresh))
        } else if self.newer.take_if(|awaited| *awaited == task).is_some() {
            Some(Want::Newer)
        } else {
            self.older.take_if(|awaited| *awaited == task).map(|_| Want::Older)
        }
    }

    fn take_in(&mut self, want: Want, window: Window<R>, height: usize) {
        self.fault = None;
        self.loaded = true;
        let total = window.total;
        match want {
            Want::Fresh(fresh) => self.replace(fresh, window, height),
            Want::Newer => self.prepend(window),
            Want::Older => self.append(window),
        }
        self.recount(total);
    }

    fn replace(&mut self, fresh: Fresh, window: Window<R>, height: usize) {
        let (line, selected) = (self.cursor.saturating_sub(self.top), self.selected().map(Placed::key));
        self.rows = window.rows.into();
        (self.at_start, self.at_end, self.outdated) = (window.at_start, window.at_end, false);
        match fresh {
            Fresh::Top => (self.cursor, self.top, self.base) = (0, 0, Base::Unknown),
            Fresh::Bottom => {
                (self.cursor, self.base) = (self.rows.len().saturating_sub(1), Base::Unknown);
                self.top = self.rows.len().saturating_sub(height);
            }
            Fresh::Again => {
                self.cursor = selected.map_or(0, |key| self.place_of(&key, self.cursor));
                self.top = self.cursor.saturating_sub(line);
                self.base = self.base.about(0);
            }
        }
    }

    /// The row with this id, else the one that took its place. In another order than the usual one that is the row at
    /// the same line.
    fn place_of(&self, key: &R::Key, line: usize) -> usize {
        let usual = self.rows.iter().map(Placed::key).is_sorted_by(|one, next| one > next);
        let is_same = |own: R::Key| own == *key || (!usual && own.id() == key.id());
        let same = self.rows.iter().position(|row| is_same(row.key()));
        let next = || self.rows.iter().position(|row| row.key() < *key);
        same.or_else(|| if usual { next() } else { Some(line) }).unwrap_or(self.rows.len())
    }

    fn prepend(&mut self, window: Window<R>) {
        self.at_start = window.at_start || window.rows.is_empty();
        self.forget(&window.rows);
        let count = window.rows.len();
        (self.cursor, self.top) = (self.cursor + count, self.top + count);
        self.base = self.base.shifted(-(count as i64));
        window.rows.into_iter().rev().for_each(|row| self.rows.push_front(row));
    }

    fn append(&mut self, window: Window<R>) {
        self.at_end = window.at_end || window.rows.is_empty();
        self.forget(&window.rows);
        self.rows.extend(window.rows);
    }

    /// Takes out rows that came again at another place: they were changed since.
    fn forget(&mut self, again: &[R]) {
        let again: HashSet<_> = again.iter().map(|row| row.key().id()).collect();
        let moved = |row: &R| again.contains(&row.key().id());
        for at in (0..self.rows.len()).rev().filter(|at| self.rows.get(*at).is_some_and(moved)).collect::<Vec<_>>() {
            self.rows.remove(at);
            self.cursor -= usize::from(at < self.cursor);
            self.top -= usize::from(at < self.top);
        }
    }

    /// Counts again what comes before the first row held. What cannot be counted from an end stays as it was,
    /// moved by the growth of the whole, and is then known only about.
    fn recount(&mut self, total: Total) {
        let before = self.total.replace(total);
        let held = self.rows.len() as u64;
        self.base = match (self.at_start, self.at_end, total) {
            (true, ..) => Base::Exactly(0),
            (_, true, Total::Exactly(all)) => Base::Exactly(all.saturating_sub(held)),
            _ if before == Some(total) => self.base,
            _ => self.base.about(growth(before, total)),
        };
    }
}

impl Base {
    fn shifted(self, by: i64) -> Self {
        match self {
            Self::Exactly(before) => before.checked_add_signed(by).map_or(Self::Unknown, Self::Exactly),
            Self::About(before) => Self::About(before.saturating_add_signed(by)),
            Self::Unknown => Self::Unknown,
        }
    }

    fn about(self, growth: i64) -> Self {
        match self {
            Self::Exactly(before) | Self::About(before) => Self::About(before.saturating_add_signed(growth)),
            Self::Unknown => Self::Unknown,
        }
    }
}

fn growth(before: Option<Total>, now: Total) -> i64 {
    match (before, now) {
        (Some(Total::Exactly(before)), Total::Exactly(now)) => {
            i64::try_from(i128::from(now) - i128::from(before)).unwrap_or_default()
        }
        _ => 0,
    }
}

fn chunk(height: usize) -> usize {
    (CHUNK_SCREENS * height).max(LEAST_CHUNK)
}
