//! Writing one rule into a file of rules. What else stands there stays as it is: other rules, comments, order, the ends of
//! lines. What comes out is read again before it is given: a text that would change anything else is refused.

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value};

use super::{AlertRule, IfOver, ItemHandling, Levels, OnResolved, RuleProblem, RuleSet, TicketTexts, parse};
use crate::model::alert::Severity;
use crate::model::ticket::{TicketKind, Way};

use super::{Grouping, Pattern};

/// What a new file begins with.
const HEAD: &str = "# Alert rules: which Azure alerts become tickets, where, and with what values.\n\
                    # The first rule that an alert matches decides. All keys: itsmc alert rules --template\n";

/// Why a rule cannot be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unwritable {
    /// The text has no usable rules, or would have none.
    Wrong(Vec<RuleProblem>),
    /// There is no rule of this name.
    NoSuchRule,
    /// The rules stand in one list (`rule = [..]`), to which nothing can be added without writing all of it again.
    OneList,
    /// Something else would change.
    ElseChanges,
}

/// The text with a rule added at the end, or with the rule of that name replaced.
///
/// # Errors
/// [`Unwritable`]; the text is left as it was then.
pub fn with_rule(text: Option<&str>, replaces: Option<&str>, rule: &AlertRule) -> Result<String, Unwritable> {
    let before = text.unwrap_or_default();
    let (old, _) = parse(before, None).map_err(Unwritable::Wrong)?;
    let mut wanted = old.clone();
    let written = match replaces {
        None => {
            wanted.rules.push(rule.clone());
            appended(text, rule)?
        }
        Some(name) => {
            let was = old.named(name).ok_or(Unwritable::NoSuchRule)?;
            wanted.rules.iter_mut().filter(|one| one.name == name).for_each(|one| *one = rule.clone());
            changed(before, name, |table| put_rule(table, rule, Some(was)))?
        }
    };
    checked(written, &wanted)
}

/// The text with the rule of this name switched on or off.
///
/// # Errors
/// As [`with_rule`].
pub fn switched(text: &str, name: &str, on: bool) -> Result<String, Unwritable> {
    let (old, _) = parse(text, None).map_err(Unwritable::Wrong)?;
    let was = old.named(name).ok_or(Unwritable::NoSuchRule)?;
    with_rule(Some(text), Some(name), &AlertRule { enabled: on, ..was.clone() })
}

/// The text with a connection under its new name in every rule; `None` where no rule names it.
///
/// # Errors
/// As [`with_rule`].
pub fn with_connection_renamed(text: &str, from: &str, to: &str) -> Result<Option<String>, Unwritable> {
    let (mut wanted, _) = parse(text, None).map_err(Unwritable::Wrong)?;
    if !wanted.rules.iter().any(|rule| rule.connection == from) {
        return Ok(None);
    }
    wanted.rules.iter_mut().filter(|rule| rule.connection == from).for_each(|rule| rule.connection = to.to_owned());
    let mut document: DocumentMut = text.parse().map_err(|_| Unwritable::ElseChanges)?;
    let rename = |table: &mut dyn TableLike| {
        if table.get("connection").and_then(Item::as_str).is_some_and(|own| own.trim() == from) {
            set(table, "connection", to.into());
        }
    };
    match document.get_mut("rule") {
        Some(Item::ArrayOfTables(tables)) => tables.iter_mut().for_each(|table| rename(table)),
        Some(Item::Value(Value::Array(list))) => {
            list.iter_mut().filter_map(Value::as_inline_table_mut).for_each(|table| rename(table));
        }
        _ => return Err(Unwritable::ElseChanges),
    }
    checked(like(text, &document.to_string()), &wanted).map(Some)
}

/// The text, if it has exactly the rules that are wanted.
fn checked(written: String, wanted: &RuleSet) -> Result<String, Unwritable> {
    let (now, _) = parse(&written, None).map_err(Unwritable::Wrong)?;
    let bare =
        |rules: &RuleSet| rules.rules.iter().map(|rule| AlertRule { line: 0, ..rule.clone() }).collect::<Vec<_>>();
    if bare(&now) == bare(wanted) { Ok(written) } else { Err(Unwritable::ElseChanges) }
}

fn appended(text: Option<&str>, rule: &AlertRule) -> Result<String, Unwritable> {
    let before = text.unwrap_or(HEAD);
    let document: DocumentMut = before.parse().map_err(|_| Unwritable::ElseChanges)?;
    if document.get("rule").is_some_and(|rules| !rules.is_array_of_tables()) {
        return Err(Unwritable::OneList);
    }
    let mut table = Table::new();
    put_rule(&mut table, rule, None);
    let mut tables = toml_edit::ArrayOfTables::new();
    tables.push(table);
    let mut own = DocumentMut::new();
    own.insert("rule", Item::ArrayOfTables(tables));
    let mut written = before.to_owned();
    if !written.is_empty() && !written.ends_with('\n') {
        written.push('\n');
    }
    if !written.is_empty() {
        written.push('\n');
    }
    written.push_str(own.to_string().trim_start());
    Ok(like(before, &written))
}

