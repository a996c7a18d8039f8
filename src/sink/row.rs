//! A stored work item as a row of the table: pure, and checked before it is sent, since the service drops and cuts without
//! a word.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::VALUE_BYTES;
use super::rule::Streamed;
use crate::model::fields::{Field, NoFields};
use crate::model::item_ref::{ChoiceRef, ItemRef};
use crate::model::json_text::{JsonText, push_moment, push_text};
use crate::model::log_analytics::{self as tables, ColumnType};
use crate::model::work_item::WorkItemKind;
use crate::model::workspace::Values;

/// What a row says beside the work item itself.
#[derive(Debug, Clone, Copy)]
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

/// What was done to values of a row so that the service takes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// Columns whose text was cut.
    pub cut: Vec<&'static str>,
    /// Columns whose value does not fit their type and was left out.
    pub unfit: Vec<&'static str>,
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

/// A column of the stream.
type Column = (&'static str, ColumnType);

/// Makes rows for the columns of one stream.
#[derive(Debug, Clone)]
pub struct RowMaker {
    /// The columns that a work item itself fills.
    own: Vec<(Column, Source)>,
    /// The attributes that other columns show, by the lengths of their names.
    wanted: Vec<Vec<(&'static str, Column, Shown)>>,
    values: Values,
}

impl RowMaker {
    /// For the columns that the stream takes.
    pub fn new(streamed: &Streamed, values: Values) -> Self {
        let own = streamed.columns.iter().filter_map(|column| Some((*column, source(column.0)?))).collect();
        let mut wanted: Vec<Vec<_>> = Vec::new();
        for column in &streamed.columns {
            let Some((name, shown)) = attribute(column.0) else { continue };
            if wanted.len() <= name.len() {
                wanted.resize(name.len() + 1, Vec::new());
            }
            wanted[name.len()].push((name, *column, shown));
        }
        Self { own, wanted, values }
    }

    /// Appends the row of a work item to `out` as a JSON object, with texts of at most `longest` bytes.
    ///
    /// # Errors
    /// The attributes cannot be read; what was appended then is no row.
    pub fn write(
        &self,
        out: &mut String,
        item: &ItemRef<'_>,
        beside: Beside<'_>,
        longest: usize,
    ) -> Result<Checked, NoFields> {
        let mut row = Row::begin(out, longest);
        for (column, source) in &self.own {
            self.cell(&mut row, *column, *source, item, beside);
        }
        for field in item.fields.iter() {
            let field = field?;
            let name = field.name.inner();
            for (known, column, shown) in self.wanted.get(name.len()).into_iter().flatten() {
                if *known == name {
                    row.stored(*column, self.of_field(column.1, *shown, &field));
                }
            }
        }
        Ok(row.end())
    }

    fn of_field<'a>(&self, column: ColumnType, shown: Shown, field: &Field<'a>) -> JsonText<'a> {
        match shown {
            Shown::Choice => self.chosen(column, field.value, field.shown()),
            Shown::Label => field.shown(),
        }
    }

    /// The state as the workspace shows it after a row of this kind, as a text; `None` where its column has a type that may
    /// be written in several ways.
    pub fn state<'a>(&self, kind: WorkItemKind, state: ChoiceRef<'a>) -> Option<&'a str> {
        let of_kind = |source: &Source| matches!(source, Source::State(known) if *known == kind);
        let ((_, column), _) = self.own.iter().find(|(_, source)| of_kind(source))?;
        let state = self.choice(*column, state);
        match column {
            ColumnType::String => Some(state),
            ColumnType::Int | ColumnType::Long => Some(if state.parse::<i64>().is_ok() { state } else { "" }),
            _ => None,
        }
    }

    fn cell(&self, row: &mut Row<'_>, column: Column, source: Source, item: &ItemRef<'_>, beside: Beside<'_>) {
        match source {
            Source::Now => row.text(column, beside.now),
            Source::Kind => row.text(column, kind_name(item.kind)),
            Source::Connection => row.text(column, beside.connection),
            Source::Number => row.text(column, item.number),
            Source::Title => row.text(column, item.title),
            Source::State(kind) if kind == item.kind => row.text(column, self.choice(column.1, item.state)),
            Source::State(_) => {}
            Source::Priority => row.text(column, self.choice(column.1, item.priority)),
            Source::Opened => row.moment(column, item.opened_at),
            Source::Changed => row.moment(column, Some(item.updated_at)),
            Source::Id => row.text(column, item.source_id),
            Source::Partner => row.text(column, beside.partner),
            Source::Send => row.number(column, beside.send),
            Source::Removed => row.truth(column, beside.removed),
            Source::Resent => row.truth(column, beside.resent),
        }
    }

    fn choice<'a>(&self, column: ColumnType, choice: ChoiceRef<'a>) -> &'a str {
        self.chosen(column, choice.value, choice.shown())
    }

    /// A column of numbers takes the stored value whatever the setting says.
    fn chosen<T>(&self, column: ColumnType, value: T, shown: T) -> T {
        let numeric = matches!(column, ColumnType::Int | ColumnType::Long | ColumnType::Real);
        if numeric || self.values == Values::Numbers { value } else { shown }
    }
}

