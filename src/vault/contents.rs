//! What is inside of the vault, as versioned JSON: for each connection its client secret and its tokens.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::live;
use crate::model::connection::ConnectionName;
use crate::model::secret::Secret;
use crate::model::token::{Retired, SignIn, Tokens};

const VERSION: u32 = 1;

/// All secrets of all connections.
#[derive(Debug, Default)]
pub struct Contents {
    entries: BTreeMap<ConnectionName, Entry>,
}

/// The secrets of one connection. There is no place for the password.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The OAuth application's secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<Exposed>,
    /// The live sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<TokensEntry>,
    /// Tokens that were replaced and are not revoked yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retired: Vec<RetiredEntry>,
}

/// Replaced tokens, as they are written.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetiredEntry {
    at: Timestamp,
    tokens: TokensEntry,
}

/// A sign-in, as it is written.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokensEntry {
    access: Exposed,
    access_expires: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refresh: Option<Exposed>,
    sign_in: SignIn,
}

/// A secret on its way into or out of the sealed file, the only place where one is serialized.
#[derive(Debug)]
pub struct Exposed(pub Secret);

impl Serialize for Exposed {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose())
    }
}

impl<'de> Deserialize<'de> for Exposed {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Secret::new(text)))
    }
}

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    connections: &'a BTreeMap<ConnectionName, Entry>,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    #[serde(rename = "version")]
    _version: u32,
    connections: BTreeMap<ConnectionName, Entry>,
}

impl Contents {
    /// Reads the JSON.
    ///
    /// # Errors
    /// Where it is wrong, never what stands there.
    pub fn from_json(json: &[u8]) -> Result<Self, String> {
        let version: Version = serde_json::from_slice(json).map_err(|error| place_of(&error))?;
        if version.version > VERSION {
            return Err(format!("it has format {}, this itsmc knows {VERSION}: a newer one wrote it", version.version));
        }
        let read: Read = serde_json::from_slice(json).map_err(|error| place_of(&error))?;
        let contents = Self { entries: read.connections };
        contents.remember();
        Ok(contents)
    }

    /// The JSON, in memory that is wiped.
    ///
    /// # Errors
    /// None in practice.
    pub fn to_json(&self) -> Result<Zeroizing<Vec<u8>>, serde_json::Error> {
        // Large enough from the start, so that growing leaves no copies behind.
        let mut json = Zeroizing::new(Vec::with_capacity(1024 + self.entries.len() * 16 * 1024));
        serde_json::to_writer(&mut *json, &Written { version: VERSION, connections: &self.entries })?;
        Ok(json)
    }

    /// The client secret of a connection.
    pub fn client_secret(&self, name: &ConnectionName) -> Option<Secret> {
        self.entries.get(name)?.client_secret.as_ref().map(|secret| secret.0.clone())
    }

    /// The tokens of a connection.
    pub fn tokens(&self, name: &ConnectionName) -> Option<Tokens> {
        self.entries.get(name)?.tokens.as_ref().map(Tokens::from)
    }

    /// The replaced tokens of a connection that are not revoked yet, oldest first.
    pub fn retired(&self, name: &ConnectionName) -> Vec<Retired> {
        let entries = self.entries.get(name).map(|entry| entry.retired.as_slice()).unwrap_or_default();
        entries.iter().map(|entry| Retired { tokens: Tokens::from(&entry.tokens), at: entry.at }).collect()
    }

    /// The entry of a connection, made if there is none.
    pub fn entry(&mut self, name: &ConnectionName) -> &mut Entry {
        self.entries.entry(name.clone()).or_default()
    }

    /// Forgets a connection; whether there was anything.
    pub fn remove(&mut self, name: &ConnectionName) -> bool {
        self.entries.remove(name).is_some()
    }

    /// The connections that have an entry.
    pub fn names(&self) -> Vec<ConnectionName> {
        self.entries.keys().cloned().collect()
    }

    fn remember(&self) {
        for entry in self.entries.values() {
            entry.client_secret.iter().for_each(|secret| live::remember(&secret.0));
            for tokens in entry.tokens.iter().chain(entry.retired.iter().map(|retired| &retired.tokens)) {
                live::remember(&tokens.access.0);
                tokens.refresh.iter().for_each(|refresh| live::remember(&refresh.0));
            }
        }
    }
}

impl From<&TokensEntry> for Tokens {
    fn from(entry: &TokensEntry) -> Self {
        Self {
            access: entry.access.0.clone(),
            access_expires: entry.access_expires,
            refresh: entry.refresh.as_ref().map(|refresh| refresh.0.clone()),
            sign_in: entry.sign_in,
        }
    }
}

impl From<&Retired> for RetiredEntry {
    fn from(retired: &Retired) -> Self {
        Self { at: retired.at, tokens: (&retired.tokens).into() }
    }
}

impl From<&Tokens> for TokensEntry {
    fn from(tokens: &Tokens) -> Self {
        Self {
            access: Exposed(tokens.access.clone()),
            access_expires: tokens.access_expires,
            refresh: tokens.refresh.clone().map(Exposed),
            sign_in: tokens.sign_in,
        }
    }
}

// serde_json's own message may quote a value, and here each value is a secret.
fn place_of(error: &serde_json::Error) -> String {
    format!(
        "its contents are not as expected ({:?}, line {}, column {})",
        error.classify(),
        error.line(),
        error.column()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::testing::{name, tokens};

    #[test]
    fn what_is_put_in_comes_out() {
        let mut contents = Contents::default();
        let entry = contents.entry(&name("contoso"));
        entry.client_secret = Some(Exposed(Secret::new("planted-secret")));
        entry.tokens = Some((&tokens("a1")).into());
        let back = Contents::from_json(&contents.to_json().unwrap()).unwrap();
        assert_eq!(back.client_secret(&name("contoso")).unwrap().expose(), "planted-secret");
        assert_eq!(back.tokens(&name("contoso")), Some(tokens("a1")));
        assert_eq!(back.tokens(&name("other")), None);
        assert!(!format!("{back:?}").contains("planted"));
    }

    #[test]
    fn replaced_tokens_are_kept_beside_the_new_ones() {
        let old = Retired { tokens: tokens("a1"), at: Timestamp::UNIX_EPOCH };
        let mut contents = Contents::default();
        contents.entry(&name("contoso")).retired.push((&old).into());
        let back = Contents::from_json(&contents.to_json().unwrap()).unwrap();
        assert_eq!((back.retired(&name("contoso")), back.tokens(&name("contoso"))), (vec![old], None));
        let without = Contents::from_json(br#"{"version":1,"connections":{"contoso":{}}}"#).unwrap();
        assert_eq!(without.retired(&name("contoso")), []);
    }

    #[test]
    fn what_is_wrong_is_said_without_quoting_it() {
        for json in [
            r#"{"version":1,"connections":{"a":{"client_secret":["planted"]}}}"#,
            r#"{"version":1,"connections":{"a":"planted"}}"#,
            r#"{"version":1,"connections":{"a":{"tokens":{"access":"planted","access_expires":"planted"}}}}"#,
            r#"{"version":2,"sealed":"planted"}"#,
            r#"planted"#,
        ] {
            let reason = Contents::from_json(json.as_bytes()).unwrap_err();
            assert!(!reason.contains("planted") && !reason.is_empty(), "{reason}");
        }
    }

    #[test]
    fn a_newer_format_is_named_as_such() {
        let reason = Contents::from_json(br#"{"version":2,"more":{}}"#).unwrap_err();
        assert!(reason.contains("newer"), "{reason}");
    }
}
