//! Azure Monitor's alerts: what they are, how they come and go, and the forms in which they are sent out.

mod book;
mod context;
mod fire;
mod service;
mod trickle;
pub mod webhook;

pub(super) use book::{AlertBook, Modification, Version};
pub use book::{Condition, UserState};
pub use fire::AlertOrder;
pub(super) use fire::Place;
pub use service::Service;
pub(super) use trickle::{Happening, Trickle};

use serde_json::{Map, Value};

/// For so long an alert is kept after it started, in milliseconds.
pub(super) const KEPT: i64 = 30 * 86_400_000;

/// One alert: it is fired, and the same alert is resolved later.
#[derive(Debug, Clone)]
pub(super) struct Alert {
    pub(super) guid: String,
    pub(super) subscription: String,
    /// The id of the resource.
    pub(super) target: String,
    pub(super) rule_name: String,
    /// The id of the rule; of old rules its name only.
    pub(super) rule: String,
    pub(super) severity: u8,
    pub(super) service: Service,
    pub(super) description: String,
    /// Of metric alerts the time series, which many alerts share; of others the firing.
    pub(super) source_created_id: String,
    /// Milliseconds since 1970, as all times here.
    pub(super) started: i64,
    pub(super) dimensions: Vec<(String, String)>,
    pub(super) custom_properties: Map<String, Value>,
    /// The action groups that ran.
    pub(super) action_groups: Vec<String>,
    /// The resource is no more: the alert is found at the subscription only.
    pub(super) target_gone: bool,
    /// How it was and is, the oldest first.
    pub(super) versions: Vec<Version>,
    /// What became of it, the oldest first.
    pub(super) history: Vec<Modification>,
}

impl Alert {
    /// How it is now.
    pub(super) fn latest(&self) -> &Version {
        // Each alert is made with its first version.
        &self.versions[self.versions.len() - 1]
    }

    /// How a list shows it that lags so many milliseconds behind; none while it does not show it.
    pub(super) fn listed(&self, until: i64) -> Option<&Version> {
        self.versions.iter().rev().find(|version| version.at <= until)
    }

    /// Its id below a scope.
    pub(super) fn id_below(&self, scope: &str) -> String {
        format!("{scope}/providers/Microsoft.AlertsManagement/alerts/{}", self.guid)
    }

    /// Its id at the subscription.
    pub(super) fn subscription_id(&self) -> String {
        self.id_below(&format!("/subscriptions/{}", self.subscription))
    }

    /// The resource's type without its namespace, its name and its group; the type of a group is empty.
    pub(super) fn target_parts(&self) -> (String, String, String) {
        let parts: Vec<&str> = self.target.split('/').collect();
        let after = |name: &str| parts.iter().position(|part| part.eq_ignore_ascii_case(name)).map(|at| at + 1);
        let group = after("resourceGroups").and_then(|at| parts.get(at)).copied().unwrap_or_default();
        let kind = after("providers").and_then(|at| parts.get(at + 1)).copied().unwrap_or_default();
        let name = parts.last().copied().unwrap_or_default();
        (kind.to_ascii_lowercase(), name.to_ascii_lowercase(), group.to_ascii_lowercase())
    }
}
