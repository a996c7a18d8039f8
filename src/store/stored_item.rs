//! A work item as the database has it, whose further attributes are read when somebody looks at them.

use jiff::Timestamp;

use super::Store;
use super::fields::read_fields;
use super::problem::Problem;
use super::row::ItemRecord;
use crate::model::fault::Fault;
use crate::model::item_ref::ItemRef;
use crate::model::work_item::{Value, WorkItemKind};

/// A stored work item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredItem {
    kind: WorkItemKind,
    record: ItemRecord,
    opened_at: Option<Timestamp>,
    updated_at: Timestamp,
}

impl StoredItem {
    /// From its columns.
    pub(super) fn new(kind: WorkItemKind, record: ItemRecord) -> Result<Self, Problem> {
        let opened_at = record.opened_at.map(Timestamp::from_second).transpose()?;
        let updated_at = Timestamp::from_second(record.updated_at)?;
        Ok(Self { kind, record, opened_at, updated_at })
    }

    /// Incident or change request.
    pub fn kind(&self) -> WorkItemKind {
        self.kind
    }

    /// The product's own immutable id.
    pub fn source_id(&self) -> &str {
        &self.record.source_id
    }

    /// The number people call it by.
    pub fn number(&self) -> &str {
        &self.record.number
    }

    /// The state.
    pub fn state(&self) -> &Value {
        &self.record.state
    }

    /// When the product last changed it.
    pub fn updated_at(&self) -> Timestamp {
        self.updated_at
    }
}

impl Store {
    /// All of a stored work item, without copying its texts.
    ///
    /// # Errors
    /// [`Fault::DatabaseDamaged`] where its further attributes cannot be read.
    pub fn whole<'i>(&self, item: &'i StoredItem) -> Result<ItemRef<'i>, Fault> {
        let StoredItem { kind, record, opened_at, updated_at } = item;
        let fields = read_fields(&record.fields).map_err(|problem| problem.into_fault(self.path()))?;
        Ok(ItemRef {
            kind: *kind,
            source_id: &record.source_id,
            number: &record.number,
            title: &record.title,
            state: &record.state,
            priority: &record.priority,
            opened_at: *opened_at,
            updated_at: *updated_at,
            fields,
        })
    }
}
