//! A data collection rule.

use std::collections::BTreeMap;

use serde_json::Value;

use super::state::Inner;

/// What happened to a rule in one minute, by stream.
#[derive(Debug, Clone, Default)]
pub(super) struct Counters {
    pub(super) calls: BTreeMap<u16, u64>,
    pub(super) received: u64,
    pub(super) dropped: u64,
    pub(super) errors: u64,
    pub(super) bytes: u64,
}

/// A data collection rule.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) subscription: String,
    pub(super) group: String,
    pub(super) name: String,
    pub(super) location: String,
    /// `Direct`, if it has endpoints.
    pub(super) kind: Option<String>,
    pub(super) tags: Value,
    /// As they were sent.
    pub(super) properties: Value,
    pub(super) immutable_id: String,
    pub(super) etag: String,
    /// Streams and flows as ingestion had them before the last change, and until when it keeps them.
    pub(super) before: Option<(Value, i64)>,
    /// Diagnostic settings by name.
    pub(super) diagnostics: BTreeMap<String, Value>,
    /// By minute since 1970 and stream.
    pub(super) counters: BTreeMap<(i64, String), Counters>,
}

impl Rule {
    /// Its resource id.
    pub(super) fn id(&self) -> String {
        let group = Inner::group_path(&self.subscription, &self.group);
        format!("{group}/providers/Microsoft.Insights/dataCollectionRules/{}", self.name)
    }

    /// The properties that ingestion goes by at this time.
    pub(super) fn in_force(&self, now: i64) -> &Value {
        match &self.before {
            Some((before, until)) if now < *until => before,
            _ => &self.properties,
        }
    }

    /// Whether errors are written to `DCRLogErrors`.
    pub(super) fn logs_errors(&self) -> bool {
        let is_on = |log: &Value| {
            log["enabled"] == true && (log["category"] == "LogErrors" || log["categoryGroup"] == "allLogs")
        };
        let logs =
            |setting: &Value| setting["properties"]["logs"].as_array().is_some_and(|logs| logs.iter().any(is_on));
        self.diagnostics.values().any(logs)
    }

    /// What happened in this minute.
    pub(super) fn counters(&mut self, now: i64, stream: &str) -> &mut Counters {
        self.counters.entry((now.div_euclid(60_000), stream.to_owned())).or_default()
    }

    /// How many calls there were in this minute.
    pub(super) fn calls_in_minute(&self, now: i64) -> u64 {
        let minute = now.div_euclid(60_000);
        let range = (minute, String::new())..(minute + 1, String::new());
        self.counters.range(range).flat_map(|(_, one)| one.calls.values()).sum()
    }
}
