//! A rule as it is being filled in: what is turned stands in the rule, what is typed stands beside it until it is read.

use std::collections::{BTreeMap, BTreeSet};

use super::field::{RuleField as F, RuleInput, RuleStep};
use super::line;
use crate::model::alert::Severity;
use crate::model::alert_rules::{
    AlertRule, Grouping, IfOver, ItemHandling, OnResolved, Pattern, offers, unknown_placeholders,
};
use crate::model::ticket::{TicketKind, Way};

/// The levels that Space turns through.
pub const LEVELS: [Option<(u8, u8)>; 10] = [
    Some((1, 1)),
    Some((1, 2)),
    Some((1, 3)),
    Some((2, 1)),
    Some((2, 2)),
    Some((2, 3)),
    Some((3, 1)),
    Some((3, 2)),
    Some((3, 3)),
    None,
];

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleFieldProblem {
    /// It must be filled in.
    Missing,
    /// Another rule has the name.
    Taken,
    /// It is no number from the first to the second.
    NoNumber(u32, u32),
    /// A placeholder that means nothing, and what may be meant.
    Placeholder(String, Option<String>),
    /// A part that is no `name = value`.
    NoPair(String),
}

/// The form.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RuleForm {
    /// What is turned and ticked; what is typed is as it was read.
    pub rule: AlertRule,
    /// What stands in the lines that are typed.
    pub texts: BTreeMap<F, String>,
    /// The partner of each connection.
    pub partners: BTreeMap<String, String>,
    /// The names of the other rules.
    pub taken: Vec<String>,
    /// The lines that were left or given on: what is wrong there is told.
    pub left: BTreeSet<F>,
}

impl RuleForm {
    /// The form of a rule.
    pub fn of(rule: AlertRule, partners: BTreeMap<String, String>, taken: Vec<String>) -> Self {
        let fields = RuleStep::ALL.into_iter().flat_map(|step| step.fields()).copied();
        let texts = fields.filter(|field| field.types()).map(|field| (field, text_of(&rule, field))).collect();
        Self { rule, texts, partners, taken, left: BTreeSet::new() }
    }

    /// What stands in a line that is typed.
    pub fn text(&self, field: F) -> &str {
        self.texts.get(&field).map(String::as_str).unwrap_or_default()
    }

    /// The values that are ticked in a list.
    pub fn list(&self, field: F) -> Vec<String> {
        match field {
            F::Severity => self.rule.matches.severity.iter().map(|severity| severity.id().to_owned()).collect(),
            field => self.patterns(field).iter().map(|pattern| pattern.as_str().to_owned()).collect(),
        }
    }

    fn patterns(&self, field: F) -> &[Pattern] {
        let matches = &self.rule.matches;
        match field {
            F::Rule => &matches.rule,
            F::Service => &matches.service,
            F::ResourceGroup => &matches.resource_group,
            F::ResourceType => &matches.resource_type,
            F::Target => &matches.target,
            F::Subscription => &matches.subscription,
            _ => &[],
        }
    }

    /// Ticks a value of a list, or not any more.
    pub fn toggle(&mut self, field: F, value: &str) {
        let matches = &mut self.rule.matches;
        let patterns = match field {
            F::Severity => {
                if let Some(severity) = Severity::read(value) {
                    let before = matches.severity.len();
                    matches.severity.retain(|own| *own != severity);
                    if matches.severity.len() == before {
                        matches.severity.push(severity);
                        matches.severity.sort_by_key(|severity| severity.number());
                    }
                }
                return;
            }
            F::Rule => &mut matches.rule,
            F::Service => &mut matches.service,
            F::ResourceGroup => &mut matches.resource_group,
            F::ResourceType => &mut matches.resource_type,
            F::Target => &mut matches.target,
            F::Subscription => &mut matches.subscription,
            _ => return,
        };
        let before = patterns.len();
        patterns.retain(|own| own.as_str() != value);
        if patterns.len() == before {
            patterns.push(Pattern::new(value));
        }
    }

    /// The partner of the connection that is chosen.
    pub fn partner(&self) -> &str {
        self.partners.get(&self.rule.connection).map(String::as_str).unwrap_or_default()
    }

    /// Turns a line to what it may be next.
    pub fn turn(&mut self, field: F, by: isize) {
        let partner = self.partner().to_owned();
        let rule = &mut self.rule;
        match field {
            F::Connection => {
                let names: Vec<_> = self.partners.keys().cloned().collect();
                if let Some(name) = next(&names, &rule.connection, by) {
                    rule.connection = name;
                }
                self.settle();
            }
            F::Kind => {
                let kinds: Vec<_> =
                    TicketKind::ALL.into_iter().filter(|kind| offers(&partner, *kind, Way::Table)).collect();
                rule.kind = next(&kinds, &rule.kind, by).unwrap_or_default();
                self.settle();
            }
            F::Way => {
                let ways = [Way::Table, Way::ImportSet];
                let ways: Vec<_> = ways.into_iter().filter(|way| offers(&partner, rule.kind, *way)).collect();
                rule.way = next(&ways, &rule.way, by).unwrap_or_default();
            }
            F::Item => {
                rule.ticket.item =
                    next(&[ItemHandling::Find, ItemHandling::None], &rule.ticket.item, by).unwrap_or_default()
            }
            F::Level(severity) => {
                let level = &mut rule.severities.0[usize::from(severity.number().min(4))];
                *level = next(&LEVELS, level, by).unwrap_or_default();
            }
            F::Grouping => {
                let all = [Grouping::Alert, Grouping::Item, Grouping::Rule];
                rule.grouping = next(&all, &rule.grouping, by).unwrap_or_default();
            }
            F::OnResolved => {
                let all = [OnResolved::Resolve, OnResolved::Note, OnResolved::Nothing];
                rule.on_resolved = next(&all, &rule.on_resolved, by).unwrap_or_default();
            }
            F::IfOver => rule.if_over = next(&[IfOver::Ticket, IfOver::Nothing], &rule.if_over, by).unwrap_or_default(),
            F::Suppressed => rule.suppressed = !rule.suppressed,
            F::Tests => rule.tests = !rule.tests,
            F::Enabled => rule.enabled = !rule.enabled,
            _ => {}
        }
    }

