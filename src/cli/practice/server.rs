//! `itsmc practice`: one practice server in the foreground.

use itsmc_practice::{AZURE, PRODUCTS, PracticeError, Product, Running, Start};
use tokio_util::sync::CancellationToken;

use crate::cli::args::PracticeArgs;
use crate::cli::output::Output;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::texts::cli as words;

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
    let ids = || PRODUCTS.iter().chain([&AZURE]).map(|product| product.id).collect::<Vec<_>>().join(", ");
    let unknown = || Fault::BadUsage { what: words::unknown_partner(output.lang, partner, &ids()) };
    let product = Product::find(partner).ok_or_else(unknown)?;
    let server = start(output.lang, product, bare, args).await?;
    output.line(&server.sign_in().line())?;
    cancel.cancelled().await;
    server.stop().await;
    Ok(0)
}

/// Starts the server of a product; `bare` leaves it unprepared.
///
/// # Errors
/// For a layout the product does not have, a port that is taken, or a log that cannot be read.
pub async fn start(lang: Lang, product: &Product, bare: bool, args: &PracticeArgs) -> Result<Running, Fault> {
    start_with(lang, product, (bare, false), args).await
}

/// The same with rows that come as people open them, for the demo.
///
/// # Errors
/// As [`start`].
pub async fn start_lifelike(lang: Lang, product: &Product, args: &PracticeArgs) -> Result<Running, Fault> {
    start_with(lang, product, (false, true), args).await
}

async fn start_with(
    lang: Lang,
    product: &Product,
    (bare, lifelike): (bool, bool),
    args: &PracticeArgs,
) -> Result<Running, Fault> {
    let layouts = (product.layouts)();
    let layout = args.layout.clone().filter(|_| !layouts.is_empty());
    if layout.as_deref().is_some_and(|layout| !layouts.contains(&layout)) {
        return Err(Fault::BadUsage { what: words::unknown_layout(lang, &layouts.join(", ")) });
    }
    let PracticeArgs { port, incident_log, rows, speed, .. } = args.clone();
    // Where the demo shows a cloud, alerts come and go in it.
    let alert_speed = if lifelike { speed } else { 0.0 };
    product.start(Start { port, incident_log, rows, speed, layout, lifelike, bare, alert_speed }).await.map_err(unfit)
}

fn unfit(error: PracticeError) -> Fault {
    Fault::BadUsage { what: error.to_string() }
}
