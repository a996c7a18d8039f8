//! How tables and columns are named.

use super::options::Layout;
use super::table::{Choices, Column, Kind, Role, Table};
use crate::WorkItemKind;

const STATE: Choices = &[(0, "Active"), (1, "Inactive")];
const CASE_STATE: Choices = &[(0, "Active"), (1, "Resolved"), (2, "Cancelled")];
pub(crate) const INCIDENT_STATUS: Choices =
    &[(1, "New"), (2, "In Progress"), (3, "On Hold"), (4, "Waiting for Customer"), (5, "Resolved"), (6, "Closed")];
pub(crate) const CHANGE_STATUS: Choices =
    &[(1, "Draft"), (2, "Assessment"), (3, "Scheduled"), (4, "Implementation"), (5, "Completed"), (6, "Cancelled")];
const LEVEL: Choices = &[(1, "High"), (2, "Medium"), (3, "Low")];
const PRIORITY: Choices = &[(1, "1 - Critical"), (2, "2 - High"), (3, "3 - Normal"), (4, "4 - Low")];
const CASE_PRIORITY: Choices = &[(1, "High"), (2, "Normal"), (3, "Low")];
const CATEGORY: Choices = &[
    (346_550_000, "Hardware"),
    (346_550_001, "Software"),
    (346_550_002, "Network"),
    (346_550_003, "Access"),
    (346_550_004, "Énergie"),
];
const SOURCE: Choices = &[(1, "Phone"), (2, "Email"), (3, "Web"), (2483, "Facebook"), (3986, "Twitter")];
const TYPE: Choices = &[(1, "Standard"), (2, "Normal"), (3, "Emergency")];
const CONFLICT: Choices = &[(0, "Not Run"), (1, "No Conflict"), (2, "Conflict")];

/// Whose names a layout has.
pub(crate) struct Publisher {
    /// The prefix of its own tables and columns.
    pub(crate) prefix: &'static str,
    /// Its unique name.
    pub(crate) name: &'static str,
    /// The solution's unique name.
    pub(crate) solution: &'static str,
    /// The solution's display name.
    pub(crate) label: &'static str,
}

/// The publisher of the ITSM solution.
pub(crate) fn publisher(layout: Layout) -> Publisher {
    match layout {
        Layout::Own | Layout::Case => Publisher {
            prefix: "prov",
            name: "provancesoftware",
            solution: "ProvanceITSM",
            label: "Provance IT Service Management",
        },
        Layout::Unusual => {
            Publisher { prefix: "fab", name: "fabrikam", solution: "FabrikamDesk", label: "Fabrikam Desk" }
        }
    }
}

/// The logical name of the table that holds these.
pub(crate) fn table_name(layout: Layout, kind: WorkItemKind) -> &'static str {
    match (layout, kind) {
        (Layout::Own, WorkItemKind::Incident) => "prov_incident",
        (Layout::Own, WorkItemKind::ChangeRequest) => "prov_changerequest",
        (Layout::Case, WorkItemKind::Incident) => "incident",
        (Layout::Case, WorkItemKind::ChangeRequest) => "prov_change",
        (Layout::Unusual, WorkItemKind::Incident) => "fab_ticket",
        (Layout::Unusual, WorkItemKind::ChangeRequest) => "fab_rfc",
    }
}

/// The empty table that holds these.
pub(crate) fn table(layout: Layout, kind: WorkItemKind) -> Table {
    let name = table_name(layout, kind);
    let set = format!("{name}s");
    let label = match (layout, kind) {
        (Layout::Own, WorkItemKind::Incident) => "Incident",
        (Layout::Case, WorkItemKind::Incident) => "Case",
        (Layout::Unusual, WorkItemKind::Incident) => "Ticket",
        (Layout::Unusual, WorkItemKind::ChangeRequest) => "RFC",
        (_, WorkItemKind::ChangeRequest) => "Change Request",
    };
    Table::new(name, &set, label, columns(layout, kind))
}

