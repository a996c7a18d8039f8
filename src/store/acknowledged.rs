//! Which alerts with a ticket are still to be acknowledged in Azure.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::problem::Problem;
use super::{Store, reading};
use crate::model::alert::AlertKey;
use crate::model::fault::Fault;
use crate::model::redactor;

/// An alert that has a ticket and is not acknowledged by itsmc yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToAcknowledge {
    /// The alert.
    pub key: AlertKey,
    /// The subscription that it is in.
    pub subscription: String,
    /// What people made of it, as Azure last told: `New`, `Acknowledged` or `Closed`.
    pub user_state: String,
    /// The ticket's number in the product.
    pub number: String,
    /// The connection in which the ticket is.
    pub connection: String,
}

/// Reads `alert_to_acknowledge` alone, the newest first. The first slot of an alert is its first ticket.
pub(super) const WAITING: &str = "SELECT a.id, a.alert ->> '$.subscription', a.alert ->> '$.user_state', t.number, t.connection \
     FROM alert a INDEXED BY alert_to_acknowledge JOIN ticket t ON t.id = a.slots ->> '$[0]' \
     WHERE a.acknowledged IS NULL AND a.condition = 'fired' AND a.slots <> '[]' AND a.source = ?1 AND a.at >= ?2 \
     AND t.number <> '' ORDER BY a.at DESC, a.id LIMIT ?3";

impl Store {
    /// At most `limit` alerts of a source that are fired, have a ticket with a number, and are not acknowledged; the newest
    /// first. Azure has deleted those that fired before `from`.
    pub async fn to_acknowledge(
        &self,
        source: &str,
        from: Timestamp,
        limit: usize,
    ) -> Result<Vec<ToAcknowledge>, Fault> {
        let source = source.to_owned();
        self.reader.run(move |db| reading(db, |db| waiting(db, &source, from, limit))).await
    }

    /// Notes that an alert is acknowledged, or need not be.
    pub async fn alert_acknowledged(&self, key: &AlertKey, now: Timestamp) -> Result<(), Fault> {
        let key = key.to_string();
        self.write(move |tx| {
            tx.execute("UPDATE alert SET acknowledged = ?2 WHERE id = ?1", params![key, now.to_string()])?;
            Ok(())
        })
        .await
    }

    /// Notes why alerts of a subscription could not be acknowledged, or that they could.
    pub async fn acknowledge_fault(
        &self,
        source: &str,
        subscription: &str,
        fault: Option<&Fault>,
    ) -> Result<(), Fault> {
        let json = serde_json::to_string(&fault).map_err(|error| Fault::Internal { what: error.to_string() })?;
        let json = redactor::redact_text(&json).into_owned();
        let (source, subscription) = (source.to_owned(), subscription.to_owned());
        // Only this part: how far the subscription was read is for whoever reads it.
        let sql = "UPDATE alert_source SET state = json_set(state, '$.acknowledge_fault', json(?3)) \
                   WHERE source = ?1 AND subscription = ?2 COLLATE NOCASE";
        self.write(move |tx| {
            tx.execute(sql, params![source, subscription, json])?;
            Ok(())
        })
        .await
    }
}

fn waiting(db: &Connection, source: &str, from: Timestamp, limit: usize) -> Result<Vec<ToAcknowledge>, Problem> {
    let mut select = db.prepare(WAITING)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut rows = select.query(params![source, from.as_second(), limit])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(ToAcknowledge {
            key: AlertKey::stored(&row.get::<_, String>(0)?),
            subscription: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
            user_state: row.get::<_, Option<String>>(2)?.unwrap_or_default(),
            number: row.get(3)?,
            connection: row.get(4)?,
        });
    }
    Ok(all)
}
