//! The services that raise alerts, as REST and webhooks call them.

use serde::{Deserialize, Serialize};

/// A service that raises alerts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// Metric alerts.
    #[default]
    Platform,
    /// Log search alerts.
    LogAlertsV2,
    /// Log search alerts of the retired API.
    LogAnalytics,
    /// The same, of Application Insights.
    ApplicationInsights,
    /// Activity log: administrative.
    Administrative,
    /// Activity log: policy.
    Policy,
    /// Activity log: autoscale.
    Autoscale,
    /// Activity log: security.
    Security,
    /// Service health.
    ServiceHealth,
    /// Resource health.
    ResourceHealth,
    /// Smart detection.
    SmartDetector,
    /// Prometheus rules.
    Prometheus,
    /// Budgets.
    CostAlerts,
}

impl Service {
    /// Every one.
    pub const ALL: [Self; 13] = [
        Self::Platform,
        Self::LogAlertsV2,
        Self::LogAnalytics,
        Self::ApplicationInsights,
        Self::Administrative,
        Self::Policy,
        Self::Autoscale,
        Self::Security,
        Self::ServiceHealth,
        Self::ResourceHealth,
        Self::SmartDetector,
        Self::Prometheus,
        Self::CostAlerts,
    ];

    /// `monitoringService` in a webhook.
    pub fn in_webhook(self) -> &'static str {
        match self {
            Self::Administrative => "Activity Log - Administrative",
            Self::Policy => "Activity Log - Policy",
            Self::Autoscale => "Activity Log - Autoscale",
            Self::Security => "Activity Log - Security",
            other => other.in_rest(),
        }
    }

    /// `monitorService` in REST.
    pub fn in_rest(self) -> &'static str {
        match self {
            Self::Platform => "Platform",
            Self::LogAlertsV2 => "Log Alerts V2",
            Self::LogAnalytics => "Log Analytics",
            Self::ApplicationInsights => "Application Insights",
            Self::Administrative => "ActivityLog Administrative",
            Self::Policy => "ActivityLog Policy",
            Self::Autoscale => "ActivityLog Autoscale",
            Self::Security => "ActivityLog Security",
            Self::ServiceHealth => "ServiceHealth",
            Self::ResourceHealth => "Resource Health",
            Self::SmartDetector => "SmartDetector",
            Self::Prometheus => "Prometheus",
            Self::CostAlerts => "CostAlerts",
        }
    }

    /// `signalType`.
    pub fn signal(self) -> &'static str {
        match self {
            Self::Platform | Self::Prometheus => "Metric",
            Self::LogAlertsV2 | Self::LogAnalytics | Self::ApplicationInsights | Self::SmartDetector => "Log",
            Self::CostAlerts => "Budget",
            _ => "Activity Log",
        }
    }

    /// Whether it comes from the activity log: fired for ever, and severity 4 throughout.
    pub fn is_activity_log(self) -> bool {
        self.signal() == "Activity Log"
    }

    /// The type of its rules.
    pub(crate) fn rule_type(self) -> &'static str {
        match self {
            Self::Platform => "metricAlerts",
            Self::LogAlertsV2 | Self::LogAnalytics | Self::ApplicationInsights => "scheduledQueryRules",
            Self::SmartDetector => "smartDetectorAlertRules",
            Self::Prometheus => "prometheusRuleGroups",
            Self::CostAlerts => "budgets",
            _ => "activityLogAlerts",
        }
    }
}
