//! The admin's confirmations of checklist items.

use rusqlite::{Connection, Transaction, params};

use super::plan::connection_id;
use super::problem::Problem;
use crate::model::checklist::ItemId;
use crate::model::confirmation::Confirmation;
use crate::model::connection::ConnectionName;

/// Stores it; replaces an earlier confirmation of the same item.
pub fn keep(tx: &Transaction<'_>, connection: &ConnectionName, said: &Confirmation) -> Result<(), Problem> {
    let id = connection_id(tx, connection)?;
    let insert = "INSERT OR REPLACE INTO confirmation (connection, item, at, state) VALUES (?1, ?2, ?3, ?4)";
    let (item, state) = (said.item.to_string(), serde_json::to_string(&said.basis)?);
    tx.execute(insert, params![id, item, said.at.to_string(), state])?;
    Ok(())
}

/// Withdraws the confirmation of an item; whether there was something.
pub fn withdraw(tx: &Transaction<'_>, connection: &ConnectionName, item: &ItemId) -> Result<bool, Problem> {
    let delete =
        "DELETE FROM confirmation WHERE item = ?2 AND connection = (SELECT id FROM connection WHERE name = ?1)";
    Ok(tx.execute(delete, params![connection.as_str(), item.to_string()])? > 0)
}

/// All that was said. An item that this program does not know is left where it is.
pub fn all(db: &Connection, connection: &ConnectionName) -> Result<Vec<Confirmation>, Problem> {
    let mut select = db.prepare(
        "SELECT s.item, s.at, s.state FROM confirmation s JOIN connection c ON c.id = s.connection WHERE c.name = ?1",
    )?;
    let mut rows = select.query([connection.as_str()])?;
    let mut said = Vec::new();
    while let Some(row) = rows.next()? {
        let Ok(item) = ItemId::try_from(row.get::<_, String>(0)?) else { continue };
        let at = row.get::<_, String>(1)?.parse()?;
        said.push(Confirmation { item, at, basis: serde_json::from_str(&row.get::<_, String>(2)?)? });
    }
    Ok(said)
}
