//! `itsmc practice`: one practice partner server in the foreground.

use tokio_util::sync::CancellationToken;

use crate::cli::args::PracticeArgs;
use crate::cli::output::Output;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::texts::cli as words;
use itsmc_practice::{PracticeError, SignInDetails, cherwell, provance, service_manager, servicenow};

/// The partners that can be practised.
pub const PARTNERS: [&str; 4] = ["servicenow", "service-manager", "provance", "cherwell"];

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
    let server = Running::start(output.lang, partner, bare, args).await?;
    output.line(&server.sign_in().line())?;
    cancel.cancelled().await;
    server.stop().await;
    Ok(0)
}

/// A practice server that runs, of any partner.
pub enum Running {
    /// ServiceNow.
    ServiceNow(servicenow::Server),
    /// Service Manager's web app.
    ServiceManager(service_manager::Server),
    /// Provance on Dataverse.
    Provance(provance::Server),
    /// Cherwell.
    Cherwell(cherwell::Server),
}

impl Running {
    /// Starts the server of a partner; `bare` leaves it as nobody has prepared it.
    ///
    /// # Errors
    /// For a partner that has no practice server, a port that is taken, or a log that cannot be read.
    pub async fn start(lang: Lang, partner: &str, bare: bool, args: &PracticeArgs) -> Result<Self, Fault> {
        match partner {
            "servicenow" => {
                let started = servicenow::Server::start(instance(bare, args)).await;
                started.map(Self::ServiceNow).map_err(unfit)
            }
            "service-manager" => {
                let started = service_manager::Server::start(web_app(lang, args)?).await;
                started.map(Self::ServiceManager).map_err(unfit)
            }
            "provance" => {
                let started = provance::Server::start(environment(lang, args)?).await;
                started.map(Self::Provance).map_err(unfit)
            }
            "cherwell" => {
                let base = cherwell::Options::default();
                let options = cherwell::Options { port: args.port, rows: args.rows, speed: args.speed, ..base };
                cherwell::Server::start(options).await.map(Self::Cherwell).map_err(unfit)
            }
            _ => Err(Fault::BadUsage { what: words::unknown_partner(lang, partner, &PARTNERS.join(", ")) }),
        }
    }

    /// How to sign in.
    pub fn sign_in(&self) -> &SignInDetails {
        match self {
            Self::ServiceNow(server) => server.sign_in(),
            Self::ServiceManager(server) => server.sign_in(),
            Self::Provance(server) => server.sign_in(),
            Self::Cherwell(server) => server.sign_in(),
        }
    }

    /// Stops it and waits until its port is free again.
    pub async fn stop(self) {
        match self {
            Self::ServiceNow(server) => server.stop().await,
            Self::ServiceManager(server) => server.stop().await,
            Self::Provance(server) => server.stop().await,
            Self::Cherwell(server) => server.stop().await,
        }
    }
}

fn instance(bare: bool, args: &PracticeArgs) -> servicenow::Options {
    let base = if bare { servicenow::Options::bare() } else { servicenow::Options::default() };
    servicenow::Options {
        port: args.port,
        incident_log: args.incident_log.clone(),
        rows: args.rows,
        speed: args.speed,
        ..base
    }
}

fn web_app(lang: Lang, args: &PracticeArgs) -> Result<service_manager::Options, Fault> {
    let layouts = service_manager::Layout::ALL.map(service_manager::Layout::id).join(", ");
    let unknown = || Fault::BadUsage { what: words::unknown_layout(lang, &layouts) };
    let layout = match &args.layout {
        None => service_manager::Layout::Tables,
        Some(id) => service_manager::Layout::from_id(id).ok_or_else(unknown)?,
    };
    let base = service_manager::Options::default();
    Ok(service_manager::Options { port: args.port, layout, rows: args.rows, speed: args.speed, ..base })
}

fn environment(lang: Lang, args: &PracticeArgs) -> Result<provance::Options, Fault> {
    let layouts = provance::Layout::ALL.map(provance::Layout::id).join(", ");
    let unknown = || Fault::BadUsage { what: words::unknown_layout(lang, &layouts) };
    let layout = match &args.layout {
        None => provance::Layout::Own,
        Some(id) => provance::Layout::from_id(id).ok_or_else(unknown)?,
    };
    let base = provance::Options::default();
    Ok(provance::Options { port: args.port, layout, rows: args.rows, speed: args.speed, ..base })
}

fn unfit(error: PracticeError) -> Fault {
    Fault::BadUsage { what: error.to_string() }
}
