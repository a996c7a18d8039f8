//! The results of reading rows by their ids, sorted for the store.

use std::sync::Arc;

use jiff::Timestamp;

use crate::model::connection::ConnectionName;
use crate::model::sweep::{Found, Unseen};
use crate::model::work_item::{WorkItem, WorkItemKind};
use crate::store::SweepPart;

/// The results, by outcome.
#[derive(Debug, Default)]
pub struct Finds {
    items: Vec<WorkItem>,
    /// For each of them, whether the product has a change time.
    stamped: Vec<bool>,
    gone: Vec<String>,
    unseen: Vec<(String, Unseen)>,
    /// Attributes that the product does not show in any row.
    pub hidden_columns: Vec<Arc<str>>,
}

impl Finds {
    /// Sorts the results. `stamped` says whether the product has a change time for a row, `stored` whether the store has
    /// the row: a row that is neither stored nor visible is ignored.
    pub fn of(found: Vec<(String, Found)>, stamped: impl Fn(&str) -> bool, stored: impl Fn(&str) -> bool) -> Self {
        let mut finds = Self::default();
        for (id, what) in found {
            match what {
                Found::Item(item) => {
                    let has_time = stamped(&id);
                    finds.items.push(*item);
                    finds.stamped.push(has_time);
                }
                Found::Gone if stored(&id) => finds.gone.push(id),
                Found::Hidden if stored(&id) => finds.unseen.push((id, Unseen::Hidden)),
                Found::Unknown if stored(&id) => finds.unseen.push((id, Unseen::Unknown)),
                Found::Gone | Found::Hidden | Found::Unknown => {}
            }
        }
        finds
    }

    /// The rows that the product has.
    pub fn items(&mut self) -> &mut [WorkItem] {
        &mut self.items
    }

    /// Stored rows that this user may not see.
    pub fn hidden(&self) -> u64 {
        self.count(Unseen::Hidden)
    }

    /// Stored rows that are gone or hidden.
    pub fn unknown(&self) -> u64 {
        self.count(Unseen::Unknown)
    }

    fn count(&self, wanted: Unseen) -> u64 {
        self.unseen.iter().filter(|(_, why)| *why == wanted).count() as u64
    }

    /// The same for the store.
    pub fn into_part(self, connection: ConnectionName, kind: WorkItemKind, at: Timestamp) -> SweepPart {
        let items = self.items.into_iter().zip(self.stamped).collect();
        let Self { gone, unseen, hidden_columns, .. } = self;
        SweepPart { connection, kind, items, gone, unseen, hidden_columns, at }
    }
}
