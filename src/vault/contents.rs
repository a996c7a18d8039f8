//! What is inside of the vault, as versioned JSON: for each connection its client secret and its tokens.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::owner::{Held, Left, Owner, Since};
use super::redactor;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::identity::Identity;
use crate::model::secret::Secret;
use crate::model::token::{Retired, SignIn, Tokens};

/// The first format had no identities.
const UNBOUND: u32 = 1;
const VERSION: u32 = 2;

/// All secrets of all connections.
#[derive(Debug)]
pub struct Contents {
    version: u32,
    entries: BTreeMap<ConnectionName, Entry>,
}

impl Default for Contents {
    fn default() -> Self {
        Self { version: VERSION, entries: BTreeMap::new() }
    }
}

/// The secrets of one connection. There is no place for the password.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Whom the secrets belong to. An entry without one, which only the first format has, opens to nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// When the entry was made, replaced whole or signed out: a renewal that began before that must not write.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// When the client secret ends, where the admin said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret_expires: Option<Timestamp>,
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
        let contents = Self { version: version.version, entries: read.connections };
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
        serde_json::to_writer(&mut *json, &Written { version: self.version, connections: &self.entries })?;
        Ok(json)
    }

    /// The secrets of a connection, if they belong to the identity that it has now; `None` when there is no entry.
    ///
    /// # Errors
    /// [`Fault::IdentityChanged`] when they belong to another one.
    pub fn held(&self, owner: &Owner) -> Result<Option<Held>, Fault> {
        let Some(entry) = self.entries.get(&owner.name) else { return Ok(None) };
        match &entry.identity {
            None => Ok(None),
            Some(identity) if *identity == owner.identity => Ok(Some(entry.into())),
            Some(identity) => Err(owner.is_not(identity)),
        }
    }

    /// The entry of a connection, whomever it belongs to.
    pub fn left(&self, name: &ConnectionName) -> Option<Left> {
        let entry = self.entries.get(name)?;
        Some(Left { identity: entry.identity.clone()?, held: entry.into() })
    }

    /// Since when the entry of a connection is as it is, whomever it belongs to.
    pub fn since(&self, name: &ConnectionName) -> Option<Since> {
        self.entries.get(name).map(|entry| Since(entry.since))
    }

    /// The entry of a connection, to be changed.
    pub fn entry(&mut self, name: &ConnectionName) -> Option<&mut Entry> {
        self.entries.get_mut(name)
    }

    /// Puts an entry in the place of whatever there is.
    pub fn replace(&mut self, name: &ConnectionName, entry: Entry) {
        self.entries.insert(name.clone(), entry);
    }

    /// Whether it was written before entries had identities.
    pub fn is_unbound(&self) -> bool {
        self.version <= UNBOUND
    }

    /// Gives each entry of the first format the identity that its connection has now; one without a connection stays
    /// without, and so opens to nobody.
    pub fn bind(&mut self, owners: &[Owner], now: Timestamp) {
        for owner in owners {
            if let Some(entry) = self.entries.get_mut(&owner.name).filter(|entry| entry.identity.is_none()) {
                (entry.identity, entry.since) = (Some(owner.identity.clone()), Some(now));
            }
        }
        self.version = VERSION;
    }

    /// Forgets a connection; whether there was anything.
    pub fn remove(&mut self, name: &ConnectionName) -> bool {
        self.entries.remove(name).is_some()
    }

    /// Every access and refresh token of the other connections: one that is among them is in use.
    pub fn tokens_of_others(&self, name: &ConnectionName) -> Vec<Secret> {
        let others = self.entries.iter().filter(|(other, _)| *other != name);
        let tokens = others.filter_map(|(_, entry)| entry.tokens.as_ref());
        tokens
            .flat_map(|tokens| [Some(&tokens.access), tokens.refresh.as_ref()])
            .flatten()
            .map(|token| token.0.clone())
            .collect()
    }

    /// The connections that have an entry.
    pub fn names(&self) -> Vec<ConnectionName> {
        self.entries.keys().cloned().collect()
    }

    fn remember(&self) {
        for entry in self.entries.values() {
            entry.client_secret.iter().for_each(|secret| redactor::remember(&secret.0));
            for tokens in entry.tokens.iter().chain(entry.retired.iter().map(|retired| &retired.tokens)) {
                redactor::remember(&tokens.access.0);
                tokens.refresh.iter().for_each(|refresh| redactor::remember(&refresh.0));
            }
        }
    }
}

