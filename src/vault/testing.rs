//! Helps for tests of the vault and of what uses it: an in-memory keyring, someone to ask, quick options.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use keyring_core::api::CredentialStore;

use super::ask::AskPassphrase;
use super::options::VaultOptions;
use super::owner::{Held, Owner};
use super::source::keyring::MakeStore;
use crate::model::connection::{ConnectionName, Grant};
use crate::model::identity::Identity;
use crate::model::partner::PartnerId;
use crate::model::secret::Secret;
use crate::model::token::{SignIn, Tokens};

/// A connection's name.
pub fn name(text: &str) -> ConnectionName {
    ConnectionName::parse(text).unwrap()
}

/// A connection of this name as its settings stand.
pub fn owner(text: &str) -> Owner {
    let identity = Identity {
        partner: PartnerId::new("servicenow"),
        server: "https://contoso.service-now.com/".to_owned(),
        user: "itsmc".to_owned(),
        client_id: "id".to_owned(),
        grant: Grant::Password,
        details: BTreeMap::new(),
    };
    Owner { name: name(text), identity }
}

/// Secrets to be kept.
pub fn held(client_secret: Option<&str>, tokens: Option<Tokens>) -> Held {
    Held { client_secret: client_secret.map(Secret::new), tokens, ..Held::default() }
}

/// Tokens whose values are told apart by `mark`.
pub fn tokens(mark: &str) -> Tokens {
    Tokens {
        access: Secret::new(format!("planted-access-{mark}")),
        access_expires: Timestamp::from_second(1_800_000_000).unwrap(),
        refresh: Some(Secret::new(format!("planted-refresh-{mark}"))),
        sign_in: SignIn {
            signed_in_at: Timestamp::from_second(1_790_000_000).unwrap(),
            lifespan_seconds: SignIn::ASSUMED_LIFESPAN_SECONDS,
            lifespan_known: false,
        },
    }
}

/// Options that look nowhere and open quickly.
pub fn bare() -> VaultOptions {
    VaultOptions { work: 2, ..VaultOptions::bare() }
}

/// The same, with this keyring.
pub fn with_keyring(store: MakeStore) -> VaultOptions {
    VaultOptions { keyring: Some(store), keyring_limit: Duration::from_secs(60), ..bare() }
}

/// The same, with a passphrase in a file.
pub fn with_passphrase_file(dir: &Path, passphrase: &str) -> VaultOptions {
    let path = dir.join("passphrase");
    std::fs::write(&path, format!("{passphrase}\nnot this line\n")).unwrap();
    VaultOptions { passphrase_file: Some(path), ..bare() }
}

/// A keyring in memory; each opening sees what the last one wrote.
pub fn mock_store() -> MakeStore {
    let store: Arc<CredentialStore> = keyring_core::mock::Store::new().unwrap();
    Arc::new(move || Ok(store.clone()))
}

/// A keyring that cannot be reached.
pub fn broken_store() -> MakeStore {
    Arc::new(|| Err(keyring_core::Error::PlatformFailure("no bus".into())))
}

/// A keyring that never answers.
pub fn hung_store() -> MakeStore {
    Arc::new(|| {
        loop {
            std::thread::park();
        }
    })
}

/// Gives these passphrases one after the other, then none.
#[derive(Debug, Default)]
pub struct Typed(VecDeque<String>);

impl Typed {
    /// Someone who types these.
    pub fn new(passphrases: &[&str]) -> Box<Self> {
        Box::new(Self(passphrases.iter().map(|&text| text.to_owned()).collect()))
    }
}

impl AskPassphrase for Typed {
    fn passphrase(&mut self, _: bool) -> Option<Secret> {
        self.0.pop_front().map(Secret::new)
    }

    fn new_passphrase(&mut self) -> Option<Secret> {
        self.0.pop_front().map(Secret::new)
    }
}
