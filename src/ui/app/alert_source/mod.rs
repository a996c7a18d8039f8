//! The wizard of a source of alerts: sign-in, subscriptions, a test that reads each, review. Nothing is saved before the
//! review; a secret that was kept for a source that is not saved is forgotten.

mod behaviour;
pub mod jobs;
pub mod keys;
#[cfg(test)]
pub mod testing;

use std::collections::BTreeSet;

use super::effect::TaskId;
use super::input::{self, Edit};
use super::picker::{Picker, PickerEntry, pasteable};
use super::remote::Remote;
use super::workspace_wizard::{Form, SignInAction, SignInStep, Subject};
use crate::model::alert_source::{AlertSource, EVERY, SourceName};
use crate::model::azure_id::is_guid;
use crate::model::fault::Fault;
use crate::model::workspace::WorkspaceName;
use crate::model::workspace_run::Subscription;

pub use self::jobs::{AlertSourceJob, AlertSourceOutcome, SubscriptionTest};

/// The wizard as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertSourceWizard {
    /// The step in front.
    pub step: SourceStep,
    /// The name and the sign-in.
    pub sign_in: SignInStep,
    /// The account under whose name a secret was kept.
    pub kept_for: Option<WorkspaceName>,
    /// The names of the sources that there are.
    pub taken: Vec<WorkspaceName>,
    /// The subscriptions.
    pub subscriptions: Subscriptions,
    /// What each of them shows to this sign-in.
    pub tested: Remote<Vec<SubscriptionTest>>,
    /// The task that tests them.
    pub testing: Option<TaskId>,
    /// Whether alerts are acknowledged in Azure once they have a ticket.
    pub acknowledge: bool,
    /// The task that saves the source.
    pub saving: Option<TaskId>,
    /// Why that failed.
    pub fault: Option<Fault>,
    /// Lines scrolled out at the top.
    pub top: usize,
}

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SourceStep {
    /// The name, and how itsmc signs in.
    SignIn,
    /// The subscriptions whose alerts are read.
    Subscriptions,
    /// What may be read there.
    Test,
    /// All of it, before it is saved.
    Review,
}

impl SourceStep {
    /// All, in order.
    pub const ALL: [Self; 4] = [Self::SignIn, Self::Subscriptions, Self::Test, Self::Review];

    /// Its number, from 1.
    pub fn number(self) -> usize {
        Self::ALL.iter().position(|step| *step == self).unwrap_or_default() + 1
    }

    fn turned(self, by: isize) -> Option<Self> {
        Self::ALL.get((self.number() - 1).checked_add_signed(by)?).copied()
    }
}

/// The subscriptions as they are being chosen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Subscriptions {
    /// Those that the sign-in may see.
    pub list: Remote<Vec<Subscription>>,
    /// The task that reads the list.
    pub task: Option<TaskId>,
    /// The filter and the entry in focus.
    pub picker: Picker,
    /// The IDs that are chosen from the list.
    pub chosen: BTreeSet<String>,
    /// The line in which IDs are typed instead, and the cursor's byte in it, while it is in front.
    pub typing: Option<usize>,
    /// The IDs that are typed, with blanks or commas between them.
    pub typed: String,
    /// Whether what was chosen was given on, and cannot be used.
    pub refused: bool,
}

impl Subscriptions {
    /// The entries of the list: a name and an ID.
    pub fn entries(&self) -> Vec<PickerEntry> {
        self.list.value().into_iter().flatten().map(|one| (one.name.clone(), one.id.clone())).collect()
    }

    /// The ID of the entry in focus.
    pub fn focused(&self) -> Option<String> {
        let entries = self.entries();
        let shown = self.picker.shown(&entries);
        shown.get(self.picker.focus).map(|(_, (_, id))| id.to_lowercase())
    }

    /// The IDs that are chosen or typed, each once, in the order of the list.
    pub fn ids(&self) -> Vec<String> {
        if self.typing.is_some() {
            let mut ids: Vec<String> = Vec::new();
            for id in self.parts().map(str::to_lowercase) {
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
            return ids;
        }
        let listed = self.list.value().into_iter().flatten().map(|one| one.id.to_lowercase());
        listed.filter(|id| self.chosen.contains(id)).collect()
    }

    /// The first typed part that is no ID.
    pub fn wrong(&self) -> Option<&str> {
        self.typing?;
        self.parts().find(|part| !is_guid(part))
    }

    fn parts(&self) -> impl Iterator<Item = &str> {
        self.typed.split([',', ';', ' ']).map(str::trim).filter(|part| !part.is_empty())
    }

    /// The name of a subscription, where it is known.
    pub fn name(&self, id: &str) -> Option<&str> {
        let mut all = self.list.value().into_iter().flatten();
        all.find(|one| one.id.eq_ignore_ascii_case(id)).map(|one| one.name.as_str())
    }

    fn toggle(&mut self) {
        if let Some(id) = self.focused()
            && !self.chosen.remove(&id)
        {
            self.chosen.insert(id);
        }
        self.refused = false;
    }

    fn edit(&mut self, edit: &Edit) {
        match &mut self.typing {
            Some(at) => *at = input::apply(&mut self.typed, *at, edit),
            None => self.picker.edit(edit),
        }
        self.refused = false;
    }

    fn paste(&mut self, pasted: &str) {
        match &mut self.typing {
            Some(at) => *at = input::paste(&mut self.typed, *at, &pasteable(pasted)).0,
            None => self.picker.paste(pasted),
        }
        self.refused = false;
    }
}

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlertSourceAction {
    /// What the first step has.
    SignIn(SignInAction),
    /// Move by so many entries.
    Move(isize),
    /// Scroll by so many lines.
    Scroll(isize),
    /// Edit the line in focus.
    Edit(Edit),
    /// Type the subscriptions instead of choosing them, or the reverse.
    TypeIds,
    /// Read the list again.
    Reload,
    /// Choose the subscription in focus, or not.
    Toggle,
    /// Choose all subscriptions, or none.
    ToggleAll,
    /// Test again.
    Test,
    /// Acknowledge alerts in Azure, or not.
    Acknowledge,
    /// Go on.
    Continue,
}

impl Default for AlertSourceWizard {
    fn default() -> Self {
        Self {
            step: SourceStep::SignIn,
            sign_in: SignInStep::new(Form { subject: Subject::Source, ..Form::default() }),
            kept_for: None,
            taken: Vec::new(),
            subscriptions: Subscriptions::default(),
            tested: Remote::Idle,
            testing: None,
            acknowledge: false,
            saving: None,
            fault: None,
            top: 0,
        }
    }
}

impl AlertSourceWizard {
    /// The source as far as it is known.
    pub fn settings(&self) -> Option<AlertSource> {
        let form = &self.sign_in.form;
        let name = SourceName::parse(form.name.trim()).ok()?;
        let mut source = AlertSource {
            name,
            tenant: String::new(),
            sign_in: form.way,
            client_id: String::new(),
            token_file: String::new(),
            subscriptions: self.subscriptions.ids(),
            every_seconds: EVERY,
            acknowledge: self.acknowledge,
        };
        let mut account = source.account();
        form.write(&mut account);
        (source.tenant, source.client_id, source.token_file) = (account.tenant, account.client_id, account.token_file);
        Some(source)
    }

    /// Whether the alerts of every chosen subscription can be read.
    pub fn is_readable(&self) -> bool {
        self.tested.fault().is_none()
            && self.tested.value().is_some_and(|all| !all.is_empty() && all.iter().all(|one| one.seen.is_ok()))
    }
}
