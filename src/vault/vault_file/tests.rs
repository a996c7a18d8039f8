use std::fs;
use std::path::Path;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;
use tempfile::TempDir;

use super::*;
use crate::vault::testing::{
    Typed, bare, broken_store, hung_store, mock_store, name, tokens, with_keyring, with_passphrase_file,
};
use crate::vault::{KeyTarget, NoAsk, doctor};

fn folder() -> (TempDir, VaultPaths) {
    let dir = tempfile::tempdir().unwrap();
    let paths = VaultPaths::in_dir(dir.path());
    (dir, paths)
}

fn key_file(dir: &Path) -> VaultOptions {
    VaultOptions { key_file: Some(dir.join("the.key")), ..bare() }
}

fn open(paths: &VaultPaths, options: &VaultOptions) -> Result<Vault, Fault> {
    Vault::open(paths.clone(), options.clone(), Box::new(NoAsk))
}

fn every_file(dir: &Path) -> Vec<u8> {
    let files = fs::read_dir(dir).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
    files.flatten().collect()
}

#[test]
fn secrets_outlive_the_process_and_none_is_readable_on_disk() {
    let (dir, paths) = folder();
    let options = key_file(dir.path());
    let vault = open(&paths, &options).unwrap();
    vault.put(&name("contoso"), Some(Secret::new("planted-client-secret")), Some(tokens("1"))).unwrap();
    let again = open(&paths, &options).unwrap();
    assert_eq!(again.client_secret(&name("contoso")).unwrap().unwrap().expose(), "planted-client-secret");
    assert_eq!(again.tokens(&name("contoso")).unwrap(), Some(tokens("1")));
    let all = String::from_utf8_lossy(&every_file(dir.path())).into_owned();
    assert!(!all.contains("planted") && !all.contains("contoso"));
}

#[test]
fn what_is_not_given_stays_and_what_is_removed_is_gone() {
    let (dir, paths) = folder();
    let vault = open(&paths, &key_file(dir.path())).unwrap();
    let (one, two) = (name("one"), name("two"));
    vault.put(&one, Some(Secret::new("s1")), Some(tokens("1"))).unwrap();
    vault.put(&two, Some(Secret::new("s2")), None).unwrap();
    vault.put(&one, None, Some(tokens("2"))).unwrap();
    assert_eq!(vault.client_secret(&one).unwrap().unwrap().expose(), "s1");
    vault.remove_tokens(&one).unwrap();
    assert_eq!(vault.tokens(&one).unwrap(), None);
    assert_eq!(vault.client_secret(&one).unwrap().unwrap().expose(), "s1");
    assert!(vault.remove(&one).unwrap());
    assert!(!vault.remove(&one).unwrap());
    assert_eq!(vault.names().unwrap(), [two]);
}

#[cfg(unix)]
#[test]
fn every_file_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, paths) = folder();
    let vault = open(&paths, &with_passphrase_file(dir.path(), "a good passphrase")).unwrap();
    vault.put(&name("a"), Some(Secret::new("s")), None).unwrap();
    for path in [&paths.vault, &paths.lock, &paths.marker, &paths.wrapped_key] {
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600, "{}", path.display());
    }
}

#[test]
fn the_first_place_that_works_is_taken_and_remembered() {
    let (_dir, paths) = folder();
    let store = mock_store();
    let vault = open(&paths, &with_keyring(store.clone())).unwrap();
    vault.put(&name("a"), Some(Secret::new("s")), None).unwrap();
    let key_use = vault.key_place();
    assert_eq!((key_use.place.id(), key_use.why), ("keyring", Why::FirstThatWorks));
    let again = open(&paths, &with_keyring(store)).unwrap();
    assert_eq!(again.key_place().why, Why::Remembered);
    assert!(again.client_secret(&name("a")).unwrap().is_some());
    assert!(!paths.wrapped_key.exists());
}

#[rstest]
#[case::broken(broken_store(), "no bus")]
#[case::hung(hung_store(), "no answer within")]
fn a_keyring_that_fails_gives_way_to_the_passphrase_on_first_use(
    #[case] store: crate::vault::MakeStore,
    #[case] why: &str,
) {
    let (dir, paths) = folder();
    let mut options = with_passphrase_file(dir.path(), "a good passphrase");
    options.keyring = Some(store);
    options.keyring_limit = Duration::from_millis(50);
    let vault = open(&paths, &options).unwrap();
    let key_use = vault.key_place();
    assert_eq!(key_use.place, KeyPlace::Passphrase);
    assert_eq!(key_use.tried.len(), 1);
    assert!(key_use.tried[0].reason.contains(why), "{:?}", key_use.tried);
    assert_eq!(open(&paths, &options).unwrap().key_place().why, Why::Remembered);
}

#[test]
fn without_any_place_nothing_is_made_and_all_that_was_tried_is_told() {
    let (_dir, paths) = folder();
    let Err(Fault::NoKeyPlace { tried }) = open(&paths, &with_keyring(broken_store())) else { panic!("it opened") };
    assert_eq!(tried.len(), 2);
    assert!(tried[0].starts_with("keyring: ") && tried[1].starts_with("passphrase: "), "{tried:?}");
    assert!(!paths.vault.exists() && !paths.marker.exists() && !paths.wrapped_key.exists());
}

