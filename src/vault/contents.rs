//! The contents of the vault, as versioned JSON: the client secret and the tokens of each connection.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::owner::{Held, Left, Owner, Since, WorkspaceSecrets};
use super::redactor;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::identity::Identity;
use crate::model::secret::Secret;
use crate::model::token::{Retired, SignIn, Tokens};
use crate::model::workspace::{WorkspaceIdentity, WorkspaceName};

/// The first format had no identities.
const UNBOUND: u32 = 1;
const VERSION: u32 = 2;

/// All secrets of all connections.
#[derive(Debug)]
pub struct Contents {
    version: u32,
    entries: BTreeMap<ConnectionName, Entry>,
    workspaces: BTreeMap<WorkspaceName, WorkspaceEntry>,
}

impl Default for Contents {
    fn default() -> Self {
        Self { version: VERSION, entries: BTreeMap::new(), workspaces: BTreeMap::new() }
    }
}

/// The secrets of one connection; never the password.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The identity that the secrets belong to. An entry without one, as in the first format, is never opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// When the entry was created, replaced or signed out: a renewal that began before then must not write.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// When the client secret expires, if the admin said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret_expires: Option<Timestamp>,
    /// The OAuth application's secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<Exposed>,
    /// The live sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<TokensEntry>,
    /// Replaced tokens that are not revoked yet.
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

/// The secrets of a workspace, as they are written.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WorkspaceEntry {
    identity: WorkspaceIdentity,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_secret: Option<Exposed>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refresh: Option<Exposed>,
}

/// A secret as it is in the sealed file, the only place where one is serialized.
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
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    workspaces: &'a BTreeMap<WorkspaceName, WorkspaceEntry>,
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
    #[serde(default)]
    workspaces: BTreeMap<WorkspaceName, WorkspaceEntry>,
}

impl Contents {
    /// Reads the JSON.
    ///
    /// # Errors
    /// The place of the error, never the value there.
    pub fn from_json(json: &[u8]) -> Result<Self, String> {
        let version: Version = serde_json::from_slice(json).map_err(|error| place_of(&error))?;
        if version.version > VERSION {
            return Err(format!("it has format {}, this itsmc knows {VERSION}: a newer one wrote it", version.version));
        }
        let read: Read = serde_json::from_slice(json).map_err(|error| place_of(&error))?;
        let contents = Self { version: version.version, entries: read.connections, workspaces: read.workspaces };
        contents.remember();
        Ok(contents)
    }

    /// The JSON, in memory that is wiped.
    ///
    /// # Errors
    /// None in practice.
    pub fn to_json(&self) -> Result<Zeroizing<Vec<u8>>, serde_json::Error> {
        // Large enough from the start, so that growing leaves no copies in memory.
        let mut json = Zeroizing::new(Vec::with_capacity(1024 + self.entries.len() * 16 * 1024));
        serde_json::to_writer(
            &mut *json,
            &Written { version: self.version, connections: &self.entries, workspaces: &self.workspaces },
        )?;
        Ok(json)
    }

    /// The secrets of a connection, if they belong to its current identity; `None` without an entry.
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

    /// The entry of a connection, whatever its identity.
    pub fn left(&self, name: &ConnectionName) -> Option<Left> {
        let entry = self.entries.get(name)?;
        Some(Left { identity: entry.identity.clone()?, held: entry.into() })
    }

    /// When the entry of a connection last changed, whatever its identity.
    pub fn since(&self, name: &ConnectionName) -> Option<Since> {
        self.entries.get(name).map(|entry| Since(entry.since))
    }

    /// The entry of a connection, to be changed.
    pub fn entry(&mut self, name: &ConnectionName) -> Option<&mut Entry> {
        self.entries.get_mut(name)
    }

    /// Replaces the entry.
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

    /// Deletes a connection's entry; returns whether there was one.
    pub fn remove(&mut self, name: &ConnectionName) -> bool {
        self.entries.remove(name).is_some()
    }

    /// Gives the entry of a connection to another name that has none; whether there was one to give.
    pub fn rename(&mut self, from: &ConnectionName, to: &ConnectionName) -> bool {
        if self.entries.contains_key(to) {
            return false;
        }
        match self.entries.remove(from) {
            Some(entry) => self.entries.insert(to.clone(), entry).is_none(),
            None => false,
        }
    }

    /// Every access and refresh token of the other connections, which are in use.
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

    /// The secrets of a workspace, if they belong to the sign-in that it has now; `None` otherwise.
    pub fn workspace(&self, name: &WorkspaceName, identity: &WorkspaceIdentity) -> Option<WorkspaceSecrets> {
        let entry = self.workspaces.get(name).filter(|entry| entry.identity == *identity)?;
        let secret = |exposed: &Option<Exposed>| exposed.as_ref().map(|exposed| exposed.0.clone());
        Some(WorkspaceSecrets { client_secret: secret(&entry.client_secret), refresh: secret(&entry.refresh) })
    }

    /// Puts the secrets of a workspace in the place of whatever there is.
    pub fn replace_workspace(&mut self, name: &WorkspaceName, identity: &WorkspaceIdentity, held: WorkspaceSecrets) {
        held.client_secret.iter().chain(&held.refresh).for_each(redactor::remember);
        let entry = WorkspaceEntry {
            identity: identity.clone(),
            client_secret: held.client_secret.map(Exposed),
            refresh: held.refresh.map(Exposed),
        };
        self.workspaces.insert(name.clone(), entry);
    }

    /// Forgets a workspace; whether there was anything.
    pub fn remove_workspace(&mut self, name: &WorkspaceName) -> bool {
        self.workspaces.remove(name).is_some()
    }

    fn remember(&self) {
        for entry in self.workspaces.values() {
            entry.client_secret.iter().chain(&entry.refresh).for_each(|secret| redactor::remember(&secret.0));
        }
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
    fn the_secrets_of_a_workspace_open_to_its_own_sign_in_only() {
        let name = WorkspaceName::parse("prod").unwrap();
        let identity = |tenant: &str| WorkspaceIdentity {
            authority: "https://login.example".to_owned(),
            tenant: tenant.to_owned(),
            client_id: "app".to_owned(),
        };
        let mut contents = Contents::default();
        let held = WorkspaceSecrets { client_secret: Some(Secret::new("planted-secret")), refresh: None };
        contents.replace_workspace(&name, &identity("one"), held.clone());
        let mut back = Contents::from_json(&contents.to_json().unwrap()).unwrap();
        assert_eq!(back.workspace(&name, &identity("one")), Some(held));
        assert_eq!(back.workspace(&name, &identity("two")), None);
        assert!(back.remove_workspace(&name) && !back.remove_workspace(&name));
        let empty = Contents::default().to_json().unwrap();
        assert!(!String::from_utf8_lossy(&empty).contains("workspaces"), "an older itsmc reads it");
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
    fn s1_secrets_open_only_to_their_identity() {
        let mut contents = Contents::default();
        contents.replace(&name("contoso"), Entry { tokens: Some((&tokens("a1")).into()), ..entry() });
        let mut other = owner("contoso");
        other.identity.server = "https://elsewhere.example/".to_owned();
        let Err(Fault::IdentityChanged { changes, .. }) = contents.held(&other) else { panic!("they opened") };
        assert_eq!(changes[0].was, owner("contoso").identity.server);
    }

    #[test]
    fn s1_first_format_entries_are_bound_once() {
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
