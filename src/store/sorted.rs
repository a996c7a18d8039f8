//! The table in another order than by the newest change: all places that match are sorted once, and windows are cut from
//! them as long as nothing was written.

use std::collections::{HashMap, HashSet};

use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, params, params_from_iter};

use super::choices::Labels;
use super::feeds::Feed;
use super::found::Found;
use super::problem::Problem;
use super::window::{Condition, Place, Query};
use crate::model::items::{ItemColumn, ItemFilter, Seek, Sort};
use crate::model::priority;
use crate::model::work_item::Value;

/// The places that were sorted last.
#[derive(Default)]
pub struct Sorted {
    asked: Option<(ItemFilter, Vec<i64>)>,
    data_version: i64,
    places: Vec<Place>,
    /// How often was sorted.
    #[cfg(test)]
    pub times: usize,
}

impl Sorted {
    /// The places in the window, and whether it touches the first and the last row. A row that is no longer there is looked
    /// for where it was.
    pub fn window(&mut self, query: &Query<'_>, seek: Seek, limit: usize) -> Result<(Vec<Place>, bool, bool), Problem> {
        let before = self.refresh(query)?;
        let all = self.places.len();
        let place_in = |places: &[Place], id: i64| places.iter().position(|place| place.1 == id);
        let at = |id: i64| {
            let gone = || place_in(&before, id).map(|at| (at.min(all), false));
            place_in(&self.places, id).map(|at| (at, true)).or_else(gone).unwrap_or((0, false))
        };
        let (from, to) = match seek {
            Seek::First => (0, limit),
            Seek::Last => (all.saturating_sub(limit), all),
            Seek::At(key) => (at(key.row_id).0, at(key.row_id).0.saturating_add(limit)),
            Seek::After(key) => {
                let (at, is_there) = at(key.row_id);
                let from = at + usize::from(is_there);
                (from, from.saturating_add(limit))
            }
            Seek::Before(key) => (at(key.row_id).0.saturating_sub(limit), at(key.row_id).0),
        };
        let to = to.min(all);
        let from = from.min(to);
        Ok((self.places.get(from..to).unwrap_or_default().to_vec(), from == 0, to == all))
    }

    /// How many rows match.
    pub fn len(&self) -> u64 {
        self.places.len() as u64
    }

    /// Sorts anew where something else is asked for or something was written; the places from before, if they were
    /// sorted in the same way.
    fn refresh(&mut self, query: &Query<'_>) -> Result<Vec<Place>, Problem> {
        let asked = Some((query.filter.clone(), query.feeds.iter().map(|feed| feed.id).collect()));
        let data_version = query.db.query_row("PRAGMA data_version", [], |row| row.get(0))?;
        let same = self.asked == asked;
        if same && self.data_version == data_version {
            return Ok(Vec::new());
        }
        self.asked = None;
        #[cfg(test)]
        {
            self.times += 1;
        }
        let places = sort(query)?;
        let before = std::mem::replace(&mut self.places, places);
        (self.asked, self.data_version) = (asked, data_version);
        Ok(if same { before } else { Vec::new() })
    }
}

/// All places that match, in the order that the filter asks for.
pub fn sort(query: &Query<'_>) -> Result<Vec<Place>, Problem> {
    let order = Order::of(query)?;
    let parts: Vec<_> = query.feeds.iter().map(|feed| order.select(query.filter, feed)).collect();
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    let (parts, values): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
    let sql = format!(
        "SELECT updated_at, id FROM ({}) ORDER BY {}, updated_at DESC, id DESC",
        parts.join(" UNION ALL "),
        order.terms()
    );
    let mut select = query.db.prepare(&sql)?;
    let mut rows = select.query(params_from_iter(values.into_iter().flatten()))?;
    let few: Option<HashSet<i64>> = match query.found {
        Some(Found::Few(entries)) => Some(entries.iter().map(|entry| entry.id).collect()),
        _ => None,
    };
    let is_found = |id: i64| match (query.found, &few) {
        (Some(Found::Many(marks)), _) => marks.has(id),
        (_, Some(few)) => few.contains(&id),
        _ => true,
    };
    let mut places = Vec::new();
    while let Some(row) = rows.next()? {
        let place: Place = (row.get(0)?, row.get(1)?);
        if is_found(place.1) {
            places.push(place);
        }
    }
    Ok(places)
}

/// How rows are compared.
struct Order {
    sort: Sort,
    /// The rank of each choice of each feed, for columns of choices.
    ranks: HashMap<i64, Vec<(String, i64)>>,
}

