//! The admin's own mappings, one file a connection: how it is bound to a product that describes itself.

use std::io::ErrorKind;
use std::path::PathBuf;

use super::Home;
use crate::model::clean::clean;
use crate::model::connection::ConnectionName;
use crate::model::encoding::decode;
use crate::model::fault::Fault;
use crate::model::mapping::MappingFile;
use crate::vault::disk;

/// Where the mapping of this connection lies, if there is one.
pub fn path(home: &Home, name: &ConnectionName) -> PathBuf {
    home.mappings().join(format!("{}.toml", name.file_stem()))
}

/// The mapping of this connection; none if no file was written.
///
/// # Errors
/// [`Fault::FileProblem`] with what is wrong in it and where, or why it cannot be read.
pub fn load(home: &Home, name: &ConnectionName) -> Result<Option<MappingFile>, Fault> {
    let path = path(home, name);
    let Some(bytes) = disk::read_linked(&path)? else { return Ok(None) };
    let wrong = |reason: String| Fault::FileProblem { path: path.display().to_string(), reason };
    let text = decode(&bytes).map_err(|not_text| wrong(not_text.reason()))?;
    MappingFile::read(&text).map(Some).map_err(|error| wrong(clean(&error.to_string(), true)))
}

/// Writes the mapping of this connection, unless there is one already.
///
/// # Errors
/// [`Fault::FileProblem`] for one that is there, or trouble with the disk.
pub fn write_new(home: &Home, name: &ConnectionName, text: &str) -> Result<PathBuf, Fault> {
    let path = path(home, name);
    let folder = home.mappings();
    std::fs::create_dir_all(&folder).map_err(|error| Fault::from_io(&folder, &error))?;
    if path.exists() {
        let reason = "it is there already, and is not overwritten".to_owned();
        return Err(Fault::FileProblem { path: path.display().to_string(), reason });
    }
    disk::write_whole(&path, text.as_bytes())?;
    Ok(path)
}

/// Removes the mapping of this connection, if there is one.
///
/// # Errors
/// Trouble with the disk.
pub fn remove(home: &Home, name: &ConnectionName) -> Result<(), Fault> {
    let path = path(home, name);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Fault::from_io(&path, &error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::home::testing::home;

    #[test]
    fn a_mapping_is_read_never_overwritten_and_removed() {
        let (_dir, home) = home();
        let name = ConnectionName::parse("contoso").unwrap();
        assert_eq!(load(&home, &name), Ok(None));
        let path = write_new(&home, &name, "[routes.incident]\nverb = 'get'\npath = '/a'\n").unwrap();
        assert_eq!(load(&home, &name).unwrap().unwrap().routes["incident"].path, "/a");
        assert!(matches!(write_new(&home, &name, ""), Err(Fault::FileProblem { .. })));
        std::fs::write(&path, "rotues = 1").unwrap();
        let Err(Fault::FileProblem { reason, .. }) = load(&home, &name) else { panic!() };
        assert!(reason.contains("rotues"), "{reason}");
        remove(&home, &name).unwrap();
        remove(&home, &name).unwrap();
        assert_eq!(load(&home, &name), Ok(None));
    }
}