/// A row that is being written. Values that are empty are left out: the service makes them null.
pub(super) struct Row<'o> {
    out: &'o mut String,
    first: bool,
    longest: usize,
    checked: Checked,
}

impl<'o> Row<'o> {
    /// Begins a row at the end of `out`.
    pub(super) fn begin(out: &'o mut String, longest: usize) -> Self {
        out.push('{');
        Self { out, first: true, longest: longest.min(VALUE_BYTES), checked: Checked::default() }
    }

    /// Ends it.
    pub(super) fn end(self) -> Checked {
        self.out.push('}');
        self.checked
    }

    fn name(&mut self, name: &str) {
        self.out.push_str(if self.first { "\"" } else { ",\"" });
        self.first = false;
        self.out.push_str(name);
        self.out.push_str("\":");
    }

    /// A value as its column takes it.
    pub(super) fn text(&mut self, (name, kind): Column, value: &str) {
        if value.is_empty() {
            return;
        }
        let trimmed = value.trim();
        let literal = match kind {
            ColumnType::String | ColumnType::Dynamic | ColumnType::Guid => return self.string(name, value),
            ColumnType::DateTime if is_usual_moment(trimmed.as_bytes()) || is_moment(trimmed) => {
                return self.string(name, trimmed);
            }
            ColumnType::Int => trimmed.parse::<i32>().ok().map(|number| number.to_string()),
            ColumnType::Long => trimmed.parse::<i64>().ok().map(|number| number.to_string()),
            ColumnType::Real => {
                trimmed.parse::<f64>().ok().filter(|number| number.is_finite()).map(|number| number.to_string())
            }
            ColumnType::Boolean => truth(trimmed).map(|truth| truth.to_string()),
            ColumnType::DateTime => None,
        };
        match literal {
            Some(literal) => {
                self.name(name);
                self.out.push_str(&literal);
            }
            None => self.checked.unfit.push(name),
        }
    }

    /// A stored value as its column takes it; as a text it is the same JSON here as in the database.
    fn stored(&mut self, (name, kind): Column, value: JsonText<'_>) {
        let inner = value.inner();
        let as_it_is = match kind {
            ColumnType::String | ColumnType::Dynamic | ColumnType::Guid => inner.len() <= self.longest,
            ColumnType::DateTime => is_usual_moment(inner.as_bytes()),
            _ => false,
        };
        if !as_it_is {
            self.text((name, kind), &value.text());
        } else if !inner.is_empty() {
            self.name(name);
            self.out.push_str(value.quoted());
        }
    }

    fn string(&mut self, name: &'static str, value: &str) {
        let mut end = value.len().min(self.longest);
        while !value.is_char_boundary(end) {
            end -= 1;
        }
        if end < value.len() {
            self.checked.cut.push(name);
        }
        self.name(name);
        push_text(self.out, &value[..end]);
    }

    fn moment(&mut self, (name, kind): Column, at: Option<Timestamp>) {
        let Some(at) = at else { return };
        match kind {
            ColumnType::DateTime | ColumnType::String | ColumnType::Dynamic => {
                self.name(name);
                push_moment(self.out, at);
            }
            _ => self.checked.unfit.push(name),
        }
    }

    fn number(&mut self, (name, kind): Column, number: i64) {
        match kind {
            ColumnType::Long | ColumnType::Real => {
                self.name(name);
                // Writing to memory does not fail.
                let _ = write!(self.out, "{number}");
            }
            _ => self.text((name, kind), &number.to_string()),
        }
    }

    fn truth(&mut self, (name, kind): Column, truth: bool) {
        self.text((name, kind), if truth { "true" } else { "false" });
    }
}

fn truth(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "1" => Some(true),
        "false" | "False" | "0" => Some(false),
        _ => None,
    }
}

/// Whether it is a moment as products' times are stored, such as `2026-11-22T10:00:00Z`, on a day that every month has.
fn is_usual_moment(text: &[u8]) -> bool {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', i1, i2, b':', s1, s2, b'Z'] = text else {
        return false;
    };
    let all_digits = [y1, y2, y3, y4, m1, m2, d1, d2, h1, h2, i1, i2, s1, s2].into_iter().all(u8::is_ascii_digit);
    let pair = |tens: &u8, ones: &u8| (*tens, *ones);
    all_digits
        && pair(y1, y2) != (b'0', b'0')
        && ((b'0', b'1')..=(b'1', b'2')).contains(&pair(m1, m2))
        && ((b'0', b'1')..=(b'2', b'8')).contains(&pair(d1, d2))
        && pair(h1, h2) <= (b'2', b'3')
        && pair(i1, i2) <= (b'5', b'9')
        && pair(s1, s2) <= (b'5', b'9')
}

/// Whether the text is a moment in UTC as ISO 8601 writes it; the service makes others its own time, or nothing.
fn is_moment(text: &str) -> bool {
    text.len() >= 20 && text.ends_with('Z') && text.parse::<Timestamp>().is_ok()
}

#[cfg(test)]
#[path = "row_tests.rs"]
pub(crate) mod tests;
