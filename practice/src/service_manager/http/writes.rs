//! Incidents made and changed over the routes that the description offers.

use axum::body::Bytes;
use axum::http::Method;
use axum::response::Response;
use serde_json::{Map, Value};

use super::reply;
use crate::WorkItemKind;
use crate::core::tickets::Change;
use crate::service_manager::data::set_status;
use crate::service_manager::layout::{Layout, Names};
use crate::service_manager::render;
use crate::service_manager::rows::{Item, display_id, guid, number_of};
use crate::service_manager::state::{State, Written};
use crate::service_manager::words::{self as w, Enumeration};

const KIND: WorkItemKind = WorkItemKind::Incident;

/// What a request writes: a new incident, or the one with this Id or GUID.
pub(super) enum Wanted<'a> {
    Create,
    Update(&'a str),
}

/// The write that a request asks for, if this layout offers it.
pub(super) fn wanted<'a>(state: &State, method: &Method, path: &'a str) -> Option<Wanted<'a>> {
    let setup = state.setup();
    let (create, update) = routes(setup.layout)?;
    let below = |base: &str| {
        let (start, id) = (path.get(..base.len())?, path.get(base.len()..)?);
        (start.eq_ignore_ascii_case(base) && !id.is_empty() && !id.contains('/')).then_some(id)
    };
    match *method {
        _ if setup.manners.no_writing => None,
        Method::POST if path.eq_ignore_ascii_case(create) => Some(Wanted::Create),
        Method::PUT if !setup.manners.no_updates => below(update).map(Wanted::Update),
        _ => None,
    }
}

/// Where incidents are made, and below what they are changed.
fn routes(layout: Layout) -> Option<(&'static str, &'static str)> {
    match layout {
        Layout::Tables => Some(("/api/Incidents", "/api/Incidents/")),
        Layout::Search => Some(("/api/workitem/incident", "/api/workitem/")),
        _ => None,
    }
}

/// Carries a write out. What is written shows only when the cache has run out.
pub(super) fn answer(state: &State, wanted: &Wanted<'_>, body: &Bytes, dropped: Option<&str>) -> Response {
    let Ok(Value::Object(mut fields)) = serde_json::from_slice::<Value>(body) else {
        return reply::model_state("item", "The item field is required.");
    };
    let (layout, manners) = {
        let setup = state.setup();
        (setup.layout, setup.manners.clone())
    };
    let sent = fields.clone();
    fields.retain(|name, _| !manners.dropped.contains(name) && dropped != Some(name.as_str()));
    let names = layout.names();
    let missing = |name: &str| fields.get(name).and_then(Value::as_str).is_none_or(str::is_empty);
    let empty = manners.required.iter().any(|name| fields.get(name).is_none_or(Value::is_null));
    if matches!(wanted, Wanted::Create) && (missing(names.title) || empty) {
        return refused(state, None, &sent, reply::server_error());
    }
    let changes = match Changes::read(&fields, names) {
        Ok(changes) => changes,
        Err(problem) => return refused(state, None, &sent, *problem),
    };
    let number = match wanted {
        Wanted::Create => Some(state.open(KIND, changes.title.as_deref())),
        Wanted::Update(id) => find(state, id),
    };
    let Some(number) = number else { return reply::no_item(path_id(wanted)) };
    let verb = if matches!(wanted, Wanted::Create) { "insert" } else { "update" };
    state.edit(KIND, number, |item| {
        if verb == "insert" {
            start(item);
        }
        changes.apply(item);
    });
    note(state, Some(number), verb, &sent, true);
    let items = state.items();
    let mut out = String::new();
    if let Some(item) = items.truth(KIND, number) {
        render::push(&mut out, KIND, item, names, manners.dates);
    }
    reply::json_text(200, out)
}

fn path_id<'a>(wanted: &Wanted<'a>) -> &'a str {
    match wanted {
        Wanted::Create => "",
        Wanted::Update(id) => id,
    }
}

fn refused(state: &State, number: Option<u32>, sent: &Map<String, Value>, response: Response) -> Response {
    note(state, number, "insert", sent, false);
    response
}

