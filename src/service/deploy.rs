//! The files that deploy a web app.

use crate::home::new_files;
use crate::model::deploy::{Order, SITE_NUMBERS, Written, files};
use crate::model::fault::Fault;

/// Writes them. It blocks.
///
/// # Errors
/// [`Fault::BadUsage`] with the keys of values that do not fit, which an [`Order`] keeps from happening;
/// [`Fault::FilesThere`]; what keeps a file from being written.
pub fn write(order: &Order) -> Result<Written, Fault> {
    let deployment = order.deployment(number()).map_err(|problems| {
        let keys: Vec<_> = problems.iter().map(|(field, _)| field.key()).collect();
        Fault::BadUsage { what: keys.join(", ") }
    })?;
    let folder = new_files::folder(&order.folder);
    let files = files(&deployment, order.lang, &order.warnings);
    new_files::write(&folder, files.iter().map(|file| (file.name, file.text.as_str())))?;
    let files = files.iter().map(|file| file.name.to_owned()).collect();
    Ok(Written { deployment, folder: folder.display().to_string(), files })
}

/// A number nobody can foresee, so that a web app's name is one's own.
fn number() -> u32 {
    use std::hash::{BuildHasher, Hasher};
    let drawn = std::collections::hash_map::RandomState::new().build_hasher().finish();
    u32::try_from(drawn % u64::from(SITE_NUMBERS)).unwrap_or_default()
}
