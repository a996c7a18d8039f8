//! Alerts of Azure: their sources, reading them, and deciding what becomes of them.

mod acknowledge;
mod actions;
mod change;
mod decide;
mod first_page;
mod poll;
mod preview;
mod rules;
mod rules_view;
#[cfg(test)]
mod tests;
mod view;
mod writing;

use jiff::{SignedDuration, Timestamp};

use super::blocking::blocking;
use super::services::Services;
use super::{unlisted, workspaces};
use crate::azure::alerts::AlertsApi;
use crate::azure::arm::Arm;
use crate::home::config;
use crate::model::alert::{AlertKey, read};
use crate::model::alert_source::{AlertSource, KEPT_DAYS, SourceName, SourceState};
use crate::model::fault::{Account, Fault};
use crate::model::unlisted::Unlisted;
use crate::model::workspace::Workspace;
use crate::store::{NewAlert, StoredAlert, Taken};

pub use acknowledge::{Acknowledged, acknowledge};
pub use actions::{Imported, old_actions};
pub use change::{change, forget_tried};
pub use decide::{Pass, decide};
pub use first_page::{FirstPage, Seen, first_pages};
pub use poll::{PollReport, poll};
pub use preview::{Made, MadeTicket, Tickets, Wanted, preview};
pub use rules::{Loaded, check, load, retry, rule_names};
pub use rules_view::{done, previewed, rules_view};
pub use view::{standing, whole};
pub use writing::{RulesFile, before_switch, kinds, listed, preview_one, rules_file, save_rule, switch_rule};
pub(in crate::service) use writing::{can_rename, rename_connection};

/// The source of alerts that came in a file.
pub const IMPORT: &str = "import";

/// How many notices are stored together.
const TOGETHER: usize = 500;

/// The source of this name.
///
/// # Errors
/// [`Fault::NoSuchSource`], or the config file's own.
pub async fn named(services: &Services, name: &str) -> Result<AlertSource, Fault> {
    let found = services.config().await?.alert_sources.into_iter().find(|one| one.name.as_str() == name.trim());
    found.ok_or_else(|| Fault::NoSuchSource { name: name.trim().to_owned() })
}

/// The names of the sources.
///
/// # Errors
/// The config file's own.
pub async fn source_names(services: &Services) -> Result<Vec<String>, Fault> {
    Ok(services.config().await?.alert_sources.into_iter().map(|one| one.name.to_string()).collect())
}

/// Whether the settings can be used.
///
/// # Errors
/// [`Fault::SourceWrong`] with every problem.
pub fn check_source(source: &AlertSource) -> Result<(), Fault> {
    let problems = source.problems();
    if problems.is_empty() { Ok(()) } else { Err(Fault::SourceWrong { problems }) }
}

/// Saves a new source, once the alerts of each subscription could be read.
///
/// # Errors
/// [`Fault::SourceWrong`]; [`Fault::NameTaken`]; the refusal of a sign-in or of a subscription; the config file's own.
pub async fn add(services: &Services, source: &AlertSource) -> Result<(), Fault> {
    check_source(source)?;
    let api = api(services, source).await?;
    let mut states = Vec::new();
    for subscription in &source.subscriptions {
        // Alerts have the times of Azure's clock, so what fired before is told by it as well.
        let page = api.first(subscription).await;
        let page = page.map_err(|fault| of_source(fault, source.name.as_str()))?;
        let since = page.answered_at.unwrap_or_else(Timestamp::now);
        states.push((subscription.clone(), SourceState { since: Some(since), ..SourceState::default() }));
    }
    let store = services.store().await?;
    for state in states {
        store.take_alerts(Vec::new(), source.name.as_str(), None, Some(state), Timestamp::now()).await?;
    }
    let (home, source) = (services.home.clone(), source.clone());
    blocking(move || config::add_alert_source(&home, &source)).await
}

/// The name of a source that can be removed: of one that the config file lost as well.
///
/// # Errors
/// [`Fault::NoSuchSource`]; as [`unlisted::all`].
pub async fn removable(services: &Services, name: &str) -> Result<SourceName, Fault> {
    match named(services, name).await {
        Err(fault @ Fault::NoSuchSource { .. }) => {
            let lost = SourceName::try_from(name.trim().to_owned()).map_err(|_| fault.clone())?;
            if unlisted::has(services, &Unlisted::Source(lost.clone())).await? { Ok(lost) } else { Err(fault) }
        }
        found => found.map(|source| source.name),
    }
}

