//! A window of the table of alerts, the newest first, found by key: it takes the same time however many there are.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use super::alerts::{StoredAlert, stored};
use super::db_thread::Pending;
use super::outbox::with_successors;
use super::problem::Problem;
use super::window::Way;
use super::{Store, reading};
use crate::model::alert::AlertKey;
use crate::model::alert_view::{AlertPlace, AlertQuery, AlertRow, AlertWindow, OutcomeFilter, RowTicket};
use crate::model::fault::Fault;
use crate::model::items::{Seek, Total};
use crate::model::ticket::{TicketKey, TicketState};

/// At most so many alerts that match are counted.
const COUNTED: u64 = 10_000;

/// How many alerts are read together.
const TOGETHER: usize = 500;

/// So many tickets of an alert stand in its row.
const TICKETS: usize = 3;

/// When an alert was seen and decided about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlertTimes {
    /// When it came last.
    pub last_seen: Timestamp,
    /// When something was decided about it last.
    pub decided_at: Option<Timestamp>,
}

impl Store {
    /// A window of the table of alerts.
    pub async fn alert_window(
        &self,
        query: AlertQuery,
        seek: Seek<AlertPlace>,
        limit: usize,
    ) -> Result<AlertWindow, Fault> {
        self.reader.run(move |db| reading(db, |db| window(db, &query, &seek, limit))).await
    }

    /// One alert with its row in the table.
    pub async fn alert_whole(&self, key: &AlertKey) -> Result<Option<(StoredAlert, AlertRow, AlertTimes)>, Fault> {
        let key = key.to_string();
        self.reader.run(move |db| reading(db, |db| whole(db, &key))).await
    }
}

/// The conditions of a query, with their values.
struct Wanted {
    sql: String,
    values: Vec<SqlValue>,
}

impl Wanted {
    fn of(db: &Connection, query: &AlertQuery) -> Result<Self, Problem> {
        let mut wanted = Self { sql: "TRUE".to_owned(), values: Vec::new() };
        if let Some(condition) = query.condition {
            wanted.and("condition = ?", [condition.id()]);
        }
        match query.outcome {
            OutcomeFilter::Any => {}
            OutcomeFilter::WithTicket => wanted.and("slots <> '[]'", []),
            OutcomeFilter::WithoutTicket => wanted.and("slots = '[]' AND verdict IS NOT NULL", []),
            OutcomeFilter::Waiting => wanted.and("pending", []),
            OutcomeFilter::Troubled => {
                let tickets = serde_json::to_string(&troubled(db)?)?;
                let sql = "(slots <> '[]' AND EXISTS (SELECT 1 FROM json_each(a.slots) s \
                           WHERE s.value IN (SELECT value FROM json_each(?))))";
                wanted.and(sql, [tickets.as_str()]);
            }
            OutcomeFilter::Is(verdict) => wanted.and("(verdict = ? OR over = ?)", [verdict.id(), verdict.id()]),
        }
        for word in query.find.split_whitespace().map(str::to_ascii_lowercase) {
            // As it stands in JSON: most alerts are left out without being parsed.
            let in_json = serde_json::to_string(&word).unwrap_or_default();
            let in_json = in_json.get(1..in_json.len().saturating_sub(1)).unwrap_or_default().to_owned();
            wanted.and(
                "((instr(lower(alert), ?) AND EXISTS (SELECT 1 FROM json_tree(a.alert) j WHERE j.type = 'text' \
                 AND instr(lower(j.atom), ?))) OR instr(lower(coalesce(rule, '')), ?) OR (slots <> '[]' AND EXISTS \
                 (SELECT 1 FROM json_each(a.slots) s JOIN ticket t ON t.id = s.value WHERE instr(lower(t.number), ?))))",
                [in_json.as_str(), &word, &word, &word],
            );
        }
        Ok(wanted)
    }

