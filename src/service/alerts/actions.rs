//! Reading the old ITSM actions: action groups with ITSM receivers, and the alert rules that use them.

use serde_json::Value;

use super::{api, named, of_source};
use crate::azure::alerts::AlertsApi;
use crate::model::alert_rules::import::{Adder, OldAction};
use crate::model::azure_id::same;
use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::service::services::Services;

const GROUPS: (&str, &str) = ("Microsoft.Insights/actionGroups", "2021-09-01");

/// The kinds of alert rules that name action groups.
const RULES: [(&str, &str); 3] = [
    ("Microsoft.Insights/metricAlerts", "2018-03-01"),
    ("Microsoft.Insights/scheduledQueryRules", "2021-08-01"),
    ("Microsoft.Insights/activityLogAlerts", "2020-10-01"),
];

/// Alert processing rules, which may add an action group to the alerts of rules that have none.
const PROCESSING: (&str, &str) = ("Microsoft.AlertsManagement/actionRules", "2021-08-08");

/// What was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Imported {
    /// The actions, with the rules that use them.
    pub actions: Vec<OldAction>,
    /// Kinds of alert rules that could not be read, with why.
    pub unread: Vec<(String, Fault)>,
}

/// The old ITSM actions in the subscriptions of a source.
///
/// # Errors
/// [`Fault::NoSuchSource`]; when nobody can sign in, or action groups cannot be read.
pub async fn old_actions(services: &Services, source: &str) -> Result<Imported, Fault> {
    let source = named(services, source).await?;
    let api = api(services, &source).await?;
    read(&api, &source.subscriptions).await.map_err(|fault| of_source(fault, source.name.as_str()))
}

/// The actions first: rules of one subscription may use the action groups of another.
pub(super) async fn read(api: &AlertsApi, subscriptions: &[String]) -> Result<Imported, Fault> {
    let mut found = Imported::default();
    for subscription in subscriptions {
        let groups = api.all(subscription, GROUPS.0, GROUPS.1).await?;
        found.actions.extend(groups.iter().flat_map(of_group));
    }
    if found.actions.is_empty() {
        return Ok(found);
    }
    let Imported { actions, unread } = &mut found;
    for subscription in subscriptions {
        match api.all(subscription, PROCESSING.0, PROCESSING.1).await {
            Ok(rules) => rules.iter().for_each(|rule| add_adder(actions, rule)),
            Err(fault) => unread.push((format!("{subscription} {}", PROCESSING.0), fault)),
        }
        for (kind, version) in RULES {
            match api.all(subscription, kind, version).await {
                Ok(rules) => rules.iter().for_each(|rule| add_rule(actions, rule)),
                Err(fault) => unread.push((format!("{subscription} {kind}"), fault)),
            }
        }
    }
    Ok(found)
}

fn of_group(group: &Value) -> Vec<OldAction> {
    let text = |value: &Value| clean(value.as_str().unwrap_or_default(), true);
    let receivers = group["properties"]["itsmReceivers"].as_array().cloned().unwrap_or_default();
    let of_one = |receiver: &Value| OldAction {
        group: text(&group["id"]),
        name: text(&receiver["name"]),
        connection_id: text(&receiver["connectionId"]),
        configuration: match &receiver["ticketConfiguration"] {
            Value::String(told) => clean(told, true),
            Value::Null => String::new(),
            other => other.to_string(),
        },
        rules: Vec::new(),
        adders: Vec::new(),
    };
    receivers.iter().map(of_one).collect()
}

/// Notes an alert rule with the actions that it names, wherever in it they stand.
fn add_rule(actions: &mut [OldAction], rule: &Value) {
    let (name, id) = (rule["name"].as_str().unwrap_or_default(), rule["id"].as_str().unwrap_or_default());
    let mut named = Vec::new();
    texts(&rule["properties"]["actions"], &mut named);
    for action in actions.iter_mut().filter(|action| named.iter().any(|text| same(text, &action.group))) {
        action.rules.push((clean(name, false), clean(id, false)));
    }
}

/// Notes an alert processing rule with the actions that it adds.
fn add_adder(actions: &mut [OldAction], rule: &Value) {
    let told = &rule["properties"];
    let adding = |action: &&Value| action["actionType"] == "AddActionGroups";
    let mut named = Vec::new();
    told["actions"].as_array().into_iter().flatten().filter(adding).for_each(|action| texts(action, &mut named));
    if told["enabled"] == false {
        return;
    }
    let text = |value: &Value| clean(value.as_str().unwrap_or_default(), false);
    let all = |value: &Value| value.as_array().into_iter().flatten().map(text).collect::<Vec<_>>();
    let conditions = told["conditions"].as_array().into_iter().flatten();
    let adder = Adder {
        name: text(&rule["name"]),
        scopes: all(&told["scopes"]),
        conditions: conditions.map(|one| (text(&one["field"]), text(&one["operator"]), all(&one["values"]))).collect(),
    };
    for action in actions.iter_mut().filter(|action| named.iter().any(|text| same(text, &action.group))) {
        action.adders.push(adder.clone());
    }
}

fn texts(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => into.push(text.clone()),
        Value::Array(all) => all.iter().for_each(|one| texts(one, into)),
        Value::Object(all) => all.values().for_each(|one| texts(one, into)),
        _ => {}
    }
}
