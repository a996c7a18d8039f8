//! The store, the vault and the config file of one home, opened when they are first needed.

use std::sync::{Arc, OnceLock};

use tokio::sync::OnceCell;

use super::blocking::blocking;
use super::dialog::{Dialog, DialogAsk};
use crate::home::Home;
use crate::home::config::{self, Config};
use crate::model::fault::Fault;
use crate::store::Store;
use crate::vault::{AskPassphrase, Owner, Vault, VaultOptions};

/// Makes the means to ask for a passphrase, each time the vault is opened.
pub type MakeAsk = Box<dyn Fn() -> Box<dyn AskPassphrase> + Send + Sync>;

/// What one home holds.
pub struct Handles {
    home: Home,
    vault_options: VaultOptions,
    make_ask: MakeAsk,
    /// Asks for the passphrase instead, once the screens are up: nothing else may read the terminal then.
    pub dialog: OnceLock<Arc<Dialog>>,
    store: OnceCell<Store>,
    vault: Arc<OnceCell<Vault>>,
}

impl Handles {
    /// Knows the places; opens none.
    pub fn new(home: Home, vault_options: VaultOptions, make_ask: MakeAsk) -> Self {
        let (dialog, store, vault) = (OnceLock::new(), OnceCell::new(), Arc::default());
        Self { home, vault_options, make_ask, dialog, store, vault }
    }

    /// The store.
    ///
    /// # Errors
    /// When it cannot be opened; the next call tries again.
    pub async fn store(&self) -> Result<&Store, Fault> {
        let home = self.home.clone();
        self.store
            .get_or_try_init(|| {
                blocking(move || {
                    if let Err(fault) = home.prepare()
                        && !home.database().exists()
                    {
                        return Err(fault);
                    }
                    Store::open(home.database())
                })
            })
            .await
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

    /// Whether no vault was made yet.
    pub fn vault_is_missing(&self) -> bool {
        Vault::exists(&self.home.vault_paths()).is_ok_and(|is_there| !is_there)
    }

    /// The config file as it stands now.
    ///
    /// # Errors
    /// When it is damaged or cannot be read.
    pub async fn config(&self) -> Result<Config, Fault> {
        let home = self.home.clone();
        blocking(move || config::load(&home)).await
    }
}

fn open_vault(home: &Home, options: VaultOptions, ask: Box<dyn AskPassphrase>) -> Result<Vault, Fault> {
    home.prepare()?;
    home.check_private()?;
    let vault = Vault::open(home.vault_paths(), options, ask)?;
    vault.bind(|| Ok(config::load(home)?.connections.iter().map(Owner::of).collect()))?;
    Ok(vault)
}
