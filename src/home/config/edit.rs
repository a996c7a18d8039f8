//! Changes to the connections of the config.

use toml_edit::{Array, InlineTable, Table, Value};

use super::table::{Field, change, is_named, new_table, tables, take_out, update};
use crate::home::Home;
use crate::model::connection::{Connection, ConnectionName, Grant};
use crate::model::fault::Fault;

/// The key of the connections.
pub(super) const KEY: &str = "connection";

/// Appends a connection.
///
/// # Errors
/// [`Fault::NameTaken`]; [`Fault::ConfigDamaged`]; [`Fault::Locked`]; trouble with the disk.
pub fn add(home: &Home, connection: &Connection) -> Result<(), Fault> {
    change(home, |config, document| {
        if config.connections.iter().any(|other| other.name.clashes_with(&connection.name)) {
            return Err(taken(&connection.name));
        }
        tables(document, KEY)?.push(written(connection));
        Ok(None)
    })
}

/// Puts a connection in the place of the one that is called `name`; its own name may differ.
///
/// # Errors
/// [`Fault::NoSuchConnection`]; otherwise as [`add`].
pub fn replace(home: &Home, name: &ConnectionName, connection: &Connection) -> Result<(), Fault> {
    change(home, |config, document| {
        let old = config.connection(name)?;
        let others = config.connections.iter().filter(|other| other.name != *name);
        if connection.name != *name && others.clone().any(|other| other.name.clashes_with(&connection.name)) {
            return Err(taken(&connection.name));
        }
        if let Some(table) = tables(document, KEY)?.iter_mut().find(|table| is_named(table, name.as_str())) {
            update(table, fields(old), fields(connection));
        }
        Ok(None)
    })
}

/// Takes a connection out, with the comment that stands right above it.
///
/// # Errors
/// [`Fault::NoSuchConnection`]; otherwise as [`add`].
pub fn remove(home: &Home, name: &ConnectionName) -> Result<(), Fault> {
    change(home, |config, document| {
        config.connection(name)?;
        let tables = tables(document, KEY)?;
        let at = tables.iter().position(|table| is_named(table, name.as_str()));
        Ok(at.and_then(|at| take_out(tables, at)))
    })
}

fn written(connection: &Connection) -> Table {
    let usual = |key: &str| match key {
        "grant" => connection.grant == Grant::default(),
        "username" => connection.username.is_empty(),
        "client_id" => connection.client_id.is_empty(),
        "details" => connection.details.is_empty(),
        "workspaces" => connection.workspaces.is_empty(),
        _ => false,
    };
    new_table(fields(connection).into_iter().filter(|(key, _)| !usual(key)))
}

pub(super) fn fields(connection: &Connection) -> [Field; 11] {
    let details: InlineTable = connection.details.iter().map(|(field, text)| (field.key(), text.as_str())).collect();
    let work_items: Array = connection.work_items.iter().map(|kind| kind.id()).collect();
    let workspaces: Array = connection.workspaces.iter().map(|name| name.as_str()).collect();
    [
        ("name", connection.name.as_str().into()),
        ("partner", connection.partner.as_str().into()),
        ("server_url", connection.server_url.as_str().into()),
        ("username", connection.username.as_str().into()),
        ("client_id", connection.client_id.as_str().into()),
        ("work_items", Value::Array(work_items)),
        ("sync_days", i64::from(connection.sync_days).into()),
        ("create_configuration_items", connection.create_configuration_items.into()),
        ("grant", connection.grant.id().into()),
        ("details", Value::InlineTable(details)),
        ("workspaces", Value::Array(workspaces)),
    ]
}

fn taken(name: &ConnectionName) -> Fault {
    Fault::NameTaken { name: name.to_string() }
}