/// The empty table of configuration items.
pub(crate) fn items(layout: Layout) -> Table {
    let prefix = publisher(layout).prefix;
    let name = format!("{prefix}_configurationitem");
    let mut columns = vec![
        Column::new(format!("{name}id"), "Identifier", Kind::Id, Role::Id),
        Column::new(format!("{prefix}_name"), "Name", Kind::Text, Role::Title),
        Column::new(format!("{prefix}_description"), "Description", Kind::Memo, Role::Description),
        Column::new("statecode", "Status", Kind::State(STATE), Role::State),
        Column::new("statuscode", "Status Reason", Kind::Status(&[(1, "Active"), (2, "Inactive")]), Role::Status),
    ];
    columns.extend(system_columns());
    Table::new(&name, &format!("{name}s"), "Configuration Item", columns)
}

/// Has the incidents refer to a configuration item instead of holding its name.
pub(crate) fn refer_to_items(table: &mut Table, layout: Layout) {
    if let Some(place) = table.role(Role::Computer) {
        table.drop_column(place);
    }
    let name = format!("{}_configurationitemid", publisher(layout).prefix);
    table.add_column(Column::new(name, "Configuration Item", Kind::Item, Role::Nothing));
}

fn columns(layout: Layout, kind: WorkItemKind) -> Vec<Column> {
    let name = table_name(layout, kind);
    let mut columns = vec![Column::new(format!("{name}id"), "Identifier", Kind::Id, Role::Id)];
    columns.extend(match (layout, kind) {
        (Layout::Case, WorkItemKind::Incident) => case_columns(),
        (Layout::Unusual, _) => unusual_columns(),
        (_, WorkItemKind::Incident) => incident_columns(),
        (_, WorkItemKind::ChangeRequest) => change_columns(layout),
    });
    columns.extend(system_columns());
    columns
}

/// The columns that every table has.
fn system_columns() -> Vec<Column> {
    vec![
        Column::new("ownerid", "Owner", Kind::Owner, Role::Owner),
        Column::new("createdon", "Created On", Kind::Time, Role::Created),
        Column::new("createdby", "Created By", Kind::User, Role::CreatedBy),
        Column::new("modifiedon", "Modified On", Kind::Time, Role::Modified),
        Column::new("modifiedby", "Modified By", Kind::User, Role::ModifiedBy),
        Column::new("overriddencreatedon", "Record Created On", Kind::Time, Role::Nothing),
        Column::new("versionnumber", "Version Number", Kind::Version, Role::Version),
    ]
}

fn incident_columns() -> Vec<Column> {
    vec![
        Column::new("prov_number", "Number", Kind::Text, Role::Number),
        Column::new("prov_title", "Title", Kind::Text, Role::Title),
        Column::new("prov_description", "Description", Kind::Memo, Role::Description),
        Column::new("statecode", "Status", Kind::State(STATE), Role::State),
        Column::new("statuscode", "Status Reason", Kind::Status(INCIDENT_STATUS), Role::Status),
        Column::new("prov_priority", "Priority", Kind::Choice(PRIORITY), Role::Priority),
        Column::new("prov_urgency", "Urgency", Kind::Choice(LEVEL), Role::Urgency),
        Column::new("prov_impact", "Impact", Kind::Choice(LEVEL), Role::Impact),
        Column::new("prov_category", "Category", Kind::Choice(CATEGORY), Role::Category),
        Column::new("prov_source", "Source", Kind::Choice(SOURCE), Role::Source),
        Column::new("prov_configurationitem", "Configuration Item", Kind::Text, Role::Computer),
        Column::new("prov_customerid", "Customer", Kind::Account, Role::Customer),
        Column::new("prov_resolvedon", "Resolved On", Kind::Time, Role::Resolved),
        Column::new("prov_resolvedby", "Resolved By", Kind::User, Role::ResolvedBy),
        Column::new("prov_closedon", "Closed On", Kind::Time, Role::Closed),
        Column::new("prov_closedby", "Closed By", Kind::User, Role::ClosedBy),
    ]
}

