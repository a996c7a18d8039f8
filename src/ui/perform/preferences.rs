//! The jobs of the screen of preferences.

use crate::service::preferences;
use crate::service::services::Services;
use crate::ui::app::preferences::{PreferencesJob, PreferencesOutcome};

/// Does one to its end.
pub async fn perform(services: &Services, job: PreferencesJob) -> PreferencesOutcome {
    match job {
        PreferencesJob::Save(chosen) => PreferencesOutcome::Saved(preferences::set(services, chosen).await),
        PreferencesJob::KeepColumns(chosen) => {
            PreferencesOutcome::Saved(preferences::keep_columns(services, chosen).await)
        }
        PreferencesJob::KeepOrder(order) => PreferencesOutcome::Saved(preferences::keep_order(services, order).await),
    }
}
