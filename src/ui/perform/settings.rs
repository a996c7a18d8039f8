//! The jobs of the settings of a connection.

use crate::service::connections;
use crate::service::services::Services;
use crate::ui::app::settings::{SettingsJob, SettingsOutcome};

/// Does one to its end.
pub async fn perform(services: &Services, job: SettingsJob) -> SettingsOutcome {
    match job {
        SettingsJob::Check(form) => {
            let needs = async {
                let saved = services.connection(form.connection.name.as_str()).await?;
                connections::needs_sign_in(services, &saved, &form.connection).await
            };
            SettingsOutcome::Checked(needs.await)
        }
        SettingsJob::Replace { form, keys } => {
            SettingsOutcome::Saved(connections::replace(services, &form, keys).await.map(|_| ()))
        }
    }
}