    fn and<const N: usize>(&mut self, condition: &str, values: [&str; N]) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
        self.values.extend(values.map(|value| SqlValue::Text(value.to_owned())));
    }

    /// The same, of places on one side of this one.
    fn beside(&self, sign: &str, place: &AlertPlace) -> Self {
        let mut values = self.values.clone();
        values.extend([SqlValue::Integer(place.at), SqlValue::Text(place.id.clone())]);
        Self { sql: format!("{} AND (at, id) {sign} (?, ?)", self.sql), values }
    }

    fn any(&self, db: &Connection) -> Result<bool, Problem> {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM alert a WHERE {})", self.sql);
        Ok(db.query_row(&sql, params_from_iter(&self.values), |row| row.get(0))?)
    }

    fn count(&self, db: &Connection) -> Result<Total, Problem> {
        if self.values.is_empty() && self.sql == "TRUE" {
            let all: i64 = db.query_row("SELECT count(*) FROM alert", [], |row| row.get(0))?;
            return Ok(Total::Exactly(all.unsigned_abs()));
        }
        let sql = format!("SELECT count(*) FROM (SELECT 1 FROM alert a WHERE {} LIMIT {})", self.sql, COUNTED + 1);
        let found: i64 = db.query_row(&sql, params_from_iter(&self.values), |row| row.get(0))?;
        let found = found.unsigned_abs();
        Ok(if found > COUNTED { Total::AtLeast(COUNTED) } else { Total::Exactly(found) })
    }

    fn ordered(&self, way: Way) -> String {
        let order = match way {
            Way::Older => "ORDER BY at DESC, id DESC",
            Way::Newer => "ORDER BY at, id",
        };
        format!("{} {order}", self.sql)
    }

    fn rows(&self, db: &Connection, way: Way, limit: usize) -> Result<(Vec<AlertRow>, bool), Problem> {
        let condition = self.ordered(way);
        let mut found = stored(db, &condition, params_from_iter(&self.values), limit.saturating_add(1))?;
        let more = found.len() > limit;
        found.truncate(limit);
        if way == Way::Newer {
            found.reverse();
        }
        let rows = found.into_iter().map(|one| row(db, &one)).collect::<Result<_, _>>()?;
        Ok((rows, more))
    }
}

/// How SQLite finds the rows of a window, and how many steps it takes for them.
#[cfg(test)]
pub(super) fn effort(
    db: &Connection,
    query: &AlertQuery,
    after: Option<&AlertPlace>,
    limit: usize,
) -> Result<(Vec<String>, i32), Problem> {
    let mut wanted = Wanted::of(db, query)?;
    if let Some(place) = after {
        wanted = wanted.beside("<", place);
    }
    let sql = super::alerts::select_stored(&wanted.ordered(Way::Older), limit);
    let mut plan = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
    let plan = plan.query_map(params_from_iter(&wanted.values), |row| row.get(3))?.collect::<Result<_, _>>()?;
    let mut select = db.prepare(&sql)?;
    let mut rows = select.query(params_from_iter(&wanted.values))?;
    while rows.next()?.is_some() {}
    drop(rows);
    Ok((plan, select.get_status(rusqlite::StatementStatus::VmStep)))
}

fn window(db: &Connection, query: &AlertQuery, seek: &Seek<AlertPlace>, limit: usize) -> Result<AlertWindow, Problem> {
    let wanted = Wanted::of(db, query)?;
    let (rows, at_start, at_end) = match seek {
        Seek::First => {
            let (rows, more) = wanted.rows(db, Way::Older, limit)?;
            (rows, true, !more)
        }
        Seek::Last => {
            let (rows, more) = wanted.rows(db, Way::Newer, limit)?;
            (rows, !more, true)
        }
        Seek::After(place) => {
            let (rows, more) = wanted.beside("<", place).rows(db, Way::Older, limit)?;
            (rows, false, !more)
        }
        Seek::Before(place) => {
            let (rows, more) = wanted.beside(">", place).rows(db, Way::Newer, limit)?;
            (rows, !more, false)
        }
        Seek::At(place) => {
            let (rows, more) = wanted.beside("<=", place).rows(db, Way::Older, limit)?;
            (rows, !wanted.beside(">", place).any(db)?, !more)
        }
    };
    Ok(AlertWindow { rows, at_start, at_end, total: wanted.count(db)? })
}

