//! A connection's activity log, its sign-in, and its removal.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde::Serialize;

use super::changes::{self, KNOWN_AS};
use super::outbox;
use super::plan::connection_id;
use super::problem::Problem;
use super::search;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::redactor;
use crate::model::sending::SinkState;
use crate::model::summary::{Activity, Event, SignedIn, SyncRecord};

/// Lines of the activity log kept for each connection: three months with a sync every 15 minutes.
const ACTIVITIES: i64 = 10_000;

/// Rows deleted in one transaction while a connection is removed.
const PURGE: i64 = 5_000;

/// Adds a line to the activity log; a sync becomes the connection's last one as well.
pub fn record(tx: &Transaction<'_>, connection: &ConnectionName, activity: &Activity) -> Result<(), Problem> {
    let id = connection_id(tx, connection)?;
    let insert = "INSERT INTO activity (connection, at, event) VALUES (?1, ?2, ?3)";
    tx.execute(insert, params![id, activity.at.to_string(), free(&activity.event)?])?;
    if let Event::Synced { record, .. } = &activity.event {
        let record = record.clone().after(last_sync(tx, id)?.as_ref());
        let complete = record.complete.then(|| record.ended_at.as_second());
        let update = "UPDATE connection SET last_sync = ?2, last_complete = coalesce(?3, last_complete) WHERE id = ?1";
        tx.execute(update, params![id, free(&record)?, complete])?;
        if record.complete {
            tx.execute("UPDATE connection SET rebuilt = NULL WHERE id = ?1 AND rebuilt IS NOT NULL", [id])?;
        }
    }
    let prune = "DELETE FROM activity WHERE connection = ?1 AND id <= \
                 (SELECT id FROM activity WHERE connection = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)";
    tx.execute(prune, params![id, ACTIVITIES])?;
    Ok(())
}

fn last_sync(tx: &Transaction<'_>, id: i64) -> Result<Option<SyncRecord>, Problem> {
    let json: Option<String> =
        tx.query_row("SELECT last_sync FROM connection WHERE id = ?1", [id], |row| row.get(0)).optional()?.flatten();
    Ok(json.map(|json| serde_json::from_str(&json)).transpose()?)
}

/// The newest lines of the activity log, newest first.
pub fn activities(db: &Connection, connection: &ConnectionName, limit: usize) -> Result<Vec<Activity>, Problem> {
    let mut select = db.prepare(
        "SELECT a.at, a.event FROM activity a JOIN connection c ON c.id = a.connection \
         WHERE c.name = ?1 ORDER BY a.id DESC LIMIT ?2",
    )?;
    let mut rows = select.query(params![connection.as_str(), limit as i64])?;
    let mut activities = Vec::new();
    while let Some(row) = rows.next()? {
        let at = row.get::<_, String>(0)?.parse()?;
        activities.push(Activity { at, event: serde_json::from_str(&row.get::<_, String>(1)?)? });
    }
    Ok(activities)
}

/// As JSON, without any secret that this process knows.
fn free(told: &impl Serialize) -> Result<String, Problem> {
    Ok(redactor::redact_text(&serde_json::to_string(told)?).into_owned())
}

