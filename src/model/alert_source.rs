//! Where alerts are read from: subscriptions of Azure and the sign-in for them, and how far each was read.

use std::fmt;
use std::ops::RangeInclusive;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::azure_id::is_guid;
use super::connection::ConnectionName;
use super::fault::Fault;
use super::field::FieldProblem;
use super::workspace::{AzureSignIn, KeyProblem, LOG_TABLE, TABLE, Values, Workspace, WorkspaceName, WorkspaceProblem};

/// What the names of sources begin with where the vault keeps their secrets beside those of workspaces.
const PREFIX: &str = "alert-source.";

/// The same while a sign-in is tried that a saved source does not have yet: the one it has stays until the change is saved.
const TRIED: &str = "alert-source-.";

/// How many days Azure keeps alerts; an end that comes later cannot be seen by polling
/// (<https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-overview>).
pub const KEPT_DAYS: i64 = 30;

/// The seconds between two passes over a source, unless its settings say another number.
pub const EVERY: u32 = 60;

/// The seconds that may be between them: Azure allows 100 lists a minute for each subscription.
pub const EVERY_SECONDS: RangeInclusive<u32> = 5..=86_400;

/// A source's name in itsmc: as that of a connection, at most 50 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SourceName(ConnectionName);

impl SourceName {
    /// Reads a name for a new source.
    ///
    /// # Errors
    /// As [`ConnectionName::parse`].
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        ConnectionName::parse(text).and_then(Self::fitting)
    }

    fn fitting(name: ConnectionName) -> Result<Self, FieldProblem> {
        if name.as_str().chars().count() <= 50 { Ok(Self(name)) } else { Err(FieldProblem::BadName) }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Under which name the vault has the secret of this source.
    pub fn account(&self) -> WorkspaceName {
        self.account_called(PREFIX)
    }

    fn account_called(&self, prefix: &str) -> WorkspaceName {
        // The prefix and a name of 50 characters make a name that is always taken.
        let name = WorkspaceName::try_from(format!("{prefix}{}", self.0));
        name.unwrap_or_else(|_| WorkspaceName::of_connection_name(self.0.clone()))
    }

    /// Whether people or file systems could take one name for the other.
    pub fn clashes_with(&self, other: &Self) -> bool {
        self.0.clashes_with(&other.0)
    }
}

impl TryFrom<String> for SourceName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let name = ConnectionName::listed(&text).and_then(Self::fitting);
        name.map_err(|_| format!("'{}' is not the name of an alert source", super::clean::clean(&text, false)))
    }
}

impl From<SourceName> for String {
    fn from(name: SourceName) -> Self {
        name.0.into()
    }
}

impl fmt::Display for SourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One source, as it stands in the config file. It holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertSource {
    /// The name it is called by in itsmc.
    pub name: SourceName,
    /// The Entra tenant; empty where the sign-in knows it by itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tenant: String,
    /// How itsmc signs in.
    pub sign_in: AzureSignIn,
    /// The application's client ID; for a managed identity that of the user-assigned one, if there is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub client_id: String,
    /// The file with the federated token of a workload identity.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub token_file: String,
    /// The IDs of the subscriptions whose alerts are read.
    pub subscriptions: Vec<String>,
    /// How many seconds after a pass a program that stays open reads it again.
    #[serde(default = "every")]
    pub every_seconds: u32,
    /// Whether alerts are acknowledged in Azure once they have a ticket. This needs the right to change them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub acknowledge: bool,
}

fn every() -> u32 {
    EVERY
}

impl AlertSource {
    /// The settings by which itsmc signs in for it: those of a workspace, of which nothing else is used.
    pub fn account(&self) -> Workspace {
        self.account_called(PREFIX)
    }

    /// The same for a sign-in that is tried before it is saved: its secret has a place of its own.
    pub fn tried_account(&self) -> Workspace {
        self.account_called(TRIED)
    }

    /// Whether another sign-in is needed than for these settings.
    pub fn signs_in_otherwise(&self, other: &Self) -> bool {
        self.sign_in != other.sign_in || self.account().identity("") != other.account().identity("")
    }