impl Order {
    fn of(query: &Query<'_>) -> Result<Self, Problem> {
        let sort = query.filter.sort;
        let ranks = match sort.column {
            ItemColumn::State => ranks(query.db, query.feeds, "state", by_label)?,
            ItemColumn::Priority => ranks(query.db, query.feeds, "priority", priority::sort)?,
            _ => HashMap::new(),
        };
        Ok(Self { sort, ranks })
    }

    /// The rows of a feed with what they are compared by: `k` and `l`, both NULL where there is nothing.
    fn select(&self, filter: &ItemFilter, feed: &Feed) -> (String, Vec<SqlValue>) {
        let (k, l, mut values) = self.keys(feed);
        let condition = Condition::of(filter, feed);
        values.extend(condition.values);
        (format!("SELECT updated_at, id, {k} AS k, {l} AS l FROM work_item WHERE {}", condition.sql), values)
    }

    fn keys(&self, feed: &Feed) -> (String, &'static str, Vec<SqlValue>) {
        let plain = |key: &str| (key.to_owned(), "0", Vec::new());
        let shown = |name: &str| format!("nullif(coalesce(fields ->> '$.{name}[1]', fields ->> '$.{name}'), '')");
        match self.sort.column {
            ItemColumn::Kind => (format!("{}", feed.kind as u8), "0", Vec::new()),
            // Numbers behind the same letters compare as numbers.
            ItemColumn::Number => {
                let digits = "CAST(substr(number, length(rtrim(number, '0123456789')) + 1) AS INTEGER)";
                ("rtrim(number, '0123456789')".to_owned(), digits, Vec::new())
            }
            ItemColumn::Title => plain("nullif(title, '')"),
            ItemColumn::State => self.rank("state", feed),
            ItemColumn::Priority => self.rank("priority", feed),
            ItemColumn::Assignee => plain(&shown("assigned_to")),
            ItemColumn::Group => plain(&shown("assignment_group")),
            ItemColumn::Computer => plain(&shown("configuration_item")),
            ItemColumn::Opened => plain("opened_at"),
            ItemColumn::Changed => plain("updated_at"),
        }
    }

    fn rank(&self, column: &str, feed: &Feed) -> (String, &'static str, Vec<SqlValue>) {
        let ranks = self.ranks.get(&feed.id).map(Vec::as_slice).unwrap_or_default();
        if ranks.is_empty() {
            return ("NULL".to_owned(), "0", Vec::new());
        }
        let cases = " WHEN ? THEN ?".repeat(ranks.len());
        let values = ranks.iter().flat_map(|(value, rank)| [SqlValue::from(value.clone()), (*rank).into()]);
        (format!("CASE {column}{cases} END"), "0", values.collect())
    }

    /// What is empty stands last, whichever way round.
    fn terms(&self) -> String {
        let way = if self.sort.column.is_moment() != self.sort.reversed { "DESC" } else { "ASC" };
        format!("k IS NULL, k COLLATE NOCASE {way}, l {way}")
    }
}

/// The rank of every choice among those of all feeds; one that is empty has none.
fn ranks(
    db: &Connection,
    feeds: &[Feed],
    column: &str,
    sort: fn(&mut [(Value, ())]),
) -> Result<HashMap<i64, Vec<(String, i64)>>, Problem> {
    let mut all: Vec<(i64, Value)> = Vec::new();
    for feed in feeds {
        let labels = Labels::of(db, feed.id)?;
        let sql = format!("SELECT {column}, max({column}_label) FROM item_count WHERE feed = ?1 GROUP BY {column}");
        let mut select = db.prepare(&sql)?;
        let mut rows = select.query(params![feed.id])?;
        while let Some(row) = rows.next()? {
            let choice = Value::labelled(row.get::<_, String>(0)?, row.get::<_, String>(1)?);
            let choice = if column == "state" { labels.state(choice) } else { labels.priority(choice) };
            if !choice.shown().trim().is_empty() {
                all.push((feed.id, choice));
            }
        }
    }
    let mut order: Vec<_> = all.iter().map(|(_, choice)| (choice.clone(), ())).collect();
    sort(&mut order);
    order.dedup_by(|one, other| one.0.shown() == other.0.shown());
    let rank = |choice: &Value| order.iter().position(|(other, ())| other.shown() == choice.shown());
    let mut ranks: HashMap<i64, Vec<(String, i64)>> = HashMap::new();
    for (feed, choice) in &all {
        let rank = rank(choice).and_then(|rank| i64::try_from(rank).ok()).unwrap_or(i64::MAX);
        ranks.entry(*feed).or_default().push((choice.value.clone(), rank));
    }
    Ok(ranks)
}

fn by_label(states: &mut [(Value, ())]) {
    states.sort_by_cached_key(|(state, ())| state.shown().to_lowercase());
}
