//! Which connection is being renamed: a note that outlives a crash, so that a renaming that was cut off is finished or undone.

use serde::{Deserialize, Serialize};

use super::{Home, binding, mapping, waits};
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::vault::disk;

/// A renaming that has begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renaming {
    /// The name that the connection had.
    pub from: ConnectionName,
    /// The name that it gets.
    pub to: ConnectionName,
    /// By which name it is known outside from now on, where that is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_as: Option<ConnectionName>,
    /// Whether its secrets have the new name. From then on it is finished, before that it is undone.
    pub secrets_moved: bool,
}

/// Whether a renaming has begun that is not at its end.
pub fn is_noted(home: &Home) -> bool {
    home.renaming().exists()
}

/// The renaming that has begun, if one has.
///
/// # Errors
/// [`Fault::FileProblem`] for a note that cannot be read.
pub fn load(home: &Home) -> Result<Option<Renaming>, Fault> {
    let path = home.renaming();
    let Some(bytes) = disk::read(&path)? else { return Ok(None) };
    let damaged = |error: serde_json::Error| Fault::FileProblem {
        path: path.display().to_string(),
        reason: format!("the note of a renaming is damaged ({error})"),
    };
    serde_json::from_slice(&bytes).map(Some).map_err(damaged)
}

/// Notes how far a renaming is; on the disk when this returns.
///
/// # Errors
/// A full disk, a read-only home.
pub fn save(home: &Home, renaming: &Renaming) -> Result<(), Fault> {
    let json = serde_json::to_vec(renaming).map_err(|error| Fault::Internal { what: error.to_string() })?;
    disk::write_whole(&home.renaming(), &json)
}

/// Forgets the renaming, which is finished or undone.
///
/// # Errors
/// When it cannot be deleted.
pub fn delete(home: &Home) -> Result<(), Fault> {
    disk::sweep(&home.renaming());
    disk::remove(&home.renaming())
}

/// Gives the files of a connection to its new name; what was moved before stays where it is.
///
/// # Errors
/// Trouble with the disk.
pub fn move_files(home: &Home, from: &ConnectionName, to: &ConnectionName) -> Result<(), Fault> {
    for path in [mapping::path, binding::path, waits::path] {
        let (old, new) = (path(home, from), path(home, to));
        match std::fs::rename(&old, &new) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(Fault::from_io(&old, &error)),
            _ => {}
        }
    }
    Ok(())
}
