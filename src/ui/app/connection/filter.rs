//! The filter panel: kinds, open or closed, states and priorities with their counts; several of each may be chosen.

use crate::model::items::{ItemFilter, KindState};
use crate::model::priority;
use crate::model::summary::Summary;
use crate::model::work_item::{Value, WorkItemKind};

/// The open panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterPanel {
    /// What can be chosen.
    pub choices: Vec<(Choice, u64)>,
    /// The choice in focus.
    pub cursor: usize,
    /// The filter as it will be.
    pub draft: ItemFilter,
}

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
}

impl FilterPanel {
    /// The panel for what a connection holds, showing the filter as it is.
    pub fn new(summary: &Summary, filter: &ItemFilter) -> Self {
        let mut choices = kinds(summary);
        choices.extend(open(summary));
        choices.extend(removed(summary, filter));
        choices.extend(states(summary));
        choices.extend(priorities(summary));
        Self { choices, cursor: 0, draft: filter.clone() }
    }

    /// Moves the focus by so many lines.
    pub fn move_by(&mut self, lines: isize) {
        self.cursor = self.cursor.saturating_add_signed(lines).min(self.choices.len().saturating_sub(1));
    }

    /// Switches the choice in focus on, or off if it was on.
    pub fn toggle(&mut self) {
        if let Some((choice, _)) = self.choices.get(self.cursor) {
            let is_on = choice.holds_in(&self.draft);
            choice.clone().switch(&mut self.draft, !is_on);
        }
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
        }
    }

    /// Whether several of its group may hold at once.
    pub fn is_one_of_several(&self) -> bool {
        !matches!(self, Self::Open(_) | Self::Removed)
    }
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