fn changed(before: &str, name: &str, change: impl FnOnce(&mut Table)) -> Result<String, Unwritable> {
    let mut document: DocumentMut = before.parse().map_err(|_| Unwritable::ElseChanges)?;
    let tables = document.get_mut("rule").and_then(Item::as_array_of_tables_mut).ok_or(Unwritable::OneList)?;
    let is_it = |table: &&mut Table| table.get("name").and_then(Item::as_str).is_some_and(|own| own.trim() == name);
    change(tables.iter_mut().find(is_it).ok_or(Unwritable::NoSuchRule)?);
    Ok(like(before, &document.to_string()))
}

/// With the ends of lines that the file had.
fn like(before: &str, written: &str) -> String {
    let plain = written.replace("\r\n", "\n");
    if before.contains("\r\n") { plain.replace('\n', "\r\n") } else { plain }
}

/// Puts a rule into its table: what is as it was keeps its text, what has its default and is not there stays away.
fn put_rule(table: &mut Table, rule: &AlertRule, was: Option<&AlertRule>) {
    let base = AlertRule::default();
    let was_or = was.unwrap_or(&base);
    put(table, "name", &was_or.name, &rule.name, false);
    put(table, "connection", &was_or.connection, &rule.connection, false);
    if was_or.enabled != rule.enabled {
        set(table, "enabled", rule.enabled.into());
    }
    put(table, "kind", was_or.kind.id(), rule.kind.id(), false);
    put(table, "way", way(was_or.way), way(rule.way), false);
    put(table, "grouping", grouping(was_or.grouping), grouping(rule.grouping), false);
    put(table, "on_resolved", on_resolved(was_or.on_resolved), on_resolved(rule.on_resolved), false);
    put(table, "close_code", &was_or.close_code, &rule.close_code, true);
    put(table, "if_over", if_over(was_or.if_over), if_over(rule.if_over), false);
    for (key, before, now) in [("suppressed", was_or.suppressed, rule.suppressed), ("tests", was_or.tests, rule.tests)]
    {
        if before != now {
            set(table, key, now.into());
        }
    }
    for ((key, before), (_, now)) in numbers(was_or).into_iter().zip(numbers(rule)) {
        if before != now {
            set(table, key, i64::from(now).into());
        }
    }
    put_matches(table, rule, was_or);
    put_ticket(table, &rule.ticket, &was_or.ticket);
    put_levels(table, &rule.severities, &was_or.severities);
}

