//! The second step: the subscription and the workspace, from a list or typed.

use crate::model::azure_id::{is_group, is_guid, is_workspace};
use crate::model::fault::Fault;
use crate::model::workspace::Workspace;
use crate::model::workspace_run::{Found, Subscription};
use crate::ui::app::effect::TaskId;
use crate::ui::app::input::{self, Edit};
use crate::ui::app::picker::{Picker, PickerEntry, pasteable};
use crate::ui::app::remote::Remote;

/// The place as it is being chosen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Place {
    /// What is in front.
    pub stage: PlaceStage,
    /// The subscriptions that the sign-in may see.
    pub subscriptions: Remote<Vec<Subscription>>,
    /// The workspaces of the one that was chosen.
    pub workspaces: Remote<Vec<Found>>,
    /// The task that reads a list.
    pub task: Option<TaskId>,
    /// The filter of the list in front, and its entry in focus.
    pub picker: Picker,
    /// What was typed instead: subscription, resource group, workspace.
    pub typed: [String; 3],
    /// The line in focus there, and the cursor's byte in it.
    pub line: (usize, usize),
    /// Whether what was typed was given on, and did not fit.
    pub refused: bool,
    /// What kept the workspace from being saved.
    pub fault: Option<Fault>,
}

/// What is in front.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PlaceStage {
    /// The list of subscriptions.
    #[default]
    Subscriptions,
    /// The list of workspaces.
    Workspaces,
    /// The lines that are typed.
    Typed,
    /// The workspace is looked for and saved.
    Adding(TaskId),
}

impl Place {
    /// With what a saved workspace says.
    pub fn of(workspace: &Workspace) -> Self {
        let typed = [&workspace.subscription, &workspace.resource_group, &workspace.workspace].map(Clone::clone);
        Self { typed, ..Self::default() }
    }

    /// The entries of the list in front: a name, and what tells it from others of that name.
    pub fn entries(&self) -> Vec<PickerEntry> {
        match self.stage {
            PlaceStage::Subscriptions => {
                let all = self.subscriptions.value().into_iter().flatten();
                all.map(|one| (one.name.clone(), one.id.clone())).collect()
            }
            PlaceStage::Workspaces => {
                let all = self.workspaces.value().into_iter().flatten();
                all.map(|one| (one.name.clone(), format!("{}, {}", one.group, one.location))).collect()
            }
            PlaceStage::Typed | PlaceStage::Adding(_) => Vec::new(),
        }
    }

    /// The places, among all entries, of those that are shown.
    pub fn shown(&self) -> Vec<usize> {
        self.picker.shown(&self.entries()).into_iter().map(|(nth, _)| nth).collect()
    }

    /// Whether a list is in front.
    pub fn is_list(&self) -> bool {
        matches!(self.stage, PlaceStage::Subscriptions | PlaceStage::Workspaces)
    }

    /// What went wrong in reading the list in front.
    pub fn list_fault(&self) -> Option<&Fault> {
        match self.stage {
            PlaceStage::Subscriptions => self.subscriptions.fault(),
            PlaceStage::Workspaces => self.workspaces.fault(),
            PlaceStage::Typed | PlaceStage::Adding(_) => None,
        }
    }

    /// Goes to another stage, with an empty filter.
    pub fn show(&mut self, stage: PlaceStage) {
        (self.stage, self.picker, self.refused) = (stage, Picker::default(), false);
        self.line = (0, self.typed[0].len());
    }

    /// Moves the focus.
    pub fn move_by(&mut self, by: isize) {
        if self.stage == PlaceStage::Typed {
            let line = self.line.0.saturating_add_signed(by).min(self.typed.len() - 1);
            self.line = (line, self.typed[line].len());
            return;
        }
        let shown = self.shown().len();
        self.picker.move_by(by, shown);
    }

    /// Edits the filter, or the line in focus.
    pub fn edit(&mut self, edit: &Edit) {
        self.change(|text, at| input::apply(text, at, edit));
    }

    /// Takes a paste as one event.
    pub fn paste(&mut self, pasted: &str) {
        let pasted = pasteable(pasted);
        self.change(|text, at| input::paste(text, at, &pasted).0);
    }

    fn change(&mut self, change: impl FnOnce(&mut String, usize) -> usize) {
        match self.stage {
            PlaceStage::Subscriptions | PlaceStage::Workspaces => self.picker.change(change),
            PlaceStage::Typed => {
                self.line.1 = change(&mut self.typed[self.line.0], self.line.1);
                (self.refused, self.fault) = (false, None);
            }
            PlaceStage::Adding(_) => {}
        }
    }

    /// Whether a typed line fits.
    pub fn fits(&self, line: usize) -> bool {
        let text = self.typed[line].trim();
        match line {
            0 => is_guid(text),
            1 => is_group(text),
            _ => is_workspace(text),
        }
    }

    /// Puts the place into the settings of a workspace.
    pub fn write(&self, workspace: &mut Workspace) {
        let [subscription, group, name] = self.typed.each_ref().map(|text| text.trim().to_owned());
        workspace.subscription = subscription.to_lowercase();
        (workspace.resource_group, workspace.workspace) = (group, name);
    }
}
