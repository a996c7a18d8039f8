//! Where the key is found, and where it moves.

use std::fs;
use std::time::Duration;

use rstest::rstest;

use super::*;
use crate::vault::testing::{
    Typed, bare, broken_store, held, hung_store, mock_store, owner, with_keyring, with_passphrase_file,
};
use crate::vault::{KeyTarget, MakeStore, NoAsk, doctor};

#[test]
fn the_first_place_that_works_is_taken_and_remembered() {
    let (_dir, paths) = folder();
    let store = mock_store();
    let vault = open(&paths, &with_keyring(store.clone())).unwrap();
    vault.replace(&owner("a"), held(Some("s"), None)).unwrap();
    let key_use = vault.key_source();
    assert_eq!((key_use.place.id(), key_use.why), ("keyring", Why::FirstThatWorks));
    let again = open(&paths, &with_keyring(store)).unwrap();
    assert_eq!(again.key_source().why, Why::Remembered);
    assert!(again.held(&owner("a")).unwrap().is_some());
    assert!(!paths.wrapped_key.exists());
}

#[rstest]
#[case::broken(broken_store(), "no bus")]
#[case::hung(hung_store(), "no answer within")]
fn failing_keyring_falls_back_to_passphrase_on_first_use(#[case] store: MakeStore, #[case] why: &str) {
    let (dir, paths) = folder();
    let mut options = with_passphrase_file(dir.path(), "a good passphrase");
    options.keyring = Some(store);
    options.keyring_limit = Duration::from_millis(50);
    let vault = open(&paths, &options).unwrap();
    let key_use = vault.key_source();
    assert_eq!(key_use.place, KeySource::Passphrase);
    assert_eq!(key_use.tried.len(), 1);
    assert!(key_use.tried[0].reason.contains(why), "{:?}", key_use.tried);
    assert_eq!(open(&paths, &options).unwrap().key_source().why, Why::Remembered);
}

#[test]
fn vault_without_key_source_is_not_made_and_lists_tries() {
    let (_dir, paths) = folder();
    let Err(Fault::NoKeyPlace { tried }) = open(&paths, &with_keyring(broken_store())) else { panic!("it opened") };
    assert_eq!(tried.len(), 2);
    assert!(tried[0].starts_with("keyring: ") && tried[1].starts_with("passphrase: "), "{tried:?}");
    assert!(!paths.vault.exists() && !paths.hint.exists() && !paths.wrapped_key.exists());
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
    assert_eq!(open(&paths, &by_command).unwrap().key_source().place, KeySource::Command);
    let by_credential = VaultOptions { credential: Some(file), ..bare() };
    assert_eq!(open(&paths, &by_credential).unwrap().key_source().place, KeySource::Credential);
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

#[test]
fn a_lost_note_of_the_place_is_found_again() {
    let (_dir, paths) = folder();
    let options = with_keyring(mock_store());
    open(&paths, &options).unwrap().replace(&owner("a"), held(Some("s"), None)).unwrap();
    for text in [None, Some("{ damaged")] {
        fs::remove_file(&paths.hint).unwrap();
        text.iter().for_each(|text| fs::write(&paths.hint, text).unwrap());
        let vault = open(&paths, &options).unwrap();
        assert!(vault.held(&owner("a")).unwrap().is_some());
        assert_eq!(open(&paths, &options).unwrap().key_source().why, Why::Remembered);
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

#[test]
fn the_key_moves_and_leaves_its_old_place() {
    let (dir, paths) = folder();
    let store = mock_store();
    let options = with_keyring(store);
    let file = dir.path().join("moved.key");
    let vault = open(&paths, &options).unwrap();
    vault.replace(&owner("a"), held(Some("s"), None)).unwrap();
    let mut typed = *Typed::new(&["a good passphrase"]);
    for (to, id) in [
        (KeyTarget::KeyFile(file.clone()), "key-file"),
        (KeyTarget::Passphrase, "passphrase"),
        (KeyTarget::Keyring, "keyring"),
    ] {
        let moved = vault.move_key(to, &mut typed).unwrap();
        assert_eq!((moved.to.id(), moved.left_behind), (id, None));
        let again = Vault::open(paths.clone(), options.clone(), Typed::new(&["a good passphrase"])).unwrap();
        assert_eq!(again.key_source().place.id(), id);
        assert!(again.held(&owner("a")).unwrap().is_some());
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
    assert_eq!(open(&paths, &options).unwrap().key_source().place.id(), "key-file");
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
fn a_key_that_was_only_named_for_a_run_is_left_alone_by_a_move() {
    let (dir, paths) = folder();
    let store = mock_store();
    let options = with_keyring(store);
    let vault = open(&paths, &options).unwrap();
    let copy = dir.path().join("copy.key");
    fs::write(&copy, vault.inner.key.text().expose()).unwrap();
    let named = open(&paths, &VaultOptions { key_file: Some(copy.clone()), ..options.clone() }).unwrap();
    assert_eq!(named.key_source().why, Why::Named);
    let moved = named.move_key(KeyTarget::Passphrase, Typed::new(&["a good passphrase"]).as_mut()).unwrap();
    assert_eq!((moved.from.id(), moved.left_behind), ("keyring", None));
    assert!(copy.exists());
    let Err(Fault::VaultLocked { reason, .. }) = open(&paths, &options) else { panic!("it opened") };
    assert!(reason.starts_with("passphrase: "), "{reason}");
}
