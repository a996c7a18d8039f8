//! Tickets through the web app: by what its own description of itself offers, and nothing else.
//!
//! It takes no id of ours, so the title bears our mark. The lists are cached (`app:CacheTimeout`), so a mark that is not
//! found proves nothing before the cache has been renewed.

mod item;
mod routes;

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use serde_json::Value as Json;
use zeroize::Zeroizing;

use super::names::{normal, synonyms};
use super::{ServiceManager, errors};
use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::model::sweep::Found;
use crate::model::sync::{PageRequest, Window};
use crate::model::ticket::{
    Operation, Ticket, TicketDraft, TicketFinding, TicketKey, TicketKind, TicketState, Way, fields as named,
};
use crate::model::work_item::{WorkItem, WorkItemKind};
use crate::net::http::{Call, SMALL_LIMIT_BYTES};
use crate::partner::written::{self, cut};
use crate::partner::{BoxFuture, Lookup, Repeat, Sweep as _, TicketAt, Tickets, Written};
pub use item::Items;
pub use routes::Routes;
use routes::{Route, Values};

/// The longest title (`System.WorkItem`, `Title`).
const TITLE: usize = 200;
const TEXT: usize = 4000;
/// The GUID of `IncidentStatusEnum.Closed`, the same in every installation.
const CLOSED: &str = "bd0ae7c4-3315-2eb3-7933-82dfc482dbaf";
/// A mark is looked for in work items that were changed this long ago, in days.
const SEARCHED_DAYS: i64 = 31;
/// So many pages are looked through for a mark.
const MOST_PAGES: usize = 500;
const PAGE: u32 = 1_000;

impl Tickets for ServiceManager {
    fn offers(&self, kind: TicketKind, way: Way) -> bool {
        kind == TicketKind::Incident && way == Way::Table
    }

    fn repeat(&self, operation: &Operation) -> Repeat {
        match operation {
            Operation::Open { .. } | Operation::Note { .. } => Repeat::WhenSettled,
            _ => Repeat::Harmless,
        }
    }

    fn lags(&self) -> bool {
        true
    }

    fn doubles_items(&self) -> bool {
        self.connection.create_configuration_items
    }

    fn find<'a>(&'a self, at: TicketAt<'a>) -> BoxFuture<'a, Result<Lookup, Fault>> {
        Box::pin(async move {
            match at.id {
                Some(id) => by_id(self, id).await,
                None => by_mark(self, at.key).await,
            }
        })
    }

    fn open<'a>(&'a self, key: &'a TicketKey, draft: &'a TicketDraft) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(open(self, key, draft))
    }

    fn complete<'a>(&'a self, found: Written, draft: &'a TicketDraft) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(async move {
            let mut found = found;
            if let Some(hint) = &draft.item {
                found.findings.extend(item::made(self, hint).await);
            }
            Ok(found)
        })
    }

    fn update<'a>(
        &'a self,
        at: TicketAt<'a>,
        fields: &'a BTreeMap<String, String>,
    ) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(async move {
            let mut values = Values::default();
            for (name, value) in fields {
                let value = if name == named::TITLE { marked(value, at.key) } else { value.clone() };
                values.set(name, &value);
            }
            let routes = self.ticket_routes().await?;
            change(self, at, routes.update.as_ref(), values, ("update", None)).await
        })
    }

    fn note<'a>(&'a self, at: TicketAt<'a>, _: u32, text: &'a str) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(async move {
            let routes = self.ticket_routes().await?;
            let mut values = Values::default();
            values.set("note", &cut(text, TEXT));
            change(self, at, routes.note.as_ref(), values, ("note", None)).await
        })
    }

    fn noted<'a>(&'a self, at: TicketAt<'a>, number: u32, _: &'a str) -> BoxFuture<'a, Result<Lookup, Fault>> {
        Box::pin(async move {
            if self.ticket_routes().await?.note.is_none() {
                // Nothing can have been sent.
                let shown = change(self, at, None, Values::default(), ("note", None)).await?;
                return Ok(Lookup::There(Box::new(shown)));
            }
            // Nothing that the web app is known to give shows comments.
            Ok(Lookup::CannotTell(Fault::NotBound { what: "comments".to_owned(), detail: format!("#{number}") }))
        })
    }

    fn resolve<'a>(
        &'a self,
        at: TicketAt<'a>,
        text: &'a str,
        _: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(async move {
            let routes = self.ticket_routes().await?;
            let route = routes.resolve.as_ref().or(routes.update.as_ref());
            let mut values = Values::default();
            values.set("state", "Resolved");
            values.set("close_notes", &cut(text, TEXT));
            change(self, at, route, values, ("resolve", Some(false))).await
        })
    }

    fn reopen<'a>(&'a self, at: TicketAt<'a>, _: &'a str) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(async move {
            let routes = self.ticket_routes().await?;
            let mut values = Values::default();
            values.set("state", "Active");
            change(self, at, routes.update.as_ref(), values, ("reopen", Some(true))).await
        })
    }
}

