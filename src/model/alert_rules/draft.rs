//! The ticket that a rule makes of an alert.

use crate::model::alert::{Alert, Condition};
use crate::model::azure_id;
use crate::model::nearest::nearest;
use crate::model::ticket::{ItemHint, Reference, TicketDraft};

use super::{AlertRule, ItemHandling};

/// The longest title in characters; ServiceNow's short description has 160.
const TITLE: usize = 160;

/// The longest text in characters; the shortest limit of the four products is 4,000.
const TEXT: usize = 3_900;

/// How many affected items a title or note names.
pub const ITEMS: usize = 10;

/// The title of a rule that gives none.
const DEFAULT_TITLE: &str = "{severity} {rule}: {item}";

/// The placeholders without those of `custom.` and `dimension.`.
const PLACEHOLDERS: [&str; 17] = [
    "rule",
    "severity",
    "item",
    "items",
    "target",
    "subscription",
    "resource_group",
    "resource_type",
    "service",
    "signal",
    "description",
    "details",
    "fired",
    "link",
    "id",
    "condition",
    "series",
];

/// The placeholders that texts of rules may have.
pub fn placeholders() -> impl Iterator<Item = &'static str> {
    PLACEHOLDERS.into_iter().chain(["custom.NAME", "dimension.NAME"])
}

/// Parts of a text: plain ones, and placeholders without their braces. Doubled braces are plain ones.
fn parts(text: &str) -> Vec<(bool, String)> {
    let mut parts: Vec<(bool, String)> = vec![(false, String::new())];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let inside = parts.last().is_some_and(|(inside, _)| *inside);
        match c {
            '{' | '}' if chars.peek() == Some(&c) && !inside => {
                chars.next();
                push(&mut parts, c);
            }
            '{' if !inside => parts.push((true, String::new())),
            '}' if inside => parts.push((false, String::new())),
            _ => push(&mut parts, c),
        }
    }
    parts
}

fn push(parts: &mut [(bool, String)], c: char) {
    if let Some((_, text)) = parts.last_mut() {
        text.push(c);
    }
}

/// The placeholders of a text that mean nothing, each with what may be meant.
pub fn unknown_placeholders(text: &str) -> Vec<(String, Option<String>)> {
    let is_known =
        |name: &str| PLACEHOLDERS.contains(&name) || name.starts_with("custom.") || name.starts_with("dimension.");
    let unknown = parts(text).into_iter().filter(|(inside, name)| *inside && !is_known(name));
    unknown.map(|(_, name)| (name.clone(), nearest(&name, PLACEHOLDERS).map(str::to_owned))).collect()
}

fn filled(text: &str, alert: &Alert) -> String {
    let told = parts(text).into_iter().map(|(inside, part)| if inside { value(&part, alert) } else { part });
    told.collect()
}

fn value(name: &str, alert: &Alert) -> String {
    if let Some(wanted) = name.strip_prefix("custom.") {
        return among(alert.custom.iter(), wanted);
    }
    if let Some(wanted) = name.strip_prefix("dimension.") {
        return among(alert.dimensions.iter().map(|(name, value)| (name, value)), wanted);
    }
    match name {
        "rule" => alert.rule.clone(),
        "severity" => alert.severity.map(|severity| severity.id().to_owned()).unwrap_or_default(),
        "item" => items(alert).first().cloned().unwrap_or_default(),
        "items" => items(alert).join(", "),
        "target" => alert.targets.first().cloned().unwrap_or_default(),
        "subscription" => alert.subscription.clone(),
        "resource_group" => alert.resource_group.clone(),
        "resource_type" => alert.resource_type.clone(),
        "service" => alert.service.clone(),
        "signal" => alert.signal.clone(),
        "description" => alert.description.clone(),
        "details" => lines(&alert.details),
        "fired" => alert.fired_at.map(|at| at.to_string()).unwrap_or_default(),
        "link" => alert.link.clone(),
        "id" => alert.id.clone(),
        "condition" => alert.condition.id().to_owned(),
        "series" => alert.series.clone(),
        _ => String::new(),
    }
}

fn among<'a>(mut pairs: impl Iterator<Item = (&'a String, &'a String)>, wanted: &str) -> String {
    let found = pairs.find(|(name, _)| name.eq_ignore_ascii_case(wanted));
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

/// The names of what is affected, without the way to it.
fn items(alert: &Alert) -> Vec<String> {
    alert.items.iter().take(ITEMS).map(|item| super::last(item).to_owned()).collect()
}

fn lines(pairs: &[(String, String)]) -> String {
    pairs.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join("\n")
}

