//! Where everything is.

use std::env;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use crate::files;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::workspace::WorkspaceName;
use crate::vault::{VaultPaths, disk};

/// The folders of one installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    config_dir: PathBuf,
    data_dir: PathBuf,
    state_dir: PathBuf,
}

impl Home {
    /// The folder that was given (`--home`), or that `ITSMC_HOME` names, or the platform's own places.
    ///
    /// # Errors
    /// [`Fault::BadUsage`] when the platform does not say where the user's home is.
    pub fn choose(given: Option<PathBuf>) -> Result<Self, Fault> {
        let named = given.or_else(|| env::var_os("ITSMC_HOME").filter(|dir| !dir.is_empty()).map(PathBuf::from));
        match named {
            Some(dir) => Ok(Self::in_dir(&dir)),
            None => Self::of_platform()
                .ok_or_else(|| Fault::BadUsage { what: "no home folder; name one with --home".into() }),
        }
    }

    /// Everything under one folder.
    pub fn in_dir(dir: &Path) -> Self {
        let dir = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
        Self { config_dir: dir.clone(), data_dir: dir.clone(), state_dir: dir }
    }

    fn of_platform() -> Option<Self> {
        let dirs = ProjectDirs::from("", "", "itsmc")?;
        Some(Self {
            config_dir: dirs.config_dir().to_owned(),
            // Not the roaming folder: a database and a lock belong to one machine.
            data_dir: dirs.data_local_dir().to_owned(),
            state_dir: dirs.state_dir().unwrap_or(dirs.data_local_dir()).to_owned(),
        })
    }

    /// Makes the folders that are missing, open to the owner only.
    ///
    /// # Errors
    /// [`Fault::NotWritable`], [`Fault::DiskFull`], [`Fault::FileProblem`].
    pub fn prepare(&self) -> Result<(), Fault> {
        [&self.config_dir, &self.data_dir, &self.state_dir].into_iter().try_for_each(|dir| disk::private_dir(dir))
    }

    /// Refuses a home that other users may change: its folders, and the files that say what is trusted.
    ///
    /// # Errors
    /// [`Fault::OpenToOthers`], [`Fault::OwnedByAnother`].
    pub fn check_private(&self) -> Result<(), Fault> {
        let vault = self.vault_paths();
        [&self.config_dir, &self.data_dir, &self.state_dir]
            .into_iter()
            .try_for_each(|dir| files::check_private(dir))?;
        // Into a closed folder nobody comes, whatever is allowed inside.
        let rules = [self.alert_rules(), self.last_alert_rules(), self.seen_alert_rules()];
        let files = [self.config_file(), vault.vault, vault.hint, vault.wrapped_key].into_iter().chain(rules);
        let mut open = files.filter(|file| file.parent().is_some_and(files::lets_others_in));
        open.try_for_each(|path| files::check_private(&path))
    }

    /// Tries whether there is room for a little more in each folder.
    ///
    /// # Errors
    /// [`Fault::DiskFull`].
    pub fn check_room(&self) -> Result<(), Fault> {
        [&self.config_dir, &self.data_dir, &self.state_dir].into_iter().try_for_each(|dir| files::check_room(dir))
    }

    /// Whether its owner could write what a sync writes here. A sync that cannot fails, and cannot note that either.
    ///
    /// # Errors
    /// [`Fault::NotWritable`].
    pub fn check_writable(&self) -> Result<(), Fault> {
        let database = ["", "-wal", "-shm"].map(|side| {
            let mut name = self.database().into_os_string();
            name.push(side);
            PathBuf::from(name)
        });
        let locks = self.data_dir.join("locks");
        let held =
            [locks.clone(), locks.join("tokens")].into_iter().filter_map(|dir| std::fs::read_dir(dir).ok()).flatten();
        let held = held.flatten().map(|entry| entry.path());
        let all = [self.data_dir.clone(), self.state_dir.clone()].into_iter().chain(database).chain([locks.clone()]);
        all.chain(held).try_for_each(|path| files::check_writable(&self.data_dir, &path))
    }

    /// The folder of the config.
    pub fn config_dir(&self) -> &Path {
        &self.config_dir
    }

    /// The folder of the vault and the database.
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// The folder of drafts and logs.
    pub fn state_dir(&self) -> &Path {
        &self.state_dir
    }

    /// The admin's own mappings, a file for each connection that has one.
    pub fn mappings(&self) -> PathBuf {
        self.config_dir.join("mappings")
    }

    /// What each connection was bound to when it was connected, a file for each.
    pub fn bindings(&self) -> PathBuf {
        self.config_dir.join("bindings")
    }

