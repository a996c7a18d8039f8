//! `getsearchresults`: filters, order, pages.

use serde::Deserialize;
use serde_json::Value;

use super::calendar::Culture;
use super::faults::{FaultKind, FaultSpec};
use super::objects::Kind;
use super::state::State;
use super::table::Table;

/// Where a search is wrong, as the product says it.
pub(crate) type Wrong = (&'static str, String);

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Search {
    /// The business object.
    #[serde(default)]
    pub(crate) bus_ob_id: String,
    #[serde(default)]
    filters: Vec<Filter>,
    #[serde(default)]
    fields: Vec<String>,
    #[serde(default)]
    include_all_fields: bool,
    #[serde(default)]
    page_number: i64,
    #[serde(default)]
    page_size: i64,
    #[serde(default)]
    sorting: Vec<Sorting>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Filter {
    field_id: String,
    operator: String,
    value: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sorting {
    field_id: String,
    #[serde(default)]
    sort_direction: i64,
}

/// One condition, ready to be held against records.
enum Condition {
    Date { after: Option<u32>, before: Option<u32> },
    Text { operator: Operator, value: String },
}

#[derive(Clone, Copy)]
enum Operator {
    Is,
    Above,
    Below,
    Contains,
    Starts,
}

/// Conditions on one field: any of them.
type OfField = (usize, Vec<Condition>);

/// The rows that match, and those of the page.
pub(crate) struct Found {
    /// How many match.
    pub(crate) total: usize,
    /// Whether more follow, where that is told.
    pub(crate) more: Option<bool>,
    /// The places of the page's records.
    pub(crate) page: Vec<u32>,
    /// The fields that were asked for.
    pub(crate) fields: Vec<usize>,
}

impl Search {
    /// The same search with its first page.
    pub(crate) fn on_first_page(&self) -> Self {
        Self { page_number: 0, ..self.clone() }
    }

    /// Runs it.
    pub(crate) fn run(
        &self,
        state: &State,
        table: &Table,
        culture: Culture,
        faults: &[FaultSpec],
    ) -> Result<Found, Wrong> {
        let has = |kind| faults.iter().any(|spec| spec.fault == kind);
        let conditions = if has(FaultKind::FilterIgnored) { vec![] } else { self.conditions(state, table, culture)? };
        let mut matched = candidates(table, &conditions).to_vec();
        matched.retain(|place| conditions.iter().all(|of_field| holds(table, *place, of_field)));
        self.sort(state, table, &mut matched)?;
        let total = matched.len();
        // What the user may not see is counted, and does not come.
        matched.retain(|place| !table.is_hidden(*place));
        let (mut page, rest) = if has(FaultKind::EmptyPage) { (vec![], true) } else { self.page(state, matched) };
        if has(FaultKind::Unsorted) {
            shuffle(state, &mut page);
        }
        if has(FaultKind::RowMissing) && !page.is_empty() {
            page.remove(page.len() / 2);
        }
        let total = if state.options.total_of_page { page.len() } else { total };
        let more = state.options.tells_more.then_some(rest || has(FaultKind::MoreAlways));
        Ok(Found { total, more, page, fields: self.fields(table)? })
    }

    fn conditions(&self, state: &State, table: &Table, culture: Culture) -> Result<Vec<OfField>, Wrong> {
        let mut conditions: Vec<OfField> = Vec::new();
        for filter in &self.filters {
            let field = place(table, &filter.field_id)?;
            let condition = filter.condition(state, table.object.fields[field].kind, culture)?;
            match conditions.iter_mut().find(|(of, _)| *of == field) {
                Some((_, any)) => any.push(condition),
                None => conditions.push((field, vec![condition])),
            }
        }
        Ok(conditions)
    }

    fn sort(&self, state: &State, table: &Table, matched: &mut [u32]) -> Result<(), Wrong> {
        if state.options.ignores_sorting {
            matched.sort_by_key(|place| place.wrapping_mul(0x9e37_79b9));
            return Ok(());
        }
        let Some(first) = self.sorting.first() else {
            // Without an order rows come as they come.
            let turn = usize::try_from(state.rng().below(matched.len() as u64)).unwrap_or(0);
            matched.rotate_left(turn);
            return Ok(());
        };
        let field = place(table, &first.field_id)?;
        if field == table.changed_field() {
            // The records are kept in this order.
            if first.sort_direction != state.options.ascending {
                matched.reverse();
            }
            return Ok(());
        }
        let date = table.object.fields[field].kind == Kind::Date;
        let text = |place: &u32| table.text(*place, field).to_owned();
        if date {
            matched.sort_by_key(|place| table.record(*place).cells[field]);
        } else {
            matched.sort_by_cached_key(text);
        }
        if first.sort_direction != state.options.ascending {
            matched.reverse();
        }
        Ok(())
    }

    /// The page's records, and whether more follow.
    fn page(&self, state: &State, matched: Vec<u32>) -> (Vec<u32>, bool) {
        let most = i64::try_from(state.options.most_rows).unwrap_or(i64::MAX);
        let size = if self.page_size <= 0 { 200 } else { self.page_size }.min(most);
        let number = if state.options.from_zero { self.page_number.max(0) } else { self.page_number.max(1) - 1 };
        let from = if state.options.pages_by_row() { number } else { number.saturating_mul(size) };
        let (from, size) = (usize::try_from(from).unwrap_or(usize::MAX), usize::try_from(size).unwrap_or(0));
        let rest = matched.len() > from.saturating_add(size);
        (matched.into_iter().skip(from).take(size).collect(), rest)
    }

    fn fields(&self, table: &Table) -> Result<Vec<usize>, Wrong> {
        if self.include_all_fields || self.fields.is_empty() {
            return Ok((0..table.object.fields.len()).collect());
        }
        self.fields.iter().map(|id| place(table, id)).collect()
    }
}

impl Filter {
    fn condition(&self, state: &State, kind: Kind, culture: Culture) -> Result<Condition, Wrong> {
        let operator = match self.operator.to_ascii_lowercase().as_str() {
            "eq" => Operator::Is,
            "gt" => Operator::Above,
            "lt" => Operator::Below,
            "contains" => Operator::Contains,
            "startswith" => Operator::Starts,
            other => return Err(("GENERALFAILURE", format!("Operator '{other}' is not supported"))),
        };
        if kind != Kind::Date {
            return Ok(Condition::Text { operator, value: self.value.to_lowercase() });
        }
        let unreadable =
            || ("GENERALFAILURE", format!("String '{}' was not recognized as a valid DateTime.", self.value));
        let at = state.calendar.parse(&self.value, culture).ok_or_else(unreadable)?;
        let at = u32::try_from(at).unwrap_or(0);
        let last = if state.options.compares_minutes { at + 59 } else { at };
        Ok(match operator {
            Operator::Above => Condition::Date { after: Some(last), before: None },
            Operator::Below => Condition::Date { after: None, before: Some(at) },
            _ => Condition::Date { after: Some(at.saturating_sub(1)), before: Some(last + 1) },
        })
    }
}

fn place(table: &Table, id: &str) -> Result<usize, Wrong> {
    let unknown = || ("GENERALFAILURE", format!("Field with ID {id} not found\r\nParameter name: fieldId"));
    table.object.place_of_id(id).ok_or_else(unknown)
}

/// The records that may match: all, or those after the only lower bound of the change time.
fn candidates<'a>(table: &'a Table, conditions: &[OfField]) -> &'a [u32] {
    let of_change = conditions.iter().find(|(field, _)| *field == table.changed_field());
    match of_change.map(|(_, any)| any.as_slice()) {
        Some([Condition::Date { after: Some(after), .. }]) => table.since(after.saturating_add(1)),
        _ => table.order(),
    }
}

fn holds(table: &Table, place: u32, (field, any): &OfField) -> bool {
    any.iter().any(|condition| match condition {
        Condition::Date { after, before } => {
            let at = table.record(place).cells[*field];
            at != 0 && after.is_none_or(|after| at > after) && before.is_none_or(|before| at < before)
        }
        Condition::Text { operator, value } => {
            let text = table.text(place, *field);
            match operator {
                Operator::Is => text.eq_ignore_ascii_case(value),
                Operator::Above => text.to_lowercase() > *value,
                Operator::Below => text.to_lowercase() < *value,
                Operator::Contains => text.to_lowercase().contains(value.as_str()),
                Operator::Starts => text.to_lowercase().starts_with(value.as_str()),
            }
        }
    })
}

fn shuffle(state: &State, page: &mut [u32]) {
    let mut rng = state.rng();
    for end in (1..page.len()).rev() {
        page.swap(end, usize::try_from(rng.below(end as u64 + 1)).unwrap_or(0));
    }
}

/// The JSON of a page.
pub(crate) fn render(state: &State, table: &Table, found: &Found, culture: Culture, faults: &[FaultSpec]) -> String {
    let writer = Writer::new(state, table, &found.fields, culture);
    let mut out = String::with_capacity(found.page.len() * found.fields.len() * 180 + 512);
    out.push_str("{\"businessObjects\":[");
    for (nth, place) in found.page.iter().enumerate() {
        if nth > 0 {
            out.push(',');
        }
        writer.record(&mut out, *place);
    }
    out.push_str("],\"hasPrompts\":false,\"links\":[],\"prompts\":[],\"searchResultsFields\":[],");
    out.push_str(&format!("\"simpleResults\":null,\"totalRows\":{},", found.total));
    if let Some(more) = found.more {
        out.push_str(&format!("\"hasMoreRecords\":{more},"));
    }
    out.push_str("\"errorCode\":null,\"errorMessage\":null,\"hasError\":false,\"httpStatusCode\":\"OK\"}");
    faults.iter().fold(out, |text, spec| spoil(state, table, culture, text, spec.fault))
}

/// Writes records with these fields; what is the same for each is made once.
pub(crate) struct Writer<'a> {
    state: &'a State,
    table: &'a Table,
    culture: Culture,
    fields: Vec<(usize, bool, String)>,
    /// Those whose values the user may not see.
    blank: Vec<usize>,
}