    fn account_called(&self, prefix: &str) -> Workspace {
        Workspace {
            name: self.name.account_called(prefix),
            tenant: self.tenant.clone(),
            sign_in: self.sign_in,
            client_id: self.client_id.clone(),
            token_file: self.token_file.clone(),
            subscription: self.subscriptions.first().cloned().unwrap_or_default(),
            resource_group: String::new(),
            workspace: String::new(),
            workspace_id: String::new(),
            location: String::new(),
            table: TABLE.to_owned(),
            log_table: LOG_TABLE.to_owned(),
            rule: String::new(),
            rule_id: String::new(),
            endpoint: String::new(),
            principal: String::new(),
            values: Values::Labels,
        }
    }

    /// What is wrong with its settings, in the order of the keys.
    pub fn problems(&self) -> Vec<WorkspaceProblem> {
        let account = self.account().problems().into_iter();
        let mut all: Vec<_> = account.filter(|one| matches!(one.key.as_str(), "tenant" | "client_id")).collect();
        let problem = |problem| WorkspaceProblem { key: "subscriptions".to_owned(), problem };
        if self.subscriptions.is_empty() {
            all.push(problem(KeyProblem::Missing));
        } else if self.subscriptions.iter().any(|id| !is_guid(id)) {
            all.push(problem(KeyProblem::NotAGuid));
        }
        if !EVERY_SECONDS.contains(&self.every_seconds) {
            all.push(WorkspaceProblem { key: "every_seconds".to_owned(), problem: KeyProblem::NotAnInterval });
        }
        all
    }
}

/// Whether a workspace's name is kept for alert sources.
pub fn is_reserved(name: &WorkspaceName) -> bool {
    let name = name.as_str().to_lowercase();
    name.starts_with(PREFIX) || name.starts_with(TRIED)
}

/// A subscription that several sources read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SharedSubscription {
    /// The subscription's ID.
    pub subscription: String,
    /// The sources, in the order of the config file.
    pub sources: Vec<SourceName>,
}

/// The subscriptions that several of these sources read, each once.
pub fn shared<'a>(sources: impl IntoIterator<Item = &'a AlertSource>) -> Vec<SharedSubscription> {
    let mut all: Vec<SharedSubscription> = Vec::new();
    for source in sources {
        for id in source.subscriptions.iter().map(|id| id.to_lowercase()) {
            match all.iter_mut().find(|one| one.subscription == id) {
                Some(known) if known.sources.contains(&source.name) => {}
                Some(known) => known.sources.push(source.name.clone()),
                None => all.push(SharedSubscription { subscription: id, sources: vec![source.name.clone()] }),
            }
        }
    }
    all.retain(|one| one.sources.len() > 1);
    all
}

/// How far a subscription was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceState {
    /// The greatest change time that was seen in a pass that came to its end.
    pub watermark: Option<Timestamp>,
    /// When a pass last looked back as far as it should.
    pub whole_at: Option<Timestamp>,
    /// The watermark of that pass: the next one that looks back so far begins behind it.
    pub whole_watermark: Option<Timestamp>,
    /// How many pages that pass had.
    pub whole_pages: u64,
    /// When the source was added: alerts that fired before get no tickets.
    pub since: Option<Timestamp>,
    /// When it was last read to the end.
    pub read_at: Option<Timestamp>,
    /// Whether that brought any alert. None does not mean that there are none: only alerts of resources that the sign-in may
    /// read are listed.
    pub empty: bool,
    /// What stopped the last pass.
    pub fault: Option<Fault>,
    /// Azure asked to wait until then.
    pub not_before: Option<Timestamp>,
    /// Why alerts with a ticket could not be acknowledged the last time.
    pub acknowledge_fault: Option<Fault>,
    /// When the last pass that came to its end began, by Azure's clock.
    pub listed_at: Option<Timestamp>,
    /// Times of which Azure had deleted the alerts before they were read, until an admin dismisses them.
    pub missed: Vec<Missed>,
}

/// A time of which alerts may be missing: Azure deleted what fired in it before it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missed {
    /// From when on.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
}

impl SourceState {
    /// What keeps the subscription from being read. A wait that Azure asked for is none: what comes meanwhile is read after it.
    pub fn read_fault(&self) -> Option<&Fault> {
        self.fault.as_ref().filter(|fault| !fault.is_wait())
    }

    /// What keeps its alerts from being acknowledged, but for such a wait.
    pub fn acknowledging_fault(&self) -> Option<&Fault> {
        self.acknowledge_fault.as_ref().filter(|fault| !fault.is_wait())
    }

