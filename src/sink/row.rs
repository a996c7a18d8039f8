//! A stored work item as a row of the table: pure, and checked before it is sent, since the service drops and cuts without
//! a word.

use jiff::Timestamp;

use super::VALUE_BYTES;
use super::rule::Streamed;
use crate::model::fields::{Field, Fields, JsonText, NoFields};
use crate::model::item_ref::{ChoiceRef, ItemRef};
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
    /// A choice: its label or its stored value.
    Choice(&'static str),
    /// A reference, a text or a moment: what is shown of it.
    Shown(&'static str),
    Opened,
    Changed,
    Id,
    Partner,
    Send,
    Removed,
    Resent,
}

/// The source of each column that a work item fills.
fn source(column: &str) -> Option<Source> {
    use Source::{Choice, Shown};
    Some(match column {
        "TimeGenerated" => Source::Now,
        "ServiceDeskWorkItemType_s" => Source::Kind,
        "ServiceDeskConnectionName_s" => Source::Connection,
        "ServiceDeskId_s" => Source::Number,
        "Title_s" => Source::Title,
        "IncidentState_s" => Source::State(WorkItemKind::Incident),
        "CRState_s" => Source::State(WorkItemKind::ChangeRequest),
        "Priority_s" => Source::Priority,
        "Urgency_s" => Choice("urgency"),
        "Impact_s" => Choice("impact"),
        "Escalation_s" => Choice("escalation"),
        "Category_s" => Choice("category"),
        "Source_s" => Choice("source"),
        "Type_s" => Choice("type"),
        "Risk_s" => Choice("risk"),
        "ConflictStatus_s" => Choice("conflict_status"),
        "AssignedTo_s" => Shown("assigned_to"),
        "AssignmentGroup_s" => Shown("assignment_group"),
        "CreatedBy_s" => Shown("created_by"),
        "ResolvedBy_s" => Shown("resolved_by"),
        "ClosedBy_s" => Shown("closed_by"),
        "Computer" => Shown("configuration_item"),
        "Description_s" => Shown("description"),
        "CreatedDate_t" => Source::Opened,
        "LastModifiedDate_t" => Source::Changed,
        "ResolvedDate_t" => Shown("resolved_at"),
        "ClosedDate_t" => Shown("closed_at"),
        "RequestedDate_t" => Shown("requested_at"),
        "PlannedStartDate_t" => Shown("planned_start_at"),
        "PlannedEndDate_t" => Shown("planned_end_at"),
        "WorkStartDate_t" => Shown("work_start_at"),
        "WorkEndDate_t" => Shown("work_end_at"),
        tables::ID => Source::Id,
        tables::PARTNER => Source::Partner,
        tables::SEND => Source::Send,
        tables::REMOVED => Source::Removed,
        tables::RESENT => Source::Resent,
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
    columns: Vec<(&'static str, ColumnType, Source)>,
    /// The attributes that columns show, by the lengths of their names, each with the places of its columns.
    wanted: Vec<Vec<(&'static str, Vec<usize>)>>,
    values: Values,
}

/// The attributes of one work item, at the places of the columns that show them.
type Found<'a> = Vec<Option<Field<'a>>>;

impl RowMaker {
    /// For the columns that the stream takes.
    pub fn new(streamed: &Streamed, values: Values) -> Self {
        let columns: Vec<_> =
            streamed.columns.iter().filter_map(|(name, kind)| Some((*name, *kind, source(name)?))).collect();
        let mut wanted: Vec<Vec<(&str, Vec<usize>)>> = Vec::new();
        for (place, (_, _, source)) in columns.iter().enumerate() {
            let (Source::Choice(name) | Source::Shown(name)) = *source else { continue };
            if wanted.len() <= name.len() {
                wanted.resize(name.len() + 1, Vec::new());
            }
            let of_length = &mut wanted[name.len()];
            match of_length.iter_mut().find(|(known, _)| *known == name) {
                Some((_, places)) => places.push(place),
                None => of_length.push((name, vec![place])),
            }
        }
        Self { columns, wanted, values }
    }

    /// Appends the row of a work item to `out` as a JSON object, with texts of at most `longest` bytes.
    ///
    /// # Errors
    /// The attributes cannot be read; what was appended then is no row.
    pub fn write(
        &self,
        out: &mut Vec<u8>,
        item: &ItemRef<'_>,
        beside: Beside<'_>,
        longest: usize,
    ) -> Result<Checked, NoFields> {
        let found = self.find(item.fields)?;
        let mut row = Row::begin(out, longest);
        for ((name, kind, source), field) in self.columns.iter().zip(found) {
            self.cell(&mut row, (name, *kind), (*source, field), item, beside);
        }
        Ok(row.end())
    }

    fn find<'a>(&self, fields: Fields<'a>) -> Result<Found<'a>, NoFields> {
        let mut found = vec![None; self.columns.len()];
        for field in fields.iter() {
            let field = field?;
            let name = field.name.inner();
            let Some(of_length) = self.wanted.get(name.len()) else { continue };
            if let Some((_, places)) = of_length.iter().find(|(known, _)| *known == name) {
                places.iter().for_each(|place| found[*place] = Some(field));
            }
        }
        Ok(found)
    }

    /// The state as the workspace shows it after a row of this kind, as a text; `None` where its column has a type that may
    /// be written in several ways.
    pub fn state<'a>(&self, kind: WorkItemKind, state: ChoiceRef<'a>) -> Option<&'a str> {
        let of_kind = |source: &Source| matches!(source, Source::State(known) if *known == kind);
        let (_, column, _) = self.columns.iter().find(|(_, _, source)| of_kind(source))?;
        let state = self.choice(*column, state);
        match column {
            ColumnType::String => Some(state),
            ColumnType::Int | ColumnType::Long => Some(if state.parse::<i64>().is_ok() { state } else { "" }),
            _ => None,
        }
    }

    fn cell(
        &self,
        row: &mut Row<'_>,
        column: (&'static str, ColumnType),
        (source, field): (Source, Option<Field<'_>>),
        item: &ItemRef<'_>,
        beside: Beside<'_>,
    ) {
        match source {
            Source::Now => row.text(column, beside.now),
            Source::Kind => row.text(column, kind_name(item.kind)),
            Source::Connection => row.text(column, beside.connection),
            Source::Number => row.text(column, item.number),
            Source::Title => row.text(column, item.title),
            Source::State(kind) if kind == item.kind => row.text(column, self.choice(column.1, item.state)),
            Source::State(_) => {}
            Source::Priority => row.text(column, self.choice(column.1, item.priority)),
            Source::Choice(_) => {
                if let Some(field) = field {
                    row.stored(column, self.chosen(column.1, field.value, field.shown()));
                }
            }
            Source::Shown(_) => {
                if let Some(field) = field {
                    row.stored(column, field.shown());
                }
            }
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
    out: &'o mut Vec<u8>,
    first: bool,
    longest: usize,
    checked: Checked,
}

impl<'o> Row<'o> {
    /// Begins a row at the end of `out`.
    pub(super) fn begin(out: &'o mut Vec<u8>, longest: usize) -> Self {
        out.push(b'{');
        Self { out, first: true, longest: longest.min(VALUE_BYTES), checked: Checked::default() }
    }

    /// Ends it.
    pub(super) fn end(self) -> Checked {
        self.out.push(b'}');
        self.checked
    }

    fn name(&mut self, name: &str) {
        self.out.push(if self.first { b'"' } else { b',' });
        if !self.first {
            self.out.push(b'"');
        }
        self.first = false;
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
    }

    /// A value as its column takes it.
    pub(super) fn text(&mut self, (name, kind): (&'static str, ColumnType), value: &str) {
        if value.is_empty() {
            return;
        }
        let trimmed = value.trim();
        let literal = match kind {
            ColumnType::String | ColumnType::Dynamic | ColumnType::Guid => return self.string(name, value),
            ColumnType::DateTime if is_moment(trimmed) => return self.string(name, trimmed),
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
                self.out.extend_from_slice(literal.as_bytes());
            }
            None => self.checked.unfit.push(name),
        }
    }

    /// A stored value as its column takes it; as a text it is the same JSON here as in the database.
    fn stored(&mut self, (name, kind): (&'static str, ColumnType), value: JsonText<'_>) {
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
            self.out.extend_from_slice(value.quoted().as_bytes());
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

    fn moment(&mut self, (name, kind): (&'static str, ColumnType), at: Option<Timestamp>) {
        let Some(at) = at else { return };
        match kind {
            ColumnType::DateTime | ColumnType::String | ColumnType::Dynamic => {
                self.string(name, &at.to_string());
            }
            _ => self.checked.unfit.push(name),
        }
    }

    fn number(&mut self, (name, kind): (&'static str, ColumnType), number: i64) {
        match kind {
            ColumnType::Long | ColumnType::Real => {
                self.name(name);
                self.out.extend_from_slice(number.to_string().as_bytes());
            }
            _ => self.text((name, kind), &number.to_string()),
        }
    }

    fn truth(&mut self, (name, kind): (&'static str, ColumnType), truth: bool) {
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

/// Writes a JSON string. Most texts need no escapes.
pub(super) fn push_text(out: &mut Vec<u8>, text: &str) {
    let special = |byte: u8| (byte < 0x20) | (byte == b'"') | (byte == b'\\');
    if text.bytes().fold(false, |found, byte| found | special(byte)) {
        // Writing to memory does not fail, and a text is always JSON.
        let _ = serde_json::to_writer(&mut *out, text);
    } else {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    }
}

#[cfg(test)]
#[path = "row_tests.rs"]
pub(crate) mod tests;
