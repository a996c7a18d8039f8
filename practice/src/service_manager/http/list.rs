//! Pages of work items, in each layout.

use jiff::Timestamp;
use serde_json::Value;

use super::reply;
use crate::WorkItemKind;
use crate::service_manager::faults::{FaultKind, FaultSpec};
use crate::service_manager::layout::Layout;
use crate::service_manager::manners::{Manners, Total};
use crate::service_manager::render;
use crate::service_manager::rows::{Item, Rows, display_id, guid, number_of};
use crate::service_manager::state::State;
use axum::response::Response;

/// `app:DefaultWIGETPageSize`
const DEFAULT_SIZE: usize = 200;
/// The largest page.
const LARGEST: usize = 1_000;

/// A title that tries the reader's terminal.
const HOSTILE: &str = "\u{1b}[31mred\u{1b}[0m \u{1b}]0;owned\u{7} \u{9b}2J \u{202e}desrever\u{202c}";

/// What a request asks for, whatever the layout calls it.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) skip: usize,
    pub(super) size: usize,
    pub(super) since: Option<i64>,
    pub(super) until: Option<i64>,
    /// What the title must hold.
    pub(super) text: Option<String>,
}

/// Where a value comes from: the query or a JSON body.
pub(super) type Fields = Vec<(String, Value)>;

fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a Value> {
    let found = fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    found.filter(|value| !value.is_null())
}

fn refuse<T>(name: &str, value: &Value, kind: &str) -> Result<T, Box<Response>> {
    let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Err(Box::new(reply::model_state(name, &format!("The value '{shown}' is not valid for {kind}."))))
}

fn number(fields: &Fields, name: &str) -> Result<Option<usize>, Box<Response>> {
    let Some(value) = field(fields, name) else { return Ok(None) };
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok()).and_then(|n| usize::try_from(n).ok());
    number.map_or_else(|| refuse(name, value, "Int32"), |number| Ok(Some(number)))
}

fn moment(fields: &Fields, name: &str) -> Result<Option<i64>, Box<Response>> {
    let Some(value) = field(fields, name) else { return Ok(None) };
    let at = value.as_str().and_then(|text| text.parse::<Timestamp>().ok());
    at.map_or_else(|| refuse(name, value, "Nullable`1"), |at| Ok(Some(at.as_millisecond())))
}

impl Asked {
    /// Reads what the layout's names stand for.
    pub(super) fn read(layout: Layout, fields: &Fields, manners: &Manners) -> Result<Self, Box<Response>> {
        let largest = manners.refuses_above.unwrap_or(LARGEST);
        match layout {
            Layout::Bare => return Ok(Self { size: DEFAULT_SIZE, ..Self::default() }),
            Layout::Tables | Layout::Untyped => {
                let size = number(fields, "top")?.unwrap_or(DEFAULT_SIZE.min(largest));
                if manners.refuses_above.is_some() && size > largest {
                    return Err(too_large("top", largest));
                }
                let (skip, since) = (number(fields, "skip")?.unwrap_or(0), moment(fields, "modifiedSince")?);
                return Ok(Self { skip, size: size.min(LARGEST), since, ..Self::default() });
            }
            _ => {}
        }
        let [page, rows, since, until] = match layout {
            Layout::Search => ["pageNumber", "pageSize", "startDate", "endDate"],
            Layout::Since => ["filter.pageNumber", "filter.pageSize", "filter.lastModifiedSince", ""],
            Layout::Dictionary => ["page", "pageSize", "", ""],
            _ => ["pageNumber", "pageSize", "", ""],
        };
        let size = number(fields, rows)?.unwrap_or(DEFAULT_SIZE.min(largest));
        if !(1..=largest).contains(&size) {
            return Err(too_large(if layout == Layout::Search { "criteria.pageSize" } else { rows }, largest));
        }
        let first = usize::from(!manners.pages_from_zero);
        let skip = number(fields, page)?.unwrap_or(first).max(first).saturating_sub(first) * size;
        let searches = layout == Layout::Search && !manners.no_text_search;
        let text = field(fields, "searchText").and_then(Value::as_str).filter(|_| searches).map(str::to_lowercase);
        Ok(Self { skip, size, since: moment(fields, since)?, until: moment(fields, until)?, text })
    }
}

fn too_large(name: &str, largest: usize) -> Box<Response> {
    let problem = format!("The field PageSize must be between 1 and {largest}.");
    Box::new(reply::model_state(name, &problem))
}

