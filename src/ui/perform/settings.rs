//! The jobs of the settings of a connection.

use super::jobs::parted;
use crate::service::connections;
use crate::service::renaming;
use crate::service::services::Services;
use crate::ui::app::message::Event;
use crate::ui::app::settings::{SettingsJob, SettingsOutcome};

/// Does one to its end.
pub async fn perform(services: &Services, job: SettingsJob, tell: &impl Fn(Event)) -> SettingsOutcome {
    match job {
        SettingsJob::Check(form) => {
            let needs = async {
                let saved = services.connection(form.connection.name.as_str()).await?;
                connections::needs_sign_in(services, &saved, &form.connection).await
            };
            SettingsOutcome::Checked(needs.await)
        }
        SettingsJob::Replace { form, keys } => {
            let parting = connections::replace(services, &form, keys).await;
            SettingsOutcome::Saved(parted(&form.connection.name, parting, tell))
        }
        SettingsJob::LookOutside { from, to } => SettingsOutcome::Outside(renaming::kept(services, &from, &to).await),
        SettingsJob::Rename { from, to } => {
            SettingsOutcome::Saved(renaming::rename(services, &from, &to).await.map(drop))
        }
    }
}
