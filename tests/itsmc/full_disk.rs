//! A home on a disk without room. Mounting one needs a namespace of its own; where there is none the test is skipped.
#![cfg(target_os = "linux")]

use std::process::{Command, Output};

use itsmc_practice::servicenow::Options;

use crate::site::{Site, shown};

/// Copies the home to a small disk, fills that, and runs these commands there one after the other.
const SCRIPT: &str = r#"
mount -t tmpfs -o size=24m,mode=700 tmpfs "$DISK" && cp -a "$HOME_THERE/." "$DISK" || exit 99
export ITSMC_HOME="$DISK" ITSMC_KEY_FILE="$DISK/key.txt"
head -c 32m /dev/zero > "$DISK/fill" 2>/dev/null
"$ITSMC" sync --full --quiet; echo "sync $?"
"$ITSMC" status --check; echo "status $?"
"$ITSMC" doctor; echo "doctor $?"
rm "$DISK/fill"
"$ITSMC" sync --quiet > /dev/null; echo "sync with room $?"
"$ITSMC" status --check > /dev/null; echo "status with room $?"
"#;

fn on_a_full_disk(site: &Site) -> Option<Output> {
    let disk = tempfile::tempdir().unwrap();
    let itsmc = site.itsmc(&[]);
    let mut command = Command::new("unshare");
    command.args(["-rm", "sh", "-c", SCRIPT]).env("ITSMC", itsmc.get_program());
    command.env("DISK", disk.path()).env("HOME_THERE", site.home()).env("LANG", "C.UTF-8").env_remove("LC_ALL");
    let output = command.output().ok()?;
    (output.status.code() == Some(0)).then_some(output)
}

#[test]
fn a_full_disk_is_no_good_state_and_everything_goes_on_once_there_is_room() {
    let site = Site::connected(Options { rows: Some(100), ..Options::still() });
    site.ok(&["sync"]);
    let Some(output) = on_a_full_disk(&site) else { return eprintln!("skipped: no disk can be mounted here") };
    let told = shown(&output);
    for line in ["sync 1\n", "status 8\n", "doctor 8\n", "sync with room 0\n", "status with room 0\n"] {
        assert!(told.contains(line), "{line}{told}");
    }
    assert!(told.matches("The disk is full").count() >= 3, "{told}");
}
