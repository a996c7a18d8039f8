//! Alerts, their sources and their rules as screens show them.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::alert::{Alert, AlertKey, Condition, Severity};
use super::alert_counts::AlertCounts;
use super::alert_plan::{RuleCount, Verdict};
use super::alert_rules::{AlertRule, Difference, Misfit, RuleProblem};
use super::alert_source::{AlertSource, KEPT_DAYS, SourceState};
use super::fault::Fault;
use super::items::{Place, Placed, Window};
use super::ticket::{OutboxEntry, OutboxState, TicketDraft, TicketRecord, TicketState};

/// The place of an alert in its table: the newest first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AlertPlace {
    /// When it fired, in Unix seconds.
    pub at: i64,
    /// The alert's key.
    pub id: String,
}

impl Place for AlertPlace {
    type Id = String;

    fn id(&self) -> String {
        self.id.clone()
    }
}

/// A window of alerts.
pub type AlertWindow = Window<AlertRow>;

/// Which alerts a table shows. Everything that is set must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlertQuery {
    /// Words that the alert, its rule or its ticket's number must have; each somewhere, capitals (A to Z) do not count.
    pub find: String,
    /// Only in this condition.
    pub condition: Option<Condition>,
    /// Only with this outcome.
    pub outcome: OutcomeFilter,
}

impl AlertQuery {
    /// Whether it asks for every alert.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What became of the alerts that a table shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OutcomeFilter {
    /// Whatever.
    #[default]
    Any,
    /// A ticket.
    WithTicket,
    /// No ticket.
    WithoutTicket,
    /// Nothing is decided yet.
    Waiting,
    /// A ticket of which a write was refused or is unsure.
    Troubled,
    /// Just this, when they fired or when they were over.
    Is(Verdict),
}

/// A ticket in a row of alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowTicket {
    /// The id of its key.
    pub id: String,
    /// The connection; empty where the ticket is gone from the store.
    pub connection: String,
    /// The number in the product; empty before it was made.
    pub number: String,
    /// Where it stands, as the product showed it last.
    pub state: Option<TicketState>,
    /// Its page in the product.
    pub url: Option<String>,
}

/// A row of the table of alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertRow {
    /// Its place.
    pub place: AlertPlace,
    /// What tells it from others.
    pub key: AlertKey,
    /// Whether it still stands.
    pub condition: Condition,
    /// How grave it is.
    pub severity: Option<Severity>,
    /// When it fired.
    pub fired_at: Option<Timestamp>,
    /// The rule in Azure.
    pub azure_rule: String,
    /// The first of what is affected.
    pub item: String,
    /// How many more are affected.
    pub more_items: usize,
    /// What was decided when it fired.
    pub verdict: Option<Verdict>,
    /// What was decided when it was over.
    pub over: Option<Verdict>,
    /// The rule that decided.
    pub rule: Option<String>,
    /// Whether something is still to be decided.
    pub pending: bool,
    /// Its tickets; at most some.
    pub tickets: Vec<RowTicket>,
    /// How many more tickets it has.
    pub more_tickets: usize,
}

impl Placed for AlertRow {
    type Key = AlertPlace;

    fn key(&self) -> AlertPlace {
        self.place.clone()
    }
}

impl AlertRow {
    /// Whether it still fires and a ticket of it is gone from the product: an admin decides what becomes of it.
    pub fn has_lost_a_ticket(&self) -> bool {
        let is_gone = |ticket: &RowTicket| ticket.state == Some(TicketState::Gone);
        self.condition == Condition::Fired && self.tickets.iter().any(is_gone)
    }

    /// Whether it was decided that a ticket is opened, which the product does not have yet.
    pub fn is_being_opened(&self) -> bool {
        let is_made = |ticket: &RowTicket| !ticket.number.is_empty() || ticket.connection.is_empty();
        self.verdict == Some(Verdict::Opened) && !self.tickets.is_empty() && !self.tickets.iter().any(is_made)
    }

    /// Whether it may be decided about again, or be ignored.
    pub fn is_free(&self) -> bool {
        self.tickets.is_empty() || self.has_lost_a_ticket()
    }

