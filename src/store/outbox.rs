//! Tickets and the outbox of writes to products.
//!
//! An operation is a row before anything is sent for it. That it was sent is on the disk before the request leaves, so that
//! after a crash everything that may have left is known.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::alert_history;
use super::problem::Problem;
use super::{Store, reading};
use crate::model::alert::Condition;
use crate::model::alert_plan::Verdict;
use crate::model::alert_view::{AlertEvent, AlertEventKind};
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::redactor;
use crate::model::schedule::LONGEST_PAUSE;
use crate::model::ticket::{
    Operation, OutboxEntry, OutboxState, Subject, Taken, Ticket, TicketFinding, TicketKey, TicketKind, TicketRecord,
    TicketState,
};

/// How long operations that came to a good end are kept, in days.
const KEPT_DAYS: i64 = 120;

/// Of each ticket the first operation that is not at its end; none behind one that is unsure.
const FIRST: &str = "o.state IN ('prepared', 'sent') AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.ticket = o.ticket \
                     AND p.id < o.id AND p.state IN ('prepared', 'sent', 'unsure'))";

/// An operation to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewOperation {
    /// The ticket.
    pub key: TicketKey,
    /// Incident, event or alert.
    pub kind: TicketKind,
    /// What is to be done.
    pub operation: Operation,
}

/// What became of an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// How far it is now.
    pub state: OutboxState,
    /// Why it is not done.
    pub fault: Option<Fault>,
    /// What was noticed; added to what was noticed before.
    pub findings: Vec<TicketFinding>,
    /// What the product shows of the ticket now, where that was seen.
    pub ticket: Option<Ticket>,
    /// How a human has taken the ticket, where that was seen.
    pub taken: Option<Taken>,
    /// Nothing is sent before.
    pub not_before: Option<Timestamp>,
    /// What is done in its place.
    pub instead: Option<Operation>,
    /// What is to be written to the ticket that takes the place of this one; stored together with the end.
    pub follow: Option<NewOperation>,
}

impl Outcome {
    /// One that only says how far it is.
    pub fn of(state: OutboxState) -> Self {
        Self {
            state,
            fault: None,
            findings: Vec::new(),
            ticket: None,
            taken: None,
            not_before: None,
            instead: None,
            follow: None,
        }
    }
}

/// Which tickets are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TicketFilter {
    /// Of this connection only.
    pub connection: Option<ConnectionName>,
    /// In this state only.
    pub state: Option<TicketState>,
    /// Only those with an operation that was refused or is unsure.
    pub troubled: bool,
}

impl Store {
    /// Stores operations, all of them or none. What is stored already is not stored twice: a ticket is opened once.
    pub async fn prepare(&self, operations: Vec<NewOperation>, now: Timestamp) -> Result<Vec<i64>, Fault> {
        self.write(move |tx| operations.iter().map(|new| prepare(tx, new, now)).collect()).await
    }

    /// At most `limit` operations of a connection that are not at their end, in order, after the one with this number.
    pub async fn outbox(
        &self,
        connection: &ConnectionName,
        after: i64,
        limit: usize,
    ) -> Result<Vec<OutboxEntry>, Fault> {
        let connection = connection.clone();
        self.reader.run(move |db| reading(db, |db| unfinished(db, &connection, after, limit))).await
    }

