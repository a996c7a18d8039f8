//! The filter panel: kinds, open or closed, states and priorities with their counts; one of each may be chosen.

use crate::model::items::ItemFilter;
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
    /// Only this kind.
    Kind(WorkItemKind),
    /// Only open ones, or only closed ones.
    Open(bool),
    /// Only those that are gone from the product.
    Removed,
    /// Only this state of this kind: the same value means other things in other kinds.
    State(WorkItemKind, Value),
    /// Only this priority.
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
        self.draft = ItemFilter { find: std::mem::take(&mut self.draft.find), ..ItemFilter::default() };
    }
}

impl Choice {
    /// Whether the filter asks for this.
    pub fn holds_in(&self, filter: &ItemFilter) -> bool {
        match self {
            Self::Kind(kind) => filter.kind == Some(*kind),
            Self::Open(open) => filter.open == Some(*open),
            Self::Removed => filter.removed == Some(true),
            Self::State(kind, state) => filter.kind == Some(*kind) && filter.state.as_deref() == Some(&*state.value),
            Self::Priority(priority) => filter.priority.as_deref() == Some(&*priority.value),
        }
    }

    fn switch(self, filter: &mut ItemFilter, on: bool) {
        match self {
            Self::Kind(kind) => (filter.kind, filter.state) = (on.then_some(kind), None),
            // A removed item is neither open nor closed any more.
            Self::Open(open) => (filter.open, filter.removed) = (on.then_some(open), None),
            Self::Removed => (filter.open, filter.removed) = (None, on.then_some(true)),
            Self::State(kind, state) if on => (filter.kind, filter.state) = (Some(kind), Some(state.value)),
            Self::State(..) => filter.state = None,
            Self::Priority(priority) => filter.priority = on.then_some(priority.value),
        }
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

/// How a state reads, for a filter that holds only its value; the value itself where no count knows it.
pub fn state_label<'a>(summary: Option<&'a Summary>, filter: &'a ItemFilter) -> Option<&'a str> {
    let value = filter.state.as_deref()?;
    let kinds = summary.into_iter().flat_map(|summary| &summary.kinds);
    let mut states = kinds
        .filter(|(kind, _)| filter.kind.is_none_or(|wanted| wanted == **kind))
        .flat_map(|(_, counts)| &counts.by_state);
    Some(states.find(|(state, _)| state.value == value).map_or(value, |(state, _)| state.shown()))
}

/// How a priority reads, in the same way.
pub fn priority_label<'a>(summary: Option<&'a Summary>, filter: &'a ItemFilter) -> Option<&'a str> {
    let value = filter.priority.as_deref()?;
    let mut priorities =
        summary.into_iter().flat_map(|summary| summary.kinds.values()).flat_map(|counts| &counts.by_priority);
    Some(priorities.find(|(priority, _)| priority.value == value).map_or(value, |(priority, _)| priority.shown()))
}
