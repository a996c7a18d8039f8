//! Alerts Management.

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::super::alerts::{Alert, Modification, UserState, Version};
use super::super::http::reply::{Refusal, error, fresh_guid, json, refuse};
use super::super::manners::{CommentKey, IdScope, LastLink};
use super::super::record::Role;
use super::super::rights::holds;
use super::super::state::Inner;
use super::super::value::time_text;
use super::alert_filter::Filter;
use super::{Answer, Call, told_id};
use crate::core::reply::with;

const VERSIONS: &[&str] =
    &["2018-05-05", "2019-03-01", "2019-05-05-preview", "2023-07-12-preview", "2025-05-25-preview"];
/// The version whose history tells details.
const WITH_DETAILS: &str = "2025-05-25-preview";
const TYPE: &str = "Microsoft.AlertsManagement/alerts";

/// A request to the limits of its kind: the kind, requests a minute, and the header that tells what is left.
type Limit = (&'static str, u32, &'static str);

impl Call<'_> {
    /// Below `{scope}/providers/Microsoft.AlertsManagement`; none if it is for nothing here.
    pub(super) fn alerts_management(&self, inner: &mut Inner, scope: &str, rest: &[&str]) -> Option<Answer> {
        let limits = &inner.manners;
        let list = ("list", limits.alert_lists_per_minute, "x-ms-ratelimit-remaining-subscription-resource-requests");
        let summary = ("summary", limits.alert_summaries_per_minute, "x-ms-ratelimit-remaining-subscription-reads");
        let reads = ("others", limits.alert_others_per_minute, "x-ms-ratelimit-remaining-subscription-reads");
        let writes = ("others", limits.alert_others_per_minute, "x-ms-ratelimit-remaining-subscription-writes");
        Some(match (rest, self.method()) {
            (["alerts"], &Method::GET) => self.limited(inner, list, |call, inner| call.list_alerts(inner, scope)),
            (["alertssummary"], &Method::GET) => self.limited(inner, summary, |call, inner| call.summary(inner, scope)),
            (["alerts", guid], &Method::GET) => {
                self.limited(inner, reads, |call, inner| call.one_alert(inner, scope, guid))
            }
            (["alerts", guid, "history"], &Method::GET) => {
                self.limited(inner, reads, |call, inner| call.alert_history(inner, scope, guid))
            }
            (["alerts", guid, "changestate"], &Method::POST) => {
                self.limited(inner, writes, |call, inner| call.change_state(inner, scope, guid))
            }
            (["alerts" | "alertssummary", ..], _) => Err(self.no_method()),
            _ => return None,
        })
    }

    fn limited(
        &self,
        inner: &mut Inner,
        (kind, most, header): Limit,
        answer: impl FnOnce(&Self, &mut Inner) -> Answer,
    ) -> Answer {
        self.versions(VERSIONS)?;
        let subscription = self.parts.get(1).copied().unwrap_or_default().to_ascii_lowercase();
        let minute = inner.now.div_euclid(60_000);
        inner.alerts.asked.retain(|(at, ..), _| *at == minute);
        let asked = inner.alerts.asked.entry((minute, kind, subscription)).or_default();
        *asked += 1;
        let asked = *asked;
        if asked > most {
            let message = "The request is being throttled as the limit has been reached for operation type.";
            let refusal = error(Role::ResourceManager, 429, "TooManyRequests", message);
            let wait = (minute + 1) * 60 - inner.now.div_euclid(1000);
            return Ok(with(refusal, "retry-after", &wait.max(1).to_string()));
        }
        answer(self, inner).map(|response| with(response, header, &(most - asked).to_string()))
    }

    /// Only alerts of resources that one may read come back: without any right the list is empty.
    fn list_alerts(&self, inner: &Inner, scope: &str) -> Answer {
        let filter = Filter::read(self, inner)?;
        let until = inner.now - inner.manners.alert_list_seconds * 1000;
        let listed = inner.alerts.kept(inner.now).filter(|alert| self.sees(inner, alert, scope));
        let listed = listed.filter_map(|alert| alert.listed(until).map(|version| (alert, version)));
        let mut found: Vec<(&Alert, &Version)> =
            listed.filter(|(alert, version)| filter.fits(alert, version)).collect();
        found.sort_by(|one, other| filter.order(one, other));
        let (skip, nth) = self.continued()?;
        let size = filter.size(inner, nth);
        let rest = found.len().saturating_sub(skip);
        let page = found.into_iter().skip(skip).take(size);
        let told: Vec<Value> =
            page.map(|(alert, version)| self.told_alert(inner, alert, version, Some(&filter))).collect();
        let mut body = json!({ "value": told });
        let link = if rest > size { Some(self.next_alerts(inner, skip + size, nth + 1)) } else { None };
        match (link, inner.manners.last_alert_link) {
            (Some(link), _) => body["nextLink"] = link.into(),
            (None, LastLink::Empty) => body["nextLink"] = "".into(),
            (None, LastLink::Null) => body["nextLink"] = Value::Null,
            (None, LastLink::Missing) => {}
        }
        Ok(json(200, &body))
    }

    fn sees(&self, inner: &Inner, alert: &Alert, scope: &str) -> bool {
        holds(scope, &alert.target) && inner.may(&self.who.object_id, &format!("{TYPE}/read"), &alert.target)
    }

    /// The next page is asked for by the same parameters and a token, which is encoded already.
    fn next_alerts(&self, inner: &Inner, skip: usize, nth: usize) -> String {
        let token = format!("[{{\"token\":\"+RID:~{skip}#{nth}==\",\"range\":{{\"min\":\"\",\"max\":\"FF\"}}}}]");
        let query = self.asked.parts.uri.query().unwrap_or_default();
        let kept = query.split('&').filter(|part| !part.to_ascii_lowercase().starts_with("ctoken="));
        let kept: Vec<&str> = kept.collect();
        let encoded: String = url::form_urlencoded::byte_serialize(token.as_bytes()).collect();
        let host = if self.links_elsewhere() { "https://management.elsewhere.example:443" } else { &inner.url };
        format!("{host}{}?{}&ctoken={encoded}", self.asked.path(), kept.join("&"))
    }

    /// How many alerts the pages before held, and how many pages they were.
    fn continued(&self) -> Result<(usize, usize), Refusal> {
        let Some(token) = self.asked.parameter("ctoken") else { return Ok((0, 0)) };
        let wrong = || refuse(400, "BadRequest", format!("Invalid continuation token Activity ID: {}", fresh_guid()));
        let numbers =
            token.strip_prefix("[{\"token\":\"+RID:~").and_then(|rest| rest.split_once("==")).map(|(is, _)| is);
        let (skip, nth) = numbers.and_then(|numbers| numbers.split_once('#')).ok_or_else(wrong)?;
        Ok((skip.parse().map_err(|_| wrong())?, nth.parse().map_err(|_| wrong())?))
    }

    fn find_alert<'i>(&self, inner: &'i Inner, scope: &str, guid: &str) -> Result<&'i Alert, Refusal> {
        let here = |alert: &&Alert| {
            let at_subscription = scope.split('/').count() <= 3;
            let gone = alert.target_gone && !at_subscription;
            holds(scope, &alert.target) && !gone
        };
        let found = inner.alerts.find(guid, inner.now).filter(here);
        let message = format!("Alert with id {guid} was not found. Activity ID: {}", fresh_guid());
        found.ok_or_else(|| refuse(404, "NotFound", message))
    }

    fn one_alert(&self, inner: &Inner, scope: &str, guid: &str) -> Answer {
        let alert = self.find_alert(inner, scope, guid)?;
        self.require(inner, &format!("{TYPE}/read"), &alert.target)?;
        Ok(json(200, &self.told_alert(inner, alert, alert.latest(), None)))
    }

    /// The newest entry comes first; only newer versions of the interface tell details.
    fn alert_history(&self, inner: &Inner, scope: &str, guid: &str) -> Answer {
        let alert = self.find_alert(inner, scope, guid)?;
        self.require(inner, &format!("{TYPE}/read"), &alert.target)?;
        let told = |one: &Modification| {
            let mut told = json!({
                "modificationEvent": one.event, "oldValue": one.old, "newValue": one.new,
                "modifiedAt": time(one.at), "modifiedBy": one.by, "comments": one.comments, "description": one.description,
            });
            if self.version == WITH_DETAILS && !one.details.is_null() {
                told["details"] = one.details.clone();
            }
            told
        };
        let modifications: Vec<Value> = alert.history.iter().rev().map(told).collect();
        let id = format!("{}/history/default", alert.subscription_id());
        let properties = json!({ "alertId": alert.guid, "modifications": modifications });
        Ok(json(
            200,
            &json!({ "id": id, "type": format!("{TYPE}/history"), "name": "default", "properties": properties }),
        ))
    }

    /// The answer is the whole alert, at the subscription's scope.
    fn change_state(&self, inner: &mut Inner, scope: &str, guid: &str) -> Answer {
        let target = self.find_alert(inner, scope, guid)?.target.clone();
        self.require(inner, &format!("{TYPE}/changestate/action"), &target)?;
        let wanted = self.asked.parameter("newState").unwrap_or_default();
        let state = UserState::named(&wanted).ok_or_else(|| bad(&format!("New state '{wanted}' is not valid")))?;
        let body: Value = serde_json::from_slice(&self.asked.body).unwrap_or(Value::Null);
        let key = inner.manners.comment_key;
        let others = || body.as_object().into_iter().flatten().filter(|(name, _)| *name != "comments");
        if key == CommentKey::CommentsOnly && others().next().is_some() {
            return Err(bad("The request body has a member that is not known"));
        }
        let name = if key == CommentKey::Comment { "comment" } else { "comments" };
        let said = body[name].as_str().unwrap_or_default().to_owned();
        let by = self.who.user.clone().unwrap_or_else(|| self.who.object_id.clone());
        let now = inner.now;
        if let Some(alert) = inner.alerts.find_mut(guid) {
            alert.set_state(state, now, &by, &said);
        }
        let alert = self.find_alert(inner, scope, guid)?;
        let mut told = self.told_alert(inner, alert, alert.latest(), None);
        told["id"] = told_id(inner, &alert.subscription_id()).into();
        Ok(json(200, &told))
    }

    fn told_alert(&self, inner: &Inner, alert: &Alert, version: &Version, filter: Option<&Filter>) -> Value {
        let wide = inner.manners.alert_ids == IdScope::Subscription || alert.target_gone;
        let id = if wide { alert.subscription_id() } else { alert.id_below(&alert.target) };
        let essentials = essentials(alert, version);
        let chosen = |name: &str| filter.is_none_or(|filter| filter.selects(name));
        let essentials: Map<String, Value> = essentials.into_iter().filter(|(name, _)| chosen(name)).collect();
        let mut properties = json!({ "essentials": essentials });
        if filter.is_none_or(|filter| filter.context) {
            properties["context"] = alert.rest_context();
        }
        if filter.is_some_and(|filter| filter.egress) {
            properties["egressConfig"] = json!({ "displayConfig": [{ "rootJsonNode": "context", "fields": [] }] });
        }
        if self.version == WITH_DETAILS && !alert.custom_properties.is_empty() {
            properties["customProperties"] = alert.custom_properties.clone().into();
        }
        json!({ "properties": properties, "id": told_id(inner, &id), "type": TYPE, "name": alert.rule_name })
    }

    fn summary(&self, inner: &Inner, scope: &str) -> Answer {
        let filter = Filter::read(self, inner)?;
        let grouped = self.asked.parameter("groupby").unwrap_or_default();
        let keys: Vec<&str> = grouped.split(',').map(str::trim).filter(|key| !key.is_empty()).collect();
        if keys.is_empty() {
            return Err(bad("Group by filter is required"));
        }
        let seen = inner.alerts.kept(inner.now).filter(|alert| self.sees(inner, alert, scope));
        let found = seen.map(|alert| (alert, alert.latest())).filter(|(alert, version)| filter.fits(alert, version));
        let rows: Vec<Map<String, Value>> = found.map(|(alert, version)| essentials(alert, version)).collect();
        let rows: Vec<&Map<String, Value>> = rows.iter().collect();
        let mut properties = grouped_by(&rows, &keys)?;
        properties["total"] = rows.len().into();
        properties["smartGroupsCount"] = 0.into();
        let name = "current";
        Ok(json(
            200,
            &json!({
                "id": format!("{scope}/providers/Microsoft.AlertsManagement/alertsSummary/{name}"), "name": name,
                "type": "Microsoft.AlertsManagement/alertsSummary", "properties": properties,
            }),
        ))
    }
}

