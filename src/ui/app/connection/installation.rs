//! The installation checklist of a connection as the screen follows it, and the fixing of it.

use std::collections::VecDeque;

use jiff::Timestamp;

use crate::model::check::Status;
use crate::model::checklist::{Checklist, ChecklistItem, ItemId};
use crate::model::confirmation::Confirmation;
use crate::model::fault::Fault;
use crate::model::fix::{Change, Done, Fix};
use crate::model::lang::Lang;
use crate::texts::checklist;
use crate::ui::app::effect::TaskId;
use crate::ui::app::remote::Remote;

/// The tab with the checklist.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Installation {
    /// The checklist as it was last looked at to its end.
    pub whole: Remote<Box<Checklist>>,
    /// The items that the running look has brought so far.
    pub seen: Vec<ChecklistItem>,
    /// The task that looks.
    pub task: Option<TaskId>,
    /// The item in focus.
    pub cursor: usize,
    /// Whether an admin is signed in for this session.
    pub admin: bool,
    /// The fix that is shown, confirmed and made.
    pub fixing: Option<Fixing>,
    /// Lines scrolled out of the item in focus, while it is shown whole.
    pub opened: Option<usize>,
    /// The task that keeps or lets go of what the admin said.
    pub saying: Option<TaskId>,
    /// The look on request that is under way, and at which item.
    pub requesting: Option<(TaskId, ItemId)>,
    /// What was looked at on request, the latest of each.
    pub requested: Vec<ChecklistItem>,
}

/// A fix from its preview to its end, and those that follow.
#[derive(Debug, Clone, PartialEq)]
pub struct Fixing {
    /// Which one.
    pub fix: Fix,
    /// Where it stands.
    pub stage: Stage,
    /// Those that are offered after it.
    pub queue: VecDeque<Fix>,
    /// How many are offered, one after the other.
    pub all: usize,
    /// Lines scrolled out at the top.
    pub top: usize,
}

/// Where a fix stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// Its changes are being looked up.
    Previewing(TaskId),
    /// Its changes wait for a yes.
    Previewed(Vec<Change>),
    /// They are being made.
    Applying(TaskId),
    /// They were made and looked at again.
    Done(Box<Done>),
    /// It went wrong; `applied` tells whether something may have changed.
    #[allow(missing_docs, reason = "the fields are named for what they hold")]
    Failed { fault: Fault, applied: bool },
}

impl Installation {
    /// The items to be shown: those of the running look in the place of older ones.
    pub fn items(&self) -> Vec<&ChecklistItem> {
        let old = self.whole.value().map(|whole| whole.items.as_slice()).unwrap_or_default();
        let newer = |item| self.seen.iter().find(|seen: &&ChecklistItem| is_same(seen, item)).unwrap_or(item);
        let added = self.seen.iter().filter(|seen| !old.iter().any(|item| is_same(seen, item)));
        old.iter().map(newer).chain(added).collect()
    }

    /// The item in focus.
    pub fn focused(&self) -> Option<&ChecklistItem> {
        self.items().get(self.cursor).copied()
    }

    /// The address that is told of the item in focus.
    pub fn link(&self) -> Option<String> {
        self.focused()?.link.as_ref().map(ToString::to_string)
    }

    /// Whether the running look has not come to this item yet.
    pub fn is_awaited(&self, item: &ChecklistItem) -> bool {
        if item.on_request.is_some() {
            return self.requesting.as_ref().is_some_and(|(_, asked)| *asked == item.id);
        }
        self.task.is_some() && !self.seen.iter().any(|seen| is_same(seen, item))
    }

    /// The item in focus, if the admin's word on it may be taken or let go now.
    pub fn sayable(&self) -> Option<&ChecklistItem> {
        let idle = self.task.is_none() && self.saying.is_none();
        self.focused().filter(|item| idle && (item.can_be_confirmed() || item.is_confirmed()))
    }

    /// What may be looked at on request now: the item in focus, else the first there is.
    pub fn requestable(&self) -> Option<&ChecklistItem> {
        let asked = |item: &&ChecklistItem| item.on_request.is_some();
        let found = self.focused().filter(asked).or_else(|| self.items().into_iter().find(asked));
        found.filter(|_| self.task.is_none() && self.requesting.is_none())
    }