/// The ids under which alerts know the tickets of which a write was refused or is unsure: their own, or that of the ticket whose place
/// they took.
fn troubled(db: &Connection) -> Result<Vec<String>, Problem> {
    let sql = "SELECT t.id, t.key FROM ticket t WHERE t.id IN \
               (SELECT ticket FROM outbox WHERE state IN ('refused', 'unsure'))";
    let mut select = db.prepare(sql)?;
    let mut rows = select.query([])?;
    let mut ids = Vec::new();
    while let Some(row) = rows.next()? {
        let key: TicketKey = serde_json::from_str(&row.get::<_, String>(1)?)?;
        ids.push(row.get(0)?);
        ids.extend(key.replaced().map(|first| first.id()));
    }
    Ok(ids)
}

fn whole(db: &Connection, key: &str) -> Result<Option<(StoredAlert, AlertRow, AlertTimes)>, Problem> {
    let Some(one) = stored(db, "id = ?1", params![key], 1)?.pop() else { return Ok(None) };
    let times = db.query_row("SELECT last_seen, decided_at FROM alert WHERE id = ?1", [key], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?))
    })?;
    let times = AlertTimes { last_seen: times.0.parse()?, decided_at: times.1.map(|at| at.parse()).transpose()? };
    let row = row(db, &one)?;
    Ok(Some((one, row, times)))
}

fn row(db: &Connection, one: &StoredAlert) -> Result<AlertRow, Problem> {
    let slots = &one.standing.slots;
    let tickets = slots.iter().take(TICKETS).map(|id| ticket(db, id)).collect::<Result<_, _>>()?;
    let more_tickets = slots.len().saturating_sub(TICKETS);
    Ok(AlertRow { tickets, more_tickets, ..one.row() })
}

impl StoredAlert {
    /// Its place in the order of all.
    pub fn place(&self) -> AlertPlace {
        AlertPlace { at: self.at, id: self.alert.key.to_string() }
    }

    /// Its row without its tickets.
    pub fn row(&self) -> AlertRow {
        let (one, alert) = (self, &self.alert);
        AlertRow {
            place: one.place(),
            key: alert.key.clone(),
            condition: alert.condition,
            severity: alert.severity,
            fired_at: alert.fired_at,
            azure_rule: alert.rule.clone(),
            item: alert.items.first().or(alert.targets.first()).cloned().unwrap_or_default(),
            more_items: alert.items.len().saturating_sub(1),
            verdict: one.verdict,
            over: one.over,
            rule: one.rule.clone(),
            pending: one.pending,
            tickets: Vec::new(),
            more_tickets: 0,
        }
    }
}

/// The ticket of a slot; where another one took its place, that one.
fn ticket(db: &Connection, id: &str) -> Result<RowTicket, Problem> {
    let shown = one_ticket(db, id)?;
    if !shown.state.is_some_and(TicketState::needs_successor) {
        return Ok(shown);
    }
    match with_successors(db, id.to_owned())?.pop().map(|last| last.key.id()).filter(|last| last != id) {
        Some(last) => one_ticket(db, &last),
        None => Ok(shown),
    }
}

fn one_ticket(db: &Connection, id: &str) -> Result<RowTicket, Problem> {
    let sql = "SELECT connection, coalesce(number, ''), state, shown ->> '$.url' FROM ticket WHERE id = ?1";
    let mut select = db.prepare(sql)?;
    let found = select
        .query_row([id], |row| {
            let state: Option<String> = row.get(2)?;
            Ok(RowTicket {
                id: id.to_owned(),
                connection: row.get(0)?,
                number: row.get(1)?,
                state: state.and_then(|state| TicketState::from_id(&state)),
                url: row.get(3)?,
            })
        })
        .optional()?;
    let gone =
        || RowTicket { id: id.to_owned(), connection: String::new(), number: String::new(), state: None, url: None };
    Ok(found.unwrap_or_else(gone))
}