/// The connections of which work items or a sign-in are stored.
pub fn names(db: &Connection) -> Result<Vec<String>, Problem> {
    let sql = "SELECT name FROM connection c WHERE name IS NOT NULL \
               AND (sign_in IS NOT NULL OR EXISTS (SELECT 1 FROM feed WHERE connection = c.id)) ORDER BY name";
    Ok(db.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// Stores that it is signed in, as whom, and when its client secret ends.
pub fn signed_in(tx: &Transaction<'_>, connection: &ConnectionName, signed_in: &SignedIn) -> Result<(), Problem> {
    let id = connection_id(tx, connection)?;
    let update = "UPDATE connection SET sign_in = ?2, signed_in_as = ?3, client_secret_expires = ?4, signed_out = NULL \
                  WHERE id = ?1";
    let SignedIn { sign_in, identity, client_secret_expires } = signed_in;
    let expires = client_secret_expires.map(|at| at.to_string());
    tx.execute(update, params![id, serde_json::to_string(sign_in)?, serde_json::to_string(identity)?, expires])?;
    Ok(())
}

/// Stores that it is signed out, and why. Does nothing for an unknown connection.
pub fn signed_out(tx: &Transaction<'_>, connection: &ConnectionName, why: &Fault) -> Result<(), Problem> {
    let update = "UPDATE connection SET sign_in = NULL, signed_in_as = NULL, signed_out = ?2 WHERE name = ?1";
    tx.execute(update, params![connection.as_str(), free(why)?])?;
    Ok(())
}

/// Whether anything outside knows the connection by its name: a ticket's id is made of it, or a workspace has rows under it.
pub fn is_known_outside(db: &Connection, connection: &ConnectionName) -> Result<bool, Problem> {
    let tickets = "SELECT EXISTS (SELECT 1 FROM ticket WHERE connection = ?1) \
                   OR EXISTS (SELECT 1 FROM alert_slot WHERE slot ->> '$.key.connection' = ?1)";
    if db.query_row(tickets, [connection.as_str()], |row| row.get(0))? {
        return Ok(true);
    }
    let name = connection.as_str();
    let known = format!("SELECT {KNOWN_AS} FROM connection c WHERE c.name = ?1");
    let known: String = db.query_row(&known, [name], |row| row.get(0)).optional()?.unwrap_or_else(|| name.to_owned());
    let mut select = db.prepare("SELECT state FROM sink")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let state: SinkState = serde_json::from_str(&row.get::<_, String>(0)?)?;
        if state.fed.contains_key(&known) || state.gone.iter().any(|(gone, _)| *gone == known) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Notes by which name the connection is known outside, where it was renamed.
pub fn know_as(tx: &Transaction<'_>, connection: &ConnectionName, known_as: Option<&str>) -> Result<(), Problem> {
    if known_as.is_some() {
        connection_id(tx, connection)?;
    }
    let sql = "UPDATE connection SET known_as = ?2 WHERE name = ?1 AND known_as IS NOT ?2";
    tx.execute(sql, params![connection.as_str(), known_as])?;
    Ok(())
}

/// Gives everything that is stored of a connection to its new name: this is the one place that knows where the store has a name.
/// Ids of tickets and what workspaces have stay under `known_as`. Whether the connection was there; a second time does nothing.
pub fn rename(
    tx: &Transaction<'_>,
    (from, to): (&str, &str),
    known_as: Option<&str>,
    at: Timestamp,
) -> Result<bool, Problem> {
    let sql = "SELECT id FROM connection WHERE name = ?1";
    let Some(id) = tx.query_row(sql, [from], |row| row.get::<_, i64>(0)).optional()? else { return Ok(false) };
    // What faults say of the connection, so that their remedies name it as it is called now.
    let told = |column: &str| format!("{column} = replace({column}, ?2, ?3)");
    let (was, now) = (named(from)?, named(to)?);
    let sql = format!(
        "UPDATE connection SET name = ?4, known_as = ?5, {}, {} WHERE id = ?1",
        told("last_sync"),
        told("signed_out")
    );
    tx.execute(&sql, params![id, was, now, to, known_as])?;
    tx.execute(&format!("UPDATE activity SET {} WHERE connection = ?1", told("event")), params![id, was, now])?;
    let tickets = "ticket IN (SELECT id FROM ticket WHERE connection = ?1)";
    let sql = format!("UPDATE outbox SET {}, {} WHERE {tickets}", told("fault"), told("findings"));
    tx.execute(&sql, params![from, was, now])?;
    let key = |json: &str, path: &str| {
        format!(
            "{json} = CASE WHEN ?3 IS NULL THEN json_remove(json_set({json}, '{path}.connection', ?2), '{path}.known_as') \
             ELSE json_set({json}, '{path}.connection', ?2, '{path}.known_as', ?3) END"
        )
    };
    let sql = format!("UPDATE ticket SET connection = ?2, {} WHERE connection = ?1", key("key", "$"));
    tx.execute(&sql, params![from, to, known_as])?;
    let sql = format!("UPDATE alert_slot SET {} WHERE slot ->> '$.key.connection' = ?1", key("slot", "$.key"));
    tx.execute(&sql, params![from, to, known_as])?;
    let event = Event::Renamed { from: from.to_owned(), to: to.to_owned() };
    let insert = "INSERT INTO activity (connection, at, event) VALUES (?1, ?2, ?3)";
    tx.execute(insert, params![id, at.to_string(), free(&event)?])?;
    Ok(true)
}

/// How JSON names a connection. Within a text its quotes would be escaped, so that this stands nowhere else.
fn named(connection: &str) -> Result<String, Problem> {
    Ok(format!("\"connection\":{}", serde_json::to_string(connection)?))
}

/// Removes the connection's name, so that nothing of it is visible any more. [`purge`] deletes the rest.
pub fn forget(tx: &Transaction<'_>, connection: &ConnectionName) -> Result<bool, Problem> {
    changes::drop_all(tx, connection)?;
    outbox::forget(tx, connection)?;
    let changed = tx.execute("UPDATE connection SET name = NULL WHERE name = ?1", [connection.as_str()])?;
    Ok(changed > 0)
}

/// Deletes the rows of removed connections in small transactions, so that a kill in between loses nothing else.
pub fn purge(db: &mut Connection) -> Result<(), Problem> {
    let gone = "SELECT id FROM connection WHERE name IS NULL LIMIT 1";
    while let Some(id) = db.query_row(gone, [], |row| row.get::<_, i64>(0)).optional()? {
        let feeds: Vec<i64> = {
            let mut select = db.prepare("SELECT id FROM feed WHERE connection = ?1")?;
            select.query_map([id], |row| row.get(0))?.collect::<Result<_, _>>()?
        };
        for feed in feeds {
            purge_feed(db, feed)?;
        }
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute("DELETE FROM activity WHERE connection = ?1", [id])?;
        tx.execute("DELETE FROM confirmation WHERE connection = ?1", [id])?;
        tx.execute("DELETE FROM connection WHERE id = ?1", [id])?;
        tx.commit()?;
    }
    Ok(())
}

fn purge_feed(db: &mut Connection, feed: i64) -> Result<(), Problem> {
    // The index cannot tell one connection's rows from another's: it is emptied with the first rows deleted,
    // in the same transaction, and built again from what stays.
    loop {
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        search::clear(&tx)?;
        let sql = "DELETE FROM work_item WHERE id IN (SELECT id FROM work_item WHERE feed = ?1 LIMIT ?2)";
        let deleted = tx.execute(sql, params![feed, PURGE])?;
        if deleted == 0 {
            for table in ["slice", "item_count", "item_day", "item_end", "choice"] {
                tx.execute(&format!("DELETE FROM {table} WHERE feed = ?1"), [feed])?;
            }
            tx.execute("DELETE FROM feed WHERE id = ?1", [feed])?;
            tx.commit()?;
            return Ok(());
        }
        tx.commit()?;
    }
}
