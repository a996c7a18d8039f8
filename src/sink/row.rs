//! A stored work item as a row of the table: pure, and checked before it is sent, since the service drops and cuts without
//! a word.

use super::cells::{Checked, Column, Row};
use super::group::Groups;
use super::rule::Streamed;
use crate::model::fields::{FieldIter, NoFields};
use crate::model::item_ref::{ChoiceRef, ItemRef};
use crate::model::json_text::JsonText;
use crate::model::log_analytics::{self as tables, ColumnType};
use crate::model::work_item::WorkItemKind;
use crate::model::workspace::Values;

/// What a row says beside the work item itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beside<'a> {
    /// The connection's name.
    pub connection: &'a str,
    /// The product's id.
    pub partner: &'a str,
    /// The number of this row.
    pub send: i64,
    /// When the row is made.
    pub now: &'a str,
    /// Whether the work item no longer exists in the product.
    pub removed: bool,
    /// Whether the row was found missing and is sent again.
    pub resent: bool,
}

/// Where the value of a column comes from.
#[derive(Debug, Clone, Copy)]
enum Source {
    Now,
    Kind,
    Connection,
    Number,
    Title,
    State(WorkItemKind),
    Priority,
    Opened,
    Changed,
    Id,
    Partner,
    Send,
    Removed,
    Resent,
}

impl Source {
    /// Whether rows that follow one another mostly have the same.
    fn is_common(self) -> bool {
        matches!(self, Self::Now | Self::Kind | Self::Connection | Self::Partner | Self::Removed | Self::Resent)
    }
}

/// What a column shows of an attribute.
#[derive(Debug, Clone, Copy)]
enum Shown {
    /// A choice: its label or its stored value.
    Choice,
    /// A reference, a text or a moment: what is shown of it.
    Label,
}

/// The source of each column that a work item itself fills.
fn source(column: &str) -> Option<Source> {
    Some(match column {
        "TimeGenerated" => Source::Now,
        "ServiceDeskWorkItemType_s" => Source::Kind,
        "ServiceDeskConnectionName_s" => Source::Connection,
        "ServiceDeskId_s" => Source::Number,
        "Title_s" => Source::Title,
        "IncidentState_s" => Source::State(WorkItemKind::Incident),
        "CRState_s" => Source::State(WorkItemKind::ChangeRequest),
        "Priority_s" => Source::Priority,
        "CreatedDate_t" => Source::Opened,
        "LastModifiedDate_t" => Source::Changed,
        tables::ID => Source::Id,
        tables::PARTNER => Source::Partner,
        tables::SEND => Source::Send,
        tables::REMOVED => Source::Removed,
        tables::RESENT => Source::Resent,
        _ => return None,
    })
}

/// The attribute that each other column shows.
fn attribute(column: &str) -> Option<(&'static str, Shown)> {
    use Shown::{Choice, Label};
    Some(match column {
        "Urgency_s" => ("urgency", Choice),
        "Impact_s" => ("impact", Choice),
        "Escalation_s" => ("escalation", Choice),
        "Category_s" => ("category", Choice),
        "Source_s" => ("source", Choice),
        "Type_s" => ("type", Choice),
        "Risk_s" => ("risk", Choice),
        "ConflictStatus_s" => ("conflict_status", Choice),
        "AssignedTo_s" => ("assigned_to", Label),
        "AssignmentGroup_s" => ("assignment_group", Label),
        "CreatedBy_s" => ("created_by", Label),
        "ResolvedBy_s" => ("resolved_by", Label),
        "ClosedBy_s" => ("closed_by", Label),
        "Computer" => ("configuration_item", Label),
        "Description_s" => ("description", Label),
        "ResolvedDate_t" => ("resolved_at", Label),
        "ClosedDate_t" => ("closed_at", Label),
        "RequestedDate_t" => ("requested_at", Label),
        "PlannedStartDate_t" => ("planned_start_at", Label),
        "PlannedEndDate_t" => ("planned_end_at", Label),
        "WorkStartDate_t" => ("work_start_at", Label),
        "WorkEndDate_t" => ("work_end_at", Label),
        _ => return None,
    })
}

/// The kind as the old connector wrote it.
pub fn kind_name(kind: WorkItemKind) -> &'static str {
    match kind {
        WorkItemKind::Incident => "Incident",
        WorkItemKind::ChangeRequest => "ChangeRequest",
    }
}

/// Makes rows for the columns of one stream.
#[derive(Debug, Clone)]
pub struct RowMaker {
    cells: Cells,
    groups: Groups,
}

