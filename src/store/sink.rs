//! What the store keeps and tells for sinks: changes of the connections that feed one, how far one is behind, its state,
//! and the activity log in its order. Sinks know a connection by one name for ever, also after it was renamed.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::changes::{self, Changed, KNOWN_AS, Portion, Take, What};
use super::choices::Labels;
use super::problem::Problem;
use super::search;
use super::{Pending, Store, reading};
use crate::model::fault::Fault;
use crate::model::fields::{Fields, NoFields};
use crate::model::item_ref::{ChoiceRef, ItemRef};
use crate::model::sending::SinkState;
use crate::model::summary::Activity;
use crate::model::work_item::WorkItemKind;

/// How far the ids of activities may have gone back after a connection and its activities were removed.
const REUSED: i64 = 10_000;

/// How much a sink has not sent yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lag {
    /// Changed work items.
    pub rows: u64,
    /// When the oldest of these changes was made, or since when it waits at least, where that is known.
    pub since: Option<Timestamp>,
}

/// How a workspace stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Sink {
    /// What is kept of it.
    pub state: SinkState,
    /// What it has not been sent yet.
    pub lag: Lag,
}

/// Activities in their order, each with its id and its connection.
pub type Activities = Vec<(i64, String, Activity)>;

impl Store {
    /// Gives at most `limit` entries of the change feed after the number `after`, of these connections only, to `take`, which
    /// gathers them in `into`: each changed work item once, by its last change, and, for consumers that have kept a number, that
    /// all work items of a connection and kind were dropped. A consumer keeps the number of the last change it has handled.
    pub async fn changes_of<T: Send + 'static>(
        &self,
        connections: Vec<String>,
        (after, limit): (i64, usize),
        mut into: T,
        take: Take<T>,
    ) -> Result<(T, Portion), Fault> {
        let read = move |db: &Connection| {
            let portion = changes_of(db, &connections, (after, limit), &mut |entry| take(&mut into, entry))?;
            Ok((into, portion))
        };
        self.reader.run(move |db| reading(db, read)).await
    }

    /// Whether something of these connections was changed after the number `after`.
    pub async fn has_changes(&self, connections: Vec<String>, after: i64) -> Result<bool, Fault> {
        let any = self.changes_of(connections, (after, 1), (), |(), _| Ok(ControlFlow::Break(()))).await?;
        Ok(any.1.last.is_some())
    }

    /// How much of these connections was changed after the number `after`.
    pub async fn lag(&self, connections: Vec<String>, after: i64) -> Result<Lag, Fault> {
        self.reader.run(move |db| reading(db, |db| lag(db, &connections, after))).await
    }

    /// How much was changed of each connection after its number, together.
    pub async fn behind(&self, sent: Vec<(String, i64)>) -> Result<Lag, Fault> {
        self.reader.run(move |db| reading(db, |db| behind(db, &sent))).await
    }

    /// How several workspaces stand, each with the connections that feed it, at one moment of the database.
    pub async fn sinks(&self, workspaces: Vec<(String, Vec<String>)>) -> Result<Vec<Sink>, Fault> {
        let one = |db: &Connection, (workspace, connections): &(String, Vec<String>)| {
            let (state, done) = (state(db, workspace)?, changes::done(db, &consumer(workspace))?);
            // Of a connection that was never sent everything is left.
            let after = |name: &String| (name.clone(), state.fed.get(name).map_or(0, |sent| done.max(*sent)));
            let lag = behind(db, &connections.iter().map(after).collect::<Vec<_>>())?;
            Ok(Sink { state, lag })
        };
        let all = move |db: &Connection| workspaces.iter().map(|workspace| one(db, workspace)).collect();
        self.reader.run(move |db| reading(db, all)).await
    }

    /// What is kept of a workspace; the state of a new one where nothing is.
    pub async fn sink_state(&self, workspace: &str) -> Result<SinkState, Fault> {
        let workspace = workspace.to_owned();
        self.reader.run(move |db| state(db, &workspace)).await
    }

    /// Keeps the state of a workspace, and with `done` the number up to which it is done, in one transaction.
    pub async fn keep_sink(&self, workspace: &str, state: SinkState, done: Option<i64>) -> Result<(), Fault> {
        let workspace = workspace.to_owned();
        self.write(move |tx| keep(tx, &workspace, &state, done)).await
    }

    /// Changes what is kept of a workspace, in one transaction: what another run keeps meanwhile is not lost.
    pub async fn change_sink(
        &self,
        workspace: &str,
        change: impl FnOnce(&mut SinkState) + Send + 'static,
    ) -> Result<(), Fault> {
        let workspace = workspace.to_owned();
        self.write(move |tx| {
            let mut kept = state(tx, &workspace)?;
            change(&mut kept);
            keep(tx, &workspace, &kept, None)
        })
        .await
    }

    /// Forgets what is kept of a workspace that is no longer sent to.
    pub async fn forget_sink(&self, workspace: &str) -> Result<(), Fault> {
        let workspace = workspace.to_owned();
        self.write(move |tx| {
            tx.execute("DELETE FROM sink WHERE workspace = ?1", [&workspace])?;
            tx.execute("DELETE FROM consumer WHERE name = ?1", [consumer(&workspace)])?;
            Ok(())
        })
        .await
    }

    /// The names of the workspaces and of the alert sources of which something is kept.
    pub async fn sinks_and_sources(&self) -> Result<(Vec<String>, Vec<String>), Fault> {
        let names = |db: &Connection, sql: &str| -> Result<Vec<String>, Problem> {
            Ok(db.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
        };
        let both = move |db: &Connection| {
            let sinks = names(db, "SELECT workspace FROM sink ORDER BY workspace")?;
            Ok((sinks, names(db, "SELECT DISTINCT source FROM alert_source ORDER BY source")?))
        };
        self.reader.run(move |db| reading(db, both)).await
    }

    /// Up to which change a workspace is done; 0 for one that is new.
    pub async fn sink_done(&self, workspace: &str) -> Result<i64, Fault> {
        self.consumer_done(&consumer(workspace)).await
    }

    /// Notes up to which change a workspace is done, as [`begin_consumer_done`](Self::begin_consumer_done) does.
    pub async fn begin_sink_done(&self, workspace: &str, done: i64) -> Result<Pending<()>, Fault> {
        self.begin_consumer_done(&consumer(workspace), done).await
    }

    /// At most `limit` activities of these connections that were logged after the one with this id and time.
    pub async fn activities_after(
        &self,
        connections: Vec<String>,
        after: (i64, Option<Timestamp>),
        limit: usize,
    ) -> Result<Activities, Fault> {
        self.reader.run(move |db| reading(db, |db| activities_after(db, &connections, after, limit))).await
    }
}