impl From<&Entry> for Held {
    fn from(entry: &Entry) -> Self {
        let retired = |one: &RetiredEntry| Retired { tokens: Tokens::from(&one.tokens), at: one.at };
        Self {
            client_secret: entry.client_secret.as_ref().map(|secret| secret.0.clone()),
            client_secret_expires: entry.client_secret_expires,
            tokens: entry.tokens.as_ref().map(Tokens::from),
            retired: entry.retired.iter().map(retired).collect(),
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
    use crate::vault::testing::{name, owner, tokens};

    fn entry() -> Entry {
        Entry { identity: Some(owner("contoso").identity), ..Entry::default() }
    }

    #[test]
    fn what_is_put_in_comes_out() {
        let mut contents = Contents::default();
        let client_secret = Some(Exposed(Secret::new("planted-secret")));
        contents.replace(&name("contoso"), Entry { client_secret, tokens: Some((&tokens("a1")).into()), ..entry() });
        let back = Contents::from_json(&contents.to_json().unwrap()).unwrap();
        let held = back.held(&owner("contoso")).unwrap().unwrap();
        assert_eq!(held.client_secret.unwrap().expose(), "planted-secret");
        assert_eq!(held.tokens, Some(tokens("a1")));
        assert!(back.held(&owner("other")).unwrap().is_none());
        assert!(!format!("{back:?}").contains("planted"));
    }

    #[test]
    fn replaced_tokens_are_kept_beside_the_new_ones() {
        let old = Retired { tokens: tokens("a1"), at: Timestamp::UNIX_EPOCH };
        let mut contents = Contents::default();
        contents.replace(&name("contoso"), Entry { retired: vec![(&old).into()], ..entry() });
        let back = Contents::from_json(&contents.to_json().unwrap()).unwrap();
        let held = back.held(&owner("contoso")).unwrap().unwrap();
        assert_eq!((held.retired, held.tokens), (vec![old], None));
    }

    #[test]
    fn s1_secrets_open_to_the_identity_they_belong_to_and_to_no_other() {
        let mut contents = Contents::default();
        contents.replace(&name("contoso"), Entry { tokens: Some((&tokens("a1")).into()), ..entry() });
        let mut other = owner("contoso");
        other.identity.server = "https://elsewhere.example/".to_owned();
        let Err(Fault::IdentityChanged { changes, .. }) = contents.held(&other) else { panic!("they opened") };
        assert_eq!(changes[0].was, owner("contoso").identity.server);
    }

    #[test]
    fn s1_entries_of_the_first_format_are_bound_once_to_what_is_listed() {
        let json =
            br#"{"version":1,"connections":{"contoso":{"client_secret":"planted"},"gone":{"client_secret":"x"}}}"#;
        let mut contents = Contents::from_json(json).unwrap();
        assert!(contents.is_unbound() && contents.held(&owner("contoso")).unwrap().is_none());
        contents.bind(&[owner("contoso")], Timestamp::UNIX_EPOCH);
        let back = Contents::from_json(&contents.to_json().unwrap()).unwrap();
        assert!(!back.is_unbound() && back.held(&owner("contoso")).unwrap().is_some());
        assert!(back.held(&owner("gone")).unwrap().is_none());
    }

    #[test]
    fn what_is_wrong_is_said_without_quoting_it() {
        for json in [
            r#"{"version":1,"connections":{"a":{"client_secret":["planted"]}}}"#,
            r#"{"version":1,"connections":{"a":"planted"}}"#,
            r#"{"version":1,"connections":{"a":{"tokens":{"access":"planted","access_expires":"planted"}}}}"#,
            r#"{"version":9,"sealed":"planted"}"#,
            r#"planted"#,
        ] {
            let reason = Contents::from_json(json.as_bytes()).unwrap_err();
            assert!(!reason.contains("planted") && !reason.is_empty(), "{reason}");
        }
    }

    #[test]
    fn a_newer_format_is_named_as_such() {
        let reason = Contents::from_json(br#"{"version":9,"more":{}}"#).unwrap_err();
        assert!(reason.contains("newer"), "{reason}");
    }
}
