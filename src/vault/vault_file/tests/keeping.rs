//! What is kept, and what damage does.

use std::env;
use std::fs;

use rstest::rstest;

use super::*;
use crate::vault::testing::{name, tokens, with_passphrase_file};

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
fn replaced_tokens_stay_until_they_are_forgotten_by_value() {
    let (dir, paths) = folder();
    let vault = open(&paths, &key_file(dir.path())).unwrap();
    let contoso = name("contoso");
    let old = |number: &str| Retired { tokens: tokens(number), at: jiff::Timestamp::UNIX_EPOCH };
    vault.put(&contoso, Some(Secret::new("s1")), Some(tokens("1"))).unwrap();
    vault.lock().unwrap().rotate(&contoso, &tokens("2"), Some(&old("1"))).unwrap();
    vault.lock().unwrap().rotate(&contoso, &tokens("3"), Some(&old("2"))).unwrap();
    assert_eq!(vault.tokens(&contoso).unwrap(), Some(tokens("3")));
    assert_eq!(vault.retired(&contoso).unwrap(), [old("1"), old("2")]);
    vault.put(&contoso, None, Some(tokens("4"))).unwrap();
    vault.lock().unwrap().forget_retired(&contoso, &[old("1")]).unwrap();
    assert_eq!(vault.retired(&contoso).unwrap(), [old("2")]);
    assert_eq!(vault.tokens(&contoso).unwrap(), Some(tokens("4")));
    assert_eq!(vault.client_secret(&contoso).unwrap().unwrap().expose(), "s1");
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
fn age_itself_opens_the_vault() {
    let (dir, paths) = folder();
    let options = key_file(dir.path());
    open(&paths, &options).unwrap().put(&name("contoso"), Some(Secret::new("planted")), None).unwrap();
    let identity = dir.path().join("the.key");
    let run = std::process::Command::new("age").arg("-d").arg("-i").arg(identity).arg(&paths.vault).output();
    let Ok(output) = run else {
        assert!(env::var("CI").as_deref() != Ok("true"), "the program 'age' is not installed");
        eprintln!("skipped: the program 'age' is not installed");
        return;
    };
    assert!(output.status.success());
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["version"], 1);
    assert_eq!(json["connections"]["contoso"]["client_secret"], "planted");
}