impl<'a> Writer<'a> {
    /// A writer of these fields.
    pub(crate) fn new(state: &'a State, table: &'a Table, fields: &[usize], culture: Culture) -> Self {
        let before = |place: &usize| {
            let field = &table.object.fields[*place];
            let text = format!(
                "{{\"dirty\":false,\"displayName\":\"{}\",\"fieldId\":\"{}\",\"html\":null,\"name\":\"{}\",\"value\":",
                field.display_name(),
                field.id(state.options.row_ids),
                field.name
            );
            (*place, field.kind == Kind::Date, text)
        };
        let blank = state.options.hidden_fields.iter().filter_map(|name| table.object.place(name)).collect();
        Self { state, table, culture, fields: fields.iter().map(before).collect(), blank }
    }

    /// Appends a record.
    pub(crate) fn record(&self, out: &mut String, place: u32) {
        let record = self.table.record(place);
        let id = self.table.object.place("RecID").unwrap_or(0);
        out.push_str("{\"busObId\":\"");
        out.push_str(&self.table.object.id);
        out.push_str("\",\"busObPublicId\":");
        out.push_str(self.table.pool.json(record.cells[1]));
        out.push_str(",\"busObRecId\":");
        out.push_str(self.table.pool.json(record.cells[id]));
        out.push_str(",\"fields\":[");
        for (nth, (place, date, before)) in self.fields.iter().enumerate() {
            if nth > 0 {
                out.push(',');
            }
            out.push_str(before);
            if self.blank.contains(place) {
                out.push_str("\"\"");
            } else if *date {
                out.push('"');
                self.state.calendar.push(out, i64::from(record.cells[*place]), self.culture);
                out.push('"');
            } else {
                out.push_str(self.table.pool.json(record.cells[*place]));
            }
            out.push('}');
        }
        out.push_str("],\"links\":[],\"errorCode\":null,\"errorMessage\":null,\"hasError\":false}");
    }
}

