//! The wizard.

use crate::app::effect::{Effect, TaskId};
use crate::app::message::Outcome;
use crate::app::model::Model;
use crate::app::wizard::{Wizard, WizardAction};
use crate::model::connection::ConnectionName;

/// Opens the wizard: a draft that is kept is asked for first.
pub fn open(_model: &mut Model) -> Vec<Effect> {
    Vec::new()
}

/// Begins anew, without the draft.
pub fn start_over(_model: &mut Model) -> Vec<Effect> {
    Vec::new()
}

/// Does what was asked for in the wizard.
pub fn act(_model: &mut Model, _action: WizardAction) -> Vec<Effect> {
    Vec::new()
}

/// One step back; never loses input.
pub fn back(_model: &mut Model) -> Vec<Effect> {
    Vec::new()
}

/// A paste into the field in focus.
pub fn paste(_model: &mut Model, _text: &str) -> Vec<Effect> {
    Vec::new()
}

/// The first sync ended.
pub fn synced(_model: &mut Model, _name: &ConnectionName) -> Vec<Effect> {
    Vec::new()
}

/// The effects that keep the draft, when the wizard is in front.
pub fn keep_draft(_model: &mut Model) -> Vec<Effect> {
    Vec::new()
}

/// Takes in what a task of the wizard brought.
pub fn settle(_model: &mut Model, _task: TaskId, _outcome: Outcome) -> Vec<Effect> {
    Vec::new()
}

/// The command that does what this step does, without the program's name.
pub fn command(_wizard: &Wizard) -> String {
    "connection template servicenow".to_owned()
}

impl Wizard {
    /// Whether a typed secret would be lost by leaving.
    pub fn holds_secrets(&self) -> bool {
        false
    }
}