    /// What the product does not offer becomes what it does.
    fn settle(&mut self) {
        let partner = self.partner().to_owned();
        let rule = &mut self.rule;
        if !offers(&partner, rule.kind, Way::Table) {
            rule.kind = TicketKind::default();
        }
        if !offers(&partner, rule.kind, rule.way) {
            rule.way = Way::default();
        }
    }

    /// What is wrong with a line.
    pub fn problem(&self, field: F) -> Option<RuleFieldProblem> {
        let text = self.text(field);
        match (field, field.input()) {
            (F::Name, _) if text.trim().is_empty() => Some(RuleFieldProblem::Missing),
            (F::Name, _) => self.taken.iter().any(|name| name == text.trim()).then_some(RuleFieldProblem::Taken),
            (F::Connection, _) => {
                (!self.partners.contains_key(&self.rule.connection)).then_some(RuleFieldProblem::Missing)
            }
            (_, RuleInput::Number(from, to)) => {
                let fits = text.trim().parse::<u32>().is_ok_and(|number| (from..=to).contains(&number));
                (!fits).then_some(RuleFieldProblem::NoNumber(from, to))
            }
            (F::Title | F::Description, _) => placeholder(text),
            (F::Fields, _) => match line::pairs(text) {
                Err(part) => Some(RuleFieldProblem::NoPair(part)),
                Ok(pairs) => pairs.values().find_map(|value| placeholder(value)),
            },
            (F::Custom, _) => line::lists(text).err().map(RuleFieldProblem::NoPair),
            _ => None,
        }
    }

    /// The rule as it stands; a line that is wrong leaves what was there.
    pub fn read(&self) -> AlertRule {
        let mut rule = self.rule.clone();
        let text = |field| self.text(field).trim().to_owned();
        rule.name = text(F::Name);
        rule.ticket.title = text(F::Title);
        rule.ticket.description = line::lines(self.text(F::Description));
        (rule.ticket.template, rule.ticket.group, rule.ticket.caller) =
            (text(F::Template), text(F::AssignmentGroup), text(F::Caller));
        rule.close_code = text(F::CloseCode);
        if let Ok(fields) = line::pairs(self.text(F::Fields)) {
            rule.ticket.fields = fields;
        }
        if let Ok(lists) = line::lists(self.text(F::Custom)) {
            let patterns = |all: Vec<String>| all.iter().map(|one| Pattern::new(one)).collect();
            rule.matches.custom = lists.into_iter().map(|(name, all)| (name, patterns(all))).collect();
        }
        let number = |field, before| self.text(field).trim().parse().unwrap_or(before);
        rule.reopen_minutes = number(F::ReopenMinutes, rule.reopen_minutes);
        rule.budget = number(F::Budget, rule.budget);
        rule.budget_minutes = number(F::BudgetMinutes, rule.budget_minutes);
        rule.flapping = number(F::Flapping, rule.flapping);
        rule.flapping_minutes = number(F::FlappingMinutes, rule.flapping_minutes);
        rule.notes_per_hour = number(F::NotesPerHour, rule.notes_per_hour);
        rule
    }
}

fn placeholder(text: &str) -> Option<RuleFieldProblem> {
    let (name, near) = unknown_placeholders(text).into_iter().next()?;
    Some(RuleFieldProblem::Placeholder(name, near))
}

fn text_of(rule: &AlertRule, field: F) -> String {
    let ticket = &rule.ticket;
    match field {
        F::Name => rule.name.clone(),
        F::Custom => {
            let texts = |all: &[Pattern]| all.iter().map(|one| one.as_str().to_owned()).collect();
            line::of_lists(&rule.matches.custom.iter().map(|(name, all)| (name.clone(), texts(all))).collect())
        }
        F::Title => ticket.title.clone(),
        F::Description => line::one_line(&ticket.description),
        F::Template => ticket.template.clone(),
        F::AssignmentGroup => ticket.group.clone(),
        F::Caller => ticket.caller.clone(),
        F::Fields => line::of_pairs(&ticket.fields),
        F::CloseCode => rule.close_code.clone(),
        F::ReopenMinutes => rule.reopen_minutes.to_string(),
        F::Budget => rule.budget.to_string(),
        F::BudgetMinutes => rule.budget_minutes.to_string(),
        F::Flapping => rule.flapping.to_string(),
        F::FlappingMinutes => rule.flapping_minutes.to_string(),
        F::NotesPerHour => rule.notes_per_hour.to_string(),
        _ => String::new(),
    }
}

/// The one so many on, around the end.
fn next<T: Clone + PartialEq>(all: &[T], now: &T, by: isize) -> Option<T> {
    let count = isize::try_from(all.len()).ok().filter(|count| *count > 0)?;
    let at = all.iter().position(|one| one == now).and_then(|at| isize::try_from(at).ok());
    let to = at.map_or(0, |at| (at + by).rem_euclid(count));
    all.get(usize::try_from(to).ok()?).cloned()
}
