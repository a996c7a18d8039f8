//! An admin's sign-in for one session: its tokens live in memory, and are revoked at the end.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::Mutex;

use super::checklist::{self, Viewer};
use super::lookup::{self, Ask};
use super::revoking_admins::{self, RevokingAdmin};
use super::session::{self, Session};
use super::sign_in::OAuth;
use super::{ServiceNow, changes, query, revoke, tokens};
use crate::model::checklist::Checklist;
use crate::model::connection::Grant;
use crate::model::fault::Fault;
use crate::model::fix::{Change, Done, Fix};
use crate::model::secret::Secret;
use crate::model::token::Tokens;
use crate::model::token_list::TokenList;
use crate::net::http::{Http, Method};
use crate::partner::{AdminSession, BoxFuture, OnProgress, Renewal, TokenStore};

/// A signed-in admin.
pub struct Admin {
    partner: ServiceNow,
    session: Session,
    held: Arc<Held>,
    user_name: String,
    signed_in_at: Timestamp,
}

/// The admin's tokens; empty after the session has ended.
struct Held(Mutex<Option<Tokens>>);

impl TokenStore for Held {
    fn load(&self) -> BoxFuture<'_, Result<Option<Tokens>, Fault>> {
        Box::pin(async { Ok(self.0.lock().await.clone()) })
    }

    fn renew(&self, renewal: Renewal) -> BoxFuture<'_, Result<Tokens, Fault>> {
        Box::pin(async move {
            let mut held = self.0.lock().await;
            let tokens = renewal(held.clone()).await?;
            *held = Some(tokens.clone());
            Ok(tokens)
        })
    }
}

impl Admin {
    /// Signs in over a client of its own.
    ///
    /// # Errors
    /// [`Fault::AdminRefused`], or why no answer came.
    pub async fn sign_in(partner: ServiceNow, user_name: String, password: Secret) -> Result<Self, Fault> {
        let http = Arc::new(Http::new(&partner.connection.server_url, &partner.config)?);
        let oauth = account(&partner, http, &user_name);
        revoking_admins::wait(&server(&partner), &user_name).await;
        let tokens = oauth.password(&password).await.map_err(|fault| match fault {
            Fault::SignInRefused { host, detail } => Fault::AdminRefused { host, user_name: user_name.clone(), detail },
            fault => fault,
        })?;
        drop(password);
        let signed_in_at = tokens.sign_in.signed_in_at;
        let held = Arc::new(Held(Mutex::new(Some(tokens))));
        let token_store: Arc<dyn TokenStore> = Arc::clone(&held) as Arc<dyn TokenStore>;
        let session = Session::new(oauth, partner.connection.name.to_string(), None, token_store);
        Ok(Self { partner, session, held, user_name, signed_in_at })
    }

    /// Who it is.
    pub fn name(&self) -> &str {
        &self.user_name
    }

    fn viewer(&self) -> Viewer<'_> {
        let (partner, session) = (&self.partner, &self.session);
        Viewer { partner, session, admin: Some(&self.user_name), signed_in_at: self.signed_in_at }
    }

    /// Signs in once as the integration user: a password that was stored unhashed shows only so. The tokens are
    /// revoked at once.
    ///
    /// # Errors
    /// [`Fault::NotApplied`] if the password does not work, or why that could not be checked.
    pub async fn try_password(&self, password: &Secret) -> Result<(), Fault> {
        let connection = &self.partner.connection;
        let oauth = account(&self.partner, Arc::clone(&self.session.flow().http), &connection.username);
        let tokens = match oauth.password(password).await {
            Err(Fault::SignInRefused { detail, .. }) => {
                let what = format!("sys_user {} user_password", connection.username);
                return Err(Fault::NotApplied { what, detail });
            }
            tokens => tokens?,
        };
        let in_use = self.partner.session.token_store().load().await?;
        revoke_all(&oauth, &tokens, in_use.as_ref()).await
    }

    async fn revoke_row(&self, id: &str) -> Result<(), Fault> {
        let Some(mut row) = self.row(id).await? else {
            return Err(Fault::NotFound { what: format!("oauth_credential {id}") });
        };
        let in_use = self.partner.session.token_store().load().await?;
        if let Some(value) = tokens::take_value(&mut row) {
            let kind = tokens::kind(&row);
            return revoke::revoke(self.session.flow(), kind, &value, in_use.as_ref()).await;
        }
        let path = format!("/api/now/table/oauth_credential/{}", query::encode(id));
        changes::written(session::write(&self.session, Method::DELETE, &path, None).await?, &path)?;
        match self.row(id).await? {
            // It was visible before, so it is gone and not hidden.
            None => Ok(()),
            Some(_) => Err(Fault::NotRevoked { kind: None, what: format!("oauth_credential {id}") }),
        }
    }

    async fn row(&self, id: &str) -> Result<Option<serde_json::Value>, Fault> {
        let query = format!("sys_id={}", query::safe("oauth_credential", id)?);
        let ask = Ask { table: "oauth_credential", query: &query, fields: "sys_id,type,token", limit: 2 };
        let found = lookup::rows(&self.session, ask).await?;
        Ok(found.rows.into_iter().find(|row| row["sys_id"].as_str() == Some(id)))
    }

    async fn finish(&self) -> Result<(), Fault> {
        let _revoking = RevokingAdmin::begin(&server(&self.partner), &self.user_name);
        let Some(tokens) = self.held.0.lock().await.take() else { return Ok(()) };
        self.session.reload();
        let in_use = self.partner.session.token_store().load().await?;
        revoke_all(self.session.flow(), &tokens, in_use.as_ref()).await
    }
}

