//! Opening files without falling for what somebody may have put in their place: a symbolic link leads elsewhere, a pipe
//! never opens, a device never ends.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use crate::model::fault::{Fault, FileKind};

/// How long the writer of a pipe that was named may take.
const PIPE_LIMIT: Duration = Duration::from_secs(60);
const LOOK_AGAIN: Duration = Duration::from_millis(10);
const MIB: u64 = 1 << 20;

/// Opens a file of our own as the options say, and makes it private where it is new. Nothing was read from it or
/// written to it when this fails.
///
/// # Errors
/// [`Fault::NotAFile`] for a symbolic link, a folder, a pipe or a device; trouble with the disk.
pub fn open(path: &Path, options: &mut OpenOptions) -> Result<File, Fault> {
    opened(path, options, true)
}

/// Opens a file for reading that may be a symbolic link to another place, such as a config kept elsewhere.
///
/// # Errors
/// As [`open`], a symbolic link aside.
pub fn open_linked(path: &Path) -> Result<File, Fault> {
    opened(path, OpenOptions::new().read(true), false)
}

/// Refuses a folder or file that another user may write to, or that is another user's: whoever can replace what is in it
/// decides what the program trusts. Where nothing is, nothing is refused.
///
/// # Errors
/// [`Fault::OpenToOthers`], [`Fault::OwnedByAnother`].
pub fn check_private(path: &Path) -> Result<(), Fault> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let Ok(metadata) = std::fs::metadata(path) else { return Ok(()) };
        let (path, me) = (path.display().to_string(), rustix::process::geteuid().as_raw());
        if ![0, me].contains(&metadata.uid()) {
            return Err(Fault::OwnedByAnother { path });
        }
        if metadata.mode() & 0o022 != 0 {
            return Err(Fault::OpenToOthers { path });
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// How much room has to be left to store anything at all, in bytes.
const ROOM: usize = 256 << 10;

/// Tries whether there is room for a little more in a folder; nothing of it stays. Quotas count as well. What else keeps a file from
/// being written there is found by [`check_writable`].
///
/// # Errors
/// [`Fault::DiskFull`].
pub fn check_room(folder: &Path) -> Result<(), Fault> {
    let written = tempfile::tempfile_in(folder).and_then(|mut file| file.write_all(&[b'-'; ROOM]));
    match written.map_err(|error| Fault::from_io(folder, &error)) {
        Err(fault @ Fault::DiskFull { .. }) => Err(fault),
        _ => Ok(()),
    }
}

/// Whether the user to whom `home` belongs may write what stands at `path`. Whoever asks may be another user, who only reads: his own
/// rights say nothing then. Nothing is opened, since closing a file drops the locks that SQLite has on it in this process.
///
/// # Errors
/// [`Fault::NotWritable`].
pub fn check_writable(home: &Path, path: &Path) -> Result<(), Fault> {
    let (Ok(home), Ok(found)) = (std::fs::metadata(home), std::fs::metadata(path)) else { return Ok(()) };
    may_write(&home, &found, path).map_err(|error| Fault::from_io(path, &error))
}

#[cfg(unix)]
fn may_write(home: &Metadata, found: &Metadata, path: &Path) -> io::Result<()> {
    use rustix::fs::{Access, StatVfsMountFlags, access, statvfs};
    use std::os::unix::fs::MetadataExt;
    let owner = home.uid();
    if owner == rustix::process::geteuid().as_raw() {
        return Ok(access(path, Access::WRITE_OK)?);
    }
    if statvfs(path).is_ok_and(|system| system.f_flag.contains(StatVfsMountFlags::RDONLY)) {
        return Err(io::ErrorKind::ReadOnlyFilesystem.into());
    }
    // Which groups the owner is in is not known here.
    let bits = if found.uid() == owner { 0o200 } else { 0o022 };
    // To root everything may be written.
    if owner == 0 || found.mode() & bits != 0 { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
}

#[cfg(not(unix))]
fn may_write(_: &Metadata, found: &Metadata, _: &Path) -> io::Result<()> {
    // The read-only attribute of a folder does not say whether files may be created in it.
    let may = found.is_dir() || !found.permissions().readonly();
    if may { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
}

/// Whether others than the owner may enter a folder.
pub fn lets_others_in(folder: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        std::fs::metadata(folder).is_ok_and(|metadata| metadata.mode() & 0o011 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        true
    }
}

/// Whether the file has a second name, by which it may belong to somebody else.
pub fn is_hard_linked(file: &File) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        file.metadata().is_ok_and(|metadata| metadata.nlink() > 1)
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        false
    }
}

fn opened(path: &Path, options: &mut OpenOptions, own: bool) -> Result<File, Fault> {
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        let flags = if own { OFlags::NOFOLLOW | OFlags::NONBLOCK } else { OFlags::NONBLOCK };
        options.mode(0o600).custom_flags(flags.bits().cast_signed());
    }
    #[cfg(not(unix))]
    if own && path.is_symlink() {
        return Err(not_a_file(path, FileKind::SymbolicLink));
    }
    let file = options.open(path).map_err(|error| of_open(path, &error))?;
    let metadata = file.metadata().map_err(|error| Fault::from_io(path, &error))?;
    match kind_of(&metadata) {
        Some(kind) => Err(not_a_file(path, kind)),
        None => Ok(file),
    }
}

