//! The jobs of the wizard of an alert rule.

use std::time::Duration;

use crate::model::fault::Fault;
use crate::service::alerts;
use crate::service::services::Services;
use crate::ui::app::rule_wizard::{DAYS, OpenedRules, RuleWizardJob, RuleWizardOutcome};

/// How long a search waits for the next key, which asks for something else.
const PAUSE: Duration = Duration::from_millis(150);

/// Does one to its end.
pub async fn perform(services: &Services, job: RuleWizardJob) -> RuleWizardOutcome {
    match job {
        RuleWizardJob::Open => RuleWizardOutcome::Opened(opened(services).await.map(Box::new)),
        RuleWizardJob::List { connection, what, part } => {
            tokio::time::sleep(PAUSE).await;
            RuleWizardOutcome::Listed(alerts::listed(services, &connection, what, &part).await)
        }
        RuleWizardJob::Preview { replaces, rule } => {
            let told = alerts::preview_one(services, replaces, *rule, DAYS).await;
            RuleWizardOutcome::Previewed(told.map(Box::new))
        }
        RuleWizardJob::Save { shown, replaces, rule } => {
            RuleWizardOutcome::Saved(alerts::save_rule(services, shown, replaces, *rule).await)
        }
        RuleWizardJob::LookAtSwitch { name } => {
            RuleWizardOutcome::SwitchSeen(alerts::before_switch(services, &name, DAYS).await.map(Box::new))
        }
        RuleWizardJob::Switch { shown, name, on } => {
            RuleWizardOutcome::Switched(alerts::switch_rule(services, shown, name, on).await)
        }
    }
}

async fn opened(services: &Services) -> Result<OpenedRules, Fault> {
    let file = alerts::rules_file(services).await?;
    let stored = alerts::kinds(services, DAYS).await?;
    Ok(OpenedRules { text: file.text, rules: file.rules, alerts: stored })
}
