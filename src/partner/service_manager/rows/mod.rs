//! Rows of the web app as work items.
//!
//! An enumeration of Service Manager comes as an object with a GUID and a display name, a user as one with an account
//! and a display name; which property is which is told by their names. A list comes bare, or in an object that holds
//! it, perhaps beside a total.

mod cell;
mod document;
mod envelope;
mod moment;

use jiff::Timestamp;
use serde::de::DeserializeSeed as _;

use super::describe::Shape;
use super::errors::short;
use crate::model::fault::Fault;
use crate::model::partner::ValueType;
use crate::model::work_item::{Value, WorkItem};
use crate::net::http::Body;
use crate::partner::mapping::{Column, Columns, Given, Target, tell_items_apart, work_item};
use cell::Cell;
use document::Document;
use envelope::{Envelope, Problem};
use moment::moment;

/// A page as it came.
#[derive(Debug, Default)]
pub struct Rows {
    /// Its work items, in the order in which they came.
    pub items: Vec<WorkItem>,
    /// Rows without an Id or a time of change.
    pub hidden: u64,
    /// How many rows match, where the reply tells.
    pub total: Option<u64>,
    /// Bytes of the body.
    pub bytes: u64,
}

impl Rows {
    /// How many rows came.
    pub fn came(&self) -> u64 {
        self.items.len() as u64 + self.hidden
    }
}

/// Display names of states in which a work item is closed (`IncidentStatusEnum`, `ChangeStatusEnum`).
const OVER: [&str; 6] = ["resolved", "closed", "completed", "failed", "cancelled", "canceled"];

/// GUIDs of the same states, for a customer who translated their names. They are the same in every installation.
const OVER_IDS: [&str; 6] = [
    "2b8830b6-59f0-f574-9c2a-f4b4682f1681",
    "bd0ae7c4-3315-2eb3-7933-82dfc482dbaf",
    "68277330-a0d3-cfdd-298d-d5c31d1d126f",
    "f228d50b-2b5a-010f-b1a4-5c7d95703a9b",
    "85f00ead-2603-6c68-dfec-531c83bf900f",
    "877defb6-0d21-7d19-89d5-a1107d621270",
];

/// The end of the first day from which computers count.
const COUNTED_FROM: Timestamp = Timestamp::constant(86_400, 0);

/// If none of this many rows can be read, the page was read wrongly; fewer rows may just be odd.
const MANY: u64 = 20;

/// Reads a page whose rows lie so.
///
/// # Errors
/// [`Fault::Truncated`] for JSON that ends too soon, [`Fault::Malformed`] for what is no list, or one of many rows of which
/// none can be read, [`Fault::PartnerError`] where a problem is told beside the rows: they may not be all.
pub fn rows(columns: &Columns, shape: &Shape, body: &Body) -> Result<Rows, Fault> {
    let layout = Layout::new(columns, shape);
    let read = match body.text() {
        Some(text) => read(&layout, &mut serde_json::Deserializer::from_str(text)),
        None => read(&layout, &mut serde_json::Deserializer::from_slice(body)),
    };
    let malformed = |detail: String| Fault::Malformed { what: columns.source().to_owned(), detail: short(&detail) };
    match read {
        Ok(envelope) => {
            let rows = envelope.rows(shape.list.as_deref()).map_err(|problem| match problem {
                Problem::Shape(detail) => malformed(detail),
                Problem::Told(message) => refused(&message),
            })?;
            if rows.items.is_empty() && rows.hidden >= MANY {
                let detail = format!("none of {} rows has an Id and a time of change that can be read", rows.hidden);
                return Err(malformed(detail));
            }
            tell_items_apart(columns, &rows.items)?;
            Ok(Rows { bytes: body.len() as u64, ..rows })
        }
        Err(error) if error.is_eof() => Err(Fault::Truncated { what: columns.source().to_owned() }),
        Err(error) => Err(malformed(error.to_string())),
    }
}

fn read<'de, R: serde_json::de::Read<'de>>(
    layout: &Layout<'_>,
    json: &mut serde_json::Deserializer<R>,
) -> serde_json::Result<Envelope> {
    let found = Document(layout).deserialize(&mut *json)?;
    json.end().map(|()| found)
}

fn refused(message: &str) -> Fault {
    Fault::PartnerError { status: 200, message: short(message), detail: String::new(), transaction: None }
}

/// The properties that are read, each once, and which of them each column is filled from.
struct Layout<'a> {
    columns: &'a Columns,
    shape: &'a Shape,
    properties: Vec<&'a str>,
    of_column: Vec<usize>,
}

impl<'a> Layout<'a> {
    fn new(columns: &'a Columns, shape: &'a Shape) -> Self {
        let mut layout = Self { columns, shape, properties: Vec::new(), of_column: Vec::new() };
        for column in columns.all() {
            let known = layout.properties.iter().position(|name| *name == &*column.from);
            let place = known.unwrap_or_else(|| {
                layout.properties.push(&column.from);
                layout.properties.len() - 1
            });
            layout.of_column.push(place);
        }
        layout
    }

    /// Whether this is the property that holds the rows.
    fn is_list(&self, name: &str) -> bool {
        self.shape.list.as_ref().is_some_and(|list| list.eq_ignore_ascii_case(name))
    }

    /// The place of a property, whose case may differ from its description; `likely` is tried first, since rows mostly
    /// come in one order.
    fn place(&self, name: &str, likely: usize) -> Option<usize> {
        match self.properties.get(likely) {
            Some(known) if *known == name => Some(likely),
            _ => self.properties.iter().position(|known| known.eq_ignore_ascii_case(name)),
        }
    }

    fn item(&self, cells: &[Option<Cell>]) -> Option<WorkItem> {
        let mut item = work_item(self.columns, |place, column| {
            let cell = cells.get(*self.of_column.get(place)?)?.as_ref()?;
            if column.target == Target::Open { Some(open(cell).into()) } else { value_of(column, cell) }
        })?;
        // The moment a work item was made is when it was opened, where nothing else is told.
        if item.opened_at.is_none() {
            item.opened_at = item.fields.get("created_at").and_then(|field| field.value.text().parse().ok());
        }
        Some(item)
    }
}

/// Service Manager knows no flag for it: the state tells.
fn open(cell: &Cell) -> Value {
    if let Cell::Flag(flag) = cell {
        return Value::plain(flag.to_string());
    }
    let state = cell.choice();
    let name = last_part(state.shown());
    let over = OVER_IDS.iter().any(|id| id.eq_ignore_ascii_case(&state.value))
        || OVER.iter().any(|over| over.eq_ignore_ascii_case(name));
    Value::plain(if over { "false" } else { "true" })
}

/// `IncidentStatusEnum.Closed` without its enumeration.
fn last_part(text: &str) -> &str {
    text.rsplit('.').next().unwrap_or(text)
}

fn value_of<'a>(column: &Column, cell: &Cell) -> Option<Given<'a>> {
    let value = match (column.holds, cell) {
        (ValueType::Choice | ValueType::Reference, cell) => cell.choice(),
        (ValueType::Moment, cell) => {
            let at = moment(&cell.plain());
            // No row was changed when computers began to count: such a time was never set.
            return at.filter(|at| column.target != Target::UpdatedAt || *at > COUNTED_FROM).map(Given::At);
        }
        (_, Cell::Object { .. }) => Value::plain(cell.choice().shown()),
        (_, cell) => Value::plain(cell.plain()),
    };
    Some(value.into())
}
