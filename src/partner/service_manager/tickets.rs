//! Tickets through the web app: by what its own description of itself offers, and nothing else.
//!
//! It takes no id of ours, so the title bears our mark. The lists are cached (`app:CacheTimeout`), so a mark that is not
//! found proves nothing before the cache has been renewed.

mod routes;

use std::collections::BTreeMap;

use serde_json::Value as Json;
use zeroize::Zeroizing;

use super::names::{normal, synonyms};
use super::{CACHE_MARGIN, ServiceManager, errors};
use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::model::sweep::Found;
use crate::model::sync::{PageRequest, Window};
use crate::model::ticket::{
    Operation, Ticket, TicketDraft, TicketFinding, TicketKey, TicketKind, TicketState, Way, fields as named,
};
use crate::model::work_item::{WorkItem, WorkItemKind};
use crate::net::http::{Call, SMALL_LIMIT_BYTES};
use crate::partner::written::{cut, line};
use crate::partner::{BoxFuture, Lookup, Repeat, Sweep as _, TicketAt, Tickets, Written};
pub use routes::Routes;
use routes::{Route, Values};

/// The longest title (`System.WorkItem`, `Title`).
const TITLE: usize = 200;
const TEXT: usize = 4000;
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
            Operation::Open { .. } | Operation::Note { .. } => Repeat::After(CACHE_MARGIN),
            _ => Repeat::Harmless,
        }
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
            change(self, at, routes.update.as_ref(), values, "update").await
        })
    }

    fn note<'a>(&'a self, at: TicketAt<'a>, _: u32, text: &'a str) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(async move {
            let routes = self.ticket_routes().await?;
            let mut values = Values::default();
            values.set("note", &cut(text, TEXT));
            change(self, at, routes.note.as_ref(), values, "note").await
        })
    }

    fn noted<'a>(&'a self, _: TicketAt<'a>, number: u32) -> BoxFuture<'a, Result<Lookup, Fault>> {
        Box::pin(async move {
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
            change(self, at, route, values, "resolve").await
        })
    }

    fn reopen<'a>(&'a self, at: TicketAt<'a>, _: &'a str) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(async move {
            let routes = self.ticket_routes().await?;
            let mut values = Values::default();
            values.set("state", "Active");
            change(self, at, routes.update.as_ref(), values, "reopen").await
        })
    }
}

impl ServiceManager {
    async fn ticket_routes(&self) -> Result<&Routes, Fault> {
        self.ticket_routes.get_or_try_init(|| routes::read(self)).await
    }
}

/// A title with our mark at its end.
fn marked(title: &str, key: &TicketKey) -> String {
    let mark = key.marker();
    format!("{} {mark}", line(title, TITLE - mark.len() - 1))
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
    let row = send(partner, route, None, &values).await?;
    let ticket = row.as_ref().and_then(made);
    match ticket {
        Some(ticket) => Ok(Written { ticket, findings: dropped(route, &values) }),
        // It may be there: the mark tells.
        None => Err(Fault::Malformed { what: route.shown(), detail: "no work item in the reply".to_owned() }),
    }
}

