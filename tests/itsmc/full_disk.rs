//! A home on a disk without room, and on one that may only be read. Mounting one needs a namespace of its own; where there is none the test is skipped.
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

/// Copies the home to a disk that may only be read from then on, and runs these commands there.
const ONLY_READ: &str = r#"
mount -t tmpfs -o size=24m,mode=700 tmpfs "$DISK" && cp -a "$HOME_THERE/." "$DISK" || exit 99
export ITSMC_HOME="$DISK" ITSMC_KEY_FILE="$DISK/key.txt"
"$ITSMC" sync --quiet > /dev/null; echo "sync $?"
"$ITSMC" status --check > /dev/null; echo "status $?"
mount -o remount,ro "$DISK" || exit 99
"$ITSMC" sync --quiet; echo "sync read-only $?"
"$ITSMC" status --check; echo "status read-only $?"
"$ITSMC" doctor; echo "doctor read-only $?"
mount -o remount,rw "$DISK" || exit 99
"$ITSMC" status --check > /dev/null; echo "status again $?"
"#;

fn on_a_small_disk(site: &Site, script: &str) -> Option<Output> {
    let disk = tempfile::tempdir().unwrap();
    let itsmc = site.itsmc(&[]);
    let mut command = Command::new("unshare");
    command.args(["-rm", "sh", "-c", script]).env("ITSMC", itsmc.get_program());
    command.env("DISK", disk.path()).env("HOME_THERE", site.home()).env("LANG", "C.UTF-8").env_remove("LC_ALL");
    let output = command.output().ok()?;
    (output.status.code() == Some(0)).then_some(output)
}

#[test]
fn a_full_disk_is_no_good_state_and_everything_goes_on_once_there_is_room() {
    let site = Site::connected(Options { rows: Some(100), ..Options::still() });
    site.ok(&["sync"]);
    let Some(output) = on_a_small_disk(&site, SCRIPT) else { return eprintln!("skipped: no disk can be mounted here") };
    let told = shown(&output);
    for line in ["sync 1\n", "status 8\n", "doctor 8\n", "sync with room 0\n", "status with room 0\n"] {
        assert!(told.contains(line), "{line}{told}");
    }
    assert!(told.matches("The disk is full").count() >= 3, "{told}");
}

#[test]
fn a_home_that_nothing_can_be_written_to_is_no_good_state_before_the_data_are_old() {
    let site = Site::connected(Options { rows: Some(100), ..Options::still() });
    site.ok(&["sync"]);
    let Some(output) = on_a_small_disk(&site, ONLY_READ) else {
        return eprintln!("skipped: no disk can be mounted here");
    };
    let told = shown(&output);
    for line in ["sync 0\n", "status 0\n", "sync read-only 1\n", "status read-only 8\n", "status again 0\n"] {
        assert!(told.contains(line), "{line}{told}");
    }
    // The sync, the state and the doctor.
    assert!(told.matches("the file system is read-only").count() >= 3, "{told}");
}
