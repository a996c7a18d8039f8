//! The tokens that were given out, and who shows them.

use axum::http::{HeaderMap, header};
use serde_json::json;

use super::directory::TokenVersion;
use super::jwt;
use crate::core::rng::Rng;

/// What an access token says of its holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// The tenant's id (`tid`).
    pub tenant: String,
    /// For whom it is (`aud`).
    pub audience: String,
    /// The application that asked for it (`appid`, `azp`).
    pub app_id: String,
    /// The object id of whoever it was given to: the user, or the application's service principal (`oid`).
    pub object_id: String,
    /// The user's principal name, unless the application acts for itself.
    pub user: Option<String>,
    /// Its form.
    pub version: TokenVersion,
    /// Who issued it (`iss`).
    pub issuer: String,
    /// From when on it is worthless, in seconds since 1970.
    pub expires: i64,
}

/// Why a request carries no good token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BearerProblem {
    /// There is none.
    Missing,
    /// It is none of this authority's, or was revoked.
    Unknown,
    /// Its time is over.
    Expired,
}

/// What a refresh token is good for.
#[derive(Debug, Clone)]
pub(super) struct Refreshes {
    /// The tenant's id.
    pub(super) tenant: String,
    /// The application it was given to.
    pub(super) app_id: String,
    /// The user.
    pub(super) user: String,
    /// The resource that was asked for.
    pub(super) resource: String,
    /// From when on it is worthless.
    pub(super) expires: i64,
}

/// Every token of this start.
pub(super) struct Book {
    access: Vec<(String, Bearer)>,
    refresh: Vec<(String, Refreshes)>,
    rng: Rng,
}

impl Book {
    /// An empty book.
    pub(super) fn new() -> Self {
        Self { access: Vec::new(), refresh: Vec::new(), rng: Rng::unforeseen() }
    }

    /// A new access token, in the form of a JWT; its signature is made up.
    pub(super) fn issue(&mut self, bearer: Bearer, now: i64) -> String {
        let token = jwt::token(&claims(&bearer, now, &self.rng.token(22)), &self.rng.token(342));
        self.access.push((token.clone(), bearer));
        token
    }

    /// The token that this application already has for this audience, while it lives.
    pub(super) fn held(&self, app_id: &str, audience: &str, now: i64) -> Option<(String, i64)> {
        let fits = |bearer: &Bearer| bearer.app_id == app_id && bearer.user.is_none() && bearer.audience == audience;
        let found = self.access.iter().rev().find(|(_, bearer)| fits(bearer) && bearer.expires > now)?;
        Some((found.0.clone(), found.1.expires))
    }

    /// A new refresh token.
    pub(super) fn issue_refresh(&mut self, what: Refreshes) -> String {
        let token = format!("practice-refresh.{}", self.rng.token(200));
        self.refresh.push((token.clone(), what));
        token
    }

    /// What a refresh token is good for.
    pub(super) fn refresh(&self, token: &str) -> Option<&Refreshes> {
        self.refresh.iter().find(|(value, _)| value == token).map(|(_, what)| what)
    }

    /// Who shows this token, at this time.
    pub(super) fn bearer(&self, headers: &HeaderMap, now: i64) -> Result<Bearer, BearerProblem> {
        let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = given.and_then(|given| given.strip_prefix("Bearer ")).ok_or(BearerProblem::Missing)?;
        let found = self.access.iter().rev().find(|(value, _)| value == token).ok_or(BearerProblem::Unknown)?;
        if found.1.expires <= now { Err(BearerProblem::Expired) } else { Ok(found.1.clone()) }
    }

    /// The text of every token.
    pub(super) fn values(&self) -> Vec<String> {
        let access = self.access.iter().map(|(value, _)| value.clone());
        access.chain(self.refresh.iter().map(|(value, _)| value.clone())).collect()
    }

    /// Forgets every access token.
    pub(super) fn revoke_access(&mut self) {
        self.access.clear();
    }

    /// Forgets every refresh token.
    pub(super) fn revoke_refresh(&mut self) {
        self.refresh.clear();
    }
}

fn claims(bearer: &Bearer, now: i64, unique: &str) -> serde_json::Value {
    let Bearer { tenant, audience, app_id, object_id, user, version, issuer, expires } = bearer;
    let mut claims = json!({
        "aud": audience, "iss": issuer, "iat": now - 300, "nbf": now - 300, "exp": expires, "oid": object_id,
        "sub": object_id, "tid": tenant, "uti": unique, "idtyp": if user.is_some() { "user" } else { "app" },
    });
    let (app, name, number) = match version {
        TokenVersion::V1 => ("appid", "upn", "1.0"),
        TokenVersion::V2 => ("azp", "preferred_username", "2.0"),
    };
    claims["ver"] = number.into();
    claims[app] = app_id.as_str().into();
    if let Some(user) = user {
        claims[name] = user.as_str().into();
    }
    claims
}
