//! Made-up data: seeded, plausible, relative to now.

mod changes;
mod incidents;
mod inventory;
mod people;
mod roles;
mod settings;
mod trickle;

pub(crate) use inventory::make_inventory;
pub(crate) use people::People;
pub(crate) use roles::{inherit, roles_of, set_role, take, take_all};
pub(crate) use settings::{
    RATE_RULE_ID, set_app, set_application, set_property, set_rate_rule, set_release, settings, show_tokens,
};
pub(crate) use trickle::Trickle;
pub(crate) use {changes::make_changes, incidents::make_incidents};

/// How far back the made-up data reaches.
const DAYS_BACK: i64 = 120;

/// How many incidents there are if nobody says otherwise.
pub(crate) const INCIDENTS: u64 = 3_000;

/// How many change requests there are.
pub(crate) const CHANGES: u64 = 400;
