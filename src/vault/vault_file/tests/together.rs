//! Several at once.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::vault::testing::{mock_store, name, tokens, with_keyring};

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
    let contoso = name("contoso");
    let now = Timestamp::from_second(1_900_000_000).unwrap();
    open(&paths, &options).unwrap().put(&contoso, None, Some(tokens("0"))).unwrap();
    let server = Server { refreshes: AtomicUsize::new(0) };
    let start = Barrier::new(4);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let vault = open(&paths, &options).unwrap();
                start.wait();
                let guard = vault.lock().unwrap();
                let held = guard.tokens(&contoso).unwrap().unwrap();
                if !held.access_is_good(now) {
                    let fresh = server.refresh(held.refresh.as_ref().unwrap(), now);
                    guard.put_tokens(&contoso, &fresh.expect("the server knows this token")).unwrap();
                }
            });
        }
    });
    assert_eq!(server.refreshes.load(Ordering::SeqCst), 1);
    let last = open(&paths, &options).unwrap().tokens(&contoso).unwrap().unwrap();
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
                vault.put(&name(&format!("c{number}")), Some(Secret::new("s")), None).unwrap();
            });
        }
    });
    assert_eq!(open(&paths, &options).unwrap().names().unwrap().len(), 4);
}

#[test]
fn a_lock_that_is_held_too_long_is_said() {
    let (dir, paths) = folder();
    let mut options = key_file(dir.path());
    options.lock_limit = Duration::ZERO;
    let vault = open(&paths, &options).unwrap();
    let guard = vault.lock().unwrap();
    assert!(matches!(vault.put(&name("a"), None, Some(tokens("1"))), Err(Fault::Locked { pid: Some(_), .. })));
    assert_eq!(vault.tokens(&name("a")).unwrap(), None);
    drop(guard);
    vault.put(&name("a"), None, Some(tokens("1"))).unwrap();
}

#[test]
fn the_guard_may_cross_threads() {
    fn is_send<T: Send + 'static>() {}
    fn is_shared<T: Send + Sync + Clone + 'static>() {}
    is_send::<VaultGuard>();
    is_shared::<Vault>();
}
