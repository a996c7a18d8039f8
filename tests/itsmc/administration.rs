//! The checklist, its fixes and the life of the tokens, by commands.

use itsmc_practice::servicenow::{Options, Revoke, UserState};

use crate::site::{NAME, Site, shown, with_stdin};

/// The admin's password and the new user's, as the commands read them from stdin.
fn admin_secrets(site: &Site) -> String {
    let password = &site.control.sign_in().password;
    format!("admin_password = \"{password}\"\nuser_password = \"{password}\"\npassword = \"{password}\"\n")
}

fn as_admin(site: &Site, arguments: &[&str]) -> (i32, serde_json::Value) {
    let admin = site.control.sign_in().admin.clone();
    let mut command = site.itsmc(arguments);
    command.args(["--admin", &admin, "--secrets-stdin", "--json"]);
    let output = with_stdin(&mut command, &admin_secrets(site));
    let document = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", shown(&output)));
    (output.status.code().unwrap(), document)
}

fn rotate(site: &Site) -> (i32, serde_json::Value) {
    let mut command = site.itsmc(&["token", "rotate", NAME, "--secrets-stdin", "--json"]);
    let output = with_stdin(&mut command, &admin_secrets(site));
    let document = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", shown(&output)));
    (output.status.code().unwrap(), document)
}

#[test]
fn a_bare_instance_is_brought_to_completed() {
    let site = Site::new(Options::bare());
    let details = site.control.sign_in();
    let added = site.add_with(&site.form(&[]), &details.password, &details.client_secret, &["--signed-out"]);
    assert_eq!(added.status.code(), Some(8), "{}", shown(&added));
    let (code, before) = as_admin(&site, &["checklist", NAME]);
    assert_eq!((code, &before["status"]), (8, &"not_complete".into()), "{before}");
    let (code, after) = as_admin(&site, &["checklist", NAME, "--fix", "--yes"]);
    assert_eq!((code, &after["status"]), (0, &"completed".into()), "{after}");
    let roles: Vec<_> = site
        .control
        .roles(&details.username)
        .into_iter()
        .filter(|role| !role.inherited)
        .map(|role| role.role)
        .collect();
    for needed in ["personalize_choices", "import_transformer", "x_mioms_microsoft.user", "itil"] {
        assert_eq!(roles.iter().filter(|role| *role == needed).count(), 1, "{needed}: {roles:?}");
    }
    let (code, rotated) = rotate(&site);
    assert_eq!(code, 0, "{rotated}");
    site.ok(&["sync"]);
    let (code, again) = as_admin(&site, &["checklist", NAME, "--fix", "--yes"]);
    assert_eq!((code, &again["fixed"]), (0, &serde_json::json!([])), "{again}");
    site.assert_no_secret_on_disk();
}

#[test]
fn a_locked_user_is_let_in_again() {
    let site = Site::connected(Options::still());
    let details = site.control.sign_in();
    let locked = UserState { locked_out: Some(true), ..UserState::default() };
    site.control.set_user_state(&details.username, locked).unwrap();
    assert_eq!(rotate(&site).0, 3);
    let (code, fixed) = as_admin(&site, &["checklist", NAME, "--fix", "--yes"]);
    assert_eq!((code, &fixed["status"]), (0, &"completed".into()), "{fixed}");
    let done = &fixed["fixed"][0];
    assert_eq!((&done["fix"]["fix"], &done["by"]), (&"free_user".into(), &details.admin.clone().into()), "{done}");
    assert_eq!(
        done["changes"],
        serde_json::json!([{
            "table": "sys_user", "record": details.username, "column": "locked_out", "before": "true", "after": "false"
        }])
    );
    assert_eq!(rotate(&site).0, 0);
}

#[test]
fn without_an_admin_what_cannot_be_seen_is_said_and_can_be_asked_for() {
    let site = Site::connected(Options::still());
    let (code, checklist) = site.json(&["checklist", NAME]);
    assert_eq!(code, 8, "{checklist}");
    let unseen: Vec<_> =
        checklist["steps"].as_array().unwrap().iter().filter(|item| item["status"] == "unknown").collect();
    assert!(!unseen.is_empty(), "{checklist}");
    let letter = site.run(&["checklist", NAME, "--ask"]);
    assert!(
        String::from_utf8_lossy(&letter.stdout).contains("7,776,000")
            || String::from_utf8_lossy(&letter.stdout).contains("7776000"),
        "{}",
        shown(&letter)
    );
}