    /// Whether its end can no longer be seen by polling: Azure has deleted it, and its ticket stays open.
    pub fn is_unseen(&self, now: Timestamp) -> bool {
        let old = |at: Timestamp| now.duration_since(at) > SignedDuration::from_hours(24 * KEPT_DAYS);
        self.condition == Condition::Fired && !self.tickets.is_empty() && self.fired_at.is_some_and(old)
    }
}

/// A ticket of an alert, with every write to it.
#[derive(Debug, Clone, PartialEq)]
pub struct WholeTicket {
    /// The ticket.
    pub record: TicketRecord,
    /// The writes, in order.
    pub operations: Vec<OutboxEntry>,
}

impl WholeTicket {
    /// Whether a write to it was refused or is unsure.
    pub fn is_troubled(&self) -> bool {
        self.operations.iter().any(|one| matches!(one.state, OutboxState::Refused | OutboxState::Unsure))
    }
}

/// What happened to an alert here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AlertEventKind {
    /// It was decided about.
    Decided,
    /// An admin had it decided about again.
    Retried,
    /// An admin had it get no ticket.
    Ignored,
    /// An admin had refused and unsure writes of its ticket tried again.
    TicketRetried,
}

impl AlertEventKind {
    /// The name in JSON and in the database.
    pub fn id(self) -> &'static str {
        match self {
            Self::Decided => "decided",
            Self::Retried => "retried",
            Self::Ignored => "ignored",
            Self::TicketRetried => "ticket-retried",
        }
    }

    /// The one with this [`id`](Self::id).
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Decided, Self::Retried, Self::Ignored, Self::TicketRetried].into_iter().find(|kind| kind.id() == id)
    }
}

/// An entry of an alert's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AlertEvent {
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: AlertEventKind,
    /// In which condition the alert was decided about.
    pub condition: Option<Condition>,
    /// What was decided.
    pub outcome: Option<Verdict>,
    /// The rule that decided.
    pub rule: Option<String>,
}

impl AlertEvent {
    /// One that an admin asked for.
    pub fn by_admin(event: AlertEventKind, at: Timestamp) -> Self {
        Self { at, event, condition: None, outcome: None, rule: None }
    }
}

/// One alert whole.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertWhole {
    /// Its row.
    pub row: AlertRow,
    /// All that Azure tells.
    pub alert: Alert,
    /// Where it came from first.
    pub source: String,
    /// When it was first seen.
    pub first_seen: Timestamp,
    /// When it came last.
    pub last_seen: Timestamp,
    /// When something was decided about it last.
    pub decided_at: Option<Timestamp>,
    /// What became of it, the oldest first.
    pub history: Vec<AlertEvent>,
    /// Whether an admin said that it gets no ticket.
    pub ignored: bool,
    /// Each rule with the first of its conditions that does not fit, where no rule matched.
    pub misfits: Vec<(String, Difference)>,
    /// Its tickets.
    pub tickets: Vec<WholeTicket>,
    /// Its page in the Azure portal.
    pub portal: Option<String>,
}

/// The texts as which an alert came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlertTexts {
    /// Of its firing.
    pub fired: Option<String>,
    /// Of its end.
    pub over: Option<String>,
}

/// A source, and how far each of its subscriptions was read.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceStanding {
    /// Its settings.
    pub settings: AlertSource,
    /// Each subscription by its ID; `None` where it was never read.
    pub subscriptions: Vec<(String, Option<SourceState>)>,
}

impl SourceStanding {
    /// When all of it was read to the end: the oldest of its subscriptions counts.
    pub fn read_at(&self) -> Option<Timestamp> {
        let each = self.subscriptions.iter().map(|(_, state)| state.as_ref().and_then(|state| state.read_at));
        each.min().flatten()
    }

    /// What keeps it from being read, or its alerts from being acknowledged.
    pub fn faults(&self) -> impl Iterator<Item = &Fault> {
        self.states().flat_map(|(_, state)| state.read_fault().into_iter().chain(state.acknowledging_fault()))
    }

    /// What keeps it from being read, each once, with the subscriptions that it concerns.
    pub fn read_faults(&self) -> Vec<(&Fault, Vec<&str>)> {
        let mut all: Vec<(&Fault, Vec<&str>)> = Vec::new();
        for (id, fault) in self.states().filter_map(|(id, state)| Some((id, state.read_fault()?))) {
            match all.iter_mut().find(|(known, _)| *known == fault) {
                Some((_, ids)) => ids.push(id),
                None => all.push((fault, vec![id])),
            }
        }
        all
    }

