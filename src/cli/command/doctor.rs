//! `itsmc doctor`: what this machine offers. Free of secrets, fit to attach to a ticket.

use jiff::{Timestamp, Zoned};
use serde_json::{Map, Value, json};

use crate::cli::context::Context;
use crate::cli::output::fault_json;
use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::net::http::no_proxy;
use crate::net::http::proxy::{EXCEPTIONS, Proxy, VARIABLES, first_set};
use crate::net::http::tls;
use crate::service::blocking::blocking;
use crate::vault::doctor::{self, StoreFacts};

/// Prints the facts; 8 when one of them will stop a connection.
///
/// # Errors
/// When stdout cannot be written.
pub async fn run(context: &Context) -> Result<u8, Fault> {
    let store = secret_store(context).await;
    let config = context.services.config().await;
    let roots = tls::client_config(true, context.services.ca_file.as_deref(), &tls::Shown::default()).map(|_| "found");
    let findings = store.is_err() || config.is_err() || roots.is_err();
    let facts = facts(context, &store, &config.map(|config| config.connections.len()), &roots);
    context.output.result(&facts, || lines(&facts, ""))?;
    Ok(if findings { 8 } else { 0 })
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

/// One line a fact; what is inside of another is indented.
fn lines(value: &Value, indent: &str) -> Vec<String> {
    let deeper = format!("{indent}  ");
    let entry = |name: &str, value: &Value| match value {
        Value::Object(_) | Value::Array(_) => [vec![format!("{indent}{name}")], lines(value, &deeper)].concat(),
        Value::String(text) => vec![format!("{indent}{name:<16} {}", clean(text, false))],
        Value::Null => vec![format!("{indent}{name:<16} –")],
        other => vec![format!("{indent}{name:<16} {other}")],
    };
    match value {
        Value::Object(facts) => facts.iter().flat_map(|(name, value)| entry(name, value)).collect(),
        Value::Array(facts) => facts.iter().flat_map(|value| entry("·", value)).collect(),
        Value::String(text) => vec![format!("{indent}{}", clean(text, false))],
        other => vec![format!("{indent}{other}")],
    }
}
