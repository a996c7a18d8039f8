//! What a write over the API does: access rules, the row itself, and what the product does by itself with it.

mod incident;
mod user;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::access::{SECRET_COLUMNS, may_write};
use super::data;
use super::oauth::Account;
use super::state::{Auth, State, machine_now};
use super::table::Writer;
use crate::core::rng::{hex, parse_hex};

pub use super::access::Verb;

/// A write that came over the API, carried out or refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteRecord {
    /// `user_name` of who asked for it.
    pub user: String,
    /// What was asked.
    pub verb: Verb,
    /// The table.
    pub table: String,
    /// The row; empty where an insert was refused.
    pub sys_id: String,
    /// What was sent; passwords and secrets are cut out.
    pub fields: BTreeMap<String, String>,
    /// Whether it was carried out.
    pub done: bool,
}

/// A write as it was asked for.
pub(crate) struct Order<'a> {
    /// What to do.
    pub(crate) verb: Verb,
    /// The table.
    pub(crate) table: &'a str,
    /// The row; none for an insert.
    pub(crate) id: Option<[u8; 16]>,
    /// Columns and values as sent.
    pub(crate) fields: &'a [(String, String)],
    /// `sysparm_input_display_value`
    pub(crate) by_display: bool,
}

impl Order<'_> {
    /// The value that was sent for a column.
    pub(crate) fn field(&self, column: &str) -> Option<&str> {
        self.fields.iter().find(|(name, _)| name == column).map(|(_, value)| value.as_str())
    }

    /// What may be written at all: no system columns, no secrets.
    fn writable(&self) -> Vec<(&str, &str)> {
        let may = |name: &str| !name.starts_with("sys_") && !SECRET_COLUMNS.contains(&name);
        let sent = self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        sent.filter(|(name, _)| may(name)).collect()
    }

    fn record(&self, caller: &Account, done: Option<&[u8; 16]>) -> WriteRecord {
        let cut =
            |name: &str, value: &str| if SECRET_COLUMNS.contains(&name) { "[cut]".into() } else { value.to_owned() };
        WriteRecord {
            user: caller.name.clone(),
            verb: self.verb,
            table: self.table.to_owned(),
            sys_id: done.or(self.id.as_ref()).map(hex).unwrap_or_default(),
            fields: self.fields.iter().map(|(name, value)| (name.clone(), cut(name, value))).collect(),
            done: done.is_some(),
        }
    }
}

/// Why nothing was written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// There is no such row.
    NoRecord,
    /// `Operation Failed`, with this detail.
    Operation(String),
}

/// Writes, and returns the id of the row. Every attempt on a row that is there is noted.
pub(crate) fn write(state: &State, caller: &Account, order: &Order<'_>) -> Result<[u8; 16], Refused> {
    if order.table == "oauth_credential" {
        state.show_tokens();
    }
    let result = permitted(state, caller, order).and_then(|()| perform(state, caller, order));
    if result != Err(Refused::NoRecord) {
        state.writes().push(order.record(caller, result.as_ref().ok()));
    }
    result
}

fn permitted(state: &State, caller: &Account, order: &Order<'_>) -> Result<(), Refused> {
    let data = state.data();
    let table = data.store.table(order.table).ok_or(Refused::NoRecord)?;
    let there = order.id.is_none_or(|id| table.find(&id).is_some());
    if !there {
        return Err(Refused::NoRecord);
    }
    if may_write(caller, order.verb, order.table) {
        return Ok(());
    }
    let detail = format!("ACL Exception {} Failed due to security constraints", order.verb.word());
    Err(Refused::Operation(detail))
}

fn perform(state: &State, caller: &Account, order: &Order<'_>) -> Result<[u8; 16], Refused> {
    let id = order.id.unwrap_or_else(|| state.new_id());
    let now = state.base.clock.now();
    let mut auth = state.auth();
    let mut data = state.data_mut();
    let mut act = Act {
        state,
        caller,
        order,
        auth: &mut auth,
        writer: Writer {
            store: &mut data.store,
            now,
            by: &caller.name,
            older: state.options.incident_log.is_some(),
            by_display: order.by_display,
        },
    };
    match order.verb {
        Verb::Insert => act.insert(id)?,
        Verb::Update => act.update(id)?,
        Verb::Delete => act.delete(id)?,
    }
    Ok(id)
}

/// A write that is allowed, with all it needs.
struct Act<'a> {
    state: &'a State,
    caller: &'a Account,
    order: &'a Order<'a>,
    auth: &'a mut Auth,
    writer: Writer<'a>,
}

impl Act<'_> {
    fn insert(&mut self, id: [u8; 16]) -> Result<(), Refused> {
        match self.order.table {
            "sys_user" => return self.insert_user(id),
            "sys_user_has_role" => self.insert_role(id),
            "incident" => self.insert_incident(id),
            table => {
                self.writer.insert(table, id, &self.order.writable());
            }
        }
        Ok(())
    }

    fn update(&mut self, id: [u8; 16]) -> Result<(), Refused> {
        let table = self.order.table;
        let row = self.writer.store.table(table).and_then(|table| table.find(&id)).ok_or(Refused::NoRecord)?;
        match table {
            "sys_user" => return self.update_user(&hex(&id), row),
            "incident" => self.update_incident(row),
            _ => {
                self.writer.update(table, row, &self.order.writable());
            }
        }
        Ok(())
    }

    fn delete(&mut self, id: [u8; 16]) -> Result<(), Refused> {
        let table = self.order.table;
        let row = self.writer.store.table(table).and_then(|table| table.find(&id)).ok_or(Refused::NoRecord)?;
        match table {
            "sys_user_has_role" => data::take(&mut self.writer, row),
            "oauth_credential" => self.delete_token(&id),
            "sys_user" => self.delete_user(&hex(&id), row),
            _ => self.writer.remove(table, row),
        }
        Ok(())
    }

    fn insert_role(&mut self, id: [u8; 16]) {
        let first = [("state", "active"), ("inherited", "false"), ("inh_count", "0")];
        let sent = self.order.writable();
        let fields: Vec<_> = first.into_iter().chain(sent).collect();
        let Some(row) = self.writer.insert("sys_user_has_role", id, &fields) else { return };
        let text = |column| self.writer.store.text("sys_user_has_role", row, column).to_owned();
        let (user, role) = (text("user"), text("role"));
        let known = |table: &str, id: &str| {
            parse_hex(id)
                .is_some_and(|id| self.writer.store.table(table).is_some_and(|table| table.find(&id).is_some()))
        };
        if known("sys_user", &user) && known("sys_user_role", &role) {
            self.writer.by_display = false;
            data::inherit(&mut self.writer, &user, &role, &hex(&id));
        }
    }

    fn delete_token(&mut self, id: &[u8; 16]) {
        let options = &self.state.options.oauth;
        let value = self.auth.tokens.unlist(id);
        if let Some(value) = value.filter(|_| options.deleting_kills_token) {
            self.auth.tokens.expire(&value, machine_now(), options.revoking_refresh_kills_access);
        }
    }
}