    /// The subscriptions that were tried, each with how far it was read.
    pub fn states(&self) -> impl Iterator<Item = (&str, &SourceState)> {
        self.subscriptions.iter().filter_map(|(id, state)| Some((id.as_str(), state.as_ref()?)))
    }

    /// Until when Azure asks to wait, where every subscription has to.
    pub fn not_before(&self, now: Timestamp) -> Option<Timestamp> {
        let waits = |state: &Option<SourceState>| state.as_ref()?.not_before.filter(|until| *until > now);
        let each: Option<Vec<Timestamp>> = self.subscriptions.iter().map(|(_, state)| waits(state)).collect();
        each?.into_iter().min()
    }
}

/// The file of rules, and what can be told of it in a line.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RulesStanding {
    /// The file.
    pub path: String,
    /// How many rules are in use.
    pub rules: usize,
    /// How many of them are switched on.
    pub enabled: usize,
    /// Whether there is a file.
    pub exists: bool,
    /// Why the file is not used.
    pub fault: Option<Fault>,
}

/// All that is known of alerts beside the alerts themselves.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AlertStanding {
    /// The sources, in the order of the config file.
    pub sources: Vec<SourceStanding>,
    /// The rules.
    pub rules: RulesStanding,
    /// Open tickets of which the end of the alert cannot be seen any more.
    pub unseen_ends: u64,
    /// How the alerts became tickets.
    pub counts: AlertCounts,
    /// Whether there is any ticket.
    pub tickets: bool,
}

impl AlertStanding {
    /// Whether alerts are used here: there is a source, there are or were rules, or there is a ticket of an alert that came in a file.
    pub fn is_used(&self) -> bool {
        !self.sources.is_empty() || self.rules.exists || self.rules.fault.is_some() || self.tickets
    }
}

/// What a rule did lately.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct RuleDone {
    /// Alerts that it decided about in the last 30 days.
    pub alerts: u64,
    /// Tickets that it opened in that time.
    pub tickets: u64,
    /// Tickets that it opened in the time of its budget until now.
    pub in_budget: u64,
}

/// The rules whole.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RulesView {
    /// The file.
    pub path: String,
    /// Whether there is a file.
    pub exists: bool,
    /// The rules in use, in order, each with what it did.
    pub rules: Vec<(AlertRule, RuleDone)>,
    /// What is wrong in the file, or worth telling of it.
    pub problems: Vec<RuleProblem>,
    /// Why the file cannot be used, where that is no problem of a line: the rules are the last ones that could be.
    pub fault: Option<Fault>,
}

/// A preview with its newest alerts. It is shared rather than copied: it may be large.
#[derive(Debug, Clone, PartialEq)]
pub struct PreviewView {
    /// The newest of the alerts that are shown, the newest first.
    pub alerts: Vec<PreviewRow>,
    /// How many older ones are not among them.
    pub older: u64,
    /// How many alerts there are, whatever is shown of them.
    pub all: u64,
    /// The tickets of these alerts, in the order in which they would be opened.
    pub tickets: Vec<PreviewTicket>,
    /// How many tickets would be opened in all.
    pub opened: u64,
    /// What each rule would do, in the order of the file.
    pub rules: Vec<(String, RuleCount)>,
    /// Alerts that would get no ticket.
    pub without: u64,
}

/// A ticket of a preview.
#[derive(Debug, Clone, PartialEq)]
pub struct PreviewTicket {
    /// The id of its key.
    pub id: String,
    /// The connection.
    pub connection: String,
    /// How many alerts would be in it.
    pub alerts: u64,
    /// What is to stand in it.
    pub draft: TicketDraft,
}

/// An alert of a preview.
#[derive(Debug, Clone, PartialEq)]
pub struct PreviewRow {
    /// Its row, with what would become of it.
    pub row: AlertRow,
    /// The ids of its tickets.
    pub tickets: Vec<String>,
    /// What of each rule does not fit, in the order of the file, where no rule matches.
    pub misfits: Vec<Misfit>,
}

/// How far a preview is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PreviewProgress {
    /// How many alerts were read and decided about.
    pub done: u64,
    /// How many there are.
    pub of: u64,
}