fn numbers(rule: &AlertRule) -> [(&'static str, u32); 6] {
    [
        ("reopen_minutes", rule.reopen_minutes),
        ("budget", rule.budget),
        ("budget_minutes", rule.budget_minutes),
        ("flapping", rule.flapping),
        ("flapping_minutes", rule.flapping_minutes),
        ("notes_per_hour", rule.notes_per_hour),
    ]
}

fn put_matches(table: &mut Table, rule: &AlertRule, was: &AlertRule) {
    let lists = |rule: &AlertRule| {
        let matches = &rule.matches;
        let severities = matches.severity.iter().map(|severity| severity.id().to_owned()).collect();
        let texts = |all: &[Pattern]| all.iter().map(|one| one.as_str().to_owned()).collect::<Vec<_>>();
        [
            ("subscription", texts(&matches.subscription)),
            ("resource_group", texts(&matches.resource_group)),
            ("resource_type", texts(&matches.resource_type)),
            ("target", texts(&matches.target)),
            ("rule", texts(&matches.rule)),
            ("service", texts(&matches.service)),
            ("severity", severities),
        ]
    };
    for ((key, before), (_, now)) in lists(was).into_iter().zip(lists(rule)) {
        if before != now {
            let array = (!now.is_empty()).then(|| Value::Array(now.into_iter().collect::<Array>()));
            put_below(table, "match", key, array);
        }
    }
    if was.matches.custom != rule.matches.custom {
        let custom: InlineTable =
            rule.matches.custom.iter().map(|(name, all)| (name.as_str(), one_or_all(all))).collect();
        put_below(table, "match", "custom", (!custom.is_empty()).then_some(Value::InlineTable(custom)));
    }
}

fn one_or_all(all: &[Pattern]) -> Value {
    match all {
        [one] => one.as_str().into(),
        all => Value::Array(all.iter().map(Pattern::as_str).collect()),
    }
}

fn put_ticket(table: &mut Table, now: &TicketTexts, was: &TicketTexts) {
    let texts = |ticket: &TicketTexts| {
        [
            ("title", ticket.title.clone()),
            ("description", ticket.description.clone()),
            ("template", ticket.template.clone()),
            ("group", ticket.group.clone()),
            ("caller", ticket.caller.clone()),
        ]
    };
    for ((key, before), (_, text)) in texts(was).into_iter().zip(texts(now)) {
        if before != text {
            put_below(table, "ticket", key, (!text.is_empty()).then(|| text_value(&text)));
        }
    }
    if was.item != now.item {
        let word = if now.item == ItemHandling::Find { "find" } else { "none" };
        put_below(table, "ticket", "item", Some(word.into()));
    }
    if was.fields != now.fields {
        let fields: InlineTable = now.fields.iter().map(|(name, value)| (name.as_str(), text_value(value))).collect();
        put_below(table, "ticket", "fields", (!fields.is_empty()).then_some(Value::InlineTable(fields)));
    }
}

fn put_levels(table: &mut Table, now: &Levels, was: &Levels) {
    for severity in Severity::ALL {
        let level = now.of(severity);
        if was.of(severity) == level {
            continue;
        }
        let value = match level {
            None => Value::from("none"),
            Some((impact, urgency)) => {
                let both = [("impact", i64::from(impact)), ("urgency", i64::from(urgency))];
                Value::InlineTable(both.into_iter().collect())
            }
        };
        let known = table.get("severity").and_then(Item::as_table_like);
        let keys: Vec<_> = known.into_iter().flat_map(TableLike::iter).map(|(key, _)| key.to_owned()).collect();
        let key = keys.into_iter().find(|key| Severity::read(key) == Some(severity));
        let key = key.unwrap_or_else(|| severity.id().to_owned());
        put_below(table, "severity", &key, Some(value));
    }
}

/// A text on one line, whatever is in it: where lines end in two characters, a text of several lines would change.
fn text_value(text: &str) -> Value {
    if !text.contains(['\n', '\r']) {
        return text.into();
    }
    let mut written = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => written.extend(['\\', c]),
            '\n' => written.push_str("\\n"),
            c if c.is_control() => written.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => written.push(c),
        }
    }
    written.push('"');
    written.parse().unwrap_or_else(|_| text.into())
}

/// Sets a text that differs; an empty one goes where it may.
fn put(table: &mut Table, key: &str, was: &str, now: &str, may_go: bool) {
    if was == now {
        return;
    }
    if may_go && now.is_empty() { drop(table.remove(key)) } else { set(table, key, now.into()) }
}

/// Sets or takes out a key of a table below this one.
fn put_below(table: &mut Table, below: &str, key: &str, value: Option<Value>) {
    let Some(value) = value else {
        if let Some(found) = table.get_mut(below).and_then(Item::as_table_like_mut) {
            found.remove(key);
        }
        return;
    };
    let found = table.entry(below).or_insert_with(|| Item::Table(Table::new()));
    if let Some(found) = found.as_table_like_mut() {
        set(found, key, value);
    }
}

/// Sets a value; a comment behind an old one stays.
fn set(table: &mut dyn TableLike, key: &str, mut value: Value) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        None => drop(table.insert(key, Item::Value(value))),
    }
}

fn way(way: Way) -> &'static str {
    match way {
        Way::Table => "table",
        Way::ImportSet => "import-set",
    }
}

fn grouping(grouping: Grouping) -> &'static str {
    match grouping {
        Grouping::Alert => "alert",
        Grouping::Item => "item",
        Grouping::Rule => "rule",
    }
}

fn on_resolved(end: OnResolved) -> &'static str {
    match end {
        OnResolved::Resolve => "resolve",
        OnResolved::Note => "note",
        OnResolved::Nothing => "nothing",
    }
}

fn if_over(over: IfOver) -> &'static str {
    match over {
        IfOver::Ticket => "ticket",
        IfOver::Nothing => "nothing",
    }
}

/// The rule that a file with name and connection alone has.
impl Default for AlertRule {
    fn default() -> Self {
        Self {
            name: String::new(),
            line: 0,
            enabled: true,
            matches: super::Matches::default(),
            connection: String::new(),
            kind: TicketKind::default(),
            way: Way::default(),
            ticket: TicketTexts::default(),
            severities: Levels::default(),
            grouping: Grouping::default(),
            on_resolved: OnResolved::default(),
            close_code: String::new(),
            reopen_minutes: 60,
            if_over: IfOver::default(),
            suppressed: false,
            tests: false,
            budget: 20,
            budget_minutes: 60,
            flapping: 4,
            flapping_minutes: 60,
            notes_per_hour: 6,
        }
    }
}
