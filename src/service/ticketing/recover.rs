//! Tickets that an earlier database made: it was lost, or an older copy took its place. Their keys are made of the alert, so the
//! product can be asked for them.
//!
//! How itsmc left such a ticket is not known any more. So it counts as taken by a human unless it is as it was made.

use jiff::{SignedDuration, Timestamp};

use super::carry::{Carrier, GIVE_UP, LONGEST_PAUSE, Step, is_of_the_past, reported};
use crate::model::fault::Fault;
use crate::model::ticket::{Operation, OutboxEntry, OutboxState, Ticket, TicketDraft, TicketFinding, TicketRecord};
use crate::partner::{Lookup, Repeat, TicketAt, Written};
use crate::store::{NewOperation, Outcome};

/// An alert that fired so long before its ticket is decided about was not read in time: another database may have been in use.
const LATE: SignedDuration = SignedDuration::from_mins(2);

impl Carrier<'_> {
    /// Whether a ticket that is to be opened may be there already, and a second one would be made.
    pub(super) fn may_be_there(&self, entry: &OutboxEntry, draft: &TicketDraft) -> bool {
        let is_late = draft.at.is_some_and(|at| entry.prepared_at.duration_since(at) > LATE);
        is_late && entry.attempts == 0 && self.tickets.repeat(&entry.operation) == Repeat::WhenSettled
    }

    /// Goes on with the ticket that is there, or opens it where the product shows none.
    ///
    /// # Errors
    /// The store's own.
    pub(super) async fn recover_or_open(&self, entry: &OutboxEntry, record: &TicketRecord) -> Result<Step, Fault> {
        match self.look(entry, record).await {
            Ok(Lookup::There(found)) if is_of_the_past(entry, &found.ticket) => self.taken_up(entry, *found).await,
            Ok(Lookup::There(found)) => self.end(entry, recovered(*found)).await,
            Ok(Lookup::Absent | Lookup::CannotTell(_)) => self.send(entry, record, None).await,
            Err(fault) => self.put_off(entry, fault, OutboxState::Prepared).await,
        }
    }

    /// Looks for the ticket of an alert that is over, and goes on with it. Where there is none, nothing is left of the search; where
    /// the product does not tell, it is asked again.
    ///
    /// # Errors
    /// The store's own.
    pub(super) async fn recover(
        &self,
        entry: &OutboxEntry,
        record: &TicketRecord,
        then: &Operation,
    ) -> Result<Step, Fault> {
        let found = match self.tickets.find(TicketAt { key: &entry.key, kind: record.kind, id: None }).await {
            Ok(Lookup::There(found)) => *found,
            Ok(Lookup::Absent) => {
                self.store.outbox_forgotten(entry.id).await?;
                return Ok(Step::Later(None));
            }
            Ok(Lookup::CannotTell(why)) => return self.unjudged(entry, why).await,
            Err(fault) => return self.put_off(entry, fault, OutboxState::Prepared).await,
        };
        let Ticket { state, .. } = found.ticket;
        if state.is_open() {
            let instead = Some(then.clone());
            let outcome = Outcome { instead, ..Outcome { state: OutboxState::Prepared, ..recovered(found) } };
            self.store.outbox_ended(entry.id, outcome, Timestamp::now()).await?;
            return Ok(Step::Later(None));
        }
        // The ticket that took the place of a closed one may be open.
        let (kind, operation) = (record.kind, entry.operation.clone());
        let follow = state.needs_successor().then(|| NewOperation { key: entry.key.replacement(), kind, operation });
        self.end(entry, Outcome { follow, ..recovered(found) }).await
    }

    /// Asks again later, and after a day no more: what a product cannot tell for so long it will not tell.
    async fn unjudged(&self, entry: &OutboxEntry, why: Fault) -> Result<Step, Fault> {
        let (connection, key) = (entry.key.connection.clone(), entry.key.correlation());
        let fault = Some(Fault::EarlierUnknown { connection, key, fault: Box::new(why) });
        let now = Timestamp::now();
        if now.duration_since(entry.prepared_at) > GIVE_UP {
            self.store.outbox_forgotten(entry.id).await?;
            return Ok(Step::Done(reported(entry, &Outcome { fault, ..Outcome::of(OutboxState::Unsure) })));
        }
        let not_before = now.saturating_add(LONGEST_PAUSE).ok();
        let outcome = Outcome { fault: fault.clone(), not_before, ..Outcome::of(OutboxState::Prepared) };
        self.store.outbox_ended(entry.id, outcome, now).await?;
        Ok(Step::Later(fault))
    }
}

fn recovered(found: Written) -> Outcome {
    let Written { ticket, mut findings } = found;
    findings.push(TicketFinding::Recovered);
    let taken = if ticket.state.is_open() { ticket.taken_unless_new() } else { None };
    Outcome { taken, findings, ticket: Some(ticket), ..Outcome::of(OutboxState::Confirmed) }
}
