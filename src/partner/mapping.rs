//! The columns of a table or business object as the asset (or the admin's own mapping) has them, made ready for
//! decoding, and a work item out of what a partner reads for each of them.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::model::clean::{clean, cleaned};
use crate::model::fault::Fault;
use crate::model::fields::{self, Attributes};
use crate::model::json_text::push_moment;
use crate::model::partner::{Column as ColumnSpec, ValueType, WorkItemSpec};
use crate::model::work_item::{Value, WorkItem, WorkItemKind};
use crate::net::json::text::Text;

/// Where a column's value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The immutable id.
    Id,
    /// The number.
    Number,
    /// The short description.
    Title,
    /// The state.
    State,
    /// The priority.
    Priority,
    /// Whether it is active.
    Open,
    /// When it was opened.
    OpenedAt,
    /// When it was last changed.
    UpdatedAt,
    /// A further attribute.
    Field,
}

impl Target {
    fn of(attribute: &str) -> Self {
        match attribute {
            "id" => Self::Id,
            "number" => Self::Number,
            "title" => Self::Title,
            "state" => Self::State,
            "priority" => Self::Priority,
            "open" => Self::Open,
            "opened_at" => Self::OpenedAt,
            "updated_at" => Self::UpdatedAt,
            _ => Self::Field,
        }
    }
}

/// One column.
#[derive(Debug)]
pub struct Column {
    /// The product's name.
    pub from: Box<str>,
    /// The attribute it fills; shared by all rows.
    pub to: Arc<str>,
    /// How to read it.
    pub holds: ValueType,
    /// Where it goes.
    pub target: Target,
    /// What stands before its value among the attributes.
    key: Box<str>,
}

/// All columns of one table.
#[derive(Debug)]
pub struct Columns {
    kind: WorkItemKind,
    source: String,
    names: String,
    columns: Vec<Column>,
    by_name: HashMap<Box<str>, usize>,
    first: Vec<usize>,
    id: usize,
    updated_at: usize,
}

impl Columns {
    /// The columns of an asset.
    ///
    /// # Errors
    /// [`Fault::Internal`] if the asset maps no id or no change time.
    pub fn new(spec: &WorkItemSpec) -> Result<Self, Fault> {
        let columns: Vec<Column> = spec
            .columns
            .iter()
            .map(|column| Column {
                from: column.from.as_str().into(),
                to: column.to.as_str().into(),
                holds: column.holds,
                target: Target::of(&column.to),
                key: fields::key(&column.to).into(),
            })
            .collect();
        let place = |target: Target| {
            let missing = || Fault::Internal { what: format!("the asset maps no {target:?} for {}", spec.source) };
            columns.iter().position(|column| column.target == target).ok_or_else(missing)
        };
        let mut by_name = HashMap::new();
        for (place, column) in columns.iter().enumerate() {
            by_name.entry(column.from.clone()).or_insert(place);
        }
        Ok(Self {
            kind: spec.kind,
            source: spec.source.clone(),
            names: columns.iter().map(|column| &*column.from).collect::<Vec<_>>().join(","),
            first: columns.iter().map(|column| by_name[&column.from]).collect(),
            id: place(Target::Id)?,
            updated_at: place(Target::UpdatedAt)?,
            columns,
            by_name,
        })
    }

    /// The same as an asset or a mapping file has it.
    pub fn spec(&self) -> WorkItemSpec {
        let column = |column: &Column| ColumnSpec {
            from: column.from.to_string(),
            to: column.to.to_string(),
            holds: column.holds,
        };
        WorkItemSpec {
            kind: self.kind,
            source: self.source.clone(),
            columns: self.columns.iter().map(column).collect(),
        }
    }

    /// The kind of work item.
    pub fn kind(&self) -> WorkItemKind {
        self.kind
    }

    /// The table.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The columns to ask for, separated by commas.
    pub fn names(&self) -> &str {
        &self.names
    }

    /// The name of the id's column.
    pub fn id(&self) -> &str {
        &self.columns[self.id].from
    }

