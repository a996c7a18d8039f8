//! `config.toml`: settings and connections, without secrets. The admin may edit it; what they wrote, comments and
//! order included, survives our changes.

mod edit;
mod preference;
mod source;
mod table;
mod workspace;

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

pub use edit::{add, remove, rename, replace};
pub use preference::{keep_columns, keep_order, set as set_preferences};
pub use source::{add as add_alert_source, change as change_alert_source, remove as remove_alert_source};
pub use workspace::{
    add as add_workspace, remove as remove_workspace, replace as replace_workspace, set as set_workspace,
};

use super::Home;
use crate::model::alert_source::{AlertSource, SourceName, is_reserved};
use crate::model::cloud::{AzureSettings, Endpoints};
use crate::model::connection::{Connection, ConnectionName, SYNC_DAYS};
use crate::model::encoding::decode;
use crate::model::fault::Fault;
use crate::model::settings::{MINUTES, Settings};
use crate::model::url::ServerUrl;
use crate::model::workspace::{Workspace, WorkspaceName};
use crate::vault::disk;

/// The config as it stands in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// The settings.
    pub settings: Settings,
    /// Which Microsoft cloud the workspaces are in.
    pub azure: AzureSettings,
    /// The connections, in the order of the file.
    pub connections: Vec<Connection>,
    /// The workspaces of Log Analytics, in the order of the file.
    pub workspaces: Vec<Workspace>,
    /// The sources of alerts, in the order of the file.
    pub alert_sources: Vec<AlertSource>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigFile {
    settings: Option<Spanned<Settings>>,
    azure: Option<Spanned<AzureSettings>>,
    #[serde(default)]
    connection: Vec<Spanned<Connection>>,
    #[serde(default)]
    workspace: Vec<Spanned<Workspace>>,
    #[serde(default)]
    alert_source: Vec<Spanned<AlertSource>>,
}

impl Config {
    /// The connection of this name.
    ///
    /// # Errors
    /// [`Fault::NoSuchConnection`].
    pub fn connection(&self, name: &ConnectionName) -> Result<&Connection, Fault> {
        let found = self.connections.iter().find(|connection| connection.name == *name);
        found.ok_or_else(|| Fault::NoSuchConnection { name: name.to_string() })
    }

    /// The workspace of this name.
    pub fn workspace(&self, name: &WorkspaceName) -> Option<&Workspace> {
        self.workspaces.iter().find(|workspace| workspace.name == *name)
    }

    /// The connections that feed a workspace.
    pub fn feeding<'a>(&'a self, workspace: &'a WorkspaceName) -> impl Iterator<Item = &'a Connection> {
        self.connections.iter().filter(|connection| connection.workspaces.contains(workspace))
    }

    /// The endpoints of the cloud in which the workspaces are.
    ///
    /// # Errors
    /// [`Fault::Internal`] only for a config that was not read from a file.
    pub fn endpoints(&self) -> Result<Endpoints, Fault> {
        self.azure.cloud.endpoints().map_err(|what| Fault::Internal { what })
    }

    /// Refuses a name that another connection has, or by which another is known outside; `own` is the connection that is to
    /// have it, if it is there already.
    ///
    /// # Errors
    /// [`Fault::NameTaken`], [`Fault::NameKnown`].
    pub fn check_free(&self, name: &ConnectionName, own: Option<&ConnectionName>) -> Result<(), Fault> {
        let mut others = self.connections.iter().filter(|other| Some(&other.name) != own);
        let Some(other) = others.find(|other| other.clashes_with(name)) else { return Ok(()) };
        let (is_name, name) = (other.name.clashes_with(name), name.to_string());
        Err(match is_name {
            true => Fault::NameTaken { name },
            false => Fault::NameKnown { name, connection: other.name.to_string() },
        })
    }

    /// Every name that a new connection cannot have: those of the others, and by which others are known outside.
    pub fn taken(&self) -> Vec<ConnectionName> {
        self.connections.iter().flat_map(|one| [Some(one.name.clone()), one.known_as.clone()]).flatten().collect()
    }

    /// All names.
    pub fn names(&self) -> Vec<ConnectionName> {
        self.connections.iter().map(|connection| connection.name.clone()).collect()
    }
}

/// Reads the config; without a file it is the default.
///
/// # Errors
/// [`Fault::ConfigDamaged`] with the line; the file stays, and a copy is kept aside.
pub fn load(home: &Home) -> Result<Config, Fault> {
    read(&home.config_file()).map(|(config, _)| config)
}

fn read(path: &Path) -> Result<(Config, String), Fault> {
    let bytes = disk::read_linked(path)?.unwrap_or_default();
    let text = decode(&bytes).map_err(|not_text| not_text.reason());
    let parsed = text.and_then(|text| parse(&text).map(|config| (config, text)));
    parsed.map_err(|reason| damaged(path, &bytes, reason))
}

fn damaged(path: &Path, bytes: &[u8], reason: String) -> Fault {
    // A home that cannot be written must not hide what is wrong with the config.
    let kept_as = disk::keep_aside(path, bytes).ok().map(|copy| copy.display().to_string());
    Fault::ConfigDamaged { path: path.display().to_string(), kept_as, reason }
}

