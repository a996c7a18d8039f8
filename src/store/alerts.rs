//! The alerts of Azure: each once, by its key, with what was decided about it; what the planner remembers of tickets; and
//! how far each source was read.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use rusqlite::types::ToSql;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::outbox::{self, NewOperation};
use super::problem::Problem;
use super::{Store, alert_history, lost_tickets, reading};
use crate::model::alert::{Alert, AlertKey, Condition};
use crate::model::alert_plan::{Decision, KEPT_DAYS, Slot, Standing, Verdict};
use crate::model::alert_source::SourceState;
use crate::model::alert_view::{AlertEvent, AlertEventKind};
use crate::model::fault::Fault;
use crate::model::redactor;
use crate::model::ticket::{TicketKey, TicketState};

/// A notice of an alert, with the text that it came as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAlert {
    /// What was read.
    pub alert: Alert,
    /// The text.
    pub raw: String,
}

/// What became of notices that were stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// Alerts that were not known.
    pub new: u64,
    /// Alerts of which something changed.
    pub changed: u64,
    /// Alerts that were known just so.
    pub same: u64,
}

/// An alert as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAlert {
    /// The alert.
    pub alert: Alert,
    /// Its place in time: when it fired, or was first seen (Unix).
    pub at: i64,
    /// What is known of it beside that.
    pub standing: Standing,
    /// Where it came from first.
    pub source: String,
    /// When it was first seen.
    pub first_seen: Timestamp,
    /// What was decided when it fired, or was first seen.
    pub verdict: Option<Verdict>,
    /// What was decided when it was over.
    pub over: Option<Verdict>,
    /// The rule that decided.
    pub rule: Option<String>,
    /// Whether something is still to be decided.
    pub pending: bool,
}

/// Which alerts are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlertFilter {
    /// Fired at this time or later.
    pub from: Option<Timestamp>,
    /// With this verdict only.
    pub verdict: Option<Verdict>,
    /// Decided by this rule only.
    pub rule: Option<String>,
    /// In this condition only.
    pub condition: Option<Condition>,
}

/// What was decided about an alert.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    /// The alert, in the condition that was decided about.
    pub key: AlertKey,
    /// Up to which condition it is dealt with now.
    pub handled: Condition,
    /// What was decided.
    pub decision: Decision,
}

impl Store {
    /// Stores notices of alerts, all of them or none; with `state` also how far their subscription was read. An alert that is
    /// known is told anew only what it did not say before. Alerts that fired before `start` get no tickets.
    pub async fn take_alerts(
        &self,
        notices: Vec<NewAlert>,
        source: &str,
        start: Option<Timestamp>,
        state: Option<(String, SourceState)>,
        now: Timestamp,
    ) -> Result<Taken, Fault> {
        let source = source.to_owned();
        self.write(move |tx| {
            let mut taken = Taken::default();
            for notice in &notices {
                take(tx, notice, &source, start, now, &mut taken)?;
            }
            if let Some((subscription, state)) = state {
                keep_state(tx, &source, &subscription, &state)?;
            }
            forget_old(tx, now)?;
            Ok(taken)
        })
        .await
    }

    /// At most `limit` alerts about which something is to be decided, in the order in which they fired.
    pub async fn pending_alerts(&self, limit: usize) -> Result<Vec<StoredAlert>, Fault> {
        self.reader.run(move |db| reading(db, |db| stored(db, "pending ORDER BY at, id", params![], limit))).await
    }

    /// At most `limit` of the alerts about which something is to be decided that are over and fired before their source was added:
    /// those that ended last.
    pub async fn over_before_start(&self, limit: usize) -> Result<HashSet<AlertKey>, Fault> {
        let sql = "SELECT id FROM alert WHERE pending AND before_start AND condition = 'resolved' AND NOT ignored \
                   ORDER BY coalesce(alert ->> '$.resolved_at', '') DESC, id LIMIT ?1";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let key = |row: &Row<'_>| Ok(AlertKey::stored(&row.get::<_, String>(0)?));
        self.reader.run(move |db| Ok(db.prepare(sql)?.query_map([limit], key)?.collect::<Result<_, _>>()?)).await
    }

