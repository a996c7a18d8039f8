//! The stored identity of a connection: server, user or application, and the other settings that decide which rows it sees.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction, params};

use super::plan::{connection_id, set_gap};
use super::problem::Problem;
use super::{changes, connections};
use crate::model::connection::ConnectionName;
use crate::model::form::FieldId;
use crate::model::identity::Identity;
use crate::model::summary::{Activity, Event};
use crate::model::sweep::{Gap, SweepReason};

/// What became of a connection's identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdentityChange {
    /// It is the stored one, or the first.
    Same,
    /// It signs in differently, but sees the same rows; the parts that differ.
    SignIn(Vec<FieldId>),
    /// It is another identity, so the stored rows are out of sight; the parts that differ.
    Another(Vec<FieldId>),
}

/// Compares the connection's identity with the stored one, and stores it.
pub fn take(
    tx: &Transaction<'_>,
    connection: &ConnectionName,
    identity: &Identity,
    at: Timestamp,
) -> Result<IdentityChange, Problem> {
    let id = connection_id(tx, connection)?;
    let stored: Option<String> =
        tx.query_row("SELECT identity FROM connection WHERE id = ?1", [id], |row| row.get(0)).optional()?.flatten();
    let stored: Option<Identity> = stored.map(|json| serde_json::from_str(&json)).transpose()?;
    let parts = stored.as_ref().map(|stored| stored.differences(identity)).unwrap_or_default();
    if stored.is_some() && parts.is_empty() {
        return Ok(IdentityChange::Same);
    }
    tx.execute("UPDATE connection SET identity = ?2 WHERE id = ?1", params![id, serde_json::to_string(identity)?])?;
    match stored {
        None => Ok(IdentityChange::Same),
        Some(stored) if stored.sees_the_same(identity) => {
            ask_for_sweeps(tx, id, at)?;
            Ok(IdentityChange::SignIn(parts))
        }
        Some(_) => {
            let event = Event::IdentityChanged { parts: parts.clone() };
            changes::drop_all(tx, connection)?;
            leave_behind(tx, id)?;
            connections::record(tx, connection, &Activity { at, event })?;
            Ok(IdentityChange::Another(parts))
        }
    }
}

/// Moves the connection's feeds to a connection without a name, whose rows are invisible and deleted by the next purge.
fn leave_behind(tx: &Transaction<'_>, id: i64) -> Result<(), Problem> {
    tx.execute("INSERT INTO connection (name) VALUES (NULL)", [])?;
    tx.execute("UPDATE feed SET connection = ?2 WHERE connection = ?1", params![id, tx.last_insert_rowid()])?;
    tx.execute("UPDATE connection SET last_sync = NULL, last_complete = NULL WHERE id = ?1", [id])?;
    Ok(())
}

fn ask_for_sweeps(tx: &Transaction<'_>, id: i64, at: Timestamp) -> Result<(), Problem> {
    let gap = Gap { since: at, reason: SweepReason::Identity, hidden: 0, unknown: 0 };
    let feeds: Vec<i64> = {
        let mut select =
            tx.prepare("SELECT id FROM feed WHERE connection = ?1 AND gap IS NULL AND watermark IS NOT NULL")?;
        select.query_map([id], |row| row.get(0))?.collect::<Result<_, _>>()?
    };
    feeds.into_iter().try_for_each(|feed| set_gap(tx, feed, Some(&gap)))
}