/// The name of a workspace's consumer.
fn consumer(workspace: &str) -> String {
    format!("workspace:{workspace}")
}

fn list(connections: &[String]) -> Result<String, Problem> {
    Ok(serde_json::to_string(connections)?)
}

/// A kind of a connection.
struct FeedOf {
    connection: String,
    kind: WorkItemKind,
    labels: Labels,
}

impl FeedOf {
    /// Reads a work item by the columns of [`changed_rows`].
    fn item<'r>(&'r self, row: &'r rusqlite::Row<'_>) -> Result<ItemRef<'r>, Problem> {
        let text = |column: usize| Ok::<_, Problem>(row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?);
        let label =
            |column: usize| Ok::<_, Problem>(row.get_ref(column)?.as_str_or_null().map_err(rusqlite::Error::from)?);
        let moment = |second: i64| Timestamp::from_second(second);
        Ok(ItemRef {
            kind: self.kind,
            source_id: text(3)?,
            number: text(4)?,
            title: text(5)?,
            state: self.labels.state_ref(ChoiceRef { value: text(6)?, label: label(7)? }),
            priority: self.labels.priority_ref(ChoiceRef { value: text(8)?, label: label(9)? }),
            opened_at: row.get::<_, Option<i64>>(10)?.map(moment).transpose()?,
            updated_at: moment(row.get(11)?)?,
            fields: Fields::of(text(12)?),
        })
    }
}