    /// The other alerts of a series that fired before their source was added and have no ticket here: those that are fired first,
    /// then those that fired last; at most `limit`.
    pub async fn series_before_start(&self, alert: &Alert, limit: usize) -> Result<Vec<Alert>, Fault> {
        let condition = "series = ?1 AND id <> ?2 AND before_start AND slots = '[]' AND NOT ignored \
                         ORDER BY condition = 'resolved', at DESC";
        let (series, key) = (alert.series.clone(), alert.key.to_string());
        let found = move |db: &Connection| stored(db, condition, params![series, key], limit);
        let found = self.reader.run(move |db| reading(db, found)).await?;
        Ok(found.into_iter().map(|one| one.alert).collect())
    }

    /// Stores what was decided, what the planner remembers and what is to be written, in one transaction.
    pub async fn decide_alerts(
        &self,
        decided: Vec<Decided>,
        slots: Vec<Slot>,
        operations: Vec<NewOperation>,
        now: Timestamp,
    ) -> Result<(), Fault> {
        self.write(move |tx| {
            for one in &decided {
                decide(tx, one, now)?;
            }
            for slot in &slots {
                let sql = "INSERT INTO alert_slot VALUES (?1, ?2) ON CONFLICT DO UPDATE SET slot = excluded.slot";
                tx.execute(sql, params![slot.id(), json(slot)?])?;
            }
            for operation in &operations {
                outbox::prepare(tx, operation, now)?;
            }
            Ok(())
        })
        .await
    }

    /// What the planner remembers, with the state of each ticket as the product last showed it. Of a ticket to which something
    /// is still to be written, that state is not told: it is about to change.
    pub async fn alert_slots(&self) -> Result<Vec<(Slot, Option<TicketState>)>, Fault> {
        self.reader.run(move |db| reading(db, slots)).await
    }

    /// The ids of the tickets of groups, whatever became of them.
    pub async fn group_tickets(&self) -> Result<HashSet<String>, Fault> {
        let sql = "SELECT id FROM ticket WHERE key ->> '$.subject.of' = 'group'";
        self.reader
            .run(move |db| Ok(db.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?))
            .await
    }

    /// Forgets these slots: nothing comes to their tickets any more.
    pub async fn forget_slots(&self, ids: Vec<String>) -> Result<(), Fault> {
        self.write(move |tx| {
            for id in &ids {
                tx.execute("DELETE FROM alert_slot WHERE id = ?1", [id])?;
            }
            Ok(())
        })
        .await
    }

    /// The newest alerts, at most so many.
    pub async fn alerts(&self, filter: AlertFilter, limit: usize) -> Result<Vec<StoredAlert>, Fault> {
        self.reader.run(move |db| reading(db, |db| filtered(db, &filter, limit))).await
    }

    /// The alerts whose key begins so, at most ten.
    pub async fn alerts_called(&self, name: &str) -> Result<Vec<StoredAlert>, Fault> {
        let name = name.to_lowercase();
        let condition = "substr(id, 1, length(?1)) = ?1 ORDER BY id";
        self.reader.run(move |db| reading(db, |db| stored(db, condition, params![name], 10))).await
    }

