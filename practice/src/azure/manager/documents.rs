//! Resources that are kept as they are sent: action groups, alert rules, alert processing rules.

use axum::http::Method;
use serde_json::{Value, json};

use super::super::http::reply::{json, refuse};
use super::super::state::{Document, Inner};
use super::{Answer, Call, told_id};
use crate::core::reply::empty;

/// The types, in small letters, each as Azure writes it and with its versions.
const TYPES: [(&str, &str, &[&str]); 5] = [
    (
        "microsoft.insights/actiongroups",
        "Microsoft.Insights/actionGroups",
        &["2019-06-01", "2021-09-01", "2022-06-01", "2023-01-01", "2024-10-01-preview"],
    ),
    ("microsoft.insights/metricalerts", "Microsoft.Insights/metricAlerts", &["2018-03-01", "2024-03-01-preview"]),
    (
        "microsoft.insights/scheduledqueryrules",
        "Microsoft.Insights/scheduledQueryRules",
        &["2021-08-01", "2022-06-15", "2023-12-01", "2023-03-15-preview"],
    ),
    ("microsoft.insights/activitylogalerts", "Microsoft.Insights/activityLogAlerts", &["2017-04-01", "2020-10-01"]),
    ("microsoft.alertsmanagement/actionrules", "Microsoft.AlertsManagement/actionRules", &["2021-08-08"]),
];

fn known(provider: &str, kind: &str) -> Option<(&'static str, &'static [&'static str])> {
    let wanted = format!("{provider}/{kind}");
    TYPES.iter().find(|(lower, ..)| *lower == wanted).map(|(_, name, versions)| (*name, *versions))
}

impl Call<'_> {
    /// Below a subscription or a resource group; none if the type is another's.
    pub(super) fn documents(
        &self,
        inner: &mut Inner,
        subscription: &str,
        group: Option<&str>,
        rest: &[&str],
    ) -> Option<Answer> {
        let [provider, kind, name @ ..] = rest else { return None };
        let (kind, versions) = known(provider, kind)?;
        let answer = self.versions(versions).and_then(|()| match (name, group) {
            ([], _) => self.list_documents(inner, kind, subscription, group),
            ([_], Some(group)) => self.one_document(inner, kind, subscription, group),
            _ => Err(self.not_found()),
        });
        Some(answer)
    }

    fn list_documents(&self, inner: &Inner, kind: &str, subscription: &str, group: Option<&str>) -> Answer {
        let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
        let here = |one: &&Document| {
            one.kind == kind
                && same(&one.subscription, subscription)
                && group.is_none_or(|group| same(group, &one.group))
        };
        let action = format!("{kind}/read");
        let seen = inner.documents.iter().filter(here).filter(|one| inner.may(&self.who.object_id, &action, &one.id()));
        let all = seen.map(|one| told(inner, one)).collect();
        Ok(self.page(inner, all))
    }

    fn one_document(&self, inner: &mut Inner, kind: &'static str, subscription: &str, group: &str) -> Answer {
        let path = self.asked.path().trim_end_matches('/').to_owned();
        let place = inner.documents.iter().position(|one| one.id().eq_ignore_ascii_case(&path));
        match *self.method() {
            Method::GET => {
                self.require(inner, &format!("{kind}/read"), &path)?;
                let found = place.map(|place| &inner.documents[place]).ok_or_else(|| self.not_found())?;
                Ok(json(200, &told(inner, found)))
            }
            Method::PUT => {
                self.require(inner, &format!("{kind}/write"), &path)?;
                let body = self.body()?;
                if !body["properties"].is_object() {
                    return Err(refuse(400, "InvalidRequestContent", "The property 'properties' is required."));
                }
                let name = self.parts.last().copied().unwrap_or_default().to_owned();
                let (subscription, group) = (subscription.to_owned(), group.to_owned());
                let made = Document { kind, subscription, group, name, body };
                let answer = json(if place.is_some() { 200 } else { 201 }, &told(inner, &made));
                match place {
                    Some(place) => inner.documents[place] = made,
                    None => inner.documents.push(made),
                }
                Ok(answer)
            }
            Method::DELETE => {
                self.require(inner, &format!("{kind}/delete"), &path)?;
                Ok(empty(if place.map(|place| inner.documents.remove(place)).is_some() { 200 } else { 204 }))
            }
            _ => Err(self.no_method()),
        }
    }
}

fn told(inner: &Inner, one: &Document) -> Value {
    json!({
        "id": told_id(inner, &one.id()), "name": one.name, "type": one.kind,
        "location": one.body.get("location").cloned().unwrap_or_else(|| "Global".into()),
        "tags": one.body.get("tags").cloned().unwrap_or_else(|| json!({})), "properties": one.body["properties"],
    })
}
