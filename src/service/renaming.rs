//! Renaming a connection: everything that holds its name gets the new one, or nothing does.
//!
//! The name stands in the vault, in the database, in the names of files, in the alert rules and in the config file. A note
//! ([`Renaming`]) says which renaming has begun. Its secrets move first, since nothing else needs the vault's key: until that is
//! noted, a renaming that was cut off is undone by whoever opens the vault next. From then on whoever reads the config file next
//! finishes it. Each step may be repeated. What is outside keeps the name that it has ([`Connection::known_as`]).

use jiff::Timestamp;

use super::alerts;
use super::blocking::blocking;
use super::connections;
use super::services::Services;
use crate::home::lock::{AlertsLock, ChangeLock, RenamingLock, TokenLock, WorkspaceLock};
use crate::home::renaming::{self, Renaming};
use crate::home::{Home, config, mapping};
use crate::model::connection::{Connection, ConnectionName, KeptOutside};
use crate::model::fault::Fault;
use crate::store::Store;
use crate::vault::Vault;

/// What renaming a connection would leave as it is; nothing is changed.
///
/// # Errors
/// [`Fault::NoSuchConnection`]; [`Fault::NameTaken`], [`Fault::NameKnown`]; the store's own.
pub async fn kept(services: &Services, from: &ConnectionName, to: &ConnectionName) -> Result<KeptOutside, Fault> {
    let connection = checked(services, from, to).await?;
    let is_known = services.home.database().exists() && services.store().await?.is_known_outside(from).await?;
    let known_as = is_known.then(|| connection.known_as().clone()).or(connection.known_as);
    Ok(KeptOutside { known_as: known_as.filter(|known_as| known_as != to) })
}

/// The connection, if it can have this name.
async fn checked(services: &Services, from: &ConnectionName, to: &ConnectionName) -> Result<Connection, Fault> {
    let connection = services.connection(from.as_str()).await?;
    if from == to {
        return Err(Fault::NameTaken { name: to.to_string() });
    }
    services.config().await?.check_free(to, Some(from))?;
    Ok(connection)
}

/// Renames a connection. Nobody syncs it, writes its tickets, sends its rows or decides about alerts meanwhile.
///
/// # Errors
/// [`Fault::NoSuchConnection`]; [`Fault::NameTaken`], [`Fault::NameKnown`]; [`Fault::Locked`] while one of these goes on; rules that
/// cannot be written; [`Fault::FilesThere`] for a mapping that waits for a connection of the new name; what keeps the vault, the
/// store or the config file from being written.
pub async fn rename(services: &Services, from: &ConnectionName, to: &ConnectionName) -> Result<KeptOutside, Fault> {
    // Looks at both names before anything is waited for.
    let connection = checked(services, from, to).await?;
    let locks = Locks::take(services, &connection, to).await?;
    let kept = kept(services, from, to).await?;
    let home = services.home.clone();
    let store = if home.database().exists() { Some(services.store().await?) } else { None };
    if let Some(store) = &store
        && store.knows(to).await?
    {
        return Err(Fault::NameTaken { name: to.to_string() });
    }
    let vault = if services.handles.vault_is_missing() { None } else { Some(services.vault().await?.clone()) };
    let new = Renaming { from: from.clone(), to: to.clone(), known_as: kept.known_as.clone(), secrets_moved: false };
    let lock = {
        let (home, from, to) = (home.clone(), from.clone(), to.clone());
        blocking(move || {
            alerts::can_rename(&home, from.as_str(), to.as_str())?;
            let there = mapping::path(&home, &to);
            if there.exists() && !from.clashes_with(&to) {
                return Err(Fault::FilesThere { paths: vec![there.display().to_string()] });
            }
            let lock = RenamingLock::take(&home)?;
            // Another one was cut off just now: who looks next finishes or undoes it.
            let held = || Fault::Locked { path: home.renaming_lock().display().to_string(), pid: None };
            if renaming::is_noted(&home) { Err(held()) } else { Ok(lock) }
        })
        .await?
    };
    let renaming = {
        let home = home.clone();
        blocking(move || move_secrets(&home, vault.as_ref(), new)).await?
    };
    finish_noted(&home, store, renaming, usize::MAX).await?;
    drop(lock);
    if let Some(session) = services.admins.take(from) {
        services.admins.keep(to, session);
    }
    locks.release(from, to);
    Ok(kept)
}

/// What is held while a connection is renamed.
struct Locks {
    old: ChangeLock,
    new: Option<ChangeLock>,
    _tokens: TokenLock,
    _alerts: AlertsLock,
    _sending: Vec<WorkspaceLock>,
}

