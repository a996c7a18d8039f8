//! Text files that a command is given.

use std::io;
use std::path::Path;

use super::signals;
use crate::files;
use crate::model::clean::clean;
use crate::model::encoding::decode;
use crate::model::fault::{Fault, FileKind};
use crate::model::lang::Lang;
use crate::texts::command;

/// The most that such a file may measure, in bytes.
const LIMIT: u64 = 1 << 20;

/// Reads a file that the command line names.
///
/// # Errors
/// Wrong use when there is none; else as [`read`].
pub fn named(lang: Lang, path: &Path) -> Result<String, Fault> {
    if path != Path::new("-") && path.symlink_metadata().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        let path = clean(&path.display().to_string(), false);
        return Err(Fault::BadUsage { what: command::no_such_file(lang, &path) });
    }
    read(path)
}

/// Reads a whole file of at most 1 MiB, in UTF-8 or UTF-16; `-` is stdin.
///
/// # Errors
/// When it cannot be read, is larger (a device may have no end), or is in another encoding.
pub fn read(path: &Path) -> Result<String, Fault> {
    let problem = |reason: String| Fault::FileProblem { path: path.display().to_string(), reason };
    let mut from_stdin = Vec::new();
    let bytes = if path == Path::new("-") {
        signals::read_stdin(LIMIT + 1, &mut from_stdin)?;
        from_stdin
    } else {
        let missing = || Fault::from_io(path, &io::Error::from(io::ErrorKind::NotFound));
        files::read_named(path, LIMIT).map_err(of_kind(&problem))?.ok_or_else(missing)?.to_vec()
    };
    if bytes.len() as u64 > LIMIT {
        return Err(problem("larger than 1 MiB".to_owned()));
    }
    decode(&bytes).map_err(|not_text| problem(not_text.reason()))
}

/// What was named is not in the place of a file of ours, so nobody is to move it away.
fn of_kind(problem: &impl Fn(String) -> Fault) -> impl Fn(Fault) -> Fault {
    move |fault| match fault {
        Fault::NotAFile { found: FileKind::Folder, .. } => problem("a folder, not a file".to_owned()),
        Fault::NotAFile { found: FileKind::Special, .. } => problem("a socket or a device, not a file".to_owned()),
        fault => fault,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e8_powershell_form_is_read_other_encoding_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("form.toml");
        let utf_16: Vec<u8> = "\u{FEFF}name = 'é'\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        std::fs::write(&path, utf_16).unwrap();
        assert_eq!(read(&path).as_deref(), Ok("name = 'é'\r\n"));
        std::fs::write(&path, b"name = '\xe9'").unwrap();
        let Err(Fault::FileProblem { reason, .. }) = read(&path) else { panic!("it was read") };
        assert!(reason.contains("line 1") && reason.contains("UTF-8"), "{reason}");
        assert!(matches!(read(&dir.path().join("none")), Err(Fault::FileProblem { .. })));
    }
}