#[test]
fn a_place_asked_for_by_name_that_fails_is_not_replaced() {
    let (dir, paths) = folder();
    let mut options = with_keyring(mock_store());
    options.key_file = Some(dir.path().join("the.key"));
    fs::write(dir.path().join("the.key"), "no key at all").unwrap();
    let Err(Fault::NoKeyPlace { tried }) = open(&paths, &options) else { panic!("it opened") };
    assert_eq!(tried.len(), 1);
    assert_eq!(fs::read(dir.path().join("the.key")).unwrap(), b"no key at all");
}

#[test]
fn a_remembered_place_that_fails_is_an_error_not_a_switch() {
    let (dir, paths) = folder();
    open(&paths, &with_keyring(mock_store())).unwrap();
    let before = fs::read(&paths.vault).unwrap();
    let mut options = with_passphrase_file(dir.path(), "a good passphrase");
    for store in [broken_store(), mock_store()] {
        options.keyring = Some(store);
        let Err(Fault::VaultLocked { reason, .. }) = open(&paths, &options) else { panic!("it opened") };
        assert!(reason.starts_with("keyring: "), "{reason}");
    }
    assert_eq!(fs::read(&paths.vault).unwrap(), before);
    assert!(!paths.wrapped_key.exists());
}

#[test]
fn a_passphrase_is_asked_for_and_a_wrong_one_is_said() {
    let (_dir, paths) = folder();
    let with = |typed: &[&str]| Vault::open(paths.clone(), bare(), Typed::new(typed));
    with(&["right one"]).unwrap();
    with(&["wrong", "wrong again", "right one"]).unwrap();
    assert!(matches!(with(&["1", "2", "3", "right one"]), Err(Fault::WrongPassphrase { .. })));
    assert!(matches!(with(&[]), Err(Fault::VaultLocked { .. })));
}

#[test]
fn a_wrong_passphrase_file_is_not_tried_thrice() {
    let (dir, paths) = folder();
    open(&paths, &with_passphrase_file(dir.path(), "right one")).unwrap();
    let fault = open(&paths, &with_passphrase_file(dir.path(), "wrong one")).err().unwrap();
    assert!(matches!(fault, Fault::WrongPassphrase { .. }));
}

#[cfg(unix)]
#[test]
fn a_command_or_a_credential_gives_the_key() {
    let (dir, paths) = folder();
    let key = Key::generate();
    let file = dir.path().join("itsmc-key");
    fs::write(&file, key.text().expose()).unwrap();
    let by_command = VaultOptions { key_command: Some(format!("cat '{}'", file.display())), ..bare() };
    assert_eq!(open(&paths, &by_command).unwrap().key_place().place, KeyPlace::Command);
    let by_credential = VaultOptions { credential: Some(file), ..bare() };
    assert_eq!(open(&paths, &by_credential).unwrap().key_place().place, KeyPlace::Credential);
    let Err(Fault::VaultLocked { reason, .. }) = open(&paths, &bare()) else { panic!("it opened") };
    assert!(reason.contains("ITSMC_KEY_CMD is not set"), "{reason}");
}

#[test]
fn another_key_does_not_open_it_and_is_said_to_be_another() {
    let (dir, paths) = folder();
    open(&paths, &key_file(dir.path())).unwrap();
    let other = dir.path().join("other.key");
    fs::write(&other, Key::generate().text().expose()).unwrap();
    let options = VaultOptions { key_file: Some(other), ..bare() };
    assert!(matches!(open(&paths, &options), Err(Fault::VaultLocked { .. })));
}

#[rstest]
#[case::empty(|_: &mut Vec<u8>| {})]
#[case::first_bytes(|bytes: &mut Vec<u8>| bytes[0] ^= 1)]
#[case::header(|bytes: &mut Vec<u8>| bytes[70] = if bytes[70] == b'A' { b'B' } else { b'A' })]
#[case::body(|bytes: &mut Vec<u8>| { let last = bytes.len() - 1; bytes[last] ^= 1 })]
#[case::cut_short(|bytes: &mut Vec<u8>| { bytes.truncate(bytes.len() - 3) })]
fn a_damaged_vault_is_said_and_never_overwritten(#[case] damage: fn(&mut Vec<u8>)) {
    let (dir, paths) = folder();
    let options = key_file(dir.path());
    let vault = open(&paths, &options).unwrap();
    let before = fs::read(&paths.vault).unwrap();
    let mut bytes = before.clone();
    damage(&mut bytes);
    if bytes == before {
        bytes.clear();
    }
    fs::write(&paths.vault, &bytes).unwrap();
    assert!(matches!(open(&paths, &options), Err(Fault::VaultDamaged { .. })));
    let put = vault.put(&name("a"), Some(Secret::new("s")), None);
    assert!(matches!(put, Err(Fault::VaultDamaged { .. })), "{put:?}");
    assert_eq!(fs::read(&paths.vault).unwrap(), bytes);
}