/// Changes a work item by a route; without one, the work item stays as it is and the finding says so.
async fn change(
    partner: &ServiceManager,
    at: TicketAt<'_>,
    route: Option<&Route>,
    values: Values,
    operation: &str,
) -> Result<Written, Fault> {
    let id = at.id.ok_or_else(|| Fault::NotFound { what: at.key.correlation() })?;
    let Some(route) = route else {
        let mut shown = seen(by_id(partner, id).await?, id)?;
        shown.findings.push(TicketFinding::NotOffered { operation: operation.to_owned() });
        return Ok(shown);
    };
    let row = send(partner, route, Some(id), &values).await?;
    let ticket = row.as_ref().and_then(made);
    let mut written = match ticket {
        Some(ticket) => Written { ticket, findings: Vec::new() },
        None => seen(by_id(partner, id).await.map_err(Fault::after_write)?, id)?,
    };
    written.findings.extend(dropped(route, &values));
    Ok(written)
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

async fn send(
    partner: &ServiceManager,
    route: &Route,
    id: Option<&str>,
    values: &Values,
) -> Result<Option<Json>, Fault> {
    let (path, body) = route.call(id, values);
    let call = Call { body: Some(Zeroizing::new(body.to_string())), ..Call::new(route.method(), path) };
    let reply = partner.session.send(call, SMALL_LIMIT_BYTES).await?;
    if matches!(reply.status, 201 | 204) || (reply.status == 200 && reply.body.trim_ascii().is_empty()) {
        return Ok(serde_json::from_slice(&reply.body).ok());
    }
    let reply = errors::check(reply, &route.shown())?;
    serde_json::from_slice(&reply.body)
        .map(Some)
        .map_err(|error| Fault::Malformed { what: route.shown(), detail: clean(&error.to_string(), false) })
}

/// The work item in a reply: an object with an id, perhaps inside another one.
fn made(reply: &Json) -> Option<Ticket> {
    let row = [reply, &reply["result"], &reply["data"], &reply["item"], &reply["workItem"], &reply[0]];
    row.into_iter().find_map(|row| ticket_of(row.as_object()?))
}

fn ticket_of(row: &serde_json::Map<String, Json>) -> Option<Ticket> {
    let value = |attribute: &str, own: &str| {
        let names = std::iter::once(own).chain(synonyms(attribute).iter().copied());
        names.filter_map(|name| row.iter().find(|(key, _)| normal(key) == name)).find_map(|(_, value)| text(value))
    };
    let number = value("number", "id");
    let id = value("id", "baseid").or_else(|| number.clone())?;
    let raw_state = value("state", "status").unwrap_or_default();
    Some(ticket(id, number.unwrap_or_default(), raw_state, None, None))
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
        changed_at,
        noted: None,
        url: None,
    }
}

fn of_item(item: &WorkItem) -> Written {
    let field =
        |name: &str| item.fields.iter().find(|(key, _)| **key == *name).map(|(_, value)| value.shown().to_owned());
    let assigned = field("assigned_to").filter(|text| !text.is_empty());
    let (id, number) = (item.source_id.clone(), item.number.clone());
    let shown = ticket(id, number, item.state.shown().to_owned(), assigned, Some(item.updated_at));
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
    let (mut after, mut found) = (None, Vec::<WorkItem>::new());
    for _ in 0..MOST_PAGES {
        let kind = WorkItemKind::Incident;
        let request = PageRequest { kind, window, after, offset: 0, limit: PAGE, count: true, lean: false };
        let page = match partner.page_of(&request).await {
            // A web app whose lists cannot be read proves nothing.
            Err(fault @ (Fault::NotBound { .. } | Fault::OutOfOrder { .. })) => return Ok(Lookup::CannotTell(fault)),
            page => page?,
        };
        after = page.items.last().map(WorkItem::cursor);
        found.extend(page.items.into_iter().filter(|item| item.title.contains(&mark)));
        if after.is_none() {
            break;
        }
    }
    found.sort_by(|one, other| (one.opened_at, &one.number).cmp(&(other.opened_at, &other.number)));
    found.dedup_by(|one, other| one.source_id == other.source_id);
    let Some(first) = found.first() else { return Ok(Lookup::Absent) };
    let mut written = of_item(first);
    let others: Vec<_> = found[1..].iter().map(|item| item.number.clone()).collect();
    if !others.is_empty() {
        written.findings.push(TicketFinding::Doubled { kept: written.ticket.number.clone(), others });
    }
    Ok(Lookup::There(Box::new(written)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_known_by_display_name_and_by_enumeration() {
        for (raw, expected) in [
            ("Active", TicketState::New),
            ("IncidentStatusEnum.Resolved", TicketState::Resolved),
            ("Pending", TicketState::InProgress),
            ("Closed", TicketState::Closed),
            ("", TicketState::Unknown),
        ] {
            assert_eq!(state(raw), expected, "{raw}");
        }
    }

    #[test]
    fn the_title_bears_the_mark_whatever_its_length() {
        let key = TicketKey {
            instance: "i".into(),
            connection: "c".into(),
            subject: crate::model::ticket::Subject::Alert("a".into()),
            item: None,
            generation: 0,
        };
        let title = marked(&"x".repeat(500), &key);
        assert!(title.ends_with(&key.marker()) && title.chars().count() == TITLE, "{title}");
    }
}