fn case_columns() -> Vec<Column> {
    vec![
        Column::new("ticketnumber", "Case Number", Kind::Text, Role::Number),
        Column::new("title", "Case Title", Kind::Text, Role::Title),
        Column::new("description", "Description", Kind::Memo, Role::Description),
        Column::new("statecode", "Status", Kind::State(CASE_STATE), Role::State),
        Column::new("statuscode", "Status Reason", Kind::Status(INCIDENT_STATUS), Role::Status),
        Column::new("prioritycode", "Priority", Kind::Choice(CASE_PRIORITY), Role::Priority),
        Column::new("severitycode", "Severity", Kind::Choice(&[(1, "Default Value")]), Role::Nothing),
        Column::new("prov_urgency", "Urgency", Kind::Choice(LEVEL), Role::Urgency),
        Column::new("prov_impact", "Impact", Kind::Choice(LEVEL), Role::Impact),
        Column::new("prov_category", "Category", Kind::Choice(CATEGORY), Role::Category),
        Column::new("caseorigincode", "Origin", Kind::Choice(SOURCE), Role::Source),
        Column::new("customerid", "Customer", Kind::Account, Role::Customer),
        Column::new("resolveby", "Resolve By", Kind::Time, Role::Nothing),
        Column::new("escalatedon", "Escalated On", Kind::Time, Role::Nothing),
        Column::new("prov_resolvedon", "Resolved On", Kind::Time, Role::Resolved),
        Column::new("prov_closedon", "Closed On", Kind::Time, Role::Closed),
    ]
}

fn change_columns(layout: Layout) -> Vec<Column> {
    let (number, title) = match layout {
        Layout::Case => ("prov_changenumber", "prov_name"),
        _ => ("prov_number", "prov_title"),
    };
    vec![
        Column::new(number, "Change Number", Kind::Text, Role::Number),
        Column::new(title, "Title", Kind::Text, Role::Title),
        Column::new("prov_description", "Description", Kind::Memo, Role::Description),
        Column::new("statecode", "Status", Kind::State(STATE), Role::State),
        Column::new("statuscode", "Status Reason", Kind::Status(CHANGE_STATUS), Role::Status),
        Column::new("prov_priority", "Priority", Kind::Choice(PRIORITY), Role::Priority),
        Column::new("prov_urgency", "Urgency", Kind::Choice(LEVEL), Role::Urgency),
        Column::new("prov_impact", "Impact", Kind::Choice(LEVEL), Role::Impact),
        Column::new("prov_category", "Category", Kind::Choice(CATEGORY), Role::Category),
        Column::new("prov_changetype", "Change Type", Kind::Choice(TYPE), Role::Type),
        Column::new("prov_risk", "Risk", Kind::Choice(LEVEL), Role::Risk),
        Column::new("prov_conflictstatus", "Conflict Status", Kind::Choice(CONFLICT), Role::Conflict),
        Column::new("prov_requestedon", "Requested On", Kind::Time, Role::Requested),
        Column::new("prov_plannedstart", "Planned Start", Kind::Time, Role::PlannedStart),
        Column::new("prov_plannedend", "Planned End", Kind::Time, Role::PlannedEnd),
        Column::new("prov_actualstart", "Actual Start", Kind::Time, Role::WorkStart),
        Column::new("prov_actualend", "Actual End", Kind::Time, Role::WorkEnd),
        Column::new("prov_closedon", "Closed On", Kind::Time, Role::Closed),
    ]
}

fn unusual_columns() -> Vec<Column> {
    vec![
        Column::new("fab_ref", "Reference", Kind::Text, Role::Number),
        Column::new("fab_subject", "Betreff", Kind::Text, Role::Title),
        Column::new("fab_text", "Text", Kind::Memo, Role::Description),
        Column::new("statecode", "Status", Kind::State(STATE), Role::State),
        Column::new("statuscode", "Status Reason", Kind::Status(INCIDENT_STATUS), Role::Status),
        Column::new("fab_prio", "Prio", Kind::Choice(PRIORITY), Role::Priority),
    ]
}