    /// At most `limit` operations of a connection that can be carried out now: of each ticket the first one that is not at its
    /// end, unless it waits, or one before it is unsure.
    pub async fn outbox_due(
        &self,
        connection: &ConnectionName,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<OutboxEntry>, Fault> {
        let connection = connection.clone();
        let condition = format!("{FIRST} AND t.connection = ?1 AND (o.not_before IS NULL OR o.not_before <= ?2)");
        let values = move |connection: &ConnectionName| (connection.to_string(), floor(now).to_string());
        self.reader
            .run(move |db| {
                reading(db, |db| {
                    let searches = "o.operation ->> '$.do' = 'recover'";
                    let mut due = entries(db, &format!("{condition} AND NOT {searches}"), values(&connection), limit)?;
                    // Nobody waits for them.
                    if due.is_empty() {
                        due = entries(db, &format!("{condition} AND {searches}"), values(&connection), limit)?;
                    }
                    Ok(due)
                })
            })
            .await
    }

    /// Has operations begin their waits again that were stored or sent at a time that is still to come, or that wait for longer
    /// than anything may: the clock of this machine was set back, and what they wait for would be too late, or the wait too
    /// short.
    pub async fn outbox_after_clock(&self, connection: &ConnectionName, now: Timestamp) -> Result<(), Fault> {
        let connection = connection.to_string();
        let sql = "UPDATE outbox SET sent_at = CASE WHEN sent_at IS NULL THEN NULL ELSE ?2 END, \
                   prepared_at = min(prepared_at, ?2), not_before = NULL \
                   WHERE state IN ('prepared', 'sent') AND (sent_at > ?3 OR prepared_at > ?3 OR not_before > ?4) \
                   AND ticket IN (SELECT id FROM ticket WHERE connection = ?1)";
        // Texts of moments with and without fractions are in order only from second to second.
        let limit = whole(now).saturating_add(jiff::SignedDuration::from_secs(1)).unwrap_or(now);
        let longest = limit.saturating_add(LONGEST_PAUSE).unwrap_or(limit);
        self.write(move |tx| {
            tx.execute(sql, params![connection, now.to_string(), limit.to_string(), longest.to_string()])?;
            Ok(())
        })
        .await
    }

    /// When the next operation of a connection that waits can be carried out.
    pub async fn outbox_next(&self, connection: &ConnectionName) -> Result<Option<Timestamp>, Fault> {
        let connection = connection.to_string();
        let sql = format!(
            "SELECT min(o.not_before) FROM outbox o JOIN ticket t ON t.id = o.ticket WHERE {FIRST} AND t.connection = ?1"
        );
        self.reader.run(move |db| reading(db, |db| db.query_row(&sql, [connection], |row| Ok(moment(row, 0)))?)).await
    }

    /// How many operations of a connection are not at their end.
    pub async fn outbox_waiting(&self, connection: &ConnectionName) -> Result<u64, Fault> {
        let connection = connection.to_string();
        let sql = "SELECT count(*) FROM outbox o JOIN ticket t ON t.id = o.ticket \
                   WHERE o.state IN ('prepared', 'sent') AND t.connection = ?1";
        let count = move |db: &mut Connection| Ok(db.query_row(sql, [connection], |row| row.get::<_, i64>(0))?);
        Ok(self.reader.run(count).await?.unsigned_abs())
    }

    /// One operation.
    pub async fn operation(&self, id: i64) -> Result<Option<OutboxEntry>, Fault> {
        self.reader.run(move |db| reading(db, |db| Ok(entries(db, "o.id = ?1", params![id], 1)?.pop()))).await
    }

    /// The operations of a ticket, in order.
    pub async fn operations_of(&self, ticket: &str) -> Result<Vec<OutboxEntry>, Fault> {
        let ticket = ticket.to_owned();
        self.reader.run(move |db| reading(db, |db| entries(db, "o.ticket = ?1", params![ticket], usize::MAX))).await
    }

    /// The tickets of a connection that were sent to be opened at or after this moment, however far they are.
    pub async fn opened_since(&self, connection: &ConnectionName, since: Timestamp) -> Result<Vec<OutboxEntry>, Fault> {
        let connection = connection.to_string();
        let condition = "t.connection = ?1 AND o.sent_at >= ?2 AND o.operation ->> '$.do' = 'open'";
        let since = floor(since).to_string();
        self.reader
            .run(move |db| reading(db, |db| entries(db, condition, params![connection, since], usize::MAX)))
            .await
    }

    /// The connections with operations that are not at their end.
    pub async fn outbox_connections(&self) -> Result<Vec<String>, Fault> {
        let sql = "SELECT DISTINCT t.connection FROM outbox o JOIN ticket t ON t.id = o.ticket \
                   WHERE o.state IN ('prepared', 'sent') ORDER BY 1";
        self.reader
            .run(move |db| {
                let mut select = db.prepare(sql)?;
                Ok(select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
            })
            .await
    }

    /// Notes that a request for an operation leaves now; on the disk when this returns.
    pub async fn outbox_sent(&self, id: i64, now: Timestamp) -> Result<(), Fault> {
        self.writer
            .run(move |db| {
                // A plain commit may be lost with the power; a request cannot be taken back.
                db.pragma_update(None, "synchronous", "FULL")?;
                let noted = sent(db, id, now);
                db.pragma_update(None, "synchronous", "NORMAL")?;
                noted
            })
            .await
    }

    /// Stores what became of an operation, and of its ticket with it.
    pub async fn outbox_ended(&self, id: i64, outcome: Outcome, now: Timestamp) -> Result<(), Fault> {
        self.write(move |tx| ended(tx, id, &outcome, now)).await
    }

    /// Forgets a search that found no ticket, or that nobody can judge, and the ticket with it.
    pub async fn outbox_forgotten(&self, id: i64) -> Result<(), Fault> {
        let sql = "DELETE FROM outbox WHERE id = ?1 AND operation ->> '$.do' = 'recover' RETURNING ticket";
        let rest = "DELETE FROM ticket WHERE id = ?1 AND product_id IS NULL \
                    AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.ticket = ticket.id)";
        self.write(move |tx| {
            let ticket: Option<String> = tx.query_row(sql, [id], |row| row.get(0)).optional()?;
            ticket.map(|ticket| tx.execute(rest, [ticket])).transpose()?;
            Ok(())
        })
        .await
    }

    /// Forgets that the product has other tickets with the key of this one; how many writes met them.
    pub async fn dismiss_doubles(&self, ticket: &str) -> Result<u64, Fault> {
        let ticket = ticket.to_owned();
        self.write(move |tx| {
            let mut dismissed = 0;
            for entry in entries(tx, "o.ticket = ?1", params![ticket], usize::MAX)? {
                let mut left = entry.findings;
                let before = left.len();
                left.retain(|found| !matches!(found, TicketFinding::Doubled { .. }));
                if left.len() < before {
                    tx.execute("UPDATE outbox SET findings = ?2 WHERE id = ?1", params![entry.id, json(&left)?])?;
                    dismissed += 1;
                }
            }
            Ok(dismissed)
        })
        .await
    }

    /// Takes the operations of a ticket up again that were refused or are unsure; what may have been sent is looked up first.
    /// Returns their numbers. The alerts that are in the ticket tell of it.
    pub async fn outbox_again(&self, ticket: &str, now: Timestamp) -> Result<Vec<i64>, Fault> {
        let ticket = ticket.to_owned();
        self.write(move |tx| again(tx, &ticket, now)).await
    }

    /// A ticket by the id of its key.
    pub async fn ticket(&self, id: &str) -> Result<Option<TicketRecord>, Fault> {
        let id = id.to_owned();
        self.reader.run(move |db| reading(db, |db| Ok(tickets(db, "t.id = ?1", params![id], 1)?.pop()))).await
    }

    /// A ticket by the id of its key, and those that took its place once it was closed, in order.
    pub async fn ticket_with_successors(&self, id: &str) -> Result<Vec<TicketRecord>, Fault> {
        let id = id.to_owned();
        self.reader.run(move |db| reading(db, |db| with_successors(db, id))).await
    }

    /// Tickets by their number in the product, or by the beginning of their key's id.
    pub async fn tickets_called(&self, name: &str) -> Result<Vec<TicketRecord>, Fault> {
        let name = name.to_owned();
        let condition = "t.number = ?1 COLLATE NOCASE OR (length(?1) >= 6 AND substr(t.id, 1, length(?1)) = lower(?1))";
        self.reader.run(move |db| reading(db, |db| tickets(db, condition, params![name], 10))).await
    }

    /// Whether a product showed that it keeps neither our ids nor our keys in tickets: then one that it does not show may be there.
    pub async fn keeps_no_key(&self, connection: &ConnectionName) -> Result<bool, Fault> {
        let connection = connection.to_string();
        let sql = "SELECT o.findings FROM outbox o JOIN ticket t ON t.id = o.ticket WHERE t.connection = ?1 \
                   AND instr(o.findings, 'correlation_id') > 0 ORDER BY o.id DESC LIMIT 20";
        let read = move |db: &Connection| {
            let mut select = db.prepare(sql)?;
            let mut rows = select.query([connection])?;
            while let Some(row) = rows.next()? {
                let findings: Vec<TicketFinding> = read(row, 0)?;
                let own = findings.iter().any(|found| matches!(found, TicketFinding::OwnIdIgnored { .. }));
                let key = |name: &String| name == "correlation_id";
                let dropped = |found: &TicketFinding| matches!(found, TicketFinding::DroppedFields { fields } if fields.iter().any(key));
                if own && findings.iter().any(dropped) {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        self.reader.run(move |db| reading(db, read)).await
    }

    /// Whether a record of the product is a ticket that is known.
    pub async fn is_ticket(&self, connection: &str, product_id: &str) -> Result<bool, Fault> {
        let values = [connection.to_owned(), product_id.to_owned()];
        let sql = "SELECT EXISTS (SELECT 1 FROM ticket WHERE connection = ?1 AND product_id = ?2 COLLATE NOCASE)";
        self.reader.run(move |db| Ok(db.query_row(sql, values, |row| row.get(0))?)).await
    }

    /// Whether there is any ticket.
    pub async fn has_tickets(&self) -> Result<bool, Fault> {
        let sql = "SELECT EXISTS (SELECT 1 FROM ticket)";
        self.reader.run(move |db| Ok(db.query_row(sql, [], |row| row.get(0))?)).await
    }

    /// The newest tickets, at most so many.
    pub async fn tickets(&self, filter: TicketFilter, limit: usize) -> Result<Vec<TicketRecord>, Fault> {
        self.reader.run(move |db| reading(db, |db| filtered(db, &filter, limit))).await
    }
}

fn again(tx: &Transaction<'_>, ticket: &str, now: Timestamp) -> Result<Vec<i64>, Problem> {
    let sql = "UPDATE outbox SET state = CASE state WHEN 'unsure' THEN 'sent' ELSE 'prepared' END, attempts = 0, \
               fault = NULL, ended_at = NULL, not_before = NULL WHERE ticket = ?1 AND state IN ('refused', 'unsure') \
               RETURNING id";
    let mut ids: Vec<i64> = tx.prepare(sql)?.query_map([ticket], |row| row.get(0))?.collect::<Result<_, _>>()?;
    ids.sort_unstable();
    if !ids.is_empty() {
        let event = AlertEvent::by_admin(AlertEventKind::TicketRetried, now);
        for alert in alerts_of(tx, ticket)? {
            alert_history::note(tx, &alert, &event)?;
        }
    }
    Ok(ids)
}

/// The alerts in a ticket, or in the one whose place it took.
fn alerts_of(tx: &Transaction<'_>, ticket: &str) -> Result<Vec<String>, Problem> {
    let key: Option<String> =
        tx.query_row("SELECT key FROM ticket WHERE id = ?1", [ticket], |row| row.get(0)).optional()?;
    let Some(key) = key else { return Ok(Vec::new()) };
    let mut ids = vec![ticket.to_owned()];
    ids.extend(serde_json::from_str::<TicketKey>(&key)?.replaced().map(|first| first.id()));
    let sql = "SELECT id FROM alert a WHERE slots <> '[]' AND EXISTS (SELECT 1 FROM json_each(a.slots) s WHERE s.value IN (?1, ?2))";
    let (first, last) = (&ids[0], &ids[ids.len() - 1]);
    Ok(tx.prepare(sql)?.query_map([first, last], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// Stores one operation and gives its number, within a transaction of whoever decided it.
pub(super) fn prepare(tx: &Transaction<'_>, new: &NewOperation, now: Timestamp) -> Result<i64, Problem> {
    let id = new.key.id();
    let insert =
        "INSERT INTO ticket (id, connection, key, kind, made_at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
    tx.execute(insert, params![id, new.key.connection, json(&new.key)?, new.kind.id(), now.to_string()])?;
    // A search that waits: what is written now looks for the ticket itself.
    let waits = "DELETE FROM outbox WHERE ticket = ?1 AND state = 'prepared' AND operation ->> '$.do' = 'recover'";
    tx.execute(waits, [&id])?;
    let mut operation = new.operation.clone();
    match &mut operation {
        Operation::Open { .. } => {
            let sql =
                "SELECT id FROM outbox WHERE ticket = ?1 AND operation ->> '$.do' = 'open' AND state <> 'refused'";
            if let Some(known) = tx.query_row(sql, [&id], |row| row.get(0)).optional()? {
                return Ok(known);
            }
        }
        Operation::Note { number, .. } => *number = next_note(tx, &id)?,
        _ => {}
    }
    let insert = "INSERT INTO outbox (ticket, operation, state, prepared_at) VALUES (?1, ?2, 'prepared', ?3)";
    tx.execute(insert, params![id, json(&operation)?, now.to_string()])?;
    let entry = tx.last_insert_rowid();
    forget_old(tx, now)?;
    Ok(entry)
}

/// The number of the next note of a ticket.
fn next_note(tx: &Transaction<'_>, ticket: &str) -> Result<u32, Problem> {
    let sql = "UPDATE ticket SET notes = notes + 1 WHERE id = ?1 RETURNING notes";
    Ok(tx.query_row(sql, [ticket], |row| row.get(0))?)
}

fn forget_old(tx: &Transaction<'_>, now: Timestamp) -> Result<(), Problem> {
    let Ok(before) = now.checked_sub(jiff::SignedDuration::from_hours(24 * KEPT_DAYS)) else { return Ok(()) };
    let sql = "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE state = 'confirmed' AND ended_at < ?1 \
               AND operation ->> '$.do' <> 'open' LIMIT 100)";
    tx.execute(sql, [before.to_string()])?;
    Ok(())
}

fn sent(db: &mut Connection, id: i64, now: Timestamp) -> Result<(), Problem> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let sql = "UPDATE outbox SET state = 'sent', attempts = attempts + 1, sent_at = ?2, not_before = NULL \
               WHERE id = ?1 AND state IN ('prepared', 'sent')";
    if tx.execute(sql, params![id, now.to_string()])? == 0 {
        return Err(Problem::Unexpected("an operation that is at its end cannot be sent"));
    }
    Ok(tx.commit()?)
}

fn ended(tx: &Transaction<'_>, id: i64, outcome: &Outcome, now: Timestamp) -> Result<(), Problem> {
    let Some(entry) = entries(tx, "o.id = ?1", params![id], 1)?.pop() else {
        return Err(Problem::Unexpected("the operation is gone"));
    };
    let ticket = entry.key.id();
    if let Some(shown) = &outcome.ticket {
        let sql = "UPDATE ticket SET product_id = ?2, number = ?3, state = ?4, shown = ?5, seen_at = ?6, \
                   notes = max(notes, ?7) WHERE id = ?1";
        let (state, noted) = (shown.state.id(), shown.noted.unwrap_or_default());
        tx.execute(sql, params![ticket, shown.id, shown.number, state, json(shown)?, now.to_string(), noted])?;
        if let Operation::Recover { then, .. } = &entry.operation {
            recovered(tx, &entry.key, (then, shown.state), now)?;
        }
    }
    let mut operation = outcome.instead.clone().unwrap_or(entry.operation);
    if let Operation::Note { number, .. } = &mut operation
        && *number == 0
    {
        *number = next_note(tx, &ticket)?;
    }
    let mut findings = entry.findings;
    findings.extend(outcome.findings.iter().filter(|new| !findings.contains(new)).cloned().collect::<Vec<_>>());
    let fault = outcome.fault.as_ref().map(json).transpose()?;
    let ended = outcome.state.is_final().then(|| now.to_string());
    let not_before = outcome.not_before.map(|at| whole(at).to_string());
    let sql = "UPDATE outbox SET operation = ?2, state = ?3, fault = ?4, findings = ?5, ended_at = ?6, not_before = ?7 \
               WHERE id = ?1";
    tx.execute(sql, params![id, json(&operation)?, outcome.state.id(), fault, json(&findings)?, ended, not_before])?;
    if let Some(taken) = &outcome.taken {
        tx.execute("UPDATE ticket SET taken = ?2 WHERE id = ?1", params![ticket, json(taken)?])?;
    }
    match &outcome.follow {
        Some(new) => prepare(tx, new, now).map(drop),
        None => Ok(()),
    }
}

/// Notes that the ticket of an alert that is over was found, and what is done to it.
fn recovered(
    tx: &Transaction<'_>,
    key: &TicketKey,
    (then, state): (&Operation, TicketState),
    now: Timestamp,
) -> Result<(), Problem> {
    let Subject::Alert(alert) = &key.subject else { return Ok(()) };
    let verdict = match then {
        _ if !state.is_open() => Verdict::TicketClosed,
        Operation::Resolve { .. } => Verdict::Resolved,
        _ => Verdict::NotedOver,
    };
    let first = key.replaced().unwrap_or_else(|| key.clone()).id();
    let sql = "UPDATE alert SET over = ?3, slots = CASE WHEN EXISTS (SELECT 1 FROM json_each(slots) s WHERE s.value = ?2) \
               THEN slots ELSE json_insert(slots, '$[#]', ?2) END WHERE id = ?1";
    if tx.execute(sql, params![alert, first, verdict.id()])? > 0 {
        let event = AlertEvent {
            at: now,
            event: AlertEventKind::Decided,
            condition: Some(Condition::Resolved),
            outcome: Some(verdict),
            rule: None,
        };
        alert_history::note(tx, alert, &event)?;
    }
    Ok(())
}

/// A moment in whole seconds, not earlier: then the text of one is less than that of a later one.
fn whole(at: Timestamp) -> Timestamp {
    let second = at.as_second() + i64::from(at.subsec_nanosecond() > 0);
    Timestamp::from_second(second).unwrap_or(at)
}

/// The same, not later.
fn floor(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// Deletes the tickets of a connection that is removed, and what was to be written to them.
pub(super) fn forget(tx: &Transaction<'_>, connection: &ConnectionName) -> Result<(), Problem> {
    let sql = "DELETE FROM outbox WHERE ticket IN (SELECT id FROM ticket WHERE connection = ?1)";
    tx.execute(sql, [connection.as_str()])?;
    tx.execute("DELETE FROM ticket WHERE connection = ?1", [connection.as_str()])?;
    // A ticket of which nothing is known any more would take in alerts that then have none.
    tx.execute("DELETE FROM alert_slot WHERE slot ->> '$.key.connection' = ?1", [connection.as_str()])?;
    Ok(())
}

fn unfinished(
    db: &Connection,
    connection: &ConnectionName,
    after: i64,
    limit: usize,
) -> Result<Vec<OutboxEntry>, Problem> {
    let condition = "o.state IN ('prepared', 'sent') AND t.connection = ?1 AND o.id > ?2";
    entries(db, condition, params![connection.as_str(), after], limit)
}

fn entries(
    db: &Connection,
    condition: &str,
    values: impl rusqlite::Params,
    limit: usize,
) -> Result<Vec<OutboxEntry>, Problem> {
    let sql = format!(
        "SELECT o.id, t.key, o.operation, o.state, o.attempts, o.fault, o.findings, o.prepared_at, o.sent_at, o.ended_at, \
         o.not_before FROM outbox o JOIN ticket t ON t.id = o.ticket WHERE {condition} ORDER BY o.id LIMIT {}",
        i64::try_from(limit).unwrap_or(i64::MAX)
    );
    let mut select = db.prepare(&sql)?;
    let mut rows = select.query(values)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(OutboxEntry {
            id: row.get(0)?,
            key: read(row, 1)?,
            operation: read(row, 2)?,
            state: named(row, 3, OutboxState::from_id)?,
            attempts: row.get(4)?,
            fault: read_optional(row, 5)?,
            findings: read(row, 6)?,
            prepared_at: row.get::<_, String>(7)?.parse()?,
            sent_at: moment(row, 8)?,
            ended_at: moment(row, 9)?,
            not_before: moment(row, 10)?,
        });
    }
    Ok(all)
}

fn filtered(db: &Connection, filter: &TicketFilter, limit: usize) -> Result<Vec<TicketRecord>, Problem> {
    let troubled = "EXISTS (SELECT 1 FROM outbox o WHERE o.ticket = t.id AND o.state IN ('refused', 'unsure'))";
    let condition =
        format!("(?1 IS NULL OR t.connection = ?1) AND (?2 IS NULL OR t.state = ?2) AND (NOT ?3 OR {troubled})");
    let connection = filter.connection.as_ref().map(ConnectionName::as_str);
    tickets(db, &condition, params![connection, filter.state.map(TicketState::id), filter.troubled], limit)
}

fn tickets(
    db: &Connection,
    condition: &str,
    values: impl rusqlite::Params,
    limit: usize,
) -> Result<Vec<TicketRecord>, Problem> {
    let sql = format!(
        "SELECT t.key, t.kind, t.shown, t.notes, t.taken, t.made_at, t.seen_at FROM ticket t WHERE {condition} \
         ORDER BY t.made_at DESC, t.id LIMIT {}",
        i64::try_from(limit).unwrap_or(i64::MAX)
    );
    let mut select = db.prepare(&sql)?;
    let mut rows = select.query(values)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(TicketRecord {
            key: read(row, 0)?,
            kind: named(row, 1, TicketKind::from_id)?,
            ticket: read_optional(row, 2)?,
            notes: row.get(3)?,
            taken: read_optional(row, 4)?,
            made_at: row.get::<_, String>(5)?.parse()?,
            seen_at: moment(row, 6)?,
        });
    }
    Ok(all)
}

pub(super) fn with_successors(db: &Connection, id: String) -> Result<Vec<TicketRecord>, Problem> {
    let (mut all, mut next): (Vec<TicketRecord>, _) = (Vec::new(), Some(id));
    while let Some(id) = next {
        let Some(record) = tickets(db, "t.id = ?1", params![id], 1)?.pop() else { break };
        let is_over = record.ticket.as_ref().is_some_and(|ticket| ticket.state.needs_successor());
        next = is_over.then(|| record.key.replacement().id());
        all.push(record);
    }
    Ok(all)
}

/// As JSON, without any secret that this process knows.
fn json(value: &impl Serialize) -> Result<String, Problem> {
    Ok(redactor::redact_text(&serde_json::to_string(value)?).into_owned())
}

fn read<T: DeserializeOwned>(row: &Row<'_>, place: usize) -> Result<T, Problem> {
    Ok(serde_json::from_str(&row.get::<_, String>(place)?)?)
}

fn read_optional<T: DeserializeOwned>(row: &Row<'_>, place: usize) -> Result<Option<T>, Problem> {
    let text: Option<String> = row.get(place)?;
    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
}

fn named<T>(row: &Row<'_>, place: usize, from_id: impl Fn(&str) -> Option<T>) -> Result<T, Problem> {
    let id: String = row.get(place)?;
    from_id(&id).ok_or_else(|| Problem::Unreadable(format!("a state '{id}'")))
}

fn moment(row: &Row<'_>, place: usize) -> Result<Option<Timestamp>, Problem> {
    let text: Option<String> = row.get(place)?;
    Ok(text.map(|text| text.parse()).transpose()?)
}
