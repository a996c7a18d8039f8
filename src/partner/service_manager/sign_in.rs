//! Tokens for the web app: client credentials at the first endpoint of Microsoft Entra, with the web app's
//! `ida:Audience` byte for byte as `resource` (the web app trusts tokens of version 1 only).

use crate::azure::entra::{Audience, Authority, Entra};
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::secret::Secret;
use crate::model::token::Tokens;
use crate::model::token_list::TokenKind;
use crate::net::http::{Http, HttpConfig, Reply};
use crate::partner::BoxFuture;
use crate::partner::service_manager::{describe, errors};
use crate::partner::session::SignIn;

/// How the web app's tokens are got.
pub struct Flow {
    http: Http,
    entra: Entra,
}

/// The audience of a connection: what the admin gave, else the server URL without its trailing slash.
pub fn audience(connection: &Connection) -> String {
    let given = connection.detail(FieldId::Audience).map(str::to_owned);
    given.unwrap_or_else(|| connection.server_url.to_string().trim_end_matches('/').to_owned())
}

impl Flow {
    /// The sign-in of a connection.
    ///
    /// # Errors
    /// An authority or a tenant that cannot be asked, and what keeps a client from being made.
    pub fn new(connection: &Connection, client_secret: Option<Secret>, config: &HttpConfig) -> Result<Self, Fault> {
        let product = &connection.server_url;
        let authority = Authority::typed(connection.detail(FieldId::Authority), product)?;
        let tenant = connection.detail(FieldId::Tenant).unwrap_or_default();
        let audience = Audience::V1(audience(connection));
        let entra = Entra::new(&authority, tenant, &connection.client_id, client_secret, audience, config)?;
        Ok(Self { http: Http::new(product, config)?, entra })
    }

    /// How many requests were made, the authority's included.
    pub fn requests(&self) -> u64 {
        self.http.requests() + self.entra.http().requests()
    }
}

impl SignIn for Flow {
    fn http(&self) -> &Http {
        &self.http
    }

    fn authenticate(&self, _: Option<Secret>) -> BoxFuture<'_, Result<Option<Tokens>, Fault>> {
        Box::pin(async { self.entra.client_credentials().await.map(Some) })
    }

    fn refresh<'a>(&'a self, _: &'a Tokens, _: &'a Secret) -> BoxFuture<'a, Result<Tokens, Fault>> {
        Box::pin(self.entra.client_credentials())
    }

    fn needs_password(&self) -> bool {
        false
    }

    fn proof(&self) -> (String, &'static str) {
        // It can be had without a token as well: `ServiceManager` proves by a route that asks for one.
        (describe::PATH.to_owned(), describe::PATH)
    }

    fn check(&self, reply: Reply, what: &str) -> Result<Reply, Fault> {
        errors::check(reply, what)
    }

    fn revoke<'a>(&'a self, _: TokenKind, _: &'a Secret, _: Option<&'a Tokens>) -> BoxFuture<'a, Result<bool, Fault>> {
        // Entra revokes no access token; it runs out within the hour.
        Box::pin(async { Ok(false) })
    }
}
