//! The set-up wizard: partner, prerequisites, details, test, checklist, review, first sync.

pub mod details;
pub mod drafting;
mod keys;
pub mod live_test;
pub mod step;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use self::details::Details;
use self::live_test::LiveTest;
use self::step::WizardStep;
use super::connection::Installation;
use super::effect::TaskId;
use super::input::Edit;
use crate::model::check::{Status, StepId};
use crate::model::checklist::{ItemId, Overall};
use crate::model::confirmation::{Basis, Confirmation};
use crate::model::connection::ConnectionName;
use crate::model::draft::Draft;
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::partner::{PartnerSpec, Prerequisite, Proof};

pub use self::keys::{bindings, typed};

/// The state of the wizard.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wizard {
    /// What stands before the first step: the draft of an earlier time.
    pub opening: Opening,
    /// Why an earlier draft cannot be used, if so.
    pub draft_fault: Option<Fault>,
    /// The draft as it was last handed out to be kept, or read.
    pub kept: Option<Draft>,
    /// The task that keeps the draft. Only one runs at a time, so that an older draft never overtakes a newer.
    pub keeping: Option<TaskId>,
    /// The step in front.
    pub step: WizardStep,
    /// The partner in focus, as its place in the catalogue.
    pub partner_focus: usize,
    /// The partner that was chosen.
    pub spec: Option<Arc<PartnerSpec>>,
    /// The prerequisite in focus.
    pub prerequisite_focus: usize,
    /// When each prerequisite was confirmed, by its id.
    pub confirmed: BTreeMap<String, Timestamp>,
    /// The form.
    pub details: Details,
    /// The live test of the form as it stands.
    pub test: LiveTest,
    /// The installation checklist: of the form as it was tested, or of the connection that was saved signed out.
    pub installation: Installation,
    /// What the admin said of items of the checklist, beside the prerequisites that say the same.
    pub said: Vec<Confirmation>,
    /// Links of the prerequisite in focus that were opened.
    pub links_opened: usize,
    /// How many lines the step is scrolled, where it is longer than the screen.
    pub scrolled: usize,
    /// Whether the connection is being saved.
    pub saving: Saving,
    /// The first sync, from the moment the connection is saved.
    pub first_sync: Option<FirstSync>,
}

/// What stands before the first step.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Opening {
    /// The draft is being looked for.
    Loading(TaskId),
    /// There is a draft: continue, or start over.
    Offer {
        /// What was kept.
        draft: Box<Draft>,
        /// Whether 'start over' has the focus.
        start_over: bool,
    },
    /// Nothing; the steps are in front.
    #[default]
    Done,
}

/// Whether the connection is being saved.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Saving {
    /// Not asked for.
    #[default]
    Idle,
    /// Under way.
    Running(TaskId),
    /// It could not be saved.
    Failed(Fault),
}

/// The first sync of the connection that was saved.
#[derive(Debug, Clone, PartialEq)]
pub struct FirstSync {
    /// The connection.
    pub name: ConnectionName,
    /// Whether it was started; before that the saved config is read again.
    pub started: bool,
    /// Whether the connection was saved without signing in, so that there is no first sync.
    pub signed_out: bool,
}

/// What can be asked for in the wizard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WizardAction {
    /// Do what the step is for, and go on to the next.
    Continue,
    /// Open the guided step that writes what deploys a web app.
    OpenDeploy,
    /// Open the link of the prerequisite in focus in the browser; of several, the next one each time.
    OpenLink,
    /// Move the focus of a list by so many lines.
    Move(isize),
    /// Scroll by so many lines.
    Scroll(isize),
    /// Tick or untick, switch on or off.
    Toggle,
    /// Go to the next field, from the last one on to the next step.
    NextField,
    /// Go to the field before.
    PreviousField,
    /// Move within a field of several choices.
    Choice(isize),
    /// Edit the field in focus.
    Edit(Edit),
    /// Show or hide the secrets.
    Reveal,
    /// Run the step in focus again.
    Retest,
    /// Run the whole test again.
    RetestAll,
    /// Go to the field that the failed step in focus names.
    GoToField,
    /// Start over, without the draft.
    StartOver,
    /// Try what failed in the first sync again.
    SyncAgain,
    /// Leave for the saved connection's checklist.
    Checklist,
    /// Leave for it with the form for an admin's sign-in open.
    AdminSignIn,
    /// Offer to save the connection without signing in.
    SaveSignedOut,
    /// Look at the checklist again.
    LookAgain,
    /// Say that the item of the checklist in focus is so, or take that back.
    ToggleConfirmation,
    /// Show the item of the checklist in focus whole.
    OpenItem,
    /// Copy what the product's admin is to be asked.
    CopyRequest,
}

