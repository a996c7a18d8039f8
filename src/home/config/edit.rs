//! Changes to the connections of the config.

use toml_edit::{Array, InlineTable, Table, Value};

use super::table::{Field, change, is_named, new_table, tables, take_out, update};
use crate::home::Home;
use crate::model::connection::{Connection, ConnectionName, Grant};
use crate::model::fault::Fault;

/// The key of the connections.
pub(super) const KEY: &str = "connection";

/// The key of the name by which a renamed connection is known outside.
const KNOWN_AS: &str = "known_as";

/// Appends a connection.
///
/// # Errors
/// [`Fault::NameTaken`]; [`Fault::ConfigDamaged`]; [`Fault::Locked`]; trouble with the disk.
pub fn add(home: &Home, connection: &Connection) -> Result<(), Fault> {
    change(home, |config, document| {
        config.check_free(&connection.name, None)?;
        tables(document, KEY)?.push(written(connection));
        Ok(None)
    })
}

/// Puts a connection in the place of the one of the same name.
///
/// # Errors
/// [`Fault::NoSuchConnection`]; otherwise as [`add`].
pub fn replace(home: &Home, connection: &Connection) -> Result<(), Fault> {
    change(home, |config, document| {
        let name = &connection.name;
        let old = config.connection(name)?;
        if let Some(table) = tables(document, KEY)?.iter_mut().find(|table| is_named(table, name.as_str())) {
            update(table, fields(old), fields(connection));
        }
        Ok(None)
    })
}

/// Gives a connection another name, and notes by which one it is known outside. One that has its new name already stays as it is.
///
/// # Errors
/// [`Fault::NoSuchConnection`]; otherwise as [`add`].
pub fn rename(
    home: &Home,
    (from, to): (&ConnectionName, &ConnectionName),
    known_as: Option<&ConnectionName>,
) -> Result<(), Fault> {
    change(home, |config, document| {
        if config.connection(from).is_err() && config.connection(to).is_ok() {
            return Ok(None);
        }
        config.connection(from)?;
        config.check_free(to, Some(from))?;
        if let Some(table) = tables(document, KEY)?.iter_mut().find(|table| is_named(table, from.as_str())) {
            update(table, [("name", from.as_str().into())], [("name", to.as_str().into())]);
            match known_as {
                Some(known_as) => update(table, [(KNOWN_AS, "".into())], [(KNOWN_AS, known_as.as_str().into())]),
                None => drop(table.remove(KNOWN_AS)),
            }
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