/// The text of a rule that gives none: what is known of the alert, line by line.
fn description(alert: &Alert) -> String {
    let told = [
        ("Alert rule", alert.rule.clone()),
        ("Severity", value("severity", alert)),
        ("Fired", value("fired", alert)),
        ("Service", alert.service.clone()),
        ("Target", alert.targets.join(", ")),
        ("Affected", value("items", alert)),
        ("Subscription", alert.subscription.clone()),
        ("Resource group", alert.resource_group.clone()),
    ];
    let mut text = alert.description.trim().to_owned();
    let pairs = told.map(|(name, value)| (name.to_owned(), value));
    let dimensions = alert.dimensions.iter().chain(&alert.details).cloned();
    let custom = alert.custom.clone().into_iter();
    let links =
        [("Link", alert.link.clone()), ("Alert", alert.id.clone())].map(|(name, value)| (name.to_owned(), value));
    let all: Vec<_> = pairs.into_iter().chain(dimensions).chain(custom).chain(links).collect();
    let told: Vec<_> = all.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    if !text.is_empty() {
        text.push_str("\n\n");
    }
    text + &lines(&told)
}

/// The ticket that a rule makes of an alert; `item` is the one item of a ticket by item. The severity has a level, or the
/// alert has none.
pub fn draft(rule: &AlertRule, alert: &Alert, item: Option<&str>) -> TicketDraft {
    let level = alert.severity.and_then(|severity| rule.severities.of(severity));
    let own = item.map(|item| Alert { items: vec![item.to_owned()], ..alert.clone() });
    let alert = own.as_ref().unwrap_or(alert);
    let texts = &rule.ticket;
    let title = filled(if texts.title.is_empty() { DEFAULT_TITLE } else { &texts.title }, alert);
    let named = |name: &String| Some(name).filter(|name| !name.is_empty()).map(Reference::named);
    TicketDraft {
        kind: rule.kind,
        way: rule.way,
        title: cut(one_line(&title).trim_end_matches(':'), TITLE),
        description: match texts.description.is_empty() {
            true => cut(&description(alert), TEXT),
            false => cut(&filled(&texts.description, alert), TEXT),
        },
        impact: level.map(|(impact, _)| impact),
        urgency: level.map(|(_, urgency)| urgency),
        group: named(&texts.group),
        caller: named(&texts.caller),
        item: (texts.item == ItemHandling::Find).then(|| item_hint(alert)).flatten(),
        fields: texts.fields.iter().map(|(name, text)| (name.clone(), filled(text, alert))).collect(),
        template: Some(texts.template.clone()).filter(|template| !template.is_empty()),
        severity: alert.severity.map(crate::model::alert::Severity::number),
        rule: Some(alert.rule.clone()).filter(|rule| !rule.is_empty()),
        metric: alert.details.first().map(|(name, _)| name.clone()),
        at: alert.fired_at,
    }
}

/// What an alert tells of the one item that it is about; `None` where it is about none or several.
pub fn item_hint(alert: &Alert) -> Option<ItemHint> {
    let [item] = alert.items.as_slice() else { return None };
    let name = super::last(item).to_owned();
    let is_id = item.to_ascii_lowercase().starts_with("/subscriptions/");
    let by_name = alert.targets.iter().find(|id| super::last(id).eq_ignore_ascii_case(&name));
    let resource_id = if is_id { Some(item.clone()) } else { by_name.cloned() };
    let fqdn = (!is_id && name.contains('.') && name.parse::<std::net::IpAddr>().is_err()).then(|| name.clone());
    let machine = resource_id.as_deref().is_some_and(|id| {
        ["virtualMachines", "machines", "virtualMachineScaleSets"].iter().any(|part| azure_id::part(id, part).is_some())
    });
    let dimension = alert.dimensions.iter().any(|(name, value)| name.eq_ignore_ascii_case("computer") && value == item);
    Some(ItemHint {
        fqdn: fqdn.clone(),
        ip_address: name.parse::<std::net::IpAddr>().is_ok().then(|| name.clone()),
        os: None,
        is_computer: machine || dimension,
        resource_id,
        name: fqdn.map_or(name, |full| full.split('.').next().unwrap_or_default().to_owned()),
    })
}

/// One line about an alert, for notes and umbrella tickets.
pub fn note_of(alert: &Alert) -> String {
    let at = alert.at().map(|at| format!("{at} ")).unwrap_or_default();
    let what = if alert.condition == Condition::Resolved { "resolved" } else { "fired" };
    let severity = alert.severity.map(|severity| format!("{} ", severity.id())).unwrap_or_default();
    let items = items(alert).join(", ");
    let on = if items.is_empty() { String::new() } else { format!(" ({items})") };
    let rule = if alert.rule.is_empty() { alert.key.as_str() } else { &alert.rule };
    cut(&one_line(&format!("{at}{severity}{rule} {what}{on}")), 300)
}

/// A text without line breaks.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        None => text.to_owned(),
        Some(_) => text.chars().take(longest - 1).chain(['…']).collect(),
    }
}