#[test]
fn a_rotation_that_gets_the_same_tokens_revokes_nothing() {
    let site = Site::connected(Options::still());
    let (code, rotated) = rotate(&site);
    assert_eq!((code, &rotated["renewed"], &rotated["revoked"]), (0, &"unchanged".into(), &0.into()), "{rotated}");
    site.ok(&["sync"]);
}

#[test]
fn a_rotation_revokes_the_old_tokens_and_lives_on_the_new() {
    let mut options = Options::still();
    options.oauth.new_refresh_token_each_time = true;
    let site = Site::connected(options);
    let before = site.control.tokens();
    let (code, rotated) = rotate(&site);
    assert_eq!((code, &rotated["revoked"]), (0, &1.into()), "{rotated}");
    assert!(site.control.tokens().len() > before.len());
    site.ok(&["sync"]);
    let (code, list) = site.json(&["token", "list", NAME]);
    assert_eq!(code, 0, "{list}");
    assert!(list["held"].as_array().unwrap().iter().all(|token| token["retired_at"].is_null()), "{list}");
    site.assert_no_secret_on_disk();
}

/// Which tokens are stale is known only from the product's own list.
#[test]
fn a_list_of_tokens_that_was_not_read_proves_nothing() {
    let mut site = Site::connected(Options::still());
    let (code, hidden) = site.json(&["token", "revoke", NAME, "--stale", "--yes"]);
    assert_eq!((code, &hidden["all_seen"]), (8, &false.into()), "this user may not see the list: {hidden}");
    site.stop();
    let listed = site.run(&["token", "list", NAME]);
    let text = shown(&listed);
    assert_eq!(listed.status.code(), Some(6), "{text}");
    assert!(text.contains("which of them are stale is unknown") && text.contains("in use"), "{text}");
    assert!(!text.contains("an admin may"), "nobody knows what this user may see: {text}");
    for wanted in [&["--stale", "--yes"] as &[&str], &["deadbeef", "--yes"]] {
        let output = site.run(&[&["token", "revoke", NAME], wanted].concat());
        let text = shown(&output);
        assert_eq!(output.status.code(), Some(6), "{text}");
        assert!(text.contains("refused the connection") && !text.contains("No stale tokens"), "{text}");
    }
}

#[test]
fn revoking_what_it_lives_on_signs_out_and_a_rotation_signs_in_again() {
    let site = Site::connected(Options::still());
    site.ok(&["sync"]);
    let items = site.ok(&["items", "--csv"]);
    let (_, list) = site.json(&["token", "list", NAME]);
    let refresh = list["held"].as_array().unwrap().iter().find(|token| token["kind"] == "refresh").unwrap();
    let print = refresh["fingerprint"].as_str().unwrap();
    let (code, outcome) = site.json(&["token", "revoke", NAME, print, "--yes"]);
    assert_eq!((code, &outcome["revoked"][0]["revoked"]), (0, &true.into()), "{outcome}");
    assert!(site.control.issued().iter().all(|token| !token.valid), "its access token is revoked along");
    let (code, _) = site.json(&["sync"]);
    assert_eq!(code, 3);
    assert_eq!(site.ok(&["items", "--csv"]), items, "its data stays");
    assert_eq!(rotate(&site).0, 0);
    site.ok(&["sync"]);
}

#[test]
fn an_application_that_signs_in_with_its_own_secret_rotates_without_a_password() {
    let mut options = Options::still();
    options.oauth.client_credentials = true;
    let site = Site::new(options);
    let added = site.add(&site.form(&[("grant", "\"client_credentials\"")]));
    assert!(added.status.success(), "{}", shown(&added));
    let (code, rotated) = site.json(&["token", "rotate", NAME]);
    assert_eq!(code, 0, "{rotated}");
    site.ok(&["sync"]);
}

#[test]
fn a_wrong_password_rotates_nothing() {
    let site = Site::connected(Options::still());
    let mut command = site.itsmc(&["token", "rotate", NAME, "--secrets-stdin"]);
    let refused = with_stdin(&mut command, "password = \"not the password\"\n");
    assert_eq!(refused.status.code(), Some(3), "{}", shown(&refused));
    site.ok(&["sync"]);
}

#[test]
fn a_sign_in_that_was_revoked_is_signed_out() {
    let site = Site::connected(Options::still());
    site.ok(&["sync"]);
    site.ok(&["status", "--check"]);
    site.control.revoke(Revoke::All);
    assert_eq!(site.json(&["sync"]).0, 3);
    assert_eq!(site.json(&["status", "--check", "--max-age", "1d"]).0, 3);
}
