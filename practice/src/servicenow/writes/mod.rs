//! What a write over the API does: access rules, the row itself, and what the product does by itself with it.

mod incident;
mod policy;
mod user;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::access::{SECRET_COLUMNS, may_write};
use super::calendar::raw;
use super::data;
use super::manners::SameSysId;
use super::oauth::Account;
use super::state::{Auth, State, machine_now};
use super::table::{Kind, Writer, classes};
use crate::core::rng::{hex, parse_hex};

pub use super::access::Verb;

/// The property that leaves system columns to admins.
const ADMIN_ONLY: &str = "glide.rest.table_api.admin_only_sys_fields";

/// A write that came over the API, carried out or refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteRecord {
    /// Seconds since 1970, by the instance's clock.
    pub at: i64,
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
    fn record(&self, at: i64, caller: &Account, done: Option<&[u8; 16]>) -> WriteRecord {
        let cut =
            |name: &str, value: &str| if SECRET_COLUMNS.contains(&name) { "[cut]".into() } else { value.to_owned() };
        WriteRecord {
            at,
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
    /// A data policy, with the status it is told by and its detail.
    Policy(u16, String),
}

/// Writes, and returns the id of the row. Every attempt on a row that is there is noted.
pub(crate) fn write(state: &State, caller: &Account, order: &Order<'_>) -> Result<[u8; 16], Refused> {
    if order.table == "oauth_credential" {
        state.show_tokens();
    }
    let result = permitted(state, caller, order).and_then(|()| perform(state, caller, order));
    if result != Err(Refused::NoRecord) {
        let now = state.base.clock.now();
        state.writes().push(order.record(now, caller, result.as_ref().ok()));
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
    let now = state.base.clock.now();
    let manners = state.manners().clone();
    let mut auth = state.auth();
    let mut data = state.data_mut();
    let mut act = Act {
        state,
        caller,
        verb: order.verb,
        table: order.table.to_owned(),
        by_display: order.by_display,
        fields: order.fields.to_vec(),
        auth: &mut auth,
        writer: Writer {
            store: &mut data.store,
            now,
            by: &caller.name,
            older: state.options.incident_log.is_some(),
            by_display: order.by_display,
        },
    };
    act.read_times();
    let id = match order.id {
        Some(id) => id,
        None => act.new_id(manners.same_sys_id)?,
    };
    let row = order.id.and_then(|id| act.writer.store.table(order.table)?.find(&id));
    act.obey(&manners, row)?;
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
    verb: Verb,
    table: String,
    by_display: bool,
    /// What is written: what was sent, as business rules have changed it.
    fields: Vec<(String, String)>,
    auth: &'a mut Auth,
    writer: Writer<'a>,
}

impl Act<'_> {
    /// The value that is written to a column.
    fn field(&self, column: &str) -> Option<&str> {
        self.fields.iter().find(|(name, _)| name == column).map(|(_, value)| value.as_str())
    }

    /// What may be written at all: no system columns, no secrets.
    fn writable(&self) -> Vec<(String, String)> {
        let may = |name: &str| !name.starts_with("sys_") && !SECRET_COLUMNS.contains(&name);
        self.fields.iter().filter(|(name, _)| may(name)).cloned().collect()
    }

    /// Times that are given as they are displayed are in the caller's zone and format.
    fn read_times(&mut self) {
        if !self.by_display {
            return;
        }
        let Some(table) = self.writer.store.table(&self.table) else { return };
        let timed = |name: &str| {
            table.column(name).is_some_and(|place| matches!(table.columns[place].kind, Kind::Time | Kind::Due))
        };
        for (_, value) in self.fields.iter_mut().filter(|(name, _)| timed(name)) {
            *value = self.state.calendar.parse_shown(value).map_or_else(String::new, raw);
        }
    }

    /// Whether the caller may give system columns with a new row.
    fn may_give_system_columns(&self) -> bool {
        let closed = self.writer.store.first("sys_properties", &[("name", ADMIN_ONLY), ("value", "true")]).is_some();
        self.caller.admin() || !closed
    }

    /// The id of a new row: the client's own, if it gives one and may.
    fn new_id(&self, same: SameSysId) -> Result<[u8; 16], Refused> {
        let wanted = self.field("sys_id").filter(|_| self.may_give_system_columns()).and_then(parse_hex);
        let Some(wanted) = wanted else { return Ok(self.state.new_id()) };
        let taken = self.writer.store.table(&self.table).is_some_and(|table| table.find(&wanted).is_some());
        match same {
            _ if !taken => Ok(wanted),
            SameSysId::Another => Ok(self.state.new_id()),
            SameSysId::Refused => Err(Refused::Operation(format!(
                "Unique Key violation detected by database (Duplicate entry '{}' for key 'PRIMARY')",
                hex(&wanted)
            ))),
        }
    }

    /// Puts the stamps that the client gives with a new row.
    fn stamp_as_given(&mut self, id: [u8; 16]) {
        if !self.may_give_system_columns() {
            return;
        }
        let Some(row) = self.writer.store.table(&self.table).and_then(|table| table.find(&id)) else { return };
        let given = self.fields.iter().filter(|(name, _)| matches!(name.as_str(), "sys_created_on" | "sys_created_by"));
        let given: Vec<(String, String)> = given.cloned().collect();
        let table = self.table.clone();
        self.writer.amend(&table, row, &borrowed(&given));
    }
}

fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

impl Act<'_> {
    fn insert(&mut self, id: [u8; 16]) -> Result<(), Refused> {
        let table = self.table.clone();
        match table.as_str() {
            "sys_user" => return self.insert_user(id),
            "sys_user_has_role" => self.insert_role(id),
            "incident" => self.insert_incident(id),
            table => {
                let sent = self.writable();
                let class = [("sys_class_name", table)].into_iter().filter(|_| classes::is_class(table));
                let fields: Vec<_> = borrowed(&sent).into_iter().chain(class).collect();
                self.writer.insert(table, id, &fields);
            }
        }
        self.stamp_as_given(id);
        Ok(())
    }

    fn update(&mut self, id: [u8; 16]) -> Result<(), Refused> {
        let table = self.table.clone();
        let row = self.writer.store.table(&table).and_then(|table| table.find(&id)).ok_or(Refused::NoRecord)?;
        match table.as_str() {
            "sys_user" => return self.update_user(&hex(&id), row),
            "incident" => self.update_incident(row),
            table => {
                let sent = self.writable();
                self.writer.update(table, row, &borrowed(&sent));
            }
        }
        Ok(())
    }

    fn delete(&mut self, id: [u8; 16]) -> Result<(), Refused> {
        let table = self.table.clone();
        let row = self.writer.store.table(&table).and_then(|table| table.find(&id)).ok_or(Refused::NoRecord)?;
        match table.as_str() {
            "sys_user_has_role" => data::take(&mut self.writer, row),
            "oauth_credential" => self.delete_token(&id),
            "sys_user" => self.delete_user(&hex(&id), row),
            table => self.writer.remove(table, row),
        }
        Ok(())
    }

    fn insert_role(&mut self, id: [u8; 16]) {
        let first = [("state", "active"), ("inherited", "false"), ("inh_count", "0")];
        let sent = self.writable();
        let fields: Vec<_> = first.into_iter().chain(borrowed(&sent)).collect();
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
