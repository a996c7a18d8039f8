//! `itsmc alert ..`.

mod listed;
mod preview;
mod rule;
mod rules;
pub mod source;
mod told;

use std::path::Path;

use serde_json::json;

use crate::cli::alert_args::AlertCommand;
use crate::cli::command::ticket;
use crate::cli::context::Context;
use crate::cli::signals;
use crate::model::encoding::decode;
use crate::model::fault::Fault;
use crate::service::alerts;
use crate::service::ticketing::TicketReport;
use crate::texts::alert as words;

/// Complete, with findings.
const FINDINGS: u8 = 8;

/// The most that a file of alerts may measure, in bytes: 10,000 alerts have about 40 MB.
const LIMIT: u64 = 256 << 20;

/// Runs one of the commands.
///
/// # Errors
/// As each of them.
pub async fn run(context: &Context, command: AlertCommand) -> Result<u8, Fault> {
    match command {
        AlertCommand::Source(command) => source::run(context, command).await,
        AlertCommand::Rule(command) => rule::run(context, command).await,
        AlertCommand::Poll { names } => poll(context, &names).await,
        AlertCommand::Import { file, store_only } => import(context, &file, store_only).await,
        AlertCommand::Rules { template } => rules::show(context, template).await,
        AlertCommand::Check { file } => rules::check(context, file).await,
        AlertCommand::Preview { last, file, rule, tickets } => {
            preview::run(context, last, file.as_deref(), rule, tickets).await
        }
        AlertCommand::List { last, outcome, rule, fired, limit } => {
            listed::list(context, last, (outcome, rule, fired), limit).await
        }
        AlertCommand::Show { alert, raw } => listed::show(context, &alert, raw).await,
        AlertCommand::Retry { alerts } => listed::retry(context, &alerts).await,
        AlertCommand::Ignore { alerts } => listed::ignore(context, &alerts).await,
        AlertCommand::ImportActions { source, connection, out } => {
            rules::import_actions(context, &source, connection.as_deref(), out.as_deref()).await
        }
    }
}

async fn poll(context: &Context, names: &[String]) -> Result<u8, Fault> {
    let lang = context.output.lang;
    let services = &context.services;
    if names.is_empty() && services.config().await?.alert_sources.is_empty() {
        context.output.say(words::no_sources(lang));
    }
    let reports = alerts::poll(services, names, &context.cancel).await?;
    let pass = alerts::decide(&context.services).await?;
    let tickets = ticket::carry_out(context).await?;
    let acknowledged = alerts::acknowledge(services, &context.cancel).await?;
    let unseen = alerts::unseen_ends(services).await?;
    let document = json!({
        "sources": reports,
        "decided": told::pass(&pass),
        "tickets": tickets.iter().map(|one| ticket::tell(lang, one)).collect::<Vec<_>>(),
        "acknowledged": acknowledged,
        "ends_that_cannot_be_seen": unseen,
    });
    context.output.result(&document, || {
        let mut lines = Vec::new();
        for report in &reports {
            lines.extend(told::report(lang, report));
        }
        lines.extend(told::pass_lines(lang, &pass));
        lines.extend(tickets.iter().flat_map(|one| ticket::report_lines(lang, one)));
        lines.extend(acknowledged.iter().flat_map(|one| told::acknowledged(lang, one)));
        if unseen > 0 {
            lines.push(format!("▲ {}", words::unseen(lang, unseen)));
        }
        lines
    })?;
    let failed = reports.iter().find_map(|report| report.fault.clone());
    let missed = reports.iter().any(|report| !report.missed.is_empty());
    let noticed = reports.is_empty()
        || told::is_wrong(&pass)
        || unseen > 0
        || missed
        || acknowledged.iter().any(|one| one.fault.is_some());
    Ok(match failed {
        Some(fault) if reports.iter().all(|report| report.fault.is_some()) => fault.exit_code(),
        Some(_) => FINDINGS,
        None if noticed => FINDINGS,
        None => written(&tickets),
    })
}

/// The exit code of what was written: that of a fault that stopped it everywhere, else of what was noticed.
fn written(tickets: &[TicketReport]) -> u8 {
    let codes = || tickets.iter().map(ticket::exit_code);
    match codes().max() {
        Some(worst) if worst > 0 && codes().any(|code| code == 0) => FINDINGS,
        worst => worst.unwrap_or(0),
    }
}

async fn import(context: &Context, file: &Path, store_only: bool) -> Result<u8, Fault> {
    let lang = context.output.lang;
    let text = alerts_in(context, file)?;
    let taken = alerts::import(&context.services, &text).await?;
    let pass = if store_only { None } else { Some(alerts::decide(&context.services).await?) };
    let tickets = if store_only { Vec::new() } else { ticket::carry_out(context).await? };
    let document = json!({
        "new": taken.new, "changed": taken.changed, "same": taken.same, "decided": pass.as_ref().map(told::pass),
        "tickets": tickets.iter().map(|one| ticket::tell(lang, one)).collect::<Vec<_>>(),
    });
    context.output.result(&document, || {
        let mut lines = vec![format!("✓ {}", words::taken(lang, taken.new, taken.changed, taken.same))];
        lines.extend(pass.iter().flat_map(|pass| told::pass_lines(lang, pass)));
        lines.extend(tickets.iter().flat_map(|one| ticket::report_lines(lang, one)));
        lines
    })?;
    Ok(if pass.as_ref().is_some_and(told::is_wrong) { FINDINGS } else { written(&tickets) })
}

/// The text of a file of alerts, or of stdin.
fn alerts_in(context: &Context, path: &Path) -> Result<String, Fault> {
    let lang = context.output.lang;
    let shown = crate::model::clean::clean(&path.display().to_string(), false);
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        signals::read_stdin(LIMIT, &mut bytes)?;
    } else {
        let none = || Fault::BadUsage { what: crate::texts::command::no_such_file(lang, &shown) };
        bytes = crate::files::read_named(path, LIMIT)?.ok_or_else(none)?.to_vec();
    }
    if bytes.len() as u64 >= LIMIT {
        return Err(Fault::FileProblem { path: shown, reason: "larger than 256 MiB".to_owned() });
    }
    decode(&bytes).map_err(|not_text| Fault::FileProblem { path: shown, reason: not_text.reason() })
}
