//! Tickets as records of the business object of incidents (`savebusinessobject`).
//!
//! Saving twice makes two records, and no id of ours is taken. So each record bears our key: in a field that the admin's
//! mapping names for `correlation_id`, else as a mark at the beginning of its title. It is searched for before anything is saved
//! again.

mod fields;
mod item;
mod read;
mod save;

use std::collections::BTreeMap;

use super::Cherwell;
use crate::model::fault::Fault;
use crate::model::ticket::{Operation, TicketDraft, TicketFinding, TicketKey, TicketKind, Way, fields as named};
use crate::partner::written::{has_note, line, note_mark};
use crate::partner::{BoxFuture, Lookup, Repeat, TicketAt, Tickets, Written};
pub use fields::Fields;
pub use item::{COMPUTERS, Items};

/// The state of a record whose alert is over, and of one that fires again.
const RESOLVED: &str = "Resolved";
const REOPENED: [&str; 2] = ["Reopened", "In Progress"];

impl Tickets for Cherwell {
    fn offers(&self, kind: TicketKind, way: Way) -> bool {
        kind == TicketKind::Incident && way == Way::Table
    }

    fn repeat(&self, operation: &Operation) -> Repeat {
        match operation {
            Operation::Open { .. } => Repeat::WhenSettled,
            // Each writes whole fields, made of what the record holds.
            _ => Repeat::Harmless,
        }
    }

    fn doubles_items(&self) -> bool {
        self.connection.create_configuration_items
    }

    fn find<'a>(&'a self, at: TicketAt<'a>) -> BoxFuture<'a, Result<Lookup, Fault>> {
        Box::pin(async move {
            let fields = self.ticket_fields().await?;
            match at.id {
                Some(id) => Ok(match read::one(self, fields, id).await? {
                    Some(record) => Lookup::There(Box::new(read::ticket(self, fields, &record))),
                    None => Lookup::Absent,
                }),
                None => read::by_key(self, fields, at.key).await,
            }
        })
    }

    fn open<'a>(&'a self, key: &'a TicketKey, draft: &'a TicketDraft) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(open(self, key, draft))
    }

    fn complete<'a>(&'a self, found: Written, draft: &'a TicketDraft) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(completed(self, draft, found))
    }

    fn update<'a>(
        &'a self,
        at: TicketAt<'a>,
        changes: &'a BTreeMap<String, String>,
    ) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(async move {
            let fields = self.ticket_fields().await?;
            let mut values = BTreeMap::new();
            for (name, value) in changes {
                let value = if name == named::TITLE { fields.title(value, at.key) } else { value.clone() };
                values.insert(fields.name_of(name), value);
            }
            save::changed(self, fields, at, values).await
        })
    }

    fn note<'a>(&'a self, at: TicketAt<'a>, number: u32, text: &'a str) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(note(self, at, number, text))
    }

    fn noted<'a>(&'a self, at: TicketAt<'a>, number: u32, _: &'a str) -> BoxFuture<'a, Result<Lookup, Fault>> {
        Box::pin(async move {
            let fields = self.ticket_fields().await?;
            let id = at.id.ok_or_else(|| Fault::NotFound { what: at.key.correlation() })?;
            let record = read::one(self, fields, id).await?;
            let name = fields.notes();
            let noted = record.filter(|record| record.value(&name).is_some_and(|text| has_note(text, number)));
            Ok(noted.map_or(Lookup::Absent, |record| Lookup::There(Box::new(read::ticket(self, fields, &record)))))
        })
    }

    fn resolve<'a>(
        &'a self,
        at: TicketAt<'a>,
        text: &'a str,
        _: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(async move {
            let fields = self.ticket_fields().await?;
            let mut values = BTreeMap::from([(fields.name_of("state"), RESOLVED.to_owned())]);
            if fields.has(&fields.name_of("close_notes")) {
                values.insert(fields.name_of("close_notes"), text.to_owned());
            }
            in_state(save::changed(self, fields, at, values).await?, &[RESOLVED])
        })
    }

    fn reopen<'a>(&'a self, at: TicketAt<'a>, _: &'a str) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(async move {
            let fields = self.ticket_fields().await?;
            let state = REOPENED.into_iter().find(|state| fields.has_state(state)).unwrap_or(REOPENED[1]);
            let values = BTreeMap::from([(fields.name_of("state"), state.to_owned())]);
            in_state(save::changed(self, fields, at, values).await?, &[state])
        })
    }
}