    /// The texts as which an alert came: of its firing, and of its end.
    pub async fn alert_texts(&self, key: &AlertKey) -> Result<(Option<String>, Option<String>), Fault> {
        let key = key.to_string();
        let sql = "SELECT raw, raw_over FROM alert WHERE id = ?1";
        self.reader
            .run(move |db| {
                let found = db.query_row(sql, [key], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
                Ok(found.unwrap_or_default())
            })
            .await
    }

    /// Has alerts without a ticket decided about again; those that have one stay as they are. A ticket that the product refused to
    /// open is none, nor is one that is gone from it. How many there were.
    pub async fn retry_alerts(&self, keys: Vec<AlertKey>, now: Timestamp) -> Result<u64, Fault> {
        let event = AlertEvent::by_admin(AlertEventKind::Retried, now);
        self.write(move |tx| {
            let mut count = 0;
            for key in &keys {
                if retry(tx, key)? {
                    alert_history::note(tx, key.as_str(), &event)?;
                    count += 1;
                }
            }
            Ok(count)
        })
        .await
    }

    /// Has all alerts decided about again that came to this verdict and have no ticket. How many there were.
    pub async fn decide_again(&self, verdict: Verdict) -> Result<u64, Fault> {
        let which = "verdict = ?1 AND slots = '[]' AND NOT pending AND NOT ignored";
        let any = format!("SELECT EXISTS (SELECT 1 FROM alert WHERE {which})");
        let found =
            self.reader.run(move |db| Ok(db.query_row(&any, [verdict.id()], |row| row.get::<_, bool>(0))?)).await?;
        if !found {
            return Ok(0);
        }
        let sql = format!(
            "UPDATE alert SET pending = 1, handled = 'unknown', verdict = NULL, over = NULL, rule = NULL WHERE {which}"
        );
        self.write(move |tx| Ok(tx.execute(&sql, [verdict.id()])? as u64)).await
    }

    /// Has alerts get no ticket; those that have one keep it, unless it is gone from the product. How many there were.
    pub async fn ignore_alerts(&self, keys: Vec<AlertKey>, now: Timestamp) -> Result<u64, Fault> {
        let sql = "UPDATE alert SET pending = 0, ignored = 1, handled = condition, verdict = 'ignored', rule = NULL \
                   WHERE id = ?1";
        let event = AlertEvent::by_admin(AlertEventKind::Ignored, now);
        self.write(move |tx| {
            let mut count = 0;
            for key in &keys {
                let slots = slots_of(tx, key)?.unwrap_or_default();
                if (slots.is_empty() || any_gone(tx, &slots)?) && tx.execute(sql, [key.as_str()])? > 0 {
                    alert_history::note(tx, key.as_str(), &event)?;
                    count += 1;
                }
            }
            Ok(count)
        })
        .await
    }

    /// How far a subscription was read.
    pub async fn source_state(&self, source: &str, subscription: &str) -> Result<Option<SourceState>, Fault> {
        let (source, subscription) = (source.to_owned(), subscription.to_owned());
        let sql = "SELECT state FROM alert_source WHERE source = ?1 AND subscription = ?2";
        self.reader
            .run(move |db| {
                let json: Option<String> = db.query_row(sql, [source, subscription], |row| row.get(0)).optional()?;
                Ok(json.map(|json| serde_json::from_str(&json)).transpose()?)
            })
            .await
    }

    /// Forgets of a source which times alerts may be missing of: an admin knows. How many there were.
    pub async fn forget_missed(&self, source: &str) -> Result<u64, Fault> {
        let source = source.to_owned();
        // Only this part: how far the subscription was read is for whoever reads it.
        let count = "SELECT coalesce(sum(json_array_length(state, '$.missed')), 0) FROM alert_source WHERE source = ?1";
        let clear = "UPDATE alert_source SET state = json_set(state, '$.missed', json('[]')) WHERE source = ?1";
        self.write(move |tx| {
            let count: i64 = tx.query_row(count, [&source], |row| row.get(0))?;
            tx.execute(clear, [&source])?;
            Ok(count.unsigned_abs())
        })
        .await
    }

    /// Forgets how far a source was read; its alerts stay.
    pub async fn forget_source(&self, source: &str) -> Result<(), Fault> {
        let source = source.to_owned();
        self.write(move |tx| {
            tx.execute("DELETE FROM alert_source WHERE source = ?1", [source])?;
            Ok(())
        })
        .await
    }

    /// Forgets how far these subscriptions of a source were read; their alerts stay.
    pub async fn forget_subscriptions(&self, source: &str, subscriptions: Vec<String>) -> Result<(), Fault> {
        let source = source.to_owned();
        self.write(move |tx| {
            for id in &subscriptions {
                tx.execute("DELETE FROM alert_source WHERE source = ?1 AND subscription = ?2", params![source, id])?;
            }
            Ok(())
        })
        .await
    }

    /// How many fired alerts with a ticket are too old for their end to be seen.
    pub async fn unseen_ends(&self, before: Timestamp) -> Result<u64, Fault> {
        let sql = "SELECT count(*) FROM alert WHERE condition = 'fired' AND slots <> '[]' AND at < ?1";
        let count = move |db: &mut Connection| db.query_row(sql, [before.as_second()], |row| row.get::<_, i64>(0));
        self.reader.run(move |db| Ok(count(db)?.unsigned_abs())).await
    }
}

fn take(
    tx: &Transaction<'_>,
    notice: &NewAlert,
    source: &str,
    start: Option<Timestamp>,
    now: Timestamp,
    taken: &mut Taken,
) -> Result<(), Problem> {
    let alert = &notice.alert;
    let key = key_of(tx, alert)?;
    let sql = "SELECT alert, handled, slots, verdict, before_start FROM alert WHERE id = ?1";
    let read = |row: &Row<'_>| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, String>(2)?,
            row.get::<_, Option<String>>(3)?,
            row.get::<_, bool>(4)?,
        ))
    };
    let found = tx.query_row(sql, [key.as_str()], read).optional()?;
    let Some((json_of_old, mut handled, slots, verdict, before)) = found else {
        taken.new += 1;
        return insert(tx, notice, source, start, now);
    };
    let old: Alert = serde_json::from_str(&json_of_old)?;
    let merged = old.clone().merged(Alert { key: key.clone(), ..alert.clone() });
    // Another source reads it as well, and was added before it fired.
    if before && slots == "[]" && start.is_some_and(|start| !is_early(&merged, start, now)) {
        let sql = "UPDATE alert SET before_start = 0, pending = 1, handled = 'unknown', verdict = NULL, over = NULL \
                   WHERE id = ?1 AND NOT ignored";
        if tx.execute(sql, [key.as_str()])? > 0 {
            Condition::Unknown.id().clone_into(&mut handled);
        }
    }
    if merged == old {
        taken.same += 1;
        tx.execute("UPDATE alert SET last_seen = ?2 WHERE id = ?1", params![key.as_str(), now.to_string()])?;
        return Ok(());
    }
    taken.changed += 1;
    // What was muted and is not any more is decided about again.
    let woken =
        old.suppressed && !merged.suppressed && verdict.as_deref() == Some(Verdict::Suppressed.id()) && slots == "[]";
    // And so is what no rule wanted, when something that rules look at is another one now.
    let unwanted =
        matches!(verdict.as_deref().and_then(Verdict::from_id), Some(Verdict::NoRule | Verdict::NoTicketForSeverity));
    let woken = woken || (unwanted && slots == "[]" && !fits_alike(&old, &merged));
    let handled = if woken { Condition::Unknown } else { Condition::from_id(&handled) };
    let pending = merged.condition > handled;
    let sql = "UPDATE alert SET series = ?2, condition = ?3, at = ?4, last_seen = ?5, handled = ?6, \
               pending = pending OR ?7, alert = ?8 WHERE id = ?1";
    let at = fired(&merged, now).as_second();
    let (condition, seen) = (merged.condition.id(), now.to_string());
    tx.execute(sql, params![key.as_str(), merged.series, condition, at, seen, handled.id(), pending, json(&merged)?])?;
    let (raw, raw_over) = texts(notice);
    let sql = "UPDATE alert SET raw = coalesce(raw, ?2), raw_over = coalesce(?3, raw_over) WHERE id = ?1";
    tx.execute(sql, params![key.as_str(), raw, raw_over])?;
    Ok(())
}

