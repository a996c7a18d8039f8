//! Whether the product shows what was sent.

use jiff::Timestamp;

use super::carry::{CLOCKS, Carrier, done};
use crate::model::connection::ConnectionName;
use crate::model::fault::{Fault, Retry};
use crate::model::sync::{PageRequest, Window};
use crate::model::ticket::{MARK, Operation, OutboxEntry, TicketDraft, TicketRecord};
use crate::model::work_item::{WorkItem, WorkItemKind};
use crate::partner::{Lookup, Repeat, TicketAt};

/// So many pages of work items are looked through for one without a key, and so many stand in one.
const PAGES: usize = 20;
const PAGE: u32 = 500;

/// So many characters of a title or text make two alike.
const ALIKE: usize = 120;

impl Carrier<'_> {
    /// Looks for what an operation was to do; [`Lookup::Absent`] where the product shows that it was not done.
    ///
    /// # Errors
    /// Why the product could not be asked.
    pub(super) async fn look(&self, entry: &OutboxEntry, record: &TicketRecord) -> Result<Lookup, Fault> {
        let id = record.ticket.as_ref().map(|ticket| ticket.id.as_str());
        let at = TicketAt { key: &entry.key, kind: record.kind, id };
        let found = match &entry.operation {
            Operation::Open { .. } => return self.look_for_new(entry, TicketAt { id: None, ..at }).await,
            Operation::Note { number, text, .. } => return self.tickets.noted(at, *number, text).await,
            // Sent again it does no harm, or it is never sent.
            Operation::Update { .. } | Operation::Recover { .. } => return Ok(Lookup::Absent),
            Operation::Resolve { .. } | Operation::Reopen { .. } => self.tickets.find(at).await?,
        };
        let Lookup::There(found) = found else { return Ok(found) };
        let shown = done(&entry.operation, found.ticket.state) && !self.is_stale(record, &found.ticket);
        Ok(if shown { Lookup::There(found) } else { Lookup::Absent })
    }

    /// Looks for a ticket that was to be opened. An admin who has it tried again has looked, and knows that it is not there.
    async fn look_for_new(&self, entry: &OutboxEntry, at: TicketAt<'_>) -> Result<Lookup, Fault> {
        let found = self.tickets.find(at).await?;
        let is_ours = || ConnectionName::listed(&entry.key.connection);
        if let (Lookup::Absent, true, Ok(name)) = (&found, entry.attempts > 0, is_ours())
            && self.store.keeps_no_key(&name).await?
        {
            return Ok(Lookup::CannotTell(unproven(entry, "correlation_id".to_owned())));
        }
        let Operation::Open { draft } = &entry.operation else { return Ok(found) };
        let may_double = self.tickets.repeat(&entry.operation) == Repeat::WhenSettled;
        if found == Lookup::Absent
            && entry.attempts > 0
            && may_double
            && let Some(number) = self.unmarked(entry, draft).await?
        {
            return Ok(Lookup::CannotTell(unproven(entry, number)));
        }
        Ok(found)
    }

    /// The number of a work item that may be the one which was to be opened, without anything of its key: the product made it after
    /// the request was stored, with its title or text, and it is no ticket that is known. Whether a product keeps keys shows only
    /// with the first ticket, and its reply may be lost.
    async fn unmarked(&self, entry: &OutboxEntry, draft: &TicketDraft) -> Result<Option<String>, Fault> {
        let since = entry.prepared_at.saturating_sub(CLOCKS).unwrap_or(Timestamp::MIN);
        let (kind, window, mut after) = (WorkItemKind::Incident, Window { from: since, before: None }, None);
        for _ in 0..PAGES {
            let request = PageRequest { kind, window, after, offset: 0, limit: PAGE, count: true, lean: false };
            let page = match self.partner.page(&request).await {
                Ok(page) => page,
                // Nothing is known of what cannot be read.
                Err(fault) if fault.retry() == Retry::No => return Ok(None),
                Err(fault) => return Err(fault),
            };
            after = page.items.last().map(WorkItem::cursor);
            for item in page.items.iter().filter(|item| is_alike(item, draft, since)) {
                if !self.store.is_ticket(&entry.key.connection, &item.source_id).await? {
                    return Ok(Some(item.number.clone()));
                }
            }
            if after.is_none() {
                break;
            }
        }
        Ok(None)
    }
}

fn unproven(entry: &OutboxEntry, alike: String) -> Fault {
    Fault::TicketUnproven { key: entry.key.correlation(), mark: entry.key.marker(), alike }
}

/// Whether a work item may be the ticket of a draft: made since then, with its title or its text as far as products keep them, and
/// not under the key of another alert.
fn is_alike(item: &WorkItem, draft: &TicketDraft, since: Timestamp) -> bool {
    let begins = |shown: &str, sent: &str| {
        let bare = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let sent: String = bare(sent).chars().take(ALIKE).collect();
        !sent.is_empty() && bare(shown).starts_with(&sent)
    };
    let text = item.fields.get("description").map(|field| field.shown().text().into_owned()).unwrap_or_default();
    item.opened_at.is_none_or(|at| at >= since)
        && !item.title.starts_with(MARK)
        && (begins(&item.title, &draft.title) || begins(&text, &draft.description))
}
