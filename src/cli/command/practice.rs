//! `itsmc practice`: one practice partner server in the foreground.

use tokio_util::sync::CancellationToken;

use crate::cli::args::PracticeArgs;
use crate::cli::output::Output;
use crate::model::fault::Fault;
use crate::practice::servicenow::{Options, Server};
use crate::texts::cli as words;

/// The partners that can be practised.
const PARTNERS: [&str; 1] = ["servicenow"];

/// Starts the server, prints its address and sign-in details as one line of JSON, and serves until it is stopped.
///
/// # Errors
/// For a partner that has no practice server, a port that is taken, or a log that cannot be read.
pub async fn run(
    output: Output,
    partner: &str,
    bare: bool,
    args: &PracticeArgs,
    cancel: &CancellationToken,
) -> Result<u8, Fault> {
    if !PARTNERS.contains(&partner) {
        return Err(Fault::BadUsage { what: words::unknown_partner(output.lang, partner, &PARTNERS.join(", ")) });
    }
    let base = if bare { Options::bare() } else { Options::default() };
    let server = start_with(args, base).await?;
    let details =
        serde_json::to_string(server.sign_in()).map_err(|error| Fault::Internal { what: error.to_string() })?;
    output.line(&details)?;
    cancel.cancelled().await;
    server.stop().await;
    Ok(0)
}

/// Starts a practice server.
///
/// # Errors
/// A port that is taken, or a log that cannot be read.
pub async fn start(args: &PracticeArgs) -> Result<Server, Fault> {
    start_with(args, Options::default()).await
}

async fn start_with(args: &PracticeArgs, base: Options) -> Result<Server, Fault> {
    let options = Options {
        port: args.port,
        incident_log: args.incident_log.clone(),
        rows: args.rows,
        speed: args.speed,
        ..base
    };
    Server::start(options).await.map_err(|error| Fault::BadUsage { what: error.to_string() })
}
