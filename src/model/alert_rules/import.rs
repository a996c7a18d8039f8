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
}

/// The file of rules for these actions. `connection` stands in each; without one there is a word to be replaced.
pub fn rules_of(actions: &[OldAction], connection: Option<&str>) -> String {
    let mut text = String::from(
        "# Rules made of the ITSM actions in Azure by 'itsmc alert import-actions'. Check them: itsmc alert check\n\
         # All of them are switched off. See what they would have done: itsmc alert preview --last 30d --rule NAME\n",
    );
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for action in actions {
        let name = one_line(if action.name.is_empty() { "imported" } else { &action.name });
        let count = names.entry(name.to_lowercase()).or_default();
        *count += 1;
        let name = if *count == 1 { name } else { format!("{name} {count}") };
        push_rule(&mut text, action, &name, connection);
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

fn push_rule(text: &mut String, action: &OldAction, name: &str, connection: Option<&str>) {
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
    if action.rules.is_empty() {
        text.push_str(
            "# No alert rule uses this action group by itself. An alert processing rule may: see docs/alerts.md.\n",
        );
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
    let rules: Vec<String> = action.rules.iter().map(|(_, id)| quoted(&escaped(id))).collect();
    if rules.is_empty() {
        text.push_str("rule = [\"no alert rule is known: write its name here\"]\n");
    } else {
        text.push_str(&format!("rule = [\n    {},\n]\n", rules.join(",\n    ")));
    }
    push_fields(text, &ticket.fields);
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
