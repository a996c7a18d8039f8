//! A file that is put aside when it grows too large: `itsmc.log`, `itsmc.log.1`, ... Written at once and not by
//! another thread, so that the last words before a crash are in it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::files;
use crate::model::fault::{Fault, FileKind};
use crate::vault::disk;

/// A log file with its predecessors; a clone writes to the same.
#[derive(Debug, Clone)]
pub struct Rotating(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    path: PathBuf,
    most_bytes: u64,
    keep: usize,
    file: File,
    bytes: u64,
    lost: u64,
}

impl Rotating {
    /// Goes on with the file, or makes it (0600 on Unix). It is put aside at `most_bytes`; `keep` is how many
    /// older ones stay.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(path: PathBuf, most_bytes: u64, keep: usize) -> Result<Self, Fault> {
        let (file, bytes) = open(&path)?;
        Ok(Self(Arc::new(Mutex::new(State { path, most_bytes, keep, file, bytes, lost: 0 }))))
    }

    /// Appends whole lines. Lines that could not be written are counted, and said as soon as writing works again.
    ///
    /// # Errors
    /// A full disk, a file that is gone.
    pub fn append(&self, lines: &[u8]) -> io::Result<()> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let outcome = state.append(lines);
        if outcome.is_err() {
            state.lost += 1;
        }
        outcome
    }
}

impl State {
    fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        if self.bytes > 0 && self.bytes + lines.len() as u64 > self.most_bytes {
            self.rotate()?;
        }
        if self.lost > 0 {
            let said = format!("{} log entries before this one could not be written\n", self.lost);
            self.write(said.as_bytes())?;
            self.lost = 0;
        }
        self.write(lines)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    fn rotate(&mut self) -> io::Result<()> {
        for number in (0..self.keep).rev() {
            let from = numbered(&self.path, number);
            if from.try_exists()? {
                fs::rename(from, numbered(&self.path, number + 1))?;
            }
        }
        if self.keep == 0 {
            fs::remove_file(&self.path)?;
        }
        (self.file, self.bytes) = open(&self.path).map_err(io::Error::other)?;
        Ok(())
    }
}

fn numbered(path: &Path, number: usize) -> PathBuf {
    if number == 0 {
        return path.to_owned();
    }
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{number}"));
    PathBuf::from(name)
}

fn open(path: &Path) -> Result<(File, u64), Fault> {
    let file = files::open(path, OpenOptions::new().append(true).create(true))?;
    if files::is_hard_linked(&file) {
        return Err(files::not_a_file(path, FileKind::HardLink));
    }
    let bytes = file.metadata().map_err(|error| Fault::from_io(path, &error))?.len();
    Ok((file, bytes))
}

/// The log and its predecessors, newest first.
///
/// # Errors
/// When that cannot be known.
pub fn files(path: &Path) -> Result<Vec<PathBuf>, Fault> {
    let mut found = Vec::new();
    for number in 0.. {
        let file = numbered(path, number);
        if !disk::exists(&file)? {
            break;
        }
        found.push(file);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_are_kept_and_no_more() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("l");
        let log = Rotating::open(path.clone(), 10, 2).unwrap();
        for line in ["one..\n", "two..\n", "three\n", "four.\n"] {
            log.append(line.as_bytes()).unwrap();
        }
        let kept: Vec<_> = files(&path).unwrap().iter().map(|file| fs::read_to_string(file).unwrap()).collect();
        assert_eq!(kept, ["four.\n", "three\n", "two..\n"]);
    }

    #[test]
    fn a_log_goes_on_where_it_ended() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("l");
        for line in ["one\n", "two\n"] {
            Rotating::open(path.clone(), 100, 2).unwrap().append(line.as_bytes()).unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), "one\ntwo\n");
    }

    #[cfg(unix)]
    #[test]
    fn s8_a_log_is_not_written_into_the_file_of_another() {
        let dir = tempfile::tempdir().unwrap();
        let (precious, link, second) =
            (dir.path().join("precious"), dir.path().join("link"), dir.path().join("second"));
        fs::write(&precious, "precious").unwrap();
        std::os::unix::fs::symlink(&precious, &link).unwrap();
        fs::hard_link(&precious, &second).unwrap();
        for path in [link, second] {
            assert!(matches!(Rotating::open(path, 100, 2), Err(Fault::NotAFile { .. })));
        }
        assert_eq!(fs::read_to_string(&precious).unwrap(), "precious");
    }

    #[cfg(unix)]
    #[test]
    fn each_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("l");
        let log = Rotating::open(path.clone(), 1, 2).unwrap();
        log.append(b"one\n").unwrap();
        log.append(b"two\n").unwrap();
        for file in files(&path).unwrap() {
            assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_a_full_disk_swallowed_is_counted() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("l");
        let log = Rotating::open(path.clone(), 100, 2).unwrap();
        log.0.lock().unwrap().file = OpenOptions::new().write(true).open("/dev/full").unwrap();
        assert!(log.append(b"one\n").is_err());
        assert!(log.append(b"two\n").is_err());
        log.0.lock().unwrap().file = open(&path).unwrap().0;
        log.append(b"three\n").unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text, "2 log entries before this one could not be written\nthree\n");
    }
}
