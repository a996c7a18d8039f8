//! The store, the vault and the config file of one home, opened when they are first needed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use tokio::sync::{Mutex, OnceCell};

use super::blocking::blocking;
use super::dialog::{Dialog, DialogAsk};
use super::renaming;
use crate::home::Home;
use crate::home::config::{self, Config};
use crate::model::fault::Fault;
use crate::store::Store;
use crate::vault::{AskPassphrase, NoAsk, Owner, Vault, VaultOptions};

/// Makes the means to ask for a passphrase, each time the vault is opened.
pub type MakeAsk = Box<dyn Fn() -> Box<dyn AskPassphrase> + Send + Sync>;

/// What one home holds.
pub struct Handles {
    home: Home,
    vault_options: VaultOptions,
    make_ask: MakeAsk,
    /// Asks for the passphrase instead, once the screens are up: nothing else may read the terminal then.
    pub dialog: OnceLock<Arc<Dialog>>,
    store: Mutex<Option<Store>>,
    vault: Arc<OnceCell<Vault>>,
    /// Whether the vault was tried without asking anybody: a keyring that does not answer is not waited for again.
    tried_unasked: AtomicBool,
    /// The config as it was last read.
    good_config: std::sync::Mutex<Option<Config>>,
}

impl Handles {
    /// Knows the places; opens none.
    pub fn new(home: Home, vault_options: VaultOptions, make_ask: MakeAsk) -> Self {
        let (dialog, store, vault) = (OnceLock::new(), Mutex::default(), Arc::default());
        let (tried_unasked, good_config) = (AtomicBool::new(false), std::sync::Mutex::default());
        Self { home, vault_options, make_ask, dialog, store, vault, tried_unasked, good_config }
    }

    /// The store. It is opened again where the database was set aside since, by this process or another, or where damage
    /// was met in it.
    ///
    /// # Errors
    /// When it cannot be opened; the next call tries again. [`Fault::DatabaseDamaged`] once when a damaged database was set
    /// aside: the next call has the new one.
    pub async fn store(&self) -> Result<Store, Fault> {
        let mut held = self.store.lock().await;
        if let Some(store) = held.as_ref().filter(|store| store.is_current()) {
            return Ok(store.clone());
        }
        *held = None;
        let opened = self.open_store().await;
        if let Err(Fault::DatabaseDamaged { kept_as: Some(kept_as), .. }) = &opened
            && let Err(fault) = self.note_rebuilt(kept_as).await
        {
            tracing::warn!(code = fault.code(), "which connections lost their rows could not be noted");
        }
        let store = opened?;
        *held = Some(store.clone());
        Ok(store)
    }

    async fn open_store(&self) -> Result<Store, Fault> {
        let home = self.home.clone();
        blocking(move || {
            if let Err(fault) = home.prepare()
                && !home.database().exists()
            {
                return Err(fault);
            }
            Store::open(home.database())
        })
        .await
    }

    /// Notes with each connection that its rows are gone, until a sync has brought them again.
    async fn note_rebuilt(&self, kept_as: &str) -> Result<(), Fault> {
        let names = self.config().await?.connections.into_iter().map(|connection| connection.name).collect();
        self.open_store().await?.note_rebuilt(names, kept_as.to_owned()).await
    }

    /// The vault. Whoever gives up waiting for it does not end the question for its passphrase: what is typed then is
    /// not asked for again.
    ///
    /// # Errors
    /// When no key for it is found or it is damaged; the next call tries again.
    pub async fn vault(&self) -> Result<&Vault, Fault> {
        if let Some(vault) = self.vault.get() {
            return Ok(vault);
        }
        let (cell, home, options, ask) =
            (self.vault.clone(), self.home.clone(), self.vault_options.clone(), self.ask());
        let opening = tokio::spawn(async move {
            cell.get_or_try_init(|| blocking(move || open_vault(&home, options, ask))).await.map(drop)
        });
        opening.await.map_err(|error| Fault::Internal { what: error.to_string() })??;
        self.vault.get().ok_or_else(|| Fault::Internal { what: "vault".to_owned() })
    }

    fn ask(&self) -> Box<dyn AskPassphrase> {
        match self.dialog.get() {
            Some(dialog) => Box::new(DialogAsk(dialog.clone())),
            None => (self.make_ask)(),
        }
    }

    /// The vault, if it is open already.
    pub fn open_vault(&self) -> Option<Vault> {
        self.vault.get().cloned()
    }

    /// The vault, if it is open or opens without asking anybody for a passphrase. It is made by nobody here.
    pub async fn vault_unasked(&self) -> Option<Vault> {
        if let Some(vault) = self.open_vault() {
            return Some(vault);
        }
        if self.vault_is_missing() || self.tried_unasked.swap(true, Ordering::Relaxed) {
            return None;
        }
        let (home, options) = (self.home.clone(), self.vault_options.clone());
        match blocking(move || open_vault(&home, options, Box::new(NoAsk))).await {
            Ok(vault) => Some(self.vault.get_or_init(|| async { vault }).await.clone()),
            Err(fault) => {
                tracing::info!(code = fault.code(), "the vault does not open without being asked for its passphrase");
                None
            }
        }
    }

    /// Whether no vault was made yet.
    pub fn vault_is_missing(&self) -> bool {
        Vault::exists(&self.home.vault_paths()).is_ok_and(|is_there| !is_there)
    }

    /// The config file; while it is damaged, as it was read before that.
    ///
    /// # Errors
    /// When it is damaged and was not read before, or cannot be read.
    pub async fn config(&self) -> Result<Config, Fault> {
        match self.config_now().await {
            Err(damaged @ Fault::ConfigDamaged { .. }) => self.good_config().clone().ok_or(damaged),
            read => read,
        }
    }

    /// The config file as it stands now.
    ///
    /// # Errors
    /// When it is damaged or cannot be read.
    pub async fn config_now(&self) -> Result<Config, Fault> {
        renaming::settle(&self.home, self.vault.get()).await?;
        let home = self.home.clone();
        let config = blocking(move || config::load(&home)).await?;
        *self.good_config() = Some(config.clone());
        Ok(config)
    }

    fn good_config(&self) -> std::sync::MutexGuard<'_, Option<Config>> {
        self.good_config.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn open_vault(home: &Home, options: VaultOptions, ask: Box<dyn AskPassphrase>) -> Result<Vault, Fault> {
    home.prepare()?;
    home.check_private()?;
    let vault = Vault::open(home.vault_paths(), options, ask)?;
    renaming::undo(home, &vault)?;
    vault.bind(|| Ok(config::load(home)?.connections.iter().map(Owner::of).collect()))?;
    Ok(vault)
}