/// A title that tries the reader's terminal.
const HOSTILE: &str =
    "\u{1b}[31mred\u{1b}[0m \u{1b}]0;owned\u{7} \u{9b}2J \u{202e}desrever\u{202c} \u{2066}\u{200b}\u{0}\u{8}";

fn spoil(state: &State, table: &Table, culture: Culture, text: String, fault: FaultKind) -> String {
    let edit = |name: &str, value: Value| {
        let mut page: Value = serde_json::from_str(&text).unwrap_or_default();
        let fields = page["businessObjects"][0]["fields"].as_array_mut();
        if let Some(field) = fields.into_iter().flatten().find(|field| field["name"] == name) {
            field["value"] = value;
        }
        page.to_string()
    };
    match fault {
        FaultKind::EscapeSequences => {
            edit(if table.object.name == "Incident" { "ShortDescription" } else { "Title" }, HOSTILE.into())
        }
        FaultKind::RecordError => {
            let mut page: Value = serde_json::from_str(&text).unwrap_or_default();
            if let Some(record) = page["businessObjects"].get_mut(0) {
                record["fields"] = Value::Array(Vec::new());
                record["hasError"] = true.into();
                record["errorCode"] = "INSUFFICIENTRIGHTS".into();
                record["errorMessage"] = "You are not authorized to view this object".into();
            }
            page.to_string()
        }
        FaultKind::SameId => {
            let mut page: Value = serde_json::from_str(&text).unwrap_or_default();
            let first = page["businessObjects"][0]["busObRecId"].clone();
            if let Some(second) = page["businessObjects"].get_mut(1) {
                second["busObRecId"] = first;
            }
            page.to_string()
        }
        FaultKind::WrongTypes => edit("Priority", 3.into()),
        FaultKind::WrongCulture => {
            let other = if culture == Culture::EnUs { Culture::NlNl } else { Culture::EnUs };
            edit("LastModifiedDateTime", state.calendar.shown(state.now() - 60, other).into())
        }
        _ => text,
    }
}