    /// The name of the change time's column.
    pub fn updated_at(&self) -> &str {
        &self.columns[self.updated_at].from
    }

    /// Every column, in the asset's order.
    pub fn all(&self) -> &[Column] {
        &self.columns
    }

    /// The place of the first column of a name.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The first column with the same name as the one at this place: a column that fills two attributes is read once.
    pub fn first(&self, place: usize) -> usize {
        self.first[place]
    }
}

/// What a column gives.
#[derive(Debug)]
pub enum Given<'a> {
    /// A value of the product: times in RFC 3339, flags as `true` or `false`.
    Value(Text<'a>),
    /// A value with a label; one that is empty, or the same as the value, is none.
    Labelled(Text<'a>, Text<'a>),
    /// A time that was read already.
    At(Timestamp),
}

impl<'a> From<Text<'a>> for Given<'a> {
    fn from(text: Text<'a>) -> Self {
        Self::Value(text)
    }
}

impl From<Value> for Given<'_> {
    fn from(Value { value, label }: Value) -> Self {
        match label {
            None => Self::Value(value.into()),
            Some(label) => Self::Labelled(value.into(), label.into()),
        }
    }
}

impl Given<'_> {
    fn time(self) -> Option<Timestamp> {
        match self {
            Self::Value(text) | Self::Labelled(text, _) => text.get().parse().ok(),
            Self::At(at) => Some(at),
        }
    }

    fn text(self) -> String {
        match self {
            Self::Value(text) | Self::Labelled(text, _) => text.clean(false),
            Self::At(at) => at.to_string(),
        }
    }

    fn value(self) -> Value {
        match self {
            Self::Labelled(value, label) => Value::labelled(value.clean(false), label.clean(false)),
            given => Value::plain(given.text()),
        }
    }

    fn says_no(self) -> bool {
        match self {
            Self::Value(text) | Self::Labelled(text, _) => matches!(&*cleaned(&text.get(), false), "false" | "0"),
            Self::At(_) => false,
        }
    }

    /// Adds it to the attributes of a work item.
    fn write(self, column: &Column, fields: &mut Attributes) {
        let multi_line = column.holds == ValueType::Lines;
        match self {
            Self::Value(value) => fields.write(&column.key, |out| value.write(out, multi_line), NO_LABEL),
            Self::Labelled(value, label) => {
                fields.write(
                    &column.key,
                    |out| value.write(out, multi_line),
                    Some(|out: &mut String| label.write(out, false)),
                );
            }
            Self::At(at) => fields.write(&column.key, |out| push_moment(out, at), NO_LABEL),
        }
    }
}

const NO_LABEL: Option<fn(&mut String)> = None;

/// About so many bytes has an attribute.
const ATTRIBUTE_BYTES: usize = 48;

