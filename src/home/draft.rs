//! The wizard's draft on disk, so that quitting or a crash loses nothing that was typed, secrets aside.

use std::path::PathBuf;

use super::Home;
use crate::model::draft::Draft;
use crate::model::fault::Fault;
use crate::model::redactor;
use crate::vault::disk;

fn file(home: &Home) -> PathBuf {
    home.drafts_dir().join("new-connection.json")
}

/// Keeps the draft in the place of the last one.
///
/// # Errors
/// A full disk, a read-only home.
pub fn save(home: &Home, draft: &Draft) -> Result<(), Fault> {
    let json = serde_json::to_vec_pretty(draft).map_err(|error| Fault::Internal { what: error.to_string() })?;
    disk::private_dir(&home.drafts_dir())?;
    disk::write_whole(&file(home), &redactor::redact(&json))
}

/// The draft that was left; `None` when there is none.
///
/// # Errors
/// [`Fault::FileProblem`] for a damaged draft, once: it is kept aside, and the next call finds none.
pub fn load(home: &Home) -> Result<Option<Draft>, Fault> {
    let path = file(home);
    let Some(bytes) = disk::read(&path)? else { return Ok(None) };
    match serde_json::from_slice(&bytes) {
        Ok(draft) => Ok(Some(draft)),
        Err(error) => {
            let kept = disk::keep_aside(&path, &bytes)?;
            disk::remove(&path)?;
            let reason = format!("the draft is damaged ({error}); it was kept as {}", kept.display());
            Err(Fault::FileProblem { path: path.display().to_string(), reason })
        }
    }
}

/// Forgets the draft.
///
/// # Errors
/// When it cannot be deleted.
pub fn delete(home: &Home) -> Result<(), Fault> {
    disk::sweep(&file(home));
    disk::remove(&file(home))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::home::testing::home;
    use crate::model::form::{FieldId, Form};
    use crate::model::partner::PartnerId;
    use crate::model::secret::Secret;

    fn draft() -> Draft {
        let mut form = Form::default();
        form.texts.insert(FieldId::ServerUrl, "contoso".into());
        form.texts.insert(FieldId::Password, "planted-password".into());
        form.secrets.insert(FieldId::ClientSecret, Secret::new("planted-secret"));
        let confirmed = BTreeMap::from([("user_app".to_owned(), jiff::Timestamp::UNIX_EPOCH)]);
        Draft::of(&form, PartnerId::new("servicenow"), "details", confirmed)
    }

    #[test]
    fn a_draft_comes_back_until_it_is_deleted() {
        let (_dir, home) = home();
        assert_eq!(load(&home).unwrap(), None);
        save(&home, &draft()).unwrap();
        assert_eq!(load(&home).unwrap(), Some(draft()));
        let text = std::fs::read_to_string(file(&home)).unwrap();
        assert!(!text.contains("planted") && text.contains("contoso"), "{text}");
        delete(&home).unwrap();
        delete(&home).unwrap();
        assert_eq!(load(&home).unwrap(), None);
    }

    #[test]
    fn a_damaged_draft_is_told_once_and_kept_aside() {
        let (_dir, home) = home();
        save(&home, &draft()).unwrap();
        std::fs::write(file(&home), "{ \"partner\"").unwrap();
        let Err(Fault::FileProblem { reason, .. }) = load(&home) else { panic!("it was read") };
        assert!(reason.contains("damaged-1"), "{reason}");
        assert_eq!(load(&home).unwrap(), None);
        assert_eq!(std::fs::read(home.drafts_dir().join("new-connection.json.damaged-1")).unwrap(), b"{ \"partner\"");
    }
}
