//! A work item out of a record.

use jiff::Timestamp;

use super::bind::{Bound, INCIDENT_TYPE};
use super::dates::{DateText, Dates};
use super::rows::Record;
use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::partner::ValueType;
use crate::model::work_item::WorkItem;
use crate::net::json::text::Text;
use crate::partner::mapping::{Columns, Given, Target, work_item};

/// States in which a record is closed, whatever its closing date. Other states may be a customer's own.
const CLOSED_STATES: [&str; 3] = ["Closed", "Cancelled", "Canceled"];
/// Default states in which it is open.
const OPEN_STATES: [&str; 6] = ["New", "Assigned", "In Progress", "Pending", "Resolved", "Reopened"];

/// A work item with its place in the order of the search.
#[derive(Debug, Clone)]
pub struct Placed {
    /// The item.
    pub item: WorkItem,
    /// The span of its change time: see [`super::dates::Moment`].
    pub span: Timestamp,
}

/// What a record is to us.
#[derive(Debug)]
pub enum Read {
    /// A work item.
    Item(Box<Placed>),
    /// A service request.
    Other,
    /// Without an id or a change time: this user may not see them, or the record has an error instead.
    Hidden,
}

/// Reads a record.
///
/// # Errors
/// [`Fault::DatesUnclear`] if its change time is not written as the culture does.
pub fn read(columns: &Columns, bound: &Bound, dates: &Dates, record: &Record<'_, '_>) -> Result<Read, Fault> {
    let other = bound.incident_type.and_then(|field| record.value(field)).is_some_and(|kind| {
        let kind = kind.trim();
        !kind.is_empty() && !kind.eq_ignore_ascii_case(INCIDENT_TYPE)
    });
    let changed = record.value(bound.changed).unwrap_or_default();
    if other {
        return Ok(Read::Other);
    }
    let moment = match dates.read(&changed) {
        DateText::At(moment) => moment,
        DateText::Nothing => return Ok(Read::Hidden),
        DateText::Unclear => return Err(unclear(bound, changed.trim())),
    };
    let (reader, rec_id) = (Reader { bound, dates, record }, record.rec_id());
    let item = work_item(columns, |place, column| match column.target {
        Target::UpdatedAt => Some(Given::At(moment.at)),
        Target::Id if !rec_id.is_empty() => Some(Text::from(&*rec_id).into()),
        Target::Open => Some(Text::from(if reader.is_open(place) { "true" } else { "false" }).into()),
        Target::Number => Some(reader.text(place).unwrap_or_else(|| record.public_id().into()).into()),
        _ => reader.text(place).and_then(|text| reader.value(text, column.holds)),
    });
    let placed = |mut item: WorkItem| {
        item.hidden.extend(bound.gone.iter().cloned());
        Read::Item(Box::new(Placed { item, span: moment.span }))
    };
    Ok(item.map_or(Read::Hidden, placed))
}

fn unclear(bound: &Bound, text: &str) -> Fault {
    let text = clean(&text.chars().take(60).collect::<String>(), false);
    let field = &bound.fields[bound.changed].name;
    Fault::DatesUnclear { field: FieldId::Culture, detail: format!("{field} = {text}") }
}

struct Reader<'a> {
    bound: &'a Bound,
    dates: &'a Dates,
    record: &'a Record<'a, 'a>,
}

impl<'a> Reader<'a> {
    fn text(&self, column: usize) -> Option<Text<'a>> {
        self.record.text(self.bound.field_of(column)?).filter(|text| !text.is_empty())
    }

    fn value(&self, text: Text<'a>, holds: ValueType) -> Option<Given<'a>> {
        let text = match holds {
            ValueType::Moment => {
                let said = text.get();
                match self.dates.read(&said) {
                    DateText::At(moment) => return Some(Given::At(moment.at)),
                    DateText::Nothing => return None,
                    // Unreadable values stay as they came.
                    DateText::Unclear => said.into(),
                }
            }
            ValueType::Flag => match text.get() {
                said if said.eq_ignore_ascii_case("true") => "true".into(),
                said if said.eq_ignore_ascii_case("false") => "false".into(),
                said => said.into(),
            },
            _ => text,
        };
        Some(text.into())
    }

    /// Whether a record counts as open: by its state, or by its closing date if the state is a customer's own.
    fn is_open(&self, column: usize) -> bool {
        let state = self.text(column).map(Text::get).unwrap_or_default();
        let is = |states: &[&str]| states.iter().any(|known| known.eq_ignore_ascii_case(state.trim()));
        let closed = self.bound.closed.and_then(|field| self.record.value(field));
        !is(&CLOSED_STATES)
            && (is(&OPEN_STATES) || closed.is_none_or(|date| self.dates.read(&date) == DateText::Nothing))
    }
}
