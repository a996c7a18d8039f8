//! The two tables in Log Analytics: their columns, and the function that shows each work item once.
//!
//! The columns are those of the old connector (docs/log-analytics.md), and a few of our own that begin with `Itsmc`. What
//! creates the tables and what fills them read this one list.

use serde::{Deserialize, Serialize};

use super::work_item::WorkItemKind;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnType {
    /// A text.
    String,
    /// A whole number of 32 bits.
    Int,
    /// A whole number of 64 bits.
    Long,
    /// A number.
    Real,
    /// True or false.
    Boolean,
    /// A moment.
    DateTime,
    /// JSON.
    Dynamic,
    /// A GUID: a table may have it, a stream may not.
    Guid,
}

impl ColumnType {
    /// The name in Resource Manager.
    pub fn id(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Int => "int",
            Self::Long => "long",
            Self::Real => "real",
            Self::Boolean => "boolean",
            Self::DateTime => "datetime",
            Self::Dynamic => "dynamic",
            Self::Guid => "guid",
        }
    }

    /// The type of this name, in any letter case.
    pub fn from_id(id: &str) -> Option<Self> {
        let all =
            [Self::String, Self::Int, Self::Long, Self::Real, Self::Boolean, Self::DateTime, Self::Dynamic, Self::Guid];
        // `bool` and `dateTime` are seen as well.
        let id = if id.eq_ignore_ascii_case("bool") { "boolean" } else { id };
        all.into_iter().find(|kind| kind.id().eq_ignore_ascii_case(id))
    }

    /// The type in a stream that fills a column of this type.
    pub fn in_stream(self) -> Self {
        if self == Self::Guid { Self::String } else { self }
    }
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name, whose letter case counts.
    pub name: &'static str,
    /// What it holds.
    pub kind: ColumnType,
    /// What it is, for the table's description in Azure.
    pub what: &'static str,
}

const fn column(name: &'static str, kind: ColumnType, what: &'static str) -> Column {
    Column { name, kind, what }
}

/// Grows with every row that is sent, over all connections of a workspace and over restarts: of the rows of one work item,
/// the one with the greatest number is the newest. A row that is sent again because its answer was lost keeps its number.
pub const SEND: &str = "ItsmcSend";

/// Whether the work item no longer exists in the product.
pub const REMOVED: &str = "ItsmcRemoved";

/// Whether the row was sent again because it was found missing: it reports nothing new.
pub const RESENT: &str = "ItsmcResent";

/// The product, such as `servicenow`.
pub const PARTNER: &str = "ItsmcPartner";

/// The product's own immutable id of the work item.
pub const ID: &str = "ItsmcId";

/// Marks the row of a test; it is no work item.
pub const TEST: &str = "ItsmcTest";

use ColumnType::{Boolean, DateTime, Long, Real, String as Text};

/// The columns of the table of work items, in the order in which they are shown.
pub const WORK_ITEMS: [Column; 38] = [
    column("TimeGenerated", DateTime, "When the row was received"),
    column("ServiceDeskWorkItemType_s", Text, "Incident or ChangeRequest"),
    column("ServiceDeskConnectionName_s", Text, "Name of the connection"),
    column("ServiceDeskId_s", Text, "Number of the work item"),
    column("Title_s", Text, "Short description"),
    column("IncidentState_s", Text, "State of an incident"),
    column("CRState_s", Text, "State of a change request"),
    column("Priority_s", Text, "Priority"),
    column("Urgency_s", Text, "Urgency"),
    column("Impact_s", Text, "Impact"),
    column("Escalation_s", Text, "Escalation"),
    column("Category_s", Text, "Category"),
    column("Source_s", Text, "How it was reported"),
    column("AssignedTo_s", Text, "Assigned to"),
    column("AssignmentGroup_s", Text, "Assignment group"),
    column("CreatedBy_s", Text, "Opened by, or requested by"),
    column("ResolvedBy_s", Text, "Resolved by"),
    column("ClosedBy_s", Text, "Closed by"),
    column("Computer", Text, "Configuration item"),
    column("Description_s", Text, "Description"),
    column("Type_s", Text, "Type of a change request"),
    column("Risk_s", Text, "Risk of a change request"),
    column("ConflictStatus_s", Text, "Conflict status of a change request"),
    column("CreatedDate_t", DateTime, "Opened"),
    column("LastModifiedDate_t", DateTime, "Last changed in the product"),
    column("ResolvedDate_t", DateTime, "Resolved"),
    column("ClosedDate_t", DateTime, "Closed"),
    column("RequestedDate_t", DateTime, "Requested by date of a change request"),
    column("PlannedStartDate_t", DateTime, "Planned start of a change request"),
    column("PlannedEndDate_t", DateTime, "Planned end of a change request"),
    column("WorkStartDate_t", DateTime, "Actual start of a change request"),
    column("WorkEndDate_t", DateTime, "Actual end of a change request"),
    column(ID, Text, "The product's own ID of the work item"),
    column(PARTNER, Text, "The product"),
    column(SEND, Long, "Grows with every row sent: the greatest of a work item is its newest row"),
    column(REMOVED, Boolean, "The work item no longer exists in the product"),
    column(RESENT, Boolean, "Sent again because it was missing; nothing new"),
    column(TEST, Text, "Mark of a test row, which is no work item"),
];

