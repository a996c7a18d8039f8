//! What every use case starts from: the handles of a home, the partners, and the two holders of sessions.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;

use super::admins::AdminSessions;
use super::blocking::blocking;
use super::candidate::CandidateTokens;
use super::giving_way::GivingWay;
use super::handles::{Handles, MakeAsk};
use super::signed_in;
use super::token_store::{Fresh, MemoryTokens, VaultTokens};
use crate::home::Home;
use crate::home::config::Config;
use crate::home::{binding, mapping, waits};
use crate::model::connection::{Connection, ConnectionName};
use crate::model::fault::Fault;
use crate::model::form::ValidForm;
use crate::model::mapping::MappingFile;
use crate::model::partner::{Catalogue, PartnerId, PartnerSpec};
use crate::model::secret::Secret;
use crate::model::summary::Summary;
use crate::net::http::TraceSink;
use crate::net::http::throttle::ThrottleGate;
use crate::partner::registry::{self, Registration};
use crate::partner::{Access, Partner, TokenStore};
use crate::sink::Describe;
use crate::store::Store;
use crate::vault::{Owner, Vault, VaultOptions};

/// Everything that commands and tasks share.
pub struct Services {
    /// Where everything lies.
    pub home: Home,
    /// What lies there.
    pub handles: Handles,
    /// The partners, as what they ask for.
    pub catalogue: Arc<Catalogue>,
    /// The partners, as what makes their clients.
    pub partners: Vec<Registration>,
    /// Further CA certificates, from the command line.
    pub ca_file: Option<PathBuf>,
    /// How the vault's key may be found.
    pub vault_options: VaultOptions,
    /// Where exchanges with the products are told, once someone wants that.
    pub trace: OnceLock<TraceSink>,
    /// How faults are put into words for the log table of a workspace.
    pub describe: OnceLock<Describe>,
    /// The tokens of a connection that is being set up or changed.
    pub candidate_tokens: CandidateTokens,
    /// The admins who are signed in.
    pub admins: AdminSessions,
    /// The work that ends when a connection is wanted for something else.
    pub giving_way: GivingWay,
}

/// How a product that describes itself is bound.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Binding {
    /// As when it was connected.
    AsKept,
    /// By what it describes now.
    Again,
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
        Self {
            handles: Handles::new(home.clone(), vault_options.clone(), make_ask),
            home,
            catalogue,
            partners: registry::BUILT_IN.to_vec(),
            ca_file,
            vault_options,
            trace: OnceLock::new(),
            describe: OnceLock::new(),
            candidate_tokens: CandidateTokens::default(),
            admins: AdminSessions::default(),
            giving_way: GivingWay::default(),
        }
    }

    /// The store; as [`Handles::store`].
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn store(&self) -> Result<Store, Fault> {
        self.handles.store().await
    }

    /// The vault; as [`Handles::vault`].
    ///
    /// # Errors
    /// When no key for it is found or it is damaged.
    pub async fn vault(&self) -> Result<&Vault, Fault> {
        self.handles.vault().await
    }

    /// The config file; as [`Handles::config`].
    ///
    /// # Errors
    /// When it is damaged or cannot be read.
    pub async fn config(&self) -> Result<Config, Fault> {
        self.handles.config().await
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

    /// The partner of a saved connection which someone signs in with typed secrets, kept by this.
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
        self.connect(parts, self.candidate_tokens.token_store(form)?, binding).await
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
        let stored = self.store().await?.summary(&connection.name, now).await?;
        Ok(signed_in::beside(self, connection, stored).await)
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
            let throttle = throttle(&home, &connection);
            let access = Access {
                connection,
                spec,
                password,
                client_secret,
                token_store,
                ca_file,
                mapping,
                kept,
                trace,
                throttle,
            };
            registry::connect(&known, access)
        })
        .await
    }

    /// Where the tokens of a saved connection are kept. With `fresh`, someone signs in with secrets that were typed.
    ///
    /// # Errors
    /// When the vault or the store cannot be opened.
    pub async fn token_store(&self, connection: &Connection, fresh: Option<Fresh>) -> Result<Arc<VaultTokens>, Fault> {
        let (vault, store) = (self.vault().await?.clone(), self.store().await?);
        let (home, owner) = (self.home.clone(), Owner::of(connection));
        Ok(Arc::new(VaultTokens { home, vault, store, owner, fresh }))
    }

    /// Every name that a new connection cannot have.
    ///
    /// # Errors
    /// The config file's own.
    pub async fn taken(&self) -> Result<Vec<ConnectionName>, Fault> {
        Ok(self.config().await?.taken())
    }

    /// The names of all connections.
    ///
    /// # Errors
    /// The config file's own.
    pub async fn names(&self) -> Result<Vec<ConnectionName>, Fault> {
        Ok(self.config().await?.connections.into_iter().map(|connection| connection.name).collect())
    }
}

/// The waits that servers asked for before, and where others are kept.
fn throttle(home: &Home, connection: &Connection) -> ThrottleGate {
    let (to, whose) = (home.clone(), connection.clone());
    ThrottleGate::new(waits::load(home, connection), move |all| {
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
