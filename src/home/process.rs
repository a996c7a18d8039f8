//! What the process asks of the operating system before anything secret is in its memory.

/// Forbids core dumps and looks into the memory by other processes of the same user, since secrets are there, and makes
/// every new file private. To be called first in `main`.
///
/// # Errors
/// When the system refuses; files are then private all the same.
#[cfg(unix)]
pub fn harden() -> std::io::Result<()> {
    use rustix::fs::Mode;
    use rustix::process::{Resource, Rlimit, setrlimit, umask};

    umask(Mode::RWXG | Mode::RWXO);
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    Ok(())
}

/// There is nothing to ask for on this platform.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn harden() -> std::io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;

    use super::*;

    // It changes the whole process, so it runs in one of its own.
    #[test]
    #[ignore = "run by the test below"]
    fn hardened() {
        harden().unwrap();
        let limit = rustix::process::getrlimit(rustix::process::Resource::Core);
        assert_eq!((limit.current, limit.maximum), (Some(0), Some(0)));
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        std::fs::write(&path, "").unwrap();
        assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[cfg(target_os = "linux")]
    #[test]
    #[ignore = "run by the test below"]
    fn hardened_memory() {
        use rustix::process::{DumpableBehavior, dumpable_behavior};
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::Dumpable);
        harden().unwrap();
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn s13_the_memory_is_not_open_to_the_same_user() {
        let me = std::env::current_exe().unwrap();
        let name = "home::process::tests::hardened_memory";
        let output = Command::new(me).args(["--exact", name, "--ignored"]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
    }

    #[test]
    fn no_core_is_dumped_and_new_files_are_private() {
        let me = std::env::current_exe().unwrap();
        let name = "home::process::tests::hardened";
        let output = Command::new(me).args(["--exact", name, "--ignored"]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
    }
}
