//! `itsmc practice`: one practice partner server in the foreground.

use tokio_util::sync::CancellationToken;

use crate::cli::args::PracticeArgs;
use crate::cli::output::Output;
use crate::model::fault::Fault;
use crate::practice::servicenow::{Options, Server};
use crate::practice::{SignInDetails, cherwell};
use crate::texts::cli as words;

/// The partners that can be practised.
const PARTNERS: [&str; 2] = ["servicenow", "cherwell"];

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
    if partner == "cherwell" {
        let server = start_cherwell(args).await?;
        serve(output, server.sign_in(), cancel).await?;
        server.stop().await;
        return Ok(0);
    }
    let base = if bare { Options::bare() } else { Options::default() };
    let server = start_with(args, base).await?;
    serve(output, server.sign_in(), cancel).await?;
    server.stop().await;
    Ok(0)
}

/// Tells how to sign in, and waits.
async fn serve(output: Output, details: &SignInDetails, cancel: &CancellationToken) -> Result<(), Fault> {
    output.line(&details.line())?;
    cancel.cancelled().await;
    Ok(())
}

async fn start_cherwell(args: &PracticeArgs) -> Result<cherwell::Server, Fault> {
    let base = cherwell::Options::default();
    let options = cherwell::Options { port: args.port, rows: args.rows, speed: args.speed, ..base };
    cherwell::Server::start(options).await.map_err(|error| Fault::BadUsage { what: error.to_string() })
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