impl ServiceManager {
    pub(super) async fn ticket_routes(&self) -> Result<&Routes, Fault> {
        self.ticket_routes.get_or_try_init(|| routes::read(self)).await
    }
}

/// A title with our mark.
fn marked(title: &str, key: &TicketKey) -> String {
    written::marked(&key.marker(), title, TITLE)
}

async fn open(partner: &ServiceManager, key: &TicketKey, draft: &TicketDraft) -> Result<Written, Fault> {
    let routes = partner.ticket_routes().await?;
    let lacking =
        || Fault::NotBound { what: WorkItemKind::Incident.id().to_owned(), detail: routes.why_no_create.clone() };
    let route = routes.create.as_ref().ok_or_else(lacking)?;
    let mut values = Values::default();
    values.set(named::TITLE, &marked(&draft.title, key));
    values.set(named::DESCRIPTION, &cut(&draft.description, TEXT));
    for (name, value) in [(named::IMPACT, draft.impact), (named::URGENCY, draft.urgency)] {
        let word = value.map(|value| ["High", "Medium", "Low"][usize::from(value.clamp(1, 3)) - 1]);
        word.into_iter().for_each(|word| values.set(name, word));
    }
    for (name, wanted) in [("assignment_group", &draft.group), ("caller", &draft.caller)] {
        wanted.iter().for_each(|wanted| values.set(name, &wanted.name));
    }
    draft.item.iter().for_each(|item| values.set("configuration_item", &item.name));
    draft.template.iter().for_each(|template| values.set("template", template));
    draft.fields.iter().for_each(|(name, value)| values.set(name, value));
    let reply = send(partner, route, None, &values).await?;
    let is_ours = |title: &str| is_kept_of(&marked(&draft.title, key), title);
    match shown(partner, &reply, None).await.filter(|made| made.title.as_deref().is_none_or(is_ours)) {
        Some(Shown { ticket, title }) => {
            let mut findings = dropped(route, &values);
            if title.is_some_and(|title| !title.contains(&key.marker())) {
                routes.loses_marks.store(true, Ordering::Relaxed);
                findings.push(TicketFinding::DroppedFields { fields: vec![named::TITLE.to_owned()] });
            }
            Ok(Written { ticket, findings })
        }
        // It may be there: the mark tells.
        None => Err(Fault::Malformed { what: route.shown(), detail: "not the new work item in the reply".to_owned() }),
    }
}

/// Changes a work item by a route, perhaps so that it is open or not; without a route the work item stays as it is and the finding says
/// so.
async fn change(
    partner: &ServiceManager,
    at: TicketAt<'_>,
    route: Option<&Route>,
    values: Values,
    (operation, open): (&str, Option<bool>),
) -> Result<Written, Fault> {
    let id = at.id.ok_or_else(|| Fault::NotFound { what: at.key.correlation() })?;
    let Some(route) = route else {
        let mut shown = seen(by_id(partner, id).await?, id)?;
        shown.findings.push(TicketFinding::NotOffered { operation: operation.to_owned() });
        return Ok(shown);
    };
    let reply = send(partner, route, Some(id), &values).await?;
    let told =
        shown(partner, &reply, Some(id)).await.map(|shown| Written { ticket: shown.ticket, findings: Vec::new() });
    let is_told = told.is_some();
    let mut written = match told {
        Some(written) => written,
        None => seen(by_id(partner, id).await.map_err(Fault::after_write)?, id).map_err(Fault::after_write)?,
    };
    let Ticket { state, raw_state, number, .. } = &written.ticket;
    if open.is_some_and(|open| *state != TicketState::Unknown && state.is_open() != open) {
        let not_yet = Fault::NotApplied { what: number.clone(), detail: raw_state.clone() };
        // What came with the reply is how it is; the list may not show it yet.
        return Err(if is_told { not_yet } else { not_yet.after_write() });
    }
    written.findings.extend(dropped(route, &values));
    Ok(written)
}

