//! The platform keyring on Linux against a real Secret Service: gnome-keyring on a private D-Bus session that the
//! test starts itself (Debian packages `dbus` and `gnome-keyring`).
//!
//! Each case runs this very program again inside of such a session, where `inside` does the work.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "it is a test throughout")]

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use itsmc::model::connection::{ConnectionName, Grant};
use itsmc::model::fault::Fault;
use itsmc::model::identity::Identity;
use itsmc::model::partner::PartnerId;
use itsmc::model::secret::Secret;
use itsmc::vault::{Held, KeySource, Keyring, NoAsk, Owner, Vault, VaultOptions, VaultPaths, Why, platform_store};

const CASE: &str = "ITSMC_TEST_CASE";
const DAEMON: &str = "ITSMC_TEST_DAEMON";
const LIMIT: Duration = Duration::from_secs(5);
/// For the daemon to come up on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Starts the daemon unlocked, with the empty line as its password, in the foreground of a background job, so
/// that its process id is known.
const UNLOCKED: &str = r#"
    mkfifo "$HOME/password"
    gnome-keyring-daemon --foreground --unlock --components=secrets < "$HOME/password" > "$HOME/daemon.out" 2>&1 &
    export ITSMC_TEST_DAEMON=$!
    printf '\n' > "$HOME/password"
    rm "$HOME/password"
    "$0" --exact inside --ignored --nocapture
    status=$?
    kill -CONT $ITSMC_TEST_DAEMON
    kill $ITSMC_TEST_DAEMON
    wait $ITSMC_TEST_DAEMON
    exit $status
"#;
/// Leaves it to D-Bus to start the daemon, which is then locked or has no collection.
const AS_IT_COMES: &str = r#"exec "$0" --exact inside --ignored --nocapture"#;

/// Whether D-Bus starts services by itself; where it does not, the only daemon is the one we start.
#[derive(PartialEq)]
enum Bus {
    Bare,
    StartsServices,
}

const BARE_BUS: &str = r#"<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>"#;

#[test]
fn no_bus_at_all() {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "inside", "--ignored", "--nocapture"]);
    run(command.env("DBUS_SESSION_BUS_ADDRESS", "disabled:"), home.path(), "unusable: Could not parse server address");
}

#[test]
fn a_bus_without_a_secret_service() {
    if let Some(session) = Session::new() {
        session.run(Bus::Bare, AS_IT_COMES, "unusable: not provided by any .service files");
    }
}

#[test]
fn a_service_without_a_login_collection() {
    if let Some(session) = Session::new() {
        session.run(Bus::StartsServices, AS_IT_COMES, "unusable: no result found");
    }
}

#[test]
fn a_good_service_keeps_the_key_and_a_locked_one_is_no_reason_to_switch() {
    if let Some(session) = Session::new() {
        session.run(Bus::Bare, UNLOCKED, "first use");
        session.run(Bus::Bare, UNLOCKED, "later use");
        session.run(Bus::StartsServices, AS_IT_COMES, "locked: prompt was dismissed");
        session.run(Bus::Bare, UNLOCKED, "later use");
    }
}

#[test]
fn a_service_that_hangs() {
    if let Some(session) = Session::new() {
        session.run(Bus::Bare, UNLOCKED, "hung");
    }
}

/// What runs inside of the session.
#[test]
#[ignore = "run by the tests above, inside of a D-Bus session"]
fn inside() {
    let Ok(case) = env::var(CASE) else { return eprintln!("skipped: not inside of a D-Bus session") };
    match case.split_once(": ").unwrap_or((&case, "")) {
        ("unusable", expected) => unusable(expected),
        ("first use", _) => first_use(),
        ("later use", _) => later_use(),
        ("locked", expected) => remembered_but_out_of_reach(expected),
        ("hung", _) => hung(),
        (other, _) => panic!("no case '{other}'"),
    }
}

fn unusable(expected: &str) {
    let reason = keyring().probe().unwrap_err();
    assert!(reason.contains(expected), "'{reason}' instead of '{expected}'");
    let Err(Fault::NoKeyPlace { tried }) = open(options()) else { panic!("the vault opened") };
    assert!(tried[0].starts_with("keyring: "), "{tried:?}");
    let passphrase = home().join("passphrase");
    fs::write(&passphrase, "a good passphrase").unwrap();
    let vault = open(VaultOptions { passphrase_file: Some(passphrase), ..options() }).unwrap();
    assert_eq!(vault.key_source().place, KeySource::Passphrase);
}

