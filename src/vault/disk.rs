//! Private files that are replaced atomically: either the old text is there or the new one, never a part.

use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use crate::files;
use crate::model::fault::Fault;

/// Creates a folder and its parents; new ones are accessible to the owner only.
///
/// # Errors
/// A read-only home, a full disk, a file in the way.
pub fn private_dir(path: &Path) -> Result<(), Fault> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| Fault::from_io(path, &error))
}

/// Reads a file of our own; `None` when there is none.
///
/// # Errors
/// [`Fault::NotAFile`] for a symbolic link, a pipe and the like; any other trouble with it.
pub fn read(path: &Path) -> Result<Option<Vec<u8>>, Fault> {
    if !is_there(path)? {
        return Ok(None);
    }
    contents(path, files::open(path, fs::OpenOptions::new().read(true))?).map(Some)
}

/// Reads a file that may be a symbolic link, as an admin may keep the config elsewhere; `None` when there is none.
///
/// # Errors
/// As [`read`], a symbolic link to a file aside.
pub fn read_linked(path: &Path) -> Result<Option<Vec<u8>>, Fault> {
    if exists(path)? { contents(path, files::open_linked(path)?).map(Some) } else { Ok(None) }
}

fn contents(path: &Path, mut file: fs::File) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(|error| Fault::from_io(path, &error))?;
    Ok(bytes)
}

/// Whether anything has this name, even a dangling link.
fn is_there(path: &Path) -> Result<bool, Fault> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Fault::from_io(path, &error)),
    }
}

/// Whether a file is there.
///
/// # Errors
/// If that cannot be determined, as in a folder without access.
pub fn exists(path: &Path) -> Result<bool, Fault> {
    path.try_exists().map_err(|error| Fault::from_io(path, &error))
}

/// Replaces the file (0600 on Unix): writes a temporary file, flushes it, renames it, and flushes the folder. A symbolic link
/// is replaced, not followed.
///
/// # Errors
/// A full disk or a read-only place; the old file is then unchanged.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    write_then_rename(path, bytes).map_err(|error| Fault::from_io(path, &error))
}

/// The same, but a symbolic link is followed, so that a linked config stays a link.
///
/// # Errors
/// As [`write_whole`].
pub fn write_linked(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    write_then_rename(&target, bytes).map_err(|error| Fault::from_io(&target, &error))
}

fn write_then_rename(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let dir = folder_of(path);
    let mut file = tempfile::Builder::new().prefix(&temporary_prefix(path)).tempfile_in(dir)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    flush_dir(dir)
}

/// Creates a private file; an existing one is left as it is.
///
/// # Errors
/// [`Fault::FileProblem`] when the file exists; a full disk or read-only place.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let made = (|| {
        let dir = folder_of(path);
        let mut file = tempfile::Builder::new().prefix(&temporary_prefix(path)).tempfile_in(dir)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist_noclobber(path).map_err(|error| error.error)?;
        flush_dir(dir)
    })();
    made.map_err(|error| Fault::from_io(path, &error))
}

/// Removes a file; one that is not there is no error.
///
/// # Errors
/// Any other trouble.
pub fn remove(path: &Path) -> Result<(), Fault> {
    match fs::remove_file(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Fault::from_io(path, &error)),
    }
}

/// Removes the temporary files of a process that was killed while it wrote this file. Only for the holder of the file's lock.
pub fn sweep(path: &Path) {
    let prefix = temporary_prefix(path);
    let Ok(entries) = fs::read_dir(folder_of(path)) else { return };
    let stale = entries.flatten().filter(|entry| starts_with(&entry.file_name(), &prefix));
    for entry in stale {
        if let Err(error) = fs::remove_file(entry.path()) {
            tracing::debug!(%error, "a left-over temporary file stays");
        }
    }
}

/// Copies a damaged file to `NAME.damaged-1` (or the next number free) and gives that place; a copy with the same
/// bytes is not made twice. The file itself stays.
///
/// # Errors
/// When the copy cannot be written.
pub fn keep_aside(path: &Path, bytes: &[u8]) -> Result<PathBuf, Fault> {
    for number in 1.. {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".damaged-{number}"));
        let copy = PathBuf::from(name);
        match read(&copy)? {
            Some(kept) if kept == bytes => return Ok(copy),
            Some(_) => {}
            None => return write_new(&copy, bytes).map(|()| copy),
        }
    }
    Err(Fault::Internal { what: "no number left for a damaged file".into() })
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn temporary_prefix(path: &Path) -> OsString {
    let mut prefix = OsString::from(".");
    prefix.push(path.file_name().unwrap_or_default());
    prefix.push(".new-");
    prefix
}

fn starts_with(name: &OsString, prefix: &OsString) -> bool {
    name.as_encoded_bytes().starts_with(prefix.as_encoded_bytes())
}

#[cfg(unix)]
fn flush_dir(dir: &Path) -> io::Result<()> {
    fs::File::open(dir)?.sync_all()
}

#[cfg(not(unix))]
fn flush_dir(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_leaves_nothing_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        write_whole(&path, b"one").unwrap();
        write_whole(&path, b"two").unwrap();
        assert_eq!(read(&path).unwrap().unwrap(), b"two");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn files_and_folders_are_private() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("a/b");
        private_dir(&folder).unwrap();
        let path = folder.join("f");
        write_whole(&path, b"one").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&dir.path().join("a")), mode(&path)), (0o700, 0o700, 0o600));
    }

    #[cfg(unix)]
    #[test]
    fn s8_a_link_is_not_followed_unless_it_may_be() {
        let dir = tempfile::tempdir().unwrap();
        let (target, link) = (dir.path().join("target"), dir.path().join("link"));
        fs::write(&target, "precious").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        assert!(matches!(read(&link), Err(Fault::NotAFile { .. })));
        assert_eq!(read_linked(&link).unwrap().unwrap(), b"precious");
        write_whole(&link, b"ours").unwrap();
        assert!(!fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!((fs::read(&target).unwrap(), fs::read(&link).unwrap()), (b"precious".to_vec(), b"ours".to_vec()));
    }

    #[cfg(unix)]
    #[test]
    fn a_linked_file_stays_a_link() {
        let dir = tempfile::tempdir().unwrap();
        let (real, link) = (dir.path().join("real"), dir.path().join("link"));
        fs::write(&real, "one").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        write_linked(&link, b"two").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&real).unwrap(), b"two");
    }

    #[test]
    fn a_damaged_file_is_kept_once() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        let first = keep_aside(&path, b"x").unwrap();
        assert_eq!(keep_aside(&path, b"x").unwrap(), first);
        assert_ne!(keep_aside(&path, b"y").unwrap(), first);
    }

    #[test]
    fn what_a_killed_writer_left_is_swept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("vault.age");
        fs::write(dir.path().join(".vault.age.new-abc"), "half").unwrap();
        write_whole(&path, b"whole").unwrap();
        sweep(&path);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_new_file_never_takes_the_place_of_another() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        write_new(&path, b"one").unwrap();
        assert!(matches!(write_new(&path, b"two"), Err(Fault::FileProblem { .. })));
        assert_eq!(read(&path).unwrap().unwrap(), b"one");
    }

    #[test]
    fn a_folder_that_is_a_file_is_said() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a"), "").unwrap();
        assert!(matches!(private_dir(&dir.path().join("a/b")), Err(Fault::FileProblem { .. })));
    }
}
