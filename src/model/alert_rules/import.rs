//! Rules out of the old ITSM actions: the `itsmReceivers` of action groups, and the alert rules that use those groups.
//!
//! `ticketConfiguration` is JSON in a text, and `WorkItemData` in it is JSON in a text again, or an object (Azure's
//! specification and a user's file of Terraform differ). What an action has and a rule cannot have is a comment.

use std::collections::BTreeMap;

use serde_json::Value;

use super::template::quoted;
use crate::model::clean::clean;

/// An ITSM action of an action group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OldAction {
    /// The resource id of the action group.
    pub group: String,
    /// The receiver's name.
    pub name: String,
    /// The id of the old connection.
    pub connection_id: String,
    /// The text `ticketConfiguration`, or `templateInfo` of the oldest alerts.
    pub configuration: String,
    /// The alert rules that use the group: name and resource id.
    pub rules: Vec<(String, String)>,
    /// The alert processing rules that add the group to alerts, whatever rule they are of.
    pub adders: Vec<Adder>,
}

/// An alert processing rule that adds an action group: baseline deployments give their alert rules none of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Adder {
    /// Its name.
    pub name: String,
    /// The resource ids to whose alerts it adds the group: subscriptions, resource groups, resources.
    pub scopes: Vec<String>,
    /// Its further conditions: field, operator and values.
    pub conditions: Vec<(String, String, Vec<String>)>,
}

/// Which alerts a rule is about.
#[derive(Clone, Copy)]
enum Alerts<'a> {
    /// Those of the alert rules that use the group.
    OfRules,
    /// Those to which a processing rule adds it.
    Added(&'a Adder),
}

/// The file of rules for these actions. `connection` stands in each; without one there is a word to be replaced.
pub fn rules_of(actions: &[OldAction], connection: Option<&str>) -> String {
    let mut text = String::from(
        "# Rules made of the ITSM actions in Azure by 'itsmc alert import-actions'. Check them: itsmc alert check\n\
         # All of them are switched off. See what they would have done: itsmc alert preview --last 30d --rule NAME\n",
    );
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for action in actions {
        let own = (!action.rules.is_empty() || action.adders.is_empty()).then_some(Alerts::OfRules);
        for alerts in own.into_iter().chain(action.adders.iter().map(Alerts::Added)) {
            let name = one_line(if action.name.is_empty() { "imported" } else { &action.name });
            let count = names.entry(name.to_lowercase()).or_default();
            *count += 1;
            let name = if *count == 1 { name } else { format!("{name} {count}") };
            push_rule(&mut text, action, alerts, (&name, connection));
        }
    }
    text
}

/// What a configuration says.
struct Ticket {
    kind: String,
    fields: BTreeMap<String, String>,
    per_item: Option<bool>,
    remarks: Vec<String>,
}

fn push_rule(text: &mut String, action: &OldAction, alerts: Alerts<'_>, (name, connection): (&str, Option<&str>)) {
    let ticket = Ticket::read(&action.configuration);
    text.push_str(&format!("\n# From the receiver '{}' of the action group\n", one_line(&action.name)));
    text.push_str(&format!("# {}\n", one_line(&action.group)));
    text.push_str(&format!(
        "# Its connection was {}: the server and the sign-in are not in Azure.\n",
        one_line(&action.connection_id)
    ));
    for remark in &ticket.remarks {
        text.push_str(&format!("# Not carried over: {}\n", one_line(remark)));
    }
    match alerts {
        Alerts::OfRules if action.rules.is_empty() => {
            text.push_str("# No alert rule uses this action group, and no alert processing rule adds it.\n");
        }
        Alerts::OfRules => {}
        Alerts::Added(adder) => {
            let name = one_line(&adder.name);
            text.push_str(&format!("# The alert processing rule '{name}' adds the group to alerts of its scopes.\n"));
        }
    }
    text.push_str(&format!("[[rule]]\nname = {}\nenabled = false\n", quoted(name)));
    let connection = connection.unwrap_or("CONNECTION");
    text.push_str(&format!("connection = {}\n", quoted(connection)));
    text.push_str(&format!("kind = {}\n", quoted(&ticket.kind)));
    match ticket.per_item {
        Some(true) => text.push_str("grouping = \"item\"\n"),
        Some(false) => text.push_str(
            "grouping = \"alert\"  # the old action had one open ticket for each log search rule: that is \"rule\"\n",
        ),
        None => {}
    }
    text.push_str("[rule.match]\n");
    match alerts {
        Alerts::OfRules => {
            let rules: Vec<String> = action.rules.iter().map(|(_, id)| quoted(&escaped(id))).collect();
            if rules.is_empty() {
                text.push_str("rule = [\"no alert rule is known: write its name here\"]\n");
            } else {
                text.push_str(&format!("rule = [\n    {},\n]\n", rules.join(",\n    ")));
            }
        }
        Alerts::Added(adder) => push_scopes(text, adder),
    }
    push_fields(text, &ticket.fields);
}

