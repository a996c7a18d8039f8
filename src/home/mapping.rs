//! The admin's own mappings, one file a connection: how it is bound to a product that describes itself.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::Home;
use crate::model::connection::ConnectionName;
use crate::model::encoding::decode;
use crate::model::fault::Fault;
use crate::model::mapping::{MappingFile, MappingProblem, Wrong, is_untouched, stamped};
use crate::vault::disk;

/// Where the mapping of this connection lies, if there is one.
pub fn path(home: &Home, name: &ConnectionName) -> PathBuf {
    home.mappings().join(format!("{}.toml", name.file_stem()))
}

/// The mapping of this connection; none if no file was written.
///
/// # Errors
/// [`Fault::MappingWrong`] with what is wrong in it and where, or why it cannot be read.
pub fn load(home: &Home, name: &ConnectionName) -> Result<Option<MappingFile>, Fault> {
    let path = path(home, name);
    let Some(text) = read_text(&path)? else { return Ok(None) };
    let shown = path.display().to_string();
    match MappingFile::read(&text) {
        Ok(mapping) => Ok(Some(MappingFile { path: shown, ..mapping })),
        Err(problems) => Err(Fault::MappingWrong { path: shown, problems }),
    }
}

/// The text of a mapping; `None` if there is no file.
///
/// # Errors
/// [`Fault::MappingWrong`] for a file that is neither UTF-8 nor UTF-16, or why it cannot be read.
pub(super) fn read_text(path: &Path) -> Result<Option<String>, Fault> {
    let Some(bytes) = disk::read_linked(path)? else { return Ok(None) };
    decode(&bytes).map(Some).map_err(|not_text| {
        let wrong = Wrong::NotToml { detail: not_text.encoding.to_owned() };
        let problems = vec![MappingProblem { line: Some(not_text.line), wrong }];
        Fault::MappingWrong { path: path.display().to_string(), problems }
    })
}

/// Writes the mapping of this connection, unless there is one that someone else wrote or changed.
///
/// # Errors
/// [`Fault::FilesThere`] for such a one, [`Fault::Internal`] for a text without any content, or trouble with the disk.
pub fn write_new(home: &Home, name: &ConnectionName, text: &str) -> Result<PathBuf, Fault> {
    if text.trim().is_empty() {
        return Err(Fault::Internal { what: "the mapping to be written is empty".to_owned() });
    }
    let path = path(home, name);
    let folder = home.mappings();
    disk::private_dir(&folder)?;
    let old = disk::read_linked(&path)?;
    let ours = |bytes: Vec<u8>| bytes.is_empty() || String::from_utf8(bytes).is_ok_and(|text| is_untouched(&text));
    if old.is_some_and(|bytes| !ours(bytes)) {
        return Err(Fault::FilesThere { paths: vec![path.display().to_string()] });
    }
    disk::write_whole(&path, stamped(text).as_bytes())?;
    Ok(path)
}

/// Removes the mapping of this connection, if there is one.
///
/// # Errors
/// Trouble with the disk.
pub fn remove(home: &Home, name: &ConnectionName) -> Result<(), Fault> {
    removed(&path(home, name))
}

pub(super) fn removed(path: &Path) -> Result<(), Fault> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Fault::from_io(path, &error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::home::testing::home;

    const ROUTE: &str = "[routes.incident]\nverb = 'get'\npath = '/a'\n";

    #[test]
    fn a_mapping_is_read_and_removed() {
        let (_dir, home) = home();
        let name = ConnectionName::parse("contoso").unwrap();
        assert_eq!(load(&home, &name), Ok(None));
        let path = write_new(&home, &name, ROUTE).unwrap();
        assert_eq!(load(&home, &name).unwrap().unwrap().routes["incident"].path, "/a");
        std::fs::write(&path, "rotues = 1").unwrap();
        let Err(Fault::MappingWrong { path: named, problems }) = load(&home, &name) else { panic!() };
        let near = Some("routes".to_owned());
        let wrong = Wrong::UnknownKey { key: "rotues".to_owned(), nearest: near };
        assert_eq!((named, problems), (path.display().to_string(), vec![MappingProblem { line: Some(1), wrong }]));
        remove(&home, &name).unwrap();
        remove(&home, &name).unwrap();
        assert_eq!(load(&home, &name), Ok(None));
    }

    #[test]
    fn p9_only_an_untouched_mapping_is_rewritten() {
        let (_dir, home) = home();
        let name = ConnectionName::parse("contoso").unwrap();
        let path = write_new(&home, &name, "# a").unwrap();
        write_new(&home, &name, ROUTE).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with(ROUTE), "{text}");
        std::fs::write(&path, text.replace("/a", "/b")).unwrap();
        assert!(matches!(write_new(&home, &name, "# a"), Err(Fault::FilesThere { .. })));
        assert_eq!(load(&home, &name).unwrap().unwrap().routes["incident"].path, "/b");
    }

    #[test]
    fn p9_empty_mapping_is_not_written_and_is_replaced() {
        let (_dir, home) = home();
        let name = ConnectionName::parse("contoso").unwrap();
        assert!(write_new(&home, &name, " \n").is_err() && !path(&home, &name).exists());
        let path = write_new(&home, &name, ROUTE).unwrap();
        std::fs::write(&path, "").unwrap();
        write_new(&home, &name, ROUTE).unwrap();
    }

    #[test]
    fn p10_a_file_that_is_not_utf_8_is_named_with_its_line() {
        let (_dir, home) = home();
        let name = ConnectionName::parse("contoso").unwrap();
        let path = write_new(&home, &name, ROUTE).unwrap();
        std::fs::write(path, b"# a\n# \xff\n").unwrap();
        let Err(Fault::MappingWrong { problems, .. }) = load(&home, &name) else { panic!() };
        assert_eq!(problems[0].line, Some(2));
    }
}
