//! The wizard: how keys and answers change it.

mod checklist;
mod details;
mod first_sync;
mod live_test;
mod opening;
mod review;
mod steps;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::ui::app::effect::{Effect, Job, TaskId};
use crate::ui::app::message::Outcome;
use crate::ui::app::model::{Model, Notice, Screen};
use crate::ui::app::wizard::step::WizardStep;
use crate::ui::app::wizard::{Opening, Saving, Wizard, WizardAction};

pub use self::checklist::saw;
pub use self::first_sync::configured;
pub use self::opening::{open, start_over};
pub use self::review::save_signed_out;

/// Does what was asked for in the wizard.
pub fn act(model: &mut Model, action: WizardAction) -> Vec<Effect> {
    match action {
        WizardAction::Continue => steps::go_on(model),
        WizardAction::Move(by) => steps::move_focus(model, by),
        WizardAction::Scroll(by) => steps::scroll(model, by),
        WizardAction::Toggle => steps::toggle(model),
        WizardAction::NextField => details::next_field(model),
        WizardAction::PreviousField => details::previous_field(model),
        WizardAction::Choice(by) => details::choose(model, by),
        WizardAction::Edit(edit) => details::edit(model, &edit),
        WizardAction::Reveal => details::reveal(model),
        WizardAction::Retest => live_test::again(model),
        WizardAction::RetestAll => live_test::all_again(model),
        WizardAction::GoToField => live_test::go_to_field(model),
        WizardAction::StartOver => opening::ask_to_start_over(model),
        WizardAction::SyncAgain => first_sync::again(model),
        WizardAction::Checklist => first_sync::to_checklist(model),
        WizardAction::AdminSignIn => checklist::sign_in(model),
        WizardAction::SaveSignedOut => review::ask_to_save_signed_out(model),
        WizardAction::LookAgain => checklist::look(model),
        WizardAction::Say => checklist::say(model),
        WizardAction::OpenItem => checklist::open(model),
        WizardAction::CopyRequest => checklist::copy_request(model),
    }
}

/// One step back; never loses input.
pub fn back(model: &mut Model) -> Vec<Effect> {
    steps::back(model)
}

/// A paste into the field in focus, as one event: it never submits.
pub fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    details::paste(model, text)
}

/// The first sync ended: its report is the connection's own, which the step shows.
pub fn synced(_model: &mut Model, _name: &ConnectionName) -> Vec<Effect> {
    Vec::new()
}

/// Keeps the draft now, or once the one before it is kept.
fn keep_in_turn(model: &mut Model) -> Vec<Effect> {
    let busy = in_front(model).is_some_and(|wizard| wizard.keeping.is_some());
    if busy { Vec::new() } else { keep_draft(model) }
}

/// The draft was kept: whatever changed meanwhile is next; a connection that was saved needs none any more.
fn kept(model: &mut Model, task: TaskId) -> Vec<Effect> {
    let Some(wizard) = in_front(model).filter(|wizard| wizard.keeping == Some(task)) else {
        return Vec::new();
    };
    if wizard.is_saved() {
        return drop_late_draft(model);
    }
    wizard.keeping = None;
    keep_draft(model)
}

/// Drops the draft of a saved connection that was still being kept when it was saved.
fn drop_late_draft(model: &mut Model) -> Vec<Effect> {
    let late = in_front(model).is_some_and(|wizard| wizard.is_saved() && wizard.keeping.take().is_some());
    if late { vec![model.run(Job::DropDraft).1] } else { Vec::new() }
}

/// The effects that keep the draft before the wizard is left, when it is in front and there is something new to
/// keep.
pub fn keep_draft(model: &mut Model) -> Vec<Effect> {
    let Some(draft) = in_front(model).and_then(|wizard| wizard.draft()) else {
        return Vec::new();
    };
    if in_front(model).is_some_and(|wizard| wizard.kept.as_ref() == Some(&draft)) {
        return Vec::new();
    }
    let (task, effect) = model.run(Job::SaveDraft(draft.clone()));
    if let Some(wizard) = in_front(model) {
        wizard.kept = Some(draft);
        wizard.keeping = Some(task);
    }
    vec![effect]
}

/// Takes in what a task of the wizard brought; what it does not wait for it ignores.
pub fn settle(model: &mut Model, task: TaskId, outcome: Outcome) -> Vec<Effect> {
    match outcome {
        Outcome::Draft(answer) => opening::opened(model, task, answer),
        Outcome::Step(step) => live_test::ended(model, task, *step),
        Outcome::Saved(answer) => review::saved(model, task, answer),
        Outcome::Done => kept(model, task),
        Outcome::Failed(fault) => failed(model, task, fault),
        Outcome::Confirmed(_) | Outcome::Withdrawn(_) => {
            checklist::answered(model, task, outcome);
            Vec::new()
        }
        Outcome::Checklist(answer) => {
            checklist::ended(model, task, answer);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn failed(model: &mut Model, task: TaskId, fault: Fault) -> Vec<Effect> {
    let Some(wizard) = in_front(model) else {
        return Vec::new();
    };
    if wizard.opening == Opening::Loading(task) {
        opening::opened(model, task, Err(fault))
    } else if wizard.saving == Saving::Running(task) {
        review::saved(model, task, Err(fault))
    } else if wizard.keeping == Some(task) && wizard.is_saved() {
        drop_late_draft(model)
    } else if wizard.keeping == Some(task) {
        not_kept(model, fault)
    } else {
        checklist::broke(model, task, fault.clone());
        live_test::broke(model, task, fault)
    }
}

/// The draft could not be kept: said, and tried again with the next occasion.
fn not_kept(model: &mut Model, fault: Fault) -> Vec<Effect> {
    if let Some(wizard) = in_front(model) {
        wizard.kept = None;
        wizard.keeping = None;
    }
    model.notice = Some(Notice::Fault(fault));
    Vec::new()
}

/// The command that does what this step does, without the program's name. It never holds a secret.
pub fn command(wizard: &Wizard) -> String {
    let name = wizard.name();
    let partner = wizard.spec.as_ref().map_or("servicenow", |spec| spec.id.as_str());
    let file = name.as_ref().map_or(partner, ConnectionName::as_str);
    let name = name.as_ref().map_or("NAME", ConnectionName::as_str);
    match wizard.step {
        WizardStep::Partner | WizardStep::Prerequisites => format!("connection template {partner} > {file}.toml"),
        WizardStep::Details | WizardStep::Review => format!("connection add --file {file}.toml"),
        WizardStep::Test => format!("connection test {name}"),
        WizardStep::Checklist => format!("checklist {name}"),
        WizardStep::FirstSync => format!("sync {name}"),
    }
}

impl Wizard {
    /// Whether a typed secret would be lost by leaving.
    pub fn holds_secrets(&self) -> bool {
        self.first_sync.is_none() && self.details.holds_secrets()
    }
}

fn in_front(model: &mut Model) -> Option<&mut Wizard> {
    match &mut model.screen {
        Screen::Wizard(wizard) => Some(wizard),
        Screen::Dashboard(_) | Screen::Connection(_) => None,
    }
}
