//! The filter panel: kinds, open or closed, states, priorities, groups and assignees with their counts, of which several may be
//! chosen, and since when items were opened. What is typed narrows the choices.

use jiff::Timestamp;

use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::model::items::{Assigned, ItemFilter, KindState};
use crate::model::lang::Lang;
use crate::model::priority;
use crate::model::summary::Summary;
use crate::model::work_item::{Value, WorkItemKind};
use crate::texts::{connection as texts, dashboard, time};
use crate::ui::app::effect::TaskId;
use crate::ui::app::input::{self, Edit};

/// The open panel.
#[derive(Debug, Clone, PartialEq)]
pub struct FilterPanel {
    /// What can be chosen, with how many items have it where that is known.
    pub choices: Vec<(Choice, Option<u64>)>,
    /// The choice in focus, among those that are shown.
    pub cursor: usize,
    /// The filter as it will be.
    pub draft: ItemFilter,
    /// Words that choices must have to be shown.
    pub find: String,
    /// The cursor's byte in them, while they are typed.
    pub typing: Option<usize>,
    /// The task that reads the groups and assignees.
    pub task: Option<TaskId>,
    /// Why they could not be read.
    pub fault: Option<Fault>,
}

/// The days of which the first ones are offered: today, a week, a month.
const DAYS: [u32; 3] = [0, 6, 29];

/// One line of the panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// This kind.
    Kind(WorkItemKind),
    /// Only open ones, or only closed ones.
    Open(bool),
    /// Only those that are gone from the product.
    Removed,
    /// This state of this kind: the same value means other things in other kinds.
    State(WorkItemKind, Value),
    /// This priority.
    Priority(Value),
    /// Opened since this moment: the beginning of the day that lies so many days back, where it is one of those that are offered.
    Opened(Option<u32>, Timestamp),
    /// This group; the empty name for none.
    Group(String),
    /// This assignee; the empty name for nobody.
    Assignee(String),
}

impl FilterPanel {
    /// The panel for what a connection holds, showing the filter as it is. Groups and assignees are yet to come.
    pub fn new(summary: &Summary, filter: &ItemFilter, now: Timestamp) -> Self {
        let mut counted = kinds(summary);
        counted.extend(open(summary));
        counted.extend(removed(summary, filter));
        counted.extend(states(summary));
        counted.extend(priorities(summary));
        let mut choices: Vec<_> = counted.into_iter().map(|(choice, count)| (choice, Some(count))).collect();
        choices.extend(opened(filter, now).into_iter().map(|choice| (choice, None)));
        Self { choices, cursor: 0, draft: filter.clone(), find: String::new(), typing: None, task: None, fault: None }
    }

    /// Takes in the groups and assignees; those that are chosen are offered even where no item has them any more.
    pub fn assigned(&mut self, assigned: Assigned) {
        let named = |known: Vec<(String, u64)>, chosen: &[String], choice: fn(String) -> Choice| {
            let gone = chosen.iter().filter(|name| known.iter().all(|(other, _)| other != *name));
            let gone: Vec<_> = gone.map(|name| (name.clone(), 0)).collect();
            known.into_iter().chain(gone).map(move |(name, count)| (choice(name), Some(count))).collect::<Vec<_>>()
        };
        self.choices.extend(named(assigned.groups, &self.draft.groups, Choice::Group));
        self.choices.extend(named(assigned.assignees, &self.draft.assignees, Choice::Assignee));
    }

    /// The choices that have every word that was typed.
    pub fn shown(&self, lang: Lang) -> Vec<&(Choice, Option<u64>)> {
        let words: Vec<_> = self.find.split_whitespace().map(str::to_lowercase).collect();
        let fits = |choice: &Choice| {
            let label = if words.is_empty() { String::new() } else { choice.label(lang).to_lowercase() };
            words.iter().all(|word| label.contains(word))
        };
        self.choices.iter().filter(|(choice, _)| fits(choice)).collect()
    }

    /// Moves the focus by so many lines.
    pub fn move_by(&mut self, lang: Lang, lines: isize) {
        self.cursor = self.cursor.saturating_add_signed(lines).min(self.shown(lang).len().saturating_sub(1));
    }