fn kind_of(metadata: &Metadata) -> Option<FileKind> {
    let file_type = metadata.file_type();
    if file_type.is_file() {
        None
    } else if file_type.is_symlink() {
        Some(FileKind::SymbolicLink)
    } else if file_type.is_dir() {
        Some(FileKind::Folder)
    } else {
        Some(FileKind::Special)
    }
}

/// What stands in the place of a file of ours; `None` for a file, and for nothing.
pub fn found_at(path: &Path) -> Option<FileKind> {
    std::fs::symlink_metadata(path).ok().as_ref().and_then(kind_of)
}

/// The fault of something that stands in the place of a file.
pub fn not_a_file(path: &Path, found: FileKind) -> Fault {
    Fault::NotAFile { path: path.display().to_string(), found }
}

fn of_open(path: &Path, error: &io::Error) -> Fault {
    // A link, a pipe that nobody reads and a folder each have an error of their own; what is there says it plainly.
    match found_at(path) {
        Some(kind) if error.kind() != io::ErrorKind::PermissionDenied && is_about_kind(error, kind) => {
            not_a_file(path, kind)
        }
        _ => Fault::from_io(path, error),
    }
}

fn is_about_kind(error: &io::Error, kind: FileKind) -> bool {
    // A link that may be followed fails for what it leads to.
    kind != FileKind::SymbolicLink || is_loop(error)
}

#[cfg(unix)]
fn is_loop(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
}

#[cfg(not(unix))]
fn is_loop(_: &io::Error) -> bool {
    false
}

/// Reads a file that the user named, at most `limit` bytes of it: it may be a link, as secrets handed to a service are,
/// or a pipe, as `<(command)` of a shell. A pipe into which nobody writes is not waited for without end. `None` when
/// there is nothing of this name.
///
/// # Errors
/// A folder or a device; a larger file; trouble with the disk.
pub fn read_named(path: &Path, limit: u64) -> Result<Option<Zeroizing<Vec<u8>>>, Fault> {
    let told = |error: io::Error| Fault::from_io(path, &error);
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    let mut file = match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(|error| of_open(path, &error))?,
    };
    let metadata = file.metadata().map_err(told)?;
    let mut bytes = Zeroizing::new(Vec::new());
    match kind_of(&metadata) {
        None => _ = file.take(limit + 1).read_to_end(&mut bytes).map_err(told)?,
        Some(FileKind::Special) if is_pipe(&metadata) => read_pipe(&mut file, limit, &mut bytes).map_err(told)?,
        Some(kind) => return Err(not_a_file(path, kind)),
    }
    if bytes.len() as u64 > limit {
        let most = if limit.is_multiple_of(MIB) { format!("{} MiB", limit / MIB) } else { format!("{limit} bytes") };
        let reason = format!("larger than {most}");
        return Err(Fault::FileProblem { path: path.display().to_string(), reason });
    }
    Ok(Some(bytes))
}

#[cfg(unix)]
fn is_pipe(metadata: &Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&metadata.file_type())
}

#[cfg(not(unix))]
fn is_pipe(_: &Metadata) -> bool {
    false
}

