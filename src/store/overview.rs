//! The numbers behind the charts of the dashboard: days from counters, what is open from its own index.

use std::collections::{BTreeMap, HashMap, VecDeque};

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::choices::Labels;
use super::feeds::{self, Feed};
use super::problem::Problem;
use crate::model::overview::{BANDS, DAYS, Day, MOST, NAMED, OldItem, Overview, Ranking};
use crate::model::work_item::Value;

const DAY_SECONDS: i64 = 86_400;

/// What all connections hold at `now`.
pub fn overview(db: &Connection, now: Timestamp) -> Result<Overview, Problem> {
    let mut overview = Overview { days: vec![Day::default(); DAYS], ..Overview::default() };
    let (mut groups, mut computers) = (Names::default(), Names::default());
    let mut newest: HashMap<String, VecDeque<i64>> = HashMap::new();
    let mut oldest: BTreeMap<(i64, i64), usize> = BTreeMap::new();
    let feeds = feeds::of(db, None, None)?;
    for (at, feed) in feeds.iter().enumerate() {
        count_days(db, feed, now, &mut overview)?;
        let mut select = db.prepare(OPEN)?;
        let mut rows = select.query([feed.id])?;
        while let Some(row) = rows.next()? {
            match row.get::<_, Option<i64>>(0)? {
                Some(opened) => {
                    overview.ages[band(opened, now)] += 1;
                    keep_oldest(&mut oldest, (opened, row.get(1)?), at);
                }
                None => overview.undated += 1,
            }
            groups.add(row.get_ref(2)?.as_str_or_null().ok().flatten());
            let computer = row.get_ref(3)?.as_str_or_null().ok().flatten();
            computers.add(computer);
            keep_newest(&mut newest, computer, row.get(1)?);
        }
    }
    overview.oldest = read(db, &feeds, oldest)?;
    (overview.groups, overview.computers) = (groups.ranking(), computers.ranking());
    overview.computer_items = numbers(db, &overview.computers, &newest)?;
    Ok(overview)
}

/// Reads the index of open items alone, the oldest first.
pub(super) const OPEN: &str = "SELECT opened_at, id, \
     coalesce(fields ->> '$.assignment_group[1]', fields ->> '$.assignment_group'), \
     coalesce(fields ->> '$.configuration_item[1]', fields ->> '$.configuration_item') \
     FROM work_item INDEXED BY work_item_open \
     WHERE feed = ?1 AND open AND removed_at IS NULL ORDER BY opened_at";

/// The number of a day that a table counts.
type Part = fn(&mut Day) -> &mut u64;

/// Keeps the id of an item with those of its computer that come last: they were opened last.
fn keep_newest(newest: &mut HashMap<String, VecDeque<i64>>, computer: Option<&str>, id: i64) {
    let Some(computer) = computer.filter(|name| !name.is_empty()) else { return };
    let ids = match newest.get_mut(computer) {
        Some(ids) => ids,
        None => newest.entry(computer.to_owned()).or_default(),
    };
    if ids.len() == NAMED {
        ids.pop_front();
    }
    ids.push_back(id);
}

/// The numbers of the newest items of the computers with the most.
fn numbers(
    db: &Connection,
    computers: &Ranking,
    newest: &HashMap<String, VecDeque<i64>>,
) -> Result<BTreeMap<String, Vec<String>>, Problem> {
    let mut select = db.prepare("SELECT number FROM work_item WHERE id = ?1")?;
    let mut all = BTreeMap::new();
    for (name, _) in &computers.most {
        let ids = newest.get(name).into_iter().flatten().rev();
        let numbers = ids.map(|id| select.query_row([id], |row| row.get(0))).collect::<Result<_, _>>()?;
        all.insert(name.clone(), numbers);
    }
    Ok(all)
}

fn count_days(db: &Connection, feed: &Feed, now: Timestamp, overview: &mut Overview) -> Result<(), Problem> {
    let today = now.as_second().div_euclid(DAY_SECONDS);
    let first = today - (DAYS as i64 - 1);
    let columns: [(&str, Part); 2] = [("item_day", |day| &mut day.opened), ("item_end", |day| &mut day.resolved)];
    for (table, count) in columns {
        let mut select =
            db.prepare(&format!("SELECT day, n FROM {table} WHERE feed = ?1 AND day BETWEEN ?2 AND ?3"))?;
        let mut rows = select.query(params![feed.id, first, today])?;
        while let Some(row) = rows.next()? {
            let at = usize::try_from(row.get::<_, i64>(0)? - first).ok();
            let counted = row.get::<_, i64>(1)?.unsigned_abs();
            let Some(at) = at.filter(|at| *at < overview.days.len()) else { continue };
            *count(&mut overview.days[at]) += counted;
            if table == "item_day" {
                overview.created.entry(feed.kind).or_insert_with(|| vec![0; DAYS])[at] += counted;
            }
        }
    }
    Ok(())
}

/// The band of an item that was opened at this second.
fn band(opened: i64, now: Timestamp) -> usize {
    let days = now.as_second().saturating_sub(opened).div_euclid(DAY_SECONDS);
    BANDS.iter().position(|end| days < *end).unwrap_or(BANDS.len())
}

/// Keeps a place, with the feed that it belongs to, while it is among the oldest.
fn keep_oldest(oldest: &mut BTreeMap<(i64, i64), usize>, place: (i64, i64), feed: usize) {
    let is_late = || oldest.last_key_value().is_some_and(|(last, _)| *last < place);
    if oldest.len() >= MOST && is_late() {
        return;
    }
    oldest.insert(place, feed);
    if oldest.len() > MOST {
        oldest.pop_last();
    }
}

fn read(db: &Connection, feeds: &[Feed], oldest: BTreeMap<(i64, i64), usize>) -> Result<Vec<OldItem>, Problem> {
    let labels = feeds.iter().map(|feed| Labels::of(db, feed.id)).collect::<Result<Vec<_>, _>>()?;
    let mut select = db.prepare("SELECT number, title, priority, priority_label FROM work_item WHERE id = ?1")?;
    let mut items = Vec::new();
    for ((opened, id), at) in oldest {
        let (Some(feed), Some(labels)) = (feeds.get(at), labels.get(at)) else { continue };
        let opened_at = Timestamp::from_second(opened)?;
        items.push(select.query_row([id], |row| {
            Ok(OldItem {
                connection: feed.connection.clone(),
                kind: feed.kind,
                number: row.get(0)?,
                title: row.get(1)?,
                priority: labels.priority(Value { value: row.get(2)?, label: row.get(3)? }),
                opened_at,
            })
        })?);
    }
    Ok(items)
}

/// Counts by name.
#[derive(Default)]
struct Names {
    counts: HashMap<String, u64>,
    without: u64,
}

impl Names {
    fn add(&mut self, name: Option<&str>) {
        let Some(name) = name.filter(|name| !name.is_empty()) else {
            self.without += 1;
            return;
        };
        match self.counts.get_mut(name) {
            Some(count) => *count += 1,
            None => drop(self.counts.insert(name.to_owned(), 1)),
        }
    }

    fn ranking(self) -> Ranking {
        let mut most: Vec<_> = self.counts.into_iter().collect();
        most.sort_unstable_by(|(one, n), (other, m)| m.cmp(n).then_with(|| one.cmp(other)));
        let more = most.len().saturating_sub(MOST);
        most.truncate(MOST);
        Ranking { most, more, without: self.without }
    }
}
