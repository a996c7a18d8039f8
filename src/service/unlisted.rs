//! What the config file lost of what is stored here.

use super::services::Services;
use crate::model::alert_source::SourceName;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::unlisted::Unlisted;
use crate::model::workspace::WorkspaceName;

/// Everything that is stored here although the config file does not have it, the connections first.
///
/// # Errors
/// The store's and the config file's own.
pub async fn all(services: &Services) -> Result<Vec<Unlisted>, Fault> {
    if !services.home.database().exists() {
        return Ok(Vec::new());
    }
    let (store, config) = (services.store().await?, services.config().await?);
    let connections = store.connection_names().await?;
    let (workspaces, sources) = store.sinks_and_sources().await?;
    let connections = connections.iter().filter_map(|name| ConnectionName::listed(name).ok());
    let connections = connections.filter(|name| config.connections.iter().all(|listed| listed.name != *name));
    let workspaces = workspaces.into_iter().filter_map(|name| WorkspaceName::try_from(name).ok());
    let workspaces = workspaces.filter(|name| config.workspaces.iter().all(|listed| listed.name != *name));
    let sources = sources.into_iter().filter_map(|name| SourceName::try_from(name).ok());
    let sources = sources.filter(|name| config.alert_sources.iter().all(|listed| listed.name != *name));
    let connections = connections.map(Unlisted::Connection);
    Ok(connections.chain(workspaces.map(Unlisted::Workspace)).chain(sources.map(Unlisted::Source)).collect())
}

/// Whether this is one of them.
///
/// # Errors
/// As [`all`].
pub async fn has(services: &Services, lost: &Unlisted) -> Result<bool, Fault> {
    Ok(all(services).await?.contains(lost))
}
