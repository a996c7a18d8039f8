//! The second step: the subscription and the workspace, from a list or typed.

use crate::model::azure_id::{is_group, is_guid, is_workspace};
use crate::model::clean::is_unsafe;
use crate::model::fault::Fault;
use crate::model::workspace::Workspace;
use crate::model::workspace_run::{Found, Subscription};
use crate::ui::app::effect::TaskId;
use crate::ui::app::input::{self, Edit};
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
    /// The words that entries must hold to be shown.
    pub find: String,
    /// The cursor's byte in them.
    pub cursor: usize,
    /// The entry in focus, among those that are shown.
    pub focus: usize,
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

    /// The entries of the list in front that hold every word: a name, and what tells it from others of that name.
    pub fn shown(&self) -> Vec<(usize, String, String)> {
        let all: Vec<(String, String)> = match self.stage {
            PlaceStage::Subscriptions => {
                let all = self.subscriptions.value().into_iter().flatten();
                all.map(|one| (one.name.clone(), one.id.clone())).collect()
            }
            PlaceStage::Workspaces => {
                let all = self.workspaces.value().into_iter().flatten();
                all.map(|one| (one.name.clone(), format!("{}, {}", one.group, one.location))).collect()
            }
            PlaceStage::Typed | PlaceStage::Adding(_) => Vec::new(),
        };
        let words: Vec<_> = self.find.split_whitespace().map(str::to_lowercase).collect();
        let fits = |name: &str, more: &str| {
            let whole = format!("{name} {more}").to_lowercase();
            words.iter().all(|word| whole.contains(word))
        };
        let numbered = all.into_iter().enumerate().map(|(nth, (name, more))| (nth, name, more));
        numbered.filter(|(_, name, more)| fits(name, more)).collect()
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
        (self.stage, self.focus, self.cursor, self.refused) = (stage, 0, 0, false);
        self.find.clear();
        self.line = (0, self.typed[0].len());
    }

    /// Moves the focus.
    pub fn move_by(&mut self, by: isize) {
        if self.stage == PlaceStage::Typed {
            let line = self.line.0.saturating_add_signed(by).min(self.typed.len() - 1);
            self.line = (line, self.typed[line].len());
            return;
        }
        let last = self.shown().len().saturating_sub(1);
        self.focus = self.focus.saturating_add_signed(by).min(last);
    }

    /// Edits the filter, or the line in focus.
    pub fn edit(&mut self, edit: &Edit) {
        self.change(|text, at| input::apply(text, at, edit));
    }

    /// Takes a paste as one event.
    pub fn paste(&mut self, pasted: &str) {
        let pasted: String = pasted.chars().filter(|c| c.is_control() || !is_unsafe(*c)).collect();
        self.change(|text, at| input::paste(text, at, &pasted).0);
    }

    fn change(&mut self, change: impl FnOnce(&mut String, usize) -> usize) {
        match self.stage {
            PlaceStage::Subscriptions | PlaceStage::Workspaces => {
                self.cursor = change(&mut self.find, self.cursor);
                self.focus = 0;
            }
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
