//! Several at once.

use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::vault::testing::{held, mock_store, name, owner, tokens, with_keyring};

/// An OAuth server whose refresh tokens work once, as a rotating one does.
struct Server {
    refreshes: AtomicUsize,
}

impl Server {
    fn refresh(&self, with: &Secret, now: Timestamp) -> Option<Tokens> {
        let number = self.refreshes.load(Ordering::SeqCst);
        if with.expose() != format!("planted-refresh-{number}") {
            return None;
        }
        self.refreshes.store(number + 1, Ordering::SeqCst);
        let mut fresh = tokens(&(number + 1).to_string());
        fresh.access_expires = now + SignedDuration::from_mins(30);
        Some(fresh)
    }
}

#[test]
fn two_that_refresh_at_once_end_with_one_good_token() {
    let (dir, paths) = folder();
    let options = key_file(dir.path());
    let contoso = owner("contoso");
    let now = Timestamp::from_second(1_900_000_000).unwrap();
    open(&paths, &options).unwrap().replace(&contoso, held(None, Some(tokens("0")))).unwrap();
    let server = Server { refreshes: AtomicUsize::new(0) };
    let start = Barrier::new(4);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let vault = open(&paths, &options).unwrap();
                start.wait();
                let guard = vault.lock().unwrap();
                let (seen, since) = vault.view(&contoso).unwrap();
                let held = seen.unwrap().unwrap().tokens.unwrap();
                if !held.access_is_good(now) {
                    let fresh = server.refresh(held.refresh.as_ref().unwrap(), now);
                    let tokens = &fresh.expect("the server knows this token");
                    let made = Made { tokens, replaced: None, client_secret: None };
                    guard.keep(&contoso, since.unwrap(), &made).unwrap();
                }
            });
        }
    });
    assert_eq!(server.refreshes.load(Ordering::SeqCst), 1);
    let last = open(&paths, &options).unwrap().held(&contoso).unwrap().unwrap().tokens.unwrap();
    assert_eq!(last.refresh.unwrap().expose(), "planted-refresh-1");
}

#[test]
fn many_first_uses_at_once_agree_on_one_key_and_lose_nothing() {
    let (_dir, paths) = folder();
    let options = with_keyring(mock_store());
    let start = Barrier::new(4);
    thread::scope(|scope| {
        for number in 0..4 {
            let (paths, options, start) = (&paths, &options, &start);
            scope.spawn(move || {
                start.wait();
                let vault = open(paths, options).unwrap();
                vault.replace(&owner(&format!("c{number}")), held(Some("s"), None)).unwrap();
            });
        }
    });
    assert_eq!(open(&paths, &options).unwrap().names().unwrap().len(), 4);
}

#[test]
fn a_lock_that_is_held_too_long_is_said() {
    let (dir, paths) = folder();
    let mut options = key_file(dir.path());
    options.lock_limit = Duration::from_millis(500);
    let vault = open(&paths, &options).unwrap();
    let guard = vault.lock().unwrap();
    assert!(matches!(
        vault.replace(&owner("a"), held(None, Some(tokens("1")))),
        Err(Fault::Locked { pid: Some(_), .. })
    ));
    assert!(vault.held(&owner("a")).unwrap().is_none());
    drop(guard);
    vault.replace(&owner("a"), held(None, Some(tokens("1")))).unwrap();
}

#[test]
fn the_guard_may_cross_threads() {
    fn is_send<T: Send + 'static>() {}
    fn is_shared<T: Send + Sync + Clone + 'static>() {}
    is_send::<VaultGuard>();
    is_shared::<Vault>();
}

const CUT_OFF: &str = "ITSMC_TEST_CUT_OFF";

// Killed from outside while it writes.
#[test]
#[ignore = "run by the test below"]
fn writes_until_it_is_killed() {
    let Some(dir) = env::var_os(CUT_OFF) else { return };
    let dir = Path::new(&dir);
    let vault = open(&VaultPaths::in_dir(dir), &key_file(dir)).unwrap();
    for number in 0_u64.. {
        vault.replace(&owner("contoso"), held(Some(&format!("planted-{number}")), None)).unwrap();
        println!("kept {number}");
    }
}

#[test]
fn a_writer_that_is_killed_leaves_the_last_vault_or_the_next() {
    let (dir, paths) = folder();
    let options = key_file(dir.path());
    for round in 1..=10 {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "vault::vault_file::tests::together::writes_until_it_is_killed"])
            .args(["--ignored", "--nocapture"])
            .env(CUT_OFF, dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut numbers = lines.filter_map(|line| line.split_once("kept ")?.1.parse().ok());
        let kept: Vec<u64> = numbers.by_ref().take(round).collect();
        child.kill().unwrap();
        child.wait().unwrap();
        drop(numbers);
        let least = *kept.last().unwrap();
        let secret = open(&paths, &options).unwrap().held(&owner("contoso")).unwrap().unwrap().client_secret.unwrap();
        let number: u64 = secret.expose().trim_start_matches("planted-").parse().unwrap();
        assert!(number >= least, "{number} after {least} was kept");
    }
    open(&paths, &options).unwrap().replace(&owner("last"), held(Some("s"), None)).unwrap();
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 4, "vault, lock, note and key, and nothing half-written");
}

/// Looks around while someone thinks about a passphrase, and then types one.
struct Thinking(Box<dyn FnMut() + Send>);

impl crate::vault::AskPassphrase for Thinking {
    fn passphrase(&mut self, _: bool) -> Option<Secret> {
        None
    }

    fn new_passphrase(&mut self) -> Option<Secret> {
        (self.0)();
        Some(Secret::new("correct horse"))
    }
}

#[test]
fn passphrase_dialog_holds_no_lock() {
    let (_dir, paths) = folder();
    let lock = paths.lock.clone();
    let thinking = Thinking(Box::new(move || drop(LockFile::try_take(&lock).expect("the lock is free"))));
    let vault = Vault::open(paths.clone(), bare(), Box::new(thinking)).unwrap();
    vault.replace(&owner("contoso"), held(Some("planted"), None)).unwrap();
}

#[test]
fn vault_made_by_other_process_during_dialog_is_opened() {
    let (dir, paths) = folder();
    let (other, options) = (paths.clone(), key_file(dir.path()));
    let thinking = Thinking(Box::new(move || {
        open(&other, &options).unwrap().replace(&owner("contoso"), held(Some("planted"), None)).unwrap();
    }));
    let opened = Vault::open(paths.clone(), bare(), Box::new(thinking)).unwrap();
    assert_eq!(opened.names().unwrap(), [name("contoso")]);
    assert!(!paths.wrapped_key.exists(), "the passphrase was typed for nothing");
}
