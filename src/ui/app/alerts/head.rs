//! What stands above the list of alerts: a line for each source, and what somebody should know.

use crate::model::alert_counts::LostTicket;
use crate::model::alert_source::{Missed, SourceName, shared};
use crate::model::fault::Fault;
use crate::ui::app::model::Facts;

/// From so many lines of the terminal on there is room for several sources and notes.
const ROOMY: u16 = 20;

/// Lines for sources, and for notes, where there is room.
const SOURCES: usize = 4;
const NOTES: usize = 3;

/// Something that somebody should know; the worst first.
#[derive(Debug, Clone, PartialEq)]
pub enum Note {
    /// The sources and rules cannot be read.
    NotRead(Fault),
    /// A source cannot be read.
    Source(SourceName, Fault),
    /// The rules in the file are not used; whether earlier ones are.
    Rules(Fault, bool),
    /// There is no file of rules.
    NoRules,
    /// No rule is switched on.
    NoneEnabled,
    /// A subscription that several sources read, and their names.
    Shared(String, String),
    /// Deciding, or the outbox, could not begin.
    Follow(Fault),
    /// Tickets of this connection could not be written.
    Tickets {
        /// The connection.
        connection: String,
        /// Writes that were refused.
        refused: u64,
        /// Writes of which nothing proves what became.
        unsure: u64,
        /// Writes that wait.
        waiting: u64,
        /// What stopped them.
        fault: Option<Fault>,
    },
    /// So many alerts of a source could not be acknowledged in Azure.
    Unacknowledged(String, u64, Fault),
    /// Alerts of a source may be missing that fired in this time.
    Missed(SourceName, Missed),
    /// A ticket of a fired alert is gone from its product, and how many more are.
    Lost(LostTicket, usize),
    /// The product has another ticket with the key of this one, and of how many more.
    Doubled(String, usize),
    /// So many open tickets have an alert whose end cannot be seen any more.
    Unseen(u64),
    /// Another itsmc decides about the alerts.
    OtherDecides,
    /// Another itsmc writes the tickets of this connection.
    OtherWrites(String, u64),
}

impl Note {
    /// The fault behind it.
    pub fn fault(&self) -> Option<&Fault> {
        match self {
            Self::NotRead(fault) | Self::Source(_, fault) | Self::Rules(fault, _) | Self::Follow(fault) => Some(fault),
            Self::Tickets { fault, .. } => fault.as_ref(),
            Self::Unacknowledged(_, _, fault) => Some(fault),
            _ => None,
        }
    }

    /// Whether it tells of tickets of which a write was refused or is unsure.
    pub fn is_of_tickets(&self) -> bool {
        matches!(self, Self::Tickets { refused, unsure, .. } if refused + unsure > 0)
    }

    /// Whether it only tells what goes on.
    pub fn is_notice(&self) -> bool {
        matches!(self, Self::OtherDecides | Self::OtherWrites(..))
    }
}

/// What somebody should know, the worst first.
pub fn notes(facts: &Facts) -> Vec<Note> {
    let known = &facts.alerts;
    let mut notes: Vec<_> = known.standing.fault().cloned().map(Note::NotRead).into_iter().collect();
    let Some(standing) = known.standing.value() else { return notes };
    for source in &standing.sources {
        let fault = known.fault_of(source).filter(|fault| !fault.is_wait());
        notes.extend(fault.map(|fault| Note::Source(source.settings.name.clone(), fault.clone())));
        let missed = source.states().flat_map(|(_, state)| state.missing(facts.now)).min_by_key(|one| one.from);
        notes.extend(missed.map(|one| Note::Missed(source.settings.name.clone(), one)));
    }
    if !standing.sources.is_empty() {
        let rules = &standing.rules;
        match &rules.fault {
            Some(fault) => notes.push(Note::Rules(fault.clone(), rules.rules > 0)),
            None if !rules.exists => notes.push(Note::NoRules),
            None if rules.enabled == 0 => notes.push(Note::NoneEnabled),
            None => {}
        }
    }
    notes.extend(of_follow(facts));
    for one in shared(standing.sources.iter().map(|source| &source.settings)) {
        let names = one.sources.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        notes.push(Note::Shared(one.subscription, names));
    }
    if let Some((one, rest)) = standing.counts.lost.split_first() {
        notes.push(Note::Lost(one.clone(), rest.len()));
    }
    if let Some((number, rest)) = standing.counts.doubled.split_first() {
        notes.push(Note::Doubled(number.clone(), rest.len()));
    }
    if standing.unseen_ends > 0 {
        notes.push(Note::Unseen(standing.unseen_ends));
    }
    notes.sort_by_key(Note::is_notice);
    notes
}

fn of_follow(facts: &Facts) -> Vec<Note> {
    let followed = match &facts.alerts.follow.last {
        Some(Ok(followed)) => followed,
        Some(Err(Fault::Interrupted)) | None => return Vec::new(),
        Some(Err(fault)) => return vec![Note::Follow(fault.clone())],
    };
    let mut notes: Vec<_> = followed.fault.iter().cloned().map(Note::Follow).collect();
    if followed.busy {
        notes.push(Note::OtherDecides);
    }
    let unacknowledged = followed.unacknowledged.iter().cloned();
    notes.extend(unacknowledged.map(|(source, waiting, fault)| Note::Unacknowledged(source, waiting, fault)));
    for one in &followed.tickets {
        if one.is_busy() {
            notes.push(Note::OtherWrites(one.connection.clone(), one.waiting));
        } else if one.is_troubled() {
            let (connection, fault) = (one.connection.clone(), one.fault.clone());
            let (refused, unsure, waiting) = (one.refused, one.unsure, one.waiting);
            notes.push(Note::Tickets { connection, refused, unsure, waiting, fault });
        }
    }
    notes
}

/// One line for so many lines of the screen, at most, is a note.
const LINES_A_NOTE: u16 = 8;

/// How many lines sources and notes take.
pub fn lines(facts: &Facts) -> (usize, usize) {
    let (sources, notes) = match facts.size.1 {
        rows if rows >= ROOMY => (SOURCES, usize::from(rows / LINES_A_NOTE).max(NOTES)),
        _ => (1, 1),
    };
    (facts.alerts.sources().len().clamp(1, sources), self::notes(facts).len().min(notes))
}

/// How many rows of alerts fit: below header, sources, notes, filter and head of the table, above the footer.
pub fn table_height(facts: &Facts) -> usize {
    let (sources, notes) = lines(facts);
    usize::from(facts.size.1).saturating_sub(4 + sources + notes).max(1)
}
