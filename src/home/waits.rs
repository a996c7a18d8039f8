//! Waits that servers asked for, a file for each connection, so that the next process keeps silent as well.

use std::path::PathBuf;

use super::Home;
use super::mapping::removed;
use crate::model::connection::{Connection, ConnectionName};
use crate::model::fault::Fault;
use crate::model::wait::{Wait, Waits};
use crate::vault::disk;

pub(super) fn path(home: &Home, name: &ConnectionName) -> PathBuf {
    home.waits().join(format!("{name}.json"))
}

/// The waits that count for this connection: limits are a user's, so those of another connection of the same user and
/// client count as well. A file that cannot be read is no wait.
pub fn load(home: &Home, connection: &Connection) -> Vec<Wait> {
    let Ok(files) = std::fs::read_dir(home.waits()) else { return Vec::new() };
    let read = |file: std::fs::DirEntry| disk::read(&file.path()).ok().flatten();
    let kept = files.flatten().filter_map(read).filter_map(|bytes| serde_json::from_slice::<Waits>(&bytes).ok());
    let same = |kept: &Waits| kept.username == connection.username && kept.client_id == connection.client_id;
    kept.filter(same).flat_map(|kept| kept.waits).collect()
}

/// Keeps the waits of this connection in the place of the last ones.
///
/// # Errors
/// A full disk, a read-only home.
pub fn save(home: &Home, connection: &Connection, waits: &[Wait]) -> Result<(), Fault> {
    let (username, client_id) = (connection.username.clone(), connection.client_id.clone());
    let kept = Waits { username, client_id, waits: waits.to_vec() };
    let json = serde_json::to_vec(&kept).map_err(|error| Fault::Internal { what: error.to_string() })?;
    disk::private_dir(&home.waits())?;
    disk::write_whole(&path(home, &connection.name), &json)
}

/// Forgets the waits of this connection.
///
/// # Errors
/// Trouble with the disk.
pub fn remove(home: &Home, name: &ConnectionName) -> Result<(), Fault> {
    removed(&path(home, name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::home::testing::{connection, home};

    #[test]
    fn p6_waits_are_kept_for_every_connection_of_the_same_user() {
        let (_dir, home) = home();
        let one = connection("one");
        let wait = Wait {
            server: one.server_url.to_string(),
            asked_at: jiff::Timestamp::UNIX_EPOCH,
            seconds: 120,
            status: 429,
            rule: None,
        };
        assert!(load(&home, &one).is_empty());
        save(&home, &one, std::slice::from_ref(&wait)).unwrap();
        let two = Connection { name: ConnectionName::parse("two").unwrap(), ..one.clone() };
        assert_eq!(load(&home, &two), [wait]);
        let other = Connection { username: "somebody else".into(), ..two };
        assert!(load(&home, &other).is_empty());
        std::fs::write(home.waits().join("x.json"), "no JSON").unwrap();
        assert_eq!(load(&home, &one).len(), 1);
        remove(&home, &one.name).unwrap();
        assert!(load(&home, &one).is_empty());
    }
}