    /// Switches the choice in focus on, or off if it was on.
    pub fn toggle(&mut self, lang: Lang) {
        if let Some((choice, _)) = self.shown(lang).get(self.cursor) {
            let (choice, is_on) = (choice.clone(), choice.holds_in(&self.draft));
            choice.switch(&mut self.draft, !is_on);
        }
    }

    /// Begins to type words.
    pub fn find(&mut self) {
        (self.find, self.typing, self.cursor) = (String::new(), Some(0), 0);
    }

    /// Edits the words; the first choice that has them is in focus then.
    pub fn edit(&mut self, edit: &Edit) {
        self.change(|find, at| input::apply(find, at, edit));
    }

    /// A paste into the words.
    pub fn paste(&mut self, text: &str) {
        self.change(|find, at| input::paste(find, at, text).0);
    }

    fn change(&mut self, change: impl FnOnce(&mut String, usize) -> usize) {
        if let Some(at) = self.typing {
            self.typing = Some(change(&mut self.find, at));
            self.cursor = 0;
        }
    }

    /// Leaves the words, and shows every choice again. Whether they were being typed.
    pub fn stop_typing(&mut self) -> bool {
        let was_typing = self.typing.take().is_some();
        if was_typing {
            (self.find, self.cursor) = (String::new(), 0);
        }
        was_typing
    }

    /// Switches every choice off.
    pub fn clear(&mut self) {
        let (find, sort) = (std::mem::take(&mut self.draft.find), self.draft.sort);
        self.draft = ItemFilter { find, sort, ..ItemFilter::default() };
    }
}

impl Choice {
    /// Whether the filter asks for this.
    pub fn holds_in(&self, filter: &ItemFilter) -> bool {
        match self {
            Self::Kind(kind) => filter.kinds.contains(kind),
            Self::Open(open) => filter.open == Some(*open),
            Self::Removed => filter.removed == Some(true),
            Self::State(kind, state) => filter.states.contains(&of_kind(*kind, state)),
            Self::Priority(priority) => filter.priorities.contains(&priority.value),
            Self::Opened(_, since) => filter.opened_since == Some(*since),
            Self::Group(name) => filter.groups.contains(name),
            Self::Assignee(name) => filter.assignees.contains(name),
        }
    }

    /// How it reads.
    pub fn label(&self, lang: Lang) -> String {
        match self {
            Self::Kind(kind) => dashboard::kinds(lang, *kind).to_owned(),
            Self::Open(true) => texts::only_open(lang).to_owned(),
            Self::Open(false) => texts::only_closed(lang).to_owned(),
            Self::Removed => texts::only_removed(lang).to_owned(),
            Self::State(_, value) | Self::Priority(value) => clean(value.shown(), false),
            Self::Opened(Some(0), _) => texts::opened_today(lang).to_owned(),
            Self::Opened(Some(days), _) => texts::opened_past(lang, days + 1),
            Self::Opened(None, since) => texts::opened_since(lang, &time::date(lang, *since)),
            Self::Group(name) => group_label(lang, name),
            Self::Assignee(name) => assignee_label(lang, name),
        }
    }

    fn switch(self, filter: &mut ItemFilter, on: bool) {
        match self {
            Self::Kind(kind) => {
                put(&mut filter.kinds, kind, on);
                // Without its kind a state would bring the kind back.
                filter.states.retain(|state| on || state.kind != kind);
            }
            // A removed item is neither open nor closed any more.
            Self::Open(open) => (filter.open, filter.removed) = (on.then_some(open), None),
            Self::Removed => (filter.open, filter.removed) = (None, on.then_some(true)),
            Self::State(kind, state) => {
                put(&mut filter.states, of_kind(kind, &state), on);
                if on {
                    put(&mut filter.kinds, kind, true);
                }
            }
            Self::Priority(priority) => put(&mut filter.priorities, priority.value, on),
            Self::Opened(_, since) => (filter.opened_since, filter.opened_before) = (on.then_some(since), None),
            Self::Group(name) => put(&mut filter.groups, name, on),
            Self::Assignee(name) => put(&mut filter.assignees, name, on),
        }
    }

    /// Whether several of its group may hold at once.
    pub fn is_one_of_several(&self) -> bool {
        !matches!(self, Self::Open(_) | Self::Removed | Self::Opened(..))
    }
}

