//! The log file: rotating, private, and the last place where a secret could slip out, so each line is looked
//! through before it is written.

mod redact;
mod rotate;

use tracing::Level;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::{Targets, filter_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Registry, fmt};

pub use redact::Redacting;
pub use rotate::{Rotating, files};

use super::Home;
use crate::model::fault::Fault;
use crate::vault::disk;

/// The variable with the filter, such as `debug` or `itsmc::sync=trace`.
pub const VARIABLE: &str = "ITSMC_LOG";

const MOST_BYTES: u64 = 4 * 1024 * 1024;
const KEEP: usize = 5;

// Their debug output carries requests, headers and key material as they are.
const QUIET: [&str; 13] = [
    "azure_core",
    "azure_identity",
    "typespec",
    "typespec_client_core",
    "reqwest",
    "hyper",
    "hyper_util",
    "h2",
    "rustls",
    "rustls_platform_verifier",
    "tokio_rustls",
    "tungstenite",
    "age",
];

/// Starts the log of this process. Call it once; a second call changes nothing.
///
/// # Errors
/// When the log cannot be written.
pub fn start(home: &Home) -> Result<(), Fault> {
    disk::private_dir(&home.log_dir())?;
    let file = Rotating::open(home.log_file(), MOST_BYTES, KEEP)?;
    let wanted = std::env::var(VARIABLE).unwrap_or_default();
    if tracing::subscriber::set_global_default(subscriber(file, &wanted)).is_err() {
        tracing::debug!("the log runs already");
    }
    Ok(())
}

/// A subscriber that writes to `file` what the filter wants: `info` where it says nothing, and no more than
/// warnings from the crates that would print requests, whatever it says.
pub fn subscriber(file: Rotating, wanted: &str) -> impl tracing::Subscriber + Send + Sync + use<> {
    let cap = filter_fn(|metadata| *metadata.level() <= Level::WARN || !is_quiet(metadata.target()));
    let lines = fmt::layer().with_ansi(false).log_internal_errors(false).with_writer(Redacting::new(file));
    Registry::default().with(filter(wanted)).with(cap).with(lines)
}

/// The levels that `wanted` names, such as `debug` or `itsmc::sync=trace,warn`. What cannot be read is left out: a typing error in the
/// environment must not stop a sync. A folder is found in whichever crate it lies.
fn filter(wanted: &str) -> Targets {
    let directives = wanted.split(',').map(str::trim).filter(|directive| !directive.is_empty());
    let in_core = |directive: &str| directive.strip_prefix("itsmc::").map(|folder| format!("itsmc_core::{folder}"));
    let directives = directives.flat_map(|directive| [in_core(directive), Some(directive.to_owned())]).flatten();
    let directives = directives.filter_map(|directive| directive.parse::<Targets>().ok());
    directives.fold(Targets::new().with_default(LevelFilter::INFO), |filter, directive| {
        let level = directive.default_level();
        let filter = filter.with_targets(directive);
        match level {
            Some(level) => filter.with_default(level),
            None => filter,
        }
    })
}

fn is_quiet(target: &str) -> bool {
    let name = target.split("::").next().unwrap_or(target);
    QUIET.contains(&name)
}

#[cfg(test)]
mod tests;
