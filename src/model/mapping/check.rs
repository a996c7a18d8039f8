//! What can be checked of a mapping without the product.

use super::problem::{MappingProblem, Wrong};
use crate::model::nearest::nearest;
use crate::model::partner::{ValueType, WorkItemSpec};

/// The field to which notes of tickets are written, where it is not the description (Cherwell). No asset names one.
pub const NOTES: &str = "work_notes";

/// Every attribute of work items; a test compares them with the assets.
pub const ATTRIBUTES: [&str; 52] = [
    "approval",
    "assigned_to",
    "assignment_group",
    "caller",
    "category",
    "caused_by",
    "change_request",
    "close_code",
    "close_notes",
    "closed_at",
    "closed_by",
    "configuration_item",
    "conflict_status",
    "correlation_id",
    "created_at",
    "created_by",
    "description",
    "escalation",
    "hold_reason",
    "id",
    "impact",
    "location",
    "made_sla",
    "number",
    "on_hold",
    "open",
    "opened_at",
    "opened_by",
    "phase",
    "planned_end_at",
    "planned_start_at",
    "priority",
    "problem",
    "reassignment_count",
    "reopen_count",
    "requested_at",
    "resolved_at",
    "resolved_by",
    "risk",
    "service",
    "severity",
    "source",
    "state",
    "subcategory",
    "title",
    "type",
    "update_count",
    "updated_at",
    "updated_by",
    "urgency",
    "work_end_at",
    "work_start_at",
];

/// Where a kind stands in a mapping file: lines from 1.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines {
    /// Where it begins.
    pub kind: Option<usize>,
    /// The table or business object.
    pub source: Option<usize>,
    /// Each column.
    pub columns: Vec<Option<usize>>,
}

/// Of a mapping that came from no file.
pub static NO_LINES: Lines = Lines { kind: None, source: None, columns: Vec::new() };

impl Lines {
    /// The line of a column.
    pub fn column(&self, place: usize) -> Option<usize> {
        self.columns.get(place).copied().flatten()
    }
}

/// Whether work items have this attribute.
pub fn is_attribute(to: &str) -> bool {
    ATTRIBUTES.contains(&to) || to == NOTES
}

/// Without these a work item has no place in the order.
const NEEDED: [&str; 2] = ["id", "updated_at"];

/// Checks what a file says of one kind.
pub fn spec(spec: &WorkItemSpec, lines: &Lines, problems: &mut Vec<MappingProblem>) {
    let mut wrong = |line, wrong| problems.push(MappingProblem { line, wrong });
    for (place, column) in spec.columns.iter().enumerate() {
        let line = lines.column(place);
        if !is_attribute(&column.to) {
            let near = nearest(&column.to, ATTRIBUTES).map(str::to_owned);
            wrong(line, Wrong::UnknownAttribute { to: column.to.clone(), nearest: near });
        }
        if let Some(first) = spec.columns[..place].iter().position(|other| other.to == column.to) {
            wrong(line, Wrong::Repeated { to: column.to.clone(), first: lines.column(first) });
        }
        if is_time(&column.to) != (column.holds == ValueType::Moment) {
            let expected = if is_time(&column.to) { "moment" } else { "text, lines, choice, reference, flag, number" };
            let (from, to) = (column.from.clone(), column.to.clone());
            wrong(
                line,
                Wrong::WrongType { from, to, found: column.holds.id().to_owned(), expected: expected.to_owned() },
            );
        }
    }
    for needed in NEEDED.iter().filter(|needed| !spec.columns.iter().any(|column| column.to == **needed)) {
        wrong(lines.kind, Wrong::Missing { kind: Some(spec.kind), to: (*needed).to_owned() });
    }
}

/// Whether an attribute is a time.
pub fn is_time(to: &str) -> bool {
    to.ends_with("_at")
}
