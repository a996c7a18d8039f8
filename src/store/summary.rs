//! What a tile shows, read from the counters.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::choices::Labels;
use super::problem::Problem;
use super::{damage, feeds, notes, plan};
use crate::model::connection::ConnectionName;
use crate::model::finding::SyncFinding;
use crate::model::priority;
use crate::model::summary::{KindSummary, Summary, TREND_DAYS};
use crate::model::work_item::Value;

/// The summary of a connection; an empty one, if nothing of it is stored.
pub fn summary(db: &Connection, connection: &ConnectionName, now: Timestamp) -> Result<Summary, Problem> {
    let mut summary = standing(db, connection)?;
    let lost_with = damage::lost_with(db, connection)?;
    summary.findings.extend(lost_with.map(|kept_as| SyncFinding::Rebuilt { kept_as }));
    for feed in feeds::of(db, Some(connection), None)? {
        summary.findings.extend(from_future(db, &feed, now)?);
        summary.findings.extend(hidden_columns(db, &feed)?);
        summary.kinds.insert(feed.kind, kind_summary(db, feed.id, now)?);
    }
    Ok(summary)
}

/// A change further in the future than this was written in a wrong time zone, or with a wrong clock.
const AHEAD_SECONDS: i64 = 900;

/// That the newest change lies in the future.
fn from_future(db: &Connection, feed: &feeds::Feed, now: Timestamp) -> Result<Option<SyncFinding>, Problem> {
    let sql = "SELECT max(updated_at) FROM work_item WHERE feed = ?1";
    let newest: Option<i64> = db.query_row(sql, [feed.id], |row| row.get(0))?;
    let newest = newest.filter(|newest| *newest > now.as_second().saturating_add(AHEAD_SECONDS));
    let newest = newest.map(Timestamp::from_second).transpose()?;
    Ok(newest.map(|newest| SyncFinding::ChangedInFuture { kind: feed.kind, newest, setting: None }))
}

/// The finding of hidden columns: the sync that noticed them may have been killed before its report.
fn hidden_columns(db: &Connection, feed: &feeds::Feed) -> Result<Option<SyncFinding>, Problem> {
    let columns: Vec<_> = notes::of_feed(db, feed.id)?.hidden.into_iter().collect();
    Ok((!columns.is_empty()).then_some(SyncFinding::HiddenColumn { kind: feed.kind, columns }))
}

fn standing(db: &Connection, connection: &ConnectionName) -> Result<Summary, Problem> {
    let sql = "SELECT sign_in, last_sync, last_complete, signed_in_as, signed_out, client_secret_expires FROM connection WHERE name = ?1";
    let found = db
        .query_row(sql, [connection.as_str()], |row| {
            let text = |column| row.get::<_, Option<String>>(column);
            Ok((text(0)?, text(1)?, row.get::<_, Option<i64>>(2)?, [text(3)?, text(4)?, text(5)?]))
        })
        .optional()?;
    let Some((sign_in, last_sync, last_complete, [signed_in_as, signed_out, expires])) = found else {
        return Ok(Summary::default());
    };
    Ok(Summary {
        kinds: BTreeMap::new(),
        sign_in: sign_in.map(|json| serde_json::from_str(&json)).transpose()?,
        last_sync: last_sync.map(|json| serde_json::from_str(&json)).transpose()?,
        signed_in_as: signed_in_as.map(|json| serde_json::from_str(&json)).transpose()?,
        signed_out: signed_out.map(|json| serde_json::from_str(&json)).transpose()?,
        client_secret_expires: expires.map(|at| at.parse()).transpose()?,
        last_complete: last_complete.map(Timestamp::from_second).transpose()?,
        findings: Vec::new(),
    })
}

fn kind_summary(db: &Connection, feed: i64, now: Timestamp) -> Result<KindSummary, Problem> {
    let mut select = db.prepare(
        "SELECT state, state_label, priority, priority_label, open, n, removed FROM item_count WHERE feed = ?1",
    )?;
    let mut rows = select.query([feed])?;
    let (sweep, gap) = plan::swept(db, feed)?;
    let mut summary = KindSummary { trend: trend(db, feed, now)?, sweep, gap, ..KindSummary::default() };
    let (mut states, mut priorities) = (Groups::default(), Groups::default());
    let (mut open_states, mut open_priorities) = (Groups::default(), Groups::default());
    while let Some(row) = rows.next()? {
        let n = row.get::<_, i64>(5)?.unsigned_abs();
        if row.get(6)? {
            summary.removed += n;
            continue;
        }
        summary.total += n;
        if row.get(4)? {
            summary.open += n;
            open_states.add(row.get(0)?, row.get(1)?, n);
            open_priorities.add(row.get(2)?, row.get(3)?, n);
        }
        states.add(row.get(0)?, row.get(1)?, n);
        priorities.add(row.get(2)?, row.get(3)?, n);
    }
    let labels = Labels::of(db, feed)?;
    summary.by_state = states.by_state(&labels);
    summary.by_priority = priorities.by_priority(&labels);
    summary.open_by_state = open_states.by_state(&labels);
    summary.open_by_priority = open_priorities.by_priority(&labels);
    Ok(summary)
}

/// Counts by value; of several labels of one value the most frequent is shown.
#[derive(Default)]
struct Groups(BTreeMap<String, BTreeMap<String, u64>>);

impl Groups {
    fn add(&mut self, value: String, label: String, n: u64) {
        *self.0.entry(value).or_default().entry(label).or_default() += n;
    }

    /// By state, most first.
    fn by_state(self, labels: &Labels) -> Vec<(Value, u64)> {
        let mut counts = self.into_counts();
        counts.iter_mut().for_each(|(state, _)| *state = labels.state(std::mem::take(state)));
        counts.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
        counts
    }

    /// By priority, the most urgent first.
    fn by_priority(self, labels: &Labels) -> Vec<(Value, u64)> {
        let mut counts = self.into_counts();
        counts.iter_mut().for_each(|(priority, _)| *priority = labels.priority(std::mem::take(priority)));
        priority::sort(&mut counts);
        counts
    }

    fn into_counts(self) -> Vec<(Value, u64)> {
        let count = |(value, labels): (String, BTreeMap<String, u64>)| {
            let n = labels.values().sum();
            let label = labels.into_iter().max_by_key(|(_, n)| *n).map(|(label, _)| label).unwrap_or_default();
            (Value::labelled(value, label), n)
        };
        self.0.into_iter().map(count).collect()
    }
}

fn trend(db: &Connection, feed: i64, now: Timestamp) -> Result<Vec<u64>, Problem> {
    let today = now.as_second().div_euclid(86_400);
    let first = today - (TREND_DAYS as i64 - 1);
    let mut trend = vec![0; TREND_DAYS];
    let mut select = db.prepare("SELECT day, n FROM item_day WHERE feed = ?1 AND day BETWEEN ?2 AND ?3")?;
    let mut rows = select.query(params![feed, first, today])?;
    while let Some(row) = rows.next()? {
        let day: i64 = row.get(0)?;
        if let Some(place) = usize::try_from(day - first).ok().and_then(|index| trend.get_mut(index)) {
            *place = row.get::<_, i64>(1)?.unsigned_abs();
        }
    }
    Ok(trend)
}
