//! Made-up data: seeded, plausible, relative to now.

mod changes;
mod incidents;
mod people;
mod settings;
mod trickle;
mod words;

pub(crate) use people::People;
pub(crate) use settings::{refresh_accounts, refresh_release, refresh_tokens, settings};
pub(crate) use trickle::Trickle;
pub(crate) use {changes::make_changes, incidents::make_incidents};

/// How far back the made-up data reaches.
const DAYS_BACK: i64 = 120;

/// How many incidents there are if nobody says otherwise.
pub(crate) const INCIDENTS: u64 = 3_000;

/// How many change requests there are.
pub(crate) const CHANGES: u64 = 400;
