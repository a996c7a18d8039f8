//! Changes to the config: read, changed and written under a lock, as little of the text as can be.

use std::time::Duration;

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value};

use super::{Config, parse, read};
use crate::home::Home;
use crate::model::connection::{Connection, ConnectionName, Grant};
use crate::model::fault::Fault;
use crate::vault::{LockFile, disk};

const LOCK_LIMIT: Duration = Duration::from_secs(10);

/// Appends a connection.
///
/// # Errors
/// [`Fault::NameTaken`]; [`Fault::ConfigDamaged`]; [`Fault::Locked`]; trouble with the disk.
pub fn add(home: &Home, connection: &Connection) -> Result<(), Fault> {
    change(home, |config, tables| {
        if config.connections.iter().any(|other| other.name.clashes_with(&connection.name)) {
            return Err(taken(&connection.name));
        }
        tables.push(new_table(connection));
        Ok(None)
    })
}

/// Puts a connection in the place of the one that is called `name`; its own name may differ.
///
/// # Errors
/// [`Fault::NoSuchConnection`]; otherwise as [`add`].
pub fn replace(home: &Home, name: &ConnectionName, connection: &Connection) -> Result<(), Fault> {
    change(home, |config, tables| {
        let old = config.connection(name)?;
        let others = config.connections.iter().filter(|other| other.name != *name);
        if connection.name != *name && others.clone().any(|other| other.name.clashes_with(&connection.name)) {
            return Err(taken(&connection.name));
        }
        if let Some(table) = tables.iter_mut().find(|table| is_named(table, name)) {
            update(table, old, connection);
        }
        Ok(None)
    })
}

/// Takes a connection out, with the comment that stands right above it.
///
/// # Errors
/// [`Fault::NoSuchConnection`]; otherwise as [`add`].
pub fn remove(home: &Home, name: &ConnectionName) -> Result<(), Fault> {
    change(home, |config, tables| {
        config.connection(name)?;
        let at = tables.iter().position(|table| is_named(table, name));
        Ok(at.and_then(|at| take_out(tables, at)))
    })
}

// `edit` changes the tables; comments it gives back go to the end of the file.
fn change(
    home: &Home,
    edit: impl FnOnce(&Config, &mut ArrayOfTables) -> Result<Option<String>, Fault>,
) -> Result<(), Fault> {
    let path = home.config_file();
    let _lock = LockFile::wait(&home.config_lock(), LOCK_LIMIT)?;
    let (config, text) = read(&path)?;
    let mut document: DocumentMut = text.parse().map_err(internal)?;
    let homeless = edit(&config, tables(&mut document)?)?;
    if let Some(comments) = homeless {
        let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
        document.set_trailing(format!("{comments}{trailing}"));
    }
    let changed = document.to_string();
    parse(&changed).map_err(internal)?;
    disk::sweep(&path);
    disk::write_linked(&path, changed.as_bytes())
}

fn tables(document: &mut DocumentMut) -> Result<&mut ArrayOfTables, Fault> {
    let item = document.entry("connection").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    if item.is_array() {
        let inline = std::mem::take(item);
        *item = inline.into_array_of_tables().map_or_else(|item| item, Item::ArrayOfTables);
    }
    item.as_array_of_tables_mut().ok_or_else(|| internal("the connections are no tables"))
}

fn new_table(connection: &Connection) -> Table {
    let mut table = Table::new();
    table.decor_mut().set_prefix("\n");
    let usual = |key: &str| match key {
        "grant" => connection.grant == Grant::default(),
        "username" => connection.username.is_empty(),
        "client_id" => connection.client_id.is_empty(),
        "details" => connection.details.is_empty(),
        _ => false,
    };
    for (key, value) in fields(connection).into_iter().filter(|(key, _)| !usual(key)) {
        table.insert(key, Item::Value(value));
    }
    table
}

fn update(table: &mut Table, old: &Connection, new: &Connection) {
    for ((key, before), (_, after)) in fields(old).into_iter().zip(fields(new)) {
        if before.to_string() == after.to_string() {
            continue;
        }
        match table.get_mut(key).and_then(Item::as_value_mut) {
            Some(value) => {
                let decor = value.decor().clone();
                *value = after;
                *value.decor_mut() = decor;
            }
            None => _ = table.insert(key, Item::Value(after)),
        }
    }
}

// A comment that is set off by a blank line is not the connection's own; it passes to the next one.
fn take_out(tables: &mut ArrayOfTables, at: usize) -> Option<String> {
    let removed = tables.remove(at);
    let prefix = removed.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
    let kept = prefix.rsplit_once("\n\n").map(|(above, _)| above).filter(|above| above.contains('#'))?;
    let kept = format!("{kept}\n");
    let Some(next) = tables.get_mut(at) else { return Some(kept) };
    let own = next.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default().to_owned();
    next.decor_mut().set_prefix(format!("{kept}{own}"));
    None
}

fn is_named(table: &Table, name: &ConnectionName) -> bool {
    table.get("name").and_then(Item::as_str).is_some_and(|text| text.trim() == name.as_str())
}

fn fields(connection: &Connection) -> [(&'static str, Value); 10] {
    let details: InlineTable = connection.details.iter().map(|(field, text)| (field.key(), text.as_str())).collect();
    let work_items: Array = connection.work_items.iter().map(|kind| kind.id()).collect();
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
    ]
}

fn taken(name: &ConnectionName) -> Fault {
    Fault::NameTaken { name: name.to_string() }
}

fn internal(what: impl ToString) -> Fault {
    Fault::Internal { what: format!("config.toml: {}", what.to_string()) }
}
