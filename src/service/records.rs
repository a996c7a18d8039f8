//! A work item in the product's own screens: its address, and the browser that shows it.

use std::ffi::OsString;
use std::process::{Command, Stdio};

use super::blocking::blocking;
use super::services::Services;
use crate::home::binding;
use crate::model::connection::{Connection, ConnectionName};
use crate::model::fault::Fault;
use crate::model::record::address;
use crate::model::work_item::WorkItemKind;
use crate::store::{self, ExportRow};

/// Makes the addresses of the work items of connections.
#[derive(Debug, Clone, Default)]
pub struct Addresses(Vec<OfConnection>);

#[derive(Debug, Clone)]
struct OfConnection {
    connection: Connection,
    template: String,
    sources: Vec<(WorkItemKind, String)>,
}

impl Addresses {
    /// Those of one connection, or of all.
    ///
    /// # Errors
    /// When the config file cannot be read.
    pub async fn of_all(services: &Services, connection: Option<&ConnectionName>) -> Result<Self, Fault> {
        let mut all = Self::default();
        for known in services.config().await?.connections {
            if connection.is_none_or(|wanted| *wanted == known.name) {
                all.0.extend(of(services, &known).await?);
            }
        }
        Ok(all)
    }

    /// The address of a work item of a connection, by its id in the product and the number people call it by; `None` where
    /// the product has no screens of its own.
    pub fn address(&self, connection: &str, kind: WorkItemKind, (id, number): (&str, &str)) -> Option<String> {
        let of = self.0.iter().find(|of| of.connection.name.as_str() == connection)?;
        let (_, source) = of.sources.iter().find(|(known, _)| *known == kind)?;
        Some(address(&of.template, &of.connection.server_url, source, id, number))
    }

    /// The address of an exported work item.
    pub fn of_row(&self, row: &ExportRow) -> Option<String> {
        let of = |wanted: &str| store::column_names().zip(row).find(|(name, _)| *name == wanted)?.1.as_deref();
        let kind = match of("ServiceDeskWorkItemType_s")? {
            "Incident" => WorkItemKind::Incident,
            "ChangeRequest" => WorkItemKind::ChangeRequest,
            _ => return None,
        };
        let record = (of("ServiceDeskSourceId_s").unwrap_or_default(), of("ServiceDeskId_s").unwrap_or_default());
        self.address(of("ServiceDeskConnectionName_s")?, kind, record)
    }
}

/// What the addresses of one connection are made of. A table or business object is the one that the connection was bound to,
/// else the partner's usual one.
async fn of(services: &Services, connection: &Connection) -> Result<Option<OfConnection>, Fault> {
    let spec = services.spec(&connection.partner)?;
    let Some(template) = spec.record.clone() else { return Ok(None) };
    let (home, name) = (services.home.clone(), connection.name.clone());
    // A binding that cannot be read is told where the connection is used; an address is not worth a failure.
    let kept = blocking(move || binding::load(&home, &name)).await.unwrap_or_default();
    let source = |kind: WorkItemKind| {
        let bound = kept.as_ref().and_then(|kept| kept.mapping.kind(kind)).map(|(spec, _)| spec.source.clone());
        Some((kind, bound.or_else(|| Some(spec.work_item(kind)?.source.clone()))?))
    };
    let sources = WorkItemKind::ALL.into_iter().filter_map(source).collect();
    Ok(Some(OfConnection { connection: connection.clone(), template, sources }))
}

/// Shows an address in the browser; `false` where there is none that could be seen.
///
/// # Errors
/// None so far; what cannot be started counts as no browser.
pub async fn open(address: String) -> Result<bool, Fault> {
    let Some((program, args)) = browser(std::env::consts::OS, |name| std::env::var_os(name)) else { return Ok(false) };
    blocking(move || {
        let mut command = Command::new(program);
        command.args(args).arg(address);
        let spawned = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let Ok(mut child) = spawned else { return Ok(false) };
        // Its end is waited for beside the program, so that it leaves no zombie.
        std::thread::spawn(move || drop(child.wait()));
        Ok(true)
    })
    .await
}

/// The program that opens an address, with its first arguments.
fn browser(os: &str, env: impl Fn(&str) -> Option<OsString>) -> Option<(OsString, Vec<&'static str>)> {
    let is_set = |name| env(name).is_some_and(|value| !value.is_empty());
    if let Some(browser) = env("BROWSER").filter(|browser| !browser.is_empty()) {
        return Some((browser, Vec::new()));
    }
    match os {
        "macos" => Some(("open".into(), Vec::new())),
        // `start` would read `&` in an address.
        "windows" => Some(("rundll32".into(), vec!["url.dll,FileProtocolHandler"])),
        _ if is_set("DISPLAY") || is_set("WAYLAND_DISPLAY") => Some(("xdg-open".into(), Vec::new())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a22_a_browser_is_started_where_its_window_would_be_seen() {
        let with = |os, set: &'static str| {
            browser(os, move |name| (name == set).then(|| "x".into()))
                .map(|(program, _)| program.into_string().unwrap())
        };
        assert_eq!(with("linux", ""), None);
        assert_eq!(with("linux", "DISPLAY").as_deref(), Some("xdg-open"));
        assert_eq!(with("freebsd", "WAYLAND_DISPLAY").as_deref(), Some("xdg-open"));
        assert_eq!(with("linux", "BROWSER").as_deref(), Some("x"));
        assert_eq!(with("macos", "").as_deref(), Some("open"));
        assert_eq!(with("windows", "").as_deref(), Some("rundll32"));
    }
}