#[test]
fn a_vault_that_vanishes_is_not_made_anew_behind_our_back() {
    let (dir, paths) = folder();
    let vault = open(&paths, &key_file(dir.path())).unwrap();
    fs::remove_file(&paths.vault).unwrap();
    assert!(matches!(vault.put(&name("a"), None, Some(tokens("1"))), Err(Fault::VaultDamaged { .. })));
    assert!(!paths.vault.exists());
}

#[test]
fn a_lost_note_of_the_place_is_found_again() {
    let (_dir, paths) = folder();
    let options = with_keyring(mock_store());
    open(&paths, &options).unwrap().put(&name("a"), Some(Secret::new("s")), None).unwrap();
    for text in [None, Some("{ damaged")] {
        fs::remove_file(&paths.marker).unwrap();
        text.iter().for_each(|text| fs::write(&paths.marker, text).unwrap());
        let vault = open(&paths, &options).unwrap();
        assert!(vault.client_secret(&name("a")).unwrap().is_some());
        assert_eq!(open(&paths, &options).unwrap().key_place().why, Why::Remembered);
    }
}

#[test]
fn a_first_use_that_was_cut_off_after_the_key_goes_on_with_it() {
    let (dir, paths) = folder();
    let options = key_file(dir.path());
    let key = Key::generate();
    fs::write(dir.path().join("the.key"), key.text().expose()).unwrap();
    fs::remove_file(&paths.vault).ok();
    assert_eq!(open(&paths, &options).unwrap().inner.key.recipient(), key.recipient());
}

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

#[test]
fn the_key_moves_and_leaves_its_old_place() {
    let (dir, paths) = folder();
    let store = mock_store();
    let options = with_keyring(store);
    let file = dir.path().join("moved.key");
    let vault = open(&paths, &options).unwrap();
    vault.put(&name("a"), Some(Secret::new("s")), None).unwrap();
    let mut typed = *Typed::new(&["a good passphrase"]);
    for (to, id) in [
        (KeyTarget::KeyFile(file.clone()), "key-file"),
        (KeyTarget::Passphrase, "passphrase"),
        (KeyTarget::Keyring, "keyring"),
    ] {
        let moved = vault.move_key(to, &mut typed).unwrap();
        assert_eq!((moved.to.id(), moved.left_behind), (id, None));
        let again = Vault::open(paths.clone(), options.clone(), Typed::new(&["a good passphrase"])).unwrap();
        assert_eq!(again.key_place().place.id(), id);
        assert!(again.client_secret(&name("a")).unwrap().is_some());
    }
    assert!(!file.exists() && !paths.wrapped_key.exists());
}

#[test]
fn a_key_that_cannot_move_stays_where_it_is() {
    let (dir, paths) = folder();
    let options = VaultOptions { keyring: Some(broken_store()), ..key_file(dir.path()) };
    let vault = open(&paths, &options).unwrap();
    let fault = vault.move_key(KeyTarget::Keyring, &mut NoAsk).unwrap_err();
    assert!(matches!(fault, Fault::KeyringUnavailable { .. }));
    let taken = dir.path().join("taken");
    fs::write(&taken, "something else").unwrap();
    assert!(vault.move_key(KeyTarget::KeyFile(taken.clone()), &mut NoAsk).is_err());
    assert!(vault.move_key(KeyTarget::Passphrase, &mut NoAsk).is_err());
    assert_eq!(fs::read(&taken).unwrap(), b"something else");
    assert_eq!(open(&paths, &options).unwrap().key_place().place.id(), "key-file");
}

#[test]
fn the_doctor_tells_every_place_and_changes_nothing() {
    let (dir, paths) = folder();
    let store = mock_store();
    let mut options = with_passphrase_file(dir.path(), "planted-passphrase");
    options.keyring = Some(broken_store());
    open(&paths, &options).unwrap();
    options.keyring = Some(store);
    let before = every_file(dir.path());
    let facts = doctor::examine(&paths, &options).unwrap();
    assert_eq!(every_file(dir.path()), before);
    let states: Vec<_> = facts.places.iter().map(|fact| (fact.place, fact.state, fact.in_use)).collect();
    use doctor::PlaceState::{NeedsPassphrase, NotSet, Works};
    assert_eq!(
        states,
        [
            ("key-file", NotSet, false),
            ("credential", NotSet, false),
            ("command", NotSet, false),
            ("keyring", Works, false),
            ("passphrase", NeedsPassphrase, true),
        ]
    );
    assert!(!serde_json::to_string(&facts).unwrap().contains("planted"));
}

#[test]
fn age_itself_opens_the_vault() {
    let (dir, paths) = folder();
    let options = key_file(dir.path());
    open(&paths, &options).unwrap().put(&name("contoso"), Some(Secret::new("planted")), None).unwrap();
    let identity = dir.path().join("the.key");
    let run = std::process::Command::new("age").arg("-d").arg("-i").arg(identity).arg(&paths.vault).output();
    let Ok(output) = run else {
        eprintln!("skipped: the program 'age' is not installed");
        return;
    };
    assert!(output.status.success());
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["version"], 1);
    assert_eq!(json["connections"]["contoso"]["client_secret"], "planted");
}