/// Whether a title is the one that was sent, or its beginning.
fn is_kept_of(sent: &str, title: &str) -> bool {
    let bare = title.trim_end_matches(['…', '.']).trim();
    !bare.is_empty() && sent.starts_with(bare)
}

fn seen(found: Lookup, id: &str) -> Result<Written, Fault> {
    match found {
        Lookup::There(found) => Ok(*found),
        Lookup::Absent => Err(Fault::NotFound { what: id.to_owned() }),
        Lookup::CannotTell(fault) => Err(fault),
    }
}

/// The finding about values that the route has no place for.
fn dropped(route: &Route, values: &Values) -> Vec<TicketFinding> {
    let fields = route.without_place(values);
    if fields.is_empty() { Vec::new() } else { vec![TicketFinding::DroppedFields { fields }] }
}

async fn send(partner: &ServiceManager, route: &Route, id: Option<&str>, values: &Values) -> Result<Vec<u8>, Fault> {
    let (path, body) = route.call(id, values);
    let path = partner.source(WorkItemKind::Incident).await?.0.versioned(path);
    let call = Call { body: Some(Zeroizing::new(body.to_string())), ..Call::new(route.method(), path) };
    let reply = partner.session.send(call, SMALL_LIMIT_BYTES).await?;
    if matches!(reply.status, 201 | 204) || (reply.status == 200 && reply.body.trim_ascii().is_empty()) {
        return Ok(reply.body.trim_ascii().to_vec());
    }
    let reply = errors::check(reply, &route.shown())?;
    match serde_json::from_slice::<Json>(&reply.body) {
        Ok(_) => Ok(reply.body.into_bytes()),
        Err(error) => Err(Fault::Malformed { what: route.shown(), detail: clean(&error.to_string(), false) }),
    }
}

/// A work item as a reply shows it.
struct Shown {
    ticket: Ticket,
    title: Option<String>,
}

/// The work item in a reply: as the lists have it, else an object with an id, perhaps inside another one. With `id`, one with
/// another id is none.
async fn shown(partner: &ServiceManager, reply: &[u8], id: Option<&str>) -> Option<Shown> {
    let (source, _) = partner.source(WorkItemKind::Incident).await.ok()?;
    let is_it = |shown: &Shown| {
        let ids = [&shown.ticket.id, &shown.ticket.number];
        id.is_none_or(|id| ids.into_iter().any(|known| known.eq_ignore_ascii_case(id)))
    };
    let listed = super::sweep::rows_of(source, reply).ok().and_then(|rows| rows.items.into_iter().next());
    if let Some(item) = listed {
        let Written { ticket, .. } = of_item(&item);
        return Some(Shown { ticket, title: Some(item.title) }).filter(is_it);
    }
    let reply: Json = serde_json::from_slice(reply).ok()?;
    made(&reply).filter(is_it)
}

fn made(reply: &Json) -> Option<Shown> {
    let row = [reply, &reply["result"], &reply["data"], &reply["item"], &reply["workItem"], &reply[0]];
    row.into_iter().find_map(|row| shown_in(row.as_object()?))
}

fn shown_in(row: &serde_json::Map<String, Json>) -> Option<Shown> {
    let value = |attribute: &str, own: &str| {
        let names = std::iter::once(own).chain(synonyms(attribute).iter().copied());
        names.filter_map(|name| row.iter().find(|(key, _)| normal(key) == name)).find_map(|(_, value)| text(value))
    };
    let number = value("number", "id");
    let id = value("id", "baseid").or_else(|| number.clone())?;
    let raw_state = value("state", "status").unwrap_or_default();
    let ticket = ticket(id, number.unwrap_or_default(), raw_state, None, None);
    Some(Shown { ticket, title: value("title", "title") })
}

/// A text, or the label of an enumeration that comes as an object.
fn text(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(clean(text, false)),
        Json::Number(number) => Some(number.to_string()),
        Json::Object(object) => {
            let label = object.iter().find(|(key, _)| matches!(normal(key).as_str(), "name" | "displayname" | "text"));
            label.and_then(|(_, value)| text(value))
        }
        _ => None,
    }
    .filter(|text| !text.is_empty())
}

