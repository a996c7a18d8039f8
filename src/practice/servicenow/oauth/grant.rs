//! The token endpoint's decisions.

use std::collections::HashMap;

use super::{Accounts, OAuthOptions, TokenBook, TokenKind};

/// The parameters of a token request.
pub(crate) type Form = HashMap<String, String>;

/// Why no token was given; most causes look alike from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Whatever was wrong with client, user, password or token.
    Denied,
}

/// What the token endpoint knows.
pub(crate) struct Grants<'a> {
    /// Lives and switches.
    pub(crate) options: &'a OAuthOptions,
    /// The users.
    pub(crate) accounts: &'a mut Accounts,
    /// The tokens.
    pub(crate) tokens: &'a mut TokenBook,
    /// Client id and secret of the one application.
    pub(crate) client: (&'a str, &'a str),
    /// The user as whom client credentials act.
    pub(crate) client_user: &'a str,
    /// Seconds since 1970.
    pub(crate) now: i64,
}

impl Grants<'_> {
    /// The body of the reply.
    pub(crate) fn grant(&mut self, form: &Form) -> Result<String, Refusal> {
        let field = |name: &str| form.get(name).map_or("", String::as_str);
        if (field("client_id"), field("client_secret")) != self.client {
            return Err(Refusal::Denied);
        }
        match field("grant_type") {
            "password" if self.options.password_grant => self.password(field("username"), field("password")),
            "refresh_token" => self.refresh(field("refresh_token")),
            "client_credentials" if self.options.client_credentials => self.client_credentials(),
            _ => Err(Refusal::Denied),
        }
    }

    fn password(&mut self, user: &str, password: &str) -> Result<String, Refusal> {
        let user = self.accounts.check(user, password, self.options.lock_after).ok_or(Refusal::Denied)?;
        let access = self.access(&user);
        let life = self.options.refresh_lifespan;
        let refresh = self.tokens.current_or_new(TokenKind::Refresh, &user, self.now, life);
        refresh.expires = self.now + life;
        let refresh = refresh.value.clone();
        Ok(reply(&access, Some(&refresh)))
    }

    fn refresh(&mut self, token: &str) -> Result<String, Refusal> {
        let user = self.tokens.owner(TokenKind::Refresh, token, self.now).ok_or(Refusal::Denied)?;
        let user = self.accounts.fit(&user).ok_or(Refusal::Denied)?.name.clone();
        let life = self.options.access_lifespan;
        let access = self.tokens.issue(TokenKind::Access, &user, self.now, life).value.clone();
        Ok(reply(&(access, life), self.options.refresh_token_in_refresh_reply.then_some(token)))
    }

    fn client_credentials(&mut self) -> Result<String, Refusal> {
        let user = self.accounts.fit(self.client_user).ok_or(Refusal::Denied)?.name.clone();
        Ok(reply(&self.access(&user), None))
    }

    fn access(&mut self, user: &str) -> (String, i64) {
        let life = self.options.access_lifespan;
        let token = self.tokens.current_or_new(TokenKind::Access, user, self.now, life);
        (token.value.clone(), token.expires - self.now)
    }
}

fn reply((access, life): &(String, i64), refresh: Option<&str>) -> String {
    let refresh = refresh.map(|token| format!("\"refresh_token\":\"{token}\",")).unwrap_or_default();
    format!(
        "{{\"access_token\":\"{access}\",{refresh}\"scope\":\"useraccount\",\"token_type\":\"Bearer\",\"expires_in\":{life}}}"
    )
}
