//! What the admin may set for the whole program; stands in the config file under `[settings]`.

use std::ops::RangeInclusive;

use serde::de::IntoDeserializer;
use serde::{Deserialize, Deserializer, Serialize};

use super::items::{ItemColumn, Sort};
use super::preference::AUTO;

/// The schedule's bounds in minutes; 0 switches it off.
pub const MINUTES: RangeInclusive<u32> = 0..=1440;

/// The settings, each with its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How often an open TUI syncs each connection, in minutes; 0 switches the schedule off.
    pub sync_every_minutes: u32,
    /// The language, where neither `--lang` nor the locale should decide.
    #[serde(deserialize_with = "or_auto")]
    pub lang: Option<super::lang::Lang>,
    /// A file with further CA certificates in PEM.
    pub ca_file: Option<String>,
    /// How long a product may take to carry out a request whose reply was lost, in seconds: what is not seen by then is
    /// written again.
    pub lost_reply_wait_seconds: u32,
    /// How long the lists of Service Manager's web app may show a change late, in seconds (`app:CacheTimeout`).
    pub list_cache_wait_seconds: u32,
    /// What the terminal shows, where neither the locale nor `TERM` should decide.
    #[serde(deserialize_with = "or_auto")]
    pub charset: Option<super::charset::Charset>,
    /// The colours of screens and commands.
    pub theme: super::colours::Colours,
    /// Whether screens take clicks of the mouse from the start.
    pub mouse: bool,
    /// The columns of tables of work items on screens, in the order of [`ItemColumn::ALL`]; none for as many as suit the
    /// width.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<ItemColumn>>,
    /// The column that these tables are sorted by.
    pub sort: ItemColumn,
    /// Whether they are sorted the other way round.
    pub reverse: bool,
}

impl Settings {
    /// The order of tables of work items.
    pub fn order(&self) -> Sort {
        Sort { column: self.sort, reversed: self.reverse }
    }

    /// Sets that order.
    pub fn set_order(&mut self, order: Sort) {
        (self.sort, self.reverse) = (order.column, order.reversed);
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            sync_every_minutes: 15,
            lang: None,
            ca_file: None,
            lost_reply_wait_seconds: 65,
            list_cache_wait_seconds: 900,
            charset: None,
            theme: super::colours::Colours::Auto,
            mouse: false,
            columns: None,
            sort: ItemColumn::default(),
            reverse: false,
        }
    }
}

/// A value, or none where the file says `auto`.
fn or_auto<'de, T: Deserialize<'de>, D: Deserializer<'de>>(file: D) -> Result<Option<T>, D::Error> {
    let text = String::deserialize(file)?;
    if text == AUTO { Ok(None) } else { T::deserialize(text.into_deserializer()).map(Some) }
}
