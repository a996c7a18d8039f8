//! A window of the table of work items over one connection or all: newest change first, read from its index, or in another
//! order (see `sorted`).

use jiff::Timestamp;
use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, params_from_iter};

use super::choices::Labels;
use super::feeds::{self, Feed};
use super::found::{self, Found};
use super::problem::Problem;
use super::sorted::Sorted;
use super::{search, total};
use crate::model::connection::ConnectionName;
use crate::model::items::{ItemFilter, ItemKey, ItemRow, ItemWindow, Seek, Sort, Total};
use crate::model::work_item::Value;

/// The reader behind the table: its connection, and what was found last.
pub struct Browser {
    pub(super) db: Connection,
    pub(super) search: Search,
    pub(super) sorted: Sorted,
}

/// The search beside it.
pub struct Search {
    words: search::Words,
    last: Option<LastSearch>,
    /// Whether words are searched for literally, because the index lacks rows and may not be written.
    pub(super) literally: bool,
}

/// The last search result, valid until the next write.
struct LastSearch {
    asked: (Option<String>, Vec<String>),
    data_version: i64,
    found: Found,
}

/// A row's place in the index: change time in Unix seconds, row id.
pub type Place = (i64, i64);

/// Which way the table is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Towards older changes.
    Older,
    /// Towards newer ones.
    Newer,
}

impl Way {
    /// How the next place compares with this one.
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Older => "<",
            Self::Newer => ">",
        }
    }
}

/// One question, resolved: the feeds it covers, the filter and what was found.
pub struct Query<'q> {
    pub(super) db: &'q Connection,
    pub(super) feeds: &'q [Feed],
    pub(super) filter: &'q ItemFilter,
    pub(super) found: Option<&'q Found>,
}

impl Browser {
    /// A reader over `db`.
    pub fn new(db: Connection) -> Result<Self, Problem> {
        let search = Search { words: search::Words::new()?, last: None, literally: false };
        Ok(Self { db, search, sorted: Sorted::default() })
    }

    /// The window of rows that `seek` points at.
    pub fn window(
        &mut self,
        connection: Option<&ConnectionName>,
        filter: &ItemFilter,
        seek: Seek,
        limit: usize,
    ) -> Result<ItemWindow, Problem> {
        let Self { db, search, sorted } = self;
        // One transaction, so that rows, edges and total are consistent.
        let _tx = db.unchecked_transaction()?;
        let feeds = feeds_of(db, connection, filter)?;
        let query = Query::new(db, search, &feeds, filter)?;
        if filter.sort == Sort::default() {
            let (places, at_start, at_end) = query.edges(seek, limit)?;
            let total = total::of(&query)?;
            return Ok(ItemWindow { rows: rows(db, &feeds, &places)?, at_start, at_end, total });
        }
        let (places, at_start, at_end) = sorted.window(&query, seek, limit)?;
        let total = Total::Exactly(sorted.len());
        Ok(ItemWindow { rows: rows(db, &feeds, &places)?, at_start, at_end, total })
    }
}

impl Search {
    fn find(&mut self, db: &Connection, find: &str) -> Result<Option<&Found>, Problem> {
        let search::Wanted { words, mut literals } = search::Wanted::of(find);
        let expression = if self.literally { None } else { self.words.expression(&words)? };
        if expression.is_none() {
            // Only symbols, which are no word: this must not match everything.
            literals.extend(words.split_whitespace().map(str::to_owned));
        }
        if expression.is_none() && literals.is_empty() {
            return Ok(None);
        }
        let asked = (expression, literals);
        let data_version = db.query_row("PRAGMA data_version", [], |row| row.get(0))?;
        let same = |last: &LastSearch| last.asked == asked && last.data_version == data_version;
        if !self.last.as_ref().is_some_and(same) {
            self.last = None;
            let found = found::search(db, asked.0.as_deref(), &asked.1)?;
            self.last = Some(LastSearch { asked, data_version, found });
        }
        Ok(self.last.as_ref().map(|last| &last.found))
    }
}

impl<'q> Query<'q> {
    /// Resolves a question; a search that was run last on the same data is not run again.
    pub fn new(
        db: &'q Connection,
        search: &'q mut Search,
        feeds: &'q [Feed],
        filter: &'q ItemFilter,
    ) -> Result<Self, Problem> {
        let found = search.find(db, &filter.find)?;
        Ok(Query { db, feeds, filter, found })
    }

    /// The places in the window, newest first, and whether it touches the newest and the oldest row.
    fn edges(&self, seek: Seek, limit: usize) -> Result<(Vec<Place>, bool, bool), Problem> {
        let (way, from) = match seek {
            Seek::First => (Way::Older, None),
            Seek::At(key) => (Way::Older, Some(just_before(key))),
            Seek::After(key) => (Way::Older, Some(place(key))),
            Seek::Last => (Way::Newer, None),
            Seek::Before(key) => (Way::Newer, Some(place(key))),
        };
        let mut places = self.walk(way, from, limit + 1)?;
        let ends = places.len() <= limit;
        places.truncate(limit);
        let back = places.first().copied().or(from);
        let begins = match back {
            Some(back) => self.walk(way.back(), Some(back), 1)?.is_empty() && !self.stands_at(from, &places)?,
            None => true,
        };
        if way == Way::Newer {
            places.reverse();
            return Ok((places, ends, begins));
        }
        Ok((places, begins, ends))
    }