/// Which columns a row has, and where their values come from.
#[derive(Debug, Clone)]
pub(super) struct Cells {
    /// The columns that mostly are the same in rows that follow one another.
    common: Vec<(Column, Source)>,
    /// The other columns that a work item itself fills.
    own: Vec<(Column, Source)>,
    /// The attributes that other columns show.
    wanted: Vec<(&'static str, Column, Shown)>,
    values: Values,
}

impl RowMaker {
    /// For the columns that the stream takes.
    pub fn new(streamed: &Streamed, values: Values) -> Self {
        let column = |column: &(&'static str, ColumnType)| Column::new(*column);
        let of = streamed.columns.iter();
        let (common, own) = of
            .clone()
            .filter_map(|one| Some((column(one), source(one.0)?)))
            .partition(|(_, source): &(Column, Source)| source.is_common());
        let wanted = of
            .filter_map(|one| {
                let (name, shown) = attribute(one.0)?;
                Some((name, column(one), shown))
            })
            .collect();
        Self { cells: Cells { common, own, wanted, values }, groups: Groups::default() }
    }

    /// Appends the row of a work item to `out` as a JSON object, with texts of at most `longest` bytes.
    ///
    /// # Errors
    /// The attributes cannot be read; what was appended then is no row.
    pub fn write(
        &mut self,
        out: &mut String,
        item: &ItemRef<'_>,
        beside: Beside<'_>,
        longest: usize,
    ) -> Result<Checked, NoFields> {
        let Self { cells, groups } = self;
        let group = groups.of(beside.connection, item.kind);
        let mut row = group.begin(out, cells, (beside, longest));
        for (column, source) in &cells.own {
            cells.cell(&mut row, column, *source, item, beside);
        }
        let (mut fields, mut place) = (item.fields.iter(), 0);
        while fields.begin()? {
            let wanted = group.attribute(&mut fields, &mut place, cells)?;
            cells.attribute(&mut row, &mut fields, wanted)?;
        }
        Ok(row.end())
    }

    /// The state as the workspace shows it after a row of this kind with these values, as a text; `None` where its column has a type
    /// that may be written in several ways.
    pub fn state<'a>(&self, kind: WorkItemKind, state: ChoiceRef<'a>, values: Values) -> Option<&'a str> {
        let of_kind = |source: &Source| matches!(source, Source::State(known) if *known == kind);
        let (column, _) = self.cells.own.iter().find(|(_, source)| of_kind(source))?;
        let state = chosen(values, column.kind, state.value, state.shown());
        match column.kind {
            ColumnType::String => Some(state),
            ColumnType::Int | ColumnType::Long => Some(if state.parse::<i64>().is_ok() { state } else { "" }),
            _ => None,
        }
    }
}

impl Cells {
    /// Which column shows the attribute of this name.
    pub(super) fn showing(&self, name: &str) -> Option<usize> {
        self.wanted.iter().position(|(known, ..)| *known == name)
    }

    /// Writes the columns that rows of a work item of this kind begin with.
    pub(super) fn common(&self, row: &mut Row<'_>, kind: WorkItemKind, beside: Beside<'_>) {
        for (column, source) in &self.common {
            match source {
                Source::Now => row.text(column, beside.now),
                Source::Kind => row.text(column, kind_name(kind)),
                Source::Connection => row.text(column, beside.connection),
                Source::Partner => row.text(column, beside.partner),
                Source::Removed => row.truth(column, beside.removed),
                Source::Resent => row.truth(column, beside.resent),
                _ => {}
            }
        }
    }

    fn cell(&self, row: &mut Row<'_>, column: &Column, source: Source, item: &ItemRef<'_>, beside: Beside<'_>) {
        match source {
            Source::Number => row.text(column, item.number),
            Source::Title => row.text(column, item.title),
            Source::State(kind) if kind == item.kind => row.text(column, self.choice(column.kind, item.state)),
            Source::Priority => row.text(column, self.choice(column.kind, item.priority)),
            Source::Opened => row.moment(column, item.opened_at),
            Source::Changed => row.moment(column, Some(item.updated_at)),
            Source::Id => row.text(column, item.source_id),
            Source::Send => row.number(column, beside.send),
            _ => {}
        }
    }

    /// Writes the column that shows the attribute that comes next, if one does.
    fn attribute(&self, row: &mut Row<'_>, fields: &mut FieldIter<'_>, wanted: Option<usize>) -> Result<(), NoFields> {
        let Some((_, column, shown)) = wanted.and_then(|wanted| self.wanted.get(wanted)) else {
            return fields.pass_value();
        };
        let (value, label) = fields.value()?;
        let of_it = label.unwrap_or(value);
        let text: JsonText<'_> = match shown {
            Shown::Choice => chosen(self.values, column.kind, value, of_it),
            Shown::Label => of_it,
        };
        row.stored(column, text);
        Ok(())
    }

    fn choice<'a>(&self, column: ColumnType, choice: ChoiceRef<'a>) -> &'a str {
        chosen(self.values, column, choice.value, choice.shown())
    }
}

/// A column of numbers takes the stored value whatever the setting says.
fn chosen<T>(values: Values, column: ColumnType, value: T, shown: T) -> T {
    let numeric = matches!(column, ColumnType::Int | ColumnType::Long | ColumnType::Real);
    if numeric || values == Values::Numbers { value } else { shown }
}

#[cfg(test)]
#[path = "row_tests.rs"]
pub(crate) mod tests;