/// How a step of the rail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Behind us.
    Done,
    /// Behind us, and not all as it should be.
    Doubtful,
    /// In front.
    Current,
    /// Its test failed and holds us up.
    Failed,
    /// Still to come.
    Ahead,
}

impl Wizard {
    /// How this step of the rail stands.
    pub fn mark(&self, step: WizardStep) -> Mark {
        match step {
            step if step == self.step => Mark::Current,
            WizardStep::Test if self.test.failed() => Mark::Failed,
            WizardStep::Prerequisites if step < self.step && self.unconfirmed().next().is_some() => Mark::Doubtful,
            WizardStep::Checklist if step < self.step && !self.is_completed() => Mark::Doubtful,
            step if step < self.step => Mark::Done,
            _ => Mark::Ahead,
        }
    }

    /// The connection's name: the saved one, else the typed one if it can be taken.
    pub fn name(&self) -> Option<ConnectionName> {
        match &self.first_sync {
            Some(first_sync) => Some(first_sync.name.clone()),
            None => ConnectionName::parse(self.details.form.text(FieldId::Name)).ok(),
        }
    }

    /// The prerequisites of the chosen partner.
    pub fn prerequisites(&self) -> &[Prerequisite] {
        self.spec.as_ref().map(|spec| spec.prerequisites.as_slice()).unwrap_or_default()
    }

    /// The prerequisites that the admin should confirm and did not.
    pub fn unconfirmed(&self) -> impl Iterator<Item = &Prerequisite> {
        self.prerequisites()
            .iter()
            .filter(|item| item.proof == Proof::Confirmed && !self.confirmed.contains_key(&item.id))
    }

    /// Whether the partner has an installation checklist.
    pub fn has_checklist(&self) -> bool {
        self.spec.as_ref().is_some_and(|spec| !spec.checks.is_empty())
    }

    /// All that the admin said of items of the checklist, in the prerequisites or on the checklist itself.
    pub fn confirmations(&self) -> Vec<Confirmation> {
        let prerequisites = self.prerequisites().iter().filter_map(|item| {
            let (at, item) = (*self.confirmed.get(&item.id)?, item.confirms.clone()?);
            Some(Confirmation { item, at, basis: Basis::new() })
        });
        prerequisites.chain(self.said.iter().cloned()).collect()
    }

    /// Takes back what was said of an item, wherever it was said.
    pub fn unconfirm(&mut self, item: &ItemId) {
        let same = self.prerequisites().iter().filter(|one| one.confirms.as_ref() == Some(item));
        for id in same.map(|one| one.id.clone()).collect::<Vec<_>>() {
            self.confirmed.remove(&id);
        }
        self.said.retain(|said| said.item != *item);
    }

    /// Whether the checklist was seen to be completed, or the product has none.
    pub fn is_completed(&self) -> bool {
        let whole = self.installation.whole.value();
        !self.has_checklist() || whole.is_some_and(|whole| whole.overall() == Overall::Completed)
    }

    /// Forgets what was found, and said, of the form as it was.
    pub fn forget_findings(&mut self) {
        self.said.clear();
        self.test = LiveTest::default();
        self.installation = Installation::default();
    }

    /// Stops what runs for the step in front; the tasks to be cancelled.
    pub fn stop(&mut self) -> Vec<TaskId> {
        self.test.stop().into_iter().chain(self.installation.task.take()).collect()
    }

    /// Whether the sign-in failed, its user cannot be used, or what we need was not found in the product, so that
    /// saving signed out is a way on: what is lacking can be made, or the mapping be corrected, afterwards.
    pub fn can_save_signed_out(&self) -> bool {
        let failed = |id| self.test.step(id).is_some_and(|step| step.status == Status::Failed);
        let idle = !self.test.is_running() && !self.is_saving() && !self.is_saved();
        let ways_on = [StepId::SignIn, StepId::User, StepId::Binding];
        self.step == WizardStep::Test && idle && ways_on.into_iter().any(failed)
    }

    /// Whether the connection was saved without signing in.
    pub fn is_signed_out(&self) -> bool {
        self.first_sync.as_ref().is_some_and(|saved| saved.signed_out)
    }

    /// Whether the connection is being saved just now.
    pub fn is_saving(&self) -> bool {
        matches!(self.saving, Saving::Running(_))
    }
}
