//! The list that is open over a line: values of the stored alerts, or records of the product.

use std::collections::BTreeMap;

use super::field::RuleField as F;
use super::form::RuleForm;
use crate::model::alert::{Alert, Severity};
use crate::model::alert_kinds::AlertKinds;
use crate::model::alert_rules::Pattern;
use crate::model::fault::Fault;
use crate::model::ticket::Listed;
use crate::ui::app::effect::TaskId;
use crate::ui::app::picker::{Picker, PickerEntry};

/// The most values that a list shows; typing a pattern reaches the others.
const VALUES: usize = 2_000;

/// An open list.
#[derive(Debug, Clone, PartialEq)]
pub struct Picking {
    /// The line that it is for.
    pub field: F,
    /// The filter and the entry in focus.
    pub picker: Picker,
    /// What can be chosen.
    pub source: PickSource,
    /// A pattern that is being typed, and the cursor's byte in it.
    pub typing: Option<(String, usize)>,
}

/// What can be chosen.
#[derive(Debug, Clone, PartialEq)]
pub enum PickSource {
    /// Values of the stored alerts, each with how many of them fit it.
    Stored(Vec<(String, u64)>),
    /// The product is asked.
    Asking(TaskId),
    /// Records of the product.
    Product(Listed),
    /// The product has no such list.
    NotOffered,
    /// The product could not be asked.
    Failed(Fault),
}

impl Picking {
    /// The list of values for a line.
    pub fn stored(field: F, form: &RuleForm, alerts: &AlertKinds) -> Self {
        let source = PickSource::Stored(values(field, &form.list(field), alerts));
        Self { field, picker: Picker::default(), source, typing: None }
    }

    /// The name of the entry in focus.
    pub fn focused(&self) -> Option<String> {
        let entries = self.entries(|_| String::new());
        let shown = self.picker.shown(&entries);
        shown.get(self.picker.focus).map(|(_, (name, _))| name.clone())
    }

    /// The entries; `count` puts into words how many alerts fit a value.
    pub fn entries(&self, count: impl Fn(u64) -> String) -> Vec<PickerEntry> {
        match &self.source {
            PickSource::Stored(values) => values.iter().map(|(value, fits)| (value.clone(), count(*fits))).collect(),
            PickSource::Product(listed) => {
                listed.entries.iter().map(|entry| (entry.name.clone(), entry.about.clone())).collect()
            }
            PickSource::Asking(_) | PickSource::NotOffered | PickSource::Failed(_) => Vec::new(),
        }
    }

    /// Whether several can be ticked.
    pub fn is_stored(&self) -> bool {
        matches!(self.source, PickSource::Stored(_))
    }
}

/// The values of a line in the stored alerts and in the rule, those that fit most alerts first.
fn values(field: F, chosen: &[String], alerts: &AlertKinds) -> Vec<(String, u64)> {
    if field == F::Severity {
        let count = |severity: Severity| alerts.count(|alert| alert.severity == Some(severity));
        return Severity::ALL.map(|severity| (severity.id().to_owned(), count(severity))).to_vec();
    }
    let mut counts: BTreeMap<String, (String, u64)> = BTreeMap::new();
    for (alert, count) in alerts.iter() {
        for value in of(field, alert) {
            let entry = counts.entry(value.to_lowercase()).or_insert_with(|| (value.to_owned(), 0));
            entry.1 += count;
        }
    }
    let mut values: Vec<(String, u64)> = counts.into_values().collect();
    for pattern in chosen.iter().filter(|one| !values.iter().any(|(value, _)| value == *one)).collect::<Vec<_>>() {
        let own = Pattern::new(pattern);
        let fits = alerts.count(|alert| of(field, alert).iter().any(|value| own.fits(value)));
        values.push((pattern.clone(), fits));
    }
    values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    values.truncate(VALUES);
    values
}

/// What an alert has for a line.
fn of(field: F, alert: &Alert) -> Vec<&str> {
    let one = match field {
        F::Rule => &alert.rule,
        F::Service => &alert.service,
        F::ResourceGroup => &alert.resource_group,
        F::ResourceType => &alert.resource_type,
        F::Subscription => &alert.subscription,
        F::Target => {
            let ids = alert.targets.iter().chain(&alert.items).map(|id| id.trim_end_matches('/'));
            let mut names: Vec<&str> = ids.map(|id| id.rsplit('/').next().unwrap_or_default()).collect();
            names.sort_unstable();
            names.dedup();
            return names.into_iter().filter(|name| !name.is_empty()).collect();
        }
        _ => return Vec::new(),
    };
    if one.is_empty() { Vec::new() } else { vec![one] }
}
