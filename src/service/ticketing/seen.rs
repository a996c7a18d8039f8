//! Whether the tickets of alerts that still fire are there: nothing else notices that one is gone before its alert changes.

use jiff::Timestamp;

use super::carry::Carrier;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::partner::{Lookup, TicketAt};
use crate::store::Looked;

/// So many tickets are looked for in one run.
const PORTION: usize = 50;

impl Carrier<'_> {
    /// Looks for the tickets of fired alerts that the product did not show for a day, or that a sweep did not find. What is gone
    /// is noted as such; whether somebody deleted it on purpose only an admin knows.
    ///
    /// # Errors
    /// The store's own. A product that cannot be asked is asked again by a later run.
    pub async fn look_after(&self, connection: &ConnectionName) -> Result<(), Fault> {
        let due = self.store.tickets_to_look_for(connection, Timestamp::now(), PORTION).await?;
        let mut failed = false;
        for record in due.into_iter().filter(|record| record.key.is_at(&self.instance)) {
            let id = record.ticket.as_ref().map(|ticket| ticket.id.as_str());
            let at = TicketAt { key: &record.key, kind: record.kind, id };
            let looked = if failed { Looked::Failed } else { self.looked(at).await };
            failed |= looked == Looked::Failed;
            self.store.ticket_looked(&record.key.id(), looked, Timestamp::now()).await?;
        }
        Ok(())
    }

    async fn looked(&self, at: TicketAt<'_>) -> Looked {
        match self.tickets.find(at).await {
            Ok(Lookup::There(_)) => Looked::There,
            Ok(Lookup::Absent) => Looked::Gone,
            Ok(Lookup::CannotTell(_)) => Looked::CannotTell,
            Err(fault) => {
                tracing::warn!(%fault, "a ticket could not be looked for");
                Looked::Failed
            }
        }
    }
}
