//! The wizard of a source of alerts: sign-in, subscriptions, a test that reads each, review. Nothing is saved before the
//! review; a secret that was kept for a source that is not saved is forgotten. A saved source is edited in the same form, which then
//! begins with the review: its sign-in stays until another one is saved.

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
use crate::model::alert_source::{AlertSource, EVERY, EVERY_SECONDS, SourceName};
use crate::model::azure_id::is_guid;
use crate::model::fault::Fault;
use crate::model::workspace::{AzureSignIn, Workspace, WorkspaceName};
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
    /// The source that is edited, as it is saved.
    pub saved: Option<Box<AlertSource>>,
    /// The seconds between two passes, as they are typed, and the cursor's byte there.
    pub every: (String, usize),
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
    /// The IDs of a source that is edited: they are in the list even if the sign-in does not see them.
    pub kept: Vec<String>,
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
        let listed = self.list.value().into_iter().flatten().map(|one| (one.name.clone(), one.id.clone()));
        let hidden = self.kept.iter().filter(|id| self.list.value().is_some() && self.name(id).is_none());
        listed.chain(hidden.map(|id| (id.clone(), String::new()))).collect()
    }

    /// The ID of an entry: one that the sign-in does not see has no name, so its ID stands in the place of that.
    pub fn id_of((name, id): &PickerEntry) -> String {
        if id.is_empty() { name.to_lowercase() } else { id.to_lowercase() }
    }

    /// The IDs of the list, and those that are kept.
    fn all(&self) -> Vec<String> {
        let listed = self.list.value().into_iter().flatten().map(|one| one.id.to_lowercase());
        let mut all: Vec<String> = listed.collect();
        let hidden: Vec<String> = self.kept.iter().filter(|id| !all.contains(id)).cloned().collect();
        all.extend(hidden);
        all
    }

    /// The ID of the entry in focus.
    pub fn focused(&self) -> Option<String> {
        let entries = self.entries();
        let shown = self.picker.shown(&entries);
        shown.get(self.picker.focus).map(|(_, entry)| Self::id_of(entry))
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
        self.all().into_iter().filter(|id| self.chosen.contains(id)).collect()
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
    /// Change sign-in and subscriptions of a source that is edited.
    FromStart,
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
            saved: None,
            every: (EVERY.to_string(), EVERY.to_string().len()),
            acknowledge: false,
            saving: None,
            fault: None,
            top: 0,
        }
    }
}

impl AlertSourceWizard {
    /// The form of a saved source, with all of it to be seen.
    pub fn edit(source: &AlertSource) -> Self {
        let form = Form { subject: Subject::Source, name: source.name.to_string(), ..Form::of(&source.account()) };
        let ids: Vec<String> = source.subscriptions.iter().map(|id| id.to_lowercase()).collect();
        let subscriptions =
            Subscriptions { chosen: ids.iter().cloned().collect(), kept: ids, ..Subscriptions::default() };
        let every = source.every_seconds.to_string();
        let at = every.len();
        let mut wizard = Self {
            step: SourceStep::Review,
            sign_in: SignInStep::new(form),
            subscriptions,
            saved: Some(Box::new(source.clone())),
            every: (every, at),
            acknowledge: source.acknowledge,
            ..Self::default()
        };
        wizard.recall();
        wizard
    }

    /// Lets the form know for which sign-in the source has a secret.
    fn recall(&mut self) {
        if let (Some(saved), None) = (&self.saved, &self.kept_for) {
            let keeps = matches!(saved.sign_in, AzureSignIn::ServicePrincipal | AzureSignIn::DeviceCode);
            let held = (saved.sign_in, saved.tenant.to_lowercase(), saved.client_id.to_lowercase());
            self.sign_in.form.kept = keeps.then_some(held);
        }
    }

    /// The account under which somebody signs in: that of a saved source stays as it is until another one is saved.
    pub fn account(&self) -> Option<Workspace> {
        let source = self.settings()?;
        Some(if self.saved.is_some() { source.tried_account() } else { source.account() })
    }

    /// The account by which Azure is asked.
    fn reader(&self) -> Option<Workspace> {
        let source = self.settings()?;
        Some(if self.tries() { source.tried_account() } else { source.account() })
    }

    /// Whether a sign-in was kept for a change.
    fn tries(&self) -> bool {
        self.saved.is_some() && self.kept_for.is_some()
    }

    /// The seconds between two passes, if that is a number that they may be.
    pub fn every_seconds(&self) -> Option<u32> {
        self.every.0.trim().parse().ok().filter(|seconds| EVERY_SECONDS.contains(seconds))
    }

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
            every_seconds: self.every_seconds().unwrap_or(EVERY),
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
