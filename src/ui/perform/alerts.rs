//! The jobs of alerts: passes over their sources, what follows them, and those of the screens.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::model::alert_run::{Followed, Polled, Written};
use crate::model::alert_source::SourceName;
use crate::model::alert_view::{AlertStanding, AlertTexts, PreviewProgress};
use crate::model::fault::Fault;
use crate::service::alerts::{self, Acknowledged, Pass};
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
/// What kept alerts from being decided about. That another itsmc decides is no fault, and what fails afterwards stands in what was
/// done.
pub async fn follow(services: &Services, cancel: CancellationToken) -> Result<Followed, Fault> {
    let decided = cancel.run_until_cancelled(alerts::decide(services)).await.unwrap_or(Err(Fault::Interrupted));
    let (pass, busy) = match decided {
        Ok(pass) => (pass, false),
        Err(Fault::Locked { .. }) => (Pass::default(), true),
        Err(fault) => return Err(fault),
    };
    let settings = TicketSettings { patience: PATIENCE, ..TicketSettings::default() };
    let written = ticketing::run_all(services, settings, cancel.clone()).await;
    let acknowledged = cancel.run_until_cancelled(alerts::acknowledge(services, &cancel)).await;
    Ok(followed(pass, busy, written, acknowledged.unwrap_or(Ok(Vec::new()))))
}

/// What was done, whatever of it failed.
fn followed(
    pass: Pass,
    busy: bool,
    written: Result<Vec<TicketReport>, Fault>,
    acknowledged: Result<Vec<Acknowledged>, Fault>,
) -> Followed {
    let fault = written.as_ref().err().or(acknowledged.as_ref().err()).cloned();
    let left = |one: Acknowledged| Some((one.source, one.waiting, one.fault?));
    Followed {
        decided: pass.verdicts.values().sum(),
        rules_fault: pass.rules_fault,
        fault,
        busy,
        tickets: written.unwrap_or_default().into_iter().map(told).collect(),
        unacknowledged: acknowledged.unwrap_or_default().into_iter().filter_map(left).collect(),
    }
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
            AlertsOutcome::Retried(alerts::retry(services, vec![key]).await.map(|count| count > 0))
        }
        AlertsJob::Ignore(key) => {
            let ignored = async { services.store().await?.ignore_alerts(vec![key], Timestamp::now()).await };
            AlertsOutcome::Ignored(ignored.await.map(|count| count > 0))
        }
        AlertsJob::Dismiss(tickets) => {
            let dismissed = async {
                let store = services.store().await?;
                for ticket in &tickets {
                    store.dismiss_doubles(ticket).await?;
                }
                Ok(true)
            };
            AlertsOutcome::Dismissed(dismissed.await)
        }
        AlertsJob::WriteAgain(tickets) => {
            let again = async {
                let (store, mut any) = (services.store().await?, false);
                for ticket in &tickets {
                    any |= !store.outbox_again(ticket, Timestamp::now()).await?.is_empty();
                }
                Ok(any)
            };
            AlertsOutcome::WrittenAgain(again.await)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::alert_plan::Verdict;

    #[test]
    fn what_was_written_is_told_although_nothing_could_be_acknowledged() {
        let pass = || Pass { verdicts: [(Verdict::Opened, 2)].into(), ..Pass::default() };
        let report = TicketReport { connection: "contoso".into(), opened: 2, ..TicketReport::default() };
        let told = followed(pass(), false, Ok(vec![report]), Err(Fault::Interrupted));
        assert_eq!((told.decided, told.tickets[0].opened, told.fault), (2, 2, Some(Fault::Interrupted)));
        let told = followed(pass(), true, Err(Fault::DiskFull { path: "items.db".into() }), Ok(Vec::new()));
        assert_eq!((told.decided, told.busy, told.fault.map(|fault| fault.code())), (2, true, Some("disk-full")));
    }
}
