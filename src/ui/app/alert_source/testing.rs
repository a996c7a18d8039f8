//! What the jobs of the wizard bring when all goes well.

use super::jobs::SeenAlerts;
use super::{AlertSourceJob, AlertSourceOutcome, SubscriptionTest};

/// What each job brings.
pub fn outcome(job: &AlertSourceJob) -> AlertSourceOutcome {
    match job {
        AlertSourceJob::Names => AlertSourceOutcome::Names(Ok(vec!["sandbox".into()])),
        AlertSourceJob::Test(source) | AlertSourceJob::Try(source) => {
            let seen = Ok(SeenAlerts { alerts: 3, more: false, newest: None });
            let all = source.subscriptions.iter();
            let all = all.map(|id| SubscriptionTest { subscription: id.clone(), seen: seen.clone() });
            AlertSourceOutcome::Tested(Ok(all.collect()))
        }
        AlertSourceJob::Save(_) | AlertSourceJob::Change { .. } => AlertSourceOutcome::Saved(Ok(())),
        AlertSourceJob::Dismiss(_) => AlertSourceOutcome::Dismissed(Ok(())),
        AlertSourceJob::Remove(_) => AlertSourceOutcome::Removed(Ok(())),
    }
}
