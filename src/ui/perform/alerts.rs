//! The jobs of alerts: passes over their sources, what follows them, and those of the screens.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::model::alert_run::{Followed, Polled, Written};
use crate::model::alert_source::SourceName;
use crate::model::alert_view::{AlertStanding, AlertTexts, PreviewProgress};
use crate::model::fault::Fault;
use crate::service::alerts::{self, Pass};
use crate::service::services::Services;
use crate::service::ticketing::{self, TicketReport, TicketSettings};
use crate::ui::app::alerts::{AlertsJob, AlertsOutcome};

/// How long a run waits for writes that can go on only later. What is left is carried out after the next pass.
const PATIENCE: Duration = Duration::from_secs(5);

/// The sources, how far each was read, and the rules.
///
/// # Errors
/// As [`alerts::standing`].
pub async fn standing(services: &Services) -> Result<AlertStanding, Fault> {
    alerts::standing(services).await
}

/// Reads what is new from a source. It is left at once when it is cancelled: what was stored stays, and the next pass reads
/// the rest.
///
/// # Errors
/// As [`alerts::poll`]. What goes wrong with a subscription stands with it in the store.
pub async fn poll(services: &Services, name: &SourceName, cancel: CancellationToken) -> Result<Polled, Fault> {
    let names = [name.to_string()];
    let reports = cancel.run_until_cancelled(alerts::poll(services, &names, &cancel)).await;
    let reports = reports.unwrap_or(Err(Fault::Interrupted))?;
    // The sign-in failed, so no subscription was tried: then only the reports tell it.
    if let Some(fault) = reports.iter().find_map(|report| report.fault.clone().filter(|_| report.requests == 0)) {
        return Err(fault);
    }
    let add = |sum: Polled, one: &alerts::PollReport| Polled {
        requests: sum.requests + one.requests,
        new: sum.new + one.new,
        changed: sum.changed + one.changed,
    };
    Ok(reports.iter().fold(Polled::default(), add))
}

/// Decides about what waits, carries out the outbox of tickets, and acknowledges in Azure, as `itsmc alert poll` does.
///
/// # Errors
/// The store's own; the config file's own. That another itsmc decides is no fault.
pub async fn follow(services: &Services, cancel: CancellationToken) -> Result<Followed, Fault> {
    let decided = cancel.run_until_cancelled(alerts::decide(services)).await.unwrap_or(Err(Fault::Interrupted));
    let (pass, busy) = match decided {
        Ok(pass) => (pass, false),
        Err(fault @ Fault::RulesWrong { .. }) => (Pass { rules_fault: Some(fault), ..Pass::default() }, false),
        Err(Fault::Locked { .. }) => (Pass::default(), true),
        Err(fault) => return Err(fault),
    };
    let settings = TicketSettings { patience: PATIENCE, ..TicketSettings::default() };
    let written = ticketing::run_all(services, settings, cancel.clone()).await?;
    let acknowledging = cancel.run_until_cancelled(alerts::acknowledge(services, &cancel)).await;
    let acknowledged = acknowledging.unwrap_or(Ok(Vec::new()))?.into_iter();
    Ok(Followed {
        decided: pass.verdicts.values().sum(),
        rules_fault: pass.rules_fault,
        busy,
        tickets: written.into_iter().map(told).collect(),
        unacknowledged: acknowledged.filter_map(|one| Some((one.source, one.waiting, one.fault?))).collect(),
    })
}

fn told(report: TicketReport) -> Written {
    Written {
        connection: report.connection,
        opened: report.opened,
        confirmed: report.confirmed,
        refused: report.refused,
        unsure: report.unsure,
        waiting: report.waiting,
        fault: report.fault,
    }
}

/// Does a job of the screens to its end.
pub async fn perform(
    services: &Services,
    job: AlertsJob,
    cancel: CancellationToken,
    tell: impl Fn(PreviewProgress) + Send + 'static,
) -> AlertsOutcome {
    match job {
        AlertsJob::Window { query, seek, limit } => {
            let window = async { services.store().await?.alert_window(query, seek, limit).await };
            AlertsOutcome::Window(window.await)
        }
        AlertsJob::One(key) => AlertsOutcome::One(alerts::whole(services, &key).await.map(|one| one.map(Box::new))),
        AlertsJob::Texts(key) => {
            let texts = async { services.store().await?.alert_texts(&key).await };
            AlertsOutcome::Texts(texts.await.map(|(fired, over)| AlertTexts { fired, over }))
        }
        AlertsJob::Rules => AlertsOutcome::Rules(alerts::rules_view(services, Timestamp::now()).await.map(Box::new)),
        AlertsJob::Preview { days, rule } => {
            let made = alerts::previewed(services, (days, rule), tell, cancel).await;
            AlertsOutcome::Preview(made.map(Arc::new))
        }
        AlertsJob::Retry(key) => {
            let again = async { services.store().await?.retry_alerts(vec![key]).await };
            AlertsOutcome::Retried(again.await.map(|count| count > 0))
        }
        AlertsJob::Ignore(key) => {
            let ignored = async { services.store().await?.ignore_alerts(vec![key]).await };
            AlertsOutcome::Ignored(ignored.await.map(|count| count > 0))
        }
    }
}
