//! Data collection rules and their diagnostic settings.

use std::collections::BTreeMap;

use axum::http::Method;
use serde_json::{Value, json};

use super::super::faults::FaultKind;
use super::super::http::reply::json;
use super::super::rule::Rule;
use super::super::state::Inner;
use super::super::value::time_text;
use super::{Answer, Call, rule_check, told_id};
use crate::core::reply::empty;

const RULE: &[&str] = &["2021-04-01", "2021-09-01-preview", "2022-06-01", "2023-03-11", "2024-03-11", "2025-05-11"];
const DIAGNOSTIC: &[&str] = &["2021-05-01-preview"];
const TYPE: &str = "Microsoft.Insights/dataCollectionRules";

impl Call<'_> {
    pub(super) fn rules(&self, inner: &Inner, subscription: &str, group: Option<&str>) -> Answer {
        self.versions(RULE)?;
        let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
        let here = inner.rules.iter().filter(|one| same(&one.subscription, subscription));
        let here = here.filter(|one| group.is_none_or(|group| same(group, &one.group)));
        let seen = here.filter(|one| inner.may(&self.who.object_id, &format!("{TYPE}/read"), &one.id()));
        Ok(self.page(inner, seen.map(|one| self.told_rule(inner, one)).collect()))
    }

    pub(super) fn rule(&self, inner: &mut Inner, id: &str) -> Answer {
        self.versions(RULE)?;
        let place = inner.rules.iter().position(|one| one.id().eq_ignore_ascii_case(id));
        match *self.method() {
            Method::GET => {
                self.require(inner, &format!("{TYPE}/read"), id)?;
                let found = place.map(|place| &inner.rules[place]).ok_or_else(|| self.not_found())?;
                Ok(json(200, &self.told_rule(inner, found)))
            }
            Method::PUT => {
                self.require(inner, &format!("{TYPE}/write"), id)?;
                self.put_rule(inner, place)
            }
            Method::DELETE => {
                self.require(inner, &format!("{TYPE}/delete"), id)?;
                Ok(empty(if place.map(|place| inner.rules.remove(place)).is_some() { 200 } else { 204 }))
            }
            _ => Err(self.no_method()),
        }
    }

    /// 200 at once, new or not.
    fn put_rule(&self, inner: &mut Inner, place: Option<usize>) -> Answer {
        let body = self.body()?;
        rule_check::check(inner, &body)?;
        let until = inner.now + inner.manners.rule_seconds * 1000;
        let old = place.map(|place| inner.rules[place].clone());
        let before = match &old {
            Some(old) if old.properties != body["properties"] => Some((old.in_force(inner.now).clone(), until)),
            Some(old) => old.before.clone(),
            None => Some((json!({}), until)),
        };
        let fresh = |inner: &mut Inner| format!("dcr-{}", inner.rng.hex(32));
        let immutable_id = old.as_ref().map_or_else(|| fresh(inner), |old| old.immutable_id.clone());
        let rule = Rule {
            subscription: self.parts[1].to_owned(),
            group: self.parts[3].to_owned(),
            name: old.as_ref().map_or(self.parts[7], |old| &old.name).to_owned(),
            location: body["location"].as_str().unwrap_or_default().to_owned(),
            kind: body["kind"].as_str().map(str::to_owned),
            tags: body["tags"].clone(),
            properties: body["properties"].clone(),
            immutable_id,
            etag: format!("\"{}\"", inner.rng.hex(32)),
            before,
            diagnostics: old.as_ref().map_or_else(BTreeMap::new, |old| old.diagnostics.clone()),
            counters: old.map_or_else(BTreeMap::new, |old| old.counters),
        };
        let told = self.told_rule(inner, &rule);
        match place {
            Some(place) => inner.rules[place] = rule,
            None => inner.rules.push(rule),
        }
        Ok(json(200, &told))
    }

    /// With what Azure adds to it: the immutable id, the endpoints, and fields that cannot be written.
    fn told_rule(&self, inner: &Inner, rule: &Rule) -> Value {
        let mut properties = rule.properties.clone();
        properties["immutableId"] = rule.immutable_id.clone().into();
        properties["provisioningState"] = "Succeeded".into();
        properties["dataCollectionEndpointId"] = Value::Null;
        if rule.kind.as_deref() == Some("Direct") && self.version.as_str() >= "2023-03-11" {
            let elsewhere = self.fault(FaultKind::EndpointElsewhere);
            let endpoint = elsewhere.map_or(&*inner.url, |fault| fault.elsewhere("https://practice.elsewhere.example"));
            properties["endpoints"] = json!({ "logsIngestion": endpoint, "metricsIngestion": endpoint });
        }
        if let Some(all) = properties["destinations"]["logAnalytics"].as_array_mut() {
            for destination in all {
                let id = destination["workspaceResourceId"].as_str().unwrap_or_default().to_owned();
                destination["workspaceId"] = inner.workspace_at(&id).map(|one| one.customer_id.clone()).into();
                destination["workspaceResourceId"] = told_id(inner, &id).into();
            }
        }
        if inner.manners.columns_reversed {
            for stream in properties["streamDeclarations"].as_object_mut().into_iter().flat_map(|all| all.values_mut())
            {
                if let Some(columns) = stream["columns"].as_array_mut() {
                    columns.reverse();
                }
            }
        }
        for flow in properties["dataFlows"].as_array_mut().into_iter().flatten() {
            if flow["transformKql"].is_null() {
                flow["transformKql"] = "source".into();
            }
        }
        let at = time_text(inner.now * 10_000);
        json!({
            "id": told_id(inner, &rule.id()), "name": rule.name, "type": TYPE, "location": rule.location,
            "kind": rule.kind, "tags": rule.tags, "etag": rule.etag, "properties": properties,
            "systemData": { "createdBy": self.who.user, "createdByType": "User", "createdAt": at, "lastModifiedAt": at },
        })
    }

    /// What writes a rule's errors to `DCRLogErrors`.
    pub(super) fn diagnostics(&self, inner: &mut Inner, rule: &str, name: Option<&str>) -> Answer {
        self.versions(DIAGNOSTIC)?;
        let place = inner.rules.iter().position(|one| one.id().eq_ignore_ascii_case(rule));
        let place = place.ok_or_else(|| self.not_found())?;
        let told = |name: &str, body: &Value| {
            let id = format!("{rule}/providers/microsoft.insights/diagnosticSettings/{name}");
            json!({
                "id": id, "name": name, "type": "Microsoft.Insights/diagnosticSettings",
                "properties": body["properties"],
            })
        };
        let action = if *self.method() == Method::GET { "read" } else { "write" };
        self.require(inner, &format!("Microsoft.Insights/diagnosticSettings/{action}"), rule)?;
        let settings = &mut inner.rules[place].diagnostics;
        match (name, self.method().clone()) {
            (None, Method::GET) => {
                let all: Vec<Value> = settings.iter().map(|(name, body)| told(name, body)).collect();
                Ok(json(200, &json!({ "value": all })))
            }
            (Some(name), Method::GET) => {
                let body = settings.get(name).ok_or_else(|| self.not_found())?;
                Ok(json(200, &told(name, body)))
            }
            (Some(name), Method::PUT) => {
                let body = self.body()?;
                let answer = json(200, &told(name, &body));
                settings.insert(name.to_owned(), body);
                Ok(answer)
            }
            (Some(name), Method::DELETE) => {
                settings.remove(name);
                Ok(empty(200))
            }
            _ => Err(self.no_method()),
        }
    }
}