/// Reads to the end of a pipe that does not block. Before the first byte an end means only that no writer is there yet.
fn read_pipe(file: &mut File, limit: u64, bytes: &mut Vec<u8>) -> io::Result<()> {
    let since = Instant::now();
    let mut piece = Zeroizing::new([0; 4096]);
    while bytes.len() as u64 <= limit {
        match file.read(&mut *piece) {
            Ok(0) if !bytes.is_empty() => return Ok(()),
            Ok(count) if count > 0 => {
                bytes.extend_from_slice(&piece[..count]);
                continue;
            }
            Err(error) if !matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {
                return Err(error);
            }
            _ => {}
        }
        if since.elapsed() >= PIPE_LIMIT {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "nobody writes into this pipe"));
        }
        thread::sleep(LOOK_AGAIN);
    }
    Ok(())
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    fn fifo(path: &Path) {
        rustix::fs::mknodat(rustix::fs::CWD, path, rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU, 0).unwrap();
    }

    fn found(outcome: Result<File, Fault>) -> FileKind {
        match outcome {
            Err(Fault::NotAFile { found, .. }) => found,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn s8_what_is_no_file_is_neither_opened_nor_touched() {
        let dir = tempfile::tempdir().unwrap();
        let (target, link, pipe) = (dir.path().join("target"), dir.path().join("link"), dir.path().join("pipe"));
        fs::write(&target, "precious").unwrap();
        symlink(&target, &link).unwrap();
        fifo(&pipe);
        let ways: [&dyn Fn(&mut OpenOptions); 4] = [
            &|options| _ = options.read(true),
            &|options| _ = options.read(true).write(true).create(true),
            &|options| _ = options.append(true).create(true),
            &|options| _ = options.write(true).truncate(true).create(true),
        ];
        for way in ways {
            let open = |path: &Path| {
                let mut options = OpenOptions::new();
                way(&mut options);
                open(path, &mut options)
            };
            assert_eq!(found(open(&link)), FileKind::SymbolicLink);
            assert_eq!(found(open(&pipe)), FileKind::Special);
            assert_eq!(found(open(dir.path())), FileKind::Folder);
            assert_eq!(fs::read_to_string(&target).unwrap(), "precious");
        }
        let dangling = dir.path().join("dangling");
        symlink(dir.path().join("made"), &dangling).unwrap();
        assert_eq!(found(open(&dangling, OpenOptions::new().write(true).create(true))), FileKind::SymbolicLink);
        assert!(!dir.path().join("made").exists());
    }

    #[test]
    fn s8_a_linked_file_is_read_where_it_may_be() {
        let dir = tempfile::tempdir().unwrap();
        let (target, link) = (dir.path().join("target"), dir.path().join("link"));
        fs::write(&target, "text").unwrap();
        symlink(&target, &link).unwrap();
        let mut text = String::new();
        open_linked(&link).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "text");
        assert_eq!(read_named(&link, 100).unwrap().unwrap().as_slice(), b"text");
        assert!(read_named(&link, 3).is_err());
        assert_eq!(found(open_linked(Path::new("/dev/zero"))), FileKind::Special);
        assert!(matches!(read_named(Path::new("/dev/zero"), 100), Err(Fault::NotAFile { .. })));
        assert!(read_named(&dir.path().join("none"), 100).unwrap().is_none());
    }

    #[test]
    fn s8_what_others_may_write_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        for (mode, ok) in
            [(0o700, true), (0o755, true), (0o770, false), (0o777, false), (0o1777, false), (0o702, false)]
        {
            fs::set_permissions(dir.path(), fs::Permissions::from_mode(mode)).unwrap();
            let expected =
                if ok { Ok(()) } else { Err(Fault::OpenToOthers { path: dir.path().display().to_string() }) };
            assert_eq!(check_private(dir.path()), expected, "{mode:o}");
        }
        assert_eq!(check_private(&dir.path().join("none")), Ok(()));
    }

    #[test]
    fn s8_a_pipe_that_was_named_is_read_to_its_end() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe");
        fifo(&pipe);
        let writer = {
            let pipe = pipe.clone();
            thread::spawn(move || fs::write(pipe, "from a command").unwrap())
        };
        assert_eq!(read_named(&pipe, 100).unwrap().unwrap().as_slice(), b"from a command");
        writer.join().unwrap();
    }

    #[test]
    fn what_the_owner_may_not_write_is_told_to_everybody() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let (home, file) = (dir.path().join("home"), dir.path().join("home/file"));
        fs::create_dir(&home).unwrap();
        fs::write(&file, "").unwrap();
        if rustix::process::geteuid().is_root() {
            // Root may write everything: here it asks about the home of another user.
            [&home, &file].into_iter().for_each(|path| std::os::unix::fs::chown(path, Some(1_234), None).unwrap());
        }
        assert_eq!([&home, &file].map(|path| check_writable(&home, path)), [Ok(()), Ok(())]);
        for path in [&file, &home] {
            let private = fs::metadata(path).unwrap().permissions();
            fs::set_permissions(path, fs::Permissions::from_mode(0o500)).unwrap();
            let told = check_writable(&home, path);
            fs::set_permissions(path, private).unwrap();
            assert!(matches!(told, Err(Fault::NotWritable { .. })), "{told:?}");
        }
        // Nothing was made there yet.
        assert_eq!(check_writable(&home, &home.join("none")), Ok(()));
    }
}
