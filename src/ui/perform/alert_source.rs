//! The jobs of the wizard of a source of alerts.

use crate::service::alerts;
use crate::service::services::Services;
use crate::ui::app::alert_source::jobs::SeenAlerts;
use crate::ui::app::alert_source::{AlertSourceJob, AlertSourceOutcome, SubscriptionTest};

/// Does one to its end.
pub async fn perform(services: &Services, job: AlertSourceJob) -> AlertSourceOutcome {
    match job {
        AlertSourceJob::Names => AlertSourceOutcome::Names(alerts::source_names(services).await),
        AlertSourceJob::Test(source) => {
            let seen = alerts::first_pages(services, &source, false).await;
            AlertSourceOutcome::Tested(seen.map(|all| all.into_iter().map(told).collect()))
        }
        AlertSourceJob::Try(source) => {
            let seen = alerts::first_pages(services, &source, true).await;
            AlertSourceOutcome::Tested(seen.map(|all| all.into_iter().map(told).collect()))
        }
        AlertSourceJob::Change { old, new, signed_in } => {
            AlertSourceOutcome::Saved(alerts::change(services, &old, &new, signed_in).await)
        }
        AlertSourceJob::Remove(name) => {
            AlertSourceOutcome::Removed(alerts::remove(services, name.as_str()).await.map(drop))
        }
        AlertSourceJob::Dismiss(name) => {
            AlertSourceOutcome::Dismissed(alerts::dismiss(services, name.as_str()).await.map(drop))
        }
        AlertSourceJob::Save(source) => AlertSourceOutcome::Saved(alerts::add(services, &source).await),
    }
}

fn told(one: alerts::FirstPage) -> SubscriptionTest {
    let seen = one.seen.map(|seen| SeenAlerts { alerts: seen.alerts, more: seen.more, newest: seen.newest });
    SubscriptionTest { subscription: one.subscription, seen }
}