/// The work items that match, in the layout's order, and how many there are.
fn matching<'a>(layout: Layout, rows: &'a Rows, asked: &Asked, unfiltered: bool) -> (Vec<&'a Item>, usize) {
    let since = if unfiltered { i64::MIN } else { asked.since.unwrap_or(i64::MIN) };
    let until = if unfiltered { i64::MAX } else { asked.until.unwrap_or(i64::MAX) };
    match layout {
        Layout::Tables => (rows.changed(since, until).skip(asked.skip).take(asked.size).collect(), 0),
        Layout::Search | Layout::Since => {
            let holds = |item: &&Item| asked.text.as_ref().is_none_or(|text| item.title.to_lowercase().contains(text));
            let mut all: Vec<_> = rows.changed(since, until).filter(holds).collect();
            // The newest number first: an order that has nothing to do with the last change.
            all.sort_unstable_by_key(|item| std::cmp::Reverse(item.number));
            let total = all.len();
            (all.into_iter().skip(asked.skip).take(asked.size).collect(), total)
        }
        Layout::Untyped => {
            let all = rows.all().filter(|item| (since..=until).contains(&item.modified));
            (all.skip(asked.skip).take(asked.size).collect(), 0)
        }
        _ => (rows.all().skip(asked.skip).take(asked.size).collect(), 0),
    }
}

/// A page as JSON, and how many rows it holds.
pub(super) fn page(
    state: &State,
    layout: Layout,
    kind: WorkItemKind,
    asked: &Asked,
    faults: &[FaultSpec],
) -> (String, usize) {
    let has = |kind: FaultKind| faults.iter().any(|spec| spec.fault == kind);
    let held = state.items();
    let manners = state.setup().manners.clone();
    let (mut items, total) = matching(layout, held.rows(kind), asked, has(FaultKind::FilterIgnored));
    let total = match manners.total {
        Total::Matching => total,
        Total::All => held.rows(kind).len(),
        Total::Invented => 700,
    };
    if manners.half_pages {
        items.retain(|item| item.number % 2 == 0);
    }
    if has(FaultKind::HalfPage) {
        items = items.into_iter().step_by(2).collect();
    }
    if has(FaultKind::OutOfOrder) {
        items.reverse();
    }
    let mut out = String::with_capacity(items.len() * 1_000 + 64);
    if layout == Layout::Search {
        out.push_str(&format!("{{\"errors\":[],\"totalCount\":{total},\"items\":"));
    }
    let (open, close) = if layout == Layout::Dictionary { ('{', '}') } else { ('[', ']') };
    out.push(open);
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        let hostile = place == 0 && has(FaultKind::EscapeSequences);
        let other = hostile.then(|| Item { title: HOSTILE.into(), ..(*item).clone() });
        if layout == Layout::Dictionary {
            out.push_str(&format!("\"{}\":", display_id(kind, item.number)));
        }
        render::push(&mut out, kind, other.as_ref().unwrap_or(item), layout.names(), manners.dates);
    }
    out.push(close);
    if layout == Layout::Search {
        out.push('}');
    }
    let count = items.len();
    let twists = faults.iter().map(|spec| spec.fault).filter(|fault| fault.is_of_rows());
    (twists.fold(out, |out, fault| twist(&out, layout, fault)), count)
}

/// One work item by its Id or GUID, as JSON.
pub(super) fn one(state: &State, layout: Layout, kind: WorkItemKind, id: &str) -> Option<String> {
    let (items, dates) = (state.items(), state.setup().manners.dates);
    let rows = items.rows(kind);
    let by_id = number_of(kind, id).and_then(|number| rows.get(number));
    let item = by_id.or_else(|| rows.all().find(|item| guid(kind, item.number).eq_ignore_ascii_case(id)))?;
    let mut out = String::new();
    render::push(&mut out, kind, item, layout.names(), dates);
    Some(out)
}

/// The rows of a page as a fault has them.
fn twist(text: &str, layout: Layout, fault: FaultKind) -> String {
    let Ok(mut whole) = serde_json::from_str::<Value>(text) else { return text.to_owned() };
    let names = layout.names();
    let rows = if whole.is_array() { Some(&mut whole) } else { whole.get_mut("items") };
    let Some(rows) = rows.and_then(Value::as_array_mut) else { return text.to_owned() };
    match (fault, rows.as_mut_slice()) {
        (FaultKind::WrongTypes, [row, ..]) => {
            row[names.status] = Value::from("A state nobody knows");
            row[names.priority] = Value::from(true);
            row[names.title] = Value::from(4711);
            row[names.assigned_to] = Value::Null;
            row[names.description] = serde_json::json!(["not", 1, "text"]);
        }
        (FaultKind::NoId, rows) => rows.iter_mut().take(3).for_each(|row| row[names.id] = Value::Null),
        (FaultKind::SameGuid, [first, second, ..]) => second[names.base_id] = first[names.base_id].clone(),
        (FaultKind::In1970, rows) => {
            rows.iter_mut().for_each(|row| row[names.modified] = Value::from("1970-01-01T00:00:00Z"));
        }
        (FaultKind::In2005, rows) => {
            rows.iter_mut().for_each(|row| row[names.modified] = Value::from("2005-03-01T10:00:00Z"));
        }
        _ => {}
    }
    whole.to_string()
}
