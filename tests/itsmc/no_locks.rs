//! A file system without locks: the system answers each call for a lock with ENOLCK, as that of a network file system
//! whose lock service is gone does.
#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::process::{Command, Output};

use itsmc_practice::servicenow::Options;
use rstest::rstest;
use rustix::io::Errno;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};
use serde_json::Value;

use crate::site::{NAME, Site, shown};

/// The commands of `fcntl` that lock: `F_SETLK`, `F_SETLKW`, `F_OFD_SETLK`, `F_OFD_SETLKW`.
const LOCKING: [u64; 4] = [6, 7, 37, 38];

/// Which locks there are not.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Without {
    /// Those of our own lock files (`flock`).
    Whole,
    /// Those of the database (`fcntl`).
    Ranges,
    Any,
}

impl Without {
    fn filter(self) -> BpfProgram {
        let (flock, fcntl) = match std::env::consts::ARCH {
            "x86_64" => (73, 72),
            // As all that came later.
            _ => (32, 25),
        };
        let locks = |command| {
            let is = SeccompCondition::new(1, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, command).unwrap();
            SeccompRule::new(vec![is]).unwrap()
        };
        let mut calls = BTreeMap::new();
        if self != Self::Ranges {
            calls.insert(flock, Vec::new());
        }
        if self != Self::Whole {
            calls.insert(fcntl, LOCKING.map(locks).to_vec());
        }
        let refused = SeccompAction::Errno(Errno::NOLCK.raw_os_error().unsigned_abs());
        let arch = std::env::consts::ARCH.try_into().unwrap();
        SeccompFilter::new(calls, SeccompAction::Allow, refused, arch).unwrap().try_into().unwrap()
    }

    /// Runs a command under it. A filter holds for the thread that sets it and all that it starts.
    fn run(self, mut command: Command) -> Output {
        let filter = self.filter();
        let confined = std::thread::spawn(move || {
            seccompiler::apply_filter(&filter).unwrap();
            command.output().unwrap()
        });
        confined.join().unwrap()
    }
}

#[rstest]
fn e4_a_file_system_without_locks_is_named_by_every_command_that_writes(
    #[values(Without::Whole, Without::Ranges, Without::Any)] without: Without,
) {
    let site = Site::connected(Options { rows: Some(20), ..Options::still() });
    site.control.clear_requests();
    // Each waits for the database as long as somebody else might have it.
    let all: [&[&str]; 3] = [&["sync"][..], &["verify"], &["connection", "remove", NAME, "--yes"]];
    for arguments in all.into_iter().skip(if without == Without::Ranges { 2 } else { 0 }) {
        let output = without.run(site.itsmc(&[arguments, &["--json"]].concat()));
        let told: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", shown(&output)));
        let fault = if told.is_array() { &told[0]["fault"] } else { &told["error"] };
        assert_eq!(fault["code"], "no-locks", "{arguments:?} {told}");
        assert!(fault["remedy"].as_str().unwrap().contains("local disk"), "{told}");
        let plain = without.run(site.itsmc(arguments));
        let told = shown(&plain);
        assert!(told.contains("cannot be locked") && !told.contains("at work"), "{told}");
        assert_eq!(plain.status.code(), output.status.code(), "{told}");
    }
    assert!(site.control.requests().is_empty(), "something was sent: {:?}", site.control.requests());
    // What could not be removed is still signed in.
    site.ok(&["sync"]);
}
