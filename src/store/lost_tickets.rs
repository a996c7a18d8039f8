//! Tickets of alerts that still fire: which of them are to be looked for in their product, and which are gone from it.
//!
//! An alert that fires and does not change brings no write to its ticket, so nothing else would notice that the ticket is gone:
//! deleted by somebody, or with a product that was restored from a backup.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::outbox::with_successors;
use super::problem::Problem;
use super::{Store, reading};
use crate::model::alert::AlertKey;
use crate::model::alert_counts::LostTicket;
use crate::model::alert_source::KEPT_DAYS;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::ticket::{TicketKind, TicketRecord, TicketState};

/// So long a ticket counts as there after the product showed it, unless a sweep says that it is gone.
const LOOK_EVERY: SignedDuration = SignedDuration::from_hours(24);

/// So long a product is left alone that could not be asked.
const AFTER_FAILURE: SignedDuration = SignedDuration::from_mins(15);

/// What a look at the product told of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looked {
    /// It is there.
    There,
    /// It is gone.
    Gone,
    /// The product does not tell.
    CannotTell,
    /// The product could not be asked.
    Failed,
}

/// The tickets in which alerts are fired, with the connection.
const FIRING: &str = "SELECT s.id FROM alert_slot s JOIN ticket t ON t.id = s.id \
                      WHERE s.slot ->> '$.fired' > 0 AND (?1 IS NULL OR t.connection = ?1)";

/// Since when the product has shown a ticket, until when it is left alone, and when a sweep found that it is gone.
const SEEN: &str = "SELECT t.look_after, (SELECT max(w.removed_at) FROM connection c JOIN feed f ON f.connection = c.id \
                    JOIN work_item w ON w.feed = f.id AND w.source_id = t.product_id WHERE c.name = t.connection), \
                    EXISTS (SELECT 1 FROM outbox o WHERE o.ticket = t.id AND o.state IN ('prepared', 'sent', 'unsure')) \
                    FROM ticket t WHERE t.id = ?1";

/// Fired alerts with a ticket that is gone, or was when another took its place.
const GONE: &str = "SELECT a.id, a.slots FROM alert a INDEXED BY alert_told WHERE a.at >= ?1 AND a.condition = 'fired' \
                    AND a.slots <> '[]' AND NOT a.ignored AND NOT a.pending AND EXISTS (SELECT 1 FROM json_each(a.slots) s \
                    JOIN ticket t ON t.id = s.value WHERE t.state = 'gone') ORDER BY a.at, a.id";

impl Store {
    /// The connections with a ticket of a fired alert that is to be looked for.
    pub async fn connections_to_look(&self, now: Timestamp) -> Result<Vec<String>, Fault> {
        self.reader
            .run(move |db| {
                let due = reading(db, |db| to_look_for(db, None, now, usize::MAX))?;
                let mut names: Vec<String> = due.into_iter().map(|record| record.key.connection).collect();
                names.sort_unstable();
                names.dedup();
                Ok(names)
            })
            .await
    }

    /// At most `limit` tickets of fired alerts that are to be looked for in this connection's product.
    pub async fn tickets_to_look_for(
        &self,
        connection: &ConnectionName,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<TicketRecord>, Fault> {
        let connection = connection.to_string();
        self.reader.run(move |db| reading(db, |db| to_look_for(db, Some(&connection), now, limit))).await
    }

    /// Notes what a look at the product told of a ticket.
    pub async fn ticket_looked(&self, id: &str, looked: Looked, now: Timestamp) -> Result<(), Fault> {
        let id = id.to_owned();
        let after = |wait: SignedDuration| now.saturating_add(wait).map(|at| at.to_string()).unwrap_or_default();
        let (sql, at) = match looked {
            Looked::There => ("UPDATE ticket SET seen_at = ?2, look_after = NULL WHERE id = ?1", now.to_string()),
            Looked::Gone => (
                "UPDATE ticket SET seen_at = ?2, look_after = NULL, state = 'gone', shown = json_set(shown, '$.state', 'gone') \
                 WHERE id = ?1",
                now.to_string(),
            ),
            Looked::CannotTell => ("UPDATE ticket SET look_after = ?2 WHERE id = ?1", after(LOOK_EVERY)),
            Looked::Failed => ("UPDATE ticket SET look_after = ?2 WHERE id = ?1", after(AFTER_FAILURE)),
        };
        self.write(move |tx| {
            tx.execute(sql, params![id, at])?;
            Ok(())
        })
        .await
    }
}

fn to_look_for(
    db: &Connection,
    connection: Option<&str>,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<TicketRecord>, Problem> {
    let mut select = db.prepare(FIRING)?;
    let ids: Vec<String> = select.query_map([connection], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut due = Vec::new();
    for id in ids {
        let Some(last) = with_successors(db, id)?.pop() else { continue };
        if due.len() < limit && is_due(db, &last, now)? {
            due.push(last);
        }
    }
    Ok(due)
}

fn is_due(db: &Connection, record: &TicketRecord, now: Timestamp) -> Result<bool, Problem> {
    let Some(seen) = record.seen_at.filter(|_| record.kind != TicketKind::Event) else { return Ok(false) };
    if record.ticket.as_ref().is_none_or(|ticket| !ticket.state.is_open()) {
        return Ok(false);
    }
    let read = |row: &rusqlite::Row<'_>| {
        Ok((row.get::<_, Option<String>>(0)?, row.get::<_, Option<i64>>(1)?, row.get::<_, bool>(2)?))
    };
    let Some((wait, removed, busy)) = db.query_row(SEEN, [record.key.id()], read).optional()? else { return Ok(false) };
    // A time that is further off is of a clock that was set back.
    let waits = |until: Timestamp| until > now && until.duration_since(now) <= LOOK_EVERY;
    if busy || wait.map(|until| until.parse()).transpose()?.is_some_and(waits) {
        return Ok(false);
    }
    let is_old = !(SignedDuration::ZERO..LOOK_EVERY).contains(&now.duration_since(seen));
    Ok(is_old || removed.is_some_and(|at| at >= seen.as_second()))
}

/// The fired alerts of which a ticket is gone from the product, and no other took its place.
pub(super) fn lost(db: &Connection, now: Timestamp) -> Result<Vec<LostTicket>, Problem> {
    let from = now.saturating_sub(SignedDuration::from_hours(24 * KEPT_DAYS)).unwrap_or(Timestamp::MIN);
    let mut select = db.prepare(GONE)?;
    let mut rows = select.query([from.as_second()])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let alert: String = row.get(0)?;
        for id in serde_json::from_str::<Vec<String>>(&row.get::<_, String>(1)?)? {
            if let Some((number, connection)) = gone(db, id)? {
                all.push(LostTicket { alert: AlertKey::stored(&alert), number, connection });
            }
        }
    }
    Ok(all)
}

/// Whether the ticket of a slot is gone, and no other took its place: its number, and its connection.
pub(super) fn gone(db: &Connection, slot: String) -> Result<Option<(String, String)>, Problem> {
    let last = with_successors(db, slot)?.pop();
    let gone = last.and_then(|last| Some((last.ticket.filter(|ticket| ticket.state == TicketState::Gone)?, last.key)));
    Ok(gone.map(|(ticket, key)| (ticket.number, key.connection)))
}
