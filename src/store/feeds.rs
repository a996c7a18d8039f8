//! Feeds: each is one kind of work item of one connection.

use rusqlite::{Connection, params};

use super::problem::Problem;
use crate::model::connection::ConnectionName;
use crate::model::work_item::WorkItemKind;

/// One kind of work item of one connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Its id in the database.
    pub id: i64,
    /// The connection's name.
    pub connection: String,
    /// The kind.
    pub kind: WorkItemKind,
}

/// The feeds of one connection or of all, of one kind or of all.
pub fn of(
    db: &Connection,
    connection: Option<&ConnectionName>,
    kind: Option<WorkItemKind>,
) -> Result<Vec<Feed>, Problem> {
    let mut select = db.prepare(
        "SELECT f.id, c.name, f.kind FROM feed f JOIN connection c ON c.id = f.connection \
         WHERE c.name IS NOT NULL AND (?1 IS NULL OR c.name = ?1) AND (?2 IS NULL OR f.kind = ?2) ORDER BY f.id",
    )?;
    let mut rows = select.query(params![connection.map(ConnectionName::as_str), kind.map(WorkItemKind::id)])?;
    let mut feeds = Vec::new();
    while let Some(row) = rows.next()? {
        let kind: String = row.get(2)?;
        let kind = WorkItemKind::from_id(&kind).ok_or_else(|| Problem::Unreadable(format!("a kind '{kind}'")))?;
        feeds.push(Feed { id: row.get(0)?, connection: row.get(1)?, kind });
    }
    Ok(feeds)
}