fn feeds_of(db: &Connection, connections: &[String]) -> Result<BTreeMap<i64, FeedOf>, Problem> {
    let sql = format!(
        "SELECT f.id, {KNOWN_AS}, f.kind FROM feed f JOIN connection c ON c.id = f.connection \
         WHERE {KNOWN_AS} IN (SELECT value FROM json_each(?1))"
    );
    let mut select = db.prepare(&sql)?;
    let mut rows = select.query([list(connections)?])?;
    let mut feeds = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        let kind = changes::kind_of(&row.get::<_, String>(2)?)?;
        feeds.insert(id, FeedOf { connection: row.get(1)?, kind, labels: Labels::of(db, id)? });
    }
    Ok(feeds)
}

/// The rows of these feeds after a change, in the order of their changes. The plus keeps SQLite from taking the rows by feed and
/// sorting them.
pub(super) fn changed_rows(feeds: &[String]) -> String {
    format!(
        "SELECT w.change, w.feed, w.removed_at, w.source_id, w.number, w.title, w.state, w.state_label, w.priority, \
         w.priority_label, w.opened_at, w.updated_at, w.fields FROM work_item w WHERE w.change > ?1 AND +w.feed IN ({}) \
         ORDER BY w.change LIMIT ?2",
        feeds.join(", ")
    )
}

fn changes_of(
    db: &Connection,
    connections: &[String],
    (after, limit): (i64, usize),
    take: &mut dyn FnMut(Changed<'_>) -> Result<ControlFlow<()>, NoFields>,
) -> Result<Portion, Problem> {
    let feeds = feeds_of(db, connections)?;
    let mut dropped = changes::dropped_after(db, after)?.into_iter().peekable();
    let mut select = db.prepare(&changed_rows(&feeds.keys().map(i64::to_string).collect::<Vec<_>>()))?;
    let mut rows = select.query(params![after, limit as i64])?;
    let (mut portion, mut count) = (Portion::default(), 0);
    loop {
        let row = rows.next()?;
        let change: Option<i64> = row.map(|row| row.get(0)).transpose()?;
        while let Some(gone) = dropped.next_if(|gone| change.is_none_or(|change| gone.change < change)) {
            if !connections.contains(&gone.connection) || count == limit {
                continue;
            }
            (portion.last, count) = (Some(gone.change), count + 1);
            let what = What::Dropped { kind: gone.kind };
            if take(Changed { change: gone.change, connection: &gone.connection, what })?.is_break() {
                return Ok(portion);
            }
        }
        let (Some(row), Some(change)) = (row, change) else { break };
        if count == limit {
            return Ok(portion);
        }
        let Some(feed) = feeds.get(&row.get(1)?) else { continue };
        (portion.last, count) = (Some(change), count + 1);
        let what = What::Item { item: feed.item(row)?, removed_at: row.get(2)? };
        if take(Changed { change, connection: &feed.connection, what })?.is_break() {
            return Ok(portion);
        }
    }
    portion.ended = count < limit;
    Ok(portion)
}

fn lag(db: &Connection, connections: &[String], after: i64) -> Result<Lag, Problem> {
    let feeds = format!(
        "(SELECT f.id FROM feed f JOIN connection c ON c.id = f.connection \
         WHERE {KNOWN_AS} IN (SELECT value FROM json_each(?2)))"
    );
    // Where nothing was sent yet all rows are left, and those are counted already.
    let rows = match after {
        0 => format!("SELECT coalesce(sum(n), 0) FROM item_count WHERE feed IN {feeds}"),
        _ => format!("SELECT count(*) FROM work_item WHERE change > ?1 AND +feed IN {feeds}"),
    };
    let sql = format!("SELECT ({rows}), (SELECT min(change) FROM work_item WHERE change > ?1 AND +feed IN {feeds})");
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, Option<i64>>(1)?));
    let (rows, first) = db.query_row(&sql, params![after, list(connections)?], read)?;
    let Some(first) = first else { return Ok(Lag::default()) };
    // A change before the first time that was noted waits at least since then.
    let sql = "SELECT at FROM change_time ORDER BY change <= ?1 DESC, abs(change - ?1) LIMIT 1";
    let at: Option<i64> = db.query_row(sql, [first], |row| row.get(0)).optional()?;
    Ok(Lag { rows: rows.unsigned_abs(), since: at.map(Timestamp::from_second).transpose()? })
}

