//! The workspaces of Log Analytics: signing in for them, looking at what is there, planning, applying, removing.

mod apply;
mod look;
mod sign_in;
mod test;

use std::path::PathBuf;
use std::sync::Arc;

use super::blocking::blocking;
use super::services::Services;
use super::unlisted;
use crate::azure::arm::Arm;
use crate::azure::provider::TokenProvider;
use crate::home::{config, new_files};
use crate::model::azure_plan::{Plan, Principal, Seen, Wanted, bicep};
use crate::model::cloud::Audience;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::sending::SinkState;
use crate::model::unlisted::Unlisted;
use crate::model::workspace::{AzureSignIn, Values, Workspace, WorkspaceName};
use crate::model::workspace_run::Ask;

pub use apply::{Applied, Told, apply};
pub use look::{find, groups_and_workspaces, subscriptions};
pub use sign_in::{device_sign_in, identity_of, keep_device, keep_secret, provider, provider_within};
pub use test::test;

/// Everything that a plan is made of.
pub struct Planned {
    /// The workspace as it is in Azure and in the settings.
    pub workspace: Workspace,
    /// What was there.
    pub seen: Seen,
    /// What is wanted beside the settings.
    pub wanted: Wanted,
    /// The steps.
    pub plan: Plan,
}

/// The names of all workspaces.
///
/// # Errors
/// The config file's own.
pub async fn names(services: &Services) -> Result<Vec<String>, Fault> {
    Ok(services.config().await?.workspaces.into_iter().map(|one| one.name.to_string()).collect())
}

/// The workspace of this name.
///
/// # Errors
/// [`Fault::NoSuchWorkspace`], or the config file's own.
pub async fn named(services: &Services, name: &str) -> Result<Workspace, Fault> {
    let found = services.config().await?.workspaces.into_iter().find(|one| one.name.as_str() == name.trim());
    found.ok_or_else(|| Fault::NoSuchWorkspace { name: name.trim().to_owned() })
}

/// Saves a new workspace, and has these connections feed it.
///
/// # Errors
/// [`Fault::WorkspaceWrong`]; [`Fault::WorkspaceTaken`]; [`Fault::NoSuchConnection`]; the config file's own.
pub async fn save(services: &Services, workspace: &Workspace, fed_by: &[ConnectionName]) -> Result<(), Fault> {
    check(workspace)?;
    let (home, workspace, fed_by) = (services.home.clone(), workspace.clone(), fed_by.to_vec());
    blocking(move || config::add_workspace(&home, &workspace, &fed_by)).await
}

/// Changes the settings of a workspace; with `fed_by`, also the connections that feed it. What leads to another table or
/// workspace begins at the first row again.
///
/// # Errors
/// [`Fault::WorkspaceWrong`]; [`Fault::NoSuchWorkspace`]; [`Fault::NoSuchConnection`]; the config file's own.
pub async fn change(
    services: &Services,
    workspace: &Workspace,
    fed_by: Option<&[ConnectionName]>,
) -> Result<(), Fault> {
    check(workspace)?;
    let old = named(services, workspace.name.as_str()).await?;
    let mut new = workspace.clone();
    let moved = old.id() != new.id();
    if moved {
        // What Azure told of the other workspace is not true of this one.
        let told = [&mut new.workspace_id, &mut new.location, &mut new.rule, &mut new.rule_id, &mut new.endpoint];
        told.into_iter().for_each(String::clear);
    }
    if old.identity("") != new.identity("") || old.sign_in != new.sign_in {
        new.principal.clear();
    }
    let elsewhere = moved || old.table != new.table || old.log_table != new.log_table;
    let (home, fed_by) = (services.home.clone(), fed_by.map(<[_]>::to_vec));
    blocking(move || config::set_workspace(&home, &new, fed_by.as_deref())).await?;
    let (store, name) = (services.store().await?, workspace.name.as_str());
    if elsewhere {
        store.forget_sink(name).await?;
    } else if old.values != workspace.values {
        // An older version did not note how rows show choices.
        let before = move |state: &mut SinkState| {
            if state.accepted > 0 {
                state.values.get_or_insert(old.values);
            }
        };
        store.change_sink(name, before).await?;
    }
    Ok(())
}

