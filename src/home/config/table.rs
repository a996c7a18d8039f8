//! Changes to the config: read, changed and written under a lock, as little of the text as can be.

use std::time::Duration;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, Value};

use super::{Config, parse, read};
use crate::home::Home;
use crate::model::fault::Fault;
use crate::vault::{LockFile, disk};

const LOCK_LIMIT: Duration = Duration::from_secs(10);

/// Reads the config, has it changed, and writes it. `edit` changes the document; comments that it gives back go to the end
/// of the file.
pub(super) fn change(
    home: &Home,
    edit: impl FnOnce(&Config, &mut DocumentMut) -> Result<Option<String>, Fault>,
) -> Result<(), Fault> {
    let path = home.config_file();
    let _lock = LockFile::wait(&home.config_lock(), LOCK_LIMIT)?;
    let (config, text) = read(&path)?;
    let mut document: DocumentMut = text.parse().map_err(internal)?;
    let homeless = edit(&config, &mut document)?;
    if let Some(comments) = homeless {
        let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
        document.set_trailing(format!("{comments}{trailing}"));
    }
    let changed = document.to_string();
    parse(&changed).map_err(internal)?;
    disk::sweep(&path);
    disk::write_linked(&path, changed.as_bytes())
}

/// All tables of this key, made if there are none.
pub(super) fn tables<'a>(document: &'a mut DocumentMut, key: &str) -> Result<&'a mut ArrayOfTables, Fault> {
    let item = document.entry(key).or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    if item.is_array() {
        let inline = std::mem::take(item);
        *item = inline.into_array_of_tables().map_or_else(|item| item, Item::ArrayOfTables);
    }
    item.as_array_of_tables_mut().ok_or_else(|| internal(format!("{key} is no table")))
}

/// A key and its value.
pub(super) type Field = (&'static str, Value);

/// Whether this is the table of that name.
pub(super) fn is_named(table: &Table, name: &str) -> bool {
    table.get("name").and_then(Item::as_str).is_some_and(|text| text.trim() == name)
}

/// A table with these keys.
pub(super) fn new_table(fields: impl IntoIterator<Item = Field>) -> Table {
    let mut table = Table::new();
    table.decor_mut().set_prefix("\n");
    for (key, value) in fields {
        table.insert(key, Item::Value(value));
    }
    table
}

/// Changes the keys of a table whose values differ.
pub(super) fn update<const N: usize>(table: &mut Table, old: [Field; N], new: [Field; N]) {
    for ((key, before), (_, after)) in old.into_iter().zip(new) {
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

/// Takes a table out, and gives back the comments above it that have no table to pass to. A comment that is set off by a
/// blank line is not the table's own; it passes to the next one.
pub(super) fn take_out(tables: &mut ArrayOfTables, at: usize) -> Option<String> {
    let removed = tables.remove(at);
    let prefix = removed.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
    let kept = prefix.rsplit_once("\n\n").map(|(above, _)| above).filter(|above| above.contains('#'))?;
    let kept = format!("{kept}\n");
    let Some(next) = tables.get_mut(at) else { return Some(kept) };
    let own = next.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default().to_owned();
    next.decor_mut().set_prefix(format!("{kept}{own}"));
    None
}

fn internal(what: impl ToString) -> Fault {
    Fault::Internal { what: format!("config.toml: {}", what.to_string()) }
}