fn find(state: &State, id: &str) -> Option<u32> {
    let items = state.items();
    let by_number = number_of(KIND, id).filter(|number| items.truth(KIND, *number).is_some());
    by_number.or_else(|| {
        let truths = items.truths(KIND);
        truths.iter().find(|item| guid(KIND, item.number).eq_ignore_ascii_case(id)).map(|item| item.number)
    })
}

/// A new incident has nothing of what the made-up ones have.
fn start(item: &mut Item) {
    set_status(item, 0);
    item.description = String::new();
    (item.urgency, item.impact, item.priority) = (1, 1, 5);
    item.assigned_to = u8::MAX;
    item.affected = u8::MAX;
}

fn note(state: &State, number: Option<u32>, verb: &str, sent: &Map<String, Value>, done: bool) {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let change = Change {
        at: state.base.clock.now(),
        by: state.setup().account.clone(),
        verb: verb.to_owned(),
        fields: sent.iter().map(|(name, value)| (name.clone(), text(value))).collect(),
        done,
    };
    state.written().push(Written { id: number.map(|number| display_id(KIND, number)).unwrap_or_default(), change });
}

/// What a body changes.
#[derive(Default)]
struct Changes {
    title: Option<String>,
    description: Option<String>,
    status: Option<u8>,
    urgency: Option<u8>,
    impact: Option<u8>,
    category: Option<u8>,
    source: Option<u8>,
    assigned_to: Option<u8>,
    affected: Option<u8>,
}

impl Changes {
    fn read(fields: &Map<String, Value>, names: &Names) -> Result<Self, Box<Response>> {
        let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
        let place = |name: &str, list: Enumeration, of: (&str, &str)| place(fields, name, list, of);
        let choice = (names.enum_id, names.enum_name);
        let user = (names.user_id, names.user_name);
        Ok(Self {
            title: text(names.title),
            description: text(names.description),
            status: place(names.status, w::INCIDENT_STATES, choice)?,
            urgency: place(names.urgency, w::URGENCIES, choice)?,
            impact: place(names.impact, w::IMPACTS, choice)?,
            category: place(names.category, w::CATEGORIES, choice)?,
            source: place(names.source, w::SOURCES, choice)?,
            assigned_to: place(names.assigned_to, w::PEOPLE, user)?,
            affected: place(names.affected, w::PEOPLE, user)?,
        })
    }

    fn apply(&self, item: &mut Item) {
        let set = |field: &mut u8, value: Option<u8>| *field = value.unwrap_or(*field);
        item.title = self.title.clone().unwrap_or_else(|| item.title.clone());
        item.description = self.description.clone().unwrap_or_else(|| item.description.clone());
        set(&mut item.urgency, self.urgency);
        set(&mut item.impact, self.impact);
        set(&mut item.category, self.category);
        set(&mut item.source, self.source);
        set(&mut item.assigned_to, self.assigned_to);
        set(&mut item.affected, self.affected);
        if let Some(status) = self.status {
            set_status(item, status);
        }
        item.priority = 1 + item.urgency * 3 + item.impact;
    }
}

/// The place of a value in its list: by its id or its name, alone or as an object of both.
fn place(
    fields: &Map<String, Value>,
    name: &str,
    list: Enumeration,
    (id, shown): (&str, &str),
) -> Result<Option<u8>, Box<Response>> {
    let Some(value) = fields.get(name).filter(|value| !value.is_null()) else { return Ok(None) };
    let text =
        value.as_str().or_else(|| value[id].as_str().filter(|id| !id.is_empty())).or_else(|| value[shown].as_str());
    let same = |known: &str| text.is_some_and(|text| text.eq_ignore_ascii_case(known));
    let found = list.iter().position(|(id, shown)| same(id) || same(shown)).and_then(|at| u8::try_from(at).ok());
    let problem = || format!("The value '{}' is not valid for {name}.", text.unwrap_or_default());
    found.map(Some).ok_or_else(|| Box::new(reply::model_state(&format!("item.{name}"), &problem())))
}
