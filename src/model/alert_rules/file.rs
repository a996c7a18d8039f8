//! Reading a file of rules: every problem with its line.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use toml::Spanned;

use super::draft::unknown_placeholders;
use super::problem::{RuleProblem, RuleWrong};
use super::{AlertRule, Grouping, IfOver, ItemHandling, Levels, Matches, OnResolved, Pattern, RuleSet, TicketTexts};
use crate::model::alert::Severity;
use crate::model::clean::clean;
use crate::model::nearest::nearest;
use crate::model::ticket::{TicketKind, Way};

/// What is known outside the file: the connections by name, each with its partner's id.
pub type Names = BTreeMap<String, String>;

/// The partner that has events, alerts and import sets.
const WITH_EVENTS: &str = "servicenow";

/// Whether a partner's product has tickets of this kind in this way: events, alerts and import sets are ServiceNow's.
pub fn offers(partner: &str, kind: TicketKind, way: Way) -> bool {
    match (kind, way) {
        (TicketKind::Incident, Way::Table) => true,
        (TicketKind::Incident, Way::ImportSet) | (_, Way::Table) => partner == WITH_EVENTS,
        (_, Way::ImportSet) => false,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    rule: Vec<Spanned<RuleText>>,
}

type Text = Option<Spanned<String>>;
type Number = Option<Spanned<i64>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleText {
    name: Text,
    enabled: Option<bool>,
    #[serde(rename = "match", default)]
    matches: MatchText,
    connection: Text,
    kind: Text,
    way: Text,
    #[serde(default)]
    ticket: TicketText,
    #[serde(default)]
    severity: BTreeMap<Spanned<String>, Spanned<LevelText>>,
    grouping: Text,
    on_resolved: Text,
    close_code: Option<String>,
    reopen_minutes: Number,
    if_over: Text,
    suppressed: Option<bool>,
    tests: Option<bool>,
    budget: Number,
    budget_minutes: Number,
    flapping: Number,
    flapping_minutes: Number,
    notes_per_hour: Number,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct MatchText {
    subscription: Many<Pattern>,
    resource_group: Many<Pattern>,
    resource_type: Many<Pattern>,
    target: Many<Pattern>,
    rule: Many<Pattern>,
    service: Many<Pattern>,
    severity: Option<Spanned<Many<String>>>,
    custom: BTreeMap<String, Many<Pattern>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct TicketText {
    title: Text,
    description: Text,
    template: Option<String>,
    group: Option<String>,
    caller: Option<String>,
    item: Text,
    fields: BTreeMap<String, Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum LevelText {
    Word(String),
    Both { impact: i64, urgency: i64 },
}

/// One value, or a list of them.
#[derive(Deserialize)]
#[serde(untagged)]
enum Many<T> {
    One(T),
    All(Vec<T>),
}

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

impl<T> Many<T> {
    fn into_vec(self) -> Vec<T> {
        match self {
            Self::One(one) => vec![one],
            Self::All(all) => all,
        }
    }
}

/// The rules in a text, and what is worth telling of them although they can be used.
///
/// # Errors
/// Every problem that keeps the rules from being used, in the order of the lines.
pub fn parse(text: &str, connections: Option<&Names>) -> Result<(RuleSet, Vec<RuleProblem>), Vec<RuleProblem>> {
    let file: File = toml::from_str(text).map_err(|error| vec![of_toml(text, &error)])?;
    let lines = Lines::of(text);
    let mut reader = Reader { lines, connections, rule: String::new(), problems: Vec::new() };
    let mut rules: Vec<AlertRule> = Vec::new();
    // By their names; and the first that leaves nothing to those behind it.
    let mut named: HashMap<String, usize> = HashMap::new();
    let mut last: Option<(String, usize)> = None;
    for spanned in file.rule {
        let start = spanned.span().start;
        let rule = reader.rule(start, spanned.into_inner());
        match named.get(&rule.name).copied().filter(|_| !rule.name.is_empty()) {
            Some(line) => reader.wrong(start, RuleWrong::Twice { line }),
            None => {
                named.insert(rule.name.clone(), rule.line);
            }
        }
        if let Some((rule, line)) = last.clone() {
            reader.wrong(start, RuleWrong::Unreachable { rule, line });
        } else if rule.enabled && rule.matches == Matches::default() {
            last = Some((rule.name.clone(), rule.line));
        }
        rules.push(rule);
    }
    let mut problems = reader.problems;
    problems.sort_by_key(|problem| problem.line);
    let (told, wrong): (Vec<_>, Vec<_>) = problems.into_iter().partition(|problem| problem.wrong.is_warning());
    if wrong.is_empty() { Ok((RuleSet { rules }, told)) } else { Err(wrong) }
}

/// The message of the parser, without what it quotes of the file.
fn of_toml(text: &str, error: &toml::de::Error) -> RuleProblem {
    let line = Lines::of(text).line(error.span().map_or(0, |span| span.start));
    let message = error.message();
    let quoted = |after: &str| -> Option<String> {
        let rest = message.split_once(after)?.1;
        Some(rest.split('`').nth(1)?.to_owned())
    };
    let wrong = if let Some(key) = quoted("unknown field") {
        let expected: Vec<&str> =
            message.split_once("expected").map(|(_, rest)| rest).unwrap_or_default().split('`').collect();
        let known = expected.into_iter().skip(1).step_by(2);
        let near = nearest(&key, known).map(str::to_owned);
        RuleWrong::UnknownKey { key, nearest: near }
    } else {
        let told = match message {
            told if told.contains("enum Many") => "expected a text or a list of texts",
            told if told.contains("enum LevelText") => "expected \"none\" or { impact = 1, urgency = 1 }",
            told => told.lines().next().unwrap_or_default(),
        };
        RuleWrong::NotToml { detail: clean(told, false) }
    };
    RuleProblem { line, rule: String::new(), wrong }
}

/// Where the lines of a text end.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(at, _)| at).collect())
    }

    /// The line of a place, from 1.
    fn line(&self, at: usize) -> usize {
        self.0.partition_point(|end| *end < at) + 1
    }
}

struct Reader<'a> {
    lines: Lines,
    connections: Option<&'a Names>,
    rule: String,
    problems: Vec<RuleProblem>,
}

impl Reader<'_> {
    fn wrong(&mut self, at: usize, wrong: RuleWrong) {
        let line = self.lines.line(at);
        self.problems.push(RuleProblem { line, rule: self.rule.clone(), wrong });
    }

    fn rule(&mut self, start: usize, text: RuleText) -> AlertRule {
        self.rule = text.name.as_ref().map(|name| clean(name.get_ref().trim(), false)).unwrap_or_default();
        if self.rule.is_empty() {
            self.wrong(start, RuleWrong::Missing { key: "name".to_owned() });
        }
        let kinds = TicketKind::ALL.map(|kind| (kind.id(), kind));
        let ways = [("table", Way::Table), ("import-set", Way::ImportSet)];
        let groupings = [("alert", Grouping::Alert), ("item", Grouping::Item), ("rule", Grouping::Rule)];
        let ends = [("resolve", OnResolved::Resolve), ("note", OnResolved::Note), ("nothing", OnResolved::Nothing)];
        let over = [("ticket", IfOver::Ticket), ("nothing", IfOver::Nothing)];
        let rule = AlertRule {
            name: self.rule.clone(),
            line: self.lines.line(start),
            enabled: text.enabled.unwrap_or(true),
            connection: self.connection(start, text.connection.as_ref()),
            kind: self.one_of("kind", text.kind.as_ref(), &kinds),
            way: self.one_of("way", text.way.as_ref(), &ways),
            matches: self.matches(text.matches),
            ticket: self.ticket(text.ticket),
            severities: self.levels(text.severity),
            grouping: self.one_of("grouping", text.grouping.as_ref(), &groupings),
            on_resolved: self.one_of("on_resolved", text.on_resolved.as_ref(), &ends),
            close_code: text.close_code.unwrap_or_default(),
            reopen_minutes: self.number("reopen_minutes", text.reopen_minutes, (0, 44_640), 60),
            if_over: self.one_of("if_over", text.if_over.as_ref(), &over),
            suppressed: text.suppressed.unwrap_or_default(),
            tests: text.tests.unwrap_or_default(),
            budget: self.number("budget", text.budget, (1, 1_000), 20),
            budget_minutes: self.number("budget_minutes", text.budget_minutes, (1, 1_440), 60),
            flapping: self.number("flapping", text.flapping, (0, 15), 4),
            flapping_minutes: self.number("flapping_minutes", text.flapping_minutes, (1, 1_440), 60),
            notes_per_hour: self.number("notes_per_hour", text.notes_per_hour, (1, 60), 6),
        };
        self.check_product(&rule, text.kind.as_ref(), text.way.as_ref());
        rule
    }

    fn connection(&mut self, start: usize, given: Option<&Spanned<String>>) -> String {
        let Some(given) = given else {
            self.wrong(start, RuleWrong::Missing { key: "connection".to_owned() });
            return String::new();
        };
        let name = given.get_ref().trim().to_owned();
        if let Some(known) = self.connections.filter(|known| !known.contains_key(&name)) {
            let near = nearest(&name, known.keys().map(String::as_str)).map(str::to_owned);
            self.wrong(given.span().start, RuleWrong::NoSuchConnection { name: clean(&name, false), nearest: near });
        }
        name
    }

    /// Events, alerts and import sets are ServiceNow's.
    fn check_product(&mut self, rule: &AlertRule, kind: Option<&Spanned<String>>, way: Option<&Spanned<String>>) {
        let product = self.connections.and_then(|known| known.get(&rule.connection));
        let Some(product) = product.filter(|product| *product != WITH_EVENTS).cloned() else { return };
        let odd = [("kind", kind, rule.kind != TicketKind::Incident), ("way", way, rule.way != Way::Table)];
        for (key, given, _) in odd.into_iter().filter(|(_, _, is_odd)| *is_odd) {
            let Some(given) = given else { continue };
            let (key, value) = (key.to_owned(), clean(given.get_ref(), false));
            self.wrong(given.span().start, RuleWrong::NotInProduct { key, value, product: product.clone() });
        }
    }

    fn matches(&mut self, text: MatchText) -> Matches {
        let mut severity = Vec::new();
        let at = text.severity.as_ref().map_or(0, |given| given.span().start);
        for given in text.severity.map(|given| given.into_inner().into_vec()).unwrap_or_default() {
            match Severity::read(&given) {
                Some(read) => severity.push(read),
                None => self.no_severity(at, "severity", &given),
            }
        }
        Matches {
            subscription: text.subscription.into_vec(),
            resource_group: text.resource_group.into_vec(),
            resource_type: text.resource_type.into_vec(),
            target: text.target.into_vec(),
            rule: text.rule.into_vec(),
            service: text.service.into_vec(),
            severity,
            custom: text.custom.into_iter().map(|(name, patterns)| (name, patterns.into_vec())).collect(),
        }
    }

    fn no_severity(&mut self, at: usize, key: &str, value: &str) {
        let allowed = Severity::ALL.map(|severity| severity.id().to_owned()).to_vec();
        self.wrong(at, RuleWrong::NotOneOf { key: key.to_owned(), value: clean(value, false), allowed });
    }

    fn ticket(&mut self, text: TicketText) -> TicketTexts {
        let handling = [("find", ItemHandling::Find), ("none", ItemHandling::None)];
        let item = self.one_of("item", text.item.as_ref(), &handling);
        let (title, description) = (self.words(text.title), self.words(text.description));
        let fields: Vec<_> = text.fields.into_iter().map(|(name, value)| (name, self.words(Some(value)))).collect();
        TicketTexts {
            title,
            description,
            template: text.template.unwrap_or_default(),
            group: text.group.unwrap_or_default(),
            caller: text.caller.unwrap_or_default(),
            item,
            fields: fields.into_iter().collect(),
        }
    }

    /// A text whose placeholders are checked.
    fn words(&mut self, given: Text) -> String {
        let Some(given) = given else { return String::new() };
        for (placeholder, near) in unknown_placeholders(given.get_ref()) {
            let wrong = RuleWrong::UnknownPlaceholder { placeholder: clean(&placeholder, false), nearest: near };
            self.wrong(given.span().start, wrong);
        }
        given.into_inner()
    }

    fn levels(&mut self, given: BTreeMap<Spanned<String>, Spanned<LevelText>>) -> Levels {
        let mut levels = Levels::default();
        for (name, level) in given {
            let Some(severity) = Severity::read(name.get_ref()) else {
                self.no_severity(name.span().start, "severity", name.get_ref());
                continue;
            };
            let at = level.span().start;
            levels.0[usize::from(severity.number())] = match level.into_inner() {
                LevelText::Both { impact, urgency } => {
                    Some((self.level(at, "impact", impact), self.level(at, "urgency", urgency)))
                }
                LevelText::Word(word) => {
                    if word != "none" {
                        let allowed = vec!["none".to_owned(), "{ impact = 2, urgency = 2 }".to_owned()];
                        let (key, value) = (severity.id().to_owned(), clean(&word, false));
                        self.wrong(at, RuleWrong::NotOneOf { key, value, allowed });
                    }
                    None
                }
            };
        }
        levels
    }

    fn level(&mut self, at: usize, key: &str, value: i64) -> u8 {
        match u8::try_from(value) {
            Ok(level @ 1..=3) => level,
            _ => {
                self.wrong(at, RuleWrong::OutOfRange { key: key.to_owned(), value, from: 1, to: 3 });
                3
            }
        }
    }

    fn one_of<T: Copy + Default>(&mut self, key: &str, given: Option<&Spanned<String>>, all: &[(&str, T)]) -> T {
        let Some(given) = given else { return T::default() };
        match all.iter().find(|(name, _)| name == given.get_ref()) {
            Some((_, value)) => *value,
            None => {
                let allowed = all.iter().map(|(name, _)| (*name).to_owned()).collect();
                let value = clean(given.get_ref(), false);
                self.wrong(given.span().start, RuleWrong::NotOneOf { key: key.to_owned(), value, allowed });
                T::default()
            }
        }
    }

    fn number(&mut self, key: &str, given: Number, (from, to): (i64, i64), otherwise: u32) -> u32 {
        let Some(given) = given else { return otherwise };
        let value = *given.get_ref();
        if !(from..=to).contains(&value) {
            self.wrong(given.span().start, RuleWrong::OutOfRange { key: key.to_owned(), value, from, to });
        }
        u32::try_from(value).unwrap_or(otherwise)
    }
}
