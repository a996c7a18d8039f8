//! A rotation is killed while each of its requests is under way: the old sign-in works afterwards, or the new one.

use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

use itsmc_practice::servicenow::{FaultKind, FaultSpec, Options};
use rstest::rstest;

use itsmc::model::summary::Event;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::desk::change_config;
use crate::site::{NAME, Site, services, shown, with_stdin};

/// Longer than any test waits.
const FOR_EVER: u64 = 600_000;

#[rstest]
fn cut_at_any_request_a_sign_in_still_works(
    #[values(false, true)] new_refresh_token: bool,
    #[values(("oauth_token", 0), ("/api/now/", 0), ("/api/now/", 1), ("/api/now/", 2), ("oauth_revoke", 0), ("oauth_revoke", 1))]
    cut: (&str, u64),
) {
    let mut options = Options::still();
    options.oauth.new_refresh_token_each_time = new_refresh_token;
    let site = Site::connected(options);
    site.ok(&["sync"]);
    let (path, after) = cut;
    let slow = FaultSpec { millis: FOR_EVER, ..FaultSpec::new(FaultKind::Slow) };
    site.control.fault(slow.on(path).after(after));
    let ended = kill_when_struck(&site);
    site.control.clear_faults();
    site.ok(&["sync"]);
    let (code, list) = site.json(&["token", "list", NAME]);
    assert!(matches!(code, 0 | 8), "{list}");
    // Whatever was left to revoke is revoked by the next rotation, which ends well.
    assert_eq!(rotate(&site).wait().unwrap().code(), Some(0), "ended before it was cut: {ended}");
    site.ok(&["sync"]);
    site.assert_no_secret_on_disk();
}

/// Starts a rotation, and kills it once the request that hangs has arrived; whether it ended before that.
fn kill_when_struck(site: &Site) -> bool {
    let mut child = rotate(site);
    let deadline = Instant::now() + Duration::from_secs(60);
    while !site.control.faults().is_empty() && child.try_wait().unwrap().is_none() {
        assert!(Instant::now() < deadline, "the request never came");
        std::thread::sleep(Duration::from_millis(1));
    }
    let ended = child.try_wait().unwrap().is_some();
    child.kill().unwrap();
    child.wait().unwrap();
    ended
}

fn rotate(site: &Site) -> std::process::Child {
    let mut command = site.itsmc(&["token", "rotate", NAME, "--secrets-stdin", "--quiet"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let details = site.control.sign_in();
    let secrets = format!("password = '{}'\nclient_secret = '{}'\n", details.password, details.client_secret);
    child.stdin.take().unwrap().write_all(secrets.as_bytes()).unwrap();
    child
}

/// A connection whose settings name another user than it was signed in for, and the fingerprints of what it holds.
fn of_another_user() -> (Site, Vec<String>) {
    let site = Site::connected(Options::still());
    site.ok(&["sync"]);
    let (_, list) = site.json(&["token", "list", NAME]);
    let held = list["held"].as_array().unwrap();
    let mut held: Vec<_> = held.iter().map(|token| token["fingerprint"].as_str().unwrap().to_owned()).collect();
    held.sort();
    assert_eq!(held.len(), 2, "{list}");
    let admin = site.control.sign_in().admin.clone();
    change_config(site.home(), |connection| connection["username"] = admin.into());
    (site, held)
}

/// The tokens that the activity log names as replaced and not revoked, and how many it says were revoked; newest first.
fn written_down(site: &Site) -> Vec<(Vec<String>, usize)> {
    let services = services(site);
    let read = async {
        let name = services.connection(NAME).await.unwrap().name;
        services.store().await.unwrap().activities(&name, 100).await.unwrap()
    };
    let events = Runtime::new().unwrap().block_on(read).into_iter().map(|entry| entry.event);
    let left = events.filter_map(|event| match event {
        Event::LeftBehind { leaving } => {
            let mut live: Vec<_> = leaving.live.iter().map(|token| token.fingerprint.to_string()).collect();
            live.sort();
            Some((live, leaving.revoked))
        }
        _ => None,
    });
    left.collect()
}

#[rstest]
fn s6_a_rotation_to_another_user_that_is_killed_leaves_the_list_of_what_it_replaced(
    #[values(("oauth_token", 0), ("oauth_revoke", 0), ("oauth_revoke", 1), ("/api/now/", 0), ("/api/now/", 1))] cut: (
        &str,
        u64,
    ),
) {
    let (site, held) = of_another_user();
    let (path, after) = cut;
    let slow = FaultSpec { millis: FOR_EVER, ..FaultSpec::new(FaultKind::Slow) };
    site.control.fault(slow.on(path).after(after));
    let ended = kill_when_struck(&site);
    let written = written_down(&site);
    assert_eq!(written.last(), Some(&(held, 0)), "ended before it was cut: {ended}; {written:?}");
    site.control.clear_faults();
    assert_eq!(rotate(&site).wait().unwrap().code(), Some(0));
    site.ok(&["sync"]);
    site.assert_no_secret_on_disk();
}

#[rstest]
fn s6_a_rotation_to_another_user_that_fails_says_which_tokens_live_on(
    #[values(true, false)] can_revoke: bool,
    #[values(&[][..], &["--json"], &["--quiet"])] more: &[&str],
) {
    let (site, held) = of_another_user();
    if !can_revoke {
        site.control.fault(FaultSpec::new(FaultKind::Unavailable).times(0).on("oauth_revoke"));
    }
    // The new sign-in cannot be proved; that the old access token is refused can be seen before that.
    let seen = if can_revoke { 2 } else { 0 };
    site.control.fault(FaultSpec::new(FaultKind::Unavailable).times(0).on("/api/now/").after(seen));
    let details = site.control.sign_in();
    let secrets = format!("password = '{}'\nclient_secret = '{}'\n", details.password, details.client_secret);
    let mut rotate = site.itsmc(&[&["token", "rotate", NAME, "--secrets-stdin"], more].concat());
    let failed = with_stdin(&mut rotate, &secrets);
    assert!(!failed.status.success(), "{}", shown(&failed));
    let told = String::from_utf8_lossy(&failed.stderr).into_owned();
    for fingerprint in &held {
        assert_eq!(told.contains(&format!("{fingerprint} was not revoked")), !can_revoke, "{told}");
    }
    let expected = if can_revoke { (Vec::new(), 2) } else { (held.clone(), 0) };
    assert_eq!(written_down(&site), [expected, (held, 0)]);
    if more == ["--json"] {
        let document: Value = serde_json::from_slice(&failed.stdout).unwrap();
        assert!(document["error"]["code"].is_string(), "{document}");
    }
}
