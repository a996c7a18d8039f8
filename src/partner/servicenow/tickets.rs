//! Tickets in ServiceNow: incidents by the Table API under a `sys_id` of ours, or by the import set; events by the JSON
//! endpoint of Event Management; alerts by their table.
//!
//! That a POST takes a `sys_id` is measured (ServiceNow/PySNC test_insert_custom_guid), unless the property
//! `glide.rest.table_api.admin_only_sys_fields` is set: then the reply shows another one, and `correlation_id` tells.

mod close_code;
mod event;
mod import;
mod item;
mod listing;
mod record;
mod reference;
mod template;

use std::collections::BTreeMap;

use super::ServiceNow;
use crate::model::fault::Fault;
use crate::model::ticket::{
    Listed, Listing, Operation, TicketDraft, TicketFinding, TicketKey, TicketKind, Way, fields,
};
use crate::partner::written::{cut, line, note_mark};
use crate::partner::{BoxFuture, Lookup, Repeat, TicketAt, Tickets, Written};

pub use close_code::CloseCodes;
pub use reference::References;

/// The longest `short_description` and `description` (default dictionary).
const TITLE: usize = 160;
const TEXT: usize = 4000;
/// The longest note.
const NOTE: usize = 4000;

/// States of an incident.
const IN_PROGRESS: &str = "2";
const RESOLVED: &str = "6";

impl Tickets for ServiceNow {
    fn offers(&self, kind: TicketKind, way: Way) -> bool {
        way == Way::Table || kind == TicketKind::Incident
    }

    fn repeat(&self, operation: &Operation) -> Repeat {
        match operation {
            // An event with the key of an earlier one only updates its alert.
            Operation::Open { draft } if draft.kind == TicketKind::Event => Repeat::Harmless,
            // What a second POST with one `sys_id` does is not documented.
            Operation::Open { .. } | Operation::Note { .. } | Operation::Reopen { .. } => Repeat::WhenSettled,
            Operation::Update { .. } | Operation::Resolve { .. } | Operation::Recover { .. } => Repeat::Harmless,
        }
    }

    fn find<'a>(&'a self, at: TicketAt<'a>) -> BoxFuture<'a, Result<Lookup, Fault>> {
        Box::pin(async move {
            match at.kind {
                TicketKind::Event => event::find(self, at.key).await,
                _ => record::find(self, at).await,
            }
        })
    }

    fn open<'a>(&'a self, key: &'a TicketKey, draft: &'a TicketDraft) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(open(self, key, draft))
    }

    fn update<'a>(
        &'a self,
        at: TicketAt<'a>,
        changes: &'a BTreeMap<String, String>,
    ) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(async move {
            let fields = changes.iter().map(|(name, value)| column(name, value)).collect();
            record::change(self, at, fields).await
        })
    }

    fn note<'a>(&'a self, at: TicketAt<'a>, number: u32, text: &'a str) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(async move {
            if at.kind != TicketKind::Incident {
                return not_offered(self, at, "note").await;
            }
            let sent = [("work_notes", cut(text, NOTE)), ("correlation_display", note_mark(number))];
            record::change(self, at, named(sent)).await
        })
    }

    fn noted<'a>(&'a self, at: TicketAt<'a>, number: u32, _: &'a str) -> BoxFuture<'a, Result<Lookup, Fault>> {
        Box::pin(async move {
            if at.kind != TicketKind::Incident {
                return self.find(at).await;
            }
            Ok(record::find(self, at).await?.of_note(number))
        })
    }

    fn resolve<'a>(
        &'a self,
        at: TicketAt<'a>,
        text: &'a str,
        code: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(async move {
            match at.kind {
                TicketKind::Event => event::clear(self, at.key, text).await,
                TicketKind::Alert => record::change(self, at, named([("state", "Closed".to_owned())])).await,
                TicketKind::Incident => resolve(self, at, text, code).await,
            }
        })
    }

    fn reopen<'a>(&'a self, at: TicketAt<'a>, text: &'a str) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(async move {
            match at.kind {
                TicketKind::Event => event::again(self, at.key, text).await,
                TicketKind::Alert => record::change(self, at, named([("state", "Reopen".to_owned())])).await,
                TicketKind::Incident => {
                    let sent = named([("state", IN_PROGRESS.to_owned()), ("work_notes", cut(text, NOTE))]);
                    let written = record::change(self, at, sent).await?;
                    record::in_state(written, IN_PROGRESS)
                }
            }
        })
    }

    fn listed<'a>(&'a self, what: Listing, part: &'a str) -> BoxFuture<'a, Result<Option<Listed>, Fault>> {
        Box::pin(async move { listing::of(self, what, part).await.map(Some) })
    }
}

