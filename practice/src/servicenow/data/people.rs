//! Users and groups.

use crate::core::rng::{Rng, stable_hex, stable_id};
use crate::core::words::{FIRST, GROUPS, LAST};
use crate::servicenow::table::{Shown, Store};

/// Ids and names of users and groups, to refer to.
pub(crate) struct People {
    /// Users: id, name, user name.
    pub(crate) users: Vec<(String, String, String)>,
    /// Groups: id, name.
    pub(crate) groups: Vec<(String, String)>,
}

impl People {
    /// Makes 320 users and a dozen groups, and their rows.
    pub(crate) fn make(store: &mut Store, now: i64) -> Self {
        let users = FIRST.iter().flat_map(|first| LAST.iter().map(move |last| (*first, *last)));
        let users = users.map(|(first, last)| user(store, first, last, now)).collect();
        let groups = GROUPS.iter().map(|name| group(store, name, now)).collect();
        Self { users, groups }
    }

    /// Numbers of the users' values in the incident table or another.
    pub(crate) fn intern_users(&self, store: &mut Store, table: &str) -> Vec<u32> {
        let Some(table) = store.table_mut(table) else { return Vec::new() };
        self.users.iter().map(|(id, name, _)| table.pool.intern(id, Shown::Text(name))).collect()
    }

    /// Numbers of the groups' values in this table.
    pub(crate) fn intern_groups(&self, store: &mut Store, table: &str) -> Vec<u32> {
        let Some(table) = store.table_mut(table) else { return Vec::new() };
        self.groups.iter().map(|(id, name)| table.pool.intern(id, Shown::Text(name))).collect()
    }

    /// The user name of one of them.
    pub(crate) fn anyone(&self, rng: &mut Rng) -> String {
        rng.pick(&self.users).2.clone()
    }
}

fn user(store: &mut Store, first: &str, last: &str, now: i64) -> (String, String, String) {
    let (name, user_name) = (format!("{first} {last}"), format!("{first}.{last}").to_lowercase().replace(' ', "."));
    if let Some(table) = store.table_mut("sys_user") {
        let mut cells = table.blank();
        let email = format!("{user_name}@example.com");
        let fields = [("user_name", user_name.as_str()), ("name", &name), ("first_name", first), ("last_name", last)];
        for (column, value) in fields.into_iter().chain([("email", email.as_str()), ("active", "true")]) {
            table.put(&mut cells, column, value);
        }
        for column in ["locked_out", "password_needs_reset", "web_service_access_only", "internal_integration_user"] {
            table.put(&mut cells, column, "false");
        }
        table.put_time(&mut cells, "sys_updated_on", now - 200 * 86_400);
        table.load(stable_id("sys_user", &user_name), &cells);
    }
    (stable_hex("sys_user", &user_name), name, user_name)
}

fn group(store: &mut Store, name: &str, now: i64) -> (String, String) {
    if let Some(table) = store.table_mut("sys_user_group") {
        let mut cells = table.blank();
        table.put(&mut cells, "name", name);
        table.put(&mut cells, "active", "true");
        table.put_time(&mut cells, "sys_updated_on", now - 300 * 86_400);
        table.load(stable_id("sys_user_group", name), &cells);
    }
    (stable_hex("sys_user_group", name), name.to_owned())
}
