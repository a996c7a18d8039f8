//! The places of one home, opened when they are first needed.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use jiff::Timestamp;
use tokio::sync::OnceCell;

use super::dialog::{Dialog, DialogAsk};
use super::token_store::{Fresh, MemoryTokens, VaultTokens};
use crate::home::Home;
use crate::home::config::{self, Config};
use crate::home::{binding, mapping, waits};
use crate::model::connection::{Connection, ConnectionName};
use crate::model::fault::Fault;
use crate::model::form::ValidForm;
use crate::model::mapping::MappingFile;
use crate::model::partner::{Catalogue, PartnerId, PartnerSpec};
use crate::model::secret::Secret;
use crate::model::summary::Summary;
use crate::net::http::TraceSink;
use crate::net::http::quiet::Quiet;
use crate::partner::AdminSession;
use crate::partner::registry::{self, Registration};
use crate::partner::{Access, Partner, TokenStore};
use crate::store::Store;
use crate::vault::{AskPassphrase, Owner, Vault, VaultOptions};

/// Makes the means to ask for a passphrase, each time the vault is opened.
pub type MakeAsk = Box<dyn Fn() -> Box<dyn AskPassphrase> + Send + Sync>;

/// Everything that commands and tasks share.
pub struct Services {
    /// Where everything lies.
    pub home: Home,
    /// The partners, as what they ask for.
    pub catalogue: Arc<Catalogue>,
    /// The partners, as what makes their clients.
    pub partners: Vec<Registration>,
    /// Further CA certificates, from the command line.
    pub ca_file: Option<PathBuf>,
    /// How the vault's key may be found.
    pub vault_options: VaultOptions,
    /// How to ask for a passphrase.
    pub make_ask: MakeAsk,
    /// Asks for the passphrase instead, once the screens are up: nothing else may read the terminal then.
    pub dialog: OnceLock<Arc<Dialog>>,
    /// Where exchanges with the products are told, once somebody wants that.
    pub trace: OnceLock<TraceSink>,
    store: OnceCell<Store>,
    vault: Arc<OnceCell<Vault>>,
    candidate: Mutex<Option<Candidate>>,
    admins: Mutex<HashMap<ConnectionName, Arc<dyn AdminSession>>>,
}

/// How a product that describes itself is bound.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Binding {
    /// As when it was connected.
    AsKept,
    /// By what it describes now.
    Again,
}

/// The tokens of a connection that is being set up, and whose they are.
struct Candidate {
    identity: Connection,
    client_secret: Option<Secret>,
    token_store: Arc<MemoryTokens>,
}