impl Cherwell {
    async fn ticket_fields(&self) -> Result<&Fields, Fault> {
        self.ticket_fields.get_or_try_init(|| fields::read(self)).await
    }
}

fn in_state(written: Written, states: &[&str]) -> Result<Written, Fault> {
    if states.iter().any(|state| written.ticket.raw_state.eq_ignore_ascii_case(state)) {
        return Ok(written);
    }
    Err(Fault::NotApplied { what: written.ticket.number, detail: written.ticket.raw_state })
}

async fn open(partner: &Cherwell, key: &TicketKey, draft: &TicketDraft) -> Result<Written, Fault> {
    let fields = partner.ticket_fields().await?;
    let mut values = BTreeMap::from([
        (fields.name_of(named::TITLE), fields.title(&draft.title, key)),
        (fields.name_of(named::DESCRIPTION), draft.description.clone()),
    ]);
    for (name, value) in [(named::IMPACT, draft.impact), (named::URGENCY, draft.urgency)] {
        values.extend(value.map(|value| (fields.name_of(name), value.to_string())));
    }
    let references = [("assignment_group", &draft.group), ("caller", &draft.caller)];
    for (name, wanted) in references {
        values.extend(wanted.as_ref().map(|wanted| (fields.name_of(name), wanted.name.clone())));
    }
    if let Some(item) = &draft.item {
        values.insert(fields.name_of("configuration_item"), line(&item.name, 100));
    }
    values.extend(draft.fields.iter().map(|(name, value)| (fields.name_of(name), value.clone())));
    if let Some(name) = &fields.key {
        values.insert(name.clone(), key.correlation());
    }
    let mut written = save::new(partner, fields, values).await?;
    if let Some(template) = &draft.template {
        let left_out = vec!["*".to_owned()];
        written.findings.push(TicketFinding::TemplateParts { template: template.clone(), left_out });
    }
    Ok(written)
}

/// The ticket with its configuration item.
async fn completed(partner: &Cherwell, draft: &TicketDraft, mut written: Written) -> Result<Written, Fault> {
    if let Some(hint) = &draft.item {
        let fields = partner.ticket_fields().await?;
        written.findings.extend(item::link(partner, fields, &written.ticket.id, hint).await);
    }
    Ok(written)
}

/// A note is added at the end of the field for notes, under its mark. What stands there is read right before, so that a note
/// which is there already is not added again. Where that field is the description, people write there as well, and what one saves
/// between the two requests is lost: no request takes a condition.
async fn note(partner: &Cherwell, at: TicketAt<'_>, number: u32, text: &str) -> Result<Written, Fault> {
    let fields = partner.ticket_fields().await?;
    let id = at.id.ok_or_else(|| Fault::NotFound { what: at.key.correlation() })?;
    let record = read::one(partner, fields, id).await?.ok_or_else(|| Fault::NotFound { what: id.to_owned() })?;
    let name = fields.notes();
    let before = record.value(&name).unwrap_or_default().to_owned();
    if has_note(&before, number) {
        return Ok(read::ticket(partner, fields, &record));
    }
    let before = before.trim_end();
    let gap = if before.is_empty() { "" } else { "\n\n" };
    let after = format!("{before}{gap}{}\n{text}", note_mark(number));
    save::changed(partner, fields, at, BTreeMap::from([(name, after)])).await
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