    /// Whether an empty window begins at a row that exists itself.
    fn stands_at(&self, from: Option<Place>, places: &[Place]) -> Result<bool, Problem> {
        let Some((time, id)) = from.filter(|_| places.is_empty()) else { return Ok(false) };
        Ok(self.walk(Way::Older, Some((time, id.saturating_add(1))), 1)?.first() == Some(&(time, id)))
    }

    /// Up to `limit` matching places after `from`, in the order of the scan.
    pub fn walk(&self, way: Way, from: Option<Place>, limit: usize) -> Result<Vec<Place>, Problem> {
        let mut places = match self.found {
            Some(Found::Few(entries)) => self.walk_few(entries, way, from),
            _ => self.walk_index(way, from, limit)?,
        };
        match way {
            Way::Older => places.sort_unstable_by(|a, b| b.cmp(a)),
            Way::Newer => places.sort_unstable(),
        }
        places.truncate(limit);
        Ok(places)
    }

    fn walk_few(&self, entries: &[found::Entry], way: Way, from: Option<Place>) -> Vec<Place> {
        let behind = |place: Place| match (way, from) {
            (_, None) => true,
            (Way::Older, Some(from)) => place < from,
            (Way::Newer, Some(from)) => place > from,
        };
        let fits = entries.iter().filter(|entry| self.admits(entry));
        fits.map(|entry| (entry.updated_at, entry.id)).filter(|place| behind(*place)).collect()
    }

    /// Whether a found row is covered by the feeds and the filter.
    pub fn admits(&self, entry: &found::Entry) -> bool {
        let Some(feed) = self.feeds.iter().find(|feed| feed.id == entry.feed) else { return false };
        let states = self.filter.states_of(feed.kind);
        let ItemFilter { priorities, groups, assignees, opened_since, opened_before, .. } = self.filter;
        let opened = |fits: &dyn Fn(i64) -> bool| entry.opened_at.is_some_and(fits);
        self.filter.open.is_none_or(|open| open == entry.open)
            && self.filter.removed().is_none_or(|removed| removed == entry.removed)
            && (states.is_empty() || states.contains(&entry.state.as_str()))
            && (priorities.is_empty() || priorities.contains(&entry.priority))
            && (groups.is_empty() || groups.contains(&entry.group))
            && (assignees.is_empty() || assignees.contains(&entry.assignee))
            && opened_since.is_none_or(|since| opened(&|at| at >= second_after(since)))
            && opened_before.is_none_or(|before| opened(&|at| at < second_after(before)))
    }

    fn walk_index(&self, way: Way, from: Option<Place>, limit: usize) -> Result<Vec<Place>, Problem> {
        let from = from.unwrap_or(way.outermost());
        let mut places = Vec::new();
        for feed in self.feeds {
            places.extend(self.walk_feed(feed, way, from, limit)?);
        }
        Ok(places)
    }

    fn walk_feed(&self, feed: &Feed, way: Way, (time, id): Place, limit: usize) -> Result<Vec<Place>, Problem> {
        let marks = match self.found {
            Some(Found::Many(marks)) => Some(marks),
            _ => None,
        };
        let condition = Condition::of(self.filter, feed);
        let mut select = self.db.prepare(&way.sql(&condition.sql))?;
        let place: [SqlValue; 2] = [time.into(), id.into()];
        let mut rows = select.query(params_from_iter(condition.values.into_iter().chain(place)))?;
        let mut places = Vec::new();
        while places.len() < limit
            && let Some(row) = rows.next()?
        {
            let place: Place = (row.get(0)?, row.get(1)?);
            if marks.is_none_or(|marks| marks.has(place.1)) {
                places.push(place);
            }
        }
        Ok(places)
    }
}

/// The first whole second that is not before this moment: times of rows are whole seconds.
fn second_after(moment: Timestamp) -> i64 {
    moment.as_second() + i64::from(moment.subsec_nanosecond() > 0)
}

/// The group of a row and whom it is assigned to as they are shown, in the words of the index.
pub const GROUP: &str = "coalesce(fields ->> '$.assignment_group[1]', fields ->> '$.assignment_group')";
/// See [`GROUP`].
pub const ASSIGNEE: &str = "coalesce(fields ->> '$.assigned_to[1]', fields ->> '$.assigned_to')";

/// What the filter asks of the rows of a feed, as SQL over the columns of `work_item`.
pub struct Condition {
    /// The condition; its values come first among the parameters.
    pub sql: String,
    /// The values.
    pub values: Vec<SqlValue>,
}

