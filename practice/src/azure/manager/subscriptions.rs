//! Subscriptions, resource groups and workspaces.

use serde_json::{Value, json};

use super::super::http::reply::{Refusal, json, refuse};
use super::super::state::{Inner, Subscription};
use super::{Answer, Call, told_id};

const SUBSCRIPTION: &[&str] = &["2016-06-01", "2020-01-01", "2021-01-01", "2021-04-01", "2022-12-01"];
const GROUP: &[&str] = &["2020-06-01", "2021-04-01", "2022-09-01", "2024-03-01", "2024-07-01", "2024-11-01"];
/// The versions of `Microsoft.OperationalInsights`.
pub(super) const WORKSPACE: &[&str] =
    &["2020-08-01", "2021-06-01", "2021-12-01-preview", "2022-10-01", "2023-09-01", "2025-02-01"];

impl Call<'_> {
    /// Only the subscriptions in which one has a role: an empty list is no error.
    pub(super) fn subscriptions(&self, inner: &Inner) -> Answer {
        self.versions(SUBSCRIPTION)?;
        let seen = |one: &&Subscription| inner.sees(&self.who.object_id, &format!("/subscriptions/{}", one.id));
        let all = inner.subscriptions.iter().filter(seen).map(|one| told(inner, one)).collect();
        Ok(self.page(inner, all))
    }

    pub(super) fn subscription(&self, inner: &Inner, id: &str) -> Answer {
        self.versions(SUBSCRIPTION)?;
        let found = self.known_subscription(inner, id)?;
        let path = format!("/subscriptions/{id}");
        if !inner.sees(&self.who.object_id, &path) {
            return Err(self.forbidden("Microsoft.Resources/subscriptions/read", &path));
        }
        Ok(json(200, &told(inner, found)))
    }

    pub(super) fn known_subscription<'i>(&self, inner: &'i Inner, id: &str) -> Result<&'i Subscription, Refusal> {
        let found = inner.subscriptions.iter().find(|one| one.id.eq_ignore_ascii_case(id));
        let message = || format!("The subscription '{id}' could not be found.");
        found.ok_or_else(|| refuse(404, "SubscriptionNotFound", message()))
    }

    pub(super) fn known_group(&self, inner: &Inner, id: &str, group: &str) -> Result<(), Refusal> {
        let subscription = self.known_subscription(inner, id)?;
        if subscription.groups.iter().any(|(name, _)| name.eq_ignore_ascii_case(group)) {
            return Ok(());
        }
        Err(refuse(404, "ResourceGroupNotFound", format!("Resource group '{group}' could not be found.")))
    }

    pub(super) fn groups(&self, inner: &Inner, id: &str) -> Answer {
        self.versions(GROUP)?;
        let subscription = self.known_subscription(inner, id)?;
        self.require(inner, "Microsoft.Resources/subscriptions/resourceGroups/read", &format!("/subscriptions/{id}"))?;
        let told = |(name, location): &(String, String)| {
            json!({
                "id": told_id(inner, &Inner::group_path(&subscription.id, name)), "name": name,
                "type": "Microsoft.Resources/resourceGroups", "location": location,
                "properties": { "provisioningState": "Succeeded" },
            })
        };
        Ok(self.page(inner, subscription.groups.iter().map(told).collect()))
    }

    /// The workspaces that one may read: an empty list is no error.
    pub(super) fn workspaces(&self, inner: &Inner, subscription: &str, group: Option<&str>) -> Answer {
        self.versions(WORKSPACE)?;
        let action = "Microsoft.OperationalInsights/workspaces/read";
        let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
        let here = inner.workspaces.iter().filter(|one| same(&one.subscription, subscription));
        let here = here.filter(|one| group.is_none_or(|group| same(group, &one.group)));
        let seen = here.filter(|one| inner.may(&self.who.object_id, action, &one.id()));
        let all: Vec<Value> = seen.map(|one| one.json(&told_id(inner, &one.id()), inner.now)).collect();
        Ok(self.page(inner, all))
    }

    pub(super) fn workspace(&self, inner: &Inner, id: &str) -> Answer {
        self.versions(WORKSPACE)?;
        self.require(inner, "Microsoft.OperationalInsights/workspaces/read", id)?;
        let found = inner.workspace_at(id).ok_or_else(|| self.not_found())?;
        Ok(json(200, &found.json(&told_id(inner, &found.id()), inner.now)))
    }
}

fn told(inner: &Inner, subscription: &Subscription) -> Value {
    json!({
        "id": format!("/subscriptions/{}", subscription.id), "subscriptionId": subscription.id,
        "tenantId": inner.tenant, "displayName": subscription.name, "state": "Enabled",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01", "quotaId": "EnterpriseAgreement_2014-09-01",
            "spendingLimit": "Off",
        },
        "authorizationSource": "RoleBased", "managedByTenants": [],
    })
}
