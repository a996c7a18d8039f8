//! Who can sign in: the state of a user stands in `sys_user`, its roles in `sys_user_has_role`, its password here.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::UserState;
use crate::core::rng::parse_hex;
use crate::servicenow::data::roles_of;
use crate::servicenow::table::{Store, Writer};

const USERS: &str = "sys_user";

/// The role without which the REST API refuses a user; `itil` contains it.
const API_ROLE: &str = "snc_platform_rest_api_access";

/// A user that has signed in.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    /// `user_name`
    pub(crate) name: String,
    /// The `sys_id` of its row in `sys_user`.
    pub(crate) sys_id: String,
    /// Its roles.
    pub(crate) roles: BTreeSet<String>,
    /// Whether it may use the REST API at all.
    pub(crate) api_access: bool,
}

impl Account {
    /// Whether no table is closed to it.
    pub(crate) fn admin(&self) -> bool {
        self.has("admin")
    }

    /// Whether it has a role.
    pub(crate) fn has(&self, role: &str) -> bool {
        self.roles.contains(role)
    }
}

/// How a user's password is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PasswordState {
    /// There is none: nobody can sign in.
    None,
    /// Stored as it was sent, without `sysparm_input_display_value=true`: nobody can sign in.
    Unhashed,
    /// As it should be.
    Hashed,
}

#[derive(Default)]
struct Secret {
    password: String,
    hashed: bool,
    wrong: u32,
    api_access: Option<bool>,
}

/// The passwords by the users' `sys_id`, and how often wrong ones were given.
#[derive(Default)]
pub(crate) struct Secrets {
    of: HashMap<String, Secret>,
}

impl Secrets {
    /// Keeps a password.
    pub(crate) fn set_password(&mut self, user: &str, password: &str, hashed: bool) {
        let secret = self.of.entry(user.to_owned()).or_default();
        (secret.password, secret.hashed) = (password.to_owned(), hashed);
    }

    /// How a user's password is kept.
    pub(crate) fn state(&self, user: &str) -> PasswordState {
        match self.of.get(user) {
            Some(secret) if secret.password.is_empty() => PasswordState::None,
            Some(secret) if secret.hashed => PasswordState::Hashed,
            Some(_) => PasswordState::Unhashed,
            None => PasswordState::None,
        }
    }

    /// Forgets how often wrong passwords were given.
    pub(crate) fn forgive(&mut self, user: &str) {
        if let Some(secret) = self.of.get_mut(user) {
            secret.wrong = 0;
        }
    }

    /// Forgets a user.
    pub(crate) fn forget(&mut self, user: &str) {
        self.of.remove(user);
    }

    /// Whom this password lets in; wrong ones are counted until the user is locked.
    pub(crate) fn check(&mut self, writer: &mut Writer<'_>, name: &str, word: &str, lock_after: u32) -> Option<String> {
        let user = user_named(writer.store, name)?;
        let secret = self.of.get_mut(&user)?;
        if !secret.hashed || secret.password.is_empty() || secret.password != word {
            secret.wrong += 1;
            if secret.wrong >= lock_after && flag(writer.store, &user, "locked_out") == Some(false) {
                put_flag(writer, &user, "locked_out", true);
            }
            return None;
        }
        fit(writer.store, &user).then(|| {
            secret.wrong = 0;
            user
        })
    }

    /// The user behind an id, if it is fit to act now.
    pub(crate) fn account(&self, store: &Store, user: &str) -> Option<Account> {
        if !fit(store, user) {
            return None;
        }
        let row = store.table(USERS)?.find(&parse_hex(user)?)?;
        let roles = roles_of(store, user);
        let by_role = roles.contains(API_ROLE) || roles.contains("admin");
        let api_access = self.of.get(user).and_then(|secret| secret.api_access).unwrap_or(by_role);
        let name = store.text(USERS, row, "user_name").to_owned();
        Some(Account { name, sys_id: user.to_owned(), roles, api_access })
    }

    /// Changes a user's state; whether the user is there.
    pub(crate) fn set(&mut self, writer: &mut Writer<'_>, name: &str, state: UserState) -> bool {
        let Some(user) = user_named(writer.store, name) else { return false };
        let columns = [
            ("active", state.active),
            ("locked_out", state.locked_out),
            ("password_needs_reset", state.password_needs_reset),
        ];
        for (column, on) in columns {
            if let Some(on) = on {
                put_flag(writer, &user, column, on);
            }
        }
        let secret = self.of.entry(user).or_default();
        secret.api_access = state.api_access.or(secret.api_access);
        if state.locked_out.is_some() {
            secret.wrong = 0;
        }
        true
    }
}

/// The id of the user with this name; names compare without regard to case.
pub(crate) fn user_named(store: &Store, name: &str) -> Option<String> {
    let table = store.table(USERS)?;
    let named = |row: &&u32| table.text(**row, "user_name").eq_ignore_ascii_case(name);
    let row = *table.order().iter().find(named).filter(|_| !name.is_empty())?;
    Some(store.hex(USERS, row))
}

/// Whether a user is there, active, not locked and need not change its password.
pub(crate) fn fit(store: &Store, user: &str) -> bool {
    let states = ["active", "locked_out", "password_needs_reset"].map(|column| flag(store, user, column));
    states == [Some(true), Some(false), Some(false)]
}

fn flag(store: &Store, user: &str, column: &str) -> Option<bool> {
    let table = store.table(USERS)?;
    let row = table.find(&parse_hex(user)?)?;
    Some(table.text(row, column) == "true")
}

fn put_flag(writer: &mut Writer<'_>, user: &str, column: &str, on: bool) {
    let row = parse_hex(user).and_then(|id| writer.store.table(USERS)?.find(&id));
    if let Some(row) = row {
        writer.update(USERS, row, &[(column, if on { "true" } else { "false" })]);
    }
}