fn insert(
    tx: &Transaction<'_>,
    notice: &NewAlert,
    source: &str,
    start: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), Problem> {
    let alert = &notice.alert;
    let at = fired(alert, now);
    let early = start.is_some_and(|start| is_early(alert, start, now));
    let (raw, raw_over) = texts(notice);
    let sql = "INSERT INTO alert (id, series, condition, at, source, first_seen, last_seen, before_start, alert, raw, raw_over) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8, ?9, ?10)";
    let condition = alert.condition.id();
    let values: [&dyn ToSql; 10] = [
        &alert.key.as_str(),
        &alert.series,
        &condition,
        &at.as_second(),
        &source,
        &now.to_string(),
        &early,
        &json(alert)?,
        &raw,
        &raw_over,
    ];
    tx.execute(sql, values)?;
    Ok(())
}

/// When an alert fired, or the nearest to it that is known.
fn fired(alert: &Alert, now: Timestamp) -> Timestamp {
    alert.fired_at.or(alert.at()).unwrap_or(now)
}

/// Whether an alert fired before a source was added.
fn is_early(alert: &Alert, start: Timestamp, now: Timestamp) -> bool {
    fired(alert, now) < start
}

/// Whether rules see the same of both: nothing else decides which of them an alert matches.
fn fits_alike(one: &Alert, other: &Alert) -> bool {
    let texts = |alert: &Alert| {
        let Alert { subscription, resource_group, resource_type, rule, rule_id, service, .. } = alert.clone();
        [subscription, resource_group, resource_type, rule, rule_id, service]
    };
    (one.severity, &one.custom, &one.targets, &one.items)
        == (other.severity, &other.custom, &other.targets, &other.items)
        && texts(one) == texts(other)
}

