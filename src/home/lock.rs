//! One writer at a time: the lock that the running `itsmc` holds on its home.

use super::Home;
use crate::model::fault::Fault;
use crate::vault::LockFile;

/// Held by the process that writes, until it is dropped.
#[derive(Debug)]
pub struct HomeLock(#[allow(dead_code, reason = "it is held, not used")] LockFile);

impl HomeLock {
    /// Takes the lock, or says who holds it.
    ///
    /// # Errors
    /// [`Fault::Locked`] with the holder's process id where it can be read; trouble with the file.
    pub fn take(home: &Home) -> Result<Self, Fault> {
        LockFile::try_take(&home.lock_file()).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::home::testing::home;

    #[test]
    fn a_home_has_one_writer() {
        let (_dir, home) = home();
        let lock = HomeLock::take(&home).unwrap();
        let Err(Fault::Locked { path, pid }) = HomeLock::take(&home) else { panic!("two hold it") };
        assert_eq!((path, pid), (home.lock_file().display().to_string(), Some(std::process::id())));
        drop(lock);
        HomeLock::take(&home).unwrap();
    }
}
