//! The settings of the whole program, to be changed.

use super::blocking::blocking;
use super::services::Services;
use crate::home::config;
use crate::model::fault::Fault;
use crate::model::items::{ItemColumn, Sort};
use crate::model::preference::Preference;

/// Writes these values into the config file.
///
/// # Errors
/// The config file's own.
pub async fn set(services: &Services, chosen: Vec<(Preference, String)>) -> Result<(), Fault> {
    let home = services.home.clone();
    blocking(move || {
        home.prepare()?;
        config::set_preferences(&home, &chosen)
    })
    .await
}

/// Writes into the config file which columns tables of work items have; `None` for as many as suit the width.
///
/// # Errors
/// The config file's own.
pub async fn keep_columns(services: &Services, chosen: Option<Vec<ItemColumn>>) -> Result<(), Fault> {
    let home = services.home.clone();
    blocking(move || {
        home.prepare()?;
        config::keep_columns(&home, chosen.as_deref())
    })
    .await
}

/// Writes into the config file how tables of work items are sorted.
///
/// # Errors
/// The config file's own.
pub async fn keep_order(services: &Services, order: Sort) -> Result<(), Fault> {
    let home = services.home.clone();
    blocking(move || {
        home.prepare()?;
        config::keep_order(&home, order)
    })
    .await
}
