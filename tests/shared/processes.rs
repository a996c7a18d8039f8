//! What can be seen of a process and its children from outside, and a key command that looks from inside.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use age::secrecy::ExposeSecret;
use tempfile::TempDir;

/// How often it is looked. A process that lives shorter is seen by the key command or not at all.
const LOOK_EVERY: Duration = Duration::from_millis(3);

/// Looks at a process and all below it until it is dropped or asked for what it saw.
pub struct Watch {
    stop: Arc<AtomicBool>,
    looker: JoinHandle<Seen>,
}

/// What was seen.
#[derive(Default)]
pub struct Seen {
    /// Arguments and environment of every process, each different one once.
    pub texts: BTreeSet<Vec<u8>>,
    /// Every limit on core dumps.
    pub core_limits: BTreeSet<String>,
}

impl Watch {
    /// Begins to look.
    pub fn begin(pid: u32) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stop);
        let looker = thread::spawn(move || {
            let mut seen = Seen::default();
            loop {
                let last = told.load(Ordering::Relaxed);
                family(pid).into_iter().for_each(|pid| seen.look(pid));
                if last {
                    return seen;
                }
                thread::sleep(LOOK_EVERY);
            }
        });
        Self { stop, looker }
    }

    /// What was seen up to now; it looks no more.
    pub fn end(self) -> Seen {
        self.stop.store(true, Ordering::Relaxed);
        self.looker.join().expect("the looker ends")
    }
}

impl Seen {
    fn look(&mut self, pid: u32) {
        let proc = PathBuf::from(format!("/proc/{pid}"));
        let read = |name: &str| std::fs::read(proc.join(name)).ok().filter(|bytes| !bytes.is_empty());
        self.texts.extend(["cmdline", "environ"].into_iter().filter_map(read));
        let limits = read("limits").map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        self.core_limits.extend(core_limit(&limits));
    }
}

fn core_limit(limits: &str) -> Option<String> {
    let line = limits.lines().find(|line| line.starts_with("Max core file size"))?;
    Some(line.split_whitespace().skip(4).collect::<Vec<_>>().join(" "))
}

/// A process and all below it.
fn family(pid: u32) -> Vec<u32> {
    let children = |pid: u32| {
        let threads = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
        let lists = threads.filter_map(|thread| std::fs::read_to_string(thread.path().join("children")).ok());
        lists.flat_map(|list| list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<u32>>())
    };
    let below: Vec<_> = children(pid).collect();
    [pid].into_iter().chain(below.into_iter().flat_map(family)).collect()
}

/// A key outside of the home, and the command that prints it. Each time it is run it notes its own environment, and
/// arguments, environment and limits of whoever started it.
pub struct KeyCommand {
    folder: TempDir,
    /// The key itself.
    pub key: String,
}

impl KeyCommand {
    /// With a new key.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder is made");
        let key = age::x25519::Identity::generate().to_string().expose_secret().to_owned();
        let at = folder.path().display();
        let script = format!(
            "{{ env; cat /proc/$PPID/cmdline /proc/$PPID/environ | tr '\\0' '\\n'; cat /proc/$PPID/limits; }} \
             >> {at}/seen.txt\ncat {at}/key.txt\n"
        );
        std::fs::write(folder.path().join("key.txt"), &key).expect("the key is written");
        std::fs::write(folder.path().join("key.sh"), script).expect("the command is written");
        Self { folder, key }
    }

    /// What to put into `ITSMC_KEY_CMD`.
    pub fn command(&self) -> String {
        format!("exec sh {}", self.path("key.sh").display())
    }

    /// What it noted; it must have been run.
    pub fn seen(&self) -> String {
        let seen = std::fs::read(self.path("seen.txt")).expect("the key command was run");
        String::from_utf8_lossy(&seen).into_owned()
    }

    /// The limits on core dumps that it noted of whoever started it.
    pub fn core_limits(&self) -> BTreeSet<String> {
        self.seen().lines().filter_map(core_limit).collect()
    }

    fn path(&self, name: &str) -> PathBuf {
        Path::join(self.folder.path(), name)
    }
}
