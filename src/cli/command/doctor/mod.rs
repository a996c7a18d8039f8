//! `itsmc doctor`: whether everything works here, and what to do where it does not. Free of secrets, fit to attach to a
//! ticket.

use jiff::{Timestamp, Zoned};
use serde_json::{Map, Value, json};

use crate::cli::command::test::mark;
use crate::cli::context::Context;
use crate::cli::output::fault_json;
use crate::cli::render::medium::Medium;
use crate::cli::render::table::{Cell, Fit, Piped, Table};
use crate::model::check::Status;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::summary::Summary;
use crate::model::unlisted::Unlisted;
use crate::net::http::no_proxy;
use crate::net::http::proxy::{EXCEPTIONS, Proxy, VARIABLES, first_set};
use crate::net::http::tls;
use crate::service::blocking::blocking;
use crate::service::{signed_in, unlisted};
use crate::texts::doctor as words;
use crate::vault::doctor::{self, StoreFacts};

mod checks;

use checks::{Check, Known};

/// Exit code when something stops a connection.
const FINDINGS: u8 = 8;

/// Prints what each part of the installation comes to, and a verdict; 8 when something stops a connection.
///
/// # Errors
/// When stdout cannot be written.
pub async fn run(context: &Context) -> Result<u8, Fault> {
    let (lang, now) = (context.output.lang, Timestamp::now());
    let store = secret_store(context).await;
    let known = known(context, now).await;
    let roots = tls::client_config(true, context.services.ca_file.as_deref(), &tls::Shown::default()).map(|_| "found");
    let lost = unlisted::all(&context.services).await;
    let with_lost = |check, is_meant| checks::with_lost(context, check, &lost, is_meant);
    let checks = [
        checks::places(context),
        checks::vault_key(lang, &store),
        checks::keyring(lang, &store),
        checks::certificates(lang, &roots),
        checks::proxy(lang).await,
        checks::database(context, &known).await,
        checks::clock(lang, now, &known),
        with_lost(checks::connections(lang, now, &known), |one| matches!(one, Unlisted::Connection(_))),
        with_lost(checks::workspaces(context).await, |one| matches!(one, Unlisted::Workspace(_))),
        with_lost(checks::alerts(context).await, |one| matches!(one, Unlisted::Source(_))),
    ];
    let verdict = checks::verdict(&checks);
    let mut facts = facts(context, &store, &known.map(|known| known.len()), &roots);
    facts["checks"] = checks.iter().map(Check::json).collect();
    facts["verdict"] = verdict.into();
    context.output.result(&facts, || lines(lang, &checks, verdict))?;
    Ok(if verdict == "problems" { FINDINGS } else { 0 })
}

/// The connections, each with what is known of it; a database that cannot be read is a check of its own.
async fn known(context: &Context, now: Timestamp) -> Known {
    let mut known = Vec::new();
    let has_store = context.services.home.database().exists();
    for connection in context.services.config().await?.connections {
        let summary = match has_store {
            true => context.services.summary(&connection, now).await.ok(),
            false => Some(signed_in::beside(&context.services, &connection, Summary::default()).await),
        };
        known.push((connection, summary));
    }
    Ok(known)
}

fn lines(lang: Lang, checks: &[Check], verdict: &str) -> Vec<String> {
    let platform = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
    let mut table = Table::new(&[("", Fit::Text), ("", Fit::Text), ("", Fit::Prose)], Piped::Columns);
    let medium = Medium::stdout();
    for check in checks {
        let mark = mark(check.status);
        table.row(vec![Cell::mark(mark), words::title(lang, check.id).into(), check.summary.as_str().into()]);
        let remedy = check.remedy.iter().map(|remedy| medium.prose(&format!("  → {remedy}")));
        table.below(remedy.collect());
    }
    let count = |status| checks.iter().filter(|check| check.status == status).count();
    let verdict = match verdict {
        "problems" => format!("✗ {}", words::problems(lang, count(Status::Failed))),
        "warnings" => format!("▲ {}", words::warnings(lang, count(Status::Warning))),
        _ => format!("✓ {}", words::all_well(lang)),
    };
    let mut lines = vec![words::head(lang, env!("CARGO_PKG_VERSION"), &platform)];
    lines.extend(table.take(medium));
    lines.extend([verdict, words::attach(lang).to_owned()]);
    lines
}

async fn secret_store(context: &Context) -> Result<StoreFacts, Fault> {
    let (paths, options) = (context.services.home.vault_paths(), context.services.vault_options.clone());
    blocking(move || doctor::examine(&paths, &options)).await
}

fn facts(
    context: &Context,
    store: &Result<StoreFacts, Fault>,
    connections: &Result<usize, Fault>,
    roots: &Result<&str, Fault>,
) -> Value {
    let (home, lang) = (&context.services.home, context.output.lang);
    let told = |fault: &Fault| json!({ "error": fault_json(lang, fault) });
    let now = Timestamp::now();
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "platform": format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        "paths": {
            // As text: a path need not be UTF-8, and JSON is.
            "config": home.config_file().display().to_string(),
            "database": home.database().display().to_string(),
            "vault": home.vault_paths().vault.display().to_string(),
            "log": home.log_file().display().to_string(),
        },
        "connections": connections.as_ref().map_or_else(told, |count| json!(count)),
        "secret_store": store.as_ref().map_or_else(told, |facts| json!(facts)),
        "trust_roots": roots.as_ref().map_or_else(told, |found| json!(found)),
        "proxy": proxies(),
        "clock": { "utc": now, "local": Zoned::now().to_string() },
        "terminal": std::env::var("TERM").unwrap_or_default(),
    })
}

/// The proxies that the environment names, without user and password.
fn proxies() -> Value {
    let value = |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
    let named = VARIABLES.iter().filter_map(|name| first_set(&[*name], value));
    let shown = |value: &str| Proxy::parse(value).map_or_else(|| "?".to_owned(), |proxy| proxy.shown());
    let mut facts: Map<_, _> = named.map(|(name, value)| (name.to_owned(), json!(shown(&value)))).collect();
    if let Some((name, list)) = first_set(&EXCEPTIONS, value) {
        // The list names hosts and no secret, unless someone put a URL with a password there.
        let unreadable = no_proxy::unreadable(&list);
        facts.insert(name.to_owned(), json!(if list.contains('@') { "?" } else { &list }));
        if !unreadable.is_empty() && !list.contains('@') {
            facts.insert(format!("{name} (unreadable)"), json!(unreadable));
        }
    }
    facts.into()
}