fn grouped_by(rows: &[&Map<String, Value>], keys: &[&str]) -> Result<Value, Refusal> {
    let Some((key, deeper)) = keys.split_first() else { return Ok(json!({})) };
    const KNOWN: [&str; 6] =
        ["severity", "alertState", "monitorCondition", "monitorService", "signalType", "alertRule"];
    let known = KNOWN.iter().find(|known| known.eq_ignore_ascii_case(key));
    let key = known.ok_or_else(|| bad(&format!("Group by filter '{key}' is not valid")))?;
    let mut groups: std::collections::BTreeMap<String, Vec<&Map<String, Value>>> = Default::default();
    for row in rows {
        groups.entry(row[*key].as_str().unwrap_or_default().to_owned()).or_default().push(row);
    }
    let mut values = Vec::new();
    for (name, rows) in groups {
        let mut value = grouped_by(&rows, deeper)?;
        value["name"] = name.into();
        value["count"] = rows.len().into();
        values.push(value);
    }
    Ok(json!({ "groupedby": key, "values": values }))
}

/// What every alert tells, whatever raised it.
pub(super) fn essentials(alert: &Alert, version: &Version) -> Map<String, Value> {
    let (kind, name, group) = alert.target_parts();
    let mut told = json!({
        "severity": format!("Sev{}", alert.severity), "signalType": if alert.service.is_activity_log() { "Log" } else { alert.service.signal() },
        "alertState": version.state.name(), "monitorCondition": version.condition.name(),
        "targetResource": alert.target.to_ascii_lowercase(), "targetResourceName": name,
        "targetResourceGroup": group, "targetResourceType": kind, "monitorService": alert.service.in_rest(),
        "alertRule": alert.rule, "sourceCreatedId": alert.source_created_id,
        "startDateTime": time(alert.started), "lastModifiedDateTime": time(version.modified),
        "lastModifiedUserName": version.modified_by, "actionStatus": { "isSuppressed": version.suppressed },
        "description": alert.description,
    });
    if let Some(resolved) = version.resolved {
        told["monitorConditionResolvedDateTime"] = time(resolved).into();
    }
    match told {
        Value::Object(told) => told,
        _ => Map::new(),
    }
}

/// Seven decimals, as the recorded traffic has them.
fn time(millis: i64) -> String {
    let text = time_text(millis * 10_000 + 4_213);
    text.trim_end_matches('Z').chars().chain("0000000".chars()).take(27).chain(['Z']).collect()
}

/// 400 of a parameter.
pub(super) fn bad(message: &str) -> Refusal {
    refuse(400, "BadRequest", format!("{message} Activity ID: {}", fresh_guid()))
}
