//! The workspaces as every screen knows them.

use jiff::Timestamp;

use crate::model::connection::ConnectionName;
use crate::model::fault::{Fault, Retry};
use crate::model::sending::{SendFinding, VerifyRecord, WorkspaceStanding};
use crate::model::workspace::{Workspace, WorkspaceName};
use crate::ui::app::remote::Remote;

/// The workspaces, in the order of the config file.
#[derive(Debug, Clone, Default)]
pub struct Workspaces {
    /// What is known of them.
    pub list: Remote<Vec<WorkspaceEntry>>,
    /// Whether something was stored while they were being read.
    pub outdated: bool,
}

/// A workspace: its settings, the connections that feed it, and how it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkspaceEntry {
    /// Its settings.
    pub settings: Workspace,
    /// The connections that feed it.
    pub fed_by: Vec<ConnectionName>,
    /// How it stands.
    pub standing: WorkspaceStanding,
}

/// How a workspace stands, in a word; the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Rows are not accepted.
    Failing,
    /// Something should be looked at.
    Warning,
    /// Rows cannot be sent yet.
    NotSetUp,
    /// Nothing was accepted yet.
    New,
    /// All is well.
    Healthy,
}

/// The worst that is wrong with a workspace.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Worst<'a> {
    /// What stopped the last run.
    Fault(&'a Fault),
    /// The last verification found differences.
    Differs(&'a VerifyRecord),
    /// What kept the last verification from seeing everything.
    NotVerified(&'a Fault),
    /// Something was noticed; how many more findings there are.
    Finding(&'a SendFinding, usize),
}

impl Workspaces {
    /// All that are there, fresh or stale.
    pub fn entries(&self) -> &[WorkspaceEntry] {
        self.list.value().map(Vec::as_slice).unwrap_or_default()
    }

    /// The workspace of this name.
    pub fn entry(&self, name: &WorkspaceName) -> Option<&WorkspaceEntry> {
        self.entries().iter().find(|entry| entry.settings.name == *name)
    }

    /// All, those first with which something is wrong.
    pub fn by_urgency(&self) -> Vec<&WorkspaceEntry> {
        let mut all: Vec<_> = self.entries().iter().collect();
        all.sort_by_key(|entry| entry.standing());
        all
    }

    /// How often what is told of them changes by time alone, in seconds; `None` when nothing does.
    pub fn ticks(&self, now: Timestamp) -> Option<i64> {
        let behind = self.entries().iter().filter_map(|entry| entry.standing.behind_seconds(now)).min();
        let told = self.entries().iter().any(|entry| entry.standing.last_accepted.is_some());
        behind.map(|seconds| if seconds < 60 { 1 } else { 60 }).or_else(|| told.then_some(60))
    }
}

impl WorkspaceEntry {
    /// How it stands, in a word.
    pub fn standing(&self) -> Standing {
        let at = &self.standing;
        match self.worst() {
            _ if !at.set_up => Standing::NotSetUp,
            Some(Worst::Fault(fault)) if fault.retry() == Retry::No => Standing::Failing,
            Some(_) => Standing::Warning,
            None if at.last_accepted.is_none() => Standing::New,
            None => Standing::Healthy,
        }
    }

    /// The worst that is wrong with it.
    pub fn worst(&self) -> Option<Worst<'_>> {
        let at = &self.standing;
        let differs = at.last_verified.as_ref().filter(|record| !record.is_clean()).map(Worst::Differs);
        let finding = || Some(Worst::Finding(at.findings.first()?, at.findings.len() - 1));
        let fault = at.fault.as_ref().map(Worst::Fault);
        fault.or(differs).or_else(|| at.verify_fault.as_ref().map(Worst::NotVerified)).or_else(finding)
    }
}
