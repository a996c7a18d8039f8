//! The numbers of the alerts for the dashboard, out of indexes alone.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::lost_tickets::lost;
use super::problem::Problem;
use super::{Store, reading};
use crate::model::alert_counts::{AlertCounts, DAYS, MOST, RuleFirings};
use crate::model::alert_plan::Verdict;
use crate::model::fault::Fault;

/// Reads `alert_told` alone.
pub(super) const TOLD: &str = "SELECT alert ->> '$.rule', condition = 'fired', verdict, slots <> '[]', at \
     FROM alert INDEXED BY alert_told WHERE at >= ?1";

/// Reads `outbox_troubled` alone. A ticket counts once, however many of its writes were refused.
pub(super) const TROUBLED: &str = "SELECT state, count(DISTINCT ticket) FROM outbox INDEXED BY outbox_troubled \
     WHERE state IN ('refused', 'unsure') GROUP BY state";

/// The oldest write that is not at its end: one step in `outbox_unfinished`, and one for each search before it.
pub(super) const WAITING: &str = "SELECT prepared_at FROM outbox INDEXED BY outbox_unfinished WHERE state IN ('prepared', 'sent') \
     AND operation ->> '$.do' <> 'recover' ORDER BY id LIMIT 1";
/// Reads `outbox_doubled` for the few tickets that have others beside them.
pub(super) const DOUBLED: &str = "SELECT DISTINCT coalesce(nullif(t.number, ''), t.id) FROM outbox o INDEXED BY outbox_doubled \
     JOIN ticket t ON t.id = o.ticket WHERE instr(o.findings, '\"doubled\"') > 0 AND t.state IN ('new', 'in-progress', 'unknown') \
     ORDER BY 1 LIMIT ?1";

impl Store {
    /// How the alerts of the last [`DAYS`] days became tickets.
    pub async fn alert_counts(&self, now: Timestamp) -> Result<AlertCounts, Fault> {
        let from = now.saturating_sub(SignedDuration::from_hours(24 * DAYS)).unwrap_or(Timestamp::MIN);
        let counted = move |db: &Connection| Ok(AlertCounts { lost: lost(db, now)?, ..counts(db, from)? });
        self.reader.run(move |db| reading(db, counted)).await
    }
}

fn counts(db: &Connection, from: Timestamp) -> Result<AlertCounts, Problem> {
    let mut counts = AlertCounts::default();
    let mut rules: HashMap<String, RuleFirings> = HashMap::new();
    let mut undecided: Option<i64> = None;
    let mut select = db.prepare(TOLD)?;
    let mut rows = select.query([from.as_second()])?;
    while let Some(row) = rows.next()? {
        let verdict = row.get_ref(2)?.as_str_or_null().ok().flatten().and_then(Verdict::from_id);
        counts.unknown += u64::from(verdict == Some(Verdict::UnknownShape));
        if row.get::<_, bool>(1)? {
            counts.fired += 1;
            if !row.get::<_, bool>(3)? {
                *counts.without.entry(verdict).or_default() += 1;
                undecided = undecided.into_iter().chain(verdict.is_none().then_some(row.get(4)?)).min();
            }
        }
        let name = row.get_ref(0)?.as_str_or_null().ok().flatten().unwrap_or_default();
        let rule = match rules.get_mut(name) {
            Some(rule) => rule,
            None => rules.entry(name.to_owned()).or_default(),
        };
        rule.alerts += 1;
        rule.tickets += u64::from(matches!(verdict, Some(Verdict::Opened | Verdict::OpenedAndResolved)));
        rule.muted += u64::from(verdict == Some(Verdict::Suppressed));
    }
    let named = rules.into_iter().map(|(name, rule)| RuleFirings { name, ..rule });
    counts.rules = named.collect();
    counts.rules.sort_unstable_by(|one, other| other.alerts.cmp(&one.alerts).then_with(|| one.name.cmp(&other.name)));
    counts.more_rules = counts.rules.len().saturating_sub(MOST);
    counts.rules.truncate(MOST);
    counts.undecided_since = undecided.and_then(|at| Timestamp::from_second(at).ok());
    let waiting: Option<String> = db.query_row(WAITING, [], |row| row.get(0)).optional()?;
    counts.waiting_since = waiting.map(|since| since.parse()).transpose()?;
    count_trouble(db, &mut counts)?;
    Ok(counts)
}

fn count_trouble(db: &Connection, counts: &mut AlertCounts) -> Result<(), Problem> {
    let mut select = db.prepare(TROUBLED)?;
    let mut rows = select.query(params![])?;
    while let Some(row) = rows.next()? {
        let tickets = row.get::<_, i64>(1)?.unsigned_abs();
        match row.get_ref(0)?.as_str().unwrap_or_default() {
            "refused" => counts.refused = tickets,
            _ => counts.unsure = tickets,
        }
    }
    let mut select = db.prepare(DOUBLED)?;
    counts.doubled = select.query_map([MOST as i64], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(())
}
