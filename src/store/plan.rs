//! How far the sync of each kind is: its watermark, and the slices of a run that has not ended yet.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::problem::Problem;
use crate::model::connection::ConnectionName;
use crate::model::sweep::{Gap, SweepRecord};
use crate::model::sync::Window;
use crate::model::work_item::{Cursor, WorkItemKind};

/// The stored state of the sync of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SyncState {
    /// Everything changed from here on ...
    pub scope_from: Option<Timestamp>,
    /// ... up to here is stored; `None` before the first complete run.
    pub watermark: Option<Timestamp>,
    /// The run that has not ended yet, if there is one.
    pub plan: Option<Plan>,
    /// The newest stored row that the product has shown. If an increment does not meet it again, or a newer version of it, the
    /// product was restored.
    pub newest: Option<Cursor>,
    /// The last sweep that came to its end.
    pub sweep: Option<SweepRecord>,
    /// The gap that a sweep must close.
    pub gap: Option<Gap>,
}

/// A run in progress: its slices and their positions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The earliest change time it covers, once it has ended.
    pub from: Timestamp,
    /// When it was made, by this machine's clock.
    pub planned_at: Timestamp,
    /// Its slices, by number.
    pub slices: Vec<Slice>,
}

/// One span of change times, read page by page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// The span.
    pub window: Window,
    /// How far it is.
    pub checkpoint: SliceCheckpoint,
}

/// How far a slice is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SliceCheckpoint {
    /// Which slice of the plan.
    pub slice: u32,
    /// The last row stored.
    pub after: Option<Cursor>,
    /// Rows to pass over after it, all of them hidden.
    pub offset: u64,
    /// Rows of the slice that are hidden from this user.
    pub hidden: u64,
    /// Whether it was read to its end.
    pub done: bool,
}

impl Slice {
    /// A new slice.
    pub fn new(number: u32, window: Window) -> Self {
        let checkpoint = SliceCheckpoint { slice: number, after: None, offset: 0, hidden: 0, done: false };
        Self { window, checkpoint }
    }
}

/// The feed's id; it must exist.
pub fn feed_id(db: &Connection, connection: &ConnectionName, kind: WorkItemKind) -> Result<i64, Problem> {
    find_feed(db, connection, kind)?.ok_or(Problem::Unexpected("the sync was not planned"))
}

/// When the run that fetches everything again was planned; `None` in an increment.
pub fn whole_since(db: &Connection, feed: i64) -> Result<Option<i64>, Problem> {
    let sql = "SELECT planned_at FROM feed WHERE id = ?1 AND watermark IS NULL";
    Ok(db.query_row(sql, [feed], |row| row.get(0)).optional()?.flatten())
}

/// The feed's id, if it was ever planned.
pub fn find_feed(db: &Connection, connection: &ConnectionName, kind: WorkItemKind) -> Result<Option<i64>, Problem> {
    let sql = "SELECT f.id FROM feed f JOIN connection c ON c.id = f.connection WHERE c.name = ?1 AND f.kind = ?2";
    Ok(db.query_row(sql, params![connection.as_str(), kind.id()], |row| row.get(0)).optional()?)
}

/// The connection's id, made where it is new.
pub fn connection_id(tx: &Connection, connection: &ConnectionName) -> Result<i64, Problem> {
    tx.execute("INSERT INTO connection (name) VALUES (?1) ON CONFLICT DO NOTHING", [connection.as_str()])?;
    Ok(tx.query_row("SELECT id FROM connection WHERE name = ?1", [connection.as_str()], |row| row.get(0))?)
}

/// The state of the sync of this kind; empty if it was never planned.
pub fn state(db: &Connection, connection: &ConnectionName, kind: WorkItemKind) -> Result<SyncState, Problem> {
    let Some(feed) = find_feed(db, connection, kind)? else { return Ok(SyncState::default()) };
    let sql = "SELECT scope_from, watermark, plan_from, planned_at FROM feed WHERE id = ?1";
    let (scope, watermark, from, at) = db.query_row(sql, [feed], |row| {
        Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Option<String>>(1)?, row.get(2)?, row.get(3)?))
    })?;
    let plan = match (from, at) {
        (Some(from), Some(at)) => Some(Plan {
            from: Timestamp::from_second(from)?,
            planned_at: Timestamp::from_second(at)?,
            slices: slices(db, feed)?,
        }),
        _ => None,
    };
    let scope_from = scope.map(Timestamp::from_second).transpose()?;
    let (sweep, gap) = swept(db, feed)?;
    let watermark = watermark.map(|text| text.parse()).transpose()?;
    Ok(SyncState { scope_from, watermark, plan, newest: newest(db, feed)?, sweep, gap })
}

/// The last sweep of a feed, and its gap.
pub fn swept(db: &Connection, feed: i64) -> Result<(Option<SweepRecord>, Option<Gap>), Problem> {
    let sql = "SELECT sweep, gap FROM feed WHERE id = ?1";
    let (sweep, gap) =
        db.query_row(sql, [feed], |row| Ok((row.get::<_, Option<String>>(0)?, row.get::<_, Option<String>>(1)?)))?;
    let sweep = sweep.map(|json| serde_json::from_str(&json)).transpose()?;
    Ok((sweep, gap.map(|json| serde_json::from_str(&json)).transpose()?))
}