/// Takes another table in the place of a classic one.
///
/// # Errors
/// As [`change`].
pub async fn other_table(services: &Services, name: &WorkspaceName, classic: &str, other: String) -> Result<(), Fault> {
    let mut workspace = named(services, name.as_str()).await?;
    let table = if workspace.log_table == classic { &mut workspace.log_table } else { &mut workspace.table };
    *table = other;
    change(services, &workspace, None).await
}

/// Has these connections feed a workspace, and no others; their choices are sent like this.
///
/// # Errors
/// As [`change`].
pub async fn feed(
    services: &Services,
    name: &WorkspaceName,
    fed_by: &[ConnectionName],
    values: Values,
) -> Result<(), Fault> {
    let workspace = Workspace { values, ..named(services, name.as_str()).await? };
    change(services, &workspace, Some(fed_by)).await
}

/// Forgets what a sign-in that came to nothing left in the vault.
pub async fn forget(services: &Services, name: &WorkspaceName) {
    let forgotten = async {
        if named(services, name.as_str()).await.is_ok() || !crate::vault::Vault::exists(&services.home.vault_paths())? {
            return Ok(());
        }
        let (vault, name) = (services.vault().await?.clone(), name.clone());
        blocking(move || vault.remove_workspace(&name)).await
    };
    if let Err(fault) = forgotten.await {
        tracing::warn!(%fault, "the secret of a workspace that was not saved stays in the vault");
    }
}

/// Looks for a workspace in Azure and saves it, without a connection that feeds it; of one that is saved, sign-in and place are
/// changed. What kept it from being looked at is told: an identity that only sends rows may not look, and may belong to another
/// machine.
///
/// # Errors
/// [`Fault::WorkspaceWrong`]; [`Fault::NotFound`] when it is not there; what else kept it from being read; the config file's
/// own.
pub async fn add(services: &Services, workspace: &Workspace) -> Result<Option<Fault>, Fault> {
    check(workspace)?;
    let (found, unseen) = match find(services, workspace).await {
        Ok(found) => (found, None),
        Err(fault @ (Fault::AzureForbidden { .. } | Fault::AzureSignInFailed { .. })) => {
            (workspace.clone(), Some(fault))
        }
        Err(fault) => return Err(fault),
    };
    let config = services.config().await?;
    match config.workspace(&found.name) {
        None => save(services, &found, &[]).await?,
        Some(old) => {
            // What was noted meanwhile, such as the address of the rule, stays.
            let Workspace { tenant, sign_in, client_id, token_file, subscription, resource_group, workspace, .. } =
                found;
            let (workspace_id, location) = (found.workspace_id, found.location);
            let told = Workspace {
                tenant,
                sign_in,
                client_id,
                token_file,
                subscription,
                resource_group,
                workspace,
                ..old.clone()
            };
            change(services, &told, None).await?;
            let now = named(services, told.name.as_str()).await?;
            note(services, &Workspace { workspace_id, location, ..now }).await?;
        }
    }
    Ok(unseen)
}

/// The plan as files of Bicep. Where it is not known who will send rows, the Azure team fills that in.
pub fn files(lang: Lang, planned: &mut Planned) -> Vec<bicep::File> {
    if planned.wanted.principal.is_none() {
        planned.wanted.principal = Some(Principal { id: bicep::UNKNOWN_PRINCIPAL.to_owned(), application: None });
        planned.plan = Plan::of(&planned.workspace, &planned.wanted, &planned.seen);
    }
    bicep::files(lang, &planned.workspace, &planned.plan)
}

/// Whether the settings can be used.
///
/// # Errors
/// [`Fault::WorkspaceWrong`] with every problem.
pub fn check(workspace: &Workspace) -> Result<(), Fault> {
    let problems = workspace.problems();
    if problems.is_empty() { Ok(()) } else { Err(Fault::WorkspaceWrong { problems }) }
}

/// The name of a workspace that can be removed, and what it is in Azure where that is known: one that the config file lost as well.
///
/// # Errors
/// [`Fault::NoSuchWorkspace`]; as [`unlisted::all`].
pub async fn removable(services: &Services, name: &str) -> Result<(WorkspaceName, String), Fault> {
    match named(services, name).await {
        Err(fault @ Fault::NoSuchWorkspace { .. }) => {
            let lost = WorkspaceName::try_from(name.trim().to_owned()).map_err(|_| fault.clone())?;
            let is_lost = unlisted::has(services, &Unlisted::Workspace(lost.clone())).await?;
            if is_lost { Ok((lost.clone(), lost.to_string())) } else { Err(fault) }
        }
        found => found.map(|workspace| (workspace.name, workspace.workspace)),
    }
}