impl Store {
    /// What each rule did since `from`: alerts that it decided about, and tickets of theirs that were made since then.
    pub async fn rule_counts(&self, from: Timestamp) -> Result<BTreeMap<String, (u64, u64)>, Fault> {
        self.reader.run(move |db| reading(db, |db| rule_counts(db, from))).await
    }

    /// At most `limit` alerts that fired at `from` or later, the newest or the oldest first, after the one at this place.
    pub async fn alerts_in_order(
        &self,
        from: Timestamp,
        way: Way,
        after: Option<AlertPlace>,
        limit: usize,
    ) -> Result<Vec<StoredAlert>, Fault> {
        self.reader.run(move |db| reading(db, |db| in_order(db, from, way, after.as_ref(), limit))).await
    }

    /// Tells each alert that fired at `from` or later, the newest first, until `tell` says no. Nothing else is read meanwhile, and
    /// whoever is told may keep it waiting.
    pub async fn begin_each_alert(
        &self,
        from: Timestamp,
        mut tell: impl FnMut(StoredAlert) -> bool + Send + 'static,
    ) -> Result<Pending<()>, Fault> {
        self.reader
            .begin(move |db| {
                let mut after = None;
                loop {
                    let portion = reading(db, |db| in_order(db, from, Way::Older, after.as_ref(), TOGETHER))?;
                    let ended = portion.len() < TOGETHER;
                    after = portion.last().map(StoredAlert::place);
                    if !portion.into_iter().all(&mut tell) || ended {
                        return Ok(());
                    }
                }
            })
            .await
    }

    /// How many alerts fired at `from` or later.
    pub async fn alert_count(&self, from: Timestamp) -> Result<u64, Fault> {
        let sql = "SELECT count(*) FROM alert WHERE at >= ?1";
        let count = move |db: &mut Connection| db.query_row(sql, [from.as_second()], |row| row.get::<_, i64>(0));
        self.reader.run(move |db| Ok(count(db)?.unsigned_abs())).await
    }
}

/// A portion of the alerts that fired at `from` or later.
fn in_order(
    db: &Connection,
    from: Timestamp,
    way: Way,
    after: Option<&AlertPlace>,
    limit: usize,
) -> Result<Vec<StoredAlert>, Problem> {
    let mut wanted = Wanted { sql: "at >= ?".to_owned(), values: vec![SqlValue::Integer(from.as_second())] };
    if let Some(place) = after {
        wanted = wanted.beside(way.sign(), place);
    }
    stored(db, &wanted.ordered(way), params_from_iter(&wanted.values), limit)
}

fn rule_counts(db: &Connection, from: Timestamp) -> Result<BTreeMap<String, (u64, u64)>, Problem> {
    let mut counts: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let sql = "SELECT rule, count(*) FROM alert WHERE at >= ?1 AND rule IS NOT NULL GROUP BY rule";
    let mut select = db.prepare(sql)?;
    let mut rows = select.query([from.as_second()])?;
    while let Some(row) = rows.next()? {
        counts.entry(row.get(0)?).or_default().0 = row.get::<_, i64>(1)?.unsigned_abs();
    }
    let sql = "SELECT a.rule, count(DISTINCT t.id) FROM alert a, json_each(a.slots) s JOIN ticket t ON t.id = s.value \
               WHERE a.at >= ?1 AND a.rule IS NOT NULL AND t.made_at >= ?2 GROUP BY a.rule";
    let mut select = db.prepare(sql)?;
    let mut rows = select.query(params![from.as_second(), from.to_string()])?;
    while let Some(row) = rows.next()? {
        counts.entry(row.get(0)?).or_default().1 = row.get::<_, i64>(1)?.unsigned_abs();
    }
    Ok(counts)
}
