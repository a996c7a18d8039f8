//! `itsmc practice`: one practice partner server in the foreground.

use tokio_util::sync::CancellationToken;

use crate::cli::args::PracticeArgs;
use crate::cli::output::Output;
use crate::model::fault::Fault;
use crate::practice::service_manager;
use crate::practice::servicenow::{Options, Server};
use crate::practice::{PracticeError, SignInDetails};
use crate::texts::cli as words;

/// The partners that can be practised.
const PARTNERS: [&str; 2] = ["servicenow", "service-manager"];

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
    match partner {
        "servicenow" => {
            let base = if bare { Options::bare() } else { Options::default() };
            let server = start_with(args, base).await?;
            serve(output, server.sign_in(), cancel).await?;
            server.stop().await;
        }
        "service-manager" => {
            let server = service_manager::Server::start(web_app(output, args)?).await.map_err(unfit)?;
            serve(output, server.sign_in(), cancel).await?;
            server.stop().await;
        }
        _ => return Err(Fault::BadUsage { what: words::unknown_partner(output.lang, partner, &PARTNERS.join(", ")) }),
    }
    Ok(0)
}

/// Prints how to reach a server, and waits until it is to be stopped.
async fn serve(output: Output, details: &SignInDetails, cancel: &CancellationToken) -> Result<(), Fault> {
    let details = serde_json::to_string(details).map_err(|error| Fault::Internal { what: error.to_string() })?;
    output.line(&details)?;
    cancel.cancelled().await;
    Ok(())
}

fn unfit(error: PracticeError) -> Fault {
    Fault::BadUsage { what: error.to_string() }
}

/// The options of Service Manager's web app.
fn web_app(output: Output, args: &PracticeArgs) -> Result<service_manager::Options, Fault> {
    let layouts = service_manager::Layout::ALL.map(service_manager::Layout::id).join(", ");
    let unknown = || Fault::BadUsage { what: words::unknown_layout(output.lang, &layouts) };
    let layout = match &args.layout {
        None => service_manager::Layout::Tables,
        Some(id) => service_manager::Layout::from_id(id).ok_or_else(unknown)?,
    };
    let base = service_manager::Options::default();
    Ok(service_manager::Options { port: args.port, layout, rows: args.rows, speed: args.speed, ..base })
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
    Server::start(options).await.map_err(unfit)
}
