//! A lock that other processes see: an advisory lock on a file, with the holder's process id in it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::files;
use crate::model::fault::Fault;

const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// A lock that is held until this is dropped or the process ends.
#[derive(Debug)]
pub struct LockFile {
    file: File,
    path: PathBuf,
}

impl LockFile {
    /// Takes the lock now or not at all.
    ///
    /// # Errors
    /// [`Fault::Locked`] with the holder's process id where it can be read; trouble with the file.
    pub fn try_take(path: &Path) -> Result<Self, Fault> {
        let file = open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file, path: path.to_owned() }.signed()),
            Err(TryLockError::WouldBlock) => Err(held(path, file)),
            Err(TryLockError::Error(error)) => Err(no_lock(path, &error)),
        }
    }

    /// Waits for the lock up to a limit, since its holder may be suspended. Blocks the thread.
    ///
    /// # Errors
    /// As [`try_take`](Self::try_take), after `limit`.
    pub fn wait(path: &Path, limit: Duration) -> Result<Self, Fault> {
        let since = Instant::now();
        loop {
            match Self::try_take(path) {
                Err(Fault::Locked { .. }) if since.elapsed() < limit => thread::sleep(LOOK_AGAIN),
                taken_or_fault => return taken_or_fault,
            }
        }
    }

    /// The lock's file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    // The id only names the holder; the lock does not depend on it.
    fn signed(mut self) -> Self {
        if files::is_hard_linked(&self.file) {
            // Under its other name it may be someone else's file.
            return self;
        }
        let id = std::process::id().to_string();
        if let Err(error) = self.file.set_len(0).and_then(|()| self.file.write_all(id.as_bytes())) {
            tracing::debug!(%error, "the lock file could not be signed");
        }
        self
    }
}

impl Drop for LockFile {
    fn drop(&mut self) {
        if files::is_hard_linked(&self.file) {
            return;
        }
        if let Err(error) = self.file.set_len(0) {
            tracing::debug!(%error, "the lock file keeps an old process id");
        }
    }
}

fn open(path: &Path) -> Result<File, Fault> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    files::open(path, &mut options)
}

/// Whether locking fails although nobody holds the lock: on a file system without locks, or without its lock service.
fn no_lock(path: &Path, error: &std::io::Error) -> Fault {
    if matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) {
        return Fault::from_io(path, error);
    }
    Fault::NoLocks { path: path.display().to_string(), reason: error.to_string() }
}

fn held(path: &Path, mut file: File) -> Fault {
    let mut text = String::new();
    let read = file.rewind().and_then(|()| file.read_to_string(&mut text));
    let pid = read.ok().and_then(|_| text.trim().parse().ok());
    Fault::Locked { path: path.display().to_string(), pid }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_told_who_holds_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("l");
        let first = LockFile::try_take(&path).unwrap();
        let expected = Fault::Locked { path: path.display().to_string(), pid: Some(std::process::id()) };
        assert_eq!(LockFile::try_take(&path).unwrap_err(), expected);
        assert_eq!(LockFile::wait(&path, Duration::ZERO).unwrap_err(), expected);
        drop(first);
        // A child that another test is just starting may hold a copy for a moment.
        assert!(LockFile::wait(&path, Duration::from_secs(10)).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn s8_a_lock_never_truncates_the_file_of_another() {
        let dir = tempfile::tempdir().unwrap();
        let (precious, link, second) =
            (dir.path().join("precious"), dir.path().join("link"), dir.path().join("second"));
        std::fs::write(&precious, "precious").unwrap();
        std::os::unix::fs::symlink(&precious, &link).unwrap();
        std::fs::hard_link(&precious, &second).unwrap();
        assert!(matches!(LockFile::try_take(&link), Err(Fault::NotAFile { .. })));
        drop(LockFile::try_take(&second).unwrap());
        assert_eq!(std::fs::read_to_string(&precious).unwrap(), "precious");
    }

    #[cfg(unix)]
    #[test]
    fn e4_the_true_reason_is_told_where_there_are_no_locks() {
        use rustix::io::Errno;
        let fault = |errno: Errno| no_lock(Path::new("/h/l"), &std::io::Error::from(errno));
        for errno in [Errno::NOLCK, Errno::OPNOTSUPP, Errno::NOSYS, Errno::INVAL, Errno::IO] {
            assert!(matches!(fault(errno), Fault::NoLocks { .. }), "{errno}");
        }
        for errno in [Errno::ROFS, Errno::ACCESS] {
            assert!(matches!(fault(errno), Fault::NotWritable { .. }), "{errno}");
        }
    }

    #[test]
    fn waiting_ends_when_the_holder_lets_go() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("l");
        let first = LockFile::try_take(&path).unwrap();
        let waiter = {
            let path = path.clone();
            thread::spawn(move || LockFile::wait(&path, Duration::from_secs(60)).is_ok())
        };
        drop(first);
        assert!(waiter.join().unwrap());
    }
}