async fn open(partner: &ServiceNow, key: &TicketKey, draft: &TicketDraft) -> Result<Written, Fault> {
    if draft.kind == TicketKind::Event {
        return event::fire(partner, key, draft).await;
    }
    let mut findings = Vec::new();
    let mut sent = match draft.kind {
        TicketKind::Incident => incident(partner, draft, &mut findings).await?,
        _ => alert(key, draft),
    };
    if draft.way == Way::ImportSet {
        sent.insert("correlation_id".to_owned(), key.correlation());
        let mut written = import::insert(partner, key, &sent).await?;
        written.findings.splice(0..0, findings);
        return Ok(written);
    }
    let mut written = record::insert(partner, key, draft.kind, sent).await?;
    written.findings.splice(0..0, findings);
    Ok(written)
}

/// The columns of an incident: what the alert says, then the template, then what the rule says.
async fn incident(
    partner: &ServiceNow,
    draft: &TicketDraft,
    findings: &mut Vec<TicketFinding>,
) -> Result<BTreeMap<String, String>, Fault> {
    let mut sent =
        named([("short_description", line(&draft.title, TITLE)), ("description", cut(&draft.description, TEXT))]);
    let scale = [("impact", draft.impact), ("urgency", draft.urgency)];
    sent.extend(scale.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.to_string()))));
    if let Some(wanted) = &draft.template {
        let (template, left_out) = template::of(partner, wanted).await?;
        sent.extend(template);
        if !left_out.is_empty() {
            findings.push(TicketFinding::TemplateParts { template: wanted.clone(), left_out });
        }
    }
    for (column, wanted) in [("assignment_group", &draft.group), ("caller_id", &draft.caller)] {
        let Some(wanted) = wanted else { continue };
        match reference::resolve(partner, column, wanted).await? {
            Ok(id) => drop(sent.insert(column.to_owned(), id)),
            Err(finding) => findings.push(finding),
        }
    }
    if let Some(hint) = &draft.item {
        let (id, found) = item::of(partner, hint).await;
        findings.extend(found);
        sent.extend(id.map(|id| ("cmdb_ci".to_owned(), id)));
    }
    sent.extend(draft.fields.clone());
    Ok(sent)
}

/// The columns of an alert of Event Management.
fn alert(key: &TicketKey, draft: &TicketDraft) -> BTreeMap<String, String> {
    let mut sent = named([
        ("message_key", key.correlation()),
        ("source", event::SOURCE.to_owned()),
        ("description", cut(&draft.description, TEXT)),
        ("severity", event::severity(draft.severity).to_owned()),
        ("node", draft.item.as_ref().map(|item| item.name.clone()).unwrap_or_default()),
    ]);
    sent.extend(draft.fields.clone());
    sent
}

async fn resolve(partner: &ServiceNow, at: TicketAt<'_>, text: &str, code: Option<&str>) -> Result<Written, Fault> {
    let (code, finding) = close_code::choose(partner, code).await?;
    let mut sent = named([("state", RESOLVED.to_owned()), ("close_notes", cut(text, NOTE))]);
    sent.extend(code.map(|code| ("close_code".to_owned(), code)));
    let mut written = record::in_state(record::change(partner, at, sent).await?, RESOLVED)?;
    written.findings.extend(finding);
    Ok(written)
}

/// What a kind of ticket has no place for: the ticket is shown as it is.
async fn not_offered(partner: &ServiceNow, at: TicketAt<'_>, operation: &str) -> Result<Written, Fault> {
    match partner.find(at).await? {
        Lookup::There(mut found) => {
            found.findings.push(TicketFinding::NotOffered { operation: operation.to_owned() });
            Ok(*found)
        }
        Lookup::Absent => Err(Fault::NotFound { what: at.key.correlation() }),
        Lookup::CannotTell(fault) => Err(fault),
    }
}

/// A change by the names that mean the same everywhere, or by the product's own.
fn column(name: &str, value: &str) -> (String, String) {
    match name {
        fields::TITLE => ("short_description".to_owned(), line(value, TITLE)),
        fields::DESCRIPTION => ("description".to_owned(), cut(value, TEXT)),
        _ => (name.to_owned(), value.to_owned()),
    }
}

fn named<const N: usize>(fields: [(&str, String); N]) -> BTreeMap<String, String> {
    fields.map(|(name, value)| (name.to_owned(), value)).into()
}

#[cfg(test)]
mod tests;
