//! A rotation is killed while each of its requests is under way: the old sign-in works afterwards, or the new one.

use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

use itsmc_practice::servicenow::{FaultKind, FaultSpec, Options};
use rstest::rstest;

use crate::site::{NAME, Site};

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
    let secrets = format!("password = \"{}\"\n", site.control.sign_in().password);
    child.stdin.take().unwrap().write_all(secrets.as_bytes()).unwrap();
    child
}