/// How a group reads.
pub fn group_label(lang: Lang, name: &str) -> String {
    if name.is_empty() { texts::no_group(lang).to_owned() } else { clean(name, false) }
}

/// How an assignee reads.
pub fn assignee_label(lang: Lang, name: &str) -> String {
    if name.is_empty() { texts::nobody(lang).to_owned() } else { clean(name, false) }
}

/// Since when items were opened: a few days, and what is chosen already.
fn opened(filter: &ItemFilter, now: Timestamp) -> Vec<Choice> {
    let mut all: Vec<_> = DAYS.iter().map(|days| Choice::Opened(Some(*days), time::day_before(now, *days))).collect();
    if let Some(since) = filter.opened_since.filter(|_| !all.iter().any(|choice| choice.holds_in(filter))) {
        all.push(Choice::Opened(None, since));
    }
    all
}

fn of_kind(kind: WorkItemKind, state: &Value) -> KindState {
    KindState { kind, value: state.value.clone() }
}

/// Puts a choice among others, or takes it out.
fn put<T: Ord>(chosen: &mut Vec<T>, choice: T, on: bool) {
    chosen.retain(|other| *other != choice);
    if on {
        chosen.push(choice);
        chosen.sort();
    }
}

fn kinds(summary: &Summary) -> Vec<(Choice, u64)> {
    summary.kinds.iter().map(|(kind, counts)| (Choice::Kind(*kind), counts.total)).collect()
}

fn open(summary: &Summary) -> Vec<(Choice, u64)> {
    let total: u64 = summary.kinds.values().map(|counts| counts.total).sum();
    let open: u64 = summary.kinds.values().map(|counts| counts.open).sum();
    vec![(Choice::Open(true), open), (Choice::Open(false), total.saturating_sub(open))]
}

/// Offered where there are some, or where they are asked for.
fn removed(summary: &Summary, filter: &ItemFilter) -> Option<(Choice, u64)> {
    let count = summary.kinds.values().map(|counts| counts.removed).sum();
    (count > 0 || filter.removed == Some(true)).then_some((Choice::Removed, count))
}

fn states(summary: &Summary) -> Vec<(Choice, u64)> {
    let of = |(kind, state, count): (WorkItemKind, &Value, u64)| (Choice::State(kind, state.clone()), count);
    let all = summary
        .kinds
        .iter()
        .flat_map(|(kind, counts)| counts.by_state.iter().map(|(state, count)| (*kind, state, *count)));
    all.map(of).collect()
}

fn priorities(summary: &Summary) -> Vec<(Choice, u64)> {
    let mut merged: Vec<(Value, u64)> = Vec::new();
    for (priority, count) in summary.kinds.values().flat_map(|counts| &counts.by_priority) {
        match merged.iter_mut().find(|(known, _)| known.value == priority.value) {
            Some((_, sum)) => *sum += count,
            None => merged.push((priority.clone(), *count)),
        }
    }
    priority::sort(&mut merged);
    merged.into_iter().map(|(priority, count)| (Choice::Priority(priority), count)).collect()
}

/// How the states read, for a filter that holds only their values; the value itself where no count knows it.
pub fn state_labels(summary: Option<&Summary>, filter: &ItemFilter) -> Vec<String> {
    let label = |state: &KindState| {
        let counts = summary.and_then(|summary| summary.kinds.get(&state.kind));
        let mut known = counts.into_iter().flat_map(|counts| &counts.by_state);
        known
            .find(|(known, _)| known.value == state.value)
            .map_or(state.value.clone(), |(known, _)| known.shown().into())
    };
    unique(filter.states.iter().map(label))
}

/// How the priorities read, in the same way.
pub fn priority_labels(summary: Option<&Summary>, filter: &ItemFilter) -> Vec<String> {
    let label = |value: &String| {
        let kinds = summary.into_iter().flat_map(|summary| summary.kinds.values());
        let mut known = kinds.flat_map(|counts| &counts.by_priority);
        known.find(|(known, _)| known.value == *value).map_or(value.clone(), |(known, _)| known.shown().into())
    };
    unique(filter.priorities.iter().map(label))
}

/// Each once: two kinds may have a state of the same name.
fn unique(labels: impl Iterator<Item = String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    labels.for_each(|label| {
        if !all.contains(&label) {
            all.push(label);
        }
    });
    all
}