/// Removes a source from itsmc, with its secret. Its alerts and their tickets stay.
///
/// # Errors
/// As [`removable`]; when vault or config cannot be written.
pub async fn remove(services: &Services, name: &str) -> Result<SourceName, Fault> {
    let name = removable(services, name).await?;
    change::forget(services, name.account()).await?;
    let (home, gone) = (services.home.clone(), name.clone());
    blocking(move || match config::remove_alert_source(&home, &gone) {
        // Its entry was lost before.
        Err(Fault::NoSuchSource { .. }) => Ok(()),
        removed => removed,
    })
    .await?;
    services.store().await?.forget_source(name.as_str()).await?;
    Ok(name)
}

/// Dismisses what is told of a source: that alerts of some time may be missing. How many such times there were; what a source
/// that is not read cannot reach any more is told on.
///
/// # Errors
/// [`Fault::NoSuchSource`]; the store's own.
pub async fn dismiss(services: &Services, name: &str) -> Result<(AlertSource, u64), Fault> {
    let source = named(services, name).await?;
    let dismissed = services.store().await?.forget_missed(source.name.as_str()).await?;
    Ok((source, dismissed))
}

/// Forgets the secret of a source.
///
/// # Errors
/// The vault's own.
pub async fn forget_secret(services: &Services, source: &AlertSource) -> Result<(), Fault> {
    change::forget(services, source.name.account()).await
}

/// The alerts that a source's sign-in may read.
async fn api(services: &Services, source: &AlertSource) -> Result<AlertsApi, Fault> {
    api_of(services, source, &source.account()).await
}

/// The alerts that this account of a source may read.
async fn api_of(services: &Services, source: &AlertSource, account: &Workspace) -> Result<AlertsApi, Fault> {
    let provider = workspaces::provider(services, account, None).await;
    Ok(AlertsApi::new(Arm::of(provider.map_err(|fault| of_source(fault, source.name.as_str()))?)?))
}

/// A fault of signing in for a workspace, as one of a source.
pub fn of_source(fault: Fault, source: &str) -> Fault {
    match fault {
        Fault::WorkspaceSignedOut { .. } => Fault::SourceSignedOut { name: source.to_owned() },
        Fault::WorkspaceWrong { problems } => Fault::SourceWrong { problems },
        Fault::KeptSignInRefused { way, fault, .. } => fault.of_account(Account::Source(source.to_owned()), way),
        fault => fault,
    }
}

/// Stores every alert in a text, whatever its shape.
///
/// # Errors
/// The store's own; what was stored before it stays.
pub async fn import(services: &Services, text: &str) -> Result<Taken, Fault> {
    let store = services.store().await?;
    let mut taken = Taken::default();
    for part in read(text).chunks(TOGETHER) {
        let notices = part.iter().map(|one| NewAlert { alert: one.alert.clone(), raw: one.raw.to_owned() }).collect();
        let more = store.take_alerts(notices, IMPORT, None, None, Timestamp::now()).await?;
        taken =
            Taken { new: taken.new + more.new, changed: taken.changed + more.changed, same: taken.same + more.same };
    }
    Ok(taken)
}

/// The one alert whose key begins so.
///
/// # Errors
/// [`Fault::NoSuchAlert`]; [`Fault::SeveralBegin`].
pub async fn one(services: &Services, name: &str) -> Result<StoredAlert, Fault> {
    let name = name.trim();
    let mut found = services.store().await?.alerts_called(name).await?;
    let none = || Fault::NoSuchAlert { name: name.to_owned() };
    if name.is_empty() {
        return Err(none());
    }
    if found.len() > 1 && found[0].alert.key.as_str() != name.to_lowercase() {
        return Err(Fault::SeveralBegin { name: name.to_owned() });
    }
    found.truncate(1);
    found.pop().ok_or_else(none)
}

/// How many open tickets have an alert whose end can no longer be seen: Azure deletes alerts after 30 days.
///
/// # Errors
/// The store's own.
pub async fn unseen_ends(services: &Services) -> Result<u64, Fault> {
    let before = Timestamp::now().saturating_sub(SignedDuration::from_hours(24 * KEPT_DAYS)).unwrap_or(Timestamp::MIN);
    services.store().await?.unseen_ends(before).await
}

/// The keys of the alerts that are called so.
///
/// # Errors
/// As [`one`].
pub async fn keys(services: &Services, names: &[String]) -> Result<Vec<AlertKey>, Fault> {
    let mut keys = Vec::new();
    for name in names {
        keys.push(one(services, name).await?.alert.key);
    }
    Ok(keys)
}