/// The text of a notice in the place where it belongs: that of the firing, or that of the end.
fn texts(notice: &NewAlert) -> (Option<String>, Option<String>) {
    let raw = redactor::redact_text(&notice.raw).into_owned();
    if notice.alert.condition == Condition::Resolved { (None, Some(raw)) } else { (Some(raw), None) }
}

/// The key under which an alert is stored. An end without an id of its own is that of the newest alert of its series that
/// has none either, and a firing is that of an end which came before it.
fn key_of(tx: &Transaction<'_>, alert: &Alert) -> Result<AlertKey, Problem> {
    if alert.key.is_guid() {
        return Ok(alert.key.clone());
    }
    if let Some(key) = of_earlier_version(tx, alert)? {
        return Ok(key);
    }
    if alert.series.is_empty() {
        return Ok(alert.key.clone());
    }
    if let (Condition::Fired, Some(at)) = (alert.condition, alert.fired_at) {
        return ended_before(tx, alert, at);
    }
    if alert.condition != Condition::Resolved || alert.fired_at.is_some() {
        return Ok(alert.key.clone());
    }
    let sql = "SELECT id FROM alert WHERE series = ?1 AND at <= ?2 AND id LIKE 'x-%' AND \
               (condition = 'fired' OR alert ->> '$.resolved_at' = ?3) ORDER BY at DESC LIMIT 1";
    let at = alert.resolved_at.unwrap_or(Timestamp::MAX);
    let found: Option<String> =
        tx.query_row(sql, params![alert.series, at.as_second(), at.to_string()], |row| row.get(0)).optional()?;
    Ok(found.map_or_else(|| alert.key.clone(), |id| AlertKey::stored(&id)))
}

/// The key of an alert without a GUID that a version stored which did not look at the time of the firing.
fn of_earlier_version(tx: &Transaction<'_>, alert: &Alert) -> Result<Option<AlertKey>, Problem> {
    let (Some(key), Some(at)) = (AlertKey::of_id(&alert.id), alert.fired_at) else { return Ok(None) };
    let sql = "SELECT id FROM alert WHERE id = ?1 AND alert ->> '$.fired_at' = ?2";
    let found: Option<String> = tx.query_row(sql, [key.as_str(), &at.to_string()], |row| row.get(0)).optional()?;
    Ok(found.map(|id| AlertKey::stored(&id)))
}

/// The key of a firing without an id of its own: that of the end of its series that came before it and knows no other firing.
fn ended_before(tx: &Transaction<'_>, alert: &Alert, at: Timestamp) -> Result<AlertKey, Problem> {
    let sql = "SELECT id FROM alert WHERE series = ?1 AND at >= ?2 AND id LIKE 'x-%' AND condition = 'resolved' AND \
               coalesce(alert ->> '$.fired_at', ?3) = ?3 AND NOT EXISTS (SELECT 1 FROM alert WHERE id = ?4) ORDER BY at LIMIT 1";
    let values = params![alert.series, at.as_second(), at.to_string(), alert.key.as_str()];
    let found: Option<String> = tx.query_row(sql, values, |row| row.get(0)).optional()?;
    Ok(found.map_or_else(|| alert.key.clone(), |id| AlertKey::stored(&id)))
}

