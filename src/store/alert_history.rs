//! What was decided about each alert, and what an admin did about it.

use rusqlite::{Connection, Transaction, params};

use super::problem::Problem;
use super::{Store, reading};
use crate::model::alert::{AlertKey, Condition};
use crate::model::alert_plan::Verdict;
use crate::model::alert_view::{AlertEvent, AlertEventKind};
use crate::model::fault::Fault;

impl Store {
    /// What became of an alert, the oldest first. What was decided by versions that kept no history is not in it.
    pub async fn alert_history(&self, key: &AlertKey) -> Result<Vec<AlertEvent>, Fault> {
        let key = key.to_string();
        self.reader.run(move |db| reading(db, |db| history(db, &key))).await
    }
}

/// Notes an event, within the transaction that makes it.
pub(super) fn note(tx: &Transaction<'_>, key: &str, event: &AlertEvent) -> Result<(), Problem> {
    let sql = "INSERT INTO alert_history (alert, at, event, condition, verdict, rule) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let (condition, verdict) = (event.condition.map(Condition::id), event.outcome.map(Verdict::id));
    tx.execute(sql, params![key, event.at.to_string(), event.event.id(), condition, verdict, event.rule])?;
    Ok(())
}

fn history(db: &Connection, key: &str) -> Result<Vec<AlertEvent>, Problem> {
    let sql = "SELECT at, event, condition, verdict, rule FROM alert_history WHERE alert = ?1 ORDER BY id";
    let mut select = db.prepare(sql)?;
    let mut rows = select.query([key])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let (event, condition, outcome): (String, Option<String>, Option<String>) =
            (row.get(1)?, row.get(2)?, row.get(3)?);
        // What a later version noted is not told by this one.
        let Some(event) = AlertEventKind::from_id(&event) else { continue };
        all.push(AlertEvent {
            at: row.get::<_, String>(0)?.parse()?,
            event,
            condition: condition.map(|id| Condition::from_id(&id)),
            outcome: outcome.and_then(|id| Verdict::from_id(&id)),
            rule: row.get(4)?,
        });
    }
    Ok(all)
}