fn parse(text: &str) -> Result<Config, String> {
    let file: ConfigFile = toml::from_str(text).map_err(|error| {
        // Not its Display: that quotes the line, and someone may have put a secret there.
        at_line(text, error.span().map(|span| span.start), error.message())
    })?;
    let mut before: Vec<&Connection> = Vec::new();
    for spanned in &file.connection {
        let connection = spanned.get_ref();
        let same = || before.iter().find_map(|other| twice(connection, other));
        let trouble = trouble_with(connection).or_else(same);
        if let Some(trouble) = trouble {
            return Err(at_line(text, Some(spanned.span().start), &trouble));
        }
        before.push(connection);
    }
    check_workspaces(text, &file)?;
    check_sources(text, &file)?;
    let azure = file.azure.map(|azure| azure_settings(text, azure)).transpose()?.unwrap_or_default();
    let settings = settings(text, file.settings)?;
    let connections = file.connection.into_iter().map(Spanned::into_inner).collect();
    Ok(Config {
        settings,
        azure,
        connections,
        workspaces: file.workspace.into_iter().map(Spanned::into_inner).collect(),
        alert_sources: file.alert_source.into_iter().map(Spanned::into_inner).collect(),
    })
}

fn azure_settings(text: &str, spanned: Spanned<AzureSettings>) -> Result<AzureSettings, String> {
    match spanned.get_ref().cloud.endpoints() {
        Ok(_) => Ok(spanned.into_inner()),
        Err(trouble) => Err(at_line(text, Some(spanned.span().start), &trouble)),
    }
}

fn check_workspaces(text: &str, file: &ConfigFile) -> Result<(), String> {
    let mut names = BTreeSet::new();
    for spanned in &file.workspace {
        let workspace = spanned.get_ref();
        let name = &workspace.name;
        let wrong = workspace.problems().into_iter().next();
        let wrong = wrong.map(|wrong| format!("workspace '{name}': {} {}", wrong.key, wrong.problem.reason()));
        let reserved = is_reserved(name).then(|| format!("workspace '{name}': such names are kept for alert sources"));
        let wrong = wrong.or(reserved);
        let wrong = wrong.or_else(|| (!names.insert(name)).then(|| format!("workspace '{name}' is there twice")));
        if let Some(wrong) = wrong {
            return Err(at_line(text, Some(spanned.span().start), &wrong));
        }
    }
    for spanned in &file.connection {
        let connection = spanned.get_ref();
        if let Some(none) = connection.workspaces.iter().find(|name| !names.contains(name)) {
            let what =
                format!("connection '{}': workspaces names '{none}', and there is no such workspace", connection.name);
            return Err(at_line(text, Some(spanned.span().start), &what));
        }
    }
    Ok(())
}

fn check_sources(text: &str, file: &ConfigFile) -> Result<(), String> {
    let mut names: Vec<&SourceName> = Vec::new();
    for spanned in &file.alert_source {
        let source = spanned.get_ref();
        let name = &source.name;
        let wrong = source.problems().into_iter().next();
        let wrong = wrong.map(|wrong| format!("alert_source '{name}': {} {}", wrong.key, wrong.problem.reason()));
        let twice = names.iter().any(|other| other.clashes_with(name));
        let wrong = wrong.or_else(|| twice.then(|| format!("alert_source '{name}' is there twice")));
        if let Some(wrong) = wrong {
            return Err(at_line(text, Some(spanned.span().start), &wrong));
        }
        names.push(name);
    }
    Ok(())
}

fn settings(text: &str, spanned: Option<Spanned<Settings>>) -> Result<Settings, String> {
    let Some(spanned) = spanned else { return Ok(Settings::default()) };
    let wrong = |what| Err(at_line(text, Some(spanned.span().start), what));
    let settings = spanned.get_ref();
    if !MINUTES.contains(&settings.sync_every_minutes) {
        return wrong("sync_every_minutes is not within 0 to 1440");
    }
    let columns = settings.columns.as_deref();
    match columns.map(|columns| (columns, columns.iter().enumerate().any(|(at, one)| columns[..at].contains(one)))) {
        Some(([], _)) => wrong("columns is empty, so tables would show nothing"),
        Some((_, true)) => wrong("columns names one twice"),
        _ => Ok(spanned.into_inner()),
    }
}

fn trouble_with(connection: &Connection) -> Option<String> {
    let name = &connection.name;
    let url = ServerUrl::parse(connection.server_url.as_str(), &[]).map(|(url, _)| url);
    if url.as_ref() != Ok(&connection.server_url) {
        let meant = url.map(|base| format!("; write \"{base}\"")).unwrap_or_default();
        return Some(format!("connection '{name}': server_url is not a base URL that may be used{meant}"));
    }
    let kinds = &connection.work_items;
    if kinds.is_empty() {
        return Some(format!("connection '{name}': work_items is empty, so nothing would be synced"));
    }
    if let Some(twice) = kinds.iter().enumerate().find(|(at, kind)| kinds[..*at].contains(kind)) {
        return Some(format!("connection '{name}': work_items names '{}' twice", twice.1.id()));
    }
    (!SYNC_DAYS.contains(&connection.sync_days))
        .then(|| format!("connection '{name}': sync_days is not within {} to {}", SYNC_DAYS.start(), SYNC_DAYS.end()))
}

/// Files and locks are by name: two names that a file system may take for one would share them. So would tickets and rows in
/// Log Analytics.
fn twice(connection: &Connection, other: &Connection) -> Option<String> {
    let (name, first) = (&connection.name, &other.name);
    if name == first {
        return Some(format!("connection '{name}' is there twice"));
    }
    if name.clashes_with(first) {
        return Some(format!(
            "connections '{first}' and '{name}': the names look alike (capitals do not count); change one"
        ));
    }
    let known_as = [connection.known_as(), name].into_iter().find(|known| other.clashes_with(known))?;
    Some(format!("connections '{first}' and '{name}': both are known as '{known_as}' outside; change the newer one"))
}

fn at_line(text: &str, at: Option<usize>, what: &str) -> String {
    match at.and_then(|at| text.get(..at)) {
        Some(before) => format!("line {}: {what}", before.matches('\n').count() + 1),
        None => what.to_owned(),
    }
}

#[cfg(test)]
mod tests;