fn decide(tx: &Transaction<'_>, decided: &Decided, now: Timestamp) -> Result<(), Problem> {
    let Decision { verdict, rule, slots, .. } = &decided.decision;
    // A condition that came meanwhile is still to be decided about.
    let sql = "UPDATE alert SET verdict = CASE handled WHEN 'unknown' THEN ?2 ELSE verdict END, \
               over = CASE handled WHEN 'unknown' THEN over ELSE ?2 END, rule = coalesce(?3, rule), slots = ?4, handled = ?5, \
               pending = (condition <> ?5 AND condition = 'resolved'), decided_at = ?6 WHERE id = ?1";
    let (key, handled) = (decided.key.as_str(), decided.handled.id());
    tx.execute(sql, params![key, verdict.id(), rule, json(slots)?, handled, now.to_string()])?;
    let event = AlertEvent {
        at: now,
        event: AlertEventKind::Decided,
        condition: Some(decided.handled),
        outcome: Some(*verdict),
        rule: rule.clone(),
    };
    alert_history::note(tx, key, &event)
}

/// The slots of the tickets of an alert; `None` where it is not stored.
fn slots_of(tx: &Transaction<'_>, key: &AlertKey) -> Result<Option<Vec<String>>, Problem> {
    let sql = "SELECT slots FROM alert WHERE id = ?1";
    let slots: Option<String> = tx.query_row(sql, [key.as_str()], |row| row.get(0)).optional()?;
    Ok(slots.map(|slots| serde_json::from_str(&slots)).transpose()?)
}