impl Locks {
    async fn take(services: &Services, connection: &Connection, to: &ConnectionName) -> Result<Self, Fault> {
        let from = &connection.name;
        let old = connections::lock(services, from).await?;
        // Where only capitals differ, both may be one file.
        let new = if from.clashes_with(to) { None } else { Some(connections::lock(services, to).await?) };
        let (home, from, fed) = (services.home.clone(), from.clone(), connection.workspaces.clone());
        blocking(move || {
            Ok(Self {
                old,
                new,
                _alerts: AlertsLock::take(&home)?,
                _sending: fed.iter().map(|name| WorkspaceLock::take(&home, name)).collect::<Result<_, _>>()?,
                _tokens: TokenLock::take(&home, &from)?,
            })
        })
        .await
    }

    /// Lets go; the files of the old name's locks go with it.
    fn release(self, from: &ConnectionName, to: &ConnectionName) {
        if !from.clashes_with(to) {
            self.old.delete();
        }
        drop(self.new);
    }
}

/// Gives the secrets to the new name. From then on the renaming is finished, whatever happens.
fn move_secrets(home: &Home, vault: Option<&Vault>, new: Renaming) -> Result<Renaming, Fault> {
    if let Some(vault) = vault {
        if vault.names()?.contains(&new.to) {
            return Err(Fault::NameTaken { name: new.to.to_string() });
        }
        renaming::save(home, &new)?;
        if let Err(fault) = vault.rename(&new.from, &new.to) {
            // The vault is as it was.
            renaming::delete(home)?;
            return Err(fault);
        }
    }
    let moved = Renaming { secrets_moved: true, ..new };
    renaming::save(home, &moved)?;
    Ok(moved)
}

/// Finishes a renaming that was cut off after its secrets had moved, and undoes one that was cut off before if the vault is open.
///
/// # Errors
/// [`Fault::Locked`] while a renaming goes on for long; what keeps it from being finished.
pub async fn settle(home: &Home, vault: Option<&Vault>) -> Result<(), Fault> {
    if !renaming::is_noted(home) {
        return Ok(());
    }
    let (whose, open) = (home.clone(), vault.cloned());
    let begun = blocking(move || {
        let lock = RenamingLock::take(&whose)?;
        let moved = match renaming::load(&whose)? {
            Some(one) if one.secrets_moved => Some((lock, one)),
            Some(one) => open.map_or(Ok(()), |vault| undone(&whose, &vault, &one)).map(|()| None)?,
            None => None,
        };
        Ok(moved)
    })
    .await?;
    let Some((_lock, one)) = begun else { return Ok(()) };
    let store = if home.database().exists() { Some(opened(home).await?) } else { None };
    finish_noted(home, store, one, usize::MAX).await
}

/// Undoes a renaming that was cut off before it was noted that its secrets had moved; called once the vault is open.
///
/// # Errors
/// As [`settle`].
pub fn undo(home: &Home, vault: &Vault) -> Result<(), Fault> {
    if !renaming::is_noted(home) {
        return Ok(());
    }
    let _lock = RenamingLock::take(home)?;
    match renaming::load(home)? {
        Some(one) if !one.secrets_moved => undone(home, vault, &one),
        _ => Ok(()),
    }
}

fn undone(home: &Home, vault: &Vault, one: &Renaming) -> Result<(), Fault> {
    vault.rename(&one.to, &one.from)?;
    renaming::delete(home)
}

/// The store, and in the place of a damaged one the new one.
async fn opened(home: &Home) -> Result<Store, Fault> {
    let path = home.database();
    blocking(move || match Store::open(&path) {
        Err(Fault::DatabaseDamaged { kept_as: Some(_), .. }) => Store::open(&path),
        opened => opened,
    })
    .await
}

/// The steps after the secrets have moved; tests stop after so many.
async fn finish_noted(home: &Home, store: Option<Store>, one: Renaming, most: usize) -> Result<(), Fault> {
    let Renaming { from, to, known_as, .. } = one;
    if let Some(store) = store.filter(|_| most > 0) {
        store.rename(&from, &to, known_as.as_ref(), Timestamp::now()).await?;
    }
    let home = home.clone();
    blocking(move || {
        type Step<'a> = &'a dyn Fn() -> Result<(), Fault>;
        let steps: [Step<'_>; 4] = [
            &|| renaming::move_files(&home, &from, &to),
            &|| alerts::rename_connection(&home, from.as_str(), to.as_str()),
            &|| config::rename(&home, (&from, &to), known_as.as_ref()),
            &|| renaming::delete(&home),
        ];
        steps.iter().take(most.saturating_sub(1)).try_for_each(|step| step())
    })
    .await
}

#[cfg(test)]
#[path = "renaming/tests.rs"]
mod tests;
