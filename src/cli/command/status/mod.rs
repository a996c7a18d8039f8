//! `itsmc status`: how connections, workspaces and alerts stand, for people, scripts and monitoring.

mod alerts;
mod connections;
mod workspaces;

use jiff::Timestamp;
use serde_json::json;

use crate::cli::age::Age;
use crate::cli::context::Context;
use crate::cli::output::fault_lines;
use crate::model::fault::Fault;
use crate::model::unlisted::Unlisted;
use crate::service::{self, sending};
use crate::texts::{cli as words, unlisted as lost_words};

/// What monitoring is told by the exit code. The later ones take precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Code {
    /// All is well.
    Fine,
    /// Something is wrong, or should be looked at.
    Findings,
    /// Something was not done for too long.
    Stale,
    /// A connection is signed out: nothing else gets better before someone signs in.
    SignedOut,
}

impl Code {
    fn exit_code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Findings => 8,
            Self::Stale => 9,
            Self::SignedOut => 3,
        }
    }
}

/// Prints the state of every connection, of every workspace, and of the alerts where they are used. With `check`,
/// the exit code tells findings (8), what is too old (9) and a connection that is signed out (3).
///
/// # Errors
/// When the config file or the store cannot be read.
pub async fn run(context: &Context, check: bool, max_age: Age) -> Result<u8, Fault> {
    let now = Timestamp::now();
    let (lang, services) = (context.output.lang, &context.services);
    let mut all = Vec::new();
    for connection in services.config().await?.connections {
        let summary = services.summary(&connection, now).await?;
        all.push((connection, summary));
    }
    let lost = service::unlisted::all(services).await?;
    let sent = sending::standing(services).await?;
    let seen = service::alerts::standing(services).await?;
    let alerted = seen.is_used();
    let told = json!({
        "connections": all.iter().map(|(one, summary)| connections::json_row(lang, one, summary, now)).collect::<Vec<_>>(),
        "unlisted": names(&lost, |one| matches!(one, Unlisted::Connection(_))),
        "unlisted_workspaces": names(&lost, |one| matches!(one, Unlisted::Workspace(_))),
        "unlisted_sources": names(&lost, |one| matches!(one, Unlisted::Source(_))),
        "workspaces": sent.iter().map(|one| workspaces::json_row(lang, one, now)).collect::<Vec<_>>(),
        "alerts": alerted.then(|| alerts::json(lang, &seen, now)),
    });
    context.output.result(&told, || {
        let mut lines = connections::lines(lang, &all, now);
        lines.extend(unlisted(context, &lost));
        lines.extend(sent.iter().flat_map(|one| workspaces::lines(lang, one, now)));
        lines.extend(alerts::lines(lang, &seen, now).into_iter().filter(|_| alerted));
        lines
    })?;
    if !check {
        return Ok(0);
    }
    let mut codes = connections::verdict(context, &all, max_age, now);
    codes.extend(lost.iter().map(|_| Code::Findings));
    codes.extend(workspaces::verdict(context, &sent, max_age, now));
    if alerted {
        codes.extend(alerts::verdict(context, &seen, max_age, now));
    }
    if let Err(fault) = services.home.check_room().and_then(|()| services.home.check_writable()) {
        // What fails for that reason cannot be noted, so that everything looks as it was.
        fault_lines(lang, &fault).iter().for_each(|line| context.output.say(line));
        codes.push(Code::Findings);
    }
    if all.is_empty() && sent.is_empty() && !alerted {
        // Monitoring that runs as another user, or with another folder, would be told that all is well.
        context.output.say(&words::nothing_to_check(lang, &services.home.config_file().display().to_string()));
        codes.push(Code::Findings);
    }
    Ok(codes.into_iter().max().unwrap_or(Code::Fine).exit_code())
}

fn names(lost: &[Unlisted], is_meant: fn(&Unlisted) -> bool) -> Vec<&str> {
    lost.iter().filter(|one| is_meant(one)).map(Unlisted::name).collect()
}

/// What the config file lost, for people.
pub fn unlisted(context: &Context, lost: &[Unlisted]) -> Vec<String> {
    let (lang, path) = (context.output.lang, context.services.home.config_file().display().to_string());
    let told = |one: &Unlisted| {
        [format!("▲ {}", lost_words::summary(lang, one)), format!("  → {}", lost_words::remedy(lang, one, &path))]
    };
    lost.iter().flat_map(told).collect()
}
