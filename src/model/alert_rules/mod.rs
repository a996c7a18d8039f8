//! Alert rules: which alerts become tickets, where, and with what values. They stand in `alert-rules.toml`, which an admin
//! writes by hand or a wizard writes; the first rule that an alert matches decides.

mod draft;
mod file;
pub mod import;
mod pattern;
mod problem;
pub mod template;
#[cfg(test)]
mod tests;
pub mod write;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::alert::{Alert, Severity};
use super::ticket::{TicketKind, Way};
pub use draft::{ITEMS, draft, item_hint, note_of, placeholders, unknown_placeholders};
pub use file::{Names, offers, parse};
pub use pattern::Pattern;
pub use problem::{RuleProblem, RuleWrong};

/// The rules in their order.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct RuleSet {
    /// The rules; the first that matches decides.
    pub rules: Vec<AlertRule>,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AlertRule {
    /// Its name, once in a file.
    pub name: String,
    /// The line in the file on which it begins, from 1.
    pub line: usize,
    /// Whether it decides anything.
    pub enabled: bool,
    /// Which alerts it is for.
    #[serde(rename = "match")]
    pub matches: Matches,
    /// The connection in which tickets are made.
    pub connection: String,
    /// What is made.
    pub kind: TicketKind,
    /// By which way.
    pub way: Way,
    /// The ticket's texts and fields.
    pub ticket: TicketTexts,
    /// Impact and urgency by severity.
    pub severities: Levels,
    /// Which alerts share a ticket.
    pub grouping: Grouping,
    /// What happens when an alert is over.
    pub on_resolved: OnResolved,
    /// The close code of resolved tickets; empty for that of the connection.
    pub close_code: String,
    /// For how many minutes after it was resolved a ticket is opened again when its series fires again.
    pub reopen_minutes: u32,
    /// What happens with an alert that was over before it was first seen.
    pub if_over: IfOver,
    /// Whether alerts whose actions are muted get tickets.
    pub suppressed: bool,
    /// Whether test notifications get tickets.
    pub tests: bool,
    /// How many tickets may be opened in `budget_minutes`; what comes beyond shares an umbrella ticket.
    pub budget: u32,
    /// The time of the budget.
    pub budget_minutes: u32,
    /// After how many firings in `flapping_minutes` a series counts as flapping; 0 for never.
    pub flapping: u32,
    /// The time of `flapping`; a flapping series that keeps quiet for that long is resolved.
    pub flapping_minutes: u32,
    /// How many notes a ticket gets in an hour at the most; what comes beyond is counted in the next note.
    pub notes_per_hour: u32,
}

/// Which alerts a rule is for: each list that is not empty must have a pattern that fits.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Matches {
    /// Subscriptions by their ID.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subscription: Vec<Pattern>,
    /// Resource groups.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resource_group: Vec<Pattern>,
    /// Types of the target, such as `microsoft.compute/virtualmachines`; also without the namespace.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resource_type: Vec<Pattern>,
    /// Names, or resource ids, of targets and affected items.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub target: Vec<Pattern>,
    /// Names, or resource ids, of rules in Azure.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rule: Vec<Pattern>,
    /// Monitoring services, such as `Log Alerts V2`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub service: Vec<Pattern>,
    /// Severities.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub severity: Vec<Severity>,
    /// Properties that the rule in Azure gives to its alerts, each with its patterns.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub custom: BTreeMap<String, Vec<Pattern>>,
}

/// What stands in a ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TicketTexts {
    /// The one line, with placeholders.
    pub title: String,
    /// The text, with placeholders.
    pub description: String,
    /// A template of the product, by name or id.
    pub template: String,
    /// The assignment group.
    pub group: String,
    /// For whom it is opened.
    pub caller: String,
    /// Whether the affected configuration item is looked for.
    pub item: ItemHandling,
    /// Further fields by the product's own names, with placeholders.
    pub fields: BTreeMap<String, String>,
}

