//! What is kept, and what damage does.

use std::env;
use std::fs;

use rstest::rstest;

use super::*;
use crate::vault::testing::{held, owner, tokens, with_passphrase_file};

#[test]
fn secrets_outlive_the_process_and_none_is_readable_on_disk() {
    let (dir, paths) = folder();
    let options = key_file(dir.path());
    let vault = open(&paths, &options).unwrap();
    vault.replace(&owner("contoso"), held(Some("planted-client-secret"), Some(tokens("1")))).unwrap();
    let again = open(&paths, &options).unwrap().held(&owner("contoso")).unwrap().unwrap();
    assert_eq!(again, held(Some("planted-client-secret"), Some(tokens("1"))));
    let all = String::from_utf8_lossy(&every_file(dir.path())).into_owned();
    assert!(!all.contains("planted") && !all.contains("contoso"));
}

#[test]
fn replaced_tokens_stay_until_they_are_forgotten_by_value() {
    let (dir, paths) = folder();
    let vault = open(&paths, &key_file(dir.path())).unwrap();
    let contoso = owner("contoso");
    let old = |number: &str| Retired { tokens: tokens(number), at: jiff::Timestamp::UNIX_EPOCH };
    let keep = |number: &str, replaced: Option<&Retired>| {
        let since = vault.view(&contoso).unwrap().1.unwrap();
        let made = Made { tokens: &tokens(number), replaced, client_secret: None };
        vault.lock().unwrap().keep(&contoso, since, &made).unwrap();
    };
    vault.replace(&contoso, held(Some("s1"), Some(tokens("1")))).unwrap();
    keep("2", Some(&old("1")));
    keep("3", Some(&old("2")));
    let now = vault.held(&contoso).unwrap().unwrap();
    assert_eq!((now.tokens, now.retired), (Some(tokens("3")), vec![old("1"), old("2")]));
    keep("4", None);
    vault.lock().unwrap().forget_retired(&contoso, &[old("1")]).unwrap();
    let now = vault.held(&contoso).unwrap().unwrap();
    assert_eq!(now, Held { retired: vec![old("2")], ..held(Some("s1"), Some(tokens("4"))) });
}

#[test]
fn what_is_removed_or_signed_out_is_gone() {
    let (dir, paths) = folder();
    let vault = open(&paths, &key_file(dir.path())).unwrap();
    let (one, two) = (owner("one"), owner("two"));
    vault.replace(&one, held(Some("s1"), Some(tokens("1")))).unwrap();
    vault.replace(&two, held(Some("s2"), None)).unwrap();
    vault.lock().unwrap().sign_out(&one).unwrap();
    assert_eq!(vault.held(&one).unwrap(), Some(held(Some("s1"), None)));
    assert_eq!(vault.remove(&one.name).unwrap().unwrap().held, held(Some("s1"), None));
    assert!(vault.remove(&one.name).unwrap().is_none());
    assert_eq!(vault.names().unwrap(), [two.name]);
}

#[test]
fn s2_replacing_leaves_nothing_of_what_was_there() {
    let (dir, paths) = folder();
    let vault = open(&paths, &key_file(dir.path())).unwrap();
    let contoso = owner("contoso");
    vault.replace(&contoso, held(Some("s1"), Some(tokens("1")))).unwrap();
    let left = vault.replace(&contoso, held(None, None)).unwrap();
    assert_eq!(left.unwrap().held, held(Some("s1"), Some(tokens("1"))));
    assert_eq!(vault.held(&contoso).unwrap(), Some(held(None, None)));
}

#[test]
fn s5_a_renewal_writes_only_to_the_entry_that_it_read() {
    let (dir, paths) = folder();
    let vault = open(&paths, &key_file(dir.path())).unwrap();
    let contoso = owner("contoso");
    let mut elsewhere = owner("contoso");
    elsewhere.identity.server = "https://elsewhere.example/".to_owned();
    let changes: [&dyn Fn(); 4] = [
        &|| _ = vault.remove(&contoso.name).unwrap(),
        &|| _ = vault.replace(&elsewhere, held(None, None)).unwrap(),
        &|| _ = vault.replace(&contoso, held(None, None)).unwrap(),
        &|| vault.lock().unwrap().sign_out(&contoso).unwrap(),
    ];
    for change in changes {
        vault.replace(&contoso, held(Some("s1"), Some(tokens("1")))).unwrap();
        let since = vault.view(&contoso).unwrap().1.unwrap();
        change();
        let before = fs::read(&paths.vault).unwrap();
        let made = Made { tokens: &tokens("2"), replaced: None, client_secret: None };
        assert!(vault.lock().unwrap().keep(&contoso, since, &made).is_err());
        assert!(vault.lock().unwrap().take_over(&contoso, Some(since), &made).is_err());
        assert_eq!(fs::read(&paths.vault).unwrap(), before);
    }
}

#[test]
fn s1_an_older_vault_is_bound_once_in_the_life_of_a_home() {
    let (dir, paths) = folder();
    let options = key_file(dir.path());
    let vault = open(&paths, &options).unwrap();
    let json = br#"{"version":1,"connections":{"contoso":{"client_secret":"planted"}}}"#;
    let old = vault.inner.key.seal(json).unwrap();
    fs::write(&paths.vault, &old).unwrap();
    let contoso = || Ok(vec![owner("contoso")]);
    vault.bind(contoso).unwrap();
    assert!(vault.held(&owner("contoso")).unwrap().is_some());
    // Put back later, when the settings may be others.
    fs::write(&paths.vault, &old).unwrap();
    vault.bind(contoso).unwrap();
    assert!(vault.held(&owner("contoso")).unwrap().is_none());
}

#[cfg(unix)]
#[test]
fn every_file_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, paths) = folder();
    let vault = open(&paths, &with_passphrase_file(dir.path(), "a good passphrase")).unwrap();
    vault.replace(&owner("a"), held(Some("s"), None)).unwrap();
    for path in [&paths.vault, &paths.lock, &paths.hint, &paths.wrapped_key] {
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
    let put = vault.replace(&owner("a"), held(Some("s"), None));
    assert!(matches!(put, Err(Fault::VaultDamaged { .. })), "{put:?}");
    assert_eq!(fs::read(&paths.vault).unwrap(), bytes);
}

#[test]
fn a_vault_that_vanishes_is_not_made_anew_behind_our_back() {
    let (dir, paths) = folder();
    let vault = open(&paths, &key_file(dir.path())).unwrap();
    fs::remove_file(&paths.vault).unwrap();
    assert!(matches!(vault.replace(&owner("a"), held(None, Some(tokens("1")))), Err(Fault::VaultDamaged { .. })));
    assert!(!paths.vault.exists());
}

#[test]
fn age_itself_opens_the_vault() {
    let (dir, paths) = folder();
    let options = key_file(dir.path());
    open(&paths, &options).unwrap().replace(&owner("contoso"), held(Some("planted"), None)).unwrap();
    let identity = dir.path().join("the.key");
    let run = std::process::Command::new("age").arg("-d").arg("-i").arg(identity).arg(&paths.vault).output();
    let Ok(output) = run else {
        assert!(env::var("CI").as_deref() != Ok("true"), "the program 'age' is not installed");
        eprintln!("skipped: the program 'age' is not installed");
        return;
    };
    assert!(output.status.success());
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["version"], 2);
    assert_eq!(json["connections"]["contoso"]["client_secret"], "planted");
}
