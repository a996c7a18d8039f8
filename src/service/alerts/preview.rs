//! What the rules would have done. Nothing is written.

use jiff::Timestamp;

use super::rules;
use crate::model::alert::{Alert, read};
use crate::model::alert_plan::{Preview, preview as decided};
use crate::model::alert_rules::RuleSet;
use crate::model::fault::Fault;
use crate::service::services::Services;
use crate::store::AlertFilter;

/// What is previewed.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The alerts in this text; without one those that are stored.
    pub text: Option<String>,
    /// Stored alerts that fired at this time or later.
    pub from: Option<Timestamp>,
    /// Rules that count as switched on.
    pub switched_on: Vec<String>,
}

/// The alerts that are wanted, and which of them an admin ignores.
///
/// # Errors
/// The store's own.
pub async fn wanted_of(services: &Services, wanted: &Wanted) -> Result<(Vec<Alert>, Vec<bool>), Fault> {
    if let Some(text) = &wanted.text {
        return Ok((read(text).into_iter().map(|one| one.alert).collect(), Vec::new()));
    }
    let filter = AlertFilter { from: wanted.from, ..AlertFilter::default() };
    let stored = services.store().await?.alerts(filter, usize::MAX).await?;
    Ok(stored.into_iter().map(|one| (one.alert, one.standing.ignored)).unzip())
}

/// What the rules would have done with these alerts.
///
/// # Errors
/// [`Fault::RulesWrong`]; [`Fault::NotFound`] for a rule that is to be switched on and is not there.
pub async fn preview(
    services: &Services,
    wanted: &Wanted,
    alerts: &[Alert],
    ignored: &[bool],
) -> Result<(RuleSet, Preview), Fault> {
    let (_, mut rules, _) = rules::check(services, None).await?;
    for name in &wanted.switched_on {
        let rule = rules.rules.iter_mut().find(|rule| rule.name == *name);
        rule.ok_or_else(|| Fault::NotFound { what: name.clone() })?.enabled = true;
    }
    let connections = services.config().await?.connections;
    let told = decided(&rules, &connections, alerts, ignored);
    Ok((rules, told))
}
