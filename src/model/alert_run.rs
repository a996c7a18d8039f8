//! What passes over alerts bring, beside a program that stays open.

use super::fault::Fault;

/// What one pass over a source brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Polled {
    /// Requests that were made.
    pub requests: u64,
    /// Alerts that were not known.
    pub new: u64,
    /// Alerts of which something changed.
    pub changed: u64,
}

/// What was decided after a pass, and written to the products.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Followed {
    /// How many alerts were decided about.
    pub decided: u64,
    /// Why the rules in the file were not used.
    pub rules_fault: Option<Fault>,
    /// What kept tickets from being written, or alerts from being acknowledged, altogether. What was done before stands.
    pub fault: Option<Fault>,
    /// Another itsmc decides about the alerts now.
    pub busy: bool,
    /// What was written, by connection.
    pub tickets: Vec<Written>,
    /// The sources whose alerts could not all be acknowledged in Azure, each with how many wait, and why.
    pub unacknowledged: Vec<(String, u64, Fault)>,
}

/// What a run of the outbox of one connection wrote.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Written {
    /// The connection.
    pub connection: String,
    /// Tickets that were opened.
    pub opened: u64,
    /// Operations that the product shows now.
    pub confirmed: u64,
    /// Operations that the product refused.
    pub refused: u64,
    /// Operations of which nothing can prove what became.
    pub unsure: u64,
    /// Operations that are still to be carried out.
    pub waiting: u64,
    /// What stopped the run.
    pub fault: Option<Fault>,
}

impl Written {
    /// Whether another itsmc writes the tickets of this connection.
    pub fn is_busy(&self) -> bool {
        matches!(self.fault, Some(Fault::Locked { .. }))
    }

    /// Whether somebody has to do something about it.
    pub fn is_troubled(&self) -> bool {
        self.refused + self.unsure > 0 || (self.fault.is_some() && !self.is_busy())
    }
}
