//! What an access token tells of itself. Nothing here is checked: it is our own token, and what it tells is shown or asked
//! for by id, never trusted with a decision about rights.

use jiff::Timestamp;
use serde::Deserialize;

use crate::model::secret::Secret;

/// The claims of a token that itsmc uses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Claims {
    /// The object id of the user or the service principal.
    #[serde(default)]
    pub oid: Option<String>,
    /// The tenant.
    #[serde(default)]
    pub tid: Option<String>,
    /// Kind of the identity: `app` or `user`; not in every token.
    #[serde(default)]
    pub idtyp: Option<String>,
    /// What a user's token may be used for; tokens of applications have none.
    #[serde(default)]
    pub scp: Option<String>,
    /// When it ends, in seconds since 1970.
    #[serde(default)]
    exp: Option<i64>,
}

impl Claims {
    /// The claims of a token; none for one that is no JSON web token.
    pub fn of(token: &Secret) -> Self {
        let payload = token.expose().split('.').nth(1).and_then(bytes_of);
        payload.and_then(|payload| serde_json::from_slice(&payload).ok()).unwrap_or_default()
    }

    /// When the token ends.
    pub fn expires(&self) -> Option<Timestamp> {
        self.exp.and_then(|exp| Timestamp::from_second(exp).ok())
    }

    /// Whether it is an application's, where the token tells.
    pub fn is_application(&self) -> Option<bool> {
        match self.idtyp.as_deref() {
            Some(kind) => Some(kind.eq_ignore_ascii_case("app")),
            None => self.oid.as_ref().map(|_| self.scp.is_none()),
        }
    }
}

/// The bytes of base64 as web tokens write it: letters for URLs, no padding.
fn bytes_of(text: &str) -> Option<Vec<u8>> {
    let digit = |letter: u8| match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'-' | b'+' => Some(62),
        b'_' | b'/' => Some(63),
        _ => None,
    };
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut held, mut bits) = (0_u32, 0);
    for letter in text.trim_end_matches('=').bytes() {
        held = (held << 6) | u32::from(digit(letter)?);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 0xff).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_claims_of_a_web_token_are_read() {
        // {"oid":"o-1","tid":"t-1","idtyp":"app","exp":1800000000}
        let token = Secret::new("e30.eyJvaWQiOiJvLTEiLCJ0aWQiOiJ0LTEiLCJpZHR5cCI6ImFwcCIsImV4cCI6MTgwMDAwMDAwMH0.s");
        let claims = Claims::of(&token);
        assert_eq!((claims.oid.as_deref(), claims.tid.as_deref()), (Some("o-1"), Some("t-1")));
        assert_eq!(claims.is_application(), Some(true));
        assert_eq!(claims.expires(), Timestamp::from_second(1_800_000_000).ok());
    }

    #[test]
    fn a_token_that_is_no_web_token_tells_nothing() {
        for text in ["", "opaque", "a.b.c", "a.!!.c"] {
            assert_eq!(Claims::of(&Secret::new(text)), Claims::default(), "{text}");
            assert_eq!(Claims::of(&Secret::new(text)).is_application(), None);
        }
    }
}
