//! Tickets as rows of Dataverse, each under a GUID of ours: `PATCH` with `If-None-Match: *` creates only, and answers 412 if
//! the row is there (Microsoft, perform-conditional-operations-using-web-api). So nothing is made twice, notes included.

mod body;
pub(super) mod item;
mod listing;
mod lookup;
mod read;

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};
use zeroize::Zeroizing;

use super::bind::Bound;
use super::{Provance, errors, query};
use crate::model::azure_id::guid_of;
use crate::model::fault::Fault;
use crate::model::ticket::{Listed, Listing, Operation, TicketDraft, TicketFinding, TicketKey, TicketKind, Way};
use crate::model::work_item::WorkItemKind;
use crate::net::http::{Call, Method, Reply, SMALL_LIMIT_BYTES};
use crate::partner::written::note_mark;
use crate::partner::{BoxFuture, Lookup, Repeat, TicketAt, Tickets, Written};
use body::Body;

/// The table of cases, which has an order of its own to resolve one.
const CASE: &str = "incident";
/// The case is resolved already (`CloseIncident`).
const RESOLVED_ALREADY: &str = "0x800404cf";

impl Tickets for Provance {
    fn offers(&self, kind: TicketKind, way: Way) -> bool {
        kind == TicketKind::Incident && way == Way::Table
    }

    fn repeat(&self, _: &Operation) -> Repeat {
        Repeat::Harmless
    }

    fn find<'a>(&'a self, at: TicketAt<'a>) -> BoxFuture<'a, Result<Lookup, Fault>> {
        Box::pin(async move {
            let bound = self.bound(WorkItemKind::Incident).await?;
            Ok(match read::row(self, &bound, &id_of(at), &[]).await? {
                Some(row) => Lookup::There(Box::new(read::ticket(self, &bound, &row))),
                None => Lookup::Absent,
            })
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
            let bound = self.bound(WorkItemKind::Incident).await?;
            let mut body = Body::of(self, &bound).await?;
            for (name, value) in fields {
                body.named(name, value);
            }
            change(self, &bound, at, body).await
        })
    }

    fn note<'a>(&'a self, at: TicketAt<'a>, number: u32, text: &'a str) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(async move {
            let bound = self.bound(WorkItemKind::Incident).await?;
            let (table, set) = (&bound.spec.source, &bound.set);
            let row = json!({
                "subject": note_mark(number),
                "notetext": text,
                format!("objectid_{table}@odata.bind"): format!("/{set}({})", id_of(at)),
            });
            let id = note_id(at.key, number, text);
            if let Some(refused) = create(self, "annotations", &id, &row).await?
                && let Lookup::Absent = self.noted(at, number, text).await.map_err(Fault::after_write)?
            {
                return Err(not_there(Some(refused), "annotations", id));
            }
            shown(self, &bound, &id_of(at)).await
        })
    }

    fn noted<'a>(&'a self, at: TicketAt<'a>, number: u32, text: &'a str) -> BoxFuture<'a, Result<Lookup, Fault>> {
        Box::pin(async move {
            let path = format!("{}annotations({})?$select=annotationid", query::API, note_id(at.key, number, text));
            match get(self, &path, "annotations").await? {
                Some(_) => self.find(at).await,
                None => Ok(Lookup::Absent),
            }
        })
    }

    fn resolve<'a>(
        &'a self,
        at: TicketAt<'a>,
        text: &'a str,
        _: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(resolve(self, at, text))
    }

    fn reopen<'a>(&'a self, at: TicketAt<'a>, _: &'a str) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(async move {
            let bound = self.bound(WorkItemKind::Incident).await?;
            let body = json!({ "statecode": 0, "statuscode": 1 });
            send(self, &bound, at, &body).await?;
            in_state(shown(self, &bound, &id_of(at)).await?, true)
        })
    }

    fn listed<'a>(&'a self, what: Listing, part: &'a str) -> BoxFuture<'a, Result<Option<Listed>, Fault>> {
        Box::pin(listing::of(self, what, part))
    }
}

/// The row's id: that of the key.
fn id_of(at: TicketAt<'_>) -> String {
    at.id.map_or_else(|| at.key.guid(), str::to_owned)
}

/// The text is part of it: a note of this number that an earlier database wrote is another one.
fn note_id(key: &TicketKey, number: u32, text: &str) -> String {
    guid_of(&format!("{}|note|{number}|{text}", key.guid()))
}

async fn open(partner: &Provance, key: &TicketKey, draft: &TicketDraft) -> Result<Written, Fault> {
    let bound = partner.bound(WorkItemKind::Incident).await?;
    let mut body = Body::of(partner, &bound).await?;
    body.draft(draft);
    let mut findings = lookup::references(partner, &bound, draft, &mut body).await?;
    if let Some(template) = &draft.template {
        let left_out = vec!["*".to_owned()];
        findings.push(TicketFinding::TemplateParts { template: template.clone(), left_out });
    }
    let id = key.guid();
    let refused = create(partner, &bound.set, &id, &body.json()).await?;
    findings.extend(body.left_out());
    let row = read::row(partner, &bound, &id, &body.columns()).await.map_err(Fault::after_write)?;
    let Some(row) = row else { return Err(not_there(refused, &bound.spec.source, id)) };
    findings.extend(body.dropped(&row));
    let mut written = read::ticket(partner, &bound, &row);
    written.findings = findings;
    Ok(written)
}