    /// Waits that servers asked for, a file for each connection.
    pub fn waits(&self) -> PathBuf {
        self.state_dir.join("waits")
    }

    /// Settings and connections.
    pub fn config_file(&self) -> PathBuf {
        self.config_dir.join("config.toml")
    }

    /// Held while the config is changed.
    pub fn config_lock(&self) -> PathBuf {
        self.data_dir.join("config.lock")
    }

    /// The folder of the wizard's drafts.
    pub fn drafts_dir(&self) -> PathBuf {
        self.state_dir.join("drafts")
    }

    /// The vault's files.
    pub fn vault_paths(&self) -> VaultPaths {
        VaultPaths::in_dir(&self.data_dir)
    }

    /// The work items.
    pub fn database(&self) -> PathBuf {
        self.data_dir.join("itsmc.db")
    }

    /// Held by whoever syncs this connection.
    pub fn sync_lock(&self, name: &ConnectionName) -> PathBuf {
        self.data_dir.join("locks").join(format!("{}.lock", name.file_stem()))
    }

    /// Held by whoever writes tickets of this connection.
    pub fn ticket_lock(&self, name: &ConnectionName) -> PathBuf {
        let sync = self.sync_lock(name);
        let file = sync.file_name().unwrap_or_default();
        self.data_dir.join("locks").join("tickets").join(file)
    }

    /// Held by whoever renews the tokens of this connection.
    pub fn token_lock(&self, name: &ConnectionName) -> PathBuf {
        let sync = self.sync_lock(name);
        let file = sync.file_name().unwrap_or_default();
        self.data_dir.join("locks").join("tokens").join(file)
    }

    /// Held by whoever sends rows to this workspace.
    pub fn workspace_lock(&self, name: &WorkspaceName) -> PathBuf {
        self.data_dir.join("locks").join("workspaces").join(format!("{}.lock", name.file_stem()))
    }

    /// The rules by which alerts become tickets.
    pub fn alert_rules(&self) -> PathBuf {
        self.config_dir.join("alert-rules.toml")
    }

    /// The last of these rules that could be used.
    pub fn last_alert_rules(&self) -> PathBuf {
        self.state_dir.join("alert-rules.last.toml")
    }

    /// What the file of rules was when it lost its end, and when that was seen first.
    pub fn seen_alert_rules(&self) -> PathBuf {
        self.state_dir.join("alert-rules.seen")
    }

    /// Held by whoever decides about alerts.
    pub fn alerts_lock(&self) -> PathBuf {
        self.data_dir.join("locks").join("alerts.lock")
    }

    /// The folder of the log and its predecessors.
    pub fn log_dir(&self) -> PathBuf {
        self.state_dir.join("logs")
    }

    /// The log that is being written.
    pub fn log_file(&self) -> PathBuf {
        self.log_dir().join("itsmc.log")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_folder_holds_everything() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::in_dir(&dir.path().join("h"));
        home.prepare().unwrap();
        for path in [
            home.config_file(),
            home.database(),
            home.sync_lock(&crate::home::testing::connection("a").name),
            home.log_file(),
            home.drafts_dir(),
        ] {
            assert!(path.starts_with(dir.path().join("h")), "{}", path.display());
        }
        assert_eq!(home.vault_paths().vault, dir.path().join("h/vault.age"));
    }

    #[test]
    fn a_relative_folder_does_not_move_with_the_working_folder() {
        assert!(Home::in_dir(Path::new("here")).config_file().is_absolute());
    }

    #[cfg(unix)]
    #[test]
    fn what_the_admin_can_do_about_a_disk_is_told_apart() {
        use rustix::io::Errno;
        let fault = |errno: Errno| Fault::from_io(Path::new("/h"), &std::io::Error::from(errno));
        for errno in [Errno::NOSPC, Errno::DQUOT] {
            assert_eq!(fault(errno), Fault::DiskFull { path: "/h".into() });
        }
        for errno in [Errno::ROFS, Errno::ACCESS, Errno::PERM] {
            assert!(matches!(fault(errno), Fault::NotWritable { .. }), "{errno}");
        }
        for errno in [Errno::MFILE, Errno::NFILE] {
            assert_eq!(fault(errno), Fault::TooManyOpenFiles { path: "/h".into() });
        }
    }

    #[test]
    fn a_home_that_cannot_be_made_is_a_clear_fault() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        std::fs::write(&file, "").unwrap();
        let fault = Home::in_dir(&file.join("h")).prepare().unwrap_err();
        assert!(matches!(fault, Fault::FileProblem { .. }), "{fault:?}");
    }
}