/// Whether a ticket of these is gone from its product.
fn any_gone(tx: &Transaction<'_>, slots: &[String]) -> Result<bool, Problem> {
    for id in slots {
        if lost_tickets::gone(tx, id.clone())?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Has one alert decided about again, if it has no ticket or has lost one. Whether it is.
fn retry(tx: &Transaction<'_>, key: &AlertKey) -> Result<bool, Problem> {
    let Some(slots) = slots_of(tx, key)? else { return Ok(false) };
    let refused = format!("SELECT coalesce((SELECT {REFUSED} FROM ticket t WHERE t.id = ?1), 0)");
    let mut has_ticket = false;
    for id in &slots {
        has_ticket |= !tx.query_row(&refused, [id], |row| row.get::<_, bool>(0))?;
    }
    if has_ticket && !any_gone(tx, &slots)? {
        return Ok(false);
    }
    // It leaves its tickets, and fires anew: one that is still there finds it again.
    let leave = "UPDATE alert_slot SET slot = json_set(slot, '$.fired', max(slot ->> '$.fired' - 1, 0)) WHERE id = ?1 \
                 AND EXISTS (SELECT 1 FROM alert WHERE id = ?2 AND condition <> 'resolved')";
    for id in &slots {
        tx.execute(leave, params![id, key.as_str()])?;
    }
    let sql = "UPDATE alert SET pending = 1, handled = 'unknown', ignored = 0, before_start = 0, verdict = NULL, over = NULL, \
               rule = NULL, slots = '[]' WHERE id = ?1";
    tx.execute(sql, [key.as_str()])?;
    Ok(true)
}

fn keep_state(tx: &Transaction<'_>, source: &str, subscription: &str, state: &SourceState) -> Result<(), Problem> {
    let sql = "INSERT INTO alert_source VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET state = excluded.state";
    tx.execute(sql, params![source, subscription, json(state)?])?;
    Ok(())
}

fn forget_old(tx: &Transaction<'_>, now: Timestamp) -> Result<(), Problem> {
    let Ok(before) = now.checked_sub(SignedDuration::from_hours(24 * KEPT_DAYS)) else { return Ok(()) };
    // Not by our clock alone: where it is years ahead for a moment, everything would be old.
    // And what still comes, from a file of old alerts, would be new each time.
    let old = "SELECT id FROM alert WHERE at < ?1 AND NOT pending AND at < (SELECT max(at) FROM alert) - ?2 \
               AND last_seen < ?3 ORDER BY at, id LIMIT 200";
    let seen = before.to_string();
    let limits = (before.as_second(), 24 * 3_600 * KEPT_DAYS, seen.as_str());
    tx.execute(&format!("DELETE FROM alert_history WHERE alert IN ({old})"), limits)?;
    tx.execute(&format!("DELETE FROM alert WHERE id IN ({old})"), limits)?;
    Ok(())
}

fn slots(db: &Connection) -> Result<Vec<(Slot, Option<TicketState>)>, Problem> {
    let mut select = db.prepare(&format!(
        "SELECT s.slot, {} FROM alert_slot s LEFT JOIN ticket t ON t.id = s.id ORDER BY s.id",
        shown()
    ))?;
    let mut rows = select.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let slot: Slot = serde_json::from_str(&row.get::<_, String>(0)?)?;
        let state = state_of(row.get(1)?);
        let state =
            if state.is_some_and(TicketState::needs_successor) { last_state(db, &slot.key, state)? } else { state };
        all.push((slot, state));
    }
    Ok(all)
}

/// The state of a ticket `t` as the product last showed it; nothing while something is still to be written to it, and *gone*
/// where the product refused to open it.
fn shown() -> String {
    format!(
        "CASE WHEN EXISTS (SELECT 1 FROM outbox o WHERE o.ticket = t.id AND o.state IN ('prepared', 'sent')) THEN NULL \
         WHEN {REFUSED} THEN 'gone' ELSE t.state END"
    )
}

/// Whether the product refused to open a ticket `t`, however often it was asked.
const REFUSED: &str = "(t.product_id IS NULL AND (SELECT min(o.state = 'refused') FROM outbox o WHERE o.ticket = t.id \
                       AND o.operation ->> '$.do' = 'open'))";

fn state_of(id: Option<String>) -> Option<TicketState> {
    id.and_then(|id| TicketState::from_id(&id))
}

/// The state of the last of the tickets that took the place of one.
fn last_state(db: &Connection, key: &TicketKey, state: Option<TicketState>) -> Result<Option<TicketState>, Problem> {
    let mut select = db.prepare(&format!("SELECT {} FROM ticket t WHERE t.id = ?1", shown()))?;
    let (mut key, mut state) = (key.clone(), state);
    while state.is_some_and(TicketState::needs_successor) {
        key = key.replacement();
        let Some(next) = select.query_row([key.id()], |row| row.get(0)).optional()? else { break };
        state = state_of(next);
    }
    Ok(state)
}

fn filtered(db: &Connection, filter: &AlertFilter, limit: usize) -> Result<Vec<StoredAlert>, Problem> {
    let condition = "at >= ?1 AND (?2 IS NULL OR coalesce(verdict, '') = ?2) AND (?3 IS NULL OR coalesce(rule, '') = ?3) \
                     AND (?4 IS NULL OR condition = ?4) ORDER BY at DESC, id";
    let from = filter.from.map_or(i64::MIN, Timestamp::as_second);
    let (verdict, condition_of) = (filter.verdict.map(Verdict::id), filter.condition.map(Condition::id));
    stored(db, condition, params![from, verdict, filter.rule, condition_of], limit)
}

/// The statement that reads alerts by a condition.
pub(super) fn select_stored(condition: &str, limit: usize) -> String {
    format!(
        "SELECT alert, handled, slots, ignored, before_start, source, first_seen, verdict, over, rule, pending, at FROM alert a \
         WHERE {condition} LIMIT {}",
        i64::try_from(limit).unwrap_or(i64::MAX)
    )
}

/// Alerts by a condition, with what was decided about each.
pub(super) fn stored(
    db: &Connection,
    condition: &str,
    values: impl rusqlite::Params,
    limit: usize,
) -> Result<Vec<StoredAlert>, Problem> {
    let mut select = db.prepare(&select_stored(condition, limit))?;
    let mut rows = select.query(values)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let verdict = |place| -> Result<Option<Verdict>, Problem> {
            let id: Option<String> = row.get(place)?;
            Ok(id.and_then(|id| Verdict::from_id(&id)))
        };
        all.push(StoredAlert {
            alert: serde_json::from_str(&row.get::<_, String>(0)?)?,
            standing: Standing {
                handled: Condition::from_id(&row.get::<_, String>(1)?),
                slots: serde_json::from_str(&row.get::<_, String>(2)?)?,
                ignored: row.get(3)?,
                before_start: row.get(4)?,
            },
            source: row.get(5)?,
            first_seen: row.get::<_, String>(6)?.parse()?,
            verdict: verdict(7)?,
            over: verdict(8)?,
            rule: row.get(9)?,
            pending: row.get(10)?,
            at: row.get(11)?,
        });
    }
    Ok(all)
}

/// As JSON, without any secret that this process knows.
fn json(value: &impl serde::Serialize) -> Result<String, Problem> {
    Ok(redactor::redact_text(&serde_json::to_string(value)?).into_owned())
}
