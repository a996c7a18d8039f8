//! Alerts by what rules see of them: thousands of firings of a few rules on a few resources are a few kinds.

use std::collections::HashMap;

use super::alert::{Alert, AlertKey};

/// So many kinds are told apart: the values of more would take too much memory and too long to look through.
pub const MOST: usize = 20_000;

/// Kinds of alerts, each with how many alerts are of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlertKinds {
    kinds: Vec<(Alert, u64)>,
    beyond: u64,
}

impl AlertKinds {
    /// Each kind as an alert that has nothing but what rules look at, with how many alerts are of it.
    pub fn iter(&self) -> impl Iterator<Item = (&Alert, u64)> {
        self.kinds.iter().map(|(alert, count)| (alert, *count))
    }

    /// How many of the alerts fit.
    pub fn count(&self, fits: impl Fn(&Alert) -> bool) -> u64 {
        self.iter().filter(|(alert, _)| fits(alert)).map(|(_, count)| count).sum()
    }

    /// How many alerts there are in all kinds.
    pub fn all(&self) -> u64 {
        self.count(|_| true)
    }

    /// How many alerts are of other kinds, beyond [`MOST`].
    pub fn beyond(&self) -> u64 {
        self.beyond
    }
}

/// Sorts alerts into kinds.
#[derive(Debug, Default)]
pub struct KindsFold {
    kinds: AlertKinds,
    /// The places of the kinds, by their texts.
    places: HashMap<String, usize>,
}

impl KindsFold {
    /// Takes one more alert.
    pub fn take(&mut self, alert: Alert) {
        let bare = bare(alert);
        let Ok(seen) = serde_json::to_string(&bare) else { return self.kinds.beyond += 1 };
        let next = self.kinds.kinds.len();
        match self.places.get(&seen).and_then(|at| self.kinds.kinds.get_mut(*at)) {
            Some((_, count)) => *count += 1,
            None if next == MOST => self.kinds.beyond += 1,
            None => {
                self.places.insert(seen, next);
                self.kinds.kinds.push((bare, 1));
            }
        }
    }

    /// The kinds of all that were taken.
    pub fn end(self) -> AlertKinds {
        self.kinds
    }
}

impl FromIterator<Alert> for AlertKinds {
    fn from_iter<T: IntoIterator<Item = Alert>>(alerts: T) -> Self {
        let mut fold = KindsFold::default();
        alerts.into_iter().for_each(|alert| fold.take(alert));
        fold.end()
    }
}

/// What rules look at.
fn bare(alert: Alert) -> Alert {
    let Alert { severity, subscription, resource_group, resource_type, rule, rule_id, service, custom, .. } = alert;
    let (targets, items) = (alert.targets, alert.items);
    Alert {
        severity,
        subscription,
        resource_group,
        resource_type,
        rule,
        rule_id,
        service,
        custom,
        targets,
        items,
        ..Alert::new(AlertKey::stored(""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::alert::Severity;

    fn of(key: &str, rule: &str) -> Alert {
        let description = format!("a long text about {key}");
        Alert { rule: rule.to_owned(), description, ..Alert::new(AlertKey::hashed(key)) }
    }

    #[test]
    fn alerts_that_rules_see_alike_are_one_kind() {
        let severe = Alert { severity: Some(Severity::ALL[0]), ..of("d", "cpu") };
        let kinds: AlertKinds = [of("a", "cpu"), of("b", "disk"), of("c", "cpu"), severe].into_iter().collect();
        let told: Vec<_> = kinds.iter().map(|(alert, count)| (alert.rule.as_str(), count)).collect();
        assert_eq!(told, [("cpu", 2), ("disk", 1), ("cpu", 1)]);
        assert_eq!((kinds.all(), kinds.beyond()), (4, 0));
        assert_eq!(kinds.count(|alert| alert.rule == "cpu"), 3);
        assert!(kinds.iter().all(|(alert, _)| alert.description.is_empty()), "no text is kept");
    }

    #[test]
    fn kinds_beyond_the_most_are_counted() {
        let rules = (0..MOST + 3).map(|number| of("a", &format!("rule {number}")));
        let kinds: AlertKinds = rules.chain([of("b", "rule 0")]).collect();
        assert_eq!((kinds.iter().count(), kinds.all(), kinds.beyond()), (MOST, MOST as u64 + 1, 3));
    }
}