fn first_use() {
    wait_for_the_service();
    let vault = open(options()).unwrap();
    let key_use = vault.key_source();
    assert_eq!((key_use.place.id(), key_use.why), ("keyring", Why::FirstThatWorks));
    vault
        .replace(&contoso(), Held { client_secret: Some(Secret::new("planted-client-secret")), ..Held::default() })
        .unwrap();
}

fn later_use() {
    wait_for_the_service();
    let vault = open(options()).unwrap();
    assert_eq!(vault.key_source().why, Why::Remembered);
    assert_eq!(vault.held(&contoso()).unwrap().unwrap().client_secret.unwrap().expose(), "planted-client-secret");
}

fn remembered_but_out_of_reach(expected: &str) {
    let before = fs::read(paths().vault).unwrap();
    let passphrase = home().join("passphrase");
    fs::write(&passphrase, "a good passphrase").unwrap();
    let Err(Fault::VaultLocked { reason, .. }) = open(VaultOptions { passphrase_file: Some(passphrase), ..options() })
    else {
        panic!("the vault opened")
    };
    assert!(reason.starts_with("keyring: ") && reason.contains(expected), "'{reason}' instead of '{expected}'");
    assert_eq!(fs::read(paths().vault).unwrap(), before);
    assert!(!paths().wrapped_key.exists());
}

fn hung() {
    first_use();
    let daemon = env::var(DAEMON).unwrap().parse().ok().and_then(rustix::process::Pid::from_raw).unwrap();
    rustix::process::kill_process(daemon, rustix::process::Signal::STOP).unwrap();
    keyring().probe().unwrap_err();
    remembered_but_out_of_reach("keyring: ");
}

fn wait_for_the_service() {
    let since = Instant::now();
    while let Err(reason) = keyring().probe() {
        assert!(since.elapsed() < PATIENCE, "{reason}");
        thread::sleep(Duration::from_millis(50));
    }
}

fn keyring() -> Keyring {
    Keyring::start(Arc::new(platform_store), LIMIT)
}

fn options() -> VaultOptions {
    VaultOptions { keyring: Some(Arc::new(platform_store)), keyring_limit: LIMIT, work: 2, ..VaultOptions::bare() }
}

fn open(options: VaultOptions) -> Result<Vault, Fault> {
    Vault::open(paths(), options, Box::new(NoAsk))
}

fn home() -> PathBuf {
    PathBuf::from(env::var_os("HOME").unwrap())
}

fn paths() -> VaultPaths {
    VaultPaths::in_dir(&home().join("itsmc"))
}

fn contoso() -> Owner {
    let identity = Identity {
        partner: PartnerId::new("servicenow"),
        server: "https://contoso.service-now.com/".to_owned(),
        user: "itsmc".to_owned(),
        client_id: "id".to_owned(),
        grant: Grant::Password,
        details: BTreeMap::new(),
    };
    Owner { name: ConnectionName::parse("contoso").unwrap(), identity }
}

/// A home of its own, so that a case sees no keyring but the one it made.
struct Session {
    home: tempfile::TempDir,
}

impl Session {
    /// `None`, with the reason on stderr, where the packages are missing; in CI that is a failure.
    fn new() -> Option<Self> {
        let missing: Vec<_> =
            ["dbus-run-session", "gnome-keyring-daemon"].into_iter().filter(|program| !is_installed(program)).collect();
        if missing.is_empty() {
            return Some(Self { home: tempfile::tempdir().unwrap() });
        }
        let why = format!("{} not found: install the Debian packages dbus and gnome-keyring", missing.join(", "));
        assert!(env::var("CI").as_deref() != Ok("true"), "{why}");
        eprintln!("skipped: {why}");
        None
    }

    fn run(&self, bus: Bus, script: &str, case: &str) {
        let mut command = Command::new("dbus-run-session");
        if bus == Bus::Bare {
            let config = self.home.path().join("bus.conf");
            fs::write(&config, BARE_BUS).unwrap();
            command.arg(format!("--config-file={}", config.display()));
        }
        command.args(["--", "sh", "-c", script]).arg(env::current_exe().unwrap());
        run(&mut command, self.home.path(), case);
    }
}

fn run(command: &mut Command, home: &Path, case: &str) {
    let command = command.env(CASE, case).env("HOME", home).stdin(Stdio::null());
    for variable in ["DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CACHE_HOME"] {
        command.env_remove(variable);
    }
    let output = command.output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("1 passed"), "case '{case}': {said}");
}

fn is_installed(program: &str) -> bool {
    env::split_paths(&env::var_os("PATH").unwrap_or_default()).any(|dir| dir.join(program).is_file())
}
