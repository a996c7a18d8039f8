//! One alert out of what several notices told of it, in whatever order they came and however often.

use super::{Alert, Condition, Shape};

impl Alert {
    /// This alert with what another notice of the same alert tells. The details are those of the firing: a Resolved comes
    /// with less of them. Resolved is the end: an alert that fires again is a new one.
    #[must_use]
    pub fn merged(self, other: Self) -> Self {
        let (main, rest) = if self.rank() >= other.rank() { (self, other) } else { (other, self) };
        let mut merged = main;
        merged.fired_at = earliest(merged.fired_at, rest.fired_at);
        merged.resolved_at = merged.resolved_at.max(rest.resolved_at);
        merged.condition = merged.condition.max(rest.condition);
        // What changes while an alert lives is told by the API alone, by its newest state.
        if rest.modified_at > merged.modified_at {
            merged.modified_at = rest.modified_at;
            merged.suppressed = rest.suppressed;
            merged.user_state.clone_from(&rest.user_state);
            merged.severity = rest.severity.or(merged.severity);
        }
        merged.test |= rest.test;
        merged.fill(rest);
        merged
    }

    /// Fills what is empty from another notice.
    fn fill(&mut self, from: Self) {
        self.severity = self.severity.or(from.severity);
        let texts = [
            (&mut self.id, from.id),
            (&mut self.series, from.series),
            (&mut self.event, from.event),
            (&mut self.rule, from.rule),
            (&mut self.rule_id, from.rule_id),
            (&mut self.service, from.service),
            (&mut self.signal, from.signal),
            (&mut self.description, from.description),
            (&mut self.subscription, from.subscription),
            (&mut self.resource_group, from.resource_group),
            (&mut self.resource_type, from.resource_type),
            (&mut self.link, from.link),
            (&mut self.user_state, from.user_state),
        ];
        for (place, text) in texts {
            if place.is_empty() {
                *place = text;
            }
        }
        for (place, list) in [(&mut self.targets, from.targets), (&mut self.items, from.items)] {
            if place.is_empty() {
                *place = list;
            }
        }
        for (place, list) in [(&mut self.dimensions, from.dimensions), (&mut self.details, from.details)] {
            if place.is_empty() {
                *place = list;
            }
        }
        for (name, value) in from.custom {
            self.custom.entry(name).or_insert(value);
        }
    }

    /// Which of two notices tells more: the firing before the end, one with a context before one without.
    fn rank(&self) -> (bool, bool, usize, bool, Option<jiff::Timestamp>, String) {
        let known = self.shape != Shape::Unknown;
        let told = self.details.len() + self.dimensions.len() + self.custom.len();
        let at = self.modified_at.or(self.resolved_at).or(self.fired_at);
        // The last makes it the same whichever comes first.
        (known, self.condition == Condition::Fired, told, self.shape == Shape::Common, at, format!("{self:?}"))
    }
}

fn earliest(one: Option<jiff::Timestamp>, other: Option<jiff::Timestamp>) -> Option<jiff::Timestamp> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