/// Removes a workspace from itsmc, with its secret. Nothing is removed in Azure.
///
/// # Errors
/// As [`removable`]; when vault or config cannot be written.
pub async fn remove(services: &Services, name: &str) -> Result<(), Fault> {
    let (name, _) = removable(services, name).await?;
    if crate::vault::Vault::exists(&services.home.vault_paths())? {
        let (vault, gone) = (services.vault().await?.clone(), name.clone());
        blocking(move || vault.remove_workspace(&gone)).await?;
    }
    let (home, gone) = (services.home.clone(), name.clone());
    blocking(move || match config::remove_workspace(&home, &gone) {
        // Its entry was lost before.
        Err(Fault::NoSuchWorkspace { .. }) => Ok(()),
        removed => removed,
    })
    .await?;
    services.store().await?.forget_sink(name.as_str()).await
}

/// Looks at what is there, and plans what is missing. Nothing is changed in Azure.
///
/// # Errors
/// When nobody can sign in, the workspace is not there, or something cannot be read.
pub async fn plan(
    services: &Services,
    workspace: &Workspace,
    ask: &Ask,
) -> Result<(Planned, Arc<TokenProvider>), Fault> {
    let setup = match (&ask.refresh, ask.sign_in) {
        (Some(refresh), Some(AzureSignIn::DeviceCode)) => sign_in::for_this_run(services, workspace, refresh).await?,
        (_, way) => provider(services, workspace, way).await?,
    };
    let arm = Arm::of(setup.clone())?;
    let principal = principal(services, workspace, ask, &setup).await?;
    let (workspace, seen) = look::look(&arm, workspace, principal.as_ref()).await?;
    let wanted = Wanted { principal, migrate: ask.migrate.clone() };
    let plan = Plan::of(&workspace, &wanted, &seen);
    Ok((Planned { workspace, seen, wanted, plan }, setup))
}

/// Who will send rows: as told, as noted before, or as the token of the workspace's own sign-in says.
async fn principal(
    services: &Services,
    workspace: &Workspace,
    ask: &Ask,
    setup: &Arc<TokenProvider>,
) -> Result<Option<Principal>, Fault> {
    let unattended = workspace.sign_in.is_unattended().then_some(true);
    let told = ask.principal.clone().or_else(|| Some(workspace.principal.clone()).filter(|id| !id.is_empty()));
    if let Some(id) = told {
        return Ok(Some(Principal { id, application: unattended }));
    }
    let own = match ask.sign_in {
        Some(way) if way != workspace.sign_in => match provider(services, workspace, None).await {
            Ok(own) => own,
            // Whoever sends may be an identity of another machine.
            Err(_) => return Ok(None),
        },
        _ => setup.clone(),
    };
    let Ok(claims) = own.claims(Audience::ResourceManager).await else { return Ok(None) };
    let application = unattended.or_else(|| claims.is_application());
    Ok(claims.oid.filter(|id| crate::model::azure_id::is_guid(id)).map(|id| Principal { id, application }))
}

/// Notes in the settings what Azure told: region, ids, endpoint and sender.
///
/// # Errors
/// The config file's own.
pub async fn note(services: &Services, workspace: &Workspace) -> Result<(), Fault> {
    let (home, workspace) = (services.home.clone(), workspace.clone());
    blocking(move || config::replace_workspace(&home, &workspace)).await
}

/// The CA file that requests use.
async fn ca_file(services: &Services) -> Result<Option<PathBuf>, Fault> {
    match &services.ca_file {
        Some(file) => Ok(Some(file.clone())),
        None => Ok(services.config().await?.settings.ca_file.map(PathBuf::from)),
    }
}

/// Writes the files of an export into a folder, which is made; their paths.
///
/// # Errors
/// [`Fault::FilesThere`] when one is there already: nothing is overwritten; trouble with the disk.
pub fn export(folder: &std::path::Path, files: &[crate::model::azure_plan::bicep::File]) -> Result<Vec<String>, Fault> {
    let folder = new_files::folder(&folder.display().to_string());
    let paths = new_files::write(&folder, files.iter().map(|file| (file.name, file.text.as_str())))?;
    Ok(paths.iter().map(|path| path.display().to_string()).collect())
}
