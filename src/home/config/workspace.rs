//! Changes to the workspaces of the config, and to what feeds them.

use toml_edit::{DocumentMut, Table};

use super::edit::{self, fields as of_connection};
use super::table::{Field, change, is_named, new_table, tables, take_out, update};
use crate::home::Home;
use crate::model::connection::{Connection, ConnectionName};
use crate::model::fault::Fault;
use crate::model::workspace::{Workspace, WorkspaceName};

const KEY: &str = "workspace";

/// Appends a workspace, and has these connections feed it.
///
/// # Errors
/// [`Fault::WorkspaceTaken`]; [`Fault::NoSuchConnection`]; [`Fault::ConfigDamaged`]; [`Fault::Locked`]; trouble with the disk.
pub fn add(home: &Home, workspace: &Workspace, fed_by: &[ConnectionName]) -> Result<(), Fault> {
    change(home, |config, document| {
        if config.workspaces.iter().any(|other| other.name.clashes_with(&workspace.name)) {
            return Err(Fault::WorkspaceTaken { name: workspace.name.to_string() });
        }
        tables(document, KEY)?.push(written(workspace));
        for name in fed_by {
            let connection = config.connection(name)?;
            let mut fed = connection.workspaces.clone();
            if !fed.contains(&workspace.name) {
                fed.push(workspace.name.clone());
            }
            feed(document, connection, fed)?;
        }
        Ok(None)
    })
}

/// Puts a workspace in the place of the one of the same name.
///
/// # Errors
/// [`Fault::NoSuchWorkspace`]; otherwise as [`add`].
pub fn replace(home: &Home, workspace: &Workspace) -> Result<(), Fault> {
    change(home, |config, document| {
        let name = &workspace.name;
        let old = config.workspace(name).ok_or_else(|| gone(name))?;
        let table = tables(document, KEY)?.iter_mut().find(|table| is_named(table, name.as_str()));
        if let Some(table) = table {
            update(table, fields(old), fields(workspace));
        }
        Ok(None)
    })
}

/// Puts a workspace in the place of the one of the same name; with `fed_by`, these connections and no others feed it.
///
/// # Errors
/// [`Fault::NoSuchWorkspace`]; otherwise as [`add`].
pub fn set(home: &Home, workspace: &Workspace, fed_by: Option<&[ConnectionName]>) -> Result<(), Fault> {
    replace(home, workspace)?;
    let Some(fed_by) = fed_by else { return Ok(()) };
    change(home, |config, document| {
        for name in fed_by {
            config.connection(name)?;
        }
        for connection in &config.connections {
            let (feeds, is_wanted) =
                (connection.workspaces.contains(&workspace.name), fed_by.contains(&connection.name));
            let others = connection.workspaces.iter().filter(|fed| **fed != workspace.name).cloned();
            match (feeds, is_wanted) {
                (false, true) => feed(document, connection, others.chain([workspace.name.clone()]).collect())?,
                (true, false) => feed(document, connection, others.collect())?,
                _ => {}
            }
        }
        Ok(None)
    })
}

/// Takes a workspace out, with the comment that stands right above it; no connection feeds it any more.
///
/// # Errors
/// [`Fault::NoSuchWorkspace`]; otherwise as [`add`].
pub fn remove(home: &Home, name: &WorkspaceName) -> Result<(), Fault> {
    change(home, |config, document| {
        config.workspace(name).ok_or_else(|| gone(name))?;
        for connection in config.feeding(name) {
            let left = connection.workspaces.iter().filter(|fed| *fed != name).cloned().collect();
            feed(document, connection, left)?;
        }
        let tables = tables(document, KEY)?;
        let at = tables.iter().position(|table| is_named(table, name.as_str()));
        Ok(at.and_then(|at| take_out(tables, at)))
    })
}

fn feed(document: &mut DocumentMut, connection: &Connection, workspaces: Vec<WorkspaceName>) -> Result<(), Fault> {
    let new = Connection { workspaces, ..connection.clone() };
    let table = tables(document, edit::KEY)?.iter_mut().find(|table| is_named(table, connection.name.as_str()));
    if let Some(table) = table {
        update(table, of_connection(connection), of_connection(&new));
    }
    Ok(())
}

fn gone(name: &WorkspaceName) -> Fault {
    Fault::NoSuchWorkspace { name: name.to_string() }
}

fn written(workspace: &Workspace) -> Table {
    let empty = |field: &Field| field.1.as_str().is_some_and(str::is_empty);
    new_table(fields(workspace).into_iter().filter(|field| !empty(field)))
}

fn fields(workspace: &Workspace) -> [Field; 17] {
    [
        ("name", workspace.name.as_str().into()),
        ("tenant", workspace.tenant.as_str().into()),
        ("sign_in", workspace.sign_in.id().into()),
        ("client_id", workspace.client_id.as_str().into()),
        ("token_file", workspace.token_file.as_str().into()),
        ("subscription", workspace.subscription.as_str().into()),
        ("resource_group", workspace.resource_group.as_str().into()),
        ("workspace", workspace.workspace.as_str().into()),
        ("workspace_id", workspace.workspace_id.as_str().into()),
        ("location", workspace.location.as_str().into()),
        ("table", workspace.table.as_str().into()),
        ("log_table", workspace.log_table.as_str().into()),
        ("rule", workspace.rule.as_str().into()),
        ("rule_id", workspace.rule_id.as_str().into()),
        ("endpoint", workspace.endpoint.as_str().into()),
        ("principal", workspace.principal.as_str().into()),
        ("values", workspace.values.id().into()),
    ]
}
