//! The panel that filters alerts: by state, and by what became of them.

use crate::model::alert::Condition;
use crate::model::alert_plan::Verdict;
use crate::model::alert_view::{AlertQuery, OutcomeFilter};

/// The open panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertPanel {
    /// The line in focus.
    pub cursor: usize,
    /// The filter as it will be.
    pub draft: AlertQuery,
}

/// A line of the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Only in this condition, or in any.
    Condition(Option<Condition>),
    /// Only with this outcome.
    Outcome(OutcomeFilter),
}

impl Choice {
    /// Every line, in order.
    pub fn all() -> Vec<Self> {
        let conditions = [None, Some(Condition::Fired), Some(Condition::Resolved)].map(Self::Condition);
        use OutcomeFilter::{Any, Troubled, Waiting, WithTicket, WithoutTicket};
        let groups = [Any, WithTicket, Troubled, WithoutTicket, Waiting].map(Self::Outcome);
        let verdicts = Verdict::ALL.into_iter().filter(|verdict| *verdict != Verdict::Unchanged);
        let each = verdicts.map(|verdict| Self::Outcome(OutcomeFilter::Is(verdict)));
        conditions.into_iter().chain(groups).chain(each).collect()
    }

    /// Whether a filter holds it.
    pub fn holds_in(self, query: &AlertQuery) -> bool {
        match self {
            Self::Condition(condition) => query.condition == condition,
            Self::Outcome(outcome) => query.outcome == outcome,
        }
    }
}

impl AlertPanel {
    /// The panel showing a filter as it is.
    pub fn new(query: &AlertQuery) -> Self {
        Self { cursor: 0, draft: query.clone() }
    }

    /// The same with the focus on this choice.
    pub fn at(query: &AlertQuery, choice: Choice) -> Self {
        let cursor = Choice::all().iter().position(|one| *one == choice).unwrap_or_default();
        Self { cursor, draft: query.clone() }
    }

    /// Moves the focus by so many lines.
    pub fn move_by(&mut self, lines: isize) {
        self.cursor = self.cursor.saturating_add_signed(lines).min(Choice::all().len() - 1);
    }

    /// Chooses the line in focus.
    pub fn choose(&mut self) {
        match Choice::all().get(self.cursor) {
            Some(Choice::Condition(condition)) => self.draft.condition = *condition,
            Some(Choice::Outcome(outcome)) => self.draft.outcome = *outcome,
            None => {}
        }
    }
}
