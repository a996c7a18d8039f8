//! The jobs of the screen that only the tests have.

use crate::service::services::Services;
use crate::ui::app::toy::{ToyJob, ToyOutcome};

/// Does one to its end.
pub async fn perform(services: &Services, job: ToyJob) -> ToyOutcome {
    match job {
        ToyJob::Read => ToyOutcome::Read(services.config().await.map(|config| config.connections.len() as u64)),
        ToyJob::Keep(_) => ToyOutcome::Kept(Ok(())),
    }
}