/// Stores the gap of a feed, or that it has none.
pub fn set_gap(tx: &Transaction<'_>, feed: i64, gap: Option<&Gap>) -> Result<(), Problem> {
    let json = gap.map(serde_json::to_string).transpose()?;
    tx.execute("UPDATE feed SET gap = ?2 WHERE id = ?1", params![feed, json])?;
    Ok(())
}

fn newest(db: &Connection, feed: i64) -> Result<Option<Cursor>, Problem> {
    let sql = "SELECT updated_at, source_id FROM work_item WHERE id = (\
               SELECT id FROM work_item INDEXED BY work_item_changed WHERE feed = ?1 AND removed_at IS NULL \
               AND unseen IS NULL AND stamped ORDER BY updated_at DESC, id DESC LIMIT 1)";
    let read = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get(1)?));
    let Some((updated_at, source_id)) = db.query_row(sql, [feed], read).optional()? else { return Ok(None) };
    Ok(Some(Cursor { updated_at: Timestamp::from_second(updated_at)?, source_id }))
}

fn slices(db: &Connection, feed: i64) -> Result<Vec<Slice>, Problem> {
    let mut select = db.prepare(
        "SELECT number, from_time, before_time, after_time, after_id, offset, hidden, done \
         FROM slice WHERE feed = ?1 ORDER BY number",
    )?;
    let mut rows = select.query([feed])?;
    let mut slices = Vec::new();
    while let Some(row) = rows.next()? {
        slices.push(read_slice(row)?);
    }
    Ok(slices)
}

fn read_slice(row: &Row<'_>) -> Result<Slice, Problem> {
    let time = |text: Option<String>| text.map(|text| text.parse::<Timestamp>()).transpose();
    let from = row.get::<_, String>(1)?.parse()?;
    let after = time(row.get(3)?)?.zip(row.get::<_, Option<String>>(4)?);
    Ok(Slice {
        window: Window { from, before: time(row.get(2)?)? },
        checkpoint: SliceCheckpoint {
            slice: row.get(0)?,
            after: after.map(|(updated_at, source_id)| Cursor { updated_at, source_id }),
            offset: row.get::<_, i64>(5)?.unsigned_abs(),
            hidden: row.get::<_, i64>(6)?.unsigned_abs(),
            done: row.get(7)?,
        },
    })
}

/// Stores a new plan, replacing any older one. `full` clears the watermark: the plan covers everything.
pub fn begin(
    tx: &Transaction<'_>,
    connection: &ConnectionName,
    kind: WorkItemKind,
    plan: &Plan,
    full: bool,
) -> Result<(), Problem> {
    let connection_id = connection_id(tx, connection)?;
    let insert = "INSERT INTO feed (connection, kind) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    tx.execute(insert, params![connection_id, kind.id()])?;
    let feed = feed_id(tx, connection, kind)?;
    let sql = "UPDATE feed SET plan_from = ?2, planned_at = ?3, watermark = iif(?4, NULL, watermark) WHERE id = ?1";
    tx.execute(sql, params![feed, plan.from.as_second(), plan.planned_at.as_second(), full])?;
    tx.execute("DELETE FROM slice WHERE feed = ?1", [feed])?;
    let mut insert = tx.prepare("INSERT INTO slice (feed, number, from_time, before_time) VALUES (?1, ?2, ?3, ?4)")?;
    for slice in &plan.slices {
        let before = slice.window.before.map(|time| time.to_string());
        insert.execute(params![feed, slice.checkpoint.slice, slice.window.from.to_string(), before])?;
        move_checkpoint(tx, feed, &slice.checkpoint)?;
    }
    Ok(())
}

/// Stores the position of a slice.
pub fn move_checkpoint(tx: &Transaction<'_>, feed: i64, checkpoint: &SliceCheckpoint) -> Result<(), Problem> {
    let sql = "UPDATE slice SET after_time = ?3, after_id = ?4, offset = ?5, hidden = ?6, done = ?7 \
               WHERE feed = ?1 AND number = ?2";
    let (time, id) = match &checkpoint.after {
        Some(cursor) => (Some(cursor.updated_at.to_string()), Some(cursor.source_id.as_str())),
        None => (None, None),
    };
    let (offset, hidden) = (checkpoint.offset as i64, checkpoint.hidden as i64);
    let moved = tx.execute(sql, params![feed, checkpoint.slice, time, id, offset, hidden, checkpoint.done])?;
    if moved == 1 { Ok(()) } else { Err(Problem::Unexpected("the slice is not part of the plan any more")) }
}

/// Ends a plan whose slices are all done: everything up to `watermark` then counts as stored, apart from `gap`.
pub fn finish(
    tx: &Transaction<'_>,
    connection: &ConnectionName,
    kind: WorkItemKind,
    watermark: Timestamp,
    gap: Option<&Gap>,
) -> Result<(), Problem> {
    let feed = feed_id(tx, connection, kind)?;
    let open: i64 =
        tx.query_row("SELECT count(*) FROM slice WHERE feed = ?1 AND NOT done", [feed], |row| row.get(0))?;
    if open > 0 {
        return Err(Problem::Unexpected("a sync was to be ended before its time"));
    }
    let sql = "UPDATE feed SET watermark = ?2, scope_from = min(coalesce(scope_from, plan_from), plan_from), \
               plan_from = NULL, planned_at = NULL WHERE id = ?1";
    tx.execute(sql, params![feed, watermark.to_string()])?;
    tx.execute("DELETE FROM slice WHERE feed = ?1", [feed])?;
    set_gap(tx, feed, gap)
}