impl Services {
    /// Knows the places; opens none.
    pub fn new(
        home: Home,
        catalogue: Arc<Catalogue>,
        ca_file: Option<PathBuf>,
        vault_options: VaultOptions,
        make_ask: MakeAsk,
    ) -> Self {
        let (partners, dialog, trace) = (registry::BUILT_IN.to_vec(), OnceLock::new(), OnceLock::new());
        let (store, vault) = (OnceCell::new(), Arc::default());
        let (candidate, admins) = (Mutex::new(None), Mutex::default());
        Self {
            home,
            catalogue,
            partners,
            ca_file,
            vault_options,
            make_ask,
            dialog,
            trace,
            store,
            vault,
            candidate,
            admins,
        }
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

    /// The config file as it stands now.
    ///
    /// # Errors
    /// When it is damaged or cannot be read.
    pub async fn config(&self) -> Result<Config, Fault> {
        let home = self.home.clone();
        blocking(move || config::load(&home)).await
    }

    /// The connection of this name.
    ///
    /// # Errors
    /// [`Fault::NoSuchConnection`], or the config file's own.
    pub async fn connection(&self, name: &str) -> Result<Connection, Fault> {
        let found = self.config().await?.connections.into_iter().find(|connection| connection.name.as_str() == name);
        found.ok_or_else(|| Fault::NoSuchConnection { name: name.to_owned() })
    }

    /// The asset of a partner.
    ///
    /// # Errors
    /// [`Fault::PartnerNotReady`] for one that is unknown or not built yet.
    pub fn spec(&self, id: &PartnerId) -> Result<&PartnerSpec, Fault> {
        let not_ready = || Fault::PartnerNotReady { partner: id.to_string() };
        self.catalogue.get(id).filter(|spec| spec.ready).ok_or_else(not_ready)
    }

    /// The partner of a saved connection, signed in by what the vault holds for its identity.
    ///
    /// # Errors
    /// [`Fault::IdentityChanged`] when that belongs to another identity; when the vault cannot be opened or the partner
    /// cannot be made.
    pub async fn partner(&self, connection: &Connection) -> Result<Arc<dyn Partner>, Fault> {
        let token_store = self.token_store(connection, None).await?;
        self.kept_by(connection, token_store, Binding::AsKept).await
    }

    /// The same, bound by what the product describes now and not by what was kept when it was connected.
    ///
    /// # Errors
    /// As [`Services::partner`].
    pub async fn partner_bound_again(&self, connection: &Connection) -> Result<Arc<dyn Partner>, Fault> {
        let token_store = self.token_store(connection, None).await?;
        self.kept_by(connection, token_store, Binding::Again).await
    }

    /// The partner of a saved connection which somebody signs in with typed secrets, kept by this.
    ///
    /// # Errors
    /// As [`Services::partner`].
    pub async fn signing_in(
        &self,
        connection: &Connection,
        token_store: Arc<VaultTokens>,
    ) -> Result<Arc<dyn Partner>, Fault> {
        self.kept_by(connection, token_store, Binding::AsKept).await
    }

    async fn kept_by(
        &self,
        connection: &Connection,
        token_store: Arc<VaultTokens>,
        binding: Binding,
    ) -> Result<Arc<dyn Partner>, Fault> {
        let new =
            token_store.fresh.as_ref().and_then(|fresh| fresh.client_secret.as_ref()).map(|new| new.secret.clone());
        let held = token_store.held().await?.and_then(|held| held.client_secret);
        self.connect((connection.clone(), None, new.or(held)), token_store, binding).await
    }

    /// The partner of a form that is not saved yet, with its tokens in memory.
    ///
    /// # Errors
    /// When the partner cannot be made.
    pub async fn candidate(&self, form: &ValidForm) -> Result<Arc<dyn Partner>, Fault> {
        let parts = (form.connection.clone(), form.password.clone(), form.client_secret.clone());
        // What was kept under a name that is free now was another connection's.
        let listed = self.names().await?.contains(&form.connection.name);
        let binding = if listed { Binding::AsKept } else { Binding::Again };
        self.connect(parts, self.candidate_tokens(form)?, binding).await
    }

    /// Where the tokens of this form are kept; a form with another server, user or client starts afresh.
    ///
    /// # Errors
    /// When another task died while holding it.
    pub fn candidate_tokens(&self, form: &ValidForm) -> Result<Arc<MemoryTokens>, Fault> {
        let identity = form.connection.clone();
        let mut held = self.candidate.lock().map_err(|_| Fault::Internal { what: "candidate".to_owned() })?;
        if let Some(candidate) = held.as_ref().filter(|candidate| same_sign_in(&candidate.identity, &identity)) {
            return Ok(candidate.token_store.clone());
        }
        let token_store = Arc::new(MemoryTokens::default());
        let client_secret = form.client_secret.clone();
        *held = Some(Candidate { identity, client_secret, token_store: token_store.clone() });
        Ok(token_store)
    }

    /// Takes out the tokens of a form that is given up, with what is needed to revoke them.
    pub fn take_candidate(&self) -> Option<(Connection, Option<Secret>, Arc<MemoryTokens>)> {
        let candidate = self.candidate.lock().ok()?.take()?;
        Some((candidate.identity, candidate.client_secret, candidate.token_store))
    }

    /// The vault, if it is open already.
    pub fn open_vault(&self) -> Option<Vault> {
        self.vault.get().cloned()
    }

    /// Whether no vault was made yet.
    pub fn vault_is_missing(&self) -> bool {
        Vault::exists(&self.home.vault_paths()).is_ok_and(|is_there| !is_there)
    }

    /// The partner of tokens that a connection left behind.
    ///
    /// # Errors
    /// When the partner cannot be made.
    pub async fn left_behind(
        &self,
        connection: Connection,
        client_secret: Option<Secret>,
        token_store: Arc<MemoryTokens>,
    ) -> Result<Arc<dyn Partner>, Fault> {
        self.connect((connection, None, client_secret), token_store, Binding::AsKept).await
    }

    /// What a tile shows of a connection, beside its settings as they are now.
    ///
    /// # Errors
    /// The store's own.
    pub async fn summary(&self, connection: &Connection, now: Timestamp) -> Result<Summary, Fault> {
        Ok(self.store().await?.summary(&connection.name, now).await?.beside(connection))
    }

    /// Forgets the tokens of a form, once it is saved or given up.
    pub fn forget_candidate(&self) {
        if let Ok(mut held) = self.candidate.lock() {
            *held = None;
        }
    }

    async fn connect(
        &self,
        parts: (Connection, Option<Secret>, Option<Secret>),
        token_store: Arc<dyn TokenStore>,
        binding: Binding,
    ) -> Result<Arc<dyn Partner>, Fault> {
        let (connection, password, client_secret) = parts;
        let spec = self.spec(&connection.partner)?.clone();
        let ca_file = match &self.ca_file {
            Some(file) => Some(file.clone()),
            None => self.config().await?.settings.ca_file.map(PathBuf::from),
        };
        let (home, known, trace) = (self.home.clone(), self.partners.clone(), self.trace.get().cloned());
        blocking(move || {
            let mapping = mapping::load(&home, &connection.name)?;
            let kept = match binding {
                Binding::AsKept => kept(&home, &connection)?,
                Binding::Again => None,
            };
            let quiet = quiet(&home, &connection);
            let access =
                Access { connection, spec, password, client_secret, token_store, ca_file, mapping, kept, trace, quiet };
            registry::connect(&known, access)
        })
        .await
    }

    /// Where the tokens of a saved connection are kept. With `fresh`, somebody signs in with secrets that were typed.
    ///
    /// # Errors
    /// When the vault or the store cannot be opened.
    pub async fn token_store(&self, connection: &Connection, fresh: Option<Fresh>) -> Result<Arc<VaultTokens>, Fault> {
        let (vault, store) = (self.vault().await?.clone(), self.store().await?.clone());
        let (home, owner) = (self.home.clone(), Owner::of(connection));
        Ok(Arc::new(VaultTokens { home, vault, store, owner, fresh }))
    }

    /// The session of the admin who is signed in to this connection's product, if one is.
    pub fn admin_session(&self, name: &ConnectionName) -> Option<Arc<dyn AdminSession>> {
        self.admins.lock().ok()?.get(name).cloned()
    }

    /// Keeps an admin's session, in memory only.
    pub fn keep_admin_session(&self, name: &ConnectionName, session: Arc<dyn AdminSession>) {
        if let Ok(mut admins) = self.admins.lock() {
            admins.insert(name.clone(), session);
        }
    }

    /// Takes an admin's session out, to be ended.
    pub fn drop_admin_session(&self, name: &ConnectionName) -> Option<Arc<dyn AdminSession>> {
        self.admins.lock().ok()?.remove(name)
    }

    /// Every name that is taken.
    ///
    /// # Errors
    /// The config file's own.
    pub async fn names(&self) -> Result<Vec<ConnectionName>, Fault> {
        Ok(self.config().await?.connections.into_iter().map(|connection| connection.name).collect())
    }
}

fn open_vault(home: &Home, options: VaultOptions, ask: Box<dyn AskPassphrase>) -> Result<Vault, Fault> {
    home.prepare()?;
    home.check_private()?;
    let vault = Vault::open(home.vault_paths(), options, ask)?;
    vault.bind(|| Ok(config::load(home)?.connections.iter().map(Owner::of).collect()))?;
    Ok(vault)
}

/// The waits that servers asked for before, and where others are kept.
fn quiet(home: &Home, connection: &Connection) -> Quiet {
    let (to, whose) = (home.clone(), connection.clone());
    Quiet::new(waits::load(home, connection), move |all| {
        if let Err(fault) = waits::save(&to, &whose, all) {
            tracing::warn!(%fault, "the wait that the product asked for could not be kept");
        }
    })
}

/// What is kept of how this connection was bound, if that was on this server.
fn kept(home: &Home, connection: &Connection) -> Result<Option<MappingFile>, Fault> {
    let kept = binding::load(home, &connection.name)?;
    Ok(kept.filter(|kept| kept.server == connection.server_url.to_string()).map(|kept| kept.mapping))
}

/// Whether tokens of one are good for the other.
fn same_sign_in(one: &Connection, other: &Connection) -> bool {
    let of = |connection: &Connection| {
        let Connection { server_url, username, client_id, grant, details, .. } = connection.clone();
        (server_url, username, client_id, grant, details)
    };
    of(one) == of(other)
}

/// Runs what may block on a thread that may be blocked.
///
/// # Errors
/// The work's own, or [`Fault::Internal`] when it panicked.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Fault> + Send + 'static) -> Result<T, Fault> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome,
        Err(error) => Err(Fault::Internal { what: error.to_string() }),
    }
}
