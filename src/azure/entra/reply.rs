//! A token reply: the first endpoint writes its numbers as texts, the second as numbers.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use zeroize::Zeroize as _;

use crate::model::fault::Fault;
use crate::model::secret::Secret;
use crate::net::http::Reply;

/// The life of an access token that does not tell it: Entra's shortest default.
const DEFAULT_LIFE_SECONDS: i64 = 3600;

/// The longest life that is believed: a day, which is what continuous access evaluation gives at most.
const LONGEST_LIFE_SECONDS: i64 = 86_400 + 3_600;

/// What was granted.
#[derive(Deserialize)]
pub(super) struct Grant {
    access_token: Option<String>,
    refresh_token: Option<String>,
    #[serde(default)]
    token_type: Value,
    #[serde(default)]
    expires_in: Value,
    #[serde(default)]
    expires_on: Value,
}

impl Drop for Grant {
    fn drop(&mut self) {
        self.access_token.zeroize();
        self.refresh_token.zeroize();
    }
}

/// The grant of a reply with status 200; `None` if it is no JSON, or tells of an error.
///
/// # Errors
/// [`Fault::Malformed`] for JSON without a usable token.
pub(super) fn read(reply: &Reply, body: &[u8]) -> Result<Option<Grant>, Fault> {
    if !reply.is_json() {
        return Ok(None);
    }
    let grant: Grant = serde_json::from_slice(body).map_err(|_| malformed("not what a token endpoint answers"))?;
    if grant.access_token.as_deref().is_none_or(str::is_empty) {
        let told = serde_json::from_slice::<Value>(body).is_ok_and(|body| body["error"].is_string());
        return if told { Ok(None) } else { Err(malformed("no access token in the reply")) };
    }
    match grant.token_type.as_str() {
        Some(kind) if !kind.eq_ignore_ascii_case("bearer") => Err(malformed("a token that is no bearer token")),
        _ => Ok(Some(grant)),
    }
}

impl Grant {
    /// The access token.
    ///
    /// # Errors
    /// [`Fault::Malformed`] if no header can carry it.
    pub(super) fn access(&self) -> Result<Secret, Fault> {
        let token = self.access_token.as_deref().unwrap_or_default();
        if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(malformed("an access token with characters that no header can carry"));
        }
        Ok(Secret::new(token))
    }

    /// The refresh token, if one came.
    pub(super) fn refresh(&self) -> Option<Secret> {
        self.refresh_token.as_deref().filter(|token| !token.is_empty()).map(Secret::new)
    }

    /// When the access token ends.
    pub(super) fn expires(&self, now: Timestamp) -> Timestamp {
        let till = || number(&self.expires_on).map(|at| at.saturating_sub(now.as_second()));
        let life = number(&self.expires_in).or_else(till).unwrap_or(DEFAULT_LIFE_SECONDS);
        now.checked_add(SignedDuration::from_secs(life.clamp(0, LONGEST_LIFE_SECONDS))).unwrap_or(now)
    }
}

/// A whole number, sent as a number or as a text.
fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

fn malformed(detail: &str) -> Fault {
    Fault::Malformed { what: "oauth2/token".to_owned(), detail: detail.to_owned() }
}
