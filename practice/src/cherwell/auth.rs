//! Tokens. Each new one, by password or refresh, ends the pair before it.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::options::Options;
use crate::core::rng::Rng;

/// A form or a query, by its keys.
pub(crate) type Form = HashMap<String, String>;

/// Why no token is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// User, password, mode or refresh token: 400 `invalid_grant`.
    Grant,
    /// The client is not known.
    Client,
}

#[derive(Debug, Clone)]
struct Pair {
    access: String,
    refresh: String,
    access_ends: i64,
    refresh_ends: i64,
}

/// Who may sign in, and the pair that counts now.
pub(crate) struct Auth {
    /// Whether the account is locked.
    pub(crate) locked: bool,
    /// The password.
    pub(crate) password: String,
    rng: Rng,
    pair: Option<Pair>,
    given: Vec<(String, String)>,
}

impl Auth {
    /// Nobody has signed in yet.
    pub(crate) fn new(password: String) -> Self {
        Self { locked: false, password, rng: Rng::unforeseen(), pair: None, given: Vec::new() }
    }

    /// The body of a token reply.
    pub(crate) fn grant(
        &mut self,
        options: &Options,
        user: (&str, &str),
        query: &Form,
        form: &Form,
        now: i64,
    ) -> Result<String, Refusal> {
        let (username, client_id) = user;
        let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        if field("client_id") != client_id {
            return Err(Refusal::Client);
        }
        let good = match field("grant_type") {
            "password" => {
                let mode = query.get("auth_mode").map_or("Internal", String::as_str);
                mode.eq_ignore_ascii_case(&options.auth_mode)
                    && field("username").eq_ignore_ascii_case(username)
                    && field("password") == self.password
                    && !self.locked
            }
            "refresh_token" => {
                let held = self.pair.as_ref().filter(|pair| pair.refresh_ends > now);
                held.is_some_and(|pair| pair.refresh == field("refresh_token"))
            }
            _ => false,
        };
        let kept = (field("grant_type") == "refresh_token" && !options.new_refresh_tokens).then(|| self.pair.clone());
        if good { Ok(self.give(options, user, now, kept.flatten())) } else { Err(Refusal::Grant) }
    }

    /// Gives out a pair; where the refresh token of the one before is kept, the reply does not repeat it.
    fn give(&mut self, options: &Options, user: (&str, &str), now: i64, kept: Option<Pair>) -> String {
        let (username, client_id) = user;
        let fresh = (self.rng.hex(32), now + options.refresh_life);
        let is_kept = kept.is_some();
        let (refresh, refresh_ends) = kept.map_or(fresh, |pair| (pair.refresh, pair.refresh_ends));
        let access = self.rng.token(180);
        let pair = Pair { access, refresh, access_ends: now + options.access_life, refresh_ends };
        let mut body = serde_json::json!({
            "access_token": pair.access,
            "token_type": "bearer",
            "expires_in": options.access_life,
            "refresh_token": pair.refresh,
            "as:client_id": client_id,
            "username": username,
            ".issued": long_date(now),
            ".expires": long_date(pair.access_ends),
        });
        if let Some(members) = body.as_object_mut().filter(|_| is_kept) {
            members.remove("refresh_token");
        }
        self.given.push((pair.access.clone(), pair.refresh.clone()));
        self.pair = Some(pair);
        body.to_string()
    }

    /// Whether this access token is good.
    pub(crate) fn knows(&self, token: &str, now: i64) -> bool {
        self.pair.as_ref().is_some_and(|pair| pair.access == token && pair.access_ends > now)
    }

    /// Ends the pair: by logging out, or because another program has signed in.
    pub(crate) fn end(&mut self) {
        self.pair = None;
    }

    /// Ends the access token only.
    pub(crate) fn end_access(&mut self) {
        if let Some(pair) = &mut self.pair {
            pair.access_ends = 0;
        }
    }

    /// Every pair that was given: access and refresh token.
    pub(crate) fn given(&self) -> &[(String, String)] {
        &self.given
    }
}

/// `Mon, 17 June 2019 15:31:39 GMT`, the month in full.
fn long_date(seconds: i64) -> String {
    let at = Timestamp::from_second(seconds).unwrap_or_default().to_zoned(TimeZone::UTC);
    at.strftime("%a, %d %B %Y %H:%M:%S GMT").to_string()
}
