//! Users over the API: names, passwords, and what becomes of their roles.

use super::{Act, Refused, borrowed};
use crate::core::rng::hex;
use crate::servicenow::data;
use crate::servicenow::oauth::user_named;

const USERS: &str = "sys_user";

/// What a new user is if the request does not say otherwise. A password that must be changed first is what an API
/// client has to rule out itself.
const FIRST: [(&str, &str); 5] = [
    ("active", "true"),
    ("locked_out", "false"),
    ("password_needs_reset", "true"),
    ("web_service_access_only", "false"),
    ("internal_integration_user", "false"),
];

impl Act<'_> {
    pub(super) fn insert_user(&mut self, id: [u8; 16]) -> Result<(), Refused> {
        let name = self.field("user_name").unwrap_or("").to_owned();
        if user_named(self.writer.store, &name).is_some() {
            return Err(taken(&name));
        }
        let sent = self.writable();
        let full = self.full_name(None);
        let fields: Vec<_> = FIRST.into_iter().chain(borrowed(&sent)).chain([("name", full.as_str())]).collect();
        self.writer.insert(USERS, id, &fields);
        self.keep_password(&hex(&id));
        Ok(())
    }

    pub(super) fn update_user(&mut self, user: &str, row: u32) -> Result<(), Refused> {
        let name = self.field("user_name").unwrap_or("").to_owned();
        if user_named(self.writer.store, &name).is_some_and(|other| other != user) {
            return Err(taken(&name));
        }
        let sent = self.writable();
        let mut fields = borrowed(&sent);
        let full = self.full_name(Some(row));
        let renamed = ["first_name", "last_name"].iter().any(|column| self.field(column).is_some());
        if renamed {
            fields.push(("name", &full));
        }
        self.writer.update(USERS, row, &fields);
        if self.field("locked_out") == Some("false") {
            self.auth.secrets.forgive(user);
        }
        self.keep_password(user);
        Ok(())
    }

    pub(super) fn delete_user(&mut self, user: &str, row: u32) {
        data::take_all(&mut self.writer, user);
        self.writer.remove(USERS, row);
        self.auth.secrets.forget(user);
    }

    /// Only a password that is sent as a display value is hashed; any other lets nobody in.
    fn keep_password(&mut self, user: &str) {
        if let Some(password) = self.field("user_password").map(str::to_owned) {
            self.auth.secrets.set_password(user, &password, self.by_display);
        }
    }

    fn full_name(&self, row: Option<u32>) -> String {
        let before = |column| row.map_or("", |row| self.writer.store.text(USERS, row, column));
        let part = |column| self.field(column).unwrap_or_else(|| before(column));
        let (first, last) = (part("first_name"), part("last_name"));
        format!("{first} {last}").trim().to_owned()
    }
}

fn taken(name: &str) -> Refused {
    Refused::Operation(format!(
        "Unique Key violation detected by database (Duplicate entry '{name}' for key 'user_name')"
    ))
}
