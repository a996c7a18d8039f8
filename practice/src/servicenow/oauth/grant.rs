//! The token endpoint's decisions.

use std::collections::HashMap;

use super::accounts::{Secrets, fit};
use super::{OAuthOptions, TokenBook, TokenKind, tokens::Wanted};
use crate::core::rng::stable_hex;
use crate::servicenow::release;
use crate::servicenow::table::Writer;

/// Whether OAuth is on at all.
pub(crate) const OAUTH_ACTIVE: &str = "com.snc.platform.security.oauth.is.active";
/// Whether the password grant is off.
pub(crate) const PASSWORD_DISABLED: &str = "glide.oauth.inbound.ropc.grant_type.disabled";
/// Whether the client-credentials grant is on.
pub(crate) const CLIENT_CREDENTIALS: &str = "glide.oauth.inbound.client.credential.grant_type.enabled";

/// The first release in which client credentials act as a real user.
const REAL_USER_SINCE: &str = "washingtondc";

/// The parameters of a token request.
pub(crate) type Form = HashMap<String, String>;

/// Why no token was given; most causes look alike from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Whatever was wrong with client, user, password or token.
    Denied,
    /// The application has no user to act as; its id.
    NoUser(String),
}

/// What the token endpoint knows.
pub(crate) struct Grants<'a> {
    /// Oddities of this instance.
    pub(crate) options: &'a OAuthOptions,
    /// The tables: users, properties, the application's entry.
    pub(crate) writer: Writer<'a>,
    /// The passwords.
    pub(crate) secrets: &'a mut Secrets,
    /// The tokens.
    pub(crate) tokens: &'a mut TokenBook,
    /// Client id and secret of the one application.
    pub(crate) client: (&'a str, &'a str),
    /// The release, such as `zurich`.
    pub(crate) release: &'a str,
}

struct Application {
    id: String,
    user: String,
    access_life: i64,
    refresh_life: i64,
}

impl Grants<'_> {
    /// The body of the reply.
    pub(crate) fn grant(&mut self, form: &Form) -> Result<String, Refusal> {
        let field = |name: &str| form.get(name).map_or("", String::as_str);
        let known = (field("client_id"), field("client_secret")) == self.client;
        let application = self.application(field("client_id")).filter(|_| known).ok_or(Refusal::Denied)?;
        if self.property(OAUTH_ACTIVE) == "false" {
            return Err(Refusal::Denied);
        }
        match field("grant_type") {
            "password" if self.property(PASSWORD_DISABLED) != "true" => {
                self.password(&application, field("username"), field("password"))
            }
            "refresh_token" => self.refresh(&application, field("refresh_token")),
            "client_credentials" if self.property(CLIENT_CREDENTIALS) == "true" => {
                self.client_credentials(&application)
            }
            _ => Err(Refusal::Denied),
        }
    }

    fn property(&self, name: &str) -> &str {
        let row = self.writer.store.first("sys_properties", &[("name", name)]);
        row.map_or("", |row| self.writer.store.text("sys_properties", row, "value"))
    }

    fn application(&self, client_id: &str) -> Option<Application> {
        let row = self.writer.store.first("oauth_entity", &[("client_id", client_id), ("active", "true")])?;
        let text = |column| self.writer.store.text("oauth_entity", row, column);
        let life = |column, default| text(column).parse().unwrap_or(default);
        Some(Application {
            id: self.writer.store.hex("oauth_entity", row),
            user: text("user").to_owned(),
            access_life: life("access_token_lifespan", 1_800),
            refresh_life: life("refresh_token_lifespan", 8_640_000),
        })
    }

    fn password(&mut self, application: &Application, user: &str, password: &str) -> Result<String, Refusal> {
        let lock_after = self.options.lock_after;
        let user = self.secrets.check(&mut self.writer, user, password, lock_after).ok_or(Refusal::Denied)?;
        let access = self.access(application, &user);
        let wanted = self.wanted(TokenKind::Refresh, application, &user);
        let refresh = if self.options.new_refresh_token_each_time {
            self.tokens.issue(wanted)
        } else {
            self.tokens.current_or_new(wanted)
        };
        refresh.expires = wanted.now + wanted.life;
        let refresh = refresh.value.clone();
        self.tokens.adopt(&access.0, &refresh);
        Ok(reply(&access, Some(&refresh)))
    }

    fn refresh(&mut self, application: &Application, token: &str) -> Result<String, Refusal> {
        let used = self.tokens.used(TokenKind::Refresh, token, self.writer.now).ok_or(Refusal::Denied)?;
        let user = used.user.clone();
        if used.peer != application.id || !fit(self.writer.store, &user) {
            return Err(Refusal::Denied);
        }
        let wanted = self.wanted(TokenKind::Access, application, &user);
        let access = self.tokens.issue(wanted).value.clone();
        self.tokens.adopt(&access, token);
        Ok(reply(&(access, wanted.life), self.options.refresh_token_in_refresh_reply.then_some(token)))
    }

    fn client_credentials(&mut self, application: &Application) -> Result<String, Refusal> {
        if release::before(self.release, REAL_USER_SINCE) {
            // The token is good, but of a user that may not use the API.
            return Ok(reply(&self.access(application, &stable_hex("sys_user", "guest")), None));
        }
        let user = application.user.clone();
        if self.writer.store.name_of("sys_user", &user).is_none() {
            return Err(Refusal::NoUser(application.id.clone()));
        }
        if !fit(self.writer.store, &user) {
            return Err(Refusal::Denied);
        }
        Ok(reply(&self.access(application, &user), None))
    }

    fn access(&mut self, application: &Application, user: &str) -> (String, i64) {
        let wanted = self.wanted(TokenKind::Access, application, user);
        let token = self.tokens.current_or_new(wanted);
        if self.options.renew_access_token {
            token.expires = wanted.now + wanted.life;
        }
        (token.value.clone(), token.expires - wanted.now)
    }

    fn wanted<'a>(&self, kind: TokenKind, application: &'a Application, user: &'a str) -> Wanted<'a> {
        let life = match kind {
            TokenKind::Access => application.access_life,
            TokenKind::Refresh => application.refresh_life,
        };
        Wanted { kind, user, peer: &application.id, now: self.writer.now, life }
    }
}

fn reply((access, life): &(String, i64), refresh: Option<&str>) -> String {
    let refresh = refresh.map(|token| format!("\"refresh_token\":\"{token}\",")).unwrap_or_default();
    format!(
        "{{\"access_token\":\"{access}\",{refresh}\"scope\":\"useraccount\",\"token_type\":\"Bearer\",\"expires_in\":{life}}}"
    )
}