/// What is done about the configuration item.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemHandling {
    /// It is looked for, and created where the connection allows that.
    #[default]
    Find,
    /// It is left out.
    None,
}

/// Impact and urgency (1 to 3) of each severity; `None` where such an alert gets no ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Levels(pub [Option<(u8, u8)>; 5]);

impl Default for Levels {
    fn default() -> Self {
        Self([Some((1, 1)), Some((2, 1)), Some((2, 2)), Some((3, 2)), None])
    }
}

impl Levels {
    /// Impact and urgency of a severity.
    pub fn of(&self, severity: Severity) -> Option<(u8, u8)> {
        self.0[usize::from(severity.number().min(4))]
    }
}

impl Serialize for Levels {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let told = Severity::ALL.iter().map(|severity| {
            let level =
                self.of(*severity).map(|(impact, urgency)| serde_json::json!({"impact": impact, "urgency": urgency}));
            (severity.id(), level)
        });
        serializer.collect_map(told)
    }
}

/// Which alerts share a ticket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grouping {
    /// Each alert has its own.
    #[default]
    Alert,
    /// Each configuration item of an alert has its own.
    Item,
    /// All alerts of one rule in Azure share one while it is open.
    Rule,
}

/// What happens when an alert is over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnResolved {
    /// The ticket is resolved.
    #[default]
    Resolve,
    /// It gets a note.
    Note,
    /// Nothing.
    Nothing,
}

/// What happens with an alert that was over before it was first seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum IfOver {
    /// A ticket is opened and resolved.
    #[default]
    Ticket,
    /// Nothing.
    Nothing,
}

/// What of a rule does not fit an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Misfit {
    /// The rule is switched off.
    Disabled,
    /// The subscription.
    Subscription,
    /// The resource group.
    ResourceGroup,
    /// The type of the target.
    ResourceType,
    /// The target.
    Target,
    /// The name of the rule in Azure.
    Rule,
    /// The monitoring service.
    Service,
    /// The severity.
    Severity,
    /// A custom property.
    Custom,
}

impl Misfit {
    /// The key in the file.
    pub fn id(self) -> &'static str {
        match self {
            Self::Disabled => "enabled",
            Self::Subscription => "subscription",
            Self::ResourceGroup => "resource_group",
            Self::ResourceType => "resource_type",
            Self::Target => "target",
            Self::Rule => "rule",
            Self::Service => "service",
            Self::Severity => "severity",
            Self::Custom => "custom",
        }
    }
}

/// What of a rule does not fit an alert, with what both say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which condition.
    pub misfit: Misfit,
    /// Its key in the file; of a custom property with its name.
    pub key: String,
    /// What the alert has; empty where it has nothing.
    pub has: String,
    /// What the rule asks for.
    pub wants: String,
}

impl RuleSet {
    /// The first rule that an alert matches.
    pub fn matching(&self, alert: &Alert) -> Option<&AlertRule> {
        self.rules.iter().find(|rule| rule.misfit(alert).is_none())
    }

    /// The rule of this name.
    pub fn named(&self, name: &str) -> Option<&AlertRule> {
        self.rules.iter().find(|rule| rule.name == name)
    }

    /// Why no rule matches: each rule with the first of its conditions that does not fit.
    pub fn misfits(&self, alert: &Alert) -> Vec<(String, Misfit)> {
        self.rules.iter().filter_map(|rule| Some((rule.name.clone(), rule.misfit(alert)?))).collect()
    }

    /// The same with what both say.
    pub fn differences(&self, alert: &Alert) -> Vec<(String, Difference)> {
        self.rules.iter().filter_map(|rule| Some((rule.name.clone(), rule.difference(alert)?))).collect()
    }
}