    /// Changes an item, wherever it is held.
    pub fn change(&mut self, id: &ItemId, change: impl Fn(&mut ChecklistItem)) {
        let whole = self.whole.value_mut().and_then(|whole| whole.item_mut(id));
        whole.into_iter().chain(self.seen.iter_mut().filter(|item| item.id == *id)).for_each(change);
    }

    /// Takes in that what the admin said was kept.
    pub fn confirmed(&mut self, said: &Confirmation) {
        self.change(&said.item, |item| item.apply_confirmation(said, &said.basis));
    }

    /// Takes in an item that was looked at on request, and brings it into focus.
    pub fn looked_on_request(&mut self, item: ChecklistItem) {
        self.change(&item.id, |held| *held = item.clone());
        self.cursor = self.items().iter().position(|held| held.id == item.id).unwrap_or(self.cursor);
        self.requested.retain(|held| !is_same(held, &item));
        self.requested.push(item);
    }

    /// Moves the focus.
    pub fn move_by(&mut self, lines: isize) {
        let last = self.items().len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(lines).min(last);
    }

    /// The first item that did not pass, else the first of all.
    fn first_open(&self) -> usize {
        self.items().iter().position(|item| item.status != Status::Passed).unwrap_or_default()
    }

    /// What can be fixed of the item in focus.
    pub fn fix(&self) -> Option<&Fix> {
        self.focused().and_then(|item| item.fix.as_ref())
    }

    /// All that can be fixed, in the order in which it must be done.
    pub fn fixes(&self) -> Vec<Fix> {
        self.whole.value().map(|whole| whole.fixes()).unwrap_or_default()
    }

    /// What the product's admin is to be asked, if anything is.
    pub fn letter(&self, lang: Lang) -> Option<String> {
        self.whole.value().and_then(|whole| checklist::letter(lang, whole))
    }

    /// Notes that this task looks; the one that looked before is to be given up.
    pub fn began(&mut self, task: TaskId) -> Option<TaskId> {
        self.whole.ask();
        self.seen.clear();
        self.task.replace(task)
    }

    /// Takes in the whole; items that a failed look had brought are let go with it.
    pub fn ended(&mut self, task: TaskId, answer: Result<Box<Checklist>, Fault>, now: Timestamp) {
        if self.task == Some(task) {
            let is_first = self.whole.value().is_none() && self.cursor == 0;
            self.task = None;
            self.seen.clear();
            self.whole.settle(answer, now);
            if is_first {
                self.cursor = self.first_open();
            }
            for item in self.requested.clone() {
                self.change(&item.id, |held| *held = item.clone());
            }
            self.move_by(0);
        }
    }

    /// Moves in the list, or in the item that is shown whole.
    pub fn step(&mut self, lines: isize) {
        match &mut self.opened {
            // Which line is the last one only the drawing knows.
            Some(top) => *top = top.saturating_add_signed(lines).min(100),
            None => self.move_by(lines),
        }
    }

    /// Shows the item in focus whole.
    pub fn open(&mut self) {
        self.opened = self.focused().map(|_| 0);
    }

    /// Takes in an item of the running look.
    pub fn saw(&mut self, task: TaskId, item: ChecklistItem) {
        if self.task == Some(task) {
            self.seen.retain(|seen| !is_same(seen, &item));
            self.seen.push(item);
        }
    }
}

fn is_same(one: &ChecklistItem, other: &ChecklistItem) -> bool {
    one.id == other.id
}

impl Fixing {
    /// A fix whose changes are being looked up.
    pub fn new(fix: Fix, task: TaskId, queue: VecDeque<Fix>, all: usize) -> Self {
        Self { fix, stage: Stage::Previewing(task), queue, all, top: 0 }
    }

    /// The task of a preview that may be given up; changes under way are let finish.
    pub fn abandonable(&self) -> Option<TaskId> {
        match self.stage {
            Stage::Previewing(task) => Some(task),
            _ => None,
        }
    }

    /// Which one of all that are offered it is, from 1 on.
    pub fn nth(&self) -> usize {
        self.all.saturating_sub(self.queue.len())
    }

    /// Whether its changes are being made.
    pub fn is_applying(&self) -> bool {
        matches!(self.stage, Stage::Applying(_))
    }
}