/// Builds a work item. `read` tells what each column gives, with the place of the column; `None` where the row does
/// not have it. Texts are cleaned here.
///
/// `None` if the id or the change time is missing or unreadable: such a row is hidden from us, and without them it has
/// no place in the order. An item counts as open until the product says that it is not.
pub fn work_item<'a, G: Into<Given<'a>>>(
    columns: &Columns,
    mut read: impl FnMut(usize, &Column) -> Option<G>,
) -> Option<WorkItem> {
    let mut item = WorkItem {
        kind: columns.kind(),
        source_id: String::new(),
        number: String::new(),
        title: String::new(),
        state: Value::default(),
        priority: Value::default(),
        open: true,
        opened_at: None,
        updated_at: Timestamp::UNIX_EPOCH,
        fields: Attributes::with_capacity(ATTRIBUTE_BYTES * columns.all().len()),
        hidden: Vec::new(),
    };
    let mut updated_at = None;
    for (place, column) in columns.all().iter().enumerate() {
        let Some(given) = read(place, column).map(Into::<Given<'_>>::into) else { continue };
        match column.target {
            Target::Id => item.source_id = given.text(),
            Target::UpdatedAt => updated_at = given.time(),
            Target::Number => item.number = given.text(),
            Target::Title => item.title = given.text(),
            Target::State => item.state = given.value(),
            Target::Priority => item.priority = given.value(),
            Target::Open => item.open = !given.says_no(),
            Target::OpenedAt => item.opened_at = given.time(),
            Target::Field => given.write(column, &mut item.fields),
        }
    }
    item.updated_at = updated_at?;
    item.fields.shrink();
    (!item.source_id.is_empty()).then_some(item)
}

/// Refuses a reply in which two records have the same id: whichever is stored would replace the other. The same record may come
/// twice, and may have changed in between; its number shows that it is the same. `rows` has id and number of each.
///
/// # Errors
/// [`Fault::Malformed`].
pub fn tell_apart<'a>(what: &str, rows: impl Iterator<Item = (&'a str, &'a str)>) -> Result<(), Fault> {
    let mut known: HashMap<&str, &str> = HashMap::new();
    for (id, number) in rows.filter(|(id, number)| !id.is_empty() && !number.is_empty()) {
        let other = *known.entry(id).or_insert(number);
        if other != number {
            let detail = format!("two records, {other} and {number}, have the same id");
            return Err(Fault::Malformed { what: what.to_owned(), detail: clean(&detail, false) });
        }
    }
    Ok(())
}

/// The same of the work items of one reply.
///
/// # Errors
/// As [`tell_apart`].
pub fn tell_items_apart(columns: &Columns, items: &[WorkItem]) -> Result<(), Fault> {
    tell_apart(columns.source(), items.iter().map(|item| (item.source_id.as_str(), item.number.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::partner::{Catalogue, PartnerId};

    #[test]
    fn two_records_with_one_id_are_refused_and_the_same_one_twice_is_not() {
        let told = |rows: &[(&'static str, &'static str)]| tell_apart("incident", rows.iter().copied());
        assert_eq!(told(&[("a", "INC1"), ("b", "INC2"), ("a", "INC1"), ("b", ""), ("", "INC3"), ("", "INC4")]), Ok(()));
        let fault = told(&[("a", "INC1"), ("b", "INC2"), ("a", "INC3")]).unwrap_err();
        assert!(format!("{fault:?}").contains("INC1 and INC3"), "{fault:?}");
    }

    fn columns() -> Columns {
        let catalogue = Catalogue::built_in().unwrap();
        Columns::new(&catalogue.get(&PartnerId::new("servicenow")).unwrap().work_items[0]).unwrap()
    }

    fn read(cells: &[(&str, &str, Option<&str>)]) -> Option<WorkItem> {
        work_item(&columns(), |_, column| {
            let cell = cells.iter().find(|(name, ..)| *name == &*column.to)?;
            Some(Value { value: cell.1.into(), label: cell.2.map(str::to_owned) })
        })
    }

    #[test]
    fn a_row_becomes_a_work_item_with_its_texts_cleaned() {
        let item = read(&[
            ("id", "1", None),
            ("updated_at", "2026-11-20T10:00:00Z", None),
            ("title", "red \u{1b}[31m", None),
            ("state", "2", Some("In Progress")),
            ("open", "false", None),
            ("description", "a\nb", None),
            ("category", "", None),
        ])
        .unwrap();
        assert_eq!((item.title.as_str(), item.state.shown(), item.open), ("red [31m", "In Progress", false));
        assert_eq!(item.fields, [("description", Value::plain("a\nb"))].into());
    }

    #[test]
    fn a_row_without_id_or_change_time_is_none() {
        assert_eq!(read(&[("id", "1", None)]), None);
        assert_eq!(read(&[("id", "1", None), ("updated_at", "yesterday", None)]), None);
        assert_eq!(read(&[("updated_at", "2026-11-20T10:00:00Z", None)]), None);
        assert!(read(&[("id", "1", None), ("updated_at", "2026-11-20T10:00:00Z", None)]).unwrap().open);
    }
}