/// The scopes and conditions of a processing rule, as far as a rule has keys for them.
fn push_scopes(text: &mut String, adder: &Adder) {
    let (mut keys, mut left_out) = (BTreeMap::<&str, Vec<String>>::new(), Vec::new());
    for scope in &adder.scopes {
        let parts: Vec<&str> = scope.trim_matches('/').split('/').collect();
        let (key, value) = match parts.as_slice() {
            [_, subscription] => ("subscription", *subscription),
            [_, _, _, group] => ("resource_group", *group),
            _ => ("target", scope.as_str()),
        };
        keys.entry(key).or_default().push(quoted(&escaped(value)));
    }
    // Every key of a rule must fit, and a scope of either kind is enough for a processing rule.
    if keys.len() > 1 {
        left_out.push(format!("the scopes {}: write a rule for each kind", adder.scopes.join(", ")));
        keys.clear();
    }
    for (field, operator, values) in &adder.conditions {
        if field.eq_ignore_ascii_case("severity") && operator.eq_ignore_ascii_case("equals") {
            keys.insert("severity", values.iter().map(|value| quoted(&one_line(value))).collect());
        } else {
            left_out.push(format!("the condition {field} {operator} {}", values.join(", ")));
        }
    }
    for (key, values) in &keys {
        text.push_str(&format!("{key} = [{}]\n", values.join(", ")));
    }
    for remark in &left_out {
        text.push_str(&format!("# Not carried over: {}\n", one_line(remark)));
    }
    if keys.is_empty() {
        text.push_str("rule = [\"write here which alerts\"]\n");
    }
}

/// The group and the caller have keys of their own.
fn push_fields(text: &mut String, fields: &BTreeMap<String, String>) {
    if fields.is_empty() {
        return;
    }
    text.push_str("[rule.ticket]\n");
    let mut rest = Vec::new();
    for (name, value) in fields {
        let value = value.replace('{', "{{").replace('}', "}}");
        match name.as_str() {
            "assignment_group" => text.push_str(&format!("group = {}\n", quoted(&value))),
            "caller_id" | "caller" => text.push_str(&format!("caller = {}\n", quoted(&value))),
            _ => rest.push(format!("{} = {}", quoted(name), quoted(&value))),
        }
    }
    if !rest.is_empty() {
        text.push_str(&format!("fields = {{ {} }}\n", rest.join(", ")));
    }
}

/// A name as a pattern that fits it alone, as far as patterns can: their signs are rare in Azure.
fn escaped(id: &str) -> String {
    one_line(id).replace('*', "?")
}

fn one_line(text: &str) -> String {
    clean(text, false).trim().to_owned()
}

impl Ticket {
    fn read(configuration: &str) -> Self {
        let mut ticket =
            Self { kind: "incident".to_owned(), fields: BTreeMap::new(), per_item: None, remarks: Vec::new() };
        let Some(Value::Object(all)) = unpacked(&Value::String(configuration.to_owned())) else {
            ticket.remarks.push(format!("the configuration, which cannot be read: {configuration}"));
            return ticket;
        };
        for (name, value) in &all {
            ticket.take(name, value);
        }
        ticket
    }

    fn take(&mut self, name: &str, value: &Value) {
        match name.to_ascii_lowercase().as_str() {
            "workitemtype" => match value.as_str().unwrap_or_default().to_ascii_lowercase().as_str() {
                kind @ ("incident" | "event" | "alert") => kind.clone_into(&mut self.kind),
                _ => self.remarks.push(format!("the work item type {value}; it is an incident here")),
            },
            "workitemdata" => match unpacked(value) {
                Some(Value::Object(fields)) => {
                    self.fields = fields.iter().map(|(name, value)| (one_line(name), plain(value))).collect();
                }
                _ if value.is_null() => {}
                _ => self.remarks.push(format!("the fields {value}")),
            },
            "createonewiperci" => self.per_item = value.as_bool(),
            "createonewiperlog" if value == true => {
                self.remarks.push("one event for each row of the log: there is one for each alert".to_owned());
            }
            "usetemplate" if value == true => {
                self.remarks
                    .push("the template: its name is not documented; set 'template' in [rule.ticket]".to_owned());
            }
            "payloadrevision" | "usetemplate" | "createonewiperlog" => {}
            _ if value.is_null() => {}
            _ => self.remarks.push(format!("{name} = {value}")),
        }
    }
}

/// JSON, or JSON in a text, or that in a text once more.
fn unpacked(value: &Value) -> Option<Value> {
    let mut value = value.clone();
    for _ in 0..3 {
        match &value {
            Value::String(text) => value = serde_json::from_str(text.trim()).ok()?,
            _ => return Some(value),
        }
    }
    Some(value)
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => one_line(text),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
