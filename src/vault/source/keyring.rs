//! The platform's keyring: the Secret Service on Linux, the login keychain on macOS, the Credential Manager on
//! Windows. One thread owns it; callers wait with a limit, because a hung D-Bus service never answers.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use keyring_core::api::CredentialStore;
use keyring_core::{Entry, Error};

use crate::model::secret::Secret;

/// The service name of all our entries.
pub const SERVICE: &str = "itsmc";

/// Creates the platform's store. Called on the owner thread, since even connecting can hang.
pub type MakeStore = Arc<dyn Fn() -> keyring_core::Result<Arc<CredentialStore>> + Send + Sync>;

/// Why the keyring failed; contains no secret.
pub type Reason = String;

type Answer = Result<Option<Secret>, Reason>;

enum Job {
    Get(String),
    Set(String, Secret),
    Delete(String),
}

/// A handle on the owner thread. The thread ends with the handle; a hanging one is abandoned.
pub struct Keyring {
    jobs: Sender<(Job, Sender<Answer>)>,
    limit: Duration,
    hung: bool,
}

impl Keyring {
    /// Starts the owner thread. `limit` is for each single call.
    pub fn start(make: MakeStore, limit: Duration) -> Self {
        let (jobs, queue) = mpsc::channel();
        let owner = thread::Builder::new().name("keyring".into()).spawn(move || own(&make, &queue));
        if let Err(error) = owner {
            tracing::warn!(%error, "no thread for the keyring");
        }
        Self { jobs, limit, hung: false }
    }

    /// Writes, reads and deletes a canary. Nothing less proves that a keyring works: a service without a login collection opens
    /// and answers reads, but loses writes.
    ///
    /// # Errors
    /// What failed.
    pub fn probe(&mut self) -> Result<(), Reason> {
        let account = format!("probe {}", std::process::id());
        let canary = Secret::new(format!("canary {}", std::process::id()));
        self.set(&account, &canary)?;
        let read = self.get(&account)?;
        self.delete(&account)?;
        if read == Some(canary) { Ok(()) } else { Err("it does not give back what was written".into()) }
    }

    /// Reads an entry; `None` when there is none.
    ///
    /// # Errors
    /// What failed.
    pub fn get(&mut self, account: &str) -> Result<Option<Secret>, Reason> {
        self.call(Job::Get(account.to_owned()))
    }

    /// Writes an entry.
    ///
    /// # Errors
    /// What failed.
    pub fn set(&mut self, account: &str, secret: &Secret) -> Result<(), Reason> {
        self.call(Job::Set(account.to_owned(), secret.clone())).map(|_| ())
    }

    /// Deletes an entry; one that is not there is no error.
    ///
    /// # Errors
    /// What failed.
    pub fn delete(&mut self, account: &str) -> Result<(), Reason> {
        self.call(Job::Delete(account.to_owned())).map(|_| ())
    }

    fn call(&mut self, job: Job) -> Answer {
        let (reply, answer) = mpsc::channel();
        if self.hung || self.jobs.send((job, reply)).is_err() {
            return Err(self.no_answer());
        }
        match answer.recv_timeout(self.limit) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout) => {
                self.hung = true;
                Err(self.no_answer())
            }
            Err(RecvTimeoutError::Disconnected) => Err("it broke down while it was used".into()),
        }
    }

    fn no_answer(&self) -> Reason {
        if self.hung {
            format!("no answer within {} s", self.limit.as_secs_f32())
        } else {
            "it broke down while it was used".into()
        }
    }
}

fn own(make: &MakeStore, queue: &Receiver<(Job, Sender<Answer>)>) {
    let store = make().map_err(|error| words(&error));
    for (job, reply) in queue {
        let answer = store.as_ref().map_err(Clone::clone).and_then(|store| work(store.as_ref(), job));
        // After the limit nobody receives this any more.
        let _ = reply.send(answer);
    }
}

fn work(store: &CredentialStore, job: Job) -> Answer {
    let entry = |account: &str| store.build(SERVICE, account, None).map_err(|error| words(&error));
    match job {
        Job::Get(account) => read(&entry(&account)?),
        Job::Set(account, secret) => {
            entry(&account)?.set_password(secret.expose()).map(|()| None).map_err(|error| words(&error))
        }
        Job::Delete(account) => match entry(&account)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(words(&error)),
        },
    }
}

fn read(entry: &Entry) -> Answer {
    match entry.get_password() {
        Ok(text) => Ok(Some(Secret::new(text))),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(words(&error)),
    }
}

// The Debug form of some errors contains the secret's bytes, so each kind has a text of its own.
fn words(error: &Error) -> Reason {
    match error {
        Error::PlatformFailure(inner) => format!("the platform's store failed: {inner}"),
        Error::NoStorageAccess(inner) => format!("the platform's store may not be used: {inner}"),
        Error::NoEntry => "no such entry".into(),
        Error::BadEncoding(_) | Error::BadDataFormat(..) => "the entry is not the text we wrote".into(),
        Error::Ambiguous(entries) => format!("{} entries have the same name", entries.len()),
        Error::NoDefaultStore => "this platform has no store".into(),
        Error::BadStoreFormat(_) | Error::TooLong(..) | Error::Invalid(..) | Error::NotSupportedByStore(_) => {
            error.to_string()
        }
        _ => "the platform's store failed in a way we do not know".into(),
    }
}

/// The store of this platform.
///
/// # Errors
/// When it cannot be reached, or this platform has none.
pub fn platform_store() -> keyring_core::Result<Arc<CredentialStore>> {
    #[cfg(target_os = "linux")]
    return dbus_secret_service_keyring_store::Store::new().map(|store| store as Arc<CredentialStore>);
    #[cfg(target_os = "macos")]
    return apple_native_keyring_store::keychain::Store::new().map(|store| store as Arc<CredentialStore>);
    #[cfg(windows)]
    return windows_native_keyring_store::Store::new().map(|store| store as Arc<CredentialStore>);
    #[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
    return Err(Error::NotSupportedByStore("this platform has no keyring that itsmc knows".into()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::testing::{broken_store, hung_store, mock_store};

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn a_working_store_passes_the_probe_and_keeps_nothing_of_it() {
        let store = mock_store();
        let mut keyring = Keyring::start(store, LONG);
        keyring.probe().unwrap();
        assert_eq!(keyring.get(&format!("probe {}", std::process::id())).unwrap(), None);
    }

    #[test]
    fn entries_come_back_until_they_are_deleted() {
        let mut keyring = Keyring::start(mock_store(), LONG);
        assert_eq!(keyring.get("a").unwrap(), None);
        keyring.set("a", &Secret::new("planted")).unwrap();
        assert_eq!(keyring.get("a").unwrap().unwrap().expose(), "planted");
        keyring.delete("a").unwrap();
        keyring.delete("a").unwrap();
        assert_eq!(keyring.get("a").unwrap(), None);
    }

    #[test]
    fn a_store_that_cannot_be_made_says_why_each_time() {
        let mut keyring = Keyring::start(broken_store(), LONG);
        for _ in 0..2 {
            assert!(keyring.probe().unwrap_err().contains("no bus"));
        }
    }

    #[test]
    fn a_store_that_hangs_is_given_up() {
        let mut keyring = Keyring::start(hung_store(), Duration::from_millis(1));
        assert!(keyring.probe().unwrap_err().starts_with("no answer within"));
        assert!(keyring.get("a").is_err());
    }

    #[test]
    fn an_error_never_shows_the_bytes() {
        let text = words(&Error::BadEncoding(b"planted".to_vec()));
        assert!(!text.contains("planted") && !text.contains("112"), "{text}");
    }
}
