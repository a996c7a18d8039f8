//! What each connection was bound to when it was connected, one file a connection.

use std::path::PathBuf;

use super::Home;
use super::mapping::{read_text, removed};
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::mapping::Kept;
use crate::vault::disk;

/// Where the binding of this connection lies, if one is kept.
pub fn path(home: &Home, name: &ConnectionName) -> PathBuf {
    home.bindings().join(format!("{}.toml", name.file_stem()))
}

/// The binding of this connection; `None` if none is kept.
///
/// # Errors
/// [`Fault::MappingWrong`] with what is wrong in it and where, or why it cannot be read.
pub fn load(home: &Home, name: &ConnectionName) -> Result<Option<Kept>, Fault> {
    let path = path(home, name);
    let Some(text) = read_text(&path)? else { return Ok(None) };
    let shown = path.display().to_string();
    match Kept::read(&text) {
        Ok(mut kept) => {
            kept.mapping.path = shown;
            Ok(Some(kept))
        }
        Err(problems) => Err(Fault::MappingWrong { path: shown, problems }),
    }
}

/// Keeps a binding in the place of the last one.
///
/// # Errors
/// Trouble with the disk.
pub fn write(home: &Home, name: &ConnectionName, kept: &Kept) -> Result<(), Fault> {
    disk::private_dir(&home.bindings())?;
    disk::write_whole(&path(home, name), kept.text().as_bytes())
}

/// Forgets the binding of this connection, if one is kept.
///
/// # Errors
/// Trouble with the disk.
pub fn remove(home: &Home, name: &ConnectionName) -> Result<(), Fault> {
    removed(&path(home, name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::home::testing::home;
    use crate::model::mapping::{MappingFile, MappingProblem, Wrong};

    #[test]
    fn p2_a_binding_is_kept_and_a_broken_file_is_named() {
        let (_dir, home) = home();
        let name = ConnectionName::parse("contoso").unwrap();
        assert_eq!(load(&home, &name), Ok(None));
        let kept = Kept { server: "https://a.example".into(), mapping: MappingFile::default() };
        write(&home, &name, &kept).unwrap();
        assert_eq!(load(&home, &name).unwrap().unwrap().server, kept.server);
        std::fs::write(path(&home, &name), "server = \"a\"\nrotues = 1\n").unwrap();
        let Err(Fault::MappingWrong { path, problems }) = load(&home, &name) else { panic!() };
        let [MappingProblem { line: Some(2), wrong: Wrong::UnknownKey { .. } }] = &problems[..] else { panic!() };
        assert!(path.ends_with("contoso.toml"), "{path}");
        remove(&home, &name).unwrap();
        remove(&home, &name).unwrap();
        assert_eq!(load(&home, &name), Ok(None));
    }
}
