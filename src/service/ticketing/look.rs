//! Whether the product shows what was sent.

use super::carry::{Carrier, done};
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::ticket::{Operation, OutboxEntry, TicketRecord};
use crate::partner::{Lookup, TicketAt};

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
            Operation::Note { number, .. } => return self.tickets.noted(at, *number).await,
            // Sent again it does no harm.
            Operation::Update { .. } => return Ok(Lookup::Absent),
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
            let what = format!("{} (correlation_id)", entry.key.correlation());
            return Ok(Lookup::CannotTell(Fault::NotBound { what, detail: String::new() }));
        }
        Ok(found)
    }
}
