//! Acknowledging alerts in Azure that have a ticket, with its number as the comment.
//!
//! It comes after the tickets and fails none of them. What could not be acknowledged is tried again by the next pass.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use super::{api, of_source};
use crate::azure::alerts::AlertsApi;
use crate::model::alert_source::{AlertSource, KEPT_DAYS};
use crate::model::fault::Fault;
use crate::service::services::Services;
use crate::store::{Store, ToAcknowledge};

/// How many alerts of a source are acknowledged in one pass. Azure allows 1,000 such requests a minute.
const PORTION: usize = 200;

/// How long that may take, so that the next pass is not late.
const PATIENCE: Duration = Duration::from_secs(15);

/// After so many failures a subscription is left for this pass: the next requests would meet the same.
const FAILURES: usize = 3;

/// What came of the alerts of one subscription.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Acknowledged {
    /// The source.
    pub source: String,
    /// The subscription's ID.
    pub subscription: String,
    /// How many alerts were acknowledged.
    pub acknowledged: u64,
    /// How many are left for the next pass.
    pub waiting: u64,
    /// Why.
    pub fault: Option<Fault>,
}

/// Acknowledges the alerts that have a ticket, of each source that wants it. Nothing is told of a source without any.
///
/// # Errors
/// The store's own, and the config file's.
pub async fn acknowledge(services: &Services, cancel: &CancellationToken) -> Result<Vec<Acknowledged>, Fault> {
    let mut told = Vec::new();
    for source in services.config().await?.alert_sources.iter().filter(|source| source.acknowledge) {
        told.extend(of_one(services, source, cancel).await?);
    }
    Ok(told)
}

async fn of_one(
    services: &Services,
    source: &AlertSource,
    cancel: &CancellationToken,
) -> Result<Vec<Acknowledged>, Fault> {
    let store = services.store().await?;
    let from = Timestamp::now().saturating_sub(SignedDuration::from_hours(24 * KEPT_DAYS)).unwrap_or(Timestamp::MIN);
    let mut by_subscription: BTreeMap<String, Vec<ToAcknowledge>> = BTreeMap::new();
    for one in store.to_acknowledge(source.name.as_str(), from, PORTION).await? {
        by_subscription.entry(one.subscription.to_lowercase()).or_default().push(one);
    }
    for subscription in source.subscriptions.iter().filter(|id| !by_subscription.contains_key(&id.to_lowercase())) {
        // Nothing waits any more: what kept it from being done is over.
        let state = store.source_state(source.name.as_str(), subscription).await?;
        if state.is_some_and(|state| state.acknowledge_fault.is_some()) {
            store.acknowledge_fault(source.name.as_str(), subscription, None).await?;
        }
    }
    if by_subscription.is_empty() {
        return Ok(Vec::new());
    }
    let api = api(services, source).await;
    let until = tokio::time::Instant::now() + PATIENCE;
    let mut told = Vec::new();
    for (subscription, alerts) in by_subscription {
        let mut pass = Pass { store: &store, cancel, until, report: Acknowledged::default() };
        (pass.report.source, pass.report.subscription) = (source.name.to_string(), subscription.clone());
        match &api {
            Ok(api) => pass.run(api, &alerts).await?,
            Err(fault) => pass.report.fault = Some(fault.clone()),
        }
        let mut report = pass.report;
        report.fault = report.fault.map(|fault| of_source(fault, source.name.as_str()));
        report.waiting = u64::try_from(alerts.len()).unwrap_or_default().saturating_sub(report.acknowledged);
        store.acknowledge_fault(source.name.as_str(), &subscription, report.fault.as_ref()).await?;
        told.push(report);
    }
    Ok(told)
}

struct Pass<'a> {
    store: &'a Store,
    cancel: &'a CancellationToken,
    until: tokio::time::Instant,
    report: Acknowledged,
}

impl Pass<'_> {
    async fn run(&mut self, api: &AlertsApi, alerts: &[ToAcknowledge]) -> Result<(), Fault> {
        let mut failures = 0;
        for alert in alerts {
            let request = tokio::time::timeout_at(self.until, one(api, alert));
            let Some(answer) = self.cancel.run_until_cancelled(request).await else { break };
            // The time is up: the rest is for the next pass.
            let Ok(answer) = answer else { break };
            match answer {
                Ok(()) => {
                    self.store.alert_acknowledged(&alert.key, Timestamp::now()).await?;
                    self.report.acknowledged += 1;
                }
                Err(fault) => {
                    failures += 1;
                    let stops = fault.blocks_every_request() || failures >= FAILURES;
                    self.report.fault = Some(self.named(fault));
                    if stops {
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    /// A refusal names the role that is missing.
    fn named(&self, fault: Fault) -> Fault {
        match fault {
            Fault::AzureForbidden { detail, .. } => Fault::MayNotAcknowledge {
                name: self.report.source.clone(),
                subscription: self.report.subscription.clone(),
                detail,
            },
            fault => fault,
        }
    }
}

/// Acknowledges one alert. What people acknowledged or closed already stays as they left it, and what is gone is gone.
async fn one(api: &AlertsApi, alert: &ToAcknowledge) -> Result<(), Fault> {
    if !matches!(alert.user_state.as_str(), "" | "New") {
        return Ok(());
    }
    let comment = format!("itsmc: {} ({})", alert.number, alert.connection);
    api.acknowledge(&alert.subscription, alert.key.as_str(), &comment).await.map(drop)
}