impl Condition {
    /// Of a feed whose kind the filter admits.
    pub fn of(filter: &ItemFilter, feed: &Feed) -> Self {
        let mut condition = Self { sql: "feed = ?".to_owned(), values: vec![feed.id.into()] };
        if let Some(open) = filter.open {
            condition.and("open = ?", [open.into()]);
        }
        if let Some(removed) = filter.removed() {
            condition.and("(removed_at IS NOT NULL) = ?", [removed.into()]);
        }
        condition.one_of("state", filter.states_of(feed.kind).into_iter());
        condition.one_of("priority", filter.priorities.iter().map(String::as_str));
        condition.one_of(&format!("coalesce({GROUP}, '')"), filter.groups.iter().map(String::as_str));
        condition.one_of(&format!("coalesce({ASSIGNEE}, '')"), filter.assignees.iter().map(String::as_str));
        if let Some(since) = filter.opened_since {
            condition.and("opened_at >= ?", [second_after(since).into()]);
        }
        if let Some(before) = filter.opened_before {
            condition.and("opened_at < ?", [second_after(before).into()]);
        }
        condition
    }

    fn one_of<'v>(&mut self, column: &str, values: impl ExactSizeIterator<Item = &'v str>) {
        if values.len() > 0 {
            let marks = vec!["?"; values.len()].join(", ");
            self.and(&format!("{column} IN ({marks})"), values.map(|value| SqlValue::from(value.to_owned())));
        }
    }

    fn and(&mut self, sql: &str, values: impl IntoIterator<Item = SqlValue>) {
        self.sql.push_str(" AND ");
        self.sql.push_str(sql);
        self.values.extend(values);
    }
}

impl Way {
    fn back(self) -> Self {
        match self {
            Self::Older => Self::Newer,
            Self::Newer => Self::Older,
        }
    }

    fn outermost(self) -> Place {
        match self {
            Self::Older => (i64::MAX, i64::MAX),
            Self::Newer => (i64::MIN, i64::MIN),
        }
    }

    /// Reads the index alone.
    fn sql(self, condition: &str) -> String {
        let (before, order) = match self {
            Self::Older => ("<", "updated_at DESC, id DESC"),
            Self::Newer => (">", "updated_at, id"),
        };
        format!(
            "SELECT updated_at, id FROM work_item INDEXED BY work_item_changed \
             WHERE {condition} AND (updated_at, id) {before} (?, ?) ORDER BY {order}"
        )
    }
}

/// The feeds that may hold what the filter asks for.
pub fn feeds_of(
    db: &Connection,
    connection: Option<&ConnectionName>,
    filter: &ItemFilter,
) -> Result<Vec<Feed>, Problem> {
    let mut feeds = feeds::of(db, connection, None)?;
    feeds.retain(|feed| filter.admits_kind(feed.kind));
    Ok(feeds)
}

/// The place just before this row, so that what comes after it begins with the row itself.
fn just_before(key: ItemKey) -> Place {
    (key.updated_at.as_second(), key.row_id.saturating_add(1))
}

fn place(key: ItemKey) -> Place {
    (key.updated_at.as_second(), key.row_id)
}

fn rows(db: &Connection, feeds: &[Feed], places: &[Place]) -> Result<Vec<ItemRow>, Problem> {
    let shown = |name| format!("coalesce(fields ->> '$.{name}[1]', fields ->> '$.{name}')");
    let [assignee, group, computer] = ["assigned_to", "assignment_group", "configuration_item"].map(shown);
    let mut select = db.prepare(&format!(
        "SELECT feed, number, title, state, state_label, priority, priority_label, open, removed_at, opened_at, \
         {assignee}, {group}, {computer}, source_id FROM work_item WHERE id = ?1"
    ))?;
    let labels = feeds.iter().map(|feed| Labels::of(db, feed.id)).collect::<Result<Vec<_>, _>>()?;
    let mut out = Vec::with_capacity(places.len());
    for (time, id) in places {
        let mut rows = select.query([id])?;
        let Some(row) = rows.next()? else { continue };
        let feed_id: i64 = row.get(0)?;
        let Some((feed, labels)) = feeds.iter().zip(&labels).find(|(feed, _)| feed.id == feed_id) else { continue };
        out.push(ItemRow {
            key: ItemKey { updated_at: Timestamp::from_second(*time)?, row_id: *id },
            connection: feed.connection.clone(),
            kind: feed.kind,
            source_id: row.get(13)?,
            number: row.get(1)?,
            title: row.get(2)?,
            state: labels.state(Value { value: row.get(3)?, label: row.get(4)? }),
            priority: labels.priority(Value { value: row.get(5)?, label: row.get(6)? }),
            open: row.get(7)?,
            removed_at: moment(row.get(8)?)?,
            opened_at: moment(row.get(9)?)?,
            assignee: row.get::<_, Option<String>>(10)?.unwrap_or_default(),
            group: row.get::<_, Option<String>>(11)?.unwrap_or_default(),
            computer: row.get::<_, Option<String>>(12)?.unwrap_or_default(),
        });
    }
    Ok(out)
}

fn moment(second: Option<i64>) -> Result<Option<Timestamp>, Problem> {
    Ok(second.map(Timestamp::from_second).transpose()?)
}