/// Connections that are equally far are counted together.
fn behind(db: &Connection, sent: &[(String, i64)]) -> Result<Lag, Problem> {
    let mut by_place: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for (connection, after) in sent {
        by_place.entry(*after).or_default().push(connection.clone());
    }
    let mut all = Lag::default();
    for (after, connections) in by_place {
        let one = lag(db, &connections, after)?;
        all.rows += one.rows;
        all.since = all.since.into_iter().chain(one.since).min();
    }
    Ok(all)
}

/// Notes when changes from this number on were made, for the sinks that there are; once a second is enough.
pub(super) fn note_time(tx: &Transaction<'_>, first: i64, at: i64) -> Result<(), Problem> {
    let sql = "INSERT OR IGNORE INTO change_time SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM consumer WHERE name <> ?3) \
               AND ?2 <> coalesce((SELECT at FROM change_time ORDER BY change DESC LIMIT 1), ?2 - 1)";
    tx.execute(sql, params![first, at, search::CONSUMER])?;
    Ok(())
}

/// Forgets the times of changes that every sink is done with; the newest of them is that of the changes after it.
pub(super) fn forget_times(db: &Connection) -> Result<(), Problem> {
    let sql = "DELETE FROM change_time WHERE change < (SELECT max(change) FROM change_time \
               WHERE change <= 1 + (SELECT min(done) FROM consumer WHERE name <> ?1))";
    db.execute(sql, [search::CONSUMER])?;
    Ok(())
}

fn state(db: &Connection, workspace: &str) -> Result<SinkState, Problem> {
    let sql = "SELECT state FROM sink WHERE workspace = ?1";
    let json: Option<String> = db.query_row(sql, [workspace], |row| row.get(0)).optional()?;
    Ok(json.map(|json| serde_json::from_str(&json)).transpose()?.unwrap_or_default())
}

fn keep(tx: &Transaction<'_>, workspace: &str, state: &SinkState, done: Option<i64>) -> Result<(), Problem> {
    let json = crate::model::redactor::redact_text(&serde_json::to_string(state)?).into_owned();
    let sql = "INSERT INTO sink VALUES (?1, ?2) ON CONFLICT DO UPDATE SET state = excluded.state";
    tx.execute(sql, params![workspace, json])?;
    match done {
        Some(done) => changes::set_done(tx, &consumer(workspace), done),
        None => Ok(()),
    }
}

fn activities_after(
    db: &Connection,
    connections: &[String],
    (after, at): (i64, Option<Timestamp>),
    limit: usize,
) -> Result<Activities, Problem> {
    // Ids may be given again after the newest ones were removed with their connection: the time tells those apart.
    let sql = format!(
        "SELECT a.id, {KNOWN_AS}, a.at, a.event FROM activity a JOIN connection c ON c.id = a.connection \
         WHERE (a.id > ?1 OR (a.id > ?1 - ?2 AND a.at > ?3)) AND {KNOWN_AS} IN (SELECT value FROM json_each(?4)) \
         ORDER BY a.id LIMIT ?5"
    );
    let at = at.map_or_else(|| "9999".to_owned(), |at| at.to_string());
    let mut select = db.prepare(&sql)?;
    let mut rows = select.query(params![after, REUSED, at, list(connections)?, limit as i64])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let at = row.get::<_, String>(2)?.parse()?;
        let event = serde_json::from_str(&row.get::<_, String>(3)?)?;
        all.push((row.get(0)?, row.get(1)?, Activity { at, event }));
    }
    Ok(all)
}