impl AlertRule {
    /// How long a ticket that is over is still of use: it may be opened again, and counts for the budget and for flapping.
    pub fn longest_minutes(&self) -> u32 {
        let flapping = if self.flapping > 0 { self.flapping_minutes } else { 0 };
        self.reopen_minutes.max(self.budget_minutes).max(flapping)
    }

    /// The first condition that the alert does not meet; `None` where it matches.
    pub fn misfit(&self, alert: &Alert) -> Option<Misfit> {
        let matches = &self.matches;
        let name = alert.resource_type.rsplit('/').next().unwrap_or_default();
        let targets = alert.targets.iter().chain(&alert.items).flat_map(|id| [id.as_str(), last(id)]);
        let checks = [
            (Misfit::Disabled, self.enabled),
            (Misfit::Subscription, any(&matches.subscription, [alert.subscription.as_str()])),
            (Misfit::ResourceGroup, any(&matches.resource_group, [alert.resource_group.as_str()])),
            (Misfit::ResourceType, any(&matches.resource_type, [alert.resource_type.as_str(), name])),
            (Misfit::Target, any(&matches.target, targets)),
            (Misfit::Rule, any(&matches.rule, [alert.rule.as_str(), alert.rule_id.as_str()])),
            (Misfit::Service, any(&matches.service, [alert.service.as_str()])),
            (
                Misfit::Severity,
                matches.severity.is_empty() || alert.severity.is_some_and(|own| matches.severity.contains(&own)),
            ),
            (Misfit::Custom, matches.custom.iter().all(|(name, patterns)| has_custom(alert, name, patterns))),
        ];
        checks.into_iter().find(|(_, fits)| !fits).map(|(misfit, _)| misfit)
    }

    /// The same with what both say.
    pub fn difference(&self, alert: &Alert) -> Option<Difference> {
        let misfit = self.misfit(alert)?;
        let matches = &self.matches;
        let mut key = misfit.id().to_owned();
        let (has, wants) = match misfit {
            Misfit::Disabled => Default::default(),
            Misfit::Subscription => (alert.subscription.clone(), listed(&matches.subscription)),
            Misfit::ResourceGroup => (alert.resource_group.clone(), listed(&matches.resource_group)),
            Misfit::ResourceType => (alert.resource_type.clone(), listed(&matches.resource_type)),
            Misfit::Target => {
                let names: Vec<_> = alert.targets.iter().map(|id| last(id)).collect();
                (names.join(", "), listed(&matches.target))
            }
            Misfit::Rule => (alert.rule.clone(), listed(&matches.rule)),
            Misfit::Service => (alert.service.clone(), listed(&matches.service)),
            Misfit::Severity => {
                let wants: Vec<_> = matches.severity.iter().map(|one| one.id()).collect();
                (alert.severity.map(|one| one.id().to_owned()).unwrap_or_default(), wants.join(", "))
            }
            Misfit::Custom => {
                let (name, patterns) =
                    matches.custom.iter().find(|(name, patterns)| !has_custom(alert, name, patterns))?;
                key = format!("{key}.{name}");
                (custom(alert, name).unwrap_or_default().to_owned(), listed(patterns))
            }
        };
        Some(Difference { misfit, key, has, wants })
    }
}

/// The value of a custom property of an alert.
fn custom<'a>(alert: &'a Alert, name: &str) -> Option<&'a str> {
    alert.custom.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

fn has_custom(alert: &Alert, name: &str, patterns: &[Pattern]) -> bool {
    custom(alert, name).is_some_and(|value| any(patterns, [value]))
}

fn listed(patterns: &[Pattern]) -> String {
    patterns.iter().map(Pattern::as_str).collect::<Vec<_>>().join(", ")
}

fn any<'a>(patterns: &[Pattern], values: impl IntoIterator<Item = &'a str> + Clone) -> bool {
    patterns.is_empty() || patterns.iter().any(|pattern| values.clone().into_iter().any(|value| pattern.fits(value)))
}

fn last(id: &str) -> &str {
    id.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}