/// The columns of the table of the connector's status.
pub const LOG: [Column; 9] = [
    column("TimeGenerated", DateTime, "When the row was received"),
    column("LogType_s", Text, "INFO, WARNING or ERROR"),
    column("Message", Text, "What happened"),
    column("ExceptionMessage_s", Text, "The cause of an error"),
    column("Status_b", Boolean, "Whether it went well"),
    column("ActionStatus_d", Real, "0 for success, 1 for an error"),
    column("ServiceDeskConnectionName_s", Text, "Name of the connection"),
    column("StatusLogTime_t", DateTime, "When it happened"),
    column(PARTNER, Text, "The product"),
];

/// The column with the state of work items of a kind.
pub fn state_column(kind: WorkItemKind) -> &'static str {
    match kind {
        WorkItemKind::Incident => "IncidentState_s",
        WorkItemKind::ChangeRequest => "CRState_s",
    }
}

/// The name by which queries call the saved function.
pub const FUNCTION: &str = "ServiceDesk";

/// The query of the saved function: the newest row of each work item, without those that are gone from the product.
///
/// The send number breaks every tie, which times of whole seconds cannot. Rows of the old connector have neither number nor
/// id; they count by the number people call them by.
pub fn function(table: &str) -> String {
    format!(
        "{table}\n\
         | where isempty({TEST})\n\
         | extend {ID} = iff(isempty({ID}), ServiceDeskId_s, {ID})\n\
         | summarize arg_max({SEND}, *) by ServiceDeskConnectionName_s, ServiceDeskWorkItemType_s, {ID}\n\
         | where not(coalesce({REMOVED}, false))"
    )
}

/// Names that Azure keeps for itself in custom tables
/// (<https://learn.microsoft.com/azure/azure-monitor/logs/create-custom-table>).
pub const RESERVED: [&str; 14] = [
    "id",
    "BilledSize",
    "IsBillable",
    "InvalidTimeGenerated",
    "TenantId",
    "Title",
    "Type",
    "UniqueId",
    "_ItemId",
    "_ResourceGroup",
    "_ResourceId",
    "_SubscriptionId",
    "_TimeReceived",
    "SourceSystem",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_a_name_that_azure_takes_and_no_other_has() {
        for columns in [&WORK_ITEMS[..], &LOG[..]] {
            let mut names = std::collections::BTreeSet::new();
            for column in columns {
                let fits = column.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
                assert!(fits && (2..=45).contains(&column.name.len()), "{}", column.name);
                assert!(column.name.starts_with(|c: char| c.is_ascii_alphabetic()), "{}", column.name);
                assert!(!RESERVED.contains(&column.name), "{}", column.name);
                assert!(names.insert(column.name), "{} twice", column.name);
                assert!(!column.what.is_empty() && column.kind != ColumnType::Guid, "{}", column.name);
            }
            assert_eq!(columns[0].name, "TimeGenerated");
        }
    }

    #[test]
    fn types_are_known_as_azure_writes_them() {
        for (id, kind) in [("dateTime", DateTime), ("bool", Boolean), ("GUID", ColumnType::Guid), ("string", Text)] {
            assert_eq!(ColumnType::from_id(id), Some(kind), "{id}");
        }
        assert_eq!(ColumnType::from_id("blob"), None);
        assert_eq!((ColumnType::Guid.in_stream(), Long.in_stream()), (Text, Long));
    }

    #[test]
    fn the_function_shows_the_newest_row_that_is_not_removed() {
        let query = function("Mine_CL");
        assert!(query.starts_with("Mine_CL\n") && query.contains("arg_max(ItsmcSend, *)"), "{query}");
        assert!(query.ends_with("| where not(coalesce(ItsmcRemoved, false))"), "{query}");
    }
}