fn ticket(
    id: String,
    number: String,
    raw_state: String,
    assigned_to: Option<String>,
    changed_at: Option<jiff::Timestamp>,
) -> Ticket {
    Ticket {
        kind: TicketKind::Incident,
        state: state(&raw_state),
        id,
        number,
        raw_state,
        assigned_to,
        changed_by: None,
        made_by: None,
        changed_at,
        noted: None,
        url: None,
    }
}

fn of_item(item: &WorkItem) -> Written {
    let field = |name: &str| item.fields.get(name).map(|field| field.shown().text().into_owned());
    let assigned = field("assigned_to").filter(|text| !text.is_empty());
    let (id, number) = (item.source_id.clone(), item.number.clone());
    let mut shown = ticket(id, number, item.state.shown().to_owned(), assigned, Some(item.updated_at));
    if shown.state == TicketState::Unknown && !item.open {
        // Its name is translated.
        let is_closed = item.state.value.eq_ignore_ascii_case(CLOSED);
        shown.state = if is_closed { TicketState::Closed } else { TicketState::Resolved };
    }
    Written { ticket: shown, findings: Vec::new() }
}

/// The states of `System.WorkItem.Incident`, by their last part or display name.
fn state(raw: &str) -> TicketState {
    let last = normal(raw.rsplit('.').next().unwrap_or_default());
    match last.trim_start_matches("incidentstatusenum") {
        "active" => TicketState::New,
        "pending" | "activepending" | "inprogress" => TicketState::InProgress,
        "resolved" => TicketState::Resolved,
        "closed" => TicketState::Closed,
        _ => TicketState::Unknown,
    }
}

async fn by_id(partner: &ServiceManager, id: &str) -> Result<Lookup, Fault> {
    let ids = [id.to_owned()];
    let found = partner.fetch(WorkItemKind::Incident, &ids).await?.pop();
    Ok(match found.map(|(_, found)| found) {
        Some(Found::Item(item)) => Lookup::There(Box::new(of_item(&item))),
        Some(Found::Gone) => Lookup::Absent,
        _ => Lookup::CannotTell(Fault::NotFound { what: id.to_owned() }),
    })
}

/// Looks through the list of what was changed lately for our mark.
async fn by_mark(partner: &ServiceManager, key: &TicketKey) -> Result<Lookup, Fault> {
    let mark = key.marker();
    let now = jiff::Timestamp::now();
    let from = now.checked_sub(jiff::SignedDuration::from_hours(24 * SEARCHED_DAYS)).unwrap_or(now);
    let window = Window { from, before: None };
    let (mut after, mut found, mut unseen, mut hidden) = (None, Vec::<WorkItem>::new(), true, 0);
    for _ in 0..MOST_PAGES {
        let kind = WorkItemKind::Incident;
        let request = PageRequest { kind, window, after, offset: 0, limit: PAGE, count: true, lean: false };
        let page = match partner.page_of(&request).await {
            // A web app whose lists cannot be read proves nothing.
            Err(fault @ (Fault::NotBound { .. } | Fault::OutOfOrder { .. })) => return Ok(Lookup::CannotTell(fault)),
            page => page?,
        };
        after = page.items.last().map(WorkItem::cursor);
        hidden += page.hidden;
        found.extend(page.items.into_iter().filter(|item| item.title.contains(&mark)));
        if after.is_none() {
            unseen = hidden > 0 || partner.source(kind).await?.0.is_silent();
            break;
        }
    }
    found.sort_by(|one, other| (one.opened_at, &one.number).cmp(&(other.opened_at, &other.number)));
    found.dedup_by(|one, other| one.source_id == other.source_id);
    let Some(first) = found.first() else {
        // It may be among what was not read.
        let what = WorkItemKind::Incident.id().to_owned();
        let lost = || Fault::NotBound { what: what.clone(), detail: "titles come back without their mark".to_owned() };
        let loses = partner.ticket_routes().await?.loses_marks.load(Ordering::Relaxed);
        let why = if unseen { Some(Fault::Truncated { what: what.clone() }) } else { loses.then(lost) };
        return Ok(why.map_or(Lookup::Absent, Lookup::CannotTell));
    };
    let others = found[1..].iter().map(of_item).collect();
    Ok(Lookup::There(Box::new(written::kept(of_item(first), others))))
}

#[cfg(test)]
mod tests;
