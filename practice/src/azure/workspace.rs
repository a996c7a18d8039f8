//! A Log Analytics workspace.

use serde_json::{Value, json};

use super::state::Inner;
use super::table::Table;
use super::value::time_text;

/// A saved search, which is a function if it has an alias.
#[derive(Debug, Clone)]
pub(super) struct SavedSearch {
    pub(super) name: String,
    pub(super) properties: Value,
}

impl SavedSearch {
    /// One of its properties.
    pub(super) fn text(&self, name: &str) -> &str {
        self.properties.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

/// How much of its daily quota a workspace has used.
#[derive(Debug, Clone)]
pub(super) struct Capping {
    /// GB a day; -1 for no end.
    pub(super) daily_gb: f64,
    /// Milliseconds since 1970.
    pub(super) resets: i64,
    /// `RespectQuota`, `OverQuota` and so on.
    pub(super) status: String,
}

/// A workspace.
#[derive(Debug, Clone)]
pub(super) struct Workspace {
    pub(super) subscription: String,
    pub(super) group: String,
    pub(super) name: String,
    pub(super) location: String,
    /// Its GUID, by which it is queried.
    pub(super) customer_id: String,
    pub(super) capping: Capping,
    pub(super) tables: Vec<Table>,
    pub(super) searches: Vec<SavedSearch>,
    /// Rows of `_LogOperation`: when, and what.
    pub(super) operations: Vec<(i64, String)>,
    /// Rows of `DCRLogErrors`: when, operation, stream, client request id, message, rule.
    pub(super) rule_errors: Vec<RuleError>,
}

/// A row of `DCRLogErrors`.
#[derive(Debug, Clone)]
pub(super) struct RuleError {
    pub(super) at: i64,
    pub(super) operation: &'static str,
    pub(super) stream: String,
    pub(super) client_request_id: String,
    pub(super) message: String,
    pub(super) rule: String,
}

impl Workspace {
    /// Its resource id.
    pub(super) fn id(&self) -> String {
        let group = Inner::group_path(&self.subscription, &self.group);
        format!("{group}/providers/Microsoft.OperationalInsights/workspaces/{}", self.name)
    }

    /// A table by its name.
    pub(super) fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name.eq_ignore_ascii_case(name))
    }

    /// As [`Workspace::table`], to change.
    pub(super) fn table_mut(&mut self, name: &str) -> Option<&mut Table> {
        self.tables.iter_mut().find(|table| table.name.eq_ignore_ascii_case(name))
    }

    /// Whether rows are accepted and thrown away at this time.
    pub(super) fn is_over_quota(&self, now: i64) -> bool {
        match self.capping.status.as_str() {
            "ForceOff" | "SubscriptionSuspended" => true,
            "OverQuota" => now < self.capping.resets,
            _ => false,
        }
    }

    fn capping_now(&self, now: i64) -> (String, i64) {
        let Capping { resets, status, .. } = &self.capping;
        const DAY: i64 = 86_400_000;
        if now < *resets {
            return (status.clone(), *resets);
        }
        let quota = matches!(status.as_str(), "OverQuota" | "ApproachingQuota");
        let status = if quota { "RespectQuota".to_owned() } else { status.clone() };
        (status, resets + ((now - resets) / DAY + 1) * DAY)
    }

    /// As Resource Manager tells it.
    pub(super) fn json(&self, id: &str, now: i64) -> Value {
        let (status, resets) = self.capping_now(now);
        json!({
            "id": id, "name": self.name, "type": "Microsoft.OperationalInsights/workspaces",
            "location": self.location, "tags": {}, "etag": "\"0f0e0d0c-0000-0d00-0000-6747a2b30000\"",
            "properties": {
                "customerId": self.customer_id, "provisioningState": "Succeeded",
                "sku": { "name": "PerGB2018", "lastSkuUpdate": "2026-05-10T20:40:24.14Z" },
                "retentionInDays": 30,
                "features": { "enableLogAccessUsingOnlyResourcePermissions": true },
                "workspaceCapping": {
                    "dailyQuotaGb": self.capping.daily_gb, "quotaNextResetTime": time_text(resets * 10_000),
                    "dataIngestionStatus": status,
                },
                "publicNetworkAccessForIngestion": "Enabled", "publicNetworkAccessForQuery": "Enabled",
                "createdDate": "2026-05-10T20:40:24.14Z", "modifiedDate": "2026-05-10T20:40:47.813Z",
            },
        })
    }
}