fn server(partner: &ServiceNow) -> String {
    partner.connection.server_url.to_string()
}

fn account(partner: &ServiceNow, http: Arc<Http>, user_name: &str) -> OAuth {
    let own = partner.session.flow();
    OAuth {
        http,
        username: user_name.to_owned(),
        client_id: own.client_id.clone(),
        client_secret: own.client_secret.clone(),
        grant: Grant::Password,
    }
}

/// Revokes both tokens, except those that the connection lives on; one that fails does not keep the other.
async fn revoke_all(oauth: &OAuth, tokens: &Tokens, in_use: Option<&Tokens>) -> Result<(), Fault> {
    let mut done = Ok(());
    // The refresh token first, so that nothing gives out another access token meanwhile.
    let mut each: Vec<_> = tokens.each().filter(|(_, token)| in_use.is_none_or(|used| !used.holds(token))).collect();
    each.reverse();
    for (kind, token) in each {
        done = done.and(revoke::revoke(oauth, kind, token, in_use).await);
    }
    done
}

impl AdminSession for Admin {
    fn user_name(&self) -> &str {
        &self.user_name
    }

    fn checklist<'a>(&'a self, tell: OnProgress<'a>) -> BoxFuture<'a, Checklist> {
        Box::pin(checklist::run(&self.partner, &self.session, Some(&self.user_name), tell))
    }

    fn preview<'a>(&'a self, fix: &'a Fix) -> BoxFuture<'a, Result<Vec<Change>, Fault>> {
        Box::pin(changes::preview(self.viewer(), fix))
    }

    fn apply<'a>(&'a self, fix: &'a Fix, password: Option<Secret>) -> BoxFuture<'a, Result<Done, Fault>> {
        Box::pin(changes::apply(self, self.viewer(), fix, password))
    }

    fn tokens(&self) -> BoxFuture<'_, Result<TokenList, Fault>> {
        Box::pin(tokens::list(self.viewer()))
    }

    fn revoke<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), Fault>> {
        Box::pin(self.revoke_row(id))
    }

    fn end(&self) -> BoxFuture<'_, Result<(), Fault>> {
        Box::pin(self.finish())
    }
}

impl Drop for Admin {
    /// Without a word to the end, the tokens are revoked as well as can be, if a runtime is there to do it.
    fn drop(&mut self) {
        let (Ok(runtime), Ok(mut held)) = (tokio::runtime::Handle::try_current(), self.held.0.try_lock()) else {
            return;
        };
        let Some(tokens) = held.take() else { return };
        let (partner, oauth) = (self.partner.clone(), Arc::clone(self.session.flow()));
        let revoking = RevokingAdmin::begin(&server(&partner), &self.user_name);
        runtime.spawn(async move {
            let _revoking = revoking;
            let done = match partner.session.token_store().load().await {
                Ok(in_use) => revoke_all(&oauth, &tokens, in_use.as_ref()).await,
                Err(fault) => Err(fault),
            };
            if let Err(fault) = done {
                tracing::warn!(%fault, "the admin's tokens were not revoked");
            }
        });
    }
}