async fn change(partner: &Provance, bound: &Bound, at: TicketAt<'_>, body: Body) -> Result<Written, Fault> {
    send(partner, bound, at, &body.json()).await?;
    let row = read::row(partner, bound, &id_of(at), &body.columns()).await.map_err(Fault::after_write)?;
    let row = row.ok_or_else(|| Fault::NotFound { what: id_of(at) })?;
    let mut written = read::ticket(partner, bound, &row);
    written.findings.extend(body.left_out());
    written.findings.extend(body.dropped(&row));
    Ok(written)
}

/// Resolves a case by its own order, any other row by its state. What the order answers to a second one is a success once
/// the row was read.
async fn resolve(partner: &Provance, at: TicketAt<'_>, text: &str) -> Result<Written, Fault> {
    let bound = partner.bound(WorkItemKind::Incident).await?;
    let id = id_of(at);
    if bound.spec.source != CASE {
        send(partner, &bound, at, &json!({ "statecode": 1 })).await?;
        return in_state(shown(partner, &bound, &id).await?, false);
    }
    let order = json!({
        "IncidentResolution": {
            "@odata.type": "Microsoft.Dynamics.CRM.incidentresolution",
            "subject": crate::partner::written::line(text, 200),
            "description": text,
            "incidentid@odata.bind": format!("/incidents({id})"),
        },
        "Status": 5,
    });
    let call = call(Method::POST, "CloseIncident", None, &order);
    match accepted(partner.session.send(call, SMALL_LIMIT_BYTES).await?, "CloseIncident") {
        Ok(_) => {}
        Err(Fault::PartnerError { detail, .. }) if detail.eq_ignore_ascii_case(RESOLVED_ALREADY) => {}
        Err(fault) => return Err(fault),
    }
    in_state(shown(partner, &bound, &id).await?, false)
}

/// A ticket that is open, or not, as it was to be.
fn in_state(written: Written, open: bool) -> Result<Written, Fault> {
    if written.ticket.state.is_open() == open {
        return Ok(written);
    }
    let detail = format!("statecode {}", written.ticket.raw_state);
    Err(Fault::NotApplied { what: written.ticket.number, detail })
}

/// The ticket after a write.
async fn shown(partner: &Provance, bound: &Bound, id: &str) -> Result<Written, Fault> {
    let row = read::row(partner, bound, id, &[]).await.map_err(Fault::after_write)?;
    let row = row.ok_or_else(|| Fault::NotFound { what: id.to_owned() })?;
    Ok(read::ticket(partner, bound, &row))
}

/// Makes a row under this id. One that is there already is as good; a rule of the environment that finds duplicates refuses
/// with the same status, so that reply is given.
async fn create(partner: &Provance, set: &str, id: &str, row: &Json) -> Result<Option<Reply>, Fault> {
    let call = call(Method::PATCH, &format!("{set}({id})"), Some(("if-none-match", "*")), row);
    let reply = partner.session.send(call, SMALL_LIMIT_BYTES).await?;
    if reply.status == 412 {
        return Ok(Some(reply));
    }
    accepted(reply, set).map(|_| None)
}

/// Why a row is not there that was made or was said to be there.
fn not_there(refused: Option<Reply>, what: &str, id: String) -> Fault {
    let refusal = refused.and_then(|reply| errors::check(reply, what).err());
    refusal.unwrap_or_else(|| Fault::NotApplied { what: what.to_owned(), detail: id })
}

/// Changes a row that is there.
async fn send(partner: &Provance, bound: &Bound, at: TicketAt<'_>, row: &Json) -> Result<(), Fault> {
    let call = call(Method::PATCH, &format!("{}({})", bound.set, id_of(at)), Some(("if-match", "*")), row);
    accepted(partner.session.send(call, SMALL_LIMIT_BYTES).await?, &bound.spec.source).map(drop)
}

/// Fetches one row; `None` if there is none.
async fn get(partner: &Provance, path: &str, what: &str) -> Result<Option<Map<String, Json>>, Fault> {
    let annotated = "odata.include-annotations=\"OData.Community.Display.V1.FormattedValue\"".to_owned();
    let reply = partner.session.send(query::call(path, Some(annotated)), SMALL_LIMIT_BYTES).await?;
    if reply.status == 404 && reply.is_json() {
        return Ok(None);
    }
    let reply = errors::check(reply, what)?;
    let malformed = |_| Fault::Malformed { what: what.to_owned(), detail: "no row".to_owned() };
    serde_json::from_slice(&reply.body).map(Some).map_err(malformed)
}

fn call(method: Method, path: &str, condition: Option<(&'static str, &str)>, body: &Json) -> Call {
    let mut headers = vec![("odata-maxversion", "4.0".to_owned()), ("odata-version", "4.0".to_owned())];
    headers.extend(condition.map(|(name, value)| (name, value.to_owned())));
    let body = Some(Zeroizing::new(body.to_string()));
    Call { headers, body, ..Call::new(method, format!("{}{path}", query::API)) }
}

/// The reply to a write, if it says success.
fn accepted(reply: Reply, what: &str) -> Result<Reply, Fault> {
    if matches!(reply.status, 200 | 201 | 204) { Ok(reply) } else { errors::check(reply, what) }
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
