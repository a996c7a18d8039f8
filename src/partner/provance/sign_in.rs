//! How an environment's tokens are got: from the authority that was entered, or that the environment names and that is
//! one of Microsoft's.

use tokio::sync::OnceCell;

use super::{errors, query};
use crate::azure::entra::{Audience, Authority, Challenge, Entra};
use crate::model::connection::{Connection, Grant};
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::secret::Secret;
use crate::model::token::Tokens;
use crate::model::token_list::TokenKind;
use crate::net::http::{Http, HttpConfig, Reply, SMALL_LIMIT_BYTES};
use crate::partner::BoxFuture;
use crate::partner::session::SignIn;

/// The sign-in of one environment.
pub struct Dataverse {
    http: Http,
    config: HttpConfig,
    grant: Grant,
    username: String,
    client_id: String,
    client_secret: Option<Secret>,
    tenant: Option<String>,
    audience: String,
    authority: Option<String>,
    /// The authority, once it was found.
    entra: OnceCell<Entra>,
}

impl Dataverse {
    /// The sign-in of a connection.
    ///
    /// # Errors
    /// What keeps a client from being made.
    pub fn new(connection: &Connection, client_secret: Option<Secret>, config: HttpConfig) -> Result<Self, Fault> {
        let detail = |field| connection.detail(field).map(str::to_owned);
        let own = connection.server_url.to_string();
        Ok(Self {
            http: Http::new(&connection.server_url, &config)?,
            config,
            grant: connection.grant,
            username: connection.username.clone(),
            client_id: connection.client_id.clone(),
            client_secret,
            tenant: detail(FieldId::Tenant),
            // The audience that the environment names is not used: it could request a token for another product.
            audience: detail(FieldId::Audience).unwrap_or(own),
            authority: detail(FieldId::Authority),
            entra: OnceCell::new(),
        })
    }

    /// The authority and the tenant, found where they were not entered.
    ///
    /// # Errors
    /// [`Fault::Redirected`] for an authority that may not get our secrets, [`Fault::BadForm`] where no tenant is
    /// known, and why no answer came.
    pub async fn entra(&self) -> Result<&Entra, Fault> {
        self.entra.get_or_try_init(|| self.find()).await
    }

    async fn find(&self) -> Result<Entra, Fault> {
        let (told, fault) = match (&self.tenant, &self.authority) {
            (Some(_), Some(_)) => (Challenge::default(), None),
            _ => self.challenge().await?,
        };
        let authority = match (&self.authority, told.authority(self.http.base())) {
            (Some(typed), _) => Authority::typed(Some(typed), self.http.base())?,
            (None, named) => match named? {
                Some(authority) => authority,
                None => Authority::typed(None, self.http.base())?,
            },
        };
        let tenant = match (self.tenant.clone().or_else(|| told.tenant()), fault) {
            (Some(tenant), _) => tenant,
            // The reply is not the environment's, or the environment is down: a tenant in the form would not help.
            (None, Some(fault)) => return Err(fault),
            (None, None) => String::new(),
        };
        let audience = Audience::V2(self.audience.clone());
        Entra::new(&authority, &tenant, &self.client_id, self.client_secret.clone(), audience, &self.config)
    }

    /// The challenge of the environment to a request without a token; the fault if the reply is no refusal.
    async fn challenge(&self) -> Result<(Challenge, Option<Fault>), Fault> {
        let path = format!("{}WhoAmI", query::API);
        let reply = self.http.send(query::call(&path, None), SMALL_LIMIT_BYTES).await?;
        let told = Challenge::read(&reply.headers);
        let fault = if reply.status == 401 { None } else { errors::check(reply, "WhoAmI").err() };
        Ok((told, fault))
    }

    /// How many requests were sent, including those to the authority.
    pub fn requests(&self) -> u64 {
        self.http.requests() + self.entra.get().map_or(0, |entra| entra.http().requests())
    }
}

impl SignIn for Dataverse {
    fn http(&self) -> &Http {
        &self.http
    }

    fn authenticate(&self, password: Option<Secret>) -> BoxFuture<'_, Result<Option<Tokens>, Fault>> {
        Box::pin(async move {
            match (self.grant, password) {
                (Grant::ClientCredentials, _) => self.entra().await?.client_credentials().await.map(Some),
                (Grant::Password, Some(password)) => {
                    self.entra().await?.password(&self.username, &password).await.map(Some)
                }
                (Grant::Password, None) => Ok(None),
            }
        })
    }

    fn refresh<'a>(&'a self, held: &'a Tokens, refresh: &'a Secret) -> BoxFuture<'a, Result<Tokens, Fault>> {
        Box::pin(async move { self.entra().await?.refresh(held, refresh).await })
    }

    fn needs_password(&self) -> bool {
        self.grant == Grant::Password
    }

    fn proof(&self) -> (String, &'static str) {
        (format!("{}WhoAmI", query::API), "WhoAmI")
    }

    fn check(&self, reply: Reply, what: &str) -> Result<Reply, Fault> {
        errors::check(reply, what)
    }

    /// Entra revokes the sessions of a user, not a token.
    fn revoke<'a>(&'a self, _: TokenKind, _: &'a Secret, _: Option<&'a Tokens>) -> BoxFuture<'a, Result<bool, Fault>> {
        Box::pin(async { Ok(false) })
    }
}
