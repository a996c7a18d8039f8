//! Files that are handed to the admin: all of them are new, or none is written.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::model::fault::Fault;

/// The folder that was named, from the root; a `~` at its beginning is the home folder.
pub fn folder(named: &str) -> PathBuf {
    let home = || directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_owned());
    let rest = named.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with(['/', '\\']));
    let path = match rest.and_then(|rest| Some((rest, home()?))) {
        Some((rest, home)) => home.join(rest.trim_start_matches(['/', '\\'])),
        None => PathBuf::from(named),
    };
    std::path::absolute(&path).unwrap_or(path)
}

/// Writes all files or, where one of them is there already, none.
///
/// # Errors
/// [`Fault::FilesThere`]; what keeps one from being written.
pub fn write<'a>(dir: &Path, files: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> Result<Vec<PathBuf>, Fault> {
    let paths: Vec<PathBuf> = files.clone().map(|(name, _)| dir.join(name)).collect();
    let there: Vec<_> = paths.iter().filter(|path| path.exists()).map(|path| path.display().to_string()).collect();
    if !there.is_empty() {
        return Err(Fault::FilesThere { paths: there });
    }
    fs::create_dir_all(dir).map_err(|error| Fault::from_io(dir, &error))?;
    for (path, (_, text)) in paths.iter().zip(files) {
        let opened = OpenOptions::new().write(true).create_new(true).open(path);
        let written = opened.and_then(|mut open| open.write_all(text.as_bytes()).and_then(|()| open.sync_all()));
        written.map_err(|error| Fault::from_io(path, &error))?;
    }
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_told_from_the_root() {
        assert!(folder("out").is_absolute());
        assert!(!folder("~/out").to_string_lossy().contains('~'));
        assert!(folder("~out").ends_with("~out"), "another user's home is not known");
        assert_eq!(folder("/a/b"), Path::new("/a/b"));
    }

    #[test]
    fn all_files_are_new_or_none_is_written() {
        let dir = tempfile::tempdir().unwrap();
        let files = [("a.txt", "a"), ("b.txt", "b")];
        write(&dir.path().join("one/two"), files.into_iter()).unwrap();
        fs::write(dir.path().join("b.txt"), "mine").unwrap();
        let refused = write(dir.path(), files.into_iter());
        assert_eq!(refused, Err(Fault::FilesThere { paths: vec![dir.path().join("b.txt").display().to_string()] }));
        assert!(!dir.path().join("a.txt").exists());
    }
}