    /// What a pass at this time can no longer read: what fired after the last pass and is deleted by now.
    pub fn out_of_reach(&self, now: Timestamp) -> Option<Missed> {
        let from = self.listed_at.or(self.read_at).or(self.since)?;
        let to = now.checked_sub(SignedDuration::from_hours(24 * KEPT_DAYS)).ok()?;
        (from < to).then_some(Missed { from, to })
    }

    /// All times of which alerts may be missing, the earliest first: what passes noted, and what the next one would note.
    pub fn missing(&self, now: Timestamp) -> Vec<Missed> {
        self.missed.iter().copied().chain(self.out_of_reach(now)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str) -> AlertSource {
        AlertSource {
            name: SourceName::parse(name).unwrap(),
            tenant: String::new(),
            sign_in: AzureSignIn::Cli,
            client_id: String::new(),
            token_file: String::new(),
            subscriptions: vec!["aaaaaaaa-0000-4000-8000-000000000001".to_owned()],
            every_seconds: EVERY,
            acknowledge: false,
        }
    }

    #[test]
    fn a_source_signs_in_under_a_name_that_no_workspace_may_have() {
        for name in ["prod", &"p".repeat(50)] {
            let account = source(name).account();
            assert!(is_reserved(&account.name) && account.name.as_str().ends_with(name));
            let tried = source(name).tried_account();
            assert!(is_reserved(&tried.name) && tried.name.as_str().ends_with(name) && tried.name != account.name);
        }
        assert!(SourceName::parse(&"p".repeat(51)).is_err());
        assert_eq!(source("prod").problems(), []);
    }

    #[test]
    fn a_subscription_that_two_sources_read_is_told_with_both() {
        let other = AlertSource { subscriptions: vec!["AAAAAAAA-0000-4000-8000-000000000001".into()], ..source("b") };
        let third = AlertSource { subscriptions: vec!["bbbbbbbb-0000-4000-8000-000000000001".into()], ..source("c") };
        let told = shared(&[source("a"), other, third]);
        assert_eq!((told.len(), told[0].subscription.as_str()), (1, "aaaaaaaa-0000-4000-8000-000000000001"));
        assert_eq!(told[0].sources, [source("a").name, source("b").name]);
        let twice = [source("a").subscriptions, source("a").subscriptions].concat();
        assert_eq!(shared(&[AlertSource { subscriptions: twice, ..source("a") }]), []);
    }

    #[test]
    fn what_fired_since_the_last_pass_is_out_of_reach_after_thirty_days() {
        let day = |day: i64| Timestamp::from_second(day * 86_400).unwrap();
        let state = |since, read_at, listed_at| SourceState { since, read_at, listed_at, ..SourceState::default() };
        let read = state(Some(day(1)), Some(day(90)), Some(day(100)));
        assert_eq!(read.out_of_reach(day(130)), None);
        assert_eq!(read.out_of_reach(day(135)), Some(Missed { from: day(100), to: day(105) }));
        let never = state(Some(day(10)), None, None);
        assert_eq!(never.out_of_reach(day(50)), Some(Missed { from: day(10), to: day(20) }));
        assert_eq!(state(None, None, None).out_of_reach(day(50)), None, "nothing was to be read before");
        let noted = Missed { from: day(40), to: day(60) };
        let both = SourceState { missed: vec![noted], ..read };
        assert_eq!(both.missing(day(131)), [noted, Missed { from: day(100), to: day(101) }]);
        assert_eq!(both.missing(day(130)), [noted]);
    }

    #[test]
    fn what_is_missing_is_told_by_its_key() {
        let bad =
            AlertSource { subscriptions: vec!["prod".into()], sign_in: AzureSignIn::ServicePrincipal, ..source("a") };
        let keys: Vec<_> = bad.problems().into_iter().map(|one| one.key).collect();
        assert_eq!(keys, ["tenant", "client_id", "subscriptions"]);
        let none = AlertSource { subscriptions: Vec::new(), ..source("a") };
        assert_eq!(none.problems()[0].problem, KeyProblem::Missing);
        let often = AlertSource { every_seconds: 4, ..source("a") };
        assert_eq!(often.problems()[0].problem, KeyProblem::NotAnInterval);
    }
}
