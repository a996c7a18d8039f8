//! The set-up wizard: partner, prerequisites, details, test, review, first sync.

use super::key::Key;
use super::keymap::Binding;
use super::model::Model;

/// The state of the wizard.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wizard {}

/// What can be asked for in the wizard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WizardAction {
    /// Go on to the next step.
    Continue,
}

/// The keys of the wizard.
pub fn bindings(_model: &Model, _screen: &Wizard) -> Vec<Binding> {
    Vec::new()
}

/// What a key edits, where a text field has the focus.
pub fn typed(_screen: &Wizard, _key: Key) -> Option<WizardAction> {
    None
}
