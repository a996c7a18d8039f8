//! What the wizard of a rule is tried with.

use super::{OpenedRules, RuleWizardJob, RuleWizardOutcome};
use crate::model::alert_kinds::AlertKinds;
use crate::model::alert_plan::{RuleCount, RulePreview, SwitchSeen};
use crate::model::alert_rules::{AlertRule, RuleSet};
use crate::model::ticket::{Listed, ListedEntry};

/// Alerts of two rules, 30 and 12 of them.
pub fn alerts() -> AlertKinds {
    let of = |nth: usize| {
        let (rule, service, severity, name) = match nth % 7 {
            0 | 1 => ("disk is full", "Log Alerts V2", 3, "sql"),
            _ => ("cpu above 90 %", "Platform", 2, "web"),
        };
        let id = format!(
            "/subscriptions/aaaaaaaa-0000-4000-8000-000000000001/providers/Microsoft.AlertsManagement/alerts/\
             00000000-0000-4000-8000-{nth:012}"
        );
        let raw = serde_json::json!({"schemaId": "azureMonitorCommonAlertSchema", "data": {"essentials": {
            "alertId": id, "alertRule": rule, "severity": format!("Sev{severity}"), "signalType": "Metric",
            "monitorCondition": "Fired", "monitoringService": service,
            "alertTargetIDs": [format!("/subscriptions/aaaaaaaa-0000-4000-8000-000000000001/resourceGroups/rg-prod/\
                providers/Microsoft.Compute/virtualMachines/{name}-{nth:02}")],
            "firedDateTime": "2026-11-20T10:00:00Z"}, "alertContext": {}}});
        crate::model::alert::read(&raw.to_string()).remove(0).alert
    };
    (0..42).map(of).collect()
}

/// A file with one rule.
pub fn opened() -> OpenedRules {
    let rule = AlertRule { name: "databases".into(), connection: "contoso".into(), budget: 5, ..AlertRule::default() };
    let text = "[[rule]]\nname = \"databases\"\nconnection = \"contoso\"\nbudget = 5\n".to_owned();
    OpenedRules { text: Some(text), rules: RuleSet { rules: vec![rule] }, alerts: alerts() }
}

/// Groups of the product.
pub fn groups() -> Listed {
    let of = |name: &str, about: &str| ListedEntry { name: name.into(), about: about.into() };
    Listed { entries: vec![of("Cloud operations", "runs what is in Azure"), of("Network", "")], more: false }
}

/// What a rule would have done.
pub fn preview() -> RulePreview {
    let count =
        RuleCount { alerts: 26, tickets: 21, merged: 3, beyond_budget: 2, umbrellas: 1, resolved: 18, without: 0 };
    let titles = vec!["Sev2 cpu above 90 %: web-02".into(), "Sev2 cpu above 90 %: web-03".into()];
    RulePreview { alerts: 42, fits: 30, earlier: 4, count, titles }
}

/// What each job brings when all goes well.
pub fn outcome(job: &RuleWizardJob) -> RuleWizardOutcome {
    match job {
        RuleWizardJob::Open => RuleWizardOutcome::Opened(Ok(Box::new(opened()))),
        RuleWizardJob::List { .. } => RuleWizardOutcome::Listed(Ok(Some(groups()))),
        RuleWizardJob::Preview { .. } => RuleWizardOutcome::Previewed(Ok(Box::new(preview()))),
        RuleWizardJob::Save { .. } => RuleWizardOutcome::Saved(Ok(())),
        RuleWizardJob::LookAtSwitch { .. } => {
            let seen = SwitchSeen { shown: opened().text, enabled: false, preview: preview() };
            RuleWizardOutcome::SwitchSeen(Ok(Box::new(seen)))
        }
        RuleWizardJob::Switch { .. } => RuleWizardOutcome::Switched(Ok(())),
    }
}
